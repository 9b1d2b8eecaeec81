package drawing

func (s *sketch) sceneRiceFields() {
	s.backdrop(hue(0x7cb9dc).down(0xfaf0d4, 0, 330))
	s.glow(inkLight, 0.85, 250, 210, 460, 240)
	for _, c := range [][3]float64{{860, 130, 330}, {420, 100, 190}, {1120, 210, 200}, {130, 190, 160}} {
		s.cloud(c[0], c[1], c[2], 0.9, inkWhite)
	}
	s.hills(0xb6cfd2, 0x7ba28f, 262, 310, 42, 3)
	s.rect(inkLeaf.mix(inkForest, 0.4).flat(), 0, 318, pictureWidth, 30)
	for x := -10.0; x < 1210; x += 34 {
		s.bush(x+s.between(-10, 10), 330, s.between(40, 78), inkForest.mix(inkLeaf, s.rnd.Float64()))
	}
	for _, x := range []float64{96, 140, 930, 968, 1010} {
		s.palm(x, 330, s.between(90, 130), s.between(-8, 10), inkForest)
	}
	for i, x := range []float64{178, 222, 1050} {
		s.rect(inkPaper.flat(), x-17, 308, 34, 22)
		s.poly(inkClay.mix(inkRed, float64(i)/4).flat(), x-23, 310, x-10, 292, x+10, 292, x+23, 310)
	}
	s.paddies()
	s.buffalo(840, 450, 150)
	s.farmer(300, 560, 150, inkBlue, 0.7)
	s.farmer(440, 520, 118, inkRed, 0.75)
	s.farmer(560, 474, 88, inkWater, 0.6)
	for _, p := range [][3]float64{{700, 236, 44}, {760, 214, 34}, {664, 206, 28}} {
		s.bird(p[0], p[1], p[2], inkWhite)
	}
	s.riceEars()
}

// paddies draws the fields in perspective: their dykes run together at the horizon.
func (s *sketch) paddies() {
	edges := []float64{-3800, -1000, -380, 110, 480, 860, 1250, 1900, 4800}
	tints := []hue{0xb7c95f, 0xd2c65a, 0x9dbb5c, 0xc6cd68, 0xe0c95e, 0xa9c262, 0xbccb60, 0xd6c766}
	for i, tint := range tints {
		x0, x1 := edges[i], edges[i+1]
		h0, h1 := 600+(x0-600)*0.14, 600+(x1-600)*0.14
		s.poly(tint.mix(inkPaper, 0.3).down(tint.mix(inkLeaf, 0.35), 336, 675), h0, 336, h1, 336, x1, 680, x0, 680)
		for k := 1; k < 9; k++ {
			t := float64(k) / 9
			s.poly(inkForest.over(0.13), h0+(h1-h0)*t, 336, x0+(x1-x0)*(t+0.02), 680, x0+(x1-x0)*(t-0.02), 680)
		}
	}
	for i, x := range edges[1:8] {
		h := 600 + (x-600)*0.14
		s.poly(inkForest.mix(inkWood, 0.3*float64(i%2)).flat(), h-1, 336, h+1, 336, x+12, 680, x-12, 680)
	}
	for _, y := range []float64{352, 378, 424, 506} {
		s.rect(inkForest.over(0.75), 0, y, pictureWidth, 2+(y-340)*0.035)
	}
	s.poly(inkSky.side(inkPale, 0, 330), 604, 336, 612, 336, 760, 680, 640, 680)
	s.poly(inkWhite.over(0.4), 607, 336, 609, 336, 700, 680, 680, 680)
}

func (s *sketch) buffalo(x, y, w float64) {
	defer s.place(x, y, w/150)()
	body := hue(0x4a4a52)
	s.glow(inkNight, 0.5, 0, 0, 86, 11)
	for _, leg := range []float64{-48, -34, 26, 40} {
		s.round(body.mix(inkNight, 0.3).flat(), leg, -36, 11, 37, 4)
	}
	s.blob(body.down(body.mix(inkNight, 0.4), -82, -24), -60, -62, -30, -78, 10, -76, 46, -80, 58, -56, 40, -30, -10, -24, -52, -32)
	s.blob(body.flat(), 44, -72, 62, -84, 78, -74, 88, -54, 78, -46, 60, -54)
	s.bow(inkSand.flat(), 5, 62, -80, 48, -94, 54, -106)
	s.bow(inkSand.flat(), 5, 70, -80, 84, -94, 80, -107)
	s.bow(body.flat(), 4, -60, -62, -72, -46, -68, -30)
	s.dot(inkWhite.flat(), 73, -68, 2.4)
}

// riceEars draws the blades and ripe ears close to the reader.
func (s *sketch) riceEars() {
	for i := range 150 {
		x := float64(i)*8.2 + s.between(-5, 5)
		h := s.between(34, 92)
		lean := s.between(-26, 30)
		tint := inkRice.mix(inkForest, 0.7*s.rnd.Float64())
		s.bow(tint.flat(), 3.4, x, 685, x+lean*0.2, 685-h*0.6, x+lean, 685-h)
		if i%4 == 0 {
			for k := range 5 {
				s.oval(inkSun.mix(inkGold, 0.6).flat(), x+lean+float64(k)*2.6, 685-h+float64(k)*6, 3, 4.6)
			}
		}
	}
}
