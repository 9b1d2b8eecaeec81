package drawing

import "math"

// points reads coordinates as x, y, x, y …
func points(xy []float64) []pt {
	list := make([]pt, len(xy)/2)
	for i := range list {
		list[i] = pt{xy[2*i], xy[2*i+1]}
	}
	return list
}

// arc gives n+1 places on an ellipse from one angle to another, in turns of a circle, clockwise from the right.
func arc(cx, cy, rx, ry, from, to float64, n int) []pt {
	list := make([]pt, n+1)
	for i := range list {
		a := 2 * math.Pi * (from + (to-from)*float64(i)/float64(n))
		list[i] = pt{cx + rx*math.Cos(a), cy + ry*math.Sin(a)}
	}
	return list
}

// roundBox gives a box whose corners have the radius r.
func roundBox(x, y, w, h, r float64) []pt {
	r = min(r, w/2, h/2)
	ring := arc(x+w-r, y+r, r, r, 0.75, 1, 8)
	ring = append(ring, arc(x+w-r, y+h-r, r, r, 0, 0.25, 8)...)
	ring = append(ring, arc(x+r, y+h-r, r, r, 0.25, 0.5, 8)...)
	return append(ring, arc(x+r, y+r, r, r, 0.5, 0.75, 8)...)
}

// curved gives a soft line through all the places, closed or open (Catmull-Rom).
func curved(through []pt, closed bool) []pt {
	n := len(through)
	at := func(i int) pt {
		if closed {
			return through[(i+n)%n]
		}
		return through[min(max(i, 0), n-1)]
	}
	spans := n - 1
	if closed {
		spans = n
	}
	var list []pt
	for i := range spans {
		for k := range 12 {
			list = append(list, onCurve(at(i-1), at(i), at(i+1), at(i+2), float64(k)/12))
		}
	}
	if !closed {
		list = append(list, through[n-1])
	}
	return list
}

func onCurve(a, b, c, d pt, t float64) pt {
	along := func(a, b, c, d float64) float64 {
		return b + t/2*(c-a+t*(2*a-5*b+4*c-d+t*(3*(b-c)+d-a)))
	}
	return pt{along(a.x, b.x, c.x, d.x), along(a.y, b.y, c.y, d.y)}
}

// stroked gives a line of a width with round ends and joints.
func stroked(line []pt, width float64) outline {
	var o outline
	r := width / 2
	for i, p := range line {
		o = append(o, arc(p.x, p.y, r, r, 0, 1, 8+int(width/2)))
		if i == 0 {
			continue
		}
		q := line[i-1]
		length := math.Hypot(p.x-q.x, p.y-q.y)
		if length == 0 {
			continue
		}
		nx, ny := (p.y-q.y)/length*r, -(p.x-q.x)/length*r
		o = append(o, []pt{{q.x + nx, q.y + ny}, {p.x + nx, p.y + ny}, {p.x - nx, p.y - ny}, {q.x - nx, q.y - ny}})
	}
	return o
}

func (s *sketch) rect(in ink, x, y, w, h float64) {
	s.fill(in, outline{{{x, y}, {x + w, y}, {x + w, y + h}, {x, y + h}}})
}

func (s *sketch) round(in ink, x, y, w, h, r float64) { s.fill(in, outline{roundBox(x, y, w, h, r)}) }

func (s *sketch) oval(in ink, cx, cy, rx, ry float64) {
	s.fill(in, outline{arc(cx, cy, rx, ry, 0, 1, 16+int(math.Sqrt(max(rx, ry))*4))})
}

func (s *sketch) dot(in ink, cx, cy, r float64) { s.oval(in, cx, cy, r, r) }

// ring draws a circle of a line's width.
func (s *sketch) ring(in ink, cx, cy, r, width float64) {
	outer, inner := arc(cx, cy, r+width/2, r+width/2, 0, 1, 64), arc(cx, cy, r-width/2, r-width/2, 1, 0, 64)
	s.fill(in, outline{outer, inner})
}

func (s *sketch) poly(in ink, xy ...float64) { s.fill(in, outline{points(xy)}) }

// blob fills the soft closed curve through the places.
func (s *sketch) blob(in ink, xy ...float64) { s.fill(in, outline{curved(points(xy), true)}) }

func (s *sketch) line(in ink, width float64, xy ...float64) { s.fill(in, stroked(points(xy), width)) }

// bow draws the soft line through the places.
func (s *sketch) bow(in ink, width float64, xy ...float64) {
	s.fill(in, stroked(curved(points(xy), false), width))
}

// dashes draws a line in pieces of a length, with gaps of the same length.
func (s *sketch) dashes(in ink, width, length float64, line []pt) {
	var o outline
	walked := 0.0
	for i := 1; i < len(line); i++ {
		a, b := line[i-1], line[i]
		span := math.Hypot(b.x-a.x, b.y-a.y)
		for at := 0.0; at < span; at += 2 {
			if math.Mod(walked+at, 2*length) < length {
				t, u := at/span, min(at+2, span)/span
				piece := []pt{{a.x + (b.x-a.x)*t, a.y + (b.y-a.y)*t}, {a.x + (b.x-a.x)*u, a.y + (b.y-a.y)*u}}
				o = append(o, stroked(piece, width)...)
			}
		}
		walked += span
	}
	s.fill(in, o)
}

// backdrop fills the whole picture.
func (s *sketch) backdrop(in ink) { s.rect(in, 0, 0, pictureWidth, pictureHeight) }
