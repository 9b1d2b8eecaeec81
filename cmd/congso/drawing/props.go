package drawing

// signDocument draws a sheet with lines on it, h high, its middle at x, y.
func (s *sketch) signDocument(x, y, h float64, paper hue) {
	defer s.place(x, y, h/40)()
	s.poly(paper.flat(), -14, -20, 6, -20, 14, -12, 14, 20, -14, 20)
	s.poly(inkStone.flat(), 6, -20, 6, -12, 14, -12)
	for i, w := range []float64{13, 20, 20, 15} {
		s.round(inkSlate.over(0.75), -10, -9+float64(i)*7, w, 2.6, 1.3)
	}
}

// signBook draws an open book, r from its middle to its side.
func (s *sketch) signBook(x, y, r float64) {
	for _, side := range []float64{-1, 1} {
		s.poly(inkWhite.flat(), x+side*r*0.06, y-r*0.5, x+side*r, y-r*0.7, x+side*r, y+r*0.5, x+side*r*0.06, y+r*0.75)
		s.line(inkStone.flat(), r*0.08, x+side*r*0.25, y-r*0.25, x+side*r*0.8, y-r*0.37)
		s.line(inkStone.flat(), r*0.08, x+side*r*0.25, y+r*0.1, x+side*r*0.8, y-r*0.02)
	}
}

// archiveBox draws a document box seen from its back, with a label and a finger hole.
func (s *sketch) archiveBox(x, y, w, h float64, body, label hue) {
	r := min(w, h) * 0.08
	s.round(body.side(body.mix(inkDark, 0.18), x, x+w), x, y, w, h, r)
	s.rect(inkDark.over(0.14), x, y+h*0.2, w, max(1, h*0.05))
	s.round(label.flat(), x+w*0.28, y+h*0.34, w*0.44, h*0.24, r*0.6)
	s.dot(inkDark.over(0.55), x+w/2, y+h*0.78, h*0.08)
}

// person draws somebody who stands at x, y and faces us, h high.
func (s *sketch) person(x, y, h float64, shirt, trousers hue) {
	defer s.place(x, y, h/100)()
	s.glow(inkDark, 0.45, 0, 0, 26, 7)
	s.round(trousers.flat(), -11, -50, 10.5, 50, 4)
	s.round(trousers.mix(inkDark, 0.15).flat(), 0.5, -50, 10.5, 50, 4)
	s.torso(shirt)
	s.head(0, -88, 9.5, inkBark.mix(inkDark, 0.6), false)
}

// torso draws the upper body of a person of the height 100.
func (s *sketch) torso(shirt hue) {
	s.line(shirt.mix(inkDark, 0.16).flat(), 7.5, -13, -70, -16.5, -55, -15.5, -44)
	s.line(shirt.mix(inkDark, 0.16).flat(), 7.5, 13, -70, 16.5, -55, 15.5, -44)
	s.dot(inkSkin.flat(), -15.5, -42, 3.6)
	s.dot(inkSkin.flat(), 15.5, -42, 3.6)
	s.rect(inkSkin.mix(inkDark, 0.12).flat(), -3.5, -82, 7, 8)
	s.round(shirt.side(shirt.mix(inkDark, 0.14), -14, 16), -14, -77, 28, 37, 9)
	s.poly(inkWhite.over(0.85), -5, -77, 5, -77, 0, -69)
}

// head draws a head with hair; from behind there is hair alone.
func (s *sketch) head(x, y, r float64, hair hue, behind bool) {
	s.dot(inkSkin.flat(), x, y, r)
	if behind {
		s.oval(hair.side(hair.mix(inkWood, 0.25), x-r, x+r), x, y-r*0.06, r*1.07, r*1.02)
		return
	}
	s.fill(hair.flat(), outline{append(arc(x, y-r*0.1, r*1.08, r*1.05, 0.5, 1, 14), pt{x + r*0.5, y - r*0.42}, pt{x - r*0.3, y - r*0.52})})
}

// farmer draws a person with a conical hat, bent forward to the right by the share lean.
func (s *sketch) farmer(x, y, h float64, shirt hue, lean float64) {
	defer s.place(x, y, h/100)()
	hx, hy := 48*lean, -84+22*lean
	s.glow(inkDark, 0.4, 4, 0, 30, 8)
	s.line(inkDark.flat(), 11, -7, -4, -4, -42)
	s.line(inkDark.mix(inkSlate, 0.3).flat(), 11, 8, -4, 4, -42)
	s.line(shirt.flat(), 25, 0, -48, hx*0.8, hy+21)
	s.line(inkSkin.mix(inkDark, 0.15).flat(), 8, hx*0.85, hy+14, hx, hy+4)
	s.line(shirt.mix(inkDark, 0.2).flat(), 8, hx*0.75, hy+20, hx*0.8+10, hy+38, hx*0.8+20, hy+46)
	s.dot(inkSkin.flat(), hx, hy+3, 9)
	s.poly(inkSand.side(inkGold, hx-24, hx+24), hx-24, hy+2, hx, hy-19, hx+24, hy+2, hx, hy+6)
}

// flag draws a plain red flag on a pole, h high, the cloth waving to the right.
func (s *sketch) flag(x, y, h float64) {
	defer s.place(x, y, h/100)()
	s.rect(inkStone.side(inkSlate, -1, 1.2), -1, -100, 2.2, 100)
	s.dot(inkGold.flat(), 0, -101, 2)
	top := curved([]pt{{1, -97}, {14, -100}, {28, -95}, {42, -98}}, false)
	low := curved([]pt{{42, -70}, {28, -67}, {14, -72}, {1, -69}}, false)
	s.fill(inkRed.side(inkRed.mix(inkClay, 0.5), 1, 42), outline{append(top, low...)})
}

// lamp draws a street lamp with two arms.
func (s *sketch) lamp(x, y, h float64, light ink) {
	defer s.place(x, y, h/100)()
	s.rect(inkDark.flat(), -1.4, -96, 2.8, 96)
	s.bow(inkDark.flat(), 2.2, -14, -90, -8, -97, 0, -94, 8, -97, 14, -90)
	s.round(light, -18, -91, 9, 4.5, 2)
	s.round(light, 9, -91, 9, 4.5, 2)
}
