package drawing

import "math"

func (s *sketch) sceneHall() {
	s.backdrop(hue(0xe9d9bd).down(0xcdb68f, 0, 420))
	s.poly(hue(0xf6ecd6).down(0xe6d5b3, 0, 110), 0, 0, 1200, 0, 980, 96, 220, 96)
	for i := range 4 {
		y := 14 + float64(i)*20
		in := float64(i) * 46
		for k := range 6 {
			s.oval(inkWhite.flat(), 150+in+(900-2*in)*float64(k)/5, y, 20-float64(i)*3, 5-float64(i)*0.6)
		}
	}
	s.hallPanels()
	s.stage()
	s.poly(hue(0xa8804f).down(0x6b4a2e, 430, 675), 150, 436, 1050, 436, 1320, 680, -120, 680)
	s.poly(inkRed.down(inkRed.mix(inkDark, 0.35), 430, 675), 568, 436, 632, 436, 700, 680, 500, 680)
	for row := range 6 {
		t := float64(row) / 5
		s.seatRow(462+t*t*120+t*70, 0.42+0.74*t, row)
	}
}

// hallPanels draws the side walls with their wooden panels and lamps.
func (s *sketch) hallPanels() {
	for _, side := range []float64{1, -1} {
		back := s.place(600, 0, side)
		s.poly(hue(0xb98d5c).side(0x8a6238, 380, 600), 380, 96, 600, 0, 600, 560, 380, 436)
		for i := range 4 {
			x := 396 + float64(i)*52
			lift := (x - 380) * 0.43
			s.poly(hue(0xd2a873).down(0xa97c4a, 60, 460), x, 120-lift, x+38, 104-lift, x+38, 416+lift*1.25, x, 398+lift*1.25)
			s.glow(inkSun, 0.7, x+19, 190-lift*0.3, 34, 90)
			s.round(inkWhite.flat(), x+14, 180-lift*0.3, 10, 26, 4)
		}
		back()
	}
}

// stage draws the platform with curtain, table, lectern and flowers.
func (s *sketch) stage() {
	s.rect(inkRed.mix(inkDark, 0.25).down(inkRed.mix(inkDark, 0.45), 96, 390), 220, 96, 760, 300)
	for i := range 38 {
		x := 220 + float64(i)*20
		s.rect(inkRed.side(inkRed.mix(inkNight, 0.45), x, x+20), x, 96, 20, 296)
	}
	s.glow(inkSun, 0.35, 600, 220, 330, 190)
	s.round(inkBlue.down(inkBlue.mix(inkNight, 0.4), 140, 270), 410, 140, 380, 132, 8)
	s.ring(inkGold.flat(), 600, 206, 36, 5)
	for i := range 8 {
		a := float64(i) * math.Pi / 4
		s.line(inkGold.flat(), 5, 600+12*math.Cos(a), 206+12*math.Sin(a), 600+26*math.Cos(a), 206+26*math.Sin(a))
	}
	for _, w := range []float64{440, 660} {
		s.round(inkPaper.flat(), w, 190, 100, 8, 4)
		s.round(inkPaper.over(0.7), w+14, 208, 72, 7, 3.5)
		s.round(inkGold.flat(), w+28, 226, 44, 6, 3)
	}
	for i := range 10 {
		x := 220 + float64(i)*76
		s.fill(inkRed.mix(inkClay, 0.35).down(inkRed, 96, 140), outline{arc(x+38, 96, 38, 34, 0, 0.5, 20)})
		s.bow(inkGold.flat(), 4, x, 97, x+10, 117, x+38, 130, x+66, 117, x+76, 97)
	}
	s.rect(hue(0xc9935a).down(0x9a6638, 372, 400), 196, 372, 808, 26)
	s.rect(hue(0x7c5230).down(0x5e3d24, 398, 436), 196, 398, 808, 40)
	s.presidium()
}

// presidium draws the people at the table, the lectern and the flags beside them.
func (s *sketch) presidium() {
	for i := range 5 {
		s.person(500+float64(i)*50, 392, 86, []hue{inkWhite, inkBlue, inkSky, inkDark, inkWhite}[i], inkDark)
	}
	s.round(inkPaper.down(inkSand, 340, 386), 468, 338, 264, 58, 4)
	s.rect(inkGold.flat(), 468, 342, 264, 4)
	s.flowers(600, 334, 17)
	s.flowers(622, 336, 12)
	s.flowers(578, 336, 12)
	s.person(840, 384, 96, inkBlue, inkDark)
	s.poly(inkWood.side(inkBark, 816, 866), 814, 326, 868, 326, 860, 386, 822, 386)
	s.rect(inkGold.flat(), 810, 320, 62, 7)
	s.line(inkDark.flat(), 2, 850, 322, 846, 306)
	s.potPlant(282, 388, 92, inkGold)
	s.potPlant(920, 388, 92, inkGold)
	s.flag(340, 386, 140)
	for i := range 12 {
		s.flowers(230+float64(i)*26, 404, 12)
		s.flowers(970-float64(i)*26, 404, 12)
	}
}

// seatRow draws a row of seats seen from behind, with people in many of them.
func (s *sketch) seatRow(y, k float64, row int) {
	for i := range 7 {
		for _, side := range []float64{-1, 1} {
			x := 600 + side*k*(96+float64(i)*78)
			back := s.place(x, y, k)
			if (i*5+row*3+int(side))%4 != 0 {
				s.sitter([]hue{inkWhite, inkWater, inkSand, inkGold, inkSky, inkForest}[(i*7+row*5+int(side+1))%6])
			}
			s.round(inkRed.mix(inkClay, 0.2).down(inkRed.mix(inkNight, 0.35), -44, 44), -35, -44, 70, 90, 16)
			s.round(inkWhite.over(0.14), -29, -39, 58, 8, 4)
			s.rect(inkRed.mix(inkNight, 0.5).flat(), -37, 6, 5, 42)
			s.rect(inkRed.mix(inkNight, 0.5).flat(), 32, 6, 5, 42)
			back()
		}
	}
}

// sitter draws somebody who sits before us, seen from behind; the place is the chair's middle.
func (s *sketch) sitter(shirt hue) {
	s.round(shirt.side(shirt.mix(inkDark, 0.2), -27, 27), -28, -66, 56, 80, 20)
	s.rect(inkSkin.mix(inkDark, 0.15).flat(), -6, -76, 12, 14)
	s.head(0, -88, 17, inkBark.mix(inkDark, 0.75), true)
}

func (s *sketch) sceneClassroom() {
	s.backdrop(hue(0xf3ead4).down(0xe2d3b2, 0, 420))
	s.rect(hue(0xfbf7ec).flat(), 0, 0, pictureWidth, 46)
	for _, x := range []float64{250, 600, 950} {
		s.round(inkWhite.flat(), x-90, 30, 180, 12, 6)
		s.glow(inkSun, 0.28, x, 46, 160, 80)
	}
	for i := range 3 {
		s.classWindow(34+float64(i)*92, 96)
	}
	s.board()
	s.classDoor()
	s.poly(hue(0xc6a57a).down(0x8f6b45, 400, 675), 0, 404, 1200, 404, 1200, 680, 0, 680)
	for i := range 13 {
		x := 600 + (float64(i)-6)*100
		s.line(inkBark.over(0.2), 2, x, 404, 600+(x-600)*2.2, 690)
	}
	s.person(820, 442, 176, inkBlue, inkDark)
	s.line(inkWood.flat(), 4, 797, 358, 716, 268)
	s.round(inkWood.down(inkBark, 396, 450), 900, 388, 190, 14, 4)
	s.rect(inkWood.mix(inkBark, 0.4).flat(), 910, 402, 170, 48)
	s.flowers(930, 378, 14)
	s.round(inkDark.flat(), 990, 352, 60, 36, 4)
	for row := range 3 {
		t := float64(row) / 2
		for c := range 4 {
			x := 600 + (float64(c)-1.5)*(230+110*t)
			s.deskPair(x, 470+t*132, 0.66+0.46*t, row*4+c)
		}
	}
}

// classWindow draws a tall window with a view of leaves.
func (s *sketch) classWindow(x, y float64) {
	s.rect(inkWhite.flat(), x-6, y-6, 84, 212)
	s.rect(inkSky.down(inkPale, y, y+200), x, y, 72, 200)
	s.oval(inkLeaf.over(0.8), x+23, y+166, 23, 32)
	s.oval(inkForest.over(0.7), x+52, y+174, 20, 24)
	s.rect(inkLeaf.flat(), x, y+182, 72, 18)
	s.rect(inkWhite.flat(), x+33, y, 5, 200)
	s.rect(inkWhite.flat(), x, y+66, 72, 5)
	s.poly(inkWhite.over(0.25), x, y+110, x+66, y+10, x+72, y+10, x+72, y+36, x, y+150)
	s.rect(inkStone.flat(), x-10, y+204, 92, 9)
}

// board draws the green board with a chart, lines of chalk and a screen.
func (s *sketch) board() {
	s.shadow(0.25, 330, 104, 420, 220, 6, 14)
	s.round(inkWood.flat(), 326, 96, 428, 226, 6)
	s.rect(hue(0x2f6250).down(0x234a3e, 104, 314), 336, 106, 408, 206)
	for i, w := range []float64{150, 120, 136, 90} {
		s.round(inkWhite.over(0.75), 362, 138+float64(i)*30, w, 5, 2.5)
		s.dot(inkSun.flat(), 352, 140+float64(i)*30, 3.6)
	}
	s.line(inkWhite.over(0.8), 4, 556, 130, 556, 276, 716, 276)
	for i, h := range []float64{36, 60, 82, 118} {
		s.round([]hue{inkSky, inkSun, inkClay, inkWhite}[i].over(0.85), 572+float64(i)*36, 274-h, 24, h, 3)
	}
	s.round(inkBark.flat(), 336, 312, 408, 9, 3)
	s.round(inkWhite.flat(), 400, 307, 26, 6, 2)
	s.round(inkRed.flat(), 650, 304, 40, 9, 2)
}

func (s *sketch) classDoor() {
	s.rect(inkWood.down(inkBark, 140, 404), 1096, 140, 96, 266)
	s.rect(inkSky.flat(), 1112, 158, 64, 70)
	s.dot(inkGold.flat(), 1110, 286, 6)
	s.round(inkWhite.flat(), 812, 110, 120, 92, 4)
	s.ring(inkBlue.flat(), 1010, 150, 36, 7)
	s.dot(inkWhite.flat(), 1010, 150, 33)
	s.line(inkDark.flat(), 4, 1010, 128, 1010, 150, 1026, 158)
	for i := range 3 {
		s.round([]hue{inkRed, inkBlue, inkGold}[i].flat(), 826, 124+float64(i)*24, 22, 14, 3)
		s.round(inkStone.flat(), 856, 128+float64(i)*24, 60-float64(i)*10, 6, 3)
	}
}

// deskPair draws a desk with two learners seen from behind.
func (s *sketch) deskPair(x, y, k float64, seed int) {
	defer s.place(x, y, k)()
	s.glow(inkNight, 0.4, 0, 86, 150, 20)
	s.rect(inkBark.flat(), -118, -26, 8, 92)
	s.rect(inkBark.flat(), 110, -26, 8, 92)
	s.poly(hue(0xdcb27c).down(0xb98850, -48, -22), -112, -50, 112, -50, 126, -24, -126, -24)
	s.rect(inkWood.flat(), -126, -24, 252, 9)
	for i, dx := range []float64{-58, 58} {
		s.poly(inkWhite.flat(), dx-34, -46, dx+4, -46, dx+6, -32, dx-36, -32)
		back := s.place(dx, 34, 0.94)
		s.sitter([]hue{inkWhite, inkBlue, inkSky, inkRed, inkGold, inkWater, inkSand}[(seed*3+i*2)%7])
		s.round(inkWood.mix(inkGold, 0.25).down(inkBark, -20, 40), -30, -16, 60, 30, 8)
		s.rect(inkBark.flat(), -26, 12, 6, 48)
		s.rect(inkBark.flat(), 20, 12, 6, 48)
		back()
	}
}
