package content_test

import (
	"encoding/base64"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// made is what every document that another program makes for these tests holds.
var made = struct{ captions, words []string }{
	captions: []string{"Quang cảnh hội nghị", "Đại biểu thảo luận", "Lễ ký kết quy chế"},
	words: []string{
		"## Kết quả", "### Việc đã làm", "**đậm**", "*nghiêng*", "[trang chủ](https://a.example/tin?x=1)", "- Mục một", "  - Mục trong", "1. Khoản một", "2. Khoản hai", "| Đơn vị | Số lượng |", "| Phòng A | 3.600 |",
		"[^1]", "[^1]: Theo kế hoạch năm.",
	},
}

func checkMade(t *testing.T, file string) {
	t.Helper()
	got := readWord(t, []byte(readFile(t, file)))
	if got.Title != "Hội nghị sơ kết" {
		t.Errorf("title %q", got.Title)
	}
	var captions []string
	for _, p := range got.Pictures {
		captions = append(captions, p.Caption)
	}
	if len(captions) != len(made.captions) {
		t.Fatalf("pictures with captions %q\n%s", captions, got.Body)
	}
	for i, want := range made.captions {
		if !strings.HasSuffix(captions[i], want) || strings.Count(got.Body, want+"\")") != 1 {
			t.Errorf("caption %d: %q, want %q once in\n%s", i, captions[i], want, got.Body)
		}
	}
	for _, want := range made.words {
		if !strings.Contains(got.Body, want) {
			t.Errorf("no %q in\n%s", want, got.Body)
		}
	}
	if len(got.Notes) > 0 {
		t.Errorf("notes %q", got.Notes)
	}
}

func program(t testing.TB, name, install string) string {
	t.Helper()
	file, err := exec.LookPath(name)
	needs(t, err == nil, "needs "+name+": install "+install)
	return file
}

func TestWordOfPandoc(t *testing.T) {
	pandoc := program(t, "pandoc", "pandoc")
	dir := t.TempDir()
	source := "---\ntitle: Hội nghị sơ kết\n---\n\n# Kết quả\n\nChữ **đậm** và *nghiêng*, xem [trang chủ](https://a.example/tin?x=1).[^a]\n\n" +
		"![Quang cảnh hội nghị](1.png)\n\n## Việc đã làm\n\n- Mục một\n    - Mục trong\n\n1. Khoản một\n2. Khoản hai\n\n![Đại biểu thảo luận](2.png)\n\n" +
		"| Đơn vị | Số lượng |\n|---|---|\n| Phòng A | 3.600 |\n\n![Lễ ký kết quy chế](3.png)\n\n[^a]: Theo kế hoạch năm.\n"
	write(t, filepath.Join(dir, "a.md"), source)
	for i := range 3 {
		write(t, filepath.Join(dir, fmt.Sprintf("%d.png", i+1)), drawn(t, i+1))
	}
	do(t, dir, pandoc, "a.md", "-o", "a.docx")
	checkMade(t, filepath.Join(dir, "a.docx"))
}

// TestWordOfLibreOffice has captions in all three ways that Writer offers: in a frame around the picture, as a line in the style of captions, and
// as an italic line.
func TestWordOfLibreOffice(t *testing.T) {
	soffice := program(t, "soffice", "libreoffice-writer-nogui")
	dir := t.TempDir()
	write(t, filepath.Join(dir, "a.fodt"), writerDocument(t))
	do(t, dir, soffice, "-env:UserInstallation=file://"+filepath.Join(dir, "profile"), "--headless", "--convert-to", "docx:MS Word 2007 XML", "a.fodt")
	checkMade(t, filepath.Join(dir, "a.docx"))
}

func writerDocument(t *testing.T) string {
	frame := func(n int, kind string) string {
		return fmt.Sprintf(`<draw:frame draw:name="Ảnh %d" text:anchor-type="%s" svg:width="8cm" svg:height="6cm" draw:z-index="0"><draw:image><office:binary-data>%s</office:binary-data></draw:image></draw:frame>`,
			n, kind, base64.StdEncoding.EncodeToString([]byte(drawn(t, n))))
	}
	return `<?xml version="1.0" encoding="UTF-8"?><office:document xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" xmlns:style="urn:oasis:names:tc:opendocument:xmlns:style:1.0" xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0" xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" xmlns:draw="urn:oasis:names:tc:opendocument:xmlns:drawing:1.0" xmlns:fo="urn:oasis:names:tc:opendocument:xmlns:xsl-fo-compatible:1.0" xmlns:svg="urn:oasis:names:tc:opendocument:xmlns:svg-compatible:1.0" xmlns:xlink="http://www.w3.org/1999/xlink" office:version="1.2" office:mimetype="application/vnd.oasis.opendocument.text">` +
		`<office:styles><style:style style:name="Frame" style:family="graphic"/><style:style style:name="Caption" style:family="paragraph"/><style:style style:name="Figure" style:family="paragraph" style:parent-style-name="Caption"/><style:style style:name="Title" style:family="paragraph"/><style:style style:name="Heading_20_1" style:display-name="Heading 1" style:family="paragraph" style:default-outline-level="1"/><style:style style:name="Heading_20_2" style:display-name="Heading 2" style:family="paragraph" style:default-outline-level="2"/></office:styles>` +
		`<office:automatic-styles><style:style style:name="B" style:family="text"><style:text-properties fo:font-weight="bold"/></style:style><style:style style:name="I" style:family="text"><style:text-properties fo:font-style="italic"/></style:style>` +
		`<style:style style:name="G" style:family="graphic" style:parent-style-name="Frame"><style:graphic-properties style:wrap="none" style:horizontal-pos="center" style:horizontal-rel="paragraph"/></style:style>` +
		`<text:list-style style:name="U"><text:list-level-style-bullet text:level="1" text:bullet-char="•"/><text:list-level-style-bullet text:level="2" text:bullet-char="◦"/></text:list-style><text:list-style style:name="N"><text:list-level-style-number text:level="1" style:num-format="1" style:num-suffix="."/></text:list-style></office:automatic-styles>` +
		`<office:body><office:text><text:p text:style-name="Title">Hội nghị sơ kết</text:p><text:h text:style-name="Heading_20_1" text:outline-level="1">Kết quả</text:h>` +
		`<text:p>Chữ <text:span text:style-name="B">đậm</text:span> và <text:span text:style-name="I">nghiêng</text:span>, xem <text:a xlink:type="simple" xlink:href="https://a.example/tin?x=1">trang chủ</text:a>.<text:note text:id="f1" text:note-class="footnote"><text:note-citation>1</text:note-citation><text:note-body><text:p>Theo kế hoạch năm.</text:p></text:note-body></text:note></text:p>` +
		`<text:p><draw:frame draw:style-name="G" draw:name="Khung 1" text:anchor-type="paragraph" svg:width="8cm" draw:z-index="0"><draw:text-box fo:min-height="6cm"><text:p text:style-name="Figure">` + frame(1, "as-char") + `Hình 1: Quang cảnh hội nghị</text:p></draw:text-box></draw:frame></text:p>` +
		`<text:h text:style-name="Heading_20_2" text:outline-level="2">Việc đã làm</text:h>` +
		`<text:list text:style-name="U"><text:list-item><text:p>Mục một</text:p><text:list><text:list-item><text:p>Mục trong</text:p></text:list-item></text:list></text:list-item></text:list>` +
		`<text:list text:style-name="N"><text:list-item><text:p>Khoản một</text:p></text:list-item><text:list-item><text:p>Khoản hai</text:p></text:list-item></text:list>` +
		`<text:p>` + frame(2, "as-char") + `</text:p><text:p text:style-name="Caption">Đại biểu thảo luận</text:p>` +
		`<table:table table:name="T"><table:table-column table:number-columns-repeated="2"/><table:table-row><table:table-cell><text:p>Đơn vị</text:p></table:table-cell><table:table-cell><text:p>Số lượng</text:p></table:table-cell></table:table-row><table:table-row><table:table-cell><text:p>Phòng A</text:p></table:table-cell><table:table-cell><text:p>3.600</text:p></table:table-cell></table:table-row></table:table>` +
		`<text:p>` + frame(3, "as-char") + `</text:p><text:p><text:span text:style-name="I">Lễ ký kết quy chế</text:span></text:p></office:text></office:body></office:document>`
}

func write(t testing.TB, name, data string) {
	t.Helper()
	if err := os.WriteFile(name, []byte(data), 0o600); err != nil {
		t.Fatal(err)
	}
}

func do(t testing.TB, dir, program string, args ...string) {
	t.Helper()
	command := exec.Command(program, args...)
	command.Dir = dir
	if out, err := command.CombinedOutput(); err != nil {
		t.Fatalf("%s: %v\n%s", program, err, out)
	}
}
