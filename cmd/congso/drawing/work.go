package drawing

import "strconv"

func (s *sketch) sceneCounter() {
	s.backdrop(hue(0xeef0ec).down(0xd9dcd4, 0, 460))
	s.rect(inkWhite.flat(), 0, 0, pictureWidth, 40)
	for i := range 5 {
		x := 60 + float64(i)*236
		s.round(inkSun.mix(inkWhite, 0.7).flat(), x, 22, 150, 14, 7)
		s.glow(inkSun, 0.25, x+75, 44, 150, 80)
	}
	s.rect(inkBlue.down(inkBlue.mix(inkNight, 0.4), 60, 330), 0, 60, pictureWidth, 290)
	for x := 0.0; x < pictureWidth; x += 60 {
		s.rect(inkWhite.over(0.04), x, 60, 2, 290)
	}
	s.rect(inkRed.flat(), 0, 60, pictureWidth, 12)
	s.rect(inkGold.flat(), 0, 72, pictureWidth, 3)
	numbers := []int{27, 118, 304, 45, 206}
	for i, n := range numbers {
		s.booth(120+float64(i)*240, i+1, n)
	}
	s.poly(hue(0xcfc6b4).down(0xa79d8a, 470, 675), 0, 470, 1200, 470, 1200, 680, 0, 680)
	for i := range 15 {
		x := 600 + (float64(i)-7)*110
		s.line(inkWhite.over(0.3), 2, x, 478, 600+(x-600)*1.7, 690)
	}
	s.rect(inkNight.down(inkNight, 474, 530).fade(0.3, 0), 0, 474, pictureWidth, 56)
	for i, at := range [][3]float64{{96, 548, 178}, {306, 552, 186}, {364, 560, 170}, {812, 550, 182}} {
		s.visitor(at[0], at[1], at[2], []hue{inkClay, inkWhite, inkGold, inkForest}[i])
	}
	s.waitingChairs()
	s.ticketMachine(1130, 640)
	s.potPlant(26, 668, 150, inkRed)
}

// booth draws one counter with its officer, glass and the screen with the number being served.
func (s *sketch) booth(x float64, place, serving int) {
	s.shadow(0.5, x-84, 100, 168, 76, 8, 10)
	s.round(inkDark.down(inkNight, 96, 176), x-86, 96, 172, 78, 8)
	s.round(hue(0x0f2a22).flat(), x-79, 103, 158, 64, 4)
	s.number(hue(0xf4635a).flat(), strconv.Itoa(serving), x+28, 119, 32)
	s.round(inkGold.flat(), x-68, 112, 44, 46, 8)
	s.number(inkNight.flat(), strconv.Itoa(place), x-46, 122, 26)
	s.rect(inkStone.flat(), x-3, 76, 6, 20)
	s.person(x-22, 420, 200, []hue{inkWhite, inkSky}[place%2], inkDark)
	s.round(inkDark.flat(), x+14, 306, 66, 46, 4)
	s.rect(inkSlate.flat(), x+42, 350, 10, 16)
	s.rect(inkPale.over(0.16), x-112, 206, 224, 156)
	s.poly(inkWhite.over(0.14), x-70, 206, x-20, 206, x-92, 362, x-112, 362, x-112, 300)
	s.rect(inkStone.flat(), x-116, 200, 5, 166)
	s.rect(inkStone.flat(), x+112, 200, 5, 166)
	s.rect(inkPaper.down(inkSand, 362, 480), x-120, 372, 240, 110)
	s.rect(inkWood.down(inkBark, 362, 378), x-120, 362, 240, 16)
	s.rect(inkRed.flat(), x-120, 392, 240, 5)
	s.dot(inkBlue.flat(), x+80, 434, 20)
	s.number(inkWhite.flat(), strconv.Itoa(place), x+80, 424, 20)
	s.rect(inkStone.flat(), x+118, 378, 4, 104)
	s.poly(inkWhite.flat(), x+70, 358, x+104, 358, x+98, 366, x+62, 366)
}

// visitor draws a person who stands with the back to us.
func (s *sketch) visitor(x, y, h float64, shirt hue) {
	s.person(x, y, h, shirt, inkDark)
	defer s.place(x, y, h/100)()
	s.rect(shirt.flat(), -6, -77, 12, 9)
	s.head(0, -88, 9.5, inkBark.mix(inkDark, 0.75), true)
}

// waitingChairs draws a row of chairs near us with a few people in them.
func (s *sketch) waitingChairs() {
	shirts := []hue{inkSky, inkRed, inkSand, inkWater}
	for i := range 7 {
		back := s.place(300+float64(i)*112, 640, 1.25)
		if i%2 == 0 {
			s.sitter(shirts[i/2])
		}
		s.round(inkWater.down(inkBlue, -40, 40), -40, -34, 80, 72, 12)
		s.round(inkWhite.over(0.18), -32, -28, 64, 7, 3)
		back()
	}
}

func (s *sketch) ticketMachine(x, y float64) {
	s.glow(inkNight, 0.5, x, y, 80, 14)
	s.round(inkRed.side(inkRed.mix(inkDark, 0.4), x-44, x+44), x-44, y-190, 88, 190, 12)
	s.round(inkWhite.flat(), x-32, y-172, 64, 70, 5)
	for i := range 3 {
		s.round([]hue{inkBlue, inkGold, inkForest}[i].flat(), x-25, y-163+float64(i)*20, 50, 14, 4)
	}
	s.rect(inkNight.flat(), x-22, y-84, 44, 8)
	s.rect(inkWhite.flat(), x-14, y-80, 28, 26)
	s.number(inkRed.flat(), "46", x, y-73, 12)
}

func (s *sketch) sceneComputers() {
	s.backdrop(hue(0xdfe8ec).down(0xc3d0d6, 0, 400))
	s.poly(hue(0xf7f8f4).down(0xe3e8e6, 0, 120), 0, 0, 1200, 0, 900, 110, 300, 110)
	for i := range 3 {
		t := float64(i) / 2
		w, y := 130-60*t, 24+t*62
		for _, side := range []float64{-1, 1} {
			s.round(inkWhite.flat(), 600+side*(300-150*t)-w, y, 2*w, 12-6*t, 5)
		}
	}
	for _, side := range []float64{1, -1} {
		back := s.place(600, 0, side)
		s.poly(hue(0xc9d6da).side(0xaebfc6, 300, 600), 300, 110, 600, 0, 600, 520, 300, 372)
		for i := range 3 {
			x := 336 + float64(i)*86
			d := (x - 300) * 0.366
			s.poly(inkWhite.flat(), x-4, 146-d*0.72, x+62, 128-d*0.72-14, x+62, 304+d*0.6, x-4, 286+d*0.4)
			s.poly(inkSky.down(inkPale, 80, 300), x, 150-d*0.72, x+58, 133-d*0.72-14, x+58, 296+d*0.6, x, 281+d*0.4)
			s.poly(inkLeaf.over(0.5), x, 250, x+58, 236, x+58, 296+d*0.6, x, 281+d*0.4)
		}
		back()
	}
	s.frontScreen()
	s.poly(hue(0x9fb0b8).down(0x6a7d88, 372, 675), 300, 372, 900, 372, 1420, 680, -220, 680)
	s.poly(inkBlue.over(0.25), 570, 372, 630, 372, 730, 680, 470, 680)
	for row := range 5 {
		t := float64(row) / 4
		s.computerRow(392+70*t+126*t*t, 0.36+0.84*t, row)
	}
}

// frontScreen draws the projected picture at the front with the teacher beside it.
func (s *sketch) frontScreen() {
	s.glow(inkWhite, 0.8, 600, 210, 300, 170)
	s.round(inkWhite.flat(), 430, 132, 340, 188, 5)
	s.rect(inkBlue.down(inkWater, 138, 314), 436, 138, 328, 176)
	s.round(inkWhite.flat(), 458, 160, 132, 132, 8)
	for i := range 6 {
		s.round(inkStone.flat(), 472, 176+float64(i)*18, []float64{100, 84, 96, 60, 90, 50}[i], 7, 3)
	}
	s.dot(inkGold.flat(), 672, 216, 46)
	s.line(inkWhite.flat(), 10, 650, 217, 667, 234, 698, 198)
	s.person(826, 386, 128, inkRed, inkDark)
	s.round(inkSlate.flat(), 350, 326, 56, 56, 4)
	s.round(inkDark.flat(), 356, 300, 44, 28, 3)
}

// computerRow draws a row of desks with monitors, seen from behind the learners.
func (s *sketch) computerRow(y, k float64, row int) {
	for _, side := range []float64{-1, 1} {
		back := s.place(600+side*k*340, y, k)
		s.glow(inkNight, 0.4, 0, 96, 290, 22)
		s.poly(inkPaper.down(inkSand, -6, 22), -262, -6, 262, -6, 272, 22, -272, 22)
		s.rect(inkStone.down(inkSlate, 22, 60), -272, 22, 544, 14)
		for i := range 4 {
			x := -198 + float64(i)*132
			s.monitor(x, 0, row+i)
			seat := s.place(x, 78, 0.98)
			if (row*3+i*2+int(side))%4 != 0 {
				s.sitter([]hue{inkWhite, inkSky, inkGold, inkRed, inkSand, inkWater, inkForest}[(row*5+i*3+int(side)+1)%7])
			}
			s.round(inkBlue.down(inkNight, -24, 40), -32, -26, 64, 54, 14)
			s.rect(inkDark.flat(), -4, 28, 8, 30)
			s.round(inkDark.flat(), -26, 54, 52, 7, 3)
			seat()
		}
		back()
	}
}

// monitor draws a screen with a form, a picture or a table on it, standing at x, y.
func (s *sketch) monitor(x, y float64, kind int) {
	s.rect(inkSlate.flat(), x-6, y-16, 12, 20)
	s.round(inkSlate.flat(), x-24, y, 48, 6, 3)
	s.round(inkDark.flat(), x-54, y-86, 108, 74, 5)
	s.rect(inkWhite.down(inkPale, y-80, y-18), x-48, y-80, 96, 62)
	s.rect([]hue{inkBlue, inkRed, inkForest}[kind%3].flat(), x-48, y-80, 96, 11)
	for i := range 3 {
		s.round(inkStone.flat(), x-40, y-62+float64(i)*13, []float64{46, 34, 40}[(i+kind)%3], 5, 2)
	}
	s.round([]hue{inkGold, inkWater, inkClay}[kind%3].flat(), x+14, y-62, 26, 32, 3)
}
