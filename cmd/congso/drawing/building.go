package drawing

import "math"

// A facade holds the colours in which the department's building is shown.
type facade struct {
	wall, shade, roof, frame, glass hue
	lit                             float64 // the share of its windows that are lit
}

// office draws the department's building, 760 wide, its foot in the middle at x, y.
func (s *sketch) office(x, y, k float64, f facade) {
	defer s.place(x, y, k)()
	s.glow(inkNight, 0.5, 0, 4, 460, 26)
	s.rect(f.shade.down(f.shade.mix(inkDark, 0.12), -250, 0), -380, -250, 760, 250)
	s.rect(f.wall.down(f.wall.mix(inkSand, 0.4), -250, 0), -380, -250, 250, 250)
	s.rect(f.wall.down(f.wall.mix(inkSand, 0.4), -250, 0), 130, -250, 250, 250)
	for _, side := range []float64{-380, 130} {
		s.windows(side+22, -228, 4, 3, f)
		s.rect(f.roof.flat(), side-10, -262, 270, 14)
		s.rect(f.roof.mix(inkDark, 0.35).over(0.5), side, -248, 250, 6)
		for k := 1; k < 3; k++ {
			s.rect(f.shade.flat(), side, -248+float64(k)*82, 250, 6)
		}
		s.rect(f.shade.mix(inkSlate, 0.5).flat(), side, -16, 250, 16)
	}
	s.officeMiddle(f)
}

// windows draws columns and rows of windows from the top left one on.
func (s *sketch) windows(x, y float64, columns, rows int, f facade) {
	for c := range columns {
		for r := range rows {
			wx, wy := x+float64(c)*56, y+float64(r)*82
			glass := f.glass
			if s.rnd.Float64() < f.lit {
				glass = inkSun
			}
			s.rect(f.frame.flat(), wx-3, wy-3, 42, 54)
			s.rect(glass.down(glass.mix(inkDark, 0.22), wy, wy+48), wx, wy, 36, 48)
			s.poly(inkWhite.over(0.16), wx, wy+30, wx+22, wy, wx+34, wy, wx, wy+46)
			s.rect(f.frame.flat(), wx+16.5, wy, 3, 48)
			s.rect(f.frame.flat(), wx, wy+16, 36, 2.5)
			s.rect(f.shade.mix(inkSlate, 0.3).flat(), wx-6, wy+50, 48, 5)
		}
	}
}

// officeMiddle draws the part with the columns, the pediment, the door and the steps.
func (s *sketch) officeMiddle(f facade) {
	s.rect(f.wall.mix(inkWhite, 0.3).down(f.wall, -300, 0), -140, -300, 280, 300)
	s.poly(f.roof.down(f.roof.mix(inkDark, 0.3), -362, -300), -160, -300, 0, -362, 160, -300)
	s.poly(f.wall.flat(), -118, -308, 0, -350, 118, -308)
	s.dot(f.roof.flat(), 0, -325, 11)
	s.dot(inkGold.flat(), 0, -325, 7)
	s.rect(f.roof.flat(), -160, -302, 320, 12)
	s.windows(-74, -276, 3, 2, f)
	glass := f.glass
	if f.lit > 0 {
		glass = inkSun
	}
	s.rect(f.frame.mix(inkWood, 0.4).flat(), -62, -98, 124, 98)
	for i := range 4 {
		s.rect(glass.down(glass.mix(inkDark, 0.3), -92, 0), -57+float64(i)*29, -92, 26, 88)
		s.rect(inkGold.flat(), -34+float64(i%2)*29+float64(i/2)*58-float64(i%2)*26, -48, 3, 16)
	}
	s.round(inkBlue.flat(), -84, -124, 168, 20, 4)
	for i := range 10 {
		s.round(inkGold.flat(), -70+float64(i)*14.6, -117, 9, 6, 2)
	}
	for _, c := range []float64{-132, -104, 88, 116} {
		s.rect(f.wall.mix(inkWhite, 0.6).side(f.shade, c, c+16), c, -290, 16, 290)
		s.rect(f.shade.flat(), c-4, -290, 24, 8)
		s.rect(f.shade.flat(), c-4, -12, 24, 12)
	}
	for i := range 4 {
		w := 300 + float64(i)*24
		s.rect(inkStone.mix(inkWhite, 0.5-0.1*float64(i)).flat(), -w/2, float64(i)*7-4, w, 7.5)
	}
}

func (s *sketch) sceneOfficeDay() {
	s.backdrop(hue(0x5da3d0).down(0xf1f3ea, 0, 460))
	s.glow(inkWhite, 0.7, 160, 90, 400, 300)
	for _, c := range [][4]float64{{240, 150, 300, 0.9}, {980, 120, 330, 0.9}, {620, 84, 170, 0.6}} {
		s.cloud(c[0], c[1], c[2], c[3], inkWhite)
	}
	s.skyline(430, 0xc3d6df, 40, 130)
	for x := 0.0; x < 1220; x += 74 {
		s.tree(x+s.between(-18, 18), 490, s.between(120, 190), inkLeaf.mix(inkForest, s.rnd.Float64()))
	}
	s.rect(hue(0xd9d2c2).down(0xb9b2a4, 480, 675), 0, 488, pictureWidth, 190)
	s.office(600, 506, 1.12, facade{0xf2e3c1, 0xdcc79d, inkRed, inkWhite, 0x6fa3bf, 0})
	s.rect(inkLeaf.down(inkForest, 520, 560), 0, 520, 350, 34)
	s.rect(inkLeaf.down(inkForest, 520, 560), 850, 520, 350, 34)
	for i := range 22 {
		x := float64(i) * 16
		s.flowers(x, 526, 15)
		s.flowers(1200-x, 526, 15)
	}
	s.poly(hue(0xefe8d8).down(0xd9cfba, 530, 675), 436, 534, 764, 534, 960, 680, 240, 680)
	for i := range 4 {
		y := 552 + float64(i*i)*9 + float64(i)*9
		s.rect(inkStone.over(0.35), 0, y, pictureWidth, 2)
	}
	s.flag(600, 104, 88)
	s.tree(70, 590, 340, inkLeaf)
	s.tree(1140, 596, 320, inkLeaf.mix(inkForest, 0.3))
	s.crowd([][3]float64{{420, 596, 92}, {470, 610, 96}, {724, 584, 84}, {860, 632, 108}, {560, 560, 70}})
	s.motorbike(962, 626, 110, inkRed)
	s.motorbike(1052, 634, 110, inkBlue)
	s.bush(250, 580, 110, inkForest)
	s.bush(336, 566, 76, inkLeaf)
}

// skyline draws far houses along the horizon.
func (s *sketch) skyline(y float64, tint hue, low, high float64) {
	for x := -20.0; x < pictureWidth; {
		w, h := s.between(40, 96), s.between(low, high)
		s.rect(tint.down(tint.mix(inkWhite, 0.35), y-h, y), x, y-h, w, h+70)
		x += w + s.between(-6, 14)
	}
}

// crowd puts people of mixed clothes at the given places and heights.
func (s *sketch) crowd(at [][3]float64) {
	shirts := []hue{inkWhite, inkBlue, inkRed, inkWater, inkGold, inkForest, inkSky, inkClay}
	for i, p := range at {
		s.person(p[0], p[1], p[2], shirts[(i*3+1)%len(shirts)], []hue{inkDark, inkBlue, inkSlate}[i%3])
	}
}

// flowers draws a small bed of blossoms, r around the middle.
func (s *sketch) flowers(x, y, r float64) {
	for range 5 {
		tint := []hue{inkRed, inkGold, inkClay, inkWhite, 0xd97f9b}[s.rnd.IntN(5)]
		s.dot(tint.flat(), x+s.between(-r, r)*0.7, y+s.between(-r, r)*0.6, r*s.between(0.2, 0.34))
	}
}

func (s *sketch) sceneOfficeNight() {
	s.backdrop(inkNight.down(0x3d5580, 0, 480))
	s.glow(0xb9c8e0, 0.5, 980, 120, 240, 200)
	s.dot(hue(0xf7efd2).flat(), 980, 120, 40)
	for _, c := range [][3]float64{{968, 108, 9}, {992, 126, 6}, {976, 138, 5}, {1000, 106, 4}} {
		s.dot(hue(0xe0d5b4).flat(), c[0], c[1], c[2])
	}
	for range 120 {
		s.dot(inkWhite.over(s.between(0.25, 0.9)), s.between(0, 1200), 300*math.Pow(s.rnd.Float64(), 1.4), s.between(0.8, 2))
	}
	s.skyline(400, 0x223a5c, 60, 210)
	for range 90 {
		s.rect(inkSun.over(s.between(0.3, 0.9)), math.Floor(s.between(0, 150))*8, 270+math.Floor(s.between(0, 11))*11, 4, 5)
	}
	for x := 0.0; x < 1220; x += 66 {
		s.tree(x+s.between(-14, 14), 450, s.between(90, 150), hue(0x1f3f46))
	}
	s.rect(hue(0x1b3542).down(0x152a3a, 425, 470), 0, 428, pictureWidth, 42)
	s.glow(inkSun, 0.3, 540, 330, 560, 250)
	s.office(520, 452, 0.98, facade{0xc9b48c, 0x8f8266, 0x7a1a20, 0xe8dcc0, 0x233e5e, 0.62})
	s.glow(inkSun, 0.5, 520, 430, 180, 110)
	s.flag(520, 100, 84)
	s.rect(hue(0x39465a).down(0x24324a, 456, 500), 0, 466, pictureWidth, 36)
	for _, x := range []float64{90, 960, 1110} {
		s.glow(inkSun, 0.55, x, 300, 110, 110)
		s.lamp(x, 480, 200, hue(0xfff0c4).flat())
		s.glow(inkSun, 0.35, x, 480, 130, 22)
	}
	s.crowd([][3]float64{{330, 490, 62}, {700, 492, 64}, {736, 494, 58}, {880, 492, 62}})
	s.mirror(500, pictureHeight, 0x142a48, 0.28, 0.72, 8)
	s.rect(hue(0x5b677a).flat(), 0, 496, pictureWidth, 7)
	for range 40 {
		s.round(inkSun.over(s.between(0.08, 0.3)), s.between(0, 1180), s.between(512, 660), s.between(20, 80), 2, 1)
	}
	for i := range 9 {
		x, y := 60+float64(i)*136+s.between(-30, 30), s.between(560, 650)
		s.oval(inkForest.mix(inkNight, 0.3).flat(), x, y, 30, 8)
		s.oval(inkLeaf.mix(inkNight, 0.3).flat(), x-16, y-5, 20, 5)
		s.blob(hue(0xd98aa5).flat(), x-8, y-6, x-5, y-18, x, y-10, x+5, y-18, x+8, y-6)
	}
}
