package drawing

import "strconv"

func (s *sketch) diagramProcess() {
	s.backdrop(inkPaper.down(inkSand, 0, pictureHeight))
	s.oval(inkGold.over(0.1), 140, 90, 300, 210)
	s.oval(inkBlue.over(0.06), 1090, 630, 420, 260)
	tints := []hue{inkBlue, inkWater.mix(inkBlue, 0.3), inkForest, inkGold.mix(inkWood, 0.2), inkRed}
	signs := []func(x, y float64){s.stepFile, s.stepCounter, s.stepCheck, s.stepSeal, s.stepHandOver}
	for i, tint := range tints {
		x, y := 48+float64(i)*228, 236-26*float64(i%2*2-1)
		if i < 4 {
			s.stepArrow(x+112, y-12, x+304, y-12+52*float64(i%2*2-1), tints[i+1])
		}
		s.shadow(0.3, x, y+12, 192, 290, 24, 22)
		s.round(inkWhite.down(inkPaper, y, y+290), x, y, 192, 290, 24)
		s.fill(tint.down(tint.mix(inkDark, 0.25), y+200, y+290), outline{append(roundBox(x, y+200, 192, 90, 24)[9:27], pt{x, y + 200}, pt{x + 192, y + 200})})
		s.number(inkWhite.flat(), strconv.Itoa(i+1), x+96, y+226, 40)
		s.dot(tint.over(0.13), x+96, y+102, 74)
		signs[i](x+96, y+102)
	}
	s.round(inkStone.over(0.5), 160, 586, 880, 6, 3)
	for i, tint := range tints {
		s.dot(inkWhite.flat(), 144+float64(i)*228, 589, 15)
		s.dot(tint.flat(), 144+float64(i)*228, 589, 10)
	}
}

// stepArrow draws a bowed arrow between two boxes.
func (s *sketch) stepArrow(x0, y0, x1, y1 float64, tint hue) {
	peak := min(y0, y1) - 66
	s.bow(tint.flat(), 7, x0, y0, x0+50, peak+6, x1-60, peak, x1-4, y1-18)
	s.poly(tint.flat(), x1-26, y1-22, x1+12, y1-36, x1+4, y1+4)
}

func (s *sketch) stepFile(x, y float64) {
	s.signDocument(x+12, y-6, 84, inkSand)
	s.signDocument(x-6, y+4, 92, inkWhite.mix(inkSand, 0.25))
	s.line(inkBlue.flat(), 8, x+24, y+36, x+46, y+4)
	s.poly(inkGold.flat(), x+20, y+34, x+28, y+39, x+18, y+47)
}

func (s *sketch) stepCounter(x, y float64) {
	s.person(x-4, y+52, 100, inkBlue, inkDark)
	s.round(inkWood.down(inkBark, y+14, y+56), x-56, y+14, 112, 42, 6)
	s.round(inkGold.flat(), x-60, y+8, 120, 10, 5)
	s.signDocument(x+34, y+1, 26, inkWhite)
}

func (s *sketch) stepCheck(x, y float64) {
	s.signDocument(x-8, y, 96, inkWhite.mix(inkSand, 0.35))
	s.line(inkDark.flat(), 11, x+32, y+32, x+50, y+50)
	s.dot(inkPale.flat(), x+18, y+16, 25)
	s.ring(inkForest.flat(), x+18, y+16, 25, 8)
	s.line(inkForest.flat(), 7, x+7, y+17, x+15, y+25, x+29, y+8)
}

func (s *sketch) stepSeal(x, y float64) {
	s.signDocument(x-10, y+6, 92, inkWhite.mix(inkSand, 0.35))
	s.ring(inkRed.over(0.8), x+12, y+30, 18, 5)
	s.dot(inkRed.over(0.8), x+12, y+30, 8)
	s.round(inkWood.side(inkBark, x, x+52), x+10, y-52, 30, 26, 13)
	s.poly(inkWood.side(inkBark, x, x+52), x+19, y-34, x+31, y-34, x+34, y-10, x+16, y-10)
	s.round(inkGold.flat(), x+2, y-14, 46, 15, 5)
}

func (s *sketch) stepHandOver(x, y float64) {
	s.round(inkSand.flat(), x-52, y-30, 104, 68, 8)
	s.poly(inkWhite.flat(), x-40, y-50, x+40, y-50, x+40, y+14, x-40, y+14)
	for i := range 3 {
		s.round(inkStone.flat(), x-28, y-38+float64(i)*13, 56-float64(i)*12, 5, 2.5)
	}
	s.poly(inkSand.mix(inkGold, 0.2).flat(), x-52, y-16, x, y+16, x+52, y-16, x+52, y+38, x-52, y+38)
	s.poly(inkSand.mix(inkGold, 0.4).flat(), x-52, y+38, x-8, y+8, x+8, y+8, x+52, y+38)
	s.dot(inkRed.flat(), x+40, y+32, 20)
	s.line(inkWhite.flat(), 6, x+31, y+32, x+38, y+39, x+50, y+25)
}

func (s *sketch) diagramHall() {
	s.backdrop(hue(0xd8dde0).down(0xc6cdd2, 0, pictureHeight))
	s.shadow(0.4, 90, 66, 1020, 560, 6, 26)
	s.rect(inkPaper.down(hue(0xeee6d6), 60, 610), 90, 60, 1020, 550)
	for x := 90.0; x < 1110; x += 34 {
		s.rect(inkSand.over(0.5), x, 60, 1, 550)
	}
	for y := 60.0; y < 610; y += 34 {
		s.rect(inkSand.over(0.5), 90, y, 1020, 1)
	}
	s.hallCounters()
	s.hallSeats()
	s.hallRooms()
	s.hallWalls()
	s.dashes(inkRed.flat(), 6, 12, curved([]pt{{600, 598}, {584, 556}, {496, 536}, {468, 450}, {474, 344}, {546, 288}}, false))
	s.poly(inkRed.flat(), 537, 279, 565, 275, 551, 300)
}

// hallCounters draws the bow of eight numbered counters with their officers.
func (s *sketch) hallCounters() {
	for i := range 8 {
		x := 330 + float64(i)*78
		lift := (float64(i) - 3.5) * (float64(i) - 3.5) * 3.2
		y := 182 + lift
		s.shadow(0.3, x-34, y+4, 66, 36, 8, 8)
		s.round(inkWood.down(inkBark, y, y+36), x-34, y, 66, 36, 8)
		s.round(inkGold.flat(), x-34, y+28, 66, 8, 4)
		s.round(inkDark.flat(), x-14, y+5, 26, 8, 3)
		s.dot(inkBlue.flat(), x-1, y-16, 13)
		s.dot(inkBark.flat(), x-1, y-17, 8)
		s.dot(inkBlue.mix(inkRed, float64(i%2)).flat(), x-1, y+66, 15)
		s.number(inkWhite.flat(), strconv.Itoa(i+1), x-1, y+58, 16)
	}
}

// hallSeats draws the rows of chairs for those who wait, some of them taken.
func (s *sketch) hallSeats() {
	for row := range 4 {
		for i := range 11 {
			if i == 5 {
				continue
			}
			x, y := 524+float64(i)*32, 360+float64(row)*42
			s.round(inkWater.down(inkBlue, y, y+26), x, y, 26, 24, 7)
			s.round(inkBlue.flat(), x, y+18, 26, 8, 4)
			if (i*7+row*5)%4 == 0 {
				s.dot(inkClay.mix(inkGold, s.rnd.Float64()).flat(), x+13, y+9, 12)
				s.dot(inkDark.flat(), x+13, y+8, 7.5)
			}
		}
	}
}

// hallRooms draws the guide's desk, ticket machine, writing tables, stairs, lift and plants.
func (s *sketch) hallRooms() {
	s.rect(hue(0xe4dccb).flat(), 90, 60, 178, 250)
	s.rect(hue(0xdfe7e6).flat(), 946, 60, 164, 220)
	for i := range 9 {
		s.rect(inkStone.over(0.45+0.05*float64(i)), 104, 76+float64(i)*20, 110, 16)
	}
	s.round(inkWhite.flat(), 974, 90, 108, 84, 6)
	s.round(inkSlate.flat(), 984, 100, 88, 64, 4)
	s.signDocument(1028, 132, 44, inkWhite)
	s.ring(inkWood.flat(), 250, 470, 62, 30)
	s.dot(inkBlue.flat(), 250, 470, 17)
	s.dot(inkBark.flat(), 250, 469, 11)
	s.round(inkRed.flat(), 396, 540, 34, 34, 7)
	s.round(inkWhite.flat(), 403, 547, 20, 13, 3)
	for i := range 3 {
		y := 344 + float64(i)*66
		s.round(inkWood.side(inkBark, 976, 1060), 986, y, 74, 40, 8)
		s.round(inkWhite.flat(), 996, y+8, 22, 24, 2)
		s.dot(inkClay.flat(), 1078, y+20, 11)
		s.dot(inkDark.flat(), 1078, y+20, 7)
	}
	for _, p := range [][2]float64{{128, 572}, {1072, 572}, {306, 90}, {906, 90}, {128, 344}, {700, 574}} {
		s.dot(inkForest.flat(), p[0], p[1], 22)
		for i := range 6 {
			leaf := arc(p[0], p[1], 13, 13, float64(i)/6, float64(i)/6, 1)[0]
			s.dot(inkLeaf.mix(inkRice, float64(i%3)/3).flat(), leaf.x, leaf.y, 9)
		}
	}
}

// hallWalls draws the walls with windows and the doors with the arcs they swing through.
func (s *sketch) hallWalls() {
	for _, w := range [][4]float64{{82, 52, 1036, 16}, {82, 52, 16, 566}, {1102, 52, 16, 566}, {82, 602, 448, 16}, {670, 602, 448, 16}, {260, 60, 10, 150}, {260, 270, 10, 46}, {90, 308, 60, 10}, {210, 308, 60, 10}, {940, 60, 10, 70}, {940, 190, 10, 96}, {940, 280, 170, 10}} {
		s.rect(inkDark.flat(), w[0], w[1], w[2], w[3])
	}
	for i := range 6 {
		s.rect(inkSky.flat(), 330+float64(i)*98, 56, 66, 8)
	}
	for i := range 2 {
		s.rect(inkSky.flat(), 86, 380+float64(i)*100, 8, 66)
		s.rect(inkSky.flat(), 1106, 340+float64(i)*110, 8, 66)
	}
	for _, d := range []float64{-1, 1} {
		hinge := 600 + d*70
		s.fill(inkSlate.flat(), stroked(arc(hinge, 602, 70, 70, 0.75, 0.625+0.125-d*0.25, 20), 2))
		s.line(inkClay.flat(), 6, hinge, 602, hinge, 532)
	}
	s.rect(inkGold.over(0.35), 530, 602, 140, 16)
}
