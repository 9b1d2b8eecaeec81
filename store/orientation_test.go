package store_test

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"image"
	"image/color"
	"image/gif"
	"io"
	"io/fs"
	"path/filepath"
	"strings"
	"testing"

	"github.com/bep/imagemeta"

	"congso/store"
	"congso/store/model"
	"congso/store/storetest"
)

// quarters is a picture of 64×32 pixels, each quarter in a colour of its own: a and b above, c and d below.
func quarters() *image.NRGBA {
	img := image.NewNRGBA(image.Rect(0, 0, 64, 32))
	for y := range 32 {
		for x := range 64 {
			img.SetNRGBA(x, y, quarterColours()["abcd"[y/16*2+x/32]])
		}
	}
	return img
}

func quarterColours() map[byte]color.NRGBA {
	return map[byte]color.NRGBA{'a': {220, 20, 20, 255}, 'b': {20, 200, 20, 255}, 'c': {20, 20, 220, 255}, 'd': {240, 240, 240, 255}}
}

// quarterAt is the letter of the quarter whose colour is nearest.
func quarterAt(img image.Image, x, y int) byte {
	r, g, b, _ := img.At(x, y).RGBA()
	best, least := byte('?'), 1<<30
	for letter, c := range quarterColours() {
		dr, dg, db := int(r>>8)-int(c.R), int(g>>8)-int(c.G), int(b>>8)-int(c.B)
		if d := dr*dr + dg*dg + db*db; d < least {
			best, least = letter, d
		}
	}
	return best
}

// exif is what a telephone writes: the orientation, and where the picture was taken.
func exif(orientation uint16) []byte {
	le := binary.LittleEndian
	b := []byte("II*\x00\x08\x00\x00\x00")
	entry := func(tag, kind uint16, count, value uint32) {
		b = le.AppendUint32(le.AppendUint32(le.AppendUint16(le.AppendUint16(b, tag), kind), count), value)
	}
	b = le.AppendUint16(b, 2)
	entry(0x0112, 3, 1, uint32(orientation))
	entry(0x8825, 4, 1, 38) // the GPS directory follows this one
	b = le.AppendUint32(b, 0)
	b = le.AppendUint16(b, 2)
	entry(1, 2, 2, uint32('N'))
	entry(2, 5, 3, 68)
	b = le.AppendUint32(b, 0)
	for _, n := range []uint32{13, 1, 5, 1, 44, 1} {
		b = le.AppendUint32(b, n)
	}
	return b
}

// withExif puts the metadata into a JPEG, and a comment that tells the place too.
func withExif(jpeg, exif []byte) []byte {
	segment := func(marker byte, content []byte) []byte {
		return append(binary.BigEndian.AppendUint16([]byte{0xff, marker}, uint16(len(content)+2)), content...)
	}
	head := append([]byte{0xff, 0xd8}, segment(0xe1, append([]byte("Exif\x00\x00"), exif...))...)
	head = append(head, segment(0xfe, []byte("13.0955 N, Tuy Hoa"))...)
	return append(head, jpeg[2:]...)
}

// keptBytes reads a file of the media folder.
func keptBytes(t *testing.T, s *store.Store, hash, variant string) []byte {
	t.Helper()
	f, err := openKept(s, hash, variant)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	content, err := io.ReadAll(f)
	if err != nil {
		t.Fatal(err)
	}
	return content
}

// tags are the names of the metadata in a JPEG.
func tags(t *testing.T, jpeg []byte) (names []string) {
	t.Helper()
	_, err := imagemeta.Decode(imagemeta.Options{
		R: bytes.NewReader(jpeg), ImageFormat: imagemeta.JPEG, Sources: imagemeta.EXIF | imagemeta.IPTC | imagemeta.XMP,
		ShouldHandleTag: func(imagemeta.TagInfo) bool { return true },
		HandleTag: func(tag imagemeta.TagInfo) error {
			names = append(names, tag.Tag)
			return nil
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	return names
}

// TestOrientation asserts how a stored picture is shown, by the eight values of the Exif standard, and that its metadata are gone.
func TestOrientation(t *testing.T) {
	each(t, func(t *testing.T, s *store.Store, _ *storetest.Clock) {
		for orientation, want := range []string{1: "abcd", 2: "badc", 3: "dcba", 4: "cdab", 5: "acbd", 6: "cadb", 7: "dbca", 8: "bdac", 9: "abcd"} {
			if orientation == 0 {
				continue
			}
			taken := withExif(encoded(t, quarters(), "jpeg"), exif(uint16(orientation)))
			if found := strings.Join(tags(t, taken), " "); !strings.Contains(found, "GPSLatitude") || !strings.Contains(found, "Orientation") {
				t.Fatalf("the test's own picture holds only %s", found)
			}
			m := model.Media{Name: "IMG_0001.JPG"}
			addPicture(t, s, &m, taken)
			content := keptBytes(t, s, m.Hash, "")
			img, _, err := image.Decode(bytes.NewReader(content))
			if err != nil {
				t.Fatal(err)
			}
			width, height := img.Bounds().Dx(), img.Bounds().Dy()
			if upright := orientation < 5 || orientation == 9; upright != (width == 64 && height == 32) || m.Width != width || m.Height != height {
				t.Errorf("orientation %d: %d×%d, recorded %d×%d", orientation, width, height, m.Width, m.Height)
			}
			got := ""
			for _, at := range [][2]int{{1, 1}, {3, 1}, {1, 3}, {3, 3}} {
				got += string(quarterAt(img, width*at[0]/4, height*at[1]/4))
			}
			if got != want {
				t.Errorf("orientation %d: shown as %s, want %s", orientation, got, want)
			}
			if found := tags(t, content); len(found) > 0 || bytes.Contains(content, []byte("Exif")) || bytes.Contains(content, []byte("Tuy Hoa")) {
				t.Errorf("orientation %d: metadata kept: %v", orientation, found)
			}
		}
	})
}

// TestLargePictureOnItsSide: what is kept is 1600 wide as shown, in all its sizes, without metadata.
func TestLargePictureOnItsSide(t *testing.T) {
	each(t, func(t *testing.T, s *store.Store, _ *storetest.Clock) {
		m := model.Media{Name: "a.jpg"}
		addPicture(t, s, &m, withExif(encoded(t, photo(3000, 2000), "jpeg"), exif(6)))
		if m.Width != 1600 || m.Height != 2400 {
			t.Errorf("%d×%d", m.Width, m.Height)
		}
		for _, variant := range []string{"320", "640", "960"} {
			if config, _ := kept(t, s, m.Hash, variant); config.Height < config.Width {
				t.Errorf("size %s lies on its side: %+v", variant, config)
			}
			if found := tags(t, keptBytes(t, s, m.Hash, variant)); len(found) > 0 {
				t.Errorf("size %s: %v", variant, found)
			}
		}
	})
}

func TestBrokenMetadataSpoilsNothing(t *testing.T) {
	each(t, func(t *testing.T, s *store.Store, _ *storetest.Clock) {
		for name, metadata := range map[string][]byte{
			"none": {}, "cut": exif(6)[:14], "noise": bytes.Repeat([]byte{0xff, 0x00, 0x2a}, 900),
			"a loop": append(append([]byte("II*\x00\x08\x00\x00\x00\x00\x00"), 8, 0, 0, 0), make([]byte, 40)...),
		} {
			m := model.Media{Name: name + ".jpg"}
			addPicture(t, s, &m, withExif(encoded(t, quarters(), "jpeg"), metadata))
			if m.Width != 64 || m.Height != 32 {
				t.Errorf("%s: %d×%d", name, m.Width, m.Height)
			}
		}
	})
}

// bits writes numbers with their lowest bit first, as WebP's lossless format does.
type bits struct {
	data []byte
	used int
}

func (b *bits) put(value, count int) {
	for i := range count {
		if b.used%8 == 0 {
			b.data = append(b.data, 0)
		}
		b.data[b.used/8] |= byte(value >> i & 1 << (b.used % 8))
		b.used++
	}
}

// webp is a lossless WebP of one colour: each of its five codes has a single symbol, so its pixels take no bits at all (Google,
// "WebP Lossless Bitstream").
func webp(width, height int, c color.NRGBA) []byte {
	b := &bits{data: []byte{0x2f}, used: 8}
	b.put(width-1, 14)
	b.put(height-1, 14)
	b.put(1, 1) // alpha
	b.put(0, 3+1+1+1)
	for _, symbol := range []byte{c.G, c.R, c.B, c.A, 0} {
		b.put(1, 1) // a simple code
		b.put(0, 1) // of one symbol
		b.put(1, 1) // of eight bits
		b.put(int(symbol), 8)
	}
	return riff("VP8L", b.data)
}

func riff(name string, content []byte) []byte {
	chunk := append(binary.LittleEndian.AppendUint32([]byte(name), uint32(len(content))), content...)
	if len(chunk)%2 == 1 {
		chunk = append(chunk, 0)
	}
	body := append([]byte("WEBP"), chunk...)
	return append(binary.LittleEndian.AppendUint32([]byte("RIFF"), uint32(len(body))), body...)
}

func TestWebP(t *testing.T) {
	each(t, func(t *testing.T, s *store.Store, _ *storetest.Clock) {
		for _, test := range []struct {
			alpha uint8
			mime  string
		}{{255, "image/png"}, {100, "image/png"}} { // a drawing, and a transparent one
			c := color.NRGBA{10, 120, 30, test.alpha}
			m := model.Media{Name: "ảnh.webp"}
			addPicture(t, s, &m, webp(700, 50, c))
			img, _, err := image.Decode(bytes.NewReader(keptBytes(t, s, m.Hash, "")))
			if err != nil {
				t.Fatal(err)
			}
			if got := color.NRGBAModel.Convert(img.At(350, 25)); m.Width != 700 || m.Height != 50 || m.MIME != test.mime || got != c {
				t.Errorf("%+v shows %v, want %v", m, got, c)
			}
			if config, _ := kept(t, s, m.Hash, "320"); config.Width != 320 {
				t.Errorf("%+v", config)
			}
		}
	})
}

func TestMovingGIF(t *testing.T) {
	each(t, func(t *testing.T, s *store.Store, _ *storetest.Clock) {
		frame := func(c color.Color) *image.Paletted {
			return image.NewPaletted(image.Rect(0, 0, 30, 20), color.Palette{c, color.White})
		}
		for frames, still := range map[int]bool{1: false, 2: true, 5: true} {
			g := &gif.GIF{}
			for i := range frames {
				g.Image, g.Delay = append(g.Image, frame(color.NRGBA{uint8(50 * i), 0, 0, 255})), append(g.Delay, 10)
			}
			var b bytes.Buffer
			if err := gif.EncodeAll(&b, g); err != nil {
				t.Fatal(err)
			}
			m := model.Media{Name: "a.gif"}
			addPicture(t, s, &m, b.Bytes())
			if m.Still != still || m.Width != 30 {
				t.Errorf("%d frames: %+v", frames, m)
			}
			if recorded, err := s.MediaByID(context.Background(), m.ID); err != nil || recorded.Still {
				t.Errorf("recorded %+v, %v", recorded, err)
			}
		}
	})
}

// TestLimits: what the options say is what is refused.
func TestLimits(t *testing.T) {
	buckets.Each(t, func(t *testing.T, o store.Options) {
		o.Limits = store.Limits{Pixels: 2_000_000, PhotoBytes: 1 << 20, AttachmentBytes: 2 << 20}
		s := storetest.Open(t, o)
		for _, test := range []struct {
			name, want string
			content    []byte
		}{
			{"a.png", "2 triệu điểm ảnh", encoded(t, image.NewGray(image.Rect(0, 0, 2001, 1000)), "png")},
			{"a.webp", "2 triệu điểm ảnh", webp(16000, 16000, color.NRGBA{})},
			{"a.jpg", "1 MB", make([]byte, 1<<20+1)},
			{"a.zip", "2 MB", make([]byte, 2<<20+1)},
		} {
			m := model.Media{Name: test.name}
			err := s.AddMedia(context.Background(), model.Actor{}, &m, bytes.NewReader(test.content))
			if err == nil || !strings.Contains(err.Error(), test.want) {
				t.Errorf("%s: %v", test.name, err)
			}
		}
		nothingKept(t, s, o)
	})
}

// TestWhyRefused: the message says what to do.
func TestWhyRefused(t *testing.T) {
	eachPlaceDir(t, func(t *testing.T, s *store.Store, nothingKept func(*testing.T)) {
		const heic = "\x00\x00\x00\x18ftypheic\x00\x00\x00\x00mif1heic"
		for _, test := range []struct{ name, content, want string }{
			{"a.svg", `<svg xmlns="http://www.w3.org/2000/svg"><script>1</script></svg>`, "SVG"},
			{"a.jpg", `<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"/>`, "SVG"},
			{"a.txt", `<svg xmlns="http://www.w3.org/2000/svg"/>`, "SVG"},
			{"a.html", "<!DOCTYPE html><title>x</title>", "HTML"},
			{"a.jpg", "  <html><script>alert(1)</script>", "HTML"},
			{"a.pdf", "<!doctype html>", "HTML"},
			{"IMG.HEIC", heic, "HEIC"},
			{"a.png", "%PDF-1.7", "không phải là ảnh"},
			{"a.pdf", "MZ\x90\x00", "không phải là pdf"},
			{"a.exe", "MZ\x90\x00", "Chỉ nhận"},
			{"a.docm", zipped(t, "word/document.xml", "<x/>"), "Chỉ nhận"},
			{"a.pdf", "", "trống"},
		} {
			err := s.AddMedia(context.Background(), model.Actor{}, &model.Media{Name: test.name}, strings.NewReader(test.content))
			if err == nil || !strings.Contains(err.Error(), test.want) {
				t.Errorf("%s %.20q: %v", test.name, test.content, err)
			}
		}
		nothingKept(t)
	})
}

// FuzzPicture: whatever is sent as a picture is taken or refused with a message, and a refusal leaves nothing behind.
func FuzzPicture(f *testing.F) {
	small := image.NewPaletted(image.Rect(0, 0, 8, 5), color.Palette{color.White, color.Black})
	for _, format := range []string{"jpeg", "png", "gif"} {
		f.Add(encoded(f, small, format))
	}
	f.Add(withExif(encoded(f, small, "jpeg"), exif(6)))
	f.Add(webp(9, 4, color.NRGBA{1, 2, 3, 4}))
	dir := f.TempDir()
	s := storetest.Open(f, store.Options{Dir: dir, Limits: store.Limits{Pixels: 100_000, PhotoBytes: 64 << 10}})
	f.Fuzz(func(t *testing.T, data []byte) {
		before := files(t, dir)
		m := model.Media{Name: "a.jpg"}
		err := s.AddPicture(context.Background(), model.Actor{}, &m, bytes.NewReader(data))
		var invalid model.Invalid
		switch {
		case err == nil && (m.ID == 0 || m.Width < 1 || m.Height < 1):
			t.Errorf("taken as %+v", m)
		case err != nil && !errors.As(err, &invalid):
			t.Error(err)
		case err != nil && files(t, dir) != before:
			t.Errorf("%d files, before %d", files(t, dir), before)
		}
	})
}

// files counts what the media folder holds.
func files(t testing.TB, dir string) (n int) {
	t.Helper()
	must(t, filepath.WalkDir(filepath.Join(dir, "media"), func(_ string, entry fs.DirEntry, err error) error {
		if err == nil && !entry.IsDir() {
			n++
		}
		return err
	}))
	return n
}
