package content_test

import (
	"archive/zip"
	"bytes"
	"errors"
	"fmt"
	"image"
	"image/color"
	"image/png"
	"io"
	"math/rand"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/text/unicode/norm"

	"congso/content"
	"congso/store/model"
)

const (
	wordSpaces = `xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"` +
		` xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing" xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"` +
		` xmlns:pic="http://schemas.openxmlformats.org/drawingml/2006/picture" xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"` +
		` xmlns:v="urn:schemas-microsoft-com:vml" xmlns:o="urn:schemas-microsoft-com:office:office"`
	wordStyles = `<w:styles ` + wordSpaces + `>` +
		`<w:style w:type="paragraph" w:default="1" w:styleId="Binhthuong"><w:name w:val="Normal"/></w:style>` +
		`<w:style w:type="paragraph" w:styleId="u1"><w:name w:val="heading 1"/><w:basedOn w:val="Binhthuong"/><w:rPr><w:b/></w:rPr></w:style>` +
		`<w:style w:type="paragraph" w:styleId="u3"><w:name w:val="Tiêu đề 3"/></w:style>` +
		`<w:style w:type="paragraph" w:styleId="Muc"><w:name w:val="Mục của cơ quan"/><w:pPr><w:outlineLvl w:val="1"/></w:pPr></w:style>` +
		`<w:style w:type="paragraph" w:styleId="Tiu"><w:name w:val="Title"/></w:style>` +
		`<w:style w:type="paragraph" w:styleId="Chuthich"><w:name w:val="caption"/><w:rPr><w:i/></w:rPr></w:style>` +
		`<w:style w:type="paragraph" w:styleId="Hinh"><w:name w:val="Figure"/><w:basedOn w:val="Chuthich"/></w:style>` +
		`<w:style w:type="paragraph" w:styleId="Mucluc1"><w:name w:val="toc 1"/></w:style>` +
		`<w:style w:type="paragraph" w:styleId="Dam"><w:name w:val="Đậm"/><w:rPr><w:b/></w:rPr></w:style>` +
		`<w:style w:type="character" w:styleId="Manh"><w:name w:val="Strong"/><w:rPr><w:b/></w:rPr></w:style></w:styles>`
	wordNumbering = `<w:numbering ` + wordSpaces + `><w:abstractNum w:abstractNumId="0">` +
		`<w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="decimal"/><w:lvlText w:val="%1."/></w:lvl>` +
		`<w:lvl w:ilvl="1"><w:start w:val="1"/><w:numFmt w:val="lowerLetter"/><w:lvlText w:val="%2)"/></w:lvl>` +
		`<w:lvl w:ilvl="2"><w:start w:val="1"/><w:numFmt w:val="decimal"/><w:lvlText w:val="%1.%2.%3."/></w:lvl></w:abstractNum>` +
		`<w:abstractNum w:abstractNumId="1"><w:lvl w:ilvl="0"><w:numFmt w:val="bullet"/><w:lvlText w:val="·"/></w:lvl><w:lvl w:ilvl="1"><w:numFmt w:val="bullet"/><w:lvlText w:val="o"/></w:lvl></w:abstractNum>` +
		`<w:abstractNum w:abstractNumId="2"><w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="decimal"/><w:lvlText w:val="Điều %1."/></w:lvl></w:abstractNum>` +
		`<w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num><w:num w:numId="2"><w:abstractNumId w:val="1"/></w:num><w:num w:numId="3"><w:abstractNumId w:val="2"/></w:num>` +
		`<w:num w:numId="4"><w:abstractNumId w:val="0"/><w:lvlOverride w:ilvl="0"><w:startOverride w:val="1"/></w:lvlOverride></w:num></w:numbering>`
	wordRelations = `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">` +
		`<Relationship Id="a1" Type="x/image" Target="media/anh1.png"/><Relationship Id="a2" Type="x/image" Target="../word/media/anh2.png"/><Relationship Id="a3" Type="x/image" Target="/word/media/anh3.png"/>` +
		`<Relationship Id="emf" Type="x/image" Target="media/hinh.emf"/><Relationship Id="mat" Type="x/image" Target="media/mat.png"/><Relationship Id="xa" Type="x/image" Target="http://a.example/xa.png" TargetMode="External"/>` +
		`<Relationship Id="l1" Type="x/hyperlink" Target="https://a.example/b?c=1&amp;d=(2)" TargetMode="External"/><Relationship Id="l2" Type="x/hyperlink" Target="javascript:alert(1)" TargetMode="External"/>` +
		`</Relationships>`
)

// docx packs parts; what is missing gets a common one.
func docx(t testing.TB, parts map[string]string) []byte {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	all := map[string]string{
		"[Content_Types].xml": `<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>`,
		"word/styles.xml":     wordStyles, "word/numbering.xml": wordNumbering, "word/_rels/document.xml.rels": wordRelations,
		"word/media/anh1.png": drawn(t, 1), "word/media/anh2.png": drawn(t, 2), "word/media/anh3.png": drawn(t, 3), "word/media/hinh.emf": "\x01\x00\x00\x00",
	}
	for name, data := range parts {
		all[name] = data
	}
	for name, data := range all {
		w, err := z.Create(name)
		if err == nil {
			_, err = io.WriteString(w, data)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// body is a document of the given paragraphs.
func body(xml string) map[string]string {
	return map[string]string{"word/document.xml": `<w:document ` + wordSpaces + `><w:body>` + xml + `<w:sectPr/></w:body></w:document>`}
}

func drawn(t testing.TB, seed int) string {
	t.Helper()
	m := image.NewRGBA(image.Rect(0, 0, 8, 8))
	m.Set(seed, seed, color.RGBA{200, 0, 0, 255})
	var b bytes.Buffer
	if err := png.Encode(&b, m); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func readWord(t testing.TB, data []byte) content.Import {
	t.Helper()
	got, err := content.ReadWord(bytes.NewReader(data), int64(len(data)), content.DefaultWordLimits())
	if err != nil {
		t.Fatal(err)
	}
	checkImport(t, got)
	return got
}

// checkImport holds what is true of every import: NFC, shown by the renderer with nothing of Word in it, every picture placed and readable.
func checkImport(t testing.TB, got content.Import) {
	t.Helper()
	addresses := make([]string, len(got.Pictures))
	for i := range addresses {
		addresses[i] = fmt.Sprintf("/media/%064x/8x8.png", i)
	}
	page, err := content.Renderer().Render(got.Place(addresses))
	if err != nil {
		t.Fatal(err)
	}
	for i, p := range got.Pictures {
		if n := strings.Count(page.HTML, `src="`+addresses[i]); n != 1 {
			t.Errorf("picture %d stands %d times in %s", i, n, page.HTML)
		}
		if p.Caption != "" && !strings.Contains(strings.Join(strings.Fields(page.Text), " "), p.Caption) && !strings.Contains(page.HTML, "title=") {
			t.Errorf("caption %q is not on the page: %s", p.Caption, page.Text)
		}
	}
	for _, s := range []string{got.Title, got.Body, got.Original} {
		if !norm.NFC.IsNormalString(s) {
			t.Errorf("not NFC: %q", s)
		}
	}
	for _, sign := range []string{"style=", "mso-", "MsoNormal", "<o:p>", "<w:"} {
		if strings.Contains(page.HTML, sign) {
			t.Errorf("%s is left in %s", sign, page.HTML)
		}
	}
}

// describe is an import as text, for golden files.
func describe(i content.Import) string {
	var b strings.Builder
	fmt.Fprintf(&b, "Title: %s\n", i.Title)
	for n, p := range i.Pictures {
		fmt.Fprintf(&b, "Picture %d: %s %s alt %q caption %q\n", n, p.Name, p.Mime, p.Alt, p.Caption)
	}
	for _, n := range i.Notes {
		fmt.Fprintf(&b, "Note: %s\n", n)
	}
	fmt.Fprintf(&b, "\n%s\n", i.Body)
	if i.Repaired {
		fmt.Fprintf(&b, "\n--- before its repair:\n\n%s\n", i.Original)
	}
	return b.String()
}

// needs skips the test when something it needs is absent, and fails it when CONGSO_TEST_REQUIRE is "all".
func needs(t testing.TB, there bool, what string) {
	t.Helper()
	if there {
		return
	}
	if os.Getenv("CONGSO_TEST_REQUIRE") == "all" {
		t.Fatal(what)
	}
	t.Skip(what)
}

// sharedFolder is the folder of test data beside the repository.
func sharedFolder(t testing.TB, name string) string {
	t.Helper()
	for _, root := range []string{"../../shared", "../../../shared", "../../../../shared"} {
		if dir := filepath.Join(root, name); exists(dir) {
			return dir
		}
	}
	needs(t, false, "needs the folder shared/"+name+" beside the repository")
	return ""
}

func exists(name string) bool {
	_, err := os.Stat(name)
	return err == nil
}

// TestWordSamples reads documents of Word and other programs; testdata/word/*.md says what must come of each.
func TestWordSamples(t *testing.T) {
	files, err := filepath.Glob(filepath.Join(sharedFolder(t, "samples/word"), "*.docx"))
	if err != nil || len(files) < 20 {
		t.Fatalf("%d files, %v", len(files), err)
	}
	for _, file := range files {
		t.Run(filepath.Base(file), func(t *testing.T) {
			got := readWord(t, []byte(readFile(t, file)))
			golden(t, "testdata/word/"+strings.TrimSuffix(filepath.Base(file), ".docx")+".md", describe(got))
		})
	}
}

func TestWordRefused(t *testing.T) {
	good := docx(t, body(`<w:p><w:r><w:t>Chữ</w:t></w:r></w:p>`))
	ole := "\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1" + strings.Repeat("\x00", 70_000)
	var utf16 strings.Builder
	for _, c := range "EncryptedPackage" {
		utf16.WriteString(string(c) + "\x00")
	}
	encryptedEntry := bytes.Replace(good, []byte("PK\x01\x02\x14\x00\x14\x00\x08"), []byte("PK\x01\x02\x14\x00\x14\x00\x09"), -1)
	limits := content.DefaultWordLimits()
	limits.Unpacked, limits.Parts = 4<<20, 50_000
	for name, c := range map[string]struct{ data, want string }{
		"empty": {"", "rỗng"}, "random": {"abcdefgh", "không phải tài liệu Word"}, "pdf": {"%PDF-1.7\n", "PDF"}, "rtf": {`{\rtf1 a}`, "RTF"}, "html": {"\xEF\xBB\xBF <html>", "trang web"},
		"doc": {ole, "đời cũ (.doc)"}, "encrypted": {ole + utf16.String(), "mật khẩu"}, "encrypted over a border": {ole[:65_530] + utf16.String(), "mật khẩu"},
		"encrypted entry": {string(encryptedEntry), "mật khẩu"},
		"half":            {string(good[:len(good)/2]), "hỏng"}, "cut short": {string(good[:len(good)-10]), "hỏng"},
		"odt":   {string(archive(t, "mimetype", "application/vnd.oasis.opendocument.text")), "OpenDocument"},
		"excel": {string(archive(t, "xl/workbook.xml", "<workbook/>")), "Excel"}, "slides": {string(archive(t, "ppt/presentation.xml", "<p/>")), "PowerPoint"},
		"zip": {string(archive(t, "a.txt", "a")), "không phải tài liệu Word"}, "no text": {string(archive(t, "_rels/.rels", "<a/>")), "thiếu phần nội dung"},
		"broken xml":          {string(docx(t, body(`<w:p><w:r>`))), "hỏng"},
		"entities":            {string(docx(t, map[string]string{"word/document.xml": `<!DOCTYPE a [<!ENTITY b "c">]><w:document ` + wordSpaces + `><w:body><w:p><w:r><w:t>&b;</w:t></w:r></w:p></w:body></w:document>`})), "hỏng"},
		"other root":          {string(docx(t, map[string]string{"word/document.xml": `<a/>`})), "không phải tài liệu Word"},
		"nested":              {string(docx(t, body(strings.Repeat("<w:sdt>", 5000)+strings.Repeat("</w:sdt>", 5000)))), "lồng nhau quá sâu"},
		"nested and left out": {string(docx(t, body(strings.Repeat("<w:x>", 5000)+strings.Repeat("</w:x>", 5000)))), "lồng nhau quá sâu"},
		"bomb of spaces":      {string(docx(t, body(strings.Repeat(" ", 5<<20)))), "giải nén"},
		"bomb of styles":      {string(docx(t, map[string]string{"word/styles.xml": "<a>" + strings.Repeat("<b/>", 2<<20) + "</a>"})), "giải nén"},
		"too long":            {string(docx(t, body(`<w:p><w:r><w:t>`+strings.Repeat("dài ", 100_000)+`</w:t></w:r></w:p>`))), "quá dài"},
		"too many paragraphs": {string(docx(t, body(strings.Repeat(`<w:p/>`, 60_000)))), "quá dài"},
		"too many columns":    {string(docx(t, body(`<w:tbl><w:tr>`+strings.Repeat(`<w:tc><w:p><w:r><w:t>a</w:t></w:r></w:p></w:tc>`, 60)+`</w:tr></w:tbl>`))), "cột"},
		"too many pictures":   {string(docx(t, body(strings.Repeat(picture("a1", ""), 201)))), "quá nhiều ảnh"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := content.ReadWord(strings.NewReader(c.data), int64(len(c.data)), limits)
			var invalid model.Invalid
			if !errors.As(err, &invalid) || !strings.Contains(invalid["file"], c.want) {
				t.Errorf("%v, want a message with %q", err, c.want)
			}
		})
	}
	limits.File = 10
	if _, err := content.ReadWord(bytes.NewReader(good), int64(len(good)), limits); err == nil {
		t.Error("a file over the limit is read")
	}
}

func archive(t *testing.T, name, data string) []byte {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	w, err := z.Create(name)
	if err == nil {
		_, err = io.WriteString(w, data)
	}
	if err = errors.Join(err, z.Close()); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// TestWordText holds the promise that matters most: the page shows the text that was typed, whatever signs are in it, and no sign more.
func TestWordText(t *testing.T) {
	alphabet := []string{"a", "ệ", "Đ", "1", "2", " ", " ", "*", "**", "_", "`", "~", "~~", "[", "]", "(", ")", "<", ">", "&", "&amp;", "&#65;", "\\", "|", "#", "-", "+", "=", ":", "!", ".", ",", "“", "”",
		"http://a.example", "<br>", "<b>", "[^1]", "[ ]", "![a](b)", "](picture:0)", "---", "===", "1.", "1)", "> ", "- ", "\u00a0", "\u0301", "x_y_z", "@", "{", "}", "^", "$", "%", "'", "\"", "\n", "\t"}
	rng := rand.New(rand.NewSource(1))
	renderer := content.Renderer()
	for range 500 {
		var xml strings.Builder
		var want []string
		paragraphs := 1 + rng.Intn(3)
		kind := rng.Intn(4)
		for range paragraphs {
			p, words := randomParagraph(rng, alphabet)
			switch kind {
			case 1:
				p = strings.Replace(p, "<w:p>", `<w:p><w:pPr><w:numPr><w:ilvl w:val="0"/><w:numId w:val="2"/></w:numPr></w:pPr>`, 1)
			case 2:
				p = `<w:tbl><w:tr><w:tc>` + p + `</w:tc><w:tc><w:p><w:r><w:t>ô</w:t></w:r></w:p></w:tc></w:tr></w:tbl>`
				words += "\nô"
			case 3:
				p = strings.Replace(p, "<w:p>", `<w:p><w:pPr><w:pStyle w:val="u1"/></w:pPr>`, 1)
				words = strings.ReplaceAll(words, "\n", " ")
			}
			xml.WriteString(p)
			want = append(want, words)
		}
		got := readWord(t, docx(t, body(`<w:p><w:r><w:t>Đầu bài.</w:t></w:r></w:p>`+xml.String())))
		page, err := renderer.Render(got.Body)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(lines("Đầu bài.\n"+strings.Join(want, "\n")), lines(page.Text)); diff != "" {
			t.Fatalf("%s\nmarkdown: %s\n(-typed +shown):\n%s", xml.String(), got.Body, diff)
		}
	}
}

// lines cleans each line of a text and leaves out empty ones.
func lines(s string) []string {
	var out []string
	for _, line := range strings.Split(s, "\n") {
		if line = model.Clean(line); line != "" {
			out = append(out, line)
		}
	}
	return out
}

// randomParagraph is a paragraph of runs that look all ways, and its text.
func randomParagraph(rng *rand.Rand, alphabet []string) (xml, words string) {
	var b, text strings.Builder
	b.WriteString("<w:p>")
	for range 1 + rng.Intn(5) {
		b.WriteString("<w:r><w:rPr>")
		for _, look := range []string{"<w:b/>", "<w:i/>", "<w:strike/>"} {
			if rng.Intn(4) == 0 {
				b.WriteString(look)
			}
		}
		b.WriteString("</w:rPr>")
		for range 1 + rng.Intn(6) {
			piece := alphabet[rng.Intn(len(alphabet))]
			if piece == "\u0301" && (text.Len() == 0 || strings.HasSuffix(text.String(), "\n")) { // a mark without a letter goes
				continue
			}
			text.WriteString(piece)
			switch piece {
			case "\n":
				b.WriteString("<w:br/>")
			case "\t":
				b.WriteString("<w:tab/>")
			default:
				b.WriteString(`<w:t xml:space="preserve">` + escaped.Replace(piece) + "</w:t>")
			}
		}
		b.WriteString("</w:r>")
	}
	return b.String() + "</w:p>", text.String()
}

var escaped = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;")

// picture is a run with a picture, within a paragraph.
func picture(id, alt string) string {
	return `<w:p>` + pictureRun(id, alt) + `</w:p>`
}

func pictureRun(id, alt string) string {
	return `<w:r><w:drawing><wp:inline><wp:extent cx="3000000" cy="2000000"/><wp:docPr id="1" name="Picture 1" descr="` + alt + `"/><a:graphic><a:graphicData><pic:pic><pic:blipFill><a:blip r:embed="` + id + `"/></pic:blipFill></pic:pic></a:graphicData></a:graphic></wp:inline></w:drawing></w:r>`
}
