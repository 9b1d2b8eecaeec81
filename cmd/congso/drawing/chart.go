package drawing

import (
	"math"
	"strconv"
)

// The plot of a chart lies on a white card; these are the edges of its axes.
const (
	plotLeft   = 190.0
	plotRight  = 1080.0
	plotTop    = 200.0
	plotBottom = 540.0
)

// chartCard draws the table, the card and the round badge that the sign is drawn into.
func (s *sketch) chartCard(accent hue) {
	s.backdrop(accent.mix(inkPaper, 0.72).down(accent.mix(inkPaper, 0.5), 0, pictureHeight))
	s.oval(inkWhite.over(0.22), 1090, 40, 330, 300)
	s.oval(inkWhite.over(0.16), 40, 700, 380, 260)
	s.shadow(0.34, 64, 64, 1072, 572, 26, 30)
	s.round(inkWhite.down(inkPaper, 60, 640), 60, 48, 1080, 580, 26)
	s.round(accent.side(accent.mix(inkGold, 0.6), 190, 420), 190, 108, 210, 10, 5)
	s.round(inkSand.flat(), 190, 132, 330, 8, 4)
	s.dot(accent.over(0.14), 124, 122, 46)
	s.dot(accent.down(accent.mix(inkDark, 0.3), 86, 158), 124, 122, 37)
}

// axes draws the grid with its scale from 0 to the top value, in so many steps.
func (s *sketch) axes(top, steps int) {
	for i := range steps + 1 {
		y := plotBottom - (plotBottom-plotTop)*float64(i)/float64(steps)
		s.rect(inkStone.over(0.4), plotLeft, y-0.75, plotRight-plotLeft, 1.5)
		s.number(inkSlate.flat(), strconv.Itoa(top*i/steps), plotLeft-44, y-9, 18)
	}
	s.line(inkSlate.flat(), 3, plotLeft, plotBottom, plotRight, plotBottom)
}

// column gives the left edge of one of n columns and the room for it.
func column(i, n int) (x, room float64) {
	room = (plotRight - plotLeft - 20) / float64(n)
	return plotLeft + 10 + float64(i)*room, room
}

func plotY(value, top float64) float64 { return plotBottom - (plotBottom-plotTop)*value/top }

// bar draws a column with a round head that stands on the axis.
func (s *sketch) bar(h hue, x, y, w float64) {
	ring := append(roundBox(x, y, w, 40, 9)[:9], pt{x + w, plotBottom - 1.5}, pt{x, plotBottom - 1.5})
	ring = append(ring, arc(x+9, y+9, 9, 9, 0.5, 0.75, 8)...)
	s.fill(h.mix(inkWhite, 0.16).down(h, y, plotBottom), outline{ring})
	s.rect(inkWhite.over(0.18), x, y+9, w*0.22, plotBottom-y-10.5)
}

// trend draws a line through the values with dots on it, over a fading ground.
func (s *sketch) trend(h hue, line []pt, dots bool) {
	path := curved(line, false)
	ground := append(append([]pt{}, path...), pt{path[len(path)-1].x, plotBottom}, pt{path[0].x, plotBottom})
	s.fill(h.down(h, plotTop, plotBottom).fade(0.42, 0.02), outline{ground})
	s.fill(h.flat(), stroked(path, 6))
	for _, p := range line {
		if dots {
			s.dot(inkWhite.flat(), p.x, p.y, 10)
			s.ring(h.flat(), p.x, p.y, 9, 5)
		}
	}
}

func (s *sketch) chartOnlineFiles() {
	s.chartCard(inkBlue)
	s.signDocument(124, 122, 40, inkWhite)
	s.axes(80, 4)
	values := []float64{38, 40.5, 41, 45, 47.2, 52, 53.1, 57, 60.4, 62, 67.3, 71.5}
	var heads []pt
	for i, v := range values {
		x, room := column(i, len(values))
		y := plotY(v, 80)
		shade := inkBlue.mix(inkWater, 0.65-0.65*float64(i)/11)
		if i == 11 {
			shade = inkRed
		}
		s.bar(shade, x+room*0.2, y, room*0.6)
		s.number(inkSlate.flat(), strconv.Itoa(i+1), x+room/2, plotBottom+18, 18)
		heads = append(heads, pt{x + room/2, y - 22})
	}
	s.dashes(inkGold.flat(), 5, 12, curved(heads[:11], false))
	s.poly(inkGold.flat(), 1002, 206, 973, 213, 990, 234)
}

func (s *sketch) chartHandlingTime() {
	s.chartCard(inkForest)
	s.ring(inkWhite.flat(), 124, 122, 20, 4)
	s.line(inkWhite.flat(), 4, 124, 109, 124, 122, 133, 127)
	s.axes(8, 4)
	values := []float64{7.3, 7.1, 6.4, 6.5, 5.9, 5.2, 5.3, 4.6, 4.1, 3.9, 3.3, 2.9}
	var line []pt
	for i, v := range values {
		x, room := column(i, len(values))
		line = append(line, pt{x + room/2, plotY(v, 8)})
		s.number(inkSlate.flat(), strconv.Itoa(i+1), x+room/2, plotBottom+18, 18)
	}
	s.rect(inkLeaf.over(0.12), plotLeft, plotY(4, 8), plotRight-plotLeft, plotBottom-plotY(4, 8)-1.5)
	s.dashes(inkGold.flat(), 4, 11, []pt{{plotLeft, plotY(4, 8)}, {plotRight, plotY(4, 8)}})
	s.trend(inkForest, line, true)
	last := line[len(line)-1]
	s.dot(inkRed.over(0.18), last.x, last.y, 24)
	s.dot(inkRed.flat(), last.x, last.y, 12)
}

func (s *sketch) chartSatisfaction() {
	s.chartCard(inkRed)
	s.face(124, 122, 26, inkWhite, inkRed, 1)
	s.donut(390, 385, 142, 62, 0.93)
	s.number(inkRed.flat(), "93%", 386, 350, 70)
	shares := []float64{0.68, 0.25, 0.04, 0.02, 0.01}
	moods := []float64{1, 0.6, 0, -0.6, -1}
	tints := []hue{inkForest, inkLeaf, inkGold, inkClay, inkRed}
	for i, share := range shares {
		y := 246 + float64(i)*70
		s.face(690, y, 24, tints[i], inkWhite, moods[i])
		s.round(inkSand.flat(), 740, y-11, 330, 22, 11)
		s.round(tints[i].side(tints[i].mix(inkWhite, 0.25), 740, 1070), 740, y-11, max(22, 330*share/0.7), 22, 11)
	}
}

// donut draws a ring of which the share is coloured, from the top clockwise.
func (s *sketch) donut(x, y, r, width, share float64) {
	s.shadow(0.2, x-r-width/2, y-r-width/2+10, 2*r+width, 2*r+width, r+width/2, 16)
	s.dot(inkWhite.flat(), x, y, r+width/2)
	s.fill(inkRed.down(inkClay, y-r, y+2.6*r), ringPiece(x, y, r, width, 0, share))
	s.fill(inkGold.flat(), ringPiece(x, y, r, width*0.72, share+0.008, 0.992))
	s.ring(inkSand.over(0.8), x, y, r-width/2-9, 3)
}

// ringPiece gives the part of a ring from one share of it to another, from the top clockwise.
func ringPiece(x, y, r, width, from, to float64) outline {
	outer := arc(x, y, r+width/2, r+width/2, from-0.25, to-0.25, 96)
	inner := arc(x, y, r-width/2, r-width/2, to-0.25, from-0.25, 96)
	return outline{append(outer, inner...)}
}

// face draws a round face; the mood goes from -1, sad, to 1, glad.
func (s *sketch) face(x, y, r float64, skin, line hue, mood float64) {
	s.dot(skin.flat(), x, y, r)
	s.dot(line.flat(), x-r*0.34, y-r*0.2, r*0.12)
	s.dot(line.flat(), x+r*0.34, y-r*0.2, r*0.12)
	m := y + r*0.36
	s.bow(line.flat(), r*0.13, x-r*0.42, m-mood*r*0.16, x, m+mood*r*0.16, x+r*0.42, m-mood*r*0.16)
}

func (s *sketch) chartCourses() {
	s.chartCard(inkGold.mix(inkWood, 0.35))
	s.signBook(124, 122, 24)
	s.axes(16, 4)
	rooms := []float64{7, 9, 8, 11, 9, 10, 9, 12}
	online := []float64{2, 2, 3, 3, 4, 5, 9, 13}
	for i := range rooms {
		x, room := column(i, len(rooms))
		s.bar(inkBlue, x+room*0.16, plotY(rooms[i], 16), room*0.32)
		s.bar(inkClay, x+room*0.52, plotY(online[i], 16), room*0.32)
		s.number(inkSlate.flat(), strconv.Itoa(i%4+1), x+room/2, plotBottom+18, 18)
	}
	mid, _ := column(4, 8)
	s.dashes(inkStone.flat(), 3, 8, []pt{{mid, plotTop - 20}, {mid, plotBottom + 44}})
	s.round(inkBlue.flat(), 880, 108, 26, 26, 7)
	s.person(938, 140, 46, inkBlue, inkBlue)
	s.round(inkClay.flat(), 994, 108, 26, 26, 7)
	s.round(inkClay.flat(), 1034, 100, 50, 34, 5)
	s.round(inkWhite.flat(), 1039, 105, 40, 24, 2)
	s.rect(inkClay.flat(), 1055, 132, 8, 8)
	s.round(inkClay.flat(), 1044, 138, 30, 5, 2.5)
}

func (s *sketch) chartVisits() {
	s.chartCard(inkWater.mix(inkBlue, 0.35))
	s.ring(inkWhite.flat(), 124, 122, 20, 3.5)
	s.fill(inkWhite.flat(), stroked(arc(124, 122, 9, 20, 0, 1, 24), 3))
	s.line(inkWhite.flat(), 3, 104, 122, 144, 122)
	s.axes(6000, 3)
	step := (plotRight - plotLeft) / 27
	var now, before []pt
	for day := range 28 {
		x := plotLeft + float64(day)*step
		v := []float64{5000, 4600, 4300, 4050, 3700, 1900, 1550}[day%7]
		drift := 260*math.Sin(float64(day)*0.9) + 14*float64(day)
		now = append(now, pt{x, plotY(v+drift, 6000)})
		before = append(before, pt{x, plotY(v*0.74-drift*0.5, 6000)})
		if day%7 == 5 {
			s.round(inkSky.over(0.32), x-step*0.45, plotTop-18, step*1.9, plotBottom-plotTop+16, 8)
		}
		if day%7 == 0 {
			s.number(inkSlate.flat(), strconv.Itoa(day+1), x+4, plotBottom+18, 18)
		}
	}
	s.fill(inkStone.flat(), stroked(curved(before, false), 3.5))
	s.trend(inkBlue, now, false)
	for i := 0; i < 28; i += 7 {
		s.dot(inkWhite.flat(), now[i].x, now[i].y, 11)
		s.dot(inkRed.flat(), now[i].x, now[i].y, 8)
	}
}

func (s *sketch) chartCriteria() {
	s.chartCard(inkSlate)
	for i, h := range []float64{18, 30, 24} {
		s.round(inkWhite.flat(), 106+float64(i)*13, 138-h, 9, h, 3)
	}
	s.axes(100, 4)
	tints := []hue{inkBlue, inkWater, inkGold, inkRed}
	parts := [][]float64{{30, 22, 18, 8}, {34, 25, 14, 10}, {28, 30, 20, 12}, {40, 20, 16, 9}, {36, 28, 17, 13}, {32, 26, 22, 7}, {42, 27, 15, 11}}
	for i, column4 := range parts {
		x, room := column(i, len(parts))
		s.stack(tints, column4, x+room*0.24, room*0.52)
		s.number(inkSlate.flat(), strconv.Itoa(i+1), x+room/2, plotBottom+18, 18)
	}
	for i, tint := range tints {
		s.round(tint.flat(), 860+float64(i)*58, 106, 30, 30, 8)
	}
}

// stack draws the shares of one column on one another with a thin gap between them.
func (s *sketch) stack(tints []hue, shares []float64, x, w float64) {
	sum := 0.0
	for i, share := range shares {
		low := plotY(sum, 100)
		sum += share
		high := plotY(sum, 100)
		s.round(tints[i].side(tints[i].mix(inkWhite, 0.2), x+w, x), x, high, w, low-high-3, 6)
	}
}

func (s *sketch) chartDigitised() {
	s.chartCard(inkWood)
	s.archiveBox(102, 104, 44, 36, inkWhite, inkWood)
	s.axes(12, 4)
	counts := []int{1, 2, 2, 3, 5, 6, 8, 11}
	for i, n := range counts {
		x, room := column(i, len(counts))
		s.number(inkSlate.flat(), strconv.Itoa(i%4+1), x+room/2, plotBottom+18, 18)
		unit := (plotBottom - plotTop) / 12
		for k := range n {
			body := inkGold.mix(inkWood, 0.25+0.4*float64((i+k)%3)/3)
			label := inkWhite
			if i > 5 {
				body, label = body.mix(inkForest, 0.55), inkRice
			}
			s.archiveBox(x+room*0.18, plotBottom-1.5-float64(k+1)*unit, room*0.64, unit-2, body, label)
		}
	}
}
