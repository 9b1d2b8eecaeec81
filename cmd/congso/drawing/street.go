package drawing

// motorbike draws a parked scooter, w long.
func (s *sketch) motorbike(x, y, w float64, tint hue) {
	defer s.place(x, y, w/100)()
	s.glow(inkNight, 0.5, 0, 0, 56, 8)
	for _, wheel := range []float64{-32, 32} {
		s.dot(inkDark.flat(), wheel, -14, 14)
		s.dot(inkStone.flat(), wheel, -14, 7)
	}
	s.blob(tint.down(tint.mix(inkDark, 0.3), -46, -10), -46, -32, -20, -42, -2, -36, 4, -20, 24, -22, 26, -12, -6, -9, -36, -16)
	s.line(tint.flat(), 9, 22, -16, 18, -50)
	s.line(inkDark.flat(), 4, 30, -16, 17, -62, 8, -66)
	s.blob(inkDark.flat(), -46, -40, -20, -50, 2, -42, -4, -36, -40, -34)
	s.dot(inkSun.flat(), 24, -52, 5)
}

func (s *sketch) sceneStreet() {
	s.backdrop(hue(0x74b3d8).down(0xfaf0dc, 0, 420))
	s.cloud(200, 110, 240, 0.85, inkWhite)
	s.cloud(900, 90, 300, 0.85, inkWhite)
	s.skyline(330, 0xc9d7da, 60, 150)
	tints := []hue{0xf0d79a, 0xd98c6a, 0xe9dcc3, 0x9dc0b4, 0xeab98a, 0x8fb0c9, 0xf3e3b3, 0xc9776a}
	x := -26.0
	for i, tint := range tints {
		w := s.between(150, 172)
		s.tubeHouse(x, 520, w, 2+(i*5+1)%3, tint, i)
		x += w
	}
	s.rect(hue(0xcfc7b6).down(0xb8b0a0, 518, 570), 0, 518, pictureWidth, 52)
	s.rect(inkStone.mix(inkSlate, 0.5).flat(), 0, 566, pictureWidth, 8)
	s.rect(hue(0x6f7780).down(0x545d68, 574, 675), 0, 574, pictureWidth, 101)
	for i := range 9 {
		s.round(inkPaper.over(0.8), 20+float64(i)*140, 622, 70, 6, 3)
	}
	for _, t := range []float64{164, 560, 960} {
		s.round(inkBark.flat(), t-30, 548, 60, 10, 3)
		s.tree(t, 552, 250, inkLeaf.mix(inkForest, s.rnd.Float64()*0.5))
	}
	s.lamp(362, 556, 250, inkWhite.flat())
	s.lamp(766, 556, 250, inkWhite.flat())
	s.crowd([][3]float64{{60, 556, 88}, {268, 560, 92}, {306, 562, 84}, {470, 558, 90}, {690, 562, 94}, {850, 556, 86}, {1070, 560, 92}, {1110, 562, 60}})
	s.motorbike(424, 566, 84, inkBlue)
	s.motorbike(888, 566, 84, inkClay)
	s.rider(240, 636, 128, inkRed, inkWhite)
	s.rider(640, 652, 136, inkWater, inkGold)
	s.rider(1000, 634, 124, inkForest, inkSky)
}

// rider draws somebody on a scooter.
func (s *sketch) rider(x, y, w float64, bike, shirt hue) {
	s.motorbike(x, y, w, bike)
	defer s.place(x, y, w/100)()
	s.line(inkDark.flat(), 10, -16, -46, 6, -40, 10, -20)
	s.line(shirt.flat(), 20, -14, -56, -8, -74)
	s.line(shirt.mix(inkDark, 0.2).flat(), 6, -8, -76, 2, -62, 14, -62)
	s.dot(inkSkin.flat(), -4, -94, 8.5)
	s.fill(bike.mix(inkDark, 0.2).flat(), outline{arc(-5, -96, 10, 10, 0.42, 1.02, 20)})
}

// tubeHouse draws a narrow town house with a shop below, w wide, standing at y.
func (s *sketch) tubeHouse(x, y, w float64, floors int, tint hue, kind int) {
	h := 96 + float64(floors)*76
	s.rect(tint.side(tint.mix(inkDark, 0.12), x, x+w), x, y-h, w, h)
	s.rect(tint.mix(inkWhite, 0.45).flat(), x-2, y-h-8, w+4, 12)
	switch kind % 3 {
	case 0:
		s.poly(inkClay.down(inkRed, y-h-50, y-h), x-4, y-h-6, x+w*0.2, y-h-50, x+w*0.8, y-h-50, x+w+4, y-h-6)
	case 1:
		s.fill(tint.mix(inkWhite, 0.3).flat(), outline{arc(x+w/2, y-h-6, w*0.34, 34, 0.5, 1, 24)})
		s.dot(inkBlue.over(0.6), x+w/2, y-h-18, 9)
	case 2:
		s.bush(x+w*0.3, y-h-6, 56, inkLeaf)
		s.round(inkSky.side(inkSlate, x+w*0.6, x+w*0.8), x+w*0.58, y-h-38, 32, 30, 10)
	}
	for f := range floors {
		s.tubeFloor(x, y-h+20+float64(f)*76, w, tint, kind+f)
	}
	s.shop(x, y, w, kind)
}

// tubeFloor draws the windows of one floor, some behind a balcony with plants.
func (s *sketch) tubeFloor(x, y, w float64, tint hue, kind int) {
	shutter := []hue{inkForest, inkBlue, inkWood, inkWater}[kind%4]
	for _, at := range []float64{0.14, 0.56} {
		wx := x + w*at
		s.rect(inkWhite.flat(), wx-2, y-2, w*0.3+4, 48)
		s.rect(hue(0x6f97ad).down(0x3f627c, y, y+46), wx, y, w*0.3, 44)
		s.rect(shutter.flat(), wx, y, w*0.075, 44)
		s.rect(shutter.flat(), wx+w*0.225, y, w*0.075, 44)
	}
	if kind%2 == 0 {
		return
	}
	for i := range 5 {
		s.bush(x+w*(0.16+0.17*float64(i)), y+36, 24, inkLeaf.mix(inkForest, s.rnd.Float64()))
	}
	s.rect(tint.mix(inkDark, 0.25).flat(), x+4, y+54, w-8, 7)
	for bx := x + 8; bx < x+w-8; bx += 16 {
		s.rect(inkDark.over(0.7), bx, y+34, 2.2, 21)
	}
	s.rect(inkDark.flat(), x+5, y+32, w-10, 3.5)
}

// shop draws a ground floor: its door, its goods and a striped awning.
func (s *sketch) shop(x, y, w float64, kind int) {
	s.rect(hue(0x4a4038).down(0x6b5a48, y-84, y), x+10, y-84, w-20, 84)
	s.rect(inkSun.over(0.28), x+10, y-84, w-20, 40)
	for i := range 5 {
		tint := []hue{inkRed, inkGold, inkLeaf, inkWater, inkSand}[(i+kind)%5]
		s.round(tint.flat(), x+16+float64(i)*(w-32)/5, y-54, (w-32)/5-4, 18, 3)
		s.round(tint.mix(inkWhite, 0.3).flat(), x+16+float64(4-i)*(w-32)/5, y-28, (w-32)/5-4, 26, 3)
	}
	tint := []hue{inkRed, inkBlue, inkForest, inkGold}[kind%4]
	n := 7
	step := (w + 4) / float64(n)
	for i := range n {
		stripe := inkWhite
		if i%2 == 0 {
			stripe = tint
		}
		sx := x - 2 + float64(i)*step
		s.poly(stripe.down(stripe.mix(inkDark, 0.12), y-104, y-70), sx+2, y-104, sx+step, y-104, sx+step, y-76, sx, y-76)
		s.fill(stripe.mix(inkDark, 0.1).flat(), outline{arc(sx+step/2, y-76, step/2, 8, 0, 0.5, 10)})
	}
}
