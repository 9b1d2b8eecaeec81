package content

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// checkSettled compares the short way of a page with the sanitiser's, and reports whether the page may go it.
func checkSettled(t *testing.T, m *markdown, page string) bool {
	t.Helper()
	s := settled{form: m.form}
	if !s.settle([]byte(page)) {
		return false
	}
	want := m.policy.SanitizeReader(strings.NewReader(page)).String()
	if got := string(s.html); got != want {
		t.Errorf("page %q\nbecomes %q\n   want %q", page, got, want)
	}
	if got, want := joinLines(s.text), plainText(want); got != want {
		t.Errorf("page %q\nreads %q\n want %q", page, got, want)
	}
	return true
}

// TestSettledPages: what the renderer has written goes the short way, through which it is what the sanitiser makes of it.
func TestSettledPages(t *testing.T) {
	pages, err := filepath.Glob("testdata/markdown/*.html")
	if err != nil || len(pages) < 8 {
		t.Fatalf("%d pages, %v", len(pages), err)
	}
	m := newMarkdown("vi")
	for _, name := range pages {
		page, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		if !checkSettled(t, m, string(page)) {
			t.Errorf("%s goes the long way", name)
		}
	}
}

// otherPages are pages that the sanitiser must see, and some near to them that it need not.
func otherPages() []string {
	return []string{
		"<script>x</script>", "<p onclick=\"x\">", "<p style=\"x\">a", "<a>b</a>", "<img>", "<span>a</span>", "<a href=\"javascript:x\">a</a>",
		"<a href=\"JAVASCRIPT:x\">a</a>", "<a href=\" /a\">b</a>", "<a href=\"/a b\">b</a>", "<a href=\"//evil.example\">b</a>", "<a href=\"\">b</a>",
		"<a href=\"/a&amp;b\">b</a>", "<a href=\"/a&ampb\">b</a>", "<a href=\"/%zz\">b</a>", "<a href=\"https://A.example/đ\">b</a>", "<a href='/a'>b</a>",
		"<a href=\"/a\" href=\"/b\">b</a>", "<a href=\"/a\"\nclass=\"external\">b</a>", "<a href=\"/a\"class=\"external\">b</a>", "<a title=\"a>b\">c</a>",
		"<a title=\"a<b\">c</a>", "<a title=\"'&#39;&quot;&#160;\">c</a>", "<a href=\"/a\">b", "<a href=\"/a", "<a", "<", "</", "</p", "</p x>", "</x>", "<P>a</P>",
		"<br/>", "<br />", "<!-- a --><p>b", "<!doctype html>", "<?a?>", "<p>a & b &lt &copy; &#13; \r\x00\x01\x7f\xff", "<p>1 > 2 \"a\" 'b'</p>",
		"<h1>a</h1>", "<h2 id=\"a\">b</h2>", "<h2 id=\"A\">b</h2>", "<h7>a</h7>", "<textarea><p>a</textarea>", "<title>a", "<plaintext><p>a", "<svg><p>a",
		"<pre tabindex=\"0\"><code>\n a</code></pre>", "<span class=\"task\" role=\"img\" aria-label=\"a\">x<em>y</em></span> z",
		"<sup id=\"fnref:1\"><a href=\"#fn:1\" class=\"footnote-ref\" role=\"doc-noteref\" aria-label=\"a\">1</a></sup>",
		"<a class=\"footnote-ref\">a<a href=\"/b\">c</a>d</a>e", "<img src=\"/static/a.png\" alt=\"\" width=\"1\" height=\"2\" loading=\"lazy\" decoding=\"async\">",
		"<img src=\"https://a.example/a.png\">", "<img src=\"/static/../a.png\" alt=\"a\">", "<ol start=\"3\"><li>a</ol>", "<ol start=\"-3\"><li>a</ol>",
	}
}

func FuzzSettledPages(f *testing.F) {
	for _, page := range otherPages() {
		f.Add(page)
		f.Add("<p>trước</p>\n" + page + "\n<p>sau</p>\n")
	}
	m := newMarkdown("vi")
	f.Fuzz(func(t *testing.T, page string) { checkSettled(t, m, page) })
}

// TestUnsettledPages: what the sanitiser would change does not go past it.
func TestUnsettledPages(t *testing.T) {
	m, short := newMarkdown("vi"), 0
	for _, page := range otherPages() {
		if checkSettled(t, m, page) {
			short++
		}
	}
	if short == 0 || short == len(otherPages()) {
		t.Errorf("%d of %d pages go the short way", short, len(otherPages()))
	}
}
