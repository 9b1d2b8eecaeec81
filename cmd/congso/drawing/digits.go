package drawing

// digitStrokes gives the lines of one character in a box 0.6 wide and 1 high, drawn as with a pen.
func digitStrokes(r rune) [][]pt {
	switch r {
	case '0':
		return [][]pt{arc(0.3, 0.5, 0.29, 0.5, 0, 1, 24)}
	case '1':
		return [][]pt{{{0.1, 0.2}, {0.34, 0}, {0.34, 1}}}
	case '2':
		return [][]pt{append(arc(0.3, 0.28, 0.28, 0.28, 0.5, 1.08, 14), pt{0.02, 1}, pt{0.6, 1})}
	case '3':
		return [][]pt{arc(0.28, 0.25, 0.26, 0.25, 0.55, 1.25, 16), arc(0.28, 0.73, 0.3, 0.27, 0.75, 1.45, 16)}
	case '4':
		return [][]pt{{{0.45, 1}, {0.45, 0}, {0, 0.7}, {0.6, 0.7}}}
	case '5':
		return [][]pt{append([]pt{{0.54, 0}, {0.1, 0}, {0.06, 0.44}}, arc(0.28, 0.68, 0.31, 0.32, 0.64, 1.42, 16)...)}
	case '6':
		return [][]pt{arc(0.3, 0.69, 0.29, 0.31, 0, 1, 20), curved([]pt{{0.5, 0.02}, {0.2, 0.24}, {0.01, 0.69}}, false)}
	case '7':
		return [][]pt{{{0, 0}, {0.58, 0}, {0.2, 1}}}
	case '8':
		return [][]pt{arc(0.3, 0.24, 0.25, 0.24, 0, 1, 20), arc(0.3, 0.74, 0.3, 0.26, 0, 1, 20)}
	case '9':
		return [][]pt{arc(0.3, 0.31, 0.29, 0.31, 0, 1, 20), curved([]pt{{0.59, 0.31}, {0.4, 0.76}, {0.1, 0.98}}, false)}
	case '%':
		return [][]pt{arc(0.13, 0.2, 0.14, 0.19, 0, 1, 16), arc(0.57, 0.8, 0.14, 0.19, 0, 1, 16), {{0.6, 0.04}, {0.1, 0.96}}}
	}
	return nil
}

// number writes digits and % of the height h, its middle at x, its top at y.
func (s *sketch) number(in ink, text string, x, y, h float64) {
	left := x - (float64(len(text))*0.82-0.22)*h/2
	var o outline
	for i, r := range text {
		for _, line := range digitStrokes(r) {
			moved := make([]pt, len(line))
			for j, p := range line {
				moved[j] = pt{left + (float64(i)*0.82+p.x)*h, y + p.y*h}
			}
			o = append(o, stroked(moved, h*0.15)...)
		}
	}
	s.fill(in, o)
}
