package web

import (
	"fmt"
	"strings"

	"github.com/boombuler/barcode"
)

// QR is the code as an SVG picture, black on white with its quiet zone.
func QR(code barcode.Barcode) []byte {
	const margin = 4 // modules of quiet zone (ISO/IEC 18004)
	size := code.Bounds().Dx()
	var svg strings.Builder
	fmt.Fprintf(&svg, `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %d %[1]d" shape-rendering="crispEdges"><path fill="#fff" d="M0 0h%[1]dv%[1]dH0z"/><path d="`, size+2*margin)
	for y := range size {
		for x := range size {
			if r, _, _, _ := code.At(x, y).RGBA(); r == 0 {
				fmt.Fprintf(&svg, "M%d %dh1v1h-1z", x+margin, y+margin)
			}
		}
	}
	svg.WriteString(`"/></svg>`)
	return []byte(svg.String())
}
