package drawing

// An eye looks down the aisle of the archive: it turns a place in the room, in metres
// (to the right, up from the floor, ahead), into a place on the picture.
func eye(right, up, ahead float64) pt { return pt{600 + 560*right/ahead, 300 + 560*(1.62-up)/ahead} }

// wall gives the outline of an upright piece of the room along the aisle.
func wall(right, low, high, near, far float64) outline {
	return outline{{eye(right, high, near), eye(right, high, far), eye(right, low, far), eye(right, low, near)}}
}

func (s *sketch) sceneArchive() {
	s.backdrop(hue(0xd9d5c8).flat())
	s.fill(hue(0xf1eee4).down(0xdad6ca, 0, 300), outline{{eye(-3, 3.1, 0.8), eye(3, 3.1, 0.8), eye(3, 3.1, 16), eye(-3, 3.1, 16)}})
	s.fill(hue(0xb9c2c0).down(0x7f8c8f, 340, 675), outline{{eye(-3, 0, 0.9), eye(3, 0, 0.9), eye(3, 0, 16), eye(-3, 0, 16)}})
	end := eye(-1.4, 2.9, 16)
	s.rect(inkBlue.mix(inkPale, 0.45).flat(), end.x-20, end.y-10, 2*(600-end.x)+40, 120)
	s.glow(inkWhite, 0.9, 600, 300, 120, 100)
	for i := range 7 {
		z := 1.6 + float64(i)*2
		s.fill(inkWhite.flat(), outline{{eye(-0.5, 3.08, z), eye(0.5, 3.08, z), eye(0.5, 3.08, z+0.9), eye(-0.5, 3.08, z+0.9)}})
		g := eye(0, 0, z+0.6)
		s.glow(inkWhite, 0.35, 600, g.y, 420/z, 70/z)
	}
	for bay := 7; bay >= 0; bay-- {
		for _, side := range []float64{-1, 1} {
			s.shelfBay(side*1.35, 1.05+float64(bay)*1.3, bay)
		}
	}
	s.ladder()
	s.person(690, 516, 212, inkSky, inkBlue)
	s.round(inkWood.flat(), 676, 388, 60, 44, 4)
	s.archiveBox(672, 384, 62, 46, inkGold.mix(inkWood, 0.35), inkWhite)
	s.trolley(470, 634)
}

// shelfBay draws the boxes and the frame of one bay of shelves, hazier the farther it is.
func (s *sketch) shelfBay(right, ahead float64, bay int) {
	haze := min(0.85, float64(bay)*0.13)
	veil := hue(0xd9d5c8)
	s.fill(inkDark.mix(veil, haze).flat(), wall(right, 0.05, 2.75, ahead, ahead+1.25))
	for level := range 5 {
		low := 0.12 + float64(level)*0.53
		for i := range 4 {
			near := ahead + 0.05 + float64(i)*0.29
			body := []hue{0xc49a5a, 0xb98a4c, 0xa97f4a, 0x8c6a44, 0x3e5f80}[(bay*7+level*5+i*3)%5]
			label := inkWhite
			if (bay+level+i)%6 == 0 {
				label = inkRice
			}
			body, label = body.mix(veil, haze), label.mix(veil, haze*0.9)
			s.fill(body.down(body.mix(inkDark, 0.22), eye(0, low+0.41, near).y, eye(0, low, near).y), wall(right, low, low+0.41, near, near+0.265))
			if bay < 4 {
				s.fill(label.flat(), wall(right, low+0.17, low+0.27, near+0.08, near+0.19))
			}
		}
		s.fill(inkSlate.mix(veil, haze).flat(), wall(right, low-0.05, low, ahead, ahead+1.25))
	}
	frame := inkSlate.mix(inkWhite, 0.2).mix(veil, haze)
	s.fill(frame.flat(), wall(right*0.985, 0, 2.78, ahead+1.2, ahead+1.26))
	s.fill(frame.flat(), wall(right*0.985, 0, 2.78, ahead, ahead+0.06))
}

// ladder draws a library ladder that leans on the left shelf.
func (s *sketch) ladder() {
	a, b := eye(-0.75, 0, 2.9), eye(-0.98, 2.2, 3.1)
	c, d := eye(-0.45, 0, 2.9), eye(-0.72, 2.2, 3.1)
	for i := range 8 {
		t := 0.06 + float64(i)/8.2
		s.line(inkGold.flat(), 5, a.x+(b.x-a.x)*t, a.y+(b.y-a.y)*t, c.x+(d.x-c.x)*t, c.y+(d.y-c.y)*t)
	}
	s.line(inkWood.flat(), 8, a.x, a.y, b.x, b.y)
	s.line(inkWood.mix(inkGold, 0.3).flat(), 8, c.x, c.y, d.x, d.y)
}

// trolley draws a cart with boxes.
func (s *sketch) trolley(x, y float64) {
	s.glow(inkNight, 0.55, x, y+4, 150, 18)
	for _, wheel := range []float64{-76, 76} {
		s.dot(inkDark.flat(), x+wheel, y-8, 12)
		s.dot(inkStone.flat(), x+wheel, y-8, 5)
	}
	for i := range 3 {
		s.archiveBox(x-88+float64(i)*60, y-78, 56, 52, []hue{inkGold, 0xb98a4c, inkBlue}[i].mix(inkWood, 0.2), inkWhite)
	}
	s.archiveBox(x-58, y-128, 56, 48, inkWood.mix(inkGold, 0.3), inkRice)
	s.archiveBox(x+2, y-128, 56, 48, inkGold.mix(inkWood, 0.5), inkWhite)
	s.round(inkSlate.flat(), x-104, y-28, 208, 12, 5)
	s.line(inkSlate.flat(), 8, x+98, y-26, x+112, y-136, x+132, y-140)
	s.line(inkWhite.over(0.3), 3, x-100, y-26, x+100, y-26)
}
