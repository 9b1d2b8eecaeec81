package drawing

import "math"

// tree draws a broad tree of three clouds of leaves.
func (s *sketch) tree(x, y, h float64, leaf hue) {
	defer s.place(x, y, h/100)()
	s.glow(inkDark, 0.4, 6, 0, 42, 8)
	s.poly(inkBark.side(inkBark.mix(inkDark, 0.4), -5, 5), -5, 0, -2.5, -46, 2.5, -46, 5, 0)
	s.line(inkBark.flat(), 3, 0, -30, 14, -52)
	dark, light := leaf.mix(inkPine, 0.4), leaf.mix(inkSun, 0.28)
	s.fill(dark.flat(), outline{arc(-15, -50, 22, 19, 0, 1, 28), arc(17, -52, 22, 19, 0, 1, 28), arc(2, -58, 24, 22, 0, 1, 28)})
	s.fill(leaf.flat(), outline{arc(-13, -58, 20, 17, 0, 1, 28), arc(14, -62, 20, 18, 0, 1, 28), arc(0, -74, 20, 18, 0, 1, 28)})
	s.fill(light.over(0.75), outline{arc(-12, -66, 11, 8, 0, 1, 24), arc(4, -82, 12, 8, 0, 1, 24), arc(16, -68, 8, 6, 0, 1, 20)})
}

// pine draws a slender conifer.
func (s *sketch) pine(x, y, h float64, leaf hue) {
	defer s.place(x, y, h/100)()
	s.rect(inkBark.flat(), -2.5, -14, 5, 15)
	for i := range 4 {
		top, w := -100+float64(i)*19, 11+float64(i)*5.5
		s.poly(leaf.side(leaf.mix(inkPine, 0.5), -w/2, w/2), 0, top, w, top+34, w*0.3, top+31, -w*0.3, top+31, -w, top+34)
	}
}

// palm draws an areca palm: a thin leaning trunk under a crown of feathers.
func (s *sketch) palm(x, y, h, lean float64, leaf hue) {
	defer s.place(x, y, h/100)()
	s.bow(inkBark.mix(inkStone, 0.35).flat(), 3.6, 0, 0, lean*0.25, -38, lean, -76)
	for i := range 9 {
		a := math.Pi * (1.02 + float64(i)*0.12)
		dx, dy := math.Cos(a), math.Sin(a)
		tip := pt{lean + 30*dx, -76 + 19*dy + 15*math.Abs(dx)}
		mid := pt{lean + 17*dx, -78 + 20*dy}
		tint := leaf.mix(inkPine, 0.45*math.Abs(dx))
		s.fill(tint.flat(), outline{curved([]pt{{lean, -76}, {mid.x, mid.y - 3.4}, tip, {mid.x, mid.y + 3.4}}, true)})
	}
}

// bush draws a low round shrub, w wide.
func (s *sketch) bush(x, y, w float64, leaf hue) {
	defer s.place(x, y, w/100)()
	s.fill(leaf.mix(inkPine, 0.3).flat(), outline{arc(-26, -17, 25, 20, 0, 1, 24), arc(24, -18, 27, 21, 0, 1, 24), arc(0, -26, 26, 26, 0, 1, 24)})
	s.fill(leaf.flat(), outline{arc(-24, -23, 18, 13, 0, 1, 24), arc(22, -25, 19, 13, 0, 1, 24), arc(2, -36, 17, 13, 0, 1, 24)})
}

// grass scatters tufts of three blades between the height y and the bottom edge.
func (s *sketch) grass(n int, y float64) {
	for range n {
		x, foot := s.between(0, pictureWidth), s.between(y, pictureHeight+8)
		tint := inkRice.mix(inkLeaf, s.rnd.Float64()).over(0.8)
		for _, lean := range []float64{-9, 1, 10} {
			h := s.between(14, 24)
			s.poly(tint, x-2.5, foot, x+lean*0.5+1.6, foot-h*0.6, x+lean, foot-h, x+lean*0.5-1.6, foot-h*0.6, x+2.5, foot)
		}
	}
}

// potPlant draws a plant of long leaves in a pot, h high.
func (s *sketch) potPlant(x, y, h float64, pot hue) {
	defer s.place(x, y, h/100)()
	s.glow(inkDark, 0.4, 0, 0, 28, 7)
	for i := range 9 {
		a := math.Pi * (1.1 + float64(i)*0.1)
		tip := pt{46 * math.Cos(a), -36 + 64*math.Sin(a)}
		mid := pt{tip.x * 0.45, -36 + (tip.y+36)*0.62}
		s.fill(inkLeaf.mix(inkPine, float64(i*5%9)/10).flat(), outline{curved([]pt{{0, -30}, {mid.x - 6, mid.y}, tip, {mid.x + 6, mid.y}}, true)})
	}
	s.poly(pot.side(pot.mix(inkDark, 0.3), -18, 18), -18, -34, 18, -34, 13, 0, -13, 0)
	s.round(pot.mix(inkWhite, 0.15).flat(), -20, -37, 40, 7, 3)
}

// cloud draws a cloud with a flat foot, w wide.
func (s *sketch) cloud(x, y, w, alpha float64, tint hue) {
	defer s.place(x, y, w/100)()
	o := outline{arc(-27, -12, 17, 12, 0, 1, 28), arc(-5, -18, 22, 18, 0, 1, 32), arc(22, -14, 20, 14, 0, 1, 28), roundBox(-47, -13, 94, 13, 7)}
	s.fill(tint.down(tint, -36, 4).fade(alpha, alpha*0.35), o)
}

// bird draws a bird far away in the air, w across its wings.
func (s *sketch) bird(x, y, w float64, tint hue) {
	s.bow(tint.flat(), max(1.6, w*0.07), x-w/2, y-w*0.1, x-w*0.22, y-w*0.2, x, y, x+w*0.22, y-w*0.2, x+w/2, y-w*0.1)
}

// ridge gives the outline of hills from side to side, its crest near the height y, its foot at the bottom.
func (s *sketch) ridge(y, height, length, bottom float64) outline {
	p, q, r := s.between(0, 7), s.between(0, 7), s.between(0, 7)
	var ring []pt
	for x := -10.0; x <= pictureWidth+10; x += 6 {
		u := x / length
		v := 0.55*math.Sin(u+p) + 0.3*math.Sin(2.3*u+q) + 0.1*math.Sin(5.1*u+r)
		ring = append(ring, pt{x, y - height*v})
	}
	return outline{append(ring, pt{pictureWidth + 10, bottom}, pt{-10, bottom})}
}
