package drawing

import "math"

func (s *sketch) sceneBridge() {
	s.backdrop(hue(0x4f90c0).down(0xf4e3cf, 0, 390))
	s.glow(inkLight, 0.85, 200, 300, 460, 250)
	for _, c := range [][3]float64{{960, 120, 340}, {300, 150, 260}, {650, 210, 180}} {
		s.cloud(c[0], c[1], c[2], 0.85, inkWhite)
	}
	s.hills(0xb3c8d0, 0x6f9489, 330, 378, 40, 3)
	s.farTown()
	s.cableBridge()
	s.mirror(414, pictureHeight, 0x3f7ea3, 0.18, 0.62, 6)
	for range 60 {
		y := s.between(424, 660)
		x, w := s.between(-30, 1200), s.between(30, 130)
		s.round(inkWhite.over(s.between(0.08, 0.3)), x, y, w, 1.5+(y-414)/120, 2)
	}
	s.fisherBoat(300, 560, 150)
	s.fisherBoat(760, 486, 74)
	s.blob(inkForest.down(inkPine, 560, 680), 840, 700, 900, 640, 1010, 612, 1110, 588, 1230, 570, 1240, 700)
	s.tree(1120, 624, 210, inkLeaf)
	s.tree(1010, 640, 130, inkLeaf.mix(inkRice, 0.3))
	for i := range 26 {
		s.bush(850+float64(i)*14, 664-float64(i)*2.4+s.between(-6, 10), s.between(34, 60), inkForest.mix(inkRice, 0.4*s.rnd.Float64()))
	}
	s.bird(520, 150, 34, inkBlue)
	s.bird(566, 172, 26, inkBlue)
}

// farTown draws the low town and its trees at the far end of the bridge.
func (s *sketch) farTown() {
	for x := 0.0; x < pictureWidth; x += 30 {
		h := s.between(18, 74)
		if x > 360 && x < 900 {
			h *= 0.5
		}
		tint := hue(0xcdd3d2).mix(inkClay, 0.3*s.rnd.Float64())
		s.rect(tint.down(tint.mix(inkSlate, 0.3), 414-h, 414), x, 414-h, 26, h+2)
		for y := 420 - h; y < 404; y += 12 {
			s.rect(inkBlue.over(0.4), x+5, y, 5, 6)
			s.rect(inkBlue.over(0.4), x+15, y, 5, 6)
		}
	}
	for x := 0.0; x < pictureWidth; x += 27 {
		s.bush(x, 416, s.between(30, 56), inkForest.mix(inkLeaf, s.rnd.Float64()))
	}
}

// cableBridge draws a bridge that hangs on two towers by fans of cables.
func (s *sketch) cableBridge() {
	deck := func(x float64) float64 { return 352 - 26*math.Sin(math.Pi*x/pictureWidth) }
	for _, tower := range []float64{380, 830} {
		s.rect(inkPaper.side(inkStone, tower-11, tower+11), tower-11, 120, 22, 300)
		s.rect(inkRed.flat(), tower-11, 120, 22, 16)
		s.round(inkStone.down(inkSlate, 398, 420), tower-34, 394, 68, 26, 8)
		for i := 1; i <= 9; i++ {
			reach := float64(i) * 24
			top := 138 + float64(9-i)*9
			s.line(inkGold.mix(inkWhite, 0.3).flat(), 2.2, tower, top, tower-reach, deck(tower-reach))
			s.line(inkGold.mix(inkWhite, 0.3).flat(), 2.2, tower, top, tower+reach, deck(tower+reach))
		}
	}
	for _, x := range []float64{60, 190, 1010, 1130} {
		s.rect(inkStone.side(inkSlate, x-9, x+9), x-9, deck(x), 18, 420-deck(x))
	}
	var road []pt
	for x := -20.0; x <= pictureWidth+20; x += 20 {
		road = append(road, pt{x, deck(x) + 6})
	}
	s.fill(inkBlue.flat(), stroked(road, 15))
	s.vehicles(deck)
	for x := 10.0; x < pictureWidth; x += 60 {
		s.line(inkDark.flat(), 2, x, deck(x)-2, x, deck(x)-34)
		s.line(inkDark.flat(), 2, x, deck(x)-34, x+9, deck(x)-36)
	}
}

// vehicles puts a bus, cars and motorbikes on the road.
func (s *sketch) vehicles(road func(x float64) float64) {
	y := road(560)
	s.round(inkRed.flat(), 530, y-27, 66, 26, 5)
	for i := range 4 {
		s.round(inkPale.flat(), 536+float64(i)*14, y-22, 10, 9, 2)
	}
	for i, x := range []float64{140, 700, 950} {
		v := road(x)
		tint := []hue{inkWhite, inkGold, inkWater}[i]
		s.round(tint.flat(), x, v-13, 36, 12, 5)
		s.poly(tint.mix(inkDark, 0.3).flat(), x+7, v-12, x+12, v-20, x+25, v-20, x+30, v-12)
	}
	for _, x := range []float64{280, 450, 640, 800, 1070} {
		v := road(x)
		s.line(inkDark.flat(), 3, x-6, v-5, x+6, v-5)
		s.line(inkClay.flat(), 5, x-2, v-8, x, v-16)
		s.dot(inkBlue.flat(), x, v-20, 3.6)
	}
}
