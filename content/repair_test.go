package content_test

import (
	"html"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"unicode"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/unicode/norm"

	"congso/content"
)

// rightTexts are strings that look like the traces of a wrong encoding, and are none.
func rightTexts() []string {
	return []string{"CÔNG", "Đ”", "ÔNG", "Ã", "Ô", "naïve café", "Ô tô", "Ô TÔ", "À Ơ", "THỦ ĐÔ”", "BÔ”", "Ê”", "Â·", "25 Â°", "CÂ’", "Ð", "Ø±", "© 2023", "0257 3000.101", "“Hà Nội”",
		"‘à’", "50 €", "Sở TT&TT", "English only", "l’été à Đà Lạt", "Ðiện Biên", "Ð”", "LÔ ‘A’", "Тест", "日本語", "À la carte", "à", "á", "ä", "é è ê", "Øre", "São Paulo", "«Lời ngỏ»", "m² – 3 µm", "Â…",
		"Khu Ô–A", "Lô Đ–1", "SỐ NHÀ Ô–12", "Tổ Đ—Ê", "XÃ ", "xã Ea Đrơng", "Đà Nẵng", "Thông báo", "Giá trị", "Tin bài", "Tác giả", "Hà Giang", "Văn bản", "Ban hành", "Trung tâm"}
}

// rightParagraphs are rightTexts, and the paragraphs of all articles and of the samples.
func rightParagraphs(t *testing.T) []string {
	t.Helper()
	list := rightTexts()
	add := func(text string) {
		for part := range strings.SplitSeq(text, "\n\n") {
			if part = norm.NFC.String(strings.Join(strings.Fields(part), " ")); part != "" {
				list = append(list, part)
			}
		}
	}
	err := filepath.WalkDir("articles", func(place string, entry fs.DirEntry, err error) error {
		if err == nil && strings.HasSuffix(place, ".md") {
			add(readFile(t, place))
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	add(regexp.MustCompile(`<[^>]*>`).ReplaceAllString(html.UnescapeString(readFile(t, "testdata/legacy-page.html")), "\n\n"))
	for _, name := range []string{"names-sorted.txt", "search.tsv", "dates.tsv", "phones.tsv"} {
		if text, err := os.ReadFile(filepath.Join("..", "shared", "samples", name)); err == nil {
			add(strings.ReplaceAll(string(text), "\n", "\n\n"))
		}
	}
	return list
}

// TestRepairsLeaveRightTexts asks each repair of a text about texts that need none.
func TestRepairsLeaveRightTexts(t *testing.T) {
	for _, text := range rightParagraphs(t) {
		if got, ok := content.RepairMojibake(text); ok || got != text {
			t.Errorf("%q became %q", text, got)
		}
		if e := content.DetectLegacy(text); e != "" {
			t.Errorf("%q is taken for %s", text, e)
		}
	}
}

// inFont is a text as it was typed for fonts of an encoding, which have no capitals with tones; ok is false where they lack a character.
func inFont(text string, letters map[rune]string) (typed string, ok bool) {
	var b strings.Builder
	for _, r := range text {
		switch sign := letters[r]; {
		case sign != "":
			b.WriteString(sign)
		case r < 0x80:
			b.WriteRune(r)
		default:
			return "", false
		}
	}
	return b.String(), true
}

// fontLetters are what to type for each letter: in VNI, a letter and its marks.
func fontLetters(e content.Encoding) map[rune]string {
	letters := map[rune]string{}
	try := func(typed string) {
		if got := []rune(content.RepairLegacy(typed, e)); len(got) == 1 && got[0] >= 0x80 && unicode.IsLetter(got[0]) && letters[got[0]] == "" {
			letters[got[0]] = typed
		}
	}
	for high := rune(0xA0); high <= 0xFF; high++ {
		for _, base := range "aeiouydAEIOUYDôöÔÖ" {
			if e == content.VNI {
				try(string(base) + string(high))
			}
		}
	}
	for high := rune(0xA0); high <= 0xFF; high++ {
		try(string(high))
	}
	return letters
}

// TestRepairsUndoDamage damages texts in every way that portals did.
func TestRepairsUndoDamage(t *testing.T) {
	twice := func(code *charmap.Charmap) func(string) string {
		return func(text string) string { return misread(misread(text, code), code) }
	}
	once := func(code *charmap.Charmap) func(string) string {
		return func(text string) string { return misread(text, code) }
	}
	vietnamese := regexp.MustCompile(`(?i)[ăâđêôơư\x{1ea0}-\x{1eff}]`)
	counts := map[string]int{}
	fonts := map[content.Encoding]map[rune]string{content.TCVN3: fontLetters(content.TCVN3), content.VNI: fontLetters(content.VNI)}
	for _, text := range rightParagraphs(t) {
		if len(vietnamese.FindAllString(text, 5)) < 5 {
			continue
		}
		for name, damage := range map[string]func(string) string{
			"1252": once(charmap.Windows1252), "1252 twice": twice(charmap.Windows1252), "latin-1": once(charmap.ISO8859_1), "1258": once(charmap.Windows1258),
			"1258, composed": func(text string) string { return norm.NFC.String(misread(text, charmap.Windows1258)) },
		} {
			if got, _ := content.RepairMojibake(damage(text)); got != text {
				t.Errorf("%s: %q became %q", name, text, got)
			}
			counts[name]++
		}
		for e, letters := range fonts {
			small := strings.ToLower(text)
			typed, ok := inFont(small, letters)
			if !ok || len(vietnamese.FindAllString(text, 60)) < 60 {
				continue
			}
			counts[string(e)]++
			found := content.DetectLegacy(typed)
			if got := content.RepairLegacy(typed, found); got != small {
				t.Errorf("%s taken for %q: %q became %q", e, found, small, got)
			}
		}
	}
	if len(counts) < 7 || counts["1252"] < 100 || counts[string(content.TCVN3)] < 20 {
		t.Errorf("few texts were damaged: %v", counts)
	}
}

// TestRepairPageShortTexts repairs the short texts of a page that was read wrong, in which no word shows it.
func TestRepairPageShortTexts(t *testing.T) {
	for _, text := range []string{"–", "25 °C", "đ", "“”", "2023 – 2024", "và", "Hà", "Thu Hà", "5 m²", "•", "Đ", "ĐVT: 1.000 đ"} {
		for name, code := range map[string]*charmap.Charmap{"1252": charmap.Windows1252, "latin-1": charmap.ISO8859_1} {
			wrong := misread(text, code)
			for times := 1; times <= 2; times++ {
				item := readPage(t, `<html><body><h1>`+misread("Hội nghị", code)+`</h1><div class="noi-dung"><p>Hết</p><p>x `+wrong+` x</p></div></body></html>`, content.OldPagesOptions{})
				if want := "Hết\n\nx " + text + " x"; item.Body != want || item.Title != "Hội nghị" {
					t.Errorf("%s, %d times: %q became %q", name, times, wrong, item.Body)
				}
				wrong = misread(wrong, code)
			}
		}
	}
}

// TestRepairPageLeavesRightTexts reads a page of which a part was read wrong: what was right stays.
func TestRepairPageLeavesRightTexts(t *testing.T) {
	wrongs := map[string]string{"mojibake": misread("Hội nghị triển khai nhiệm vụ của các phòng, ban", charmap.Windows1252),
		"TCVN3": "Së Néi vô võa tæ chøc héi nghÞ triÓn khai nhiÖm vô c¶i c¸ch hµnh chÝnh.", "VNI": "Sôû Noäi vuï vöøa toå chöùc hoäi nghò trieån khai nhieäm vuï caûi caùch haønh chính."}
	page := func(wrong string) string {
		var b strings.Builder
		b.WriteString(`<html><body><h1>Tiêu đề</h1><div class="noi-dung">`)
		for _, text := range rightTexts() {
			if !slices.Contains([]string{"Ð", "Ð”", "ä", "Â·", "25 Â°"}, text) { // words in the fonts of TCVN3, and signs read wrong
				b.WriteString("<p>" + html.EscapeString(text) + "</p>")
			}
		}
		return b.String() + "<p>" + wrong + "</p></div></body></html>"
	}
	want := strings.Split(readPage(t, page("Hết"), content.OldPagesOptions{}).Body, "\n\n")
	for name, wrong := range wrongs {
		item := readPage(t, page(wrong), content.OldPagesOptions{})
		got := strings.Split(item.Body, "\n\n")
		if diff := cmp.Diff(want[:len(want)-1], got[:len(got)-1]); diff != "" || item.Title != "Tiêu đề" {
			t.Errorf("%s: title %q, paragraphs -want +got:\n%s", name, item.Title, diff)
		}
		if slices.Contains(got, wrong) {
			t.Errorf("%s: %q stayed", name, wrong)
		}
	}
}
