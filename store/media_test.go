package store_test

import (
	"archive/zip"
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"hash/crc32"
	"image"
	"image/color"
	"image/gif"
	"image/jpeg"
	"image/png"
	"io"
	"math/rand/v2"
	"strconv"
	"strings"
	"testing"
	"testing/iotest"

	"congso/store"
	"congso/store/model"
	"congso/store/storetest"
)

// photo is a picture of many colours.
func photo(width, height int) *image.NRGBA {
	img := image.NewNRGBA(image.Rect(0, 0, width, height))
	noise := rand.New(rand.NewPCG(1, 2))
	for y := range height {
		for x := range width {
			img.SetNRGBA(x, y, color.NRGBA{uint8(x), uint8(y), uint8(noise.IntN(256)), 255})
		}
	}
	return img
}

func encoded(t testing.TB, img image.Image, format string) []byte {
	t.Helper()
	var b bytes.Buffer
	var err error
	switch format {
	case "jpeg":
		err = jpeg.Encode(&b, img, nil)
	case "png":
		err = png.Encode(&b, img)
	case "gif":
		err = gif.Encode(&b, img, nil)
	}
	if err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func addPicture(t testing.TB, s *store.Store, m *model.Media, content []byte) {
	t.Helper()
	if err := s.AddPicture(context.Background(), model.Actor{Name: "test"}, m, bytes.NewReader(content)); err != nil {
		t.Fatal(err)
	}
}

// kept reads a file of the media folder as a picture.
func kept(t testing.TB, s *store.Store, hash, variant string) (image.Config, string) {
	t.Helper()
	f, err := openKept(s, hash, variant)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	config, format, err := image.DecodeConfig(f)
	if err != nil {
		t.Fatal(err)
	}
	return config, format
}

func TestPictures(t *testing.T) {
	glass := photo(400, 300)
	glass.SetNRGBA(3, 3, color.NRGBA{1, 2, 3, 0})
	plain := image.NewPaletted(image.Rect(0, 0, 700, 100), color.Palette{color.White, color.Black})
	for name, test := range map[string]struct {
		img           image.Image
		format        string
		width, height int
		want          string
		variants      []string
	}{
		"large photo":       {photo(2000, 1500), "jpeg", 1600, 1200, "jpeg", []string{"320", "640", "960"}},
		"small photo":       {photo(640, 480), "jpeg", 640, 480, "jpeg", []string{"320"}},
		"tiny photo":        {photo(20, 10), "jpeg", 20, 10, "jpeg", nil},
		"photo as PNG":      {photo(400, 300), "png", 400, 300, "jpeg", []string{"320"}},
		"transparent PNG":   {glass, "png", 400, 300, "png", []string{"320"}},
		"drawing":           {plain, "png", 700, 100, "png", []string{"320", "640"}},
		"GIF":               {plain, "gif", 700, 100, "png", []string{"320", "640"}},
		"very flat picture": {photo(1700, 1), "jpeg", 1600, 1, "jpeg", []string{"320", "640", "960"}},
	} {
		t.Run(name, func(t *testing.T) {
			content := encoded(t, test.img, test.format)
			each(t, func(t *testing.T, s *store.Store, _ *storetest.Clock) {
				m := model.Media{Name: "anh.bin", Alt: "Ảnh", Caption: "Lời", Credit: "Người"}
				addPicture(t, s, &m, content)
				if m.ID == 0 || m.Width != test.width || m.Height != test.height || m.MIME != "image/"+test.want || m.CreatedAt.Unix() != noon().Unix() {
					t.Errorf("got %+v", m)
				}
				if config, format := kept(t, s, m.Hash, ""); config.Width != test.width || config.Height != test.height || format != test.want {
					t.Errorf("the file is a %s of %d×%d", format, config.Width, config.Height)
				}
				made := 0
				for _, variant := range []string{"320", "640", "960"} {
					if f, err := openKept(s, m.Hash, variant); err == nil {
						f.Close()
						made++
					}
				}
				for _, variant := range test.variants {
					if config, format := kept(t, s, m.Hash, variant); variant != strconv.Itoa(config.Width) || format != test.want {
						t.Errorf("size %s is a %s of %d", variant, format, config.Width)
					}
				}
				if made != len(test.variants) {
					t.Errorf("%d sizes, want %v", made, test.variants)
				}
				if got, err := s.MediaByID(context.Background(), m.ID); err != nil || got != m {
					t.Errorf("recorded %+v, %v, want %+v", got, err, m)
				}
			})
		})
	}
}

func TestSamePictureOnce(t *testing.T) {
	eachPlace(t, func(t *testing.T, s *store.Store, _ *storetest.Clock) {
		content := encoded(t, photo(400, 300), "jpeg")
		first, second := model.Media{Name: "a.jpg", Alt: "Một"}, model.Media{Name: "b.jpg", Alt: "Hai"}
		addPicture(t, s, &first, content)
		addPicture(t, s, &second, content)
		if first != second || first.ID == 0 {
			t.Errorf("got %+v and %+v", first, second)
		}
		if n, err := s.VerifyAudit(context.Background()); n != 1 || err != nil {
			t.Errorf("%d audit entries, %v", n, err)
		}
	})
}

// bomb is the start of a PNG that says it is 60,000 pixels wide and high.
func bomb() []byte {
	chunk := []byte("IHDR\x00\x00\xea\x60\x00\x00\xea\x60\x08\x02\x00\x00\x00")
	b := []byte("\x89PNG\r\n\x1a\n\x00\x00\x00\x0d")
	b = append(b, chunk...)
	return binary.BigEndian.AppendUint32(b, crc32.ChecksumIEEE(chunk))
}

func TestRefusedPictures(t *testing.T) {
	whole := encoded(t, photo(400, 300), "jpeg")
	wholePNG := encoded(t, photo(400, 300), "png")
	eachPlaceDir(t, func(t *testing.T, s *store.Store, nothingKept func(*testing.T)) {
		for name, data := range map[string]io.Reader{
			"empty":         bytes.NewReader(nil),
			"bomb":          bytes.NewReader(bomb()),
			"HTML":          strings.NewReader("<!DOCTYPE html><html><script>alert(1)</script>"),
			"SVG":           strings.NewReader(`<svg xmlns="http://www.w3.org/2000/svg"><script/></svg>`),
			"text":          strings.NewReader("chỉ là chữ"),
			"PDF":           strings.NewReader("%PDF-1.7\n"),
			"half a JPEG":   bytes.NewReader(whole[:len(whole)/2]),
			"half a PNG":    bytes.NewReader(wholePNG[:len(wholePNG)/2]),
			"a header":      bytes.NewReader(whole[:20]),
			"too many byte": io.MultiReader(bytes.NewReader(whole), io.LimitReader(zeros{}, 26<<20)),
			"broken upload": io.MultiReader(bytes.NewReader(whole[:100]), iotest.ErrReader(io.ErrUnexpectedEOF)),
		} {
			t.Run(name, func(t *testing.T) {
				m := model.Media{Name: "anh.jpg"}
				err := s.AddPicture(context.Background(), model.Actor{}, &m, data)
				var invalid model.Invalid
				if broken := name == "broken upload"; !errors.As(err, &invalid) != broken || broken && !errors.Is(err, io.ErrUnexpectedEOF) {
					t.Errorf("got %v", err)
				}
				if _, err := s.MediaByID(context.Background(), 1); !errors.Is(err, model.ErrNotFound) {
					t.Errorf("recorded: %v", err)
				}
				nothingKept(t)
			})
		}
	})
}

// zeros is endless.
type zeros struct{}

func (zeros) Read(b []byte) (int, error) { return len(b), nil }

// zipped is a ZIP file of the given names and contents.
func zipped(t *testing.T, files ...string) string {
	t.Helper()
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	for i := 0; i < len(files); i += 2 {
		f, err := w.Create(files[i])
		if err == nil {
			_, err = io.WriteString(f, files[i+1])
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func TestAttachments(t *testing.T) {
	const ole = "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
	word := zipped(t, "[Content_Types].xml", "<x/>", "word/document.xml", "<x/>")
	odt := zipped(t, "mimetype", "application/vnd.oasis.opendocument.text")
	for _, test := range []struct{ name, content, mime string }{ // mime "" when it is refused
		{"a.pdf", "%PDF-1.7\n%", "application/pdf"},
		{"Báo cáo.PDF", "%PDF-1.7\n%", "application/pdf"},
		{"a.docx", word, "application/vnd.openxmlformats-officedocument.wordprocessingml.document"},
		{"a.xlsx", zipped(t, "xl/workbook.xml", "<x/>"), "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"},
		{"a.pptx", zipped(t, "ppt/presentation.xml", "<x/>"), "application/vnd.openxmlformats-officedocument.presentationml.presentation"},
		{"a.odt", odt, "application/vnd.oasis.opendocument.text"},
		{"a.ods", zipped(t, "mimetype", "application/vnd.oasis.opendocument.spreadsheet"), "application/vnd.oasis.opendocument.spreadsheet"},
		{"a.zip", zipped(t, "x", "y"), "application/zip"},
		{"a.zip", word, "application/zip"},
		{"a.doc", ole + strings.Repeat("\x00", 2000), "application/msword"},
		{"a.xls", ole + strings.Repeat("\x00", 2000), "application/vnd.ms-excel"},
		{"a.ppt", ole + strings.Repeat("\x00", 2000), "application/vnd.ms-powerpoint"},
		{"a.odp", zipped(t, "mimetype", "application/vnd.oasis.opendocument.presentation"), "application/vnd.oasis.opendocument.presentation"},
		{"../a.txt", "chữ", "text/plain"},
		{"a.txt", "chữ có dấu", "text/plain"},
		{"a.csv", "a,b\n1,2\n", "text/csv"},
	} {
		each(t, func(t *testing.T, s *store.Store, _ *storetest.Clock) {
			m := model.Media{Name: test.name}
			err := s.AddAttachment(context.Background(), model.Actor{Name: "test"}, &m, strings.NewReader(test.content))
			if err != nil || m.MIME != test.mime || m.Bytes != int64(len(test.content)) || m.IsPicture() || m.ID == 0 {
				t.Errorf("%s: %+v, %v", test.name, m, err)
				return
			}
			checkContent(t, s, m.Hash, test.content)
		})
	}
}

func TestRefusedAttachments(t *testing.T) {
	word := zipped(t, "[Content_Types].xml", "<x/>", "word/document.xml", "<x/>")
	macros := zipped(t, "word/document.xml", "<x/>", "word/vbaProject.bin", "x")
	odt := zipped(t, "mimetype", "application/vnd.oasis.opendocument.text")
	eachPlaceDir(t, func(t *testing.T, s *store.Store, nothingKept func(*testing.T)) {
		for _, test := range []struct{ name, content string }{
			{"a.pdf", "not a PDF"}, {"a.docx", odt}, {"a.xlsx", word}, {"a.docx", macros}, {"a.docx", "PK\x03\x04"},
			{"a.ods", odt}, {"a.doc", word}, {"a.zip", "%PDF-1.7"}, {"a.exe", "MZ"}, {"a", "chữ"}, {"", "chữ"},
			{"a.txt", "<!DOCTYPE html><html></html>"}, {"a.csv", "<html><body>"}, {"a.html", "<html>"}, {"a.svg", "<svg/>"},
			{"a.txt", `<svg xmlns="http://www.w3.org/2000/svg"/>`}, {"a.txt", "\x00\x01\x02\x03"}, {"a.pdf", ""}, {"..", "chữ"},
			{`C:\Tài liệu\a.html.txt`, "<!DOCTYPE html><html></html>"}, {"a.pdf", "MZ\x90\x00\x03\x00\x00\x00"}, {"anh.pdf", "GIF89a"},
		} {
			m := model.Media{Name: test.name}
			err := s.AddAttachment(context.Background(), model.Actor{Name: "test"}, &m, strings.NewReader(test.content))
			var invalid model.Invalid
			if !errors.As(err, &invalid) {
				t.Errorf("%s %.20q: %v", test.name, test.content, err)
			}
			nothingKept(t)
		}
	})
}

func checkContent(t *testing.T, s *store.Store, hash, want string) {
	t.Helper()
	f, err := openKept(s, hash, "")
	if err != nil {
		t.Error(err)
		return
	}
	defer f.Close()
	if got, err := io.ReadAll(f); err != nil || string(got) != want {
		t.Errorf("%d bytes instead of %d, %v", len(got), len(want), err)
	}
}

func TestAttachmentTooLarge(t *testing.T) {
	eachPlaceDir(t, func(t *testing.T, s *store.Store, nothingKept func(*testing.T)) {
		var invalid model.Invalid
		if err := s.AddAttachment(context.Background(), model.Actor{}, &model.Media{Name: "a.zip"}, zeros{}); !errors.As(err, &invalid) {
			t.Errorf("got %v", err)
		}
		nothingKept(t)
	})
}

func TestOpenMediaRefuses(t *testing.T) {
	eachPlace(t, func(t *testing.T, s *store.Store, _ *storetest.Clock) {
		m := model.Media{Name: "a.jpg"}
		addPicture(t, s, &m, encoded(t, photo(400, 300), "jpeg"))
		for _, test := range [][2]string{
			{m.Hash, "640"}, {m.Hash, "0320"}, {m.Hash, "+320"}, {m.Hash, "321"}, {m.Hash, "../320"}, {m.Hash, "320.jpg"}, {m.Hash, "-320"},
			{strings.ToUpper(m.Hash), ""}, {m.Hash[:63], ""}, {m.Hash + "0", ""}, {"", ""}, {"../congso.db", ""}, {strings.Repeat("0", 64), ""},
			{strings.Repeat("/", 64), ""},
		} {
			if f, err := openKept(s, test[0], test[1]); !errors.Is(err, model.ErrNotFound) {
				t.Errorf("%q: %v, %v", test, f, err)
			}
		}
	})
}
