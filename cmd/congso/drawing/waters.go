package drawing

import "math"

func (s *sketch) sceneRiverDawn() {
	s.backdrop(hue(0x8fa8cc).down(0xf9d3ae, 0, 340))
	s.glow(hue(0xffd48a), 0.9, 760, 320, 560, 300)
	s.dot(hue(0xfff1cc).flat(), 760, 300, 44)
	for _, c := range [][3]float64{{230, 120, 300}, {980, 150, 240}, {520, 90, 170}} {
		s.cloud(c[0], c[1], c[2], 0.8, 0xfbdcc4)
	}
	s.hills(0xe3b99a, 0x6d6f86, 300, 372, 46, 4)
	s.fill(hue(0x4b566b).flat(), s.ridge(366, 9, 60, 700))
	s.farBank()
	s.mirror(380, pictureHeight, 0x5f7f9d, 0.08, 0.6, 5)
	s.glow(inkSun, 0.36, 760, 480, 170, 170)
	for range 46 {
		y := s.between(390, 650)
		w := s.between(14, 70) * (y - 330) / 200
		s.round(hue(0xfff0d0).over(s.between(0.1, 0.4)), 760+s.between(-1, 1)*(y-330)*0.9-w/2, y, w, 2+(y-380)/110, 2)
	}
	s.fisherBoat(430, 500, 190)
	s.fisherBoat(930, 430, 80)
	for _, b := range [][3]float64{{560, 190, 30}, {600, 210, 24}, {640, 180, 20}, {1010, 240, 22}} {
		s.bird(b[0], b[1], b[2], 0x4b566b)
	}
	s.reeds()
}

// farBank draws the trees and the houses on the other side of the river.
func (s *sketch) farBank() {
	for x := 20.0; x < pictureWidth; x += 38 {
		h := s.between(26, 62)
		if math.Abs(x-760) < 60 {
			h = 18
		}
		s.oval(hue(0x3d4a5e).flat(), x, 380-h*0.3, s.between(22, 36), h*0.5)
	}
	for _, x := range []float64{120, 168, 1040, 1092} {
		s.poly(hue(0x2f3a4d).flat(), x-22, 360, x, 342, x+22, 360, x+18, 360, x+18, 381, x-18, 381, x-18, 360)
		s.rect(inkSun.flat(), x-5, 364, 8, 8)
	}
	for _, x := range []float64{250, 290, 930, 1140} {
		s.palm(x, 381, 96, 5, 0x344256)
	}
}

// fisherBoat draws a sampan with a rower, w long, and its shade on the water.
func (s *sketch) fisherBoat(x, y, w float64) {
	defer s.place(x, y, w/200)()
	s.glow(inkNight, 0.6, 0, 24, 130, 26)
	s.line(inkBark.flat(), 4, -8, -58, -92, 26)
	s.farmer(-30, -2, 92, inkBlue.mix(inkDark, 0.4), 0.2)
	s.blob(inkWood.flat(), 16, -8, 26, -36, 56, -44, 84, -34, 92, -6)
	s.blob(inkBark.down(inkNight, -12, 20), -112, -20, -60, -2, 0, 2, 60, -2, 116, -24, 84, 14, 0, 22, -84, 14)
	s.bow(inkGold.over(0.7), 3, -110, -19, -60, -1, 0, 3, 60, -1, 114, -23)
}

func (s *sketch) reeds() {
	for i := range 90 {
		x := s.between(-10, 330)
		if i%2 == 0 {
			x = s.between(960, 1210)
		}
		h := s.between(50, 165) * (0.6 + 0.4*math.Abs(x-600)/600)
		lean := s.between(-26, 30)
		tint := hue(0x24344a).mix(0x3d5549, s.rnd.Float64())
		s.bow(tint.flat(), 3.4, x, 690, x+lean*0.3, 690-h*0.6, x+lean, 690-h)
		if i%5 == 0 {
			s.oval(inkBark.flat(), x+lean, 690-h, 4.5, 15)
		}
	}
}

func (s *sketch) sceneIsland() {
	s.backdrop(hue(0x5fa8d3).down(0xe9f4f4, 0, 330))
	s.glow(inkWhite, 0.7, 940, 110, 320, 220)
	s.dot(hue(0xfff6d8).flat(), 940, 110, 36)
	for _, c := range [][4]float64{{240, 170, 320, 0.9}, {690, 110, 200, 0.75}, {1090, 236, 240, 0.8}, {470, 250, 180, 0.6}} {
		s.cloud(c[0], c[1], c[2], c[3], inkWhite)
	}
	s.blob(hue(0xa3c3d2).flat(), -60, 330, 40, 292, 150, 312, 240, 296, 330, 334, 140, 345)
	s.island()
	s.mirror(330, pictureHeight, 0x2f86ad, 0.2, 0.72, 7)
	s.rect(inkWater.down(hue(0x1d5f8a), 330, 675).fade(0.25, 0.75), 0, 330, pictureWidth, 345)
	for range 110 {
		y := 336 + 320*math.Pow(s.rnd.Float64(), 1.5)
		w := (y - 300) * s.between(0.12, 0.4)
		x := s.between(-40, 1200)
		s.bow(inkWhite.over(s.between(0.12, 0.4)), 1+(y-330)/110, x, y, x+w*0.3, y-w*0.05, x+w*0.7, y+w*0.04, x+w, y)
	}
	s.bow(inkWhite.over(0.7), 4, 470, 334, 620, 340, 820, 336, 1010, 339)
	s.fishingShip(270, 470, 210)
	s.fishingShip(1010, 420, 110)
	for i := range 11 {
		x := 350 + float64(i%4)*60 + s.between(-16, 16)
		s.bird(x, 70+float64(i/4)*40+s.between(-12, 12), s.between(20, 40), inkBlue)
	}
}

// island draws the green island with its rocks, village and lighthouse.
func (s *sketch) island() {
	s.blob(hue(0x6f9a8c).down(0x8fb3a0, 150, 330), 540, 336, 600, 262, 680, 226, 740, 188, 800, 204, 860, 252, 930, 268, 990, 336, 760, 344)
	s.blob(inkLeaf.down(inkForest, 200, 340), 470, 336, 520, 296, 600, 278, 660, 246, 716, 258, 780, 292, 880, 296, 960, 318, 1004, 338, 740, 344)
	for range 34 {
		x := s.between(520, 960)
		s.bush(x, 318-40*math.Exp(-math.Pow((x-670)/110, 2))*s.rnd.Float64()+s.between(0, 12), s.between(26, 46), inkForest.mix(inkRice, 0.5*s.rnd.Float64()))
	}
	s.blob(inkSand.flat(), 452, 338, 540, 324, 660, 328, 790, 324, 900, 330, 1016, 338, 740, 346)
	for i, x := range []float64{600, 634, 672, 704, 742, 776} {
		y := 324 - float64(i%2)*7
		s.rect(inkPaper.flat(), x-11, y-16, 22, 17)
		s.poly(inkClay.mix(inkRed, float64(i%3)/3).flat(), x-15, y-15, x, y-28, x+15, y-15)
		s.rect(inkBlue.flat(), x-3, y-9, 6, 10)
	}
	s.poly(inkWhite.side(inkStone, 904, 930), 906, 306, 910, 222, 924, 222, 928, 306)
	s.poly(inkRed.flat(), 907.4, 276, 908.8, 250, 925.2, 250, 926.6, 276)
	s.rect(inkSun.flat(), 909, 208, 16, 14)
	s.poly(inkRed.flat(), 904, 209, 917, 194, 930, 209)
	for _, r := range [][3]float64{{470, 334, 22}, {500, 338, 14}, {984, 332, 26}, {1022, 337, 13}} {
		s.blob(inkSlate.down(inkDark, r[1]-r[2], r[1]+6), r[0]-r[2], r[1]+4, r[0]-r[2]*0.4, r[1]-r[2]*0.8, r[0]+r[2]*0.5, r[1]-r[2]*0.6, r[0]+r[2], r[1]+4)
	}
}

// fishingShip draws a wooden fishing boat of the coast with its wake.
func (s *sketch) fishingShip(x, y, w float64) {
	defer s.place(x, y, w/200)()
	s.glow(inkNight, 0.55, 0, 36, 140, 22)
	s.rect(inkWood.flat(), -22, -108, 4, 90)
	s.line(inkDark.over(0.7), 1.6, -20, -106, 100, -18)
	s.line(inkDark.over(0.7), 1.6, -20, -106, -96, -16)
	s.poly(inkRed.side(inkClay, -18, 16), -18, -106, 14, -98, -18, -88)
	s.round(inkWhite.down(inkSand, -62, -10), -74, -60, 62, 50, 5)
	s.rect(inkBlue.flat(), -80, -66, 74, 9)
	for i := range 3 {
		s.round(inkSky.flat(), -67+float64(i)*18, -49, 13, 15, 2)
	}
	s.person(34, -8, 50, inkGold, inkDark)
	s.blob(inkBlue.down(inkNight, -20, 36), -104, -22, -40, -8, 30, -10, 118, -40, 92, 26, 40, 34, -60, 34, -94, 22)
	s.bow(inkRed.flat(), 7, -101, -12, -40, 2, 30, 0, 110, -26)
	s.bow(inkWhite.over(0.8), 5, -128, 34, -90, 30, -30, 37, 40, 34, 110, 30)
	s.bow(inkWhite.over(0.4), 4, -160, 42, -100, 42, 0, 46, 90, 42)
}
