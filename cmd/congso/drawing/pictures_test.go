package drawing

import (
	"bytes"
	"hash/fnv"
	"image"
	"image/jpeg"
	"strings"
	"testing"
)

// demoPictureNames is the list that the texts of the demo choose from.
var demoPictureNames = []string{
	"bieu-do-ho-so-truc-tuyen", "bieu-do-thoi-gian-giai-quyet", "bieu-do-hai-long", "bieu-do-lop-boi-duong",
	"bieu-do-truy-cap", "bieu-do-chi-tieu", "bieu-do-so-hoa", "ban-do-mot-cua", "ban-do-diem-thi", "ban-do-luu-tru",
	"so-do-tru-so", "so-do-quy-trinh", "canh-song-ba-buoi-sang", "canh-nui-sam", "canh-bien-hon-nhan", "canh-dong-lua",
	"canh-cau-bac-qua-song", "canh-pho-phuong", "canh-mua-thu", "tru-so-ban-ngay", "tru-so-buoi-toi", "hoi-truong",
	"lop-hoc", "quay-mot-cua", "phong-may", "kho-luu-tru", "co-va-hoa", "le-trao-giai", "trai-he-thanh-nien", "cay-xanh",
}

func TestDemoPictures(t *testing.T) {
	seen := map[uint64]string{}
	for _, name := range demoPictureNames {
		t.Run(name, func(t *testing.T) {
			first, again := drawn(t, name), drawn(t, name)
			if !bytes.Equal(first.Pix, again.Pix) {
				t.Error("drawn twice, it differs")
			}
			if first.Bounds() != image.Rect(0, 0, 1200, 675) {
				t.Errorf("bounds are %v", first.Bounds())
			}
			if !first.Opaque() {
				t.Error("not opaque")
			}
			if size := jpegSize(t, first); size > 110<<10 {
				t.Errorf("%d bytes as JPEG, want at most 110 KB", size)
			}
			h := fnv.New64a()
			h.Write(first.Pix)
			if other, taken := seen[h.Sum64()]; taken {
				t.Errorf("the same as %s", other)
			}
			seen[h.Sum64()] = name
			everyPartIsPainted(t, first)
		})
	}
}

func TestDemoPictureUnknown(t *testing.T) {
	for _, name := range []string{"", "khong-co", "Hoi-Truong", "hoi-truong.png"} {
		m, err := Draw(name)
		if err == nil || m != nil {
			t.Errorf("%q: got a picture, want an error", name)
			continue
		}
		if !strings.Contains(err.Error(), `"`+name+`"`) {
			t.Errorf("%q: the error does not name it: %v", name, err)
		}
	}
}

func drawn(t testing.TB, name string) *image.RGBA {
	t.Helper()
	m, err := Draw(name)
	if err != nil {
		t.Fatal(err)
	}
	rgba, ok := m.(*image.RGBA)
	if !ok {
		t.Fatalf("%s: a %T", name, m)
	}
	return rgba
}

func jpegSize(t *testing.T, m image.Image) int {
	t.Helper()
	var buf bytes.Buffer
	if err := jpeg.Encode(&buf, m, &jpeg.Options{Quality: 82}); err != nil {
		t.Fatal(err)
	}
	return buf.Len()
}

// everyPartIsPainted checks that no quarter of the picture is one plain ground.
func everyPartIsPainted(t *testing.T, m *image.RGBA) {
	t.Helper()
	for _, corner := range []image.Point{{0, 0}, {600, 0}, {0, 337}, {600, 337}} {
		tones := map[[3]uint8]bool{}
		for y := corner.Y; y < corner.Y+337; y += 3 {
			for x := corner.X; x < corner.X+600; x += 3 {
				c := m.RGBAAt(x, y)
				tones[[3]uint8{c.R >> 3, c.G >> 3, c.B >> 3}] = true
			}
		}
		if len(tones) < 12 {
			t.Errorf("the quarter at %v has only %d tones", corner, len(tones))
		}
	}
}

func BenchmarkDemoPicture(b *testing.B) {
	for _, name := range demoPictureNames {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				if _, err := Draw(name); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
