package content_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/unicode"
	"golang.org/x/text/unicode/norm"

	"congso/content"
)

const encodedPage = `<html><head>%s<title>t</title></head><body><h1>Hội nghị triển khai nhiệm vụ</h1><div class="noi-dung"><p>Sở Nội vụ vừa tổ chức hội nghị triển khai nhiệm vụ cải cách hành chính; các phòng, ban dự họp đầy đủ. Đường về đẹp lắm.</p><p class="tac-gia">Trần Thị Hoa</p></div></body></html>`

// in1258 is a text as windows-1258 has it: base letters composed, tones apart.
func in1258(t testing.TB, text string) string {
	t.Helper()
	var b strings.Builder
	for _, r := range norm.NFC.String(text) {
		if _, ok := charmap.Windows1258.EncodeRune(r); ok {
			b.WriteRune(r)
			continue
		}
		parts := []rune(norm.NFD.String(string(r)))
		last := len(parts) - 1
		if last > 1 && (parts[last] == 0x302 || parts[last] == 0x306) { // ệ, ặ: the dot is sorted before the other mark
			parts[1], parts[last] = parts[last], parts[1]
		}
		b.WriteString(norm.NFC.String(string(parts[:last])) + string(parts[last]))
	}
	data, err := charmap.Windows1258.NewEncoder().String(b.String())
	if err != nil {
		t.Fatal(err)
	}
	return data
}

// misread is a text as it stands once its UTF-8 was taken for a Windows encoding.
func misread(text string, code *charmap.Charmap) string {
	var b strings.Builder
	for _, c := range []byte(text) {
		if r := code.DecodeByte(c); r != '\ufffd' {
			b.WriteRune(r)
		} else {
			b.WriteRune(rune(c))
		}
	}
	return b.String()
}

// TestOldPageEncodings reads the same page in each encoding that portals had, with and without saying so.
func TestOldPageEncodings(t *testing.T) {
	page := func(said string) string { return strings.Replace(encodedPage, "%s", said, 1) }
	utf16, err := unicode.UTF16(unicode.LittleEndian, unicode.UseBOM).NewEncoder().String(page(""))
	if err != nil {
		t.Fatal(err)
	}
	const httpEquiv = `<meta http-equiv="Content-Type" content="text/html; charset=%s">`
	for name, c := range map[string]struct{ data, note string }{
		"utf-8":                        {page(`<meta charset="utf-8">`), ""},
		"utf-8 with a mark":            {"\ufeff" + page(""), ""},
		"utf-8 that says otherwise":    {page(strings.Replace(httpEquiv, "%s", "windows-1252", 1)), ""},
		"utf-8, decomposed":            {norm.NFD.String(page("")), ""},
		"utf-16":                       {utf16, ""},
		"windows-1258":                 {in1258(t, page(strings.Replace(httpEquiv, "%s", "windows-1258", 1))), "windows-1258"},
		"windows-1258, unsaid":         {in1258(t, page("")), "windows-1258"},
		"windows-1258, said 1252":      {in1258(t, page(strings.Replace(httpEquiv, "%s", "iso-8859-1", 1))), "windows-1258"},
		"misread as windows-1252":      {misread(page(""), charmap.Windows1252), "lỗi mã hóa"},
		"misread as windows-1258":      {norm.NFC.String(misread(page(""), charmap.Windows1258)), "lỗi mã hóa"},
		"misread twice":                {misread(misread(page(""), charmap.Windows1252), charmap.Windows1252), "lỗi mã hóa"},
		"misread in the text only":     {page("")[:strings.Index(page(""), "<p>")] + misread(page("")[strings.Index(page(""), "<p>"):], charmap.Windows1252), "lỗi mã hóa"},
		"one broken byte among UTF-8s": {strings.Replace(page(""), "Đường về", "Đường\xff về", 1), "ký tự hỏng"},
	} {
		t.Run(name, func(t *testing.T) {
			place := filepath.Join(t.TempDir(), "a.html")
			if err := os.WriteFile(place, []byte(c.data), 0o600); err != nil {
				t.Fatal(err)
			}
			read := readPages(t, place, content.OldPagesOptions{Address: "https://so-cu.example"})
			if len(read.items) != 1 {
				t.Fatalf("faults %q", read.faults)
			}
			item := read.items[0]
			body := strings.ReplaceAll(item.Body, "\ufffd", "")
			if item.Title != "Hội nghị triển khai nhiệm vụ" || item.Byline != "Trần Thị Hoa" ||
				body != "Sở Nội vụ vừa tổ chức hội nghị triển khai nhiệm vụ cải cách hành chính; các phòng, ban dự họp đầy đủ. Đường về đẹp lắm." {
				t.Errorf("title %q, byline %q, body %q", item.Title, item.Byline, item.Body)
			}
			notes := strings.Join(item.Notes, "\n")
			if !strings.Contains(notes, c.note) || c.note == "" && (strings.Contains(notes, "bảng mã") || strings.Contains(notes, "mã hóa")) {
				t.Errorf("notes %q lack %q", notes, c.note)
			}
		})
	}
}

// TestOldPageFonts reads pages typed with the fonts of TCVN3 and VNI, whose bytes are those of windows-1252.
func TestOldPageFonts(t *testing.T) {
	for name, words := range map[string][3]string{
		"TCVN3 (ABC)": {"Héi nghÞ triÓn khai nhiÖm vô", "Së Néi vô võa tæ chøc héi nghÞ triÓn khai nhiÖm vô c¶i c¸ch hµnh chÝnh.", "TrÇn ThÞ Hoa"},
		"VNI-Windows": {"Hoäi nghò trieån khai nhieäm vuï", "Sôû Noäi vuï vöøa toå chöùc hoäi nghò trieån khai nhieäm vuï caûi caùch haønh chính.", "Traàn Thò Hoa"},
	} {
		t.Run(name, func(t *testing.T) {
			text := `<html><body><h1>` + words[0] + `</h1><div class="noi-dung"><p>` + words[1] + `</p></div><p class="tac-gia">` + words[2] + `</p></body></html>`
			data, err := charmap.Windows1252.NewEncoder().String(text)
			if err != nil {
				t.Fatal(err)
			}
			for form, data := range map[string]string{"bytes": data, "UTF-8": text} {
				item := readPage(t, data, content.OldPagesOptions{})
				if item.Title != "Hội nghị triển khai nhiệm vụ" || item.Byline != "Trần Thị Hoa" || item.Body != "Sở Nội vụ vừa tổ chức hội nghị triển khai nhiệm vụ cải cách hành chính." {
					t.Errorf("%s: title %q, byline %q, body %q", form, item.Title, item.Byline, item.Body)
				}
				if notes := strings.Join(item.Notes, "\n"); !strings.Contains(notes, name) {
					t.Errorf("%s: notes %q", form, notes)
				}
			}
		})
	}
}

// TestRepairMojibake leaves alone what was read right.
func TestRepairMojibake(t *testing.T) {
	for _, text := range []string{"", "abc", "Hội nghị", "ĐÃ XEM", "LÃ O", "Café à la carte", "“2023” – 50 €", "Ã", "C\u00a0Ã ", "Straße, naïve, Øre", "Việt Nam ®"} {
		if got, ok := content.RepairMojibake(text); ok || got != text {
			t.Errorf("%q became %q", text, got)
		}
	}
	for _, text := range []string{"Hội nghị", "và các phường", "“Hội nghị” – 50 €", "HỘI NGHỊ"} {
		for name, code := range map[string]*charmap.Charmap{"1252": charmap.Windows1252, "1258": charmap.Windows1258} {
			wrong := misread(text, code)
			if got, ok := content.RepairMojibake(wrong); got != text || !ok {
				t.Errorf("%s of %q: %q became %q", name, text, wrong, got)
			}
		}
	}
	if got, _ := content.RepairMojibake("Sở Ná»™i vụ"); got != "Sở Ná»™i vụ" {
		t.Errorf("half of a text became %q", got)
	}
	if got, _ := content.RepairMojibake(strings.ReplaceAll(misread("đã và đang làm", charmap.Windows1252), "\u00a0", " ")); got != "đã và đang làm" {
		t.Errorf("a text whose hard spaces were lost became %q", got)
	}
}
