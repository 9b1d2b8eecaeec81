package content_test

import (
	"errors"
	"strings"
	"testing"

	"golang.org/x/text/unicode/norm"

	"congso/content"
	"congso/store/model"
)

// checkFuzzed holds what is true of every import, whatever was read.
func checkFuzzed(t *testing.T, got content.Import, err error) {
	t.Helper()
	if err != nil {
		if invalid := (model.Invalid{}); !errors.As(err, &invalid) || len(invalid) != 1 {
			t.Errorf("not for people: %v", err)
		}
		return
	}
	page, err := content.Renderer().Render(got.Body)
	if err != nil {
		t.Fatalf("not shown: %v\n%s", err, got.Body)
	}
	checkSafe(t, page.HTML)
	for _, s := range append([]string{got.Title, got.Body}, got.Notes...) {
		if !norm.NFC.IsNormalString(s) {
			t.Errorf("not NFC: %q", s)
		}
	}
}

// FuzzReadWord changes the document's text, and the bytes of a whole file.
func FuzzReadWord(f *testing.F) {
	for _, xml := range []string{
		p("Tiu", "Tin") + picture("a1", "x") + p("Chuthich", "Ảnh"), listItem("1", "0", "a") + listItem("1", "2", "b") + listItem("2", "8", "c"),
		`<w:tbl><w:tr>` + tc(`<w:gridSpan w:val="3"/>`, p("", "a")) + tc(`<w:vMerge/>`, picture("a1", "")) + `</w:tr></w:tbl>`, `<w:p><w:r><w:fldChar w:fldCharType="end"/><w:instrText>HYPERLINK "http://a</w:instrText></w:r></w:p>`,
		`<w:p><w:r><w:footnoteReference w:id="1"/><w:t>: a</w:t></w:r></w:p>`, `<w:p>` + run("<w:b/>", "*") + run("<w:i/>", "\u0338_") + `</w:p>`, "<w:p>", "&b;", "<!DOCTYPE a>",
	} {
		f.Add(xml, []byte(nil))
	}
	f.Add("", []byte("PK\x03\x04"))
	f.Add("", docx(f, map[string]string{"word/document.xml": "<document><body><p><r><t>a</t></r></p></body></document>", "word/styles.xml": "<a/>", "word/numbering.xml": "<a/>", "word/_rels/document.xml.rels": "<a/>"}))
	f.Fuzz(func(t *testing.T, xml string, file []byte) {
		if len(file) == 0 {
			file = docx(t, body(xml))
		}
		got, err := content.ReadWord(strings.NewReader(string(file)), int64(len(file)), content.DefaultWordLimits())
		checkFuzzed(t, got, err)
	})
}

func FuzzReadPasted(f *testing.F) {
	for _, s := range []string{
		"<p>a<b>b</b>", "<ul><li>a<ul><li>b</ul></ul>", "<table><tr><td rowspan=9 colspan=9>a<td>b<tr><td>c</table>", `<img src="data:image/png;base64,AAAA">`,
		`<a href=#x id=y>1</a><p id=x><a href=#y>1</a> note`, "<p style='mso-list:l0 level1 lfo1'><span style='mso-list:Ignore'>1.</span>a", "<pre>a\n\n b</pre>", "<a href='http://a.b/)(\\'>x</a>",
		"<h1>a</h1><h6>b</h6><blockquote># c</blockquote>", "<p>\u0338a<br>\u0301", "<ol start=-1 type=a><li value=99>x", "<figure><figcaption>a</figcaption></figure>", "<sup>12</sup><sub>n</sub>",
	} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		got, err := content.ReadPasted(s)
		checkFuzzed(t, got, err)
	})
}
