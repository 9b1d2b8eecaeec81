package desks

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"image"
	"image/color"
	"image/draw"
	"image/png"
	"math"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"

	"congso/cmd/congso/congsotest"
)

// album is a folder of pictures of the portal's pages. With CONGSO_TEST_PICTURES=1 a test writes them; else it holds the committed ones
// against the pages: what a picture shows is still there, and as wide.
type album struct {
	folder string
	widest int64 // bytes that one picture may take
	taken  []string
}

// picturesWanted reports whether the tests are to take their pictures anew.
func picturesWanted() bool { return os.Getenv("CONGSO_TEST_PICTURES") == "1" }

// around is the space that a picture leaves on each side of what it shows, in pixels.
const around = 12

// shot is what a picture shows: everything from the first match of each selector to the last, cut off below height pixels unless that is 0.
type shot struct {
	file   string
	height float64
	show   []string
	scale  float64 // 0 for the size on the screen
}

// take takes a picture, or compares the one that is there.
func (a *album) take(b *congsotest.Tab, s shot) {
	b.Helper()
	a.taken = append(a.taken, s.file)
	clip := frame(b, s)
	if !picturesWanted() {
		a.compare(b, s.file, clip)
		return
	}
	data, err := chromedp.Run(b.Ctx, capture(clip))
	if err != nil {
		b.Fatalf("picture %s: %v", s.file, err)
	}
	if err := a.write(s.file, data); err != nil {
		b.Fatal(err)
	}
}

// frame is the part of the page that a picture shows.
func frame(b *congsotest.Tab, s shot) page.Viewport {
	b.Helper()
	congsotest.Eval[bool](b, `document.fonts.ready.then(() => (document.activeElement.blur(), true))`) // without the mark of the focus
	b.WaitFor(`[...document.images].every(i => i.loading === "lazy" || i.complete)`)
	var v page.Viewport
	right, bottom := 0.0, 0.0
	for i, selector := range s.show {
		box := congsotest.Eval[[]float64](b, fmt.Sprintf(`(() => { const e = document.querySelector(%q); if (!e?.checkVisibility()) return [];
			const r = e.getBoundingClientRect(); return [r.left + scrollX, r.top + scrollY, r.right + scrollX, r.bottom + scrollY]; })()`, selector))
		if len(box) == 0 {
			b.Fatalf("picture %s: %s shows no %s", s.file, b.Path(), selector)
		}
		if i == 0 {
			v.X, v.Y = box[0], box[1]
		}
		v.X, v.Y = min(v.X, box[0]), min(v.Y, box[1])
		right, bottom = max(right, box[2]), max(bottom, box[3])
	}
	wide := congsotest.Eval[float64](b, "document.documentElement.clientWidth")
	if v.X >= around { // what is as wide as the page has nothing around it
		v.Y -= around
	}
	v.X, v.Y, right = math.Floor(max(v.X-around, 0)), math.Floor(max(v.Y, 0)), math.Ceil(min(right+around, wide))
	v.Width, v.Height, v.Scale = right-v.X, math.Ceil(bottom+around-v.Y), cmp.Or(s.scale, 1)
	if s.height > 0 {
		v.Height = min(v.Height, s.height)
	}
	return v
}

func capture(clip page.Viewport) chromedp.Action[[]byte] {
	return func(ctx context.Context, t *chromedp.Target) ([]byte, error) {
		beyond := true
		answer, err := cdp.Call(ctx, t, page.CaptureScreenshot, page.CaptureScreenshotParams{Format: page.CaptureScreenshotFormatPng, CaptureBeyondViewport: &beyond, Clip: &clip})
		if err != nil {
			return nil, err
		}
		return answer.Data, nil
	}
}

// compare holds a committed picture against the page that it shows. Heights differ with the fonts of a machine, widths do not.
func (a *album) compare(b *congsotest.Tab, file string, clip page.Viewport) {
	b.Helper()
	width, _, err := pictureSize(filepath.Join(a.folder, file))
	if err != nil {
		b.Errorf("%v: run the test with CONGSO_TEST_PICTURES=1", err)
		return
	}
	if shown := clip.Width * clip.Scale; math.Abs(float64(width)-shown) > 4 {
		b.Errorf("picture %s is %d pixels wide, what it shows %v: look at the page, then run the test with CONGSO_TEST_PICTURES=1", file, width, shown)
	}
}

// complete compares the folder with what was taken.
func (a *album) complete(t testing.TB) {
	t.Helper()
	files, err := os.ReadDir(a.folder)
	if err != nil {
		t.Fatal(err)
	}
	var there []string
	for _, f := range files {
		there = append(there, f.Name())
	}
	slices.Sort(a.taken)
	if !slices.Equal(there, a.taken) {
		t.Errorf("%s holds\n%q, the tests take\n%q", a.folder, there, a.taken)
	}
}

func pictureSize(file string) (width, height int, err error) {
	f, err := os.Open(file)
	if err != nil {
		return 0, 0, err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	config, err := png.DecodeConfig(f)
	return config.Width, config.Height, err
}

// write keeps a picture with as many colours, of 256 at most, as its limit in bytes allows.
func (a *album) write(file string, data []byte) error {
	img, err := png.Decode(bytes.NewReader(data))
	if err != nil {
		return fmt.Errorf("picture %s: %w", file, err)
	}
	for colours := 256; colours >= 16; colours /= 2 {
		var out bytes.Buffer
		encoder := png.Encoder{CompressionLevel: png.BestCompression}
		if err := encoder.Encode(&out, fewColours(img, colours)); err != nil {
			return fmt.Errorf("picture %s: %w", file, err)
		}
		if int64(out.Len()) <= a.widest {
			return errors.Join(os.MkdirAll(a.folder, 0o755), os.WriteFile(filepath.Join(a.folder, file), out.Bytes(), 0o644))
		}
	}
	return fmt.Errorf("picture %s is larger than %d bytes: show less", file, a.widest)
}

// fewColours draws a picture with its most frequent colours; pages have few.
func fewColours(img image.Image, most int) *image.Paletted {
	counts := map[color.RGBA]int{}
	bounds := img.Bounds()
	rgba := image.NewRGBA(bounds)
	draw.Draw(rgba, bounds, img, bounds.Min, draw.Src)
	for y := bounds.Min.Y; y < bounds.Max.Y; y++ {
		for x := bounds.Min.X; x < bounds.Max.X; x++ {
			counts[rgba.RGBAAt(x, y)]++
		}
	}
	out := image.NewPaletted(bounds, palette(counts, most))
	nearest := make(map[color.RGBA]uint8, len(counts))
	for c := range counts {
		nearest[c] = uint8(out.Palette.Index(c))
	}
	for y := bounds.Min.Y; y < bounds.Max.Y; y++ {
		for x := bounds.Min.X; x < bounds.Max.X; x++ {
			out.SetColorIndex(x, y, nearest[rgba.RGBAAt(x, y)])
		}
	}
	return out
}

// palette is the most frequent colours, leaving out those that are hardly to be told from one that is in it while there are others.
func palette(counts map[color.RGBA]int, most int) color.Palette {
	all := make([]color.RGBA, 0, len(counts))
	for c := range counts {
		all = append(all, c)
	}
	slices.SortFunc(all, func(a, b color.RGBA) int {
		return cmp.Or(counts[b]-counts[a], cmp.Compare(a.R, b.R), cmp.Compare(a.G, b.G), cmp.Compare(a.B, b.B))
	})
	var chosen color.Palette
	for apart := 24; apart >= 0 && len(chosen) < most; apart -= 12 {
		for _, c := range all {
			if len(chosen) == most {
				break
			}
			if !slices.ContainsFunc(chosen, func(d color.Color) bool { return distance(c, d.(color.RGBA)) <= apart }) {
				chosen = append(chosen, c)
			}
		}
	}
	return chosen
}

// distance is how far two colours are apart, as the sum over red, green and blue of 0 to 255 each.
func distance(a, b color.RGBA) int {
	apart := func(x, y uint8) int { return max(int(x), int(y)) - min(int(x), int(y)) }
	return apart(a.R, b.R) + apart(a.G, b.G) + apart(a.B, b.B)
}
