package model

import (
	"math/rand/v2"
	"slices"
	"strings"
	"sync"
	"testing"

	"golang.org/x/text/unicode/norm"
)

func sortBy(key func(string) string, texts []string) {
	slices.SortFunc(texts, func(a, b string) int { return strings.Compare(key(a), key(b)) })
}

func TestNameKeyOrder(t *testing.T) {
	var names []string
	for _, row := range tableRows(t, "names-sorted.txt") {
		names = append(names, row[0])
	}
	checkOrder(t, NameKey, names)
}

// A tone in the given name weighs more than the middle names.
func TestNameKeyTones(t *testing.T) {
	checkOrder(t, NameKey, []string{"Trần Văn Ha", "Trần An Hà", "Trần Văn Hà", "Trần An Hả", "Trần An Hã", "Trần An Há", "Trần An Hạ"})
}

// The parts are compared one after the other, and a name that lacks one comes first.
func TestNameKeyParts(t *testing.T) {
	checkOrder(t, NameKey, []string{
		"", "An", "Trần An", "Nguyễn Bình An", "Trần Bình An", "Trần Thị An", "Nguyễn Văn An", "Trần Văn An", "Trần Văn Bá An", "Trần Anh",
	})
}

func TestNameKeyIgnores(t *testing.T) {
	for _, c := range []struct{ a, b string }{
		{"Lê Thị Hòa", "Lê Thị Hoà"},
		{"Lê Thị Hòa", norm.NFD.String("Lê Thị Hòa")},
		{"Lê Thị Hòa", "LÊ THỊ HÒA"},
		{"Lê Thị Hòa", "  Lê\u00a0Thị  Hòa "},
		{"Ａｎ", "An"},
		{"Ðặng Ðức", "Đặng Đức"},
	} {
		if NameKey(c.a) != NameKey(c.b) {
			t.Errorf("NameKey(%q) and NameKey(%q) differ", c.a, c.b)
		}
	}
}

func TestTextKeyOrder(t *testing.T) {
	checkOrder(t, TextKey, strings.Split("aàảãáạăằẳẵắặâầẩẫấậbcdđeèẻẽéẹêềểễếệfghiìỉĩíịjklmnoòỏõóọôồổỗốộơờởỡớợpqrstuùủũúụưừửữứựvwxyỳỷỹýỵz", ""))
	checkOrder(t, TextKey, []string{
		"", "Ban Giám đốc", "Chi cục Văn thư", "Phòng", "Phòng 1", "Phòng 2", "Phòng 10", "Phòng Cải cách hành chính",
		"Phòng Đào tạo", "Phòng Nội vụ", "Phòng Ôn thi", "Trung tâm Lưu trữ", "Văn phòng", "Văn phòng Sở",
	})
}

// checkOrder fails unless any shuffle of texts sorts back into their order by strictly increasing keys.
func checkOrder(t *testing.T, key func(string) string, texts []string) {
	t.Helper()
	for i := range len(texts) - 1 {
		if key(texts[i]) >= key(texts[i+1]) {
			t.Errorf("%q does not sort before %q", texts[i], texts[i+1])
		}
	}
	random := rand.New(rand.NewPCG(1, 2))
	for range 50 {
		shuffled := slices.Clone(texts)
		random.Shuffle(len(shuffled), func(i, j int) { shuffled[i], shuffled[j] = shuffled[j], shuffled[i] })
		sortBy(key, shuffled)
		if !slices.Equal(shuffled, texts) {
			t.Fatalf("sorted %q, want %q", shuffled, texts)
		}
	}
}

// A key is ASCII that every database compares alike, and short enough for PostgreSQL's index.
func TestSortKeyForm(t *testing.T) {
	for _, s := range []string{"", "Nguyễn Thị Ánh", strings.Repeat("ế", 5000), strings.Repeat("ế ", 5000), "a\x00\xff", "한국 👩\u200d💻"} {
		for _, key := range []string{NameKey(s), TextKey(s)} {
			if len(key) > 2704 || strings.Trim(key, "0123456789abcdef-") != "" {
				t.Errorf("%.20q has the key %.40q of %d bytes", s, key, len(key))
			}
		}
	}
}

func TestNameKeyConcurrent(t *testing.T) {
	want := NameKey("Nguyễn Thị Ánh")
	var group sync.WaitGroup
	for range 8 {
		group.Go(func() {
			for range 200 {
				if got := NameKey("Nguyễn Thị Ánh"); got != want {
					t.Errorf("NameKey gives %q and %q", got, want)
				}
			}
		})
	}
	group.Wait()
}

func BenchmarkNameKey(b *testing.B) {
	for b.Loop() {
		NameKey("Nguyễn Thị Ánh Dương")
	}
}
