package content_test

import (
	"bytes"
	"net/url"
	"strings"
	"testing"
	"time"

	"golang.org/x/net/html"

	"congso/content"
	"congso/store/model"
)

// tangles are texts that, repeated, have kept Markdown parsers busy or have made pages out of proportion.
func tangles() []string {
	return []string{
		"[a](", "[a](b", "[a](<b", "[a](b \"", "[a]((", "![a](", "[", "]", "[]", "[[]", "[a][", "[a]", "![", "[*", "[a](/b)", "[a]: b\n", "[a]: b \"", "[a]:\n",
		"*a ", "*a_ ", "**a* ", "_a_", "a*b*", "a**b", "***a ", "*a**b***c", "~~a ", "~a~ ", "*", "_", "~",
		"`", "`a``", "`` ` ", "\\|`", "|`\\|", "\\", "&", "&#", "&amp", "<", "<a:", "<a@", "<a:b>", "<!--", "<?", "</a", "<br>", "\"",
		"> ", ">", ">\n", "> - ", "- ", "- > ", "-\n", "+ ", "* a\n  ", "1. ", "1.\n", "- a\n\n", "- [ ] a\n", ": ", "a\n: ", "\t- ", "\t", " ",
		"[^a]: ", "[^1]", "[^1]: ", "[^1]:\n", "#\n", "# a\n", "a\n---\n", "a\n===\n", "    a\n", "```\n", "***\n", "a  \n", "a\n\n",
		"|", "|\n", "|a", "a|b\n", "![](/static/a)\n\n", "e\u0301", "\u00a0", "\x00", "\xff",
	}
}

func FuzzRender(f *testing.F) {
	for _, s := range tangles() {
		f.Add(s)
		f.Add("a|b\n-|-\n" + s + "|" + s)
	}
	for _, s := range []string{
		"[a](javascript:alert(1))", "[a](java\tscript:alert(1))", "<javascript:alert(1)>", "![a](data:image/svg+xml,<svg onload=x>)",
		"<script>x</script>", "<a href='javascript:x' onclick=x style=x>", "[a](<b\" onmouseover=\"x>)", "![a\" onerror=\"x](/static/a.png \"b\" onerror=x\")",
		"[a]: javascript:x\n\n[a]", "| a |\n|:-:|\n| <img src=x onerror=x> |", "# a {onclick=x}", "```js onload=x\na\n```", "[a](/\\evil.example)", "[a](//evil.example)",
	} {
		f.Add(s)
	}
	renderer := content.Renderer()
	f.Fuzz(func(t *testing.T, source string) {
		got, took, err := timed(renderer, source)
		if took > bound {
			t.Errorf("%d bytes took %v", len(source), took)
		}
		if err != nil {
			return
		}
		if len(got.HTML) > 20*len(source)+64<<10 {
			t.Errorf("%d bytes became %d", len(source), len(got.HTML))
		}
		checkSafe(t, got.HTML)
	})
}

// bound is wide, since test machines are slow and busy; what the caps prevent takes ten times as long.
const bound = 1500 * time.Millisecond

// timed renders source and returns the time it took, the shortest of three when the machine stood still in the first.
func timed(renderer model.Renderer, source string) (got model.Rendered, took time.Duration, err error) {
	took = time.Hour
	for range 3 {
		start := time.Now()
		got, err = renderer.Render(source)
		if took = min(took, time.Since(start)); took <= bound {
			break
		}
	}
	return got, took, err
}

// checkSafe parses the page as a browser would and looks for what must never be in one.
func checkSafe(t *testing.T, page string) {
	t.Helper()
	root, err := html.Parse(strings.NewReader(page))
	if err != nil {
		t.Fatalf("page cannot be parsed: %v", err)
	}
	for n := range root.Descendants() {
		if n.Type != html.ElementNode {
			continue
		}
		switch n.Data {
		case "script", "style", "iframe", "object", "embed", "form", "input", "svg", "math", "link", "meta", "base", "h1":
			t.Errorf("page has a %s element", n.Data)
		}
		for _, a := range n.Attr {
			checkAttribute(t, n.Data, a)
		}
	}
}

func checkAttribute(t *testing.T, element string, a html.Attribute) {
	t.Helper()
	switch {
	case a.Key == "style", strings.HasPrefix(a.Key, "on"):
		t.Errorf("%s has %s=%q", element, a.Key, a.Val)
	case a.Key == "src" && !strings.HasPrefix(a.Val, "/media/") && !strings.HasPrefix(a.Val, "/static/"):
		t.Errorf("%s from %q", element, a.Val)
	case a.Key == "href":
		u, err := url.Parse(a.Val)
		if err != nil || !strings.Contains(" http https mailto tel ", " "+u.Scheme+" ") && u.Scheme != "" || u.Scheme == "" && u.Host != "" {
			t.Errorf("link to %q, %v", a.Val, err)
		}
	}
}

// TestTangles holds the promise of bounded time and size for each tangle: 64 KB of it alone, and less of it in blocks, lines,
// tables, lists and quotations.
func TestTangles(t *testing.T) {
	const large, medium, small = 64 << 10, 16 << 10, 4 << 10
	renderer := content.Renderer()
	for _, s := range tangles() {
		for form, source := range map[string]string{
			"run": fill(s, large), "blocks": fill(strings.Repeat(s, 300)+"\n\n", medium), "lines": fill(s+s+s+"\n", small),
			"table": "a|b\n-|-\n" + fill(s+"|"+s+"\n", small), "list": fill("- "+s+"\n", small), "quotation": fill("> "+s+"\n", small),
		} {
			got, took, err := timed(renderer, source)
			if took > bound {
				t.Errorf("%q as %s took %v (%v)", s, form, took, err)
			}
			if len(got.HTML) > 20*len(source)+64<<10 {
				t.Errorf("%q as %s became %d bytes", s, form, len(got.HTML))
			}
		}
	}
}

func fill(s string, size int) string {
	return string(bytes.Repeat([]byte(s), size/len(s)+1)[:size])
}
