package drawing

import "math"

// bunting hangs a string of small pennants between two places, sagging in the middle.
func (s *sketch) bunting(x0, y0, x1, y1, sag float64, n int, size float64) {
	at := func(t float64) pt { return pt{x0 + (x1-x0)*t, y0 + (y1-y0)*t + sag*4*t*(1-t)} }
	var cord []pt
	for i := range 41 {
		cord = append(cord, at(float64(i)/40))
	}
	tints := []hue{inkRed, inkGold, inkBlue, inkWhite, inkForest, inkClay, inkWater}
	for i := range n {
		t := (float64(i) + 0.5) / float64(n)
		p, sway := at(t), s.between(-0.16, 0.16)*size
		tint := tints[i%len(tints)]
		s.poly(tint.down(tint.mix(inkDark, 0.2), p.y, p.y+size), p.x-size*0.38, p.y, p.x+size*0.38, p.y, p.x+sway, p.y+size)
	}
	s.fill(inkBark.flat(), stroked(cord, 3))
}

// blossom draws a flower with petals around a heart.
func (s *sketch) blossom(x, y, r float64, petal, heart hue, n int) {
	for ring := range 2 {
		size := r * (1 - 0.32*float64(ring))
		tint := petal.mix(inkWhite, 0.22*float64(ring))
		var o outline
		for i := range n {
			a := 2*math.Pi*(float64(i)+0.5*float64(ring))/float64(n) + x
			tip := pt{x + size*math.Cos(a), y + size*math.Sin(a)}
			w := size * 2.4 / float64(n)
			nx, ny := -math.Sin(a)*w, math.Cos(a)*w
			o = append(o, curved([]pt{{x, y}, {x + (tip.x-x)*0.65 + nx, y + (tip.y-y)*0.65 + ny}, tip, {x + (tip.x-x)*0.65 - nx, y + (tip.y-y)*0.65 - ny}}, true))
		}
		s.fill(tint.flat(), o)
	}
	s.dot(heart.flat(), x, y, r*0.28)
	s.dot(heart.mix(inkWhite, 0.4).flat(), x-r*0.06, y-r*0.06, r*0.13)
}

// flowerPot draws a pot full of blossoms, w wide.
func (s *sketch) flowerPot(x, y, w float64, pot, petal hue) {
	defer s.place(x, y, w/100)()
	s.glow(inkNight, 0.5, 0, 0, 70, 11)
	s.bush(0, -52, 124, inkLeaf)
	for i := range 6 {
		a := float64(i) * 0.9
		bx, by := 44*math.Cos(a*1.7)*math.Sqrt(float64(i+1)/6), -96+32*math.Sin(a*2.3)
		s.blossom(bx, by, 22, petal, inkGold.mix(inkWood, 0.3), 5)
	}
	s.poly(pot.side(pot.mix(inkDark, 0.4), -46, 46), -46, -62, 46, -62, 34, 0, -34, 0)
	s.round(pot.mix(inkWhite, 0.14).side(pot.mix(inkDark, 0.25), -50, 50), -50, -70, 100, 16, 5)
	s.rect(inkGold.over(0.8), -41, -36, 82, 5)
}

func (s *sketch) sceneFlags() {
	s.backdrop(hue(0x6fb1d9).down(0xfdf0d8, 0, 470))
	s.glow(inkLight, 0.85, 600, 300, 620, 260)
	s.cloud(220, 190, 260, 0.8, inkWhite)
	s.cloud(990, 230, 240, 0.8, inkWhite)
	for x := -30.0; x < 1240; x += 126 {
		s.tree(x, 500, s.between(150, 210), inkLeaf.mix(inkForest, s.rnd.Float64()).mix(inkPale, 0.25))
	}
	s.office(600, 500, 0.86, facade{0xf4e6c8, 0xe0cda6, 0xa83a35, inkWhite, 0x86b1c8, 0})
	s.rect(hue(0xe6dcc6).down(0xc2b59b, 500, 675), 0, 498, pictureWidth, 180)
	s.poly(inkRed.down(inkRed.mix(inkDark, 0.25), 510, 675), 520, 512, 680, 512, 800, 680, 400, 680)
	s.rect(inkStone.side(inkSlate, 597, 604), 597, 44, 6, 147)
	s.bunting(-20, 60, 600, 50, 120, 13, 54)
	s.bunting(600, 50, 1220, 60, 120, 13, 54)
	s.dot(inkGold.flat(), 600, 44, 9)
	s.bunting(-20, 190, 463, 244, 42, 11, 42)
	s.bunting(737, 244, 1220, 190, 42, 11, 42)
	for _, side := range []float64{-1, 1} {
		back := s.place(600, 0, side)
		for i := range 3 {
			x := 190 + float64(i)*130
			s.flag(x, 560+float64(i)*16, 262+float64(i)*40)
		}
		back()
	}
	petals := []hue{inkGold, 0xd9607f, inkSun, inkRed, inkWhite, 0xe58a4c}
	for i := range 2 {
		s.flowerPot(336+float64(i)*104, 594, 84, inkBlue, petals[(i*4)%6])
		s.flowerPot(864-float64(i)*104, 594, 84, inkBlue, petals[(i*4)%6])
	}
	for i := range 3 {
		s.flowerPot(38+float64(i)*144, 672, 134, inkClay, petals[(i*2+1)%6])
		s.flowerPot(1162-float64(i)*144, 672, 134, inkClay, petals[(i*2+1)%6])
	}
	s.crowd([][3]float64{{560, 540, 88}, {640, 544, 90}, {604, 568, 60}})
}

func (s *sketch) sceneAwards() {
	s.backdrop(inkRed.mix(inkNight, 0.35).down(inkRed.mix(inkNight, 0.15), 0, 480))
	for i := range 30 {
		x := float64(i) * 40
		s.rect(inkRed.side(inkRed.mix(inkNight, 0.5), x, x+40), x, 0, 40, 480)
	}
	for _, x := range []float64{180, 600, 1020} {
		s.poly(inkSun.down(inkSun, 0, 480).fade(0.34, 0.02), x-26, 0, x+26, 0, 600+(x-600)*0.5+150, 480, 600+(x-600)*0.5-150, 480)
	}
	for i := range 8 {
		x := float64(i) * 150
		s.fill(inkRed.mix(inkClay, 0.3).down(inkRed, 0, 74), outline{arc(x+75, 0, 76, 62, 0, 0.5, 24)})
		s.bow(inkGold.flat(), 6, x, 0, x+18, 38, x+75, 61, x+132, 38, x+150, 0)
	}
	s.rect(hue(0xb98550).down(0x75492b, 470, 675), 0, 470, pictureWidth, 210)
	for i := range 8 {
		s.rect(inkBark.over(0.28), 0, 480+float64(i*i)*3.4+float64(i)*6, pictureWidth, 2)
	}
	s.glow(inkSun, 0.5, 600, 560, 560, 100)
	s.laurel(600, 190, 150)
	s.awardStep(390, 430, 190, "2")
	s.awardStep(810, 460, 190, "3")
	s.awardStep(600, 370, 230, "1")
	s.trophy(390, 430, 128, inkStone.mix(inkWhite, 0.3))
	s.trophy(810, 460, 116, inkClay.mix(inkGold, 0.35))
	s.trophy(600, 370, 178, inkGold)
	s.person(206, 598, 230, inkWhite, inkDark)
	s.round(inkGold.flat(), 176, 446, 62, 46, 3)
	s.round(inkPaper.flat(), 182, 452, 50, 34, 2)
	s.dot(inkRed.flat(), 207, 469, 9)
	s.person(1000, 598, 226, inkBlue, inkDark)
	for range 9 {
		s.blossom(1000+s.between(-26, 26), 460+s.between(-20, 18), 13, []hue{inkGold, inkWhite, 0xd9607f}[s.rnd.IntN(3)], inkClay, 8)
	}
	s.poly(inkForest.flat(), 982, 474, 1018, 474, 1004, 510, 996, 510)
	s.confetti()
	s.flowerPot(64, 664, 116, inkBlue, inkGold)
	s.flowerPot(1136, 664, 116, inkBlue, inkGold)
}

// awardStep draws one step of the podium with its number.
func (s *sketch) awardStep(x, y, w float64, text string) {
	s.shadow(0.5, x-w/2, y+8, w, 602-y, 6, 18)
	s.rect(inkPaper.side(inkSand, x-w/2, x+w/2), x-w/2, y, w, 602-y)
	s.rect(inkWhite.flat(), x-w/2-8, y-10, w+16, 18)
	s.rect(inkGold.flat(), x-w/2, y+8, w, 5)
	s.dot(inkRed.flat(), x, y+(602-y)*0.52, 42)
	s.ring(inkGold.flat(), x, y+(602-y)*0.52, 42, 4)
	s.number(inkWhite.flat(), text, x, y+(602-y)*0.52-22, 44)
}

// trophy draws a cup with two handles on a dark foot, h high.
func (s *sketch) trophy(x, y, h float64, metal hue) {
	defer s.place(x, y-10, h/100)()
	shine := metal.mix(inkDark, 0.35)
	s.glow(inkSun, 0.45, 0, -56, 70, 70)
	for _, side := range []float64{-1, 1} {
		s.bow(shine.flat(), 5, side*24, -88, side*44, -86, side*42, -62, side*18, -48)
	}
	s.blob(metal.mix(inkWhite, 0.3).side(shine, -26, 30), -30, -96, 30, -96, 27, -66, 8, -42, -8, -42, -27, -66)
	s.oval(shine.mix(inkDark, 0.25).flat(), 0, -97, 30, 5.5)
	s.oval(metal.flat(), 0, -98, 30, 5)
	s.poly(metal.side(shine, -8, 8), -5, -44, 5, -44, 9, -20, -9, -20)
	s.round(inkDark.flat(), -24, -21, 48, 21, 3)
	s.round(inkGold.flat(), -15, -15, 30, 8, 2)
	s.bow(inkWhite.over(0.7), 4, -18, -88, -17, -72, -10, -58)
	s.star(0, -72, 12, inkRed)
}

func (s *sketch) star(x, y, r float64, tint hue) {
	var ring []pt
	for i := range 10 {
		a, size := math.Pi*(float64(i)/5-0.5), r
		if i%2 == 1 {
			size = r * 0.42
		}
		ring = append(ring, pt{x + size*math.Cos(a), y + size*math.Sin(a)})
	}
	s.fill(tint.flat(), outline{ring})
}

// laurel draws two branches around a place, open above.
func (s *sketch) laurel(x, y, r float64) {
	for _, side := range []float64{-1, 1} {
		back := s.place(x, y, side)
		for i := range 11 {
			a := math.Pi * (0.46 - float64(i)*0.075)
			px, py := r*math.Cos(a), r*math.Sin(a)
			for _, turn := range []float64{-0.9, 0.75} {
				b := a - math.Pi/2 + turn
				lx, ly := px+34*math.Cos(b), py+34*math.Sin(b)
				mx, my := (px+lx)/2, (py+ly)/2
				nx, ny := 8*math.Sin(b), -8*math.Cos(b)
				s.fill(inkGold.mix(inkSun, 0.06*float64(i)).flat(), outline{curved([]pt{{px, py}, {mx + nx, my + ny}, {lx, ly}, {mx - nx, my - ny}}, true)})
			}
		}
		s.fill(inkGold.mix(inkWood, 0.3).flat(), stroked(arc(0, 0, r, r, 0.245, -0.16, 30), 4))
		back()
	}
}

func (s *sketch) confetti() {
	tints := []hue{inkGold, inkSun, inkWhite, inkSky, inkClay}
	for i := range 110 {
		x, y := s.between(0, 1200), s.between(60, 600)
		if math.Abs(x-600) < 330 && y > 240 {
			continue
		}
		a, r := s.between(0, 3.14), s.between(4, 8)
		dx, dy := r*math.Cos(a), r*math.Sin(a)
		s.poly(tints[i%5].over(0.9), x-dx, y-dy, x+dy*0.5, y-dx*0.5, x+dx, y+dy, x-dy*0.5, y+dx*0.5)
	}
}
