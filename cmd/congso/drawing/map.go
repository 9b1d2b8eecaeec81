package drawing

import (
	"math"
	"strconv"
)

// mapCorners are the places where the borders of the invented province's communes meet.
var mapCorners = map[byte]pt{
	'A': {150, 140}, 'B': {320, 66}, 'C': {510, 96}, 'D': {680, 54}, 'E': {806, 104}, 'F': {852, 190}, 'G': {820, 300},
	'H': {884, 400}, 'I': {846, 506}, 'J': {776, 606}, 'K': {630, 606}, 'L': {476, 578}, 'M': {300, 606}, 'N': {176, 530},
	'O': {112, 390}, 'P': {104, 262}, 'Q': {340, 258}, 'R': {530, 250}, 'S': {680, 226}, 'T': {560, 404}, 'U': {372, 420}, 'V': {712, 384},
}

// A commune is one area of the map, named by its corners, and the place of its office.
type commune struct {
	corners string
	office  pt
}

var mapCommunes = []commune{
	{"RSVT", pt{622, 312}}, {"CDSR", pt{600, 158}}, {"QRTLU", pt{452, 372}}, {"DEFGVS", pt{766, 220}},
	{"TVGHIJKL", pt{690, 500}}, {"BCRQ", pt{428, 168}}, {"PQULMNO", pt{238, 430}}, {"ABQP", pt{222, 190}},
}

// border gives the crooked line between two corners without the second; both neighbours get the same one.
func border(from, to byte) []pt {
	a, b := mapCorners[min(from, to)], mapCorners[max(from, to)]
	line := []pt{a, b}
	seed := uint32(min(from, to))*131 + uint32(max(from, to))*977
	for range 4 {
		finer := line[:1:1]
		for i := 1; i < len(line); i++ {
			p, q := line[i-1], line[i]
			seed = seed*1664525 + 1013904223
			bend := (float64(seed>>16&1023)/1023 - 0.5) * 0.3
			finer = append(finer, pt{(p.x+q.x)/2 - (q.y-p.y)*bend, (p.y+q.y)/2 + (q.x-p.x)*bend}, q)
		}
		line = finer
	}
	if from > to {
		for i, j := 0, len(line)-1; i < j; i, j = i+1, j-1 {
			line[i], line[j] = line[j], line[i]
		}
	}
	return line[:len(line)-1]
}

// area gives the outline of what lies within the corners.
func area(corners string) outline {
	var ring []pt
	for i := range len(corners) {
		ring = append(ring, border(corners[i], corners[(i+1)%len(corners)])...)
	}
	return outline{ring}
}

const mapCoast = "ABCDEFGHIJKLMNOP"

// islandRing is the coast of the island commune.
var islandRing = []float64{1008, 420, 1042, 396, 1086, 408, 1102, 446, 1080, 486, 1040, 494, 1006, 470}

// province draws sea, land, communes in their tints, river and roads.
func (s *sketch) province(deep, shallow hue, tints []hue) {
	s.backdrop(shallow.down(deep, 0, pictureHeight))
	s.fill(deep.mix(inkSand, 0.72).down(deep.mix(inkSand, 0.6), 0, pictureHeight), neighbours())
	for i := range 5 {
		w := 92 - float64(i)*18
		shelf := outline{append(area(mapCoast)[0], border('A', 'B')[0])}
		s.fill(shallow.mix(inkWhite, 0.3).over(0.12), append(shelf, stroked(shelf[0], w)...))
		ring := curved(points(islandRing), true)
		s.fill(shallow.mix(inkWhite, 0.3).over(0.12), stroked(append(ring, ring[0]), w))
	}
	s.landShadow()
	for i, c := range mapCommunes {
		s.fill(tints[i].down(tints[i].mix(inkSand, 0.3), 60, 620), area(c.corners))
	}
	s.blob(tints[8].down(tints[8].mix(inkSand, 0.3), 390, 500), islandRing...)
	s.hillSigns()
	for _, c := range mapCommunes {
		ring := area(c.corners)[0]
		s.fill(inkWhite.over(0.9), stroked(append(ring, ring[0]), 3))
	}
	s.riverAndRoads(shallow.mix(deep, 0.5))
}

// neighbours gives the land of the provinces around, up to the same coast.
func neighbours() outline {
	ring := []pt{{-400, -300}, {850, -300}, {770, 30}}
	for i := 4; i < 9; i++ {
		ring = append(ring, border(mapCoast[i], mapCoast[i+1])...)
	}
	return outline{append(ring, pt{800, 720}, pt{760, 1000}, pt{-400, 1000})}
}

func (s *sketch) landShadow() {
	defer s.place(7, 10, 1)()
	s.fill(inkBlue.over(0.28), area(mapCoast))
	s.blob(inkBlue.over(0.28), islandRing...)
}

// hillSigns marks the high ground in the west.
func (s *sketch) hillSigns() {
	for _, p := range [][3]float64{{170, 330, 26}, {206, 342, 20}, {150, 362, 17}, {270, 330, 22}, {302, 344, 16}, {262, 116, 22}, {296, 128, 17}, {176, 240, 17}, {140, 470, 18}, {252, 540, 20}, {284, 552, 15}, {366, 116, 15}} {
		x, y, r := p[0], p[1], p[2]
		s.poly(inkForest.over(0.42), x-r, y+r*0.6, x, y-r*0.7, x+r*0.12, y+r*0.6)
		s.poly(inkForest.over(0.62), x, y-r*0.7, x+r, y+r*0.6, x+r*0.12, y+r*0.6)
	}
}

func (s *sketch) riverAndRoads(water hue) {
	river := curved([]pt{{120, 300}, {230, 286}, {320, 320}, {430, 300}, {520, 340}, {610, 352}, {690, 340}, {770, 366}, {860, 350}}, false)
	for i := 1; i < len(river); i++ {
		s.fill(water.flat(), stroked(river[i-1:i+1], 5+12*float64(i)/float64(len(river))))
	}
	s.fill(inkClay.mix(inkWhite, 0.25).flat(), stroked(curved([]pt{{560, 74}, {600, 158}, {622, 312}, {690, 500}, {700, 604}}, false), 5))
	s.fill(inkClay.mix(inkWhite, 0.25).flat(), stroked(curved([]pt{{222, 190}, {330, 214}, {428, 168}, {600, 158}, {766, 220}}, false), 4))
	s.fill(inkClay.mix(inkWhite, 0.25).flat(), stroked(curved([]pt{{238, 430}, {340, 366}, {452, 372}, {622, 312}}, false), 4))
	s.dashes(inkWhite.over(0.85), 3, 10, curved([]pt{{838, 486}, {910, 500}, {990, 476}}, false))
}

// pin marks a place with its point at x, y; h is its height, the text at most one digit.
func (s *sketch) pin(x, y, h float64, tint hue, text string) {
	defer s.place(x, y, h/100)()
	s.glow(inkNight, 0.6, 6, 1, 34, 11)
	ring := append(arc(0, -66, 34, 34, 0.45, 1.05, 40), curved([]pt{{32.5, -55}, {19, -26}, {0, 0}, {-19, -26}, {-32.5, -55}}, false)...)
	s.fill(tint.side(tint.mix(inkDark, 0.3), -30, 40), outline{ring})
	s.dot(inkWhite.flat(), 0, -66, 20)
	if text == "" {
		s.dot(tint.flat(), 0, -66, 9)
		return
	}
	s.number(tint.flat(), text, 0, -79, 26)
}

// compass draws a rose whose red point is north.
func (s *sketch) compass(x, y, r float64) {
	s.dot(inkWhite.over(0.3), x, y, r*1.25)
	s.ring(inkWhite.over(0.8), x, y, r*1.02, 2.5)
	for i := range 4 {
		a := float64(i) * math.Pi / 2
		sx, sy := math.Sin(a), -math.Cos(a)
		tint := inkWhite
		if i == 0 {
			tint = inkRed
		}
		s.poly(tint.flat(), x+sx*r, y+sy*r, x+sy*r*0.2, y-sx*r*0.2, x, y)
		s.poly(tint.mix(inkDark, 0.25).flat(), x+sx*r, y+sy*r, x-sy*r*0.2, y+sx*r*0.2, x, y)
	}
}

// scaleBar draws four units of length; every second one is numbered.
func (s *sketch) scaleBar(x, y, unit float64, distance int) {
	s.round(inkWhite.over(0.85), x-22, y-14, 4*unit+48, 60, 10)
	for i := range 4 {
		tint := inkBlue
		if i%2 == 1 {
			tint = inkSky
		}
		s.rect(tint.flat(), x+float64(i)*unit, y, unit, 9)
	}
	for i := range 3 {
		s.number(inkBlue.flat(), strconv.Itoa(i*distance), x+float64(2*i)*unit, y+18, 15)
	}
}

func (s *sketch) mapOneStop() {
	s.province(inkWater.mix(inkBlue, 0.15), inkSky, []hue{
		0xe9b7a0, 0xf0d9a6, 0xc9d9a0, 0xd7c3d9, 0xf2c9a8, 0xb9d3b0, 0xa9c3a0, 0xd9d6a6, 0xe6c9b0})
	for i, c := range mapCommunes[1:] {
		s.pin(c.office.x, c.office.y, 64, []hue{inkBlue, inkBlue.mix(inkWater, 0.4)}[i%2], "")
	}
	s.pin(1054, 452, 64, inkBlue, "")
	s.pin(622, 312, 104, inkRed, "")
	s.ferry(922, 512, 52)
	s.compass(1090, 118, 54)
	s.scaleBar(952, 600, 46, 10)
}

func (s *sketch) mapExamSites() {
	back := s.place(-235, -10, 1.28)
	muted := hue(0xcfd6d8)
	s.province(inkBlue.mix(inkWater, 0.35), inkWater, []hue{
		0xe8a795, 0xf0cf8e, 0xc4d68f, muted, 0xd6dbdb, 0xdadfdd, muted, 0xd3dad6, muted})
	s.dashes(inkRed.flat(), 5, 10, curved([]pt{{452, 372}, {536, 330}, {622, 312}}, false))
	s.dashes(inkRed.flat(), 5, 10, curved([]pt{{600, 158}, {598, 236}, {622, 312}}, false))
	s.pin(600, 158, 84, inkBlue, "2")
	s.pin(622, 312, 100, inkRed, "1")
	s.pin(452, 372, 84, inkForest, "3")
	back()
	s.compass(1100, 104, 46)
	s.scaleBar(64, 596, 56, 5)
}

// ferry draws a small boat on the map.
func (s *sketch) ferry(x, y, w float64) {
	defer s.place(x, y, w/50)()
	s.poly(inkWhite.flat(), -14, -14, 12, -14, 12, -4, -14, -4)
	s.rect(inkRed.flat(), -6, -22, 7, 9)
	s.poly(inkBlue.flat(), -25, -5, 25, -5, 17, 7, -18, 7)
}
