package drawing

import (
	"image/color"
	"testing"
)

func TestSketchFill(t *testing.T) {
	cases := []struct {
		name  string
		paint func(s *sketch)
		x, y  int
		want  color.RGBA
	}{
		{"inside", func(s *sketch) { s.rect(hue(0x102030).flat(), 10, 10, 4, 4) }, 11, 11, color.RGBA{0x10, 0x20, 0x30, 255}},
		{"outside", func(s *sketch) { s.rect(hue(0x102030).flat(), 10, 10, 4, 4) }, 14, 11, color.RGBA{255, 255, 255, 255}},
		{"half a pixel", func(s *sketch) { s.rect(hue(0).flat(), 10, 10, 4.5, 4) }, 14, 11, color.RGBA{128, 128, 128, 255}},
		{"half opaque", func(s *sketch) { s.rect(hue(0).over(0.5), 10, 10, 4, 4) }, 11, 11, color.RGBA{128, 128, 128, 255}},
		{"over the left edge", func(s *sketch) { s.rect(hue(0).flat(), -50, 10, 60, 4) }, 0, 11, color.RGBA{0, 0, 0, 255}},
		{"over the right edge", func(s *sketch) { s.rect(hue(0).flat(), 1190, 10, 60, 4) }, 0, 12, color.RGBA{255, 255, 255, 255}},
		{"off the picture", func(s *sketch) { s.rect(hue(0).flat(), 1300, 10, 60, 4) }, 1199, 11, color.RGBA{255, 255, 255, 255}},
		{"moved and doubled", func(s *sketch) { defer s.place(100, 50, 2)(); s.rect(hue(0).flat(), 5, 5, 5, 5) }, 119, 69, color.RGBA{0, 0, 0, 255}},
		{"mirrored", func(s *sketch) { defer s.place(100, 50, -1)(); s.rect(hue(0).flat(), 5, 5, 5, 5) }, 91, 56, color.RGBA{0, 0, 0, 255}},
		{"hole of a ring", func(s *sketch) { s.ring(hue(0).flat(), 60, 60, 20, 4) }, 60, 60, color.RGBA{255, 255, 255, 255}},
		{"line of a ring", func(s *sketch) { s.ring(hue(0).flat(), 60, 60, 20, 4) }, 80, 60, color.RGBA{0, 0, 0, 255}},
		{"crossing lines", func(s *sketch) { s.line(hue(0).flat(), 6, 20, 20, 40, 40, 20, 40, 40, 20) }, 30, 30, color.RGBA{0, 0, 0, 255}},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			s := newSketch(c.name)
			s.backdrop(hue(0xffffff).flat())
			c.paint(s)
			got := s.img.RGBAAt(c.x, c.y)
			if !near(got.R, c.want.R) || !near(got.G, c.want.G) || !near(got.B, c.want.B) || got.A != 255 {
				t.Errorf("pixel %d, %d is %v, want %v", c.x, c.y, got, c.want)
			}
		})
	}
}

func near(a, b uint8) bool { return max(a, b)-min(a, b) <= 2 }

func TestGradientIsEven(t *testing.T) {
	s := newSketch("run")
	s.backdrop(hue(0x000000).down(0xffffff, 0, pictureHeight))
	for y := 10; y < pictureHeight; y += 10 {
		want := uint8((float64(y) + 0.5) / pictureHeight * 255)
		if got := s.img.RGBAAt(600, y).G; !near(got, want) {
			t.Errorf("row %d is %d, want about %d", y, got, want)
		}
	}
}

func TestMirrorShowsWhatStandsAbove(t *testing.T) {
	s := newSketch("water")
	s.backdrop(hue(0xffffff).flat())
	s.rect(hue(0x800000).flat(), 0, 200, pictureWidth, 100)
	s.mirror(300, 600, 0x000000, 0, 0, 0)
	if got := s.img.RGBAAt(600, 350); got.R != 0x80 || got.G != 0 {
		t.Errorf("below the waterline is %v, want the band above it", got)
	}
	if got := s.img.RGBAAt(600, 450); got.G != 255 {
		t.Errorf("deep below is %v, want the ground above the band", got)
	}
}

func TestHueMix(t *testing.T) {
	cases := []struct {
		a, b hue
		t    float64
		want hue
	}{
		{0x000000, 0xffffff, 0, 0x000000},
		{0x000000, 0xffffff, 1, 0xffffff},
		{0x0000ff, 0xff0000, 0.5, 0x800080},
		{0x102030, 0x304050, 0.5, 0x203040},
	}
	for _, c := range cases {
		if got := c.a.mix(c.b, c.t); got != c.want {
			t.Errorf("%06x and %06x at %v give %06x, want %06x", c.a, c.b, c.t, got, c.want)
		}
	}
}

func TestDigitsStayInTheirBox(t *testing.T) {
	for _, r := range "0123456789%" {
		lines := digitStrokes(r)
		if len(lines) == 0 {
			t.Errorf("%c has no lines", r)
		}
		for _, line := range lines {
			for _, p := range line {
				if p.x < -0.05 || p.x > 0.76 || p.y < -0.02 || p.y > 1.02 {
					t.Errorf("%c leaves its box at %v", r, p)
				}
			}
		}
	}
	if digitStrokes('x') != nil {
		t.Error("a letter has lines")
	}
}
