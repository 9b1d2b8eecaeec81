package drawing

import "math"

// hills draws ranges behind one another, each hazier the farther it is.
func (s *sketch) hills(far, near hue, top, bottom, height float64, layers int) {
	for i := range layers {
		t := float64(i) / float64(layers-1)
		y := top + (bottom-top)*t*0.8
		tint := far.mix(near, t)
		s.fill(tint.down(tint.mix(far, 0.55), y-height, y+height*1.6), s.ridge(y, height*(0.7+0.4*t), 130+90*t, pictureHeight+5))
	}
}

func (s *sketch) sceneMountains() {
	s.backdrop(hue(0x8fb8d6).down(0xf7e6cf, 0, 430))
	s.glow(inkWhite, 0.8, 300, 200, 420, 260)
	s.cloud(950, 120, 260, 0.75, inkWhite)
	s.cloud(180, 96, 180, 0.55, inkWhite)
	s.peaks(330, 200, 190, 0x9cb9cc, 0.5)
	s.mist(400)
	s.peaks(430, 215, 230, 0x6f97a5, 0.62)
	s.mist(470)
	s.peaks(520, 150, 260, 0x467a78, 0.7)
	s.mist(540)
	s.fill(inkLeaf.mix(inkForest, 0.5).down(inkPine, 470, 675), s.ridge(530, 34, 190, 690))
	s.terraces()
	for range 60 {
		x := s.between(-10, 1210)
		y := 545 + 60*s.rnd.Float64()
		if x > 380 && x < 900 {
			continue
		}
		s.pine(x, y, s.between(44, 96), inkForest.mix(inkPine, s.rnd.Float64()))
	}
	s.stiltHouse(560, 560, 104)
	s.stiltHouse(724, 584, 84)
	s.bow(inkWhite.over(0.4), 4, 598, 462, 606, 438, 594, 414, 608, 384)
	for x := -20.0; x < 1230; x += 46 {
		s.pine(x+s.between(-14, 14), 700, s.between(84, 150), inkPine.mix(inkDark, 0.25*s.rnd.Float64()))
	}
	s.bird(760, 200, 34, inkSlate)
	s.bird(810, 224, 24, inkSlate)
}

// peaks draws a chain of pointed mountains with a lit and a shaded side.
func (s *sketch) peaks(foot, height, gap float64, tint hue, rough float64) {
	for x := s.between(-160, -40); x < pictureWidth+160; x += gap * s.between(0.6, 1) {
		h, w := height*s.between(rough, 1.15), gap*s.between(0.9, 1.3)
		lit := tint.mix(inkWhite, 0.2)
		s.poly(tint.down(tint.mix(inkPale, 0.7), foot-h, foot+40), x-w, foot+90, x-w*0.42, foot-h*0.42, x-w*0.3, foot-h*0.46, x, foot-h, x+w*0.28, foot-h*0.5, x+w*0.4, foot-h*0.46, x+w, foot+90)
		s.poly(lit.down(tint.mix(inkPale, 0.75), foot-h, foot+40), x, foot-h, x+w*0.1, foot-h*0.6, x-w*0.05, foot-h*0.3, x+w*0.04, foot+90, x-w, foot+90, x-w*0.42, foot-h*0.42, x-w*0.3, foot-h*0.46)
	}
}

// mist lays a band of haze with soft edges across the picture.
func (s *sketch) mist(y float64) {
	s.rect(inkPaper.down(inkPaper, y-70, y).fade(0, 0.55), 0, y-70, pictureWidth, 70)
	s.rect(inkPaper.down(inkPaper, y, y+110).fade(0.55, 0.1), 0, y, pictureWidth, 110)
	for range 4 {
		s.glow(inkWhite, 0.6, s.between(0, pictureWidth), y+s.between(-16, 26), s.between(200, 380), s.between(22, 44))
	}
}

// terraces draws rice terraces on the slope in the middle.
func (s *sketch) terraces() {
	for i := range 7 {
		y := 556 + float64(i)*19
		w := 250 + float64(i)*34
		tint := inkRice.mix(inkLeaf, float64(i%3)/3)
		s.blob(inkForest.over(0.5), 640-w, y+6, 640-w*0.4, y-10, 640+w*0.3, y-4, 640+w, y+8, 640+w*0.4, y+36, 640-w*0.5, y+34)
		s.blob(tint.side(tint.mix(inkSun, 0.35), 640-w, 640+w), 640-w, y, 640-w*0.4, y-14, 640+w*0.3, y-8, 640+w, y+2, 640+w*0.4, y+30, 640-w*0.5, y+28)
	}
}

// stiltHouse draws a wooden house on posts under a steep roof.
func (s *sketch) stiltHouse(x, y, w float64) {
	defer s.place(x, y, w/100)()
	s.glow(inkNight, 0.5, 0, 2, 64, 10)
	for i := range 5 {
		s.rect(inkBark.flat(), -40+float64(i)*19, -26, 4, 27)
	}
	s.rect(inkWood.down(inkBark, -50, -22), -44, -48, 88, 24)
	s.rect(inkSun.flat(), -26, -42, 11, 11)
	s.rect(inkSun.flat(), 14, -42, 11, 11)
	s.rect(inkDark.flat(), -7, -44, 13, 20)
	s.poly(inkClay.mix(inkBark, 0.5).down(inkBark, -92, -44), -34, -92, 34, -92, 56, -44, -56, -44)
	s.line(inkBark.flat(), 3, 0, -24, 14, 0)
}

func (s *sketch) sceneAutumn() {
	s.backdrop(hue(0x94bfd8).down(0xfbe9c9, 0, 400))
	s.glow(inkLight, 0.9, 880, 220, 420, 260)
	s.dot(hue(0xfff2cf).flat(), 880, 190, 34)
	s.cloud(300, 120, 300, 0.85, inkWhite)
	s.cloud(620, 180, 190, 0.6, inkWhite)
	s.hills(0xcbb9b0, 0xb07a55, 300, 400, 54, 3)
	s.fill(hue(0xc58a45).down(0x8f6a3a, 360, 560), s.ridge(398, 20, 170, 700))
	s.grove(40, 418, 46, 84)
	s.fill(hue(0xd29a4c).down(0x8a7a3f, 440, 680), s.ridge(480, 34, 230, 700))
	s.road()
	s.grove(16, 500, 90, 140)
	for _, t := range [][3]float64{{120, 650, 330}, {1090, 640, 300}, {935, 560, 170}, {285, 560, 160}} {
		s.tree(t[0], t[1], t[2], []hue{inkClay, inkGold, 0xb5482f}[s.rnd.IntN(3)])
	}
	s.person(612, 584, 74, inkRed, inkBlue)
	s.person(650, 588, 68, inkWater, inkDark)
	for range 90 {
		s.oval([]hue{inkClay, inkGold, inkRed, inkSun}[s.rnd.IntN(4)].over(0.9), s.between(0, 1200), s.between(590, 670), s.between(3, 7), s.between(2, 4))
	}
	s.bird(520, 130, 30, inkBark)
	s.bird(566, 150, 22, inkBark)
	s.bird(480, 156, 20, inkBark)
}

// grove scatters trees in autumn colours about a height.
func (s *sketch) grove(n int, y, low, high float64) {
	for i := range n {
		x := (float64(i) + s.between(0.1, 0.9)) * pictureWidth / float64(n)
		if math.Abs(x-620) < high*0.9 {
			continue
		}
		tint := []hue{inkClay, inkGold, 0xb5482f, 0xd9a441, 0x8c8a3c}[s.rnd.IntN(5)]
		s.tree(x, y+s.between(-6, 34), s.between(low, high), tint)
	}
}

// road draws the winding road up the hills.
func (s *sketch) road() {
	left := curved([]pt{{600, 446}, {566, 478}, {640, 520}, {560, 580}, {430, 690}}, false)
	right := curved([]pt{{830, 690}, {694, 580}, {690, 524}, {588, 478}, {608, 446}}, false)
	s.fill(inkSand.down(0xd8bf94, 446, 680), outline{append(left, right...)})
	s.dashes(inkWhite.over(0.8), 5, 16, curved([]pt{{616, 690}, {624, 590}, {664, 524}, {580, 480}}, false))
}
