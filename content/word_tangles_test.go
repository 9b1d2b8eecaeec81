package content_test

import (
	"strings"
	"testing"
	"time"

	"congso/content"
)

// TestImportTangles reads what grows out of hand when each level is looked at more than once, or each sign searches all others.
func TestImportTangles(t *testing.T) {
	const size = 64 << 10
	nest := func(open, inner, end string, times int) string {
		return strings.Repeat(open, times) + inner + strings.Repeat(end, times)
	}
	check := func(name string, read func() error) {
		began := time.Now()
		err := read()
		if took := time.Since(began); took > 4*time.Second {
			t.Errorf("%s took %v (%v)", name, took, err)
		}
	}
	for name, xml := range map[string]string{
		"tables with pictures": nest(`<w:tbl><w:tr><w:tc>`+picture("a1", "")+`</w:tc><w:tc>`, p("", "a"), `</w:tc></w:tr></w:tbl>`, 40),
		"tables with words":    nest(`<w:tbl><w:tr><w:tc><w:p><w:r><w:t>a</w:t></w:r></w:p></w:tc><w:tc>`, p("", "a"), `</w:tc></w:tr></w:tbl>`, 40),
		"looks":                `<w:p>` + strings.Repeat(run("<w:b/>", "a")+run("<w:i/>", "b")+run("<w:strike/>", "c"), 5000) + `</w:p>`,
		"pictures in a line":   `<w:p>` + strings.Repeat(run("", strings.Repeat("chữ ", 300))+pictureRun("a1", ""), 190) + `</w:p>`,
	} {
		data := docx(t, body(xml))
		check(name, func() error {
			_, err := content.ReadWord(strings.NewReader(string(data)), int64(len(data)), content.DefaultWordLimits())
			return err
		})
	}
	for _, s := range []string{"<b>a</b>", "<b>a<i>b</i></b>", "<i>", "<a href=http://a.b>a</a>", "<a href=#a id=a>1</a>", "<p id=x><a href=#x>1</a>", "<ul><li>", "<li>a", "<table><tr><td>", "<td>a", "<br>", "* ", "[", "~", "`", "é ", "&amp;", "ệ", "<tr><td rowspan=9>a", "\t", "<sup>1</sup>"} {
		for _, around := range []string{"", "<p>", "<table><tr><td>"} {
			check(around+s, func() error { _, err := content.ReadPasted(around + fill(s, size)); return err })
		}
	}
}
