package drawing

import "math"

// A hue is an opaque colour, 0xRRGGBB.
type hue uint32

// The palette that all demo pictures share.
const (
	inkRed    hue = 0x9b1c1f
	inkBlue   hue = 0x163a63
	inkNight  hue = 0x0d2138
	inkGold   hue = 0xc8973a
	inkSun    hue = 0xf3cf7a
	inkLight  hue = 0xfdebc0
	inkPaper  hue = 0xf6f1e7
	inkSand   hue = 0xe6dac2
	inkWhite  hue = 0xfffdf8
	inkStone  hue = 0xb9b3a6
	inkSlate  hue = 0x5d6b78
	inkDark   hue = 0x2a3440
	inkWood   hue = 0x8a5a36
	inkBark   hue = 0x5e4330
	inkClay   hue = 0xc56b4a
	inkSkin   hue = 0xd9a27a
	inkLeaf   hue = 0x5f8f5a
	inkForest hue = 0x2f5d46
	inkPine   hue = 0x1f4438
	inkRice   hue = 0xa9c262
	inkSky    hue = 0xa9cfe3
	inkPale   hue = 0xdcebf2
	inkWater  hue = 0x4f8fb0
)

func (h hue) parts() (r, g, b int) { return int(h>>16) & 255, int(h>>8) & 255, int(h) & 255 }

// mix gives the colour that lies the share t of the way to the other one.
func (h hue) mix(other hue, t float64) hue {
	r0, g0, b0 := h.parts()
	r1, g1, b1 := other.parts()
	at := func(a, b int) hue { return hue(math.Round(float64(a) + float64(b-a)*t)) }
	return at(r0, r1)<<16 | at(g0, g1)<<8 | at(b0, b1)
}

// An ink is what a shape is filled with: one colour, or a straight run from one to another
// between two places, with an opacity from 0 to 1 at each end.
type ink struct {
	from, to   hue
	a0, a1     float64
	start, end pt
}

func (h hue) flat() ink { return h.over(1) }

func (h hue) over(alpha float64) ink { return ink{from: h, to: h, a0: alpha, a1: alpha, end: pt{0, 1}} }

// down runs from the hue at the height y0 to another at y1.
func (h hue) down(to hue, y0, y1 float64) ink {
	return ink{from: h, to: to, a0: 1, a1: 1, start: pt{0, y0}, end: pt{0, y1}}
}

// side runs from the hue at x0 to another at x1.
func (h hue) side(to hue, x0, x1 float64) ink {
	return ink{from: h, to: to, a0: 1, a1: 1, start: pt{x0, 0}, end: pt{x1, 0}}
}

// fade gives the ink with other opacities at its ends.
func (in ink) fade(a0, a1 float64) ink {
	in.a0, in.a1 = a0, a1
	return in
}

// placed gives the ink as it lies under the sketch's present scale.
func (in ink) placed(s *sketch) ink {
	in.start, in.end = s.onPicture(in.start), s.onPicture(in.end)
	return in
}

func (in ink) even() bool { return in.from == in.to && in.a0 == in.a1 }

// blendEvenRow lays one colour over a row of pixels.
func (in ink) blendEvenRow(row, cover []uint8) {
	r, g, b := in.from.parts()
	alpha := int(in.a0 * 65536)
	for i, m := range cover {
		switch {
		case m == 0:
		case m == 255 && alpha == 65536:
			row[4*i], row[4*i+1], row[4*i+2], row[4*i+3] = uint8(r), uint8(g), uint8(b), 255
		default:
			row[4*i+3] = 255
			lay(row[4*i:4*i+3:4*i+3], r<<8, g<<8, b<<8, alpha/255*int(m), 128)
		}
	}
}

// blendRow lays a run of colours over the row of pixels that begins at x, y.
func (in ink) blendRow(row, cover []uint8, x, y int) {
	r0, g0, b0 := in.from.parts()
	r1, g1, b1 := in.to.parts()
	dx, dy := in.end.x-in.start.x, in.end.y-in.start.y
	step := dx / (dx*dx + dy*dy)
	t := ((float64(x)+0.5-in.start.x)*dx + (float64(y)+0.5-in.start.y)*dy) / (dx*dx + dy*dy)
	for i, m := range cover {
		if m != 0 {
			k := int(min(max(t, 0), 1) * 256 * 16)
			alpha := int((in.a0 + (in.a1-in.a0)*min(max(t, 0), 1)) * 65536)
			row[4*i+3] = 255
			lay(row[4*i:4*i+3:4*i+3], r0<<8+(r1-r0)*k>>4, g0<<8+(g1-g0)*k>>4, b0<<8+(b1-b0)*k>>4,
				alpha*int(m)/255, dither(x+i, y))
		}
		t += step
	}
}

// lay mixes a colour of 8.8 bits into a pixel; alpha is of 65536, and the dither of 256 decides
// what becomes of the bits that do not fit, so that slow runs of colour show no bands.
func lay(px []uint8, r, g, b, alpha, dither int) {
	px[0] = layPart(px[0], r, alpha, dither)
	px[1] = layPart(px[1], g, alpha, dither)
	px[2] = layPart(px[2], b, alpha, dither)
}

func layPart(old uint8, now, alpha, dither int) uint8 {
	have := int(old) << 8
	return uint8(min(max((have+((now-have)*alpha)>>16+dither)>>8, 0), 255))
}

// dither gives a fine, even pattern of 0 to 255 (interleaved gradient noise, Jimenez 2014).
func dither(x, y int) int {
	v := uint32(x)*288_237_660 + uint32(y)*25_070_368
	return int(uint64(v) * 13_889_154 >> 42 & 255)
}
