package drawing

func (s *sketch) mapArchive() {
	s.backdrop(hue(0xe9e4d3).down(inkSand, 0, pictureHeight))
	s.streets()
	s.cityBlocks()
	s.departmentYard()
	s.walkway([]pt{{346, 640}, {346, 560}, {480, 548}, {742, 548}, {742, 420}, {676, 356}, {676, 268}})
	s.pin(676, 236, 128, inkRed, "")
	s.compass(1096, 104, 48)
	s.scaleBar(62, 54, 40, 50)
}

func (s *sketch) streets() {
	lines := [][]pt{{{-20, 560}, {1220, 540}}, {{346, -20}, {346, 700}}, {{1010, -20}, {1010, 700}}, {{-20, 150}, {346, 150}}, {{-20, 350}, {346, 356}}, {{1010, 300}, {1220, 290}}, {{680, 545}, {680, 700}}}
	for _, line := range lines {
		s.fill(inkStone.mix(inkSand, 0.4).flat(), stroked(line, 58))
	}
	for _, line := range lines {
		s.fill(inkWhite.flat(), stroked(line, 50))
	}
	s.dashes(inkGold.over(0.8), 3, 14, []pt{{-20, 560}, {1220, 540}})
	s.dashes(inkGold.over(0.8), 3, 14, []pt{{346, -20}, {346, 700}})
	s.dashes(inkGold.over(0.8), 3, 14, []pt{{1010, -20}, {1010, 700}})
}

// cityBlocks draws the houses around, the park and the pond.
func (s *sketch) cityBlocks() {
	for _, b := range [][4]float64{{26, 196, 120, 116}, {168, 200, 130, 50}, {168, 266, 60, 46}, {244, 266, 54, 46}, {24, 400, 100, 110}, {142, 400, 66, 110}, {226, 402, 74, 46}, {226, 464, 74, 46}, {400, 600, 90, 66}, {508, 598, 60, 68}, {586, 598, 46, 68}, {730, 596, 120, 70}, {870, 594, 90, 70}, {1058, 336, 120, 70}, {1058, 424, 56, 80}, {1128, 422, 60, 82}, {1058, 596, 130, 70}, {1060, 190, 130, 60}, {24, 610, 120, 60}, {168, 610, 126, 60}} {
		tint := []hue{0xd8cbb0, 0xd2bfa8, 0xdcd3c0, 0xcbc3b4}[s.rnd.IntN(4)]
		s.shadow(0.22, b[0]+3, b[1]+5, b[2], b[3], 6, 5)
		s.round(tint.down(tint.mix(inkWood, 0.16), b[1], b[1]+b[3]), b[0], b[1], b[2], b[3], 6)
		s.rect(inkWhite.over(0.25), b[0]+6, b[1]+6, b[2]-12, 3)
	}
}

// departmentYard draws the offices, the archive behind them, the bicycle shed and the trees.
func (s *sketch) departmentYard() {
	s.round(inkRice.mix(inkPaper, 0.45).down(inkRice.mix(inkPaper, 0.2), 40, 500), 392, 36, 570, 466, 14)
	s.ring(inkWater.mix(inkSky, 0.5).flat(), 494, 152, 20, 40)
	s.oval(inkSky.over(0.6), 488, 146, 20, 14)
	s.roof(430, 330, 236, 110, inkBlue)
	s.roof(772, 300, 60, 150, inkSlate)
	s.roof(560, 146, 250, 96, inkRed)
	for _, p := range [][2]float64{{420, 70}, {592, 84}, {700, 70}, {820, 76}, {900, 96}, {918, 170}, {930, 260}, {906, 350}, {922, 440}, {420, 260}, {470, 236}, {890, 230}, {600, 480}, {430, 480}, {870, 480}} {
		s.dot(inkPine.over(0.25), p[0]+5, p[1]+7, 24)
		s.dot(inkForest.mix(inkLeaf, s.rnd.Float64()).flat(), p[0], p[1], 24)
		s.dot(inkRice.over(0.5), p[0]-7, p[1]-8, 11)
	}
}

// roof draws a house from above.
func (s *sketch) roof(x, y, w, h float64, tint hue) {
	s.shadow(0.4, x+5, y+9, w, h, 4, 9)
	s.rect(tint.mix(inkWhite, 0.2).flat(), x, y, w, h)
	m := min(w, h) / 2
	if w > h {
		s.poly(tint.mix(inkWhite, 0.34).flat(), x, y, x+w, y, x+w-m, y+m, x+m, y+m)
		s.poly(tint.flat(), x, y+h, x+w, y+h, x+w-m, y+m, x+m, y+m)
		return
	}
	s.poly(tint.mix(inkWhite, 0.34).flat(), x, y, x+m, y+m, x+m, y+h-m, x, y+h)
	s.poly(tint.flat(), x+w, y, x+m, y+m, x+m, y+h-m, x+w, y+h)
}

// walkway marks a way on foot.
func (s *sketch) walkway(line []pt) {
	s.fill(inkWhite.over(0.75), stroked(line, 13))
	s.dashes(inkRed.flat(), 7, 13, line)
	s.dot(inkWhite.flat(), line[0].x, line[0].y, 17)
	s.dot(inkRed.flat(), line[0].x, line[0].y, 11)
}
