package drawing

import (
	"hash/fnv"
	"image"
	"image/draw"
	"math"
	"math/rand/v2"

	"golang.org/x/image/vector"
)

// The size of every demo picture, in pixels: 16 to 9, twice the width of a phone's column.
const (
	pictureWidth  = 1200
	pictureHeight = 675
)

// A pt is a place on the picture, in pixels from its top left corner.
type pt struct{ x, y float64 }

// An outline is a set of closed polygons that are filled as one shape.
type outline [][]pt

// A sketch is a picture being painted. It is opaque from the first fill of its whole area on.
type sketch struct {
	img  *image.RGBA
	ras  *vector.Rasterizer
	mask *image.Alpha
	rnd  *rand.Rand

	// Where the local coordinates of the object being drawn lie on the picture.
	ox, oy, kx, ky float64
}

// newSketch gives an empty picture whose random numbers depend on the name alone.
func newSketch(name string) *sketch {
	h := fnv.New64a()
	h.Write([]byte(name)) // an FNV hash accepts every write
	return &sketch{
		img:  image.NewRGBA(image.Rect(0, 0, pictureWidth, pictureHeight)),
		ras:  vector.NewRasterizer(pictureWidth, pictureHeight),
		mask: image.NewAlpha(image.Rect(0, 0, pictureWidth, pictureHeight)),
		rnd:  rand.New(rand.NewPCG(h.Sum64(), 1975)),
		kx:   1, ky: 1,
	}
}

// place moves and scales what is drawn next and returns the way back, to be deferred.
// A negative k mirrors the object left to right.
func (s *sketch) place(x, y, k float64) func() {
	ox, oy, kx, ky := s.ox, s.oy, s.kx, s.ky
	s.ox, s.oy = ox+kx*x, oy+ky*y
	s.kx, s.ky = kx*k, ky*math.Abs(k)
	return func() { s.ox, s.oy, s.kx, s.ky = ox, oy, kx, ky }
}

// between gives a random number from a up to b.
func (s *sketch) between(a, b float64) float64 { return a + (b-a)*s.rnd.Float64() }

func (s *sketch) onPicture(p pt) pt { return pt{s.ox + s.kx*p.x, s.oy + s.ky*p.y} }

// fill paints the outline with the ink, edges smoothed.
func (s *sketch) fill(in ink, o outline) {
	moved := make(outline, len(o))
	for i, ring := range o {
		moved[i] = make([]pt, len(ring))
		for j, p := range ring {
			moved[i][j] = s.onPicture(p)
		}
	}
	box := moved.bounds().Intersect(s.img.Bounds())
	if box.Empty() {
		return
	}
	s.cover(moved, box)
	s.blend(in.placed(s), box)
}

// cover draws how much of each pixel of the box the outline covers into the mask.
func (s *sketch) cover(o outline, box image.Rectangle) {
	s.ras.Reset(box.Dx(), box.Dy())
	s.ras.DrawOp = draw.Src
	left, top := float64(box.Min.X), float64(box.Min.Y)
	for _, ring := range o {
		for i, p := range ring {
			x, y := float32(p.x-left), float32(p.y-top)
			if i == 0 {
				s.ras.MoveTo(x, y)
			} else {
				s.ras.LineTo(x, y)
			}
		}
		s.ras.ClosePath()
	}
	s.mask.Stride, s.mask.Rect = box.Dx(), image.Rect(0, 0, box.Dx(), box.Dy())
	s.ras.Draw(s.mask, s.mask.Rect, image.Opaque, image.Point{})
}

// blend lays the ink over the box as far as the mask covers it.
func (s *sketch) blend(in ink, box image.Rectangle) {
	for y := box.Min.Y; y < box.Max.Y; y++ {
		row := s.img.Pix[s.img.PixOffset(box.Min.X, y):]
		cover := s.mask.Pix[(y-box.Min.Y)*s.mask.Stride:][:box.Dx()]
		if in.even() {
			in.blendEvenRow(row, cover)
			continue
		}
		in.blendRow(row, cover, box.Min.X, y)
	}
}

func (o outline) bounds() image.Rectangle {
	x0, y0, x1, y1 := math.Inf(1), math.Inf(1), math.Inf(-1), math.Inf(-1)
	for _, ring := range o {
		for _, p := range ring {
			x0, y0 = min(x0, p.x), min(y0, p.y)
			x1, y1 = max(x1, p.x), max(y1, p.y)
		}
	}
	if x0 > x1 {
		return image.Rectangle{}
	}
	return image.Rect(int(math.Floor(x0)), int(math.Floor(y0)), int(math.Ceil(x1)), int(math.Ceil(y1)))
}

// glow adds a soft ellipse of light or shadow that is strongest in the middle.
func (s *sketch) glow(h hue, alpha, cx, cy, rx, ry float64) {
	c := s.onPicture(pt{cx, cy})
	rx, ry = rx*math.Abs(s.kx), ry*s.ky
	box := image.Rect(int(c.x-rx), int(c.y-ry), int(c.x+rx)+1, int(c.y+ry)+1).Intersect(s.img.Bounds())
	r, g, b := h.parts()
	for y := box.Min.Y; y < box.Max.Y; y++ {
		v := (float64(y) + 0.5 - c.y) / ry
		row := s.img.Pix[s.img.PixOffset(box.Min.X, y):]
		for i := range box.Dx() {
			u := (float64(box.Min.X+i) + 0.5 - c.x) / rx
			if d := 1 - u*u - v*v; d > 0 {
				lay(row[4*i:4*i+3:4*i+3], r<<8, g<<8, b<<8, int(alpha*d*d*65536), dither(box.Min.X+i, y))
			}
		}
	}
}

// shadow darkens the surroundings of a rounded box, fading over blur pixels.
func (s *sketch) shadow(alpha, x, y, w, h, radius, blur float64) {
	a, b := s.onPicture(pt{x, y}), s.onPicture(pt{x + w, y + h})
	mid := pt{(a.x + b.x) / 2, (a.y + b.y) / 2}
	hw, hh := math.Abs(b.x-a.x)/2-radius, math.Abs(b.y-a.y)/2-radius
	box := image.Rect(int(min(a.x, b.x)-blur), int(a.y-blur), int(max(a.x, b.x)+blur)+1, int(b.y+blur)+1).Intersect(s.img.Bounds())
	r, g, bl := inkBlue.parts()
	for py := box.Min.Y; py < box.Max.Y; py++ {
		row := s.img.Pix[s.img.PixOffset(box.Min.X, py):]
		dy := max(0, math.Abs(float64(py)+0.5-mid.y)-hh)
		for i := range box.Dx() {
			dx := max(0, math.Abs(float64(box.Min.X+i)+0.5-mid.x)-hw)
			t := 0.5 - (math.Sqrt(dx*dx+dy*dy)-radius)/(2*blur)
			if t > 0 {
				t = min(t, 1)
				lay(row[4*i:4*i+3:4*i+3], r<<8, g<<8, bl<<8, int(alpha*t*t*(3-2*t)*65536), dither(box.Min.X+i, py))
			}
		}
	}
}

// mirror shows what stands above the waterline y in the water below it, down to the bottom row,
// under a veil of the water's colour that thickens from near to far in alpha.
func (s *sketch) mirror(y, bottom int, water hue, near, far, ripple float64) {
	r, g, b := water.parts()
	for row := y; row < min(bottom, pictureHeight); row++ {
		depth := float64(row-y) / float64(bottom-y)
		from := max(0, 2*y-row-1+int(math.Round(math.Sin(float64(row)*0.9)*depth*3)))
		sway := int(math.Round(ripple * (0.3 + depth) * math.Sin(float64(row)*0.55+3*math.Sin(float64(row)*0.13))))
		veil := int((near + (far-near)*depth) * 65536)
		for x := range pictureWidth {
			src := s.img.PixOffset(min(max(x+sway, 0), pictureWidth-1), from)
			dst := s.img.PixOffset(x, row)
			copy(s.img.Pix[dst:dst+4], s.img.Pix[src:src+4])
			lay(s.img.Pix[dst:dst+3:dst+3], r<<8, g<<8, b<<8, veil, dither(x, row))
		}
	}
}
