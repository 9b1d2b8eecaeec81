package drawing

import "math"

func (s *sketch) sceneCamp() {
	s.backdrop(hue(0x6fb5d6).down(0xfbeccb, 0, 380))
	s.glow(inkLight, 0.9, 820, 240, 460, 240)
	s.dot(hue(0xfff4cf).flat(), 820, 210, 36)
	s.cloud(260, 120, 260, 0.85, inkWhite)
	s.cloud(1040, 110, 190, 0.7, inkWhite)
	s.hills(0xb9d0cf, 0x6f9c8a, 290, 340, 40, 3)
	s.rect(inkWater.mix(inkSky, 0.4).down(inkWater, 340, 400), 0, 340, pictureWidth, 64)
	for range 30 {
		s.round(inkWhite.over(0.4), s.between(0, 1180), s.between(346, 392), s.between(16, 60), 2, 1)
	}
	s.fill(hue(0xd9c98f).down(0xa9b866, 385, 440), s.ridge(392, 7, 120, 700))
	s.fill(inkLeaf.mix(inkRice, 0.5).down(inkForest, 420, 675), s.ridge(432, 12, 170, 700))
	for i := range 20 {
		x := float64(i)*64 + s.between(-16, 16)
		s.pine(x, s.between(432, 452), s.between(90, 190), inkForest.mix(inkLeaf, s.rnd.Float64()*0.6))
	}
	for i, t := range [][3]float64{{150, 476, 110}, {330, 466, 96}, {640, 462, 92}, {810, 470, 104}, {1010, 478, 118}, {470, 472, 88}} {
		s.tent(t[0], t[1], t[2], []hue{inkGold, inkBlue, inkClay, inkForest.mix(inkLeaf, 0.5), inkWater, inkRed}[i])
	}
	s.crowd([][3]float64{{240, 500, 62}, {410, 494, 58}, {560, 498, 62}, {726, 496, 60}, {920, 508, 66}})
	s.tent(250, 610, 250, inkRed)
	s.tent(968, 616, 260, inkBlue)
	s.campfire(604, 592)
	s.pine(50, 660, 520, inkForest)
	s.pine(1160, 670, 560, inkForest.mix(inkPine, 0.4))
	s.bunting(60, 250, 1150, 240, 90, 30, 32)
	s.grass(70, 630)
}

// tent draws a ridge tent with an open front, w wide.
func (s *sketch) tent(x, y, w float64, cloth hue) {
	defer s.place(x, y, w/100)()
	s.glow(inkNight, 0.5, 8, 0, 78, 10)
	s.line(inkBark.flat(), 1.2, -22, -62, -66, 1)
	s.line(inkBark.flat(), 1.2, 46, -66, 82, -2)
	s.poly(cloth.mix(inkWhite, 0.18).down(cloth.mix(inkDark, 0.12), -66, 0), -20, -62, 46, -66, 70, -4, 22, 0)
	s.poly(cloth.down(cloth.mix(inkDark, 0.25), -62, 0), -20, -62, 22, 0, -58, 0)
	s.poly(inkNight.mix(inkBark, 0.5).flat(), -20, -52, 0, 0, -36, 0)
	s.poly(cloth.mix(inkWhite, 0.4).flat(), -20, -52, -36, 0, -46, 0)
	s.line(inkWhite.over(0.7), 1.6, -20, -62, 46, -66)
	s.poly(inkGold.flat(), -20, -78, -6, -74, -20, -69)
	s.line(inkBark.flat(), 1.4, -20, -80, -20, -60)
}

// campfire draws a fire with people who sit around it on logs.
func (s *sketch) campfire(x, y float64) {
	s.glow(inkSun, 0.75, x, y-20, 210, 100)
	for i, dx := range []float64{-150, -100, 104, 152} {
		shirt := []hue{inkBlue, inkWhite, inkGold, inkSky}[i]
		side := 1.0
		if dx > 0 {
			side = -1
		}
		back := s.place(x+dx, y+10+float64(i%2)*14, side*1.1)
		s.glow(inkNight, 0.4, 4, 4, 40, 8)
		s.round(inkBark.flat(), -24, -14, 44, 16, 8)
		s.line(inkDark.flat(), 12, -6, -20, 20, -24, 26, 0)
		s.line(shirt.flat(), 22, -8, -26, -6, -50)
		s.line(shirt.mix(inkDark, 0.2).flat(), 7, -4, -50, 8, -36, 20, -40)
		s.head(-5, -73, 11, inkDark, false)
		back()
	}
	s.line(inkBark.flat(), 11, x-40, y+8, x+36, y-8)
	s.line(inkWood.flat(), 11, x-36, y-8, x+40, y+8)
	s.blob(inkClay.flat(), x-24, y-4, x-26, y-34, x-10, y-44, x-2, y-78, x+12, y-46, x+26, y-34, x+22, y-4)
	s.blob(inkGold.flat(), x-15, y-4, x-14, y-28, x-2, y-56, x+12, y-28, x+13, y-4)
	s.blob(inkSun.flat(), x-7, y-4, x-7, y-18, x, y-34, x+7, y-18, x+7, y-4)
	for range 14 {
		s.dot(inkSun.over(0.9), x+s.between(-34, 34), y-s.between(60, 150), s.between(1.2, 2.6))
	}
}

func (s *sketch) scenePlanting() {
	s.backdrop(hue(0x7fbbe0).down(0xf9f1d8, 0, 380))
	s.glow(inkLight, 0.9, 240, 160, 380, 240)
	s.dot(hue(0xfff4cf).flat(), 240, 140, 36)
	s.cloud(600, 120, 300, 0.9, inkWhite)
	s.cloud(1010, 170, 230, 0.85, inkWhite)
	s.hills(0xb3cfd3, 0x6f9f86, 300, 380, 60, 4)
	s.slope(430, 0xb9a766, 0x8c9a52)
	for i := range 26 {
		x := 20 + float64(i)*47
		s.sapling(x, 440+20*math.Sin(x/150)+s.between(-4, 6), s.between(22, 32))
	}
	s.slope(500, 0xae9758, 0x7f8a46)
	for i := range 17 {
		x := 30 + float64(i)*71
		s.sapling(x, 516+14*math.Sin(x/170)+s.between(-4, 6), s.between(44, 56))
	}
	s.farmer(300, 540, 104, inkRed, 0.4)
	s.person(520, 536, 100, inkBlue, inkDark)
	s.person(910, 540, 104, inkWhite, inkBlue)
	s.slope(580, 0x9c7f4a, 0x6d6a3a)
	s.seedlingCart(980, 632)
	s.planter(420, 640, 210)
	s.sapling(540, 644, 150)
	s.glow(inkBark, 0.7, 540, 646, 74, 18)
	s.wateringPerson(730, 640, 214)
	s.sapling(160, 650, 130)
	s.tree(40, 560, 300, inkLeaf)
	s.bird(760, 90, 30, inkSlate)
	s.bird(806, 112, 22, inkSlate)
	s.grass(60, 648)
}

// slope draws a rise of bare soil with grass, its crest near y.
func (s *sketch) slope(y float64, soil, grass hue) {
	s.fill(soil.mix(grass, 0.5).down(grass.mix(inkForest, 0.25), y-10, y+150), s.ridge(y, 16, 190, 700))
	for range 60 {
		x, gy := s.between(-10, 1200), y+s.between(16, 60)
		s.oval(soil.mix(inkBark, 0.2).over(0.5), x, gy, s.between(10, 30), s.between(2, 5))
	}
}

// sapling draws a young tree tied to a stake, h high.
func (s *sketch) sapling(x, y, h float64) {
	defer s.place(x, y, h/100)()
	s.oval(inkBark.flat(), 0, 1, 30, 8)
	s.oval(inkBark.mix(inkWood, 0.5).flat(), -3, -2, 24, 5)
	s.line(inkWood.mix(inkSand, 0.4).flat(), 4, 9, 0, 7, -62)
	s.bow(inkBark.mix(inkLeaf, 0.3).flat(), 4, 0, 0, -1, -40, 2, -82)
	s.line(inkRed.flat(), 3, -2, -44, 9, -44)
	for i := range 7 {
		up := -36 - float64(i)*9
		side := float64(i%2*2 - 1)
		s.fill(inkLeaf.mix(inkRice, float64(i)/8).flat(), outline{curved([]pt{{1, up}, {side * 15, up - 14}, {side * 33, up - 15}, {side * 18, up - 1}}, true)})
	}
	s.fill(inkRice.flat(), outline{curved([]pt{{2, -80}, {-6, -94}, {3, -110}, {10, -94}}, true)})
}

// planter draws a person who kneels beside a sapling to the right.
func (s *sketch) planter(x, y, h float64) {
	defer s.place(x, y, h/100)()
	s.glow(inkNight, 0.5, 4, 0, 44, 8)
	s.line(inkDark.flat(), 12, -14, -6, 12, -6, -4, -30)
	s.line(inkDark.mix(inkSlate, 0.35).flat(), 12, 0, -28, 22, -26, 22, -3)
	s.line(inkWater.flat(), 25, 0, -36, 12, -56)
	s.line(inkWater.mix(inkDark, 0.2).flat(), 8, 16, -58, 32, -42, 46, -22)
	s.dot(inkSkin.flat(), 47, -19, 4.5)
	s.dot(inkSkin.flat(), 20, -78, 9.5)
	s.poly(inkSand.side(inkGold, -4, 44), -5, -78, 19, -100, 45, -80, 20, -75)
}

// wateringPerson draws somebody with a watering can over the plant to the left.
func (s *sketch) wateringPerson(x, y, h float64) {
	s.person(x, y, h, inkRed, inkBlue)
	defer s.place(x, y, h/100)()
	s.line(inkRed.mix(inkDark, 0.16).flat(), 7.5, -13, -70, -24, -58, -38, -52)
	s.dot(inkSkin.flat(), -39, -52, 4)
	s.ring(inkSlate.flat(), -42, -46, 9, 3)
	s.round(inkForest.side(inkPine, -56, -32), -56, -44, 24, 22, 3)
	s.line(inkForest.flat(), 4, -54, -28, -70, -42)
	s.poly(inkForest.flat(), -75, -45, -67, -48, -66, -37, -72, -35)
	for i := range 4 {
		s.bow(inkSky.over(0.9), 1.4, -72, -40+float64(i), -78-float64(i)*2, -30, -80-float64(i)*2.4, -14)
	}
}

// seedlingCart draws a wheelbarrow of seedlings.
func (s *sketch) seedlingCart(x, y float64) {
	s.glow(inkNight, 0.5, x, y+4, 130, 14)
	for i := range 6 {
		s.sapling(x-58+float64(i)*23, y-58, 66)
	}
	s.poly(inkBlue.down(inkNight, y-66, y-18), x-90, y-66, x+88, y-66, x+58, y-20, x-56, y-20)
	s.line(inkWood.flat(), 8, x+40, y-34, x+140, y-70)
	s.line(inkSlate.flat(), 7, x+54, y-24, x+66, y+2)
	s.dot(inkDark.flat(), x-58, y-14, 20)
	s.dot(inkStone.flat(), x-58, y-14, 9)
}
