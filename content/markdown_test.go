package content_test

import (
	"errors"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"congso/content"
	"congso/store/model"
)

var update = flag.Bool("update", false, "write the golden files anew")

// TestGolden renders testdata/markdown/*.md; beside each stand its HTML and its plain text.
func TestGolden(t *testing.T) {
	sources, err := filepath.Glob("testdata/markdown/*.md")
	if err != nil || len(sources) < 8 {
		t.Fatalf("%d sources, %v", len(sources), err)
	}
	renderer := content.Renderer()
	for _, source := range sources {
		t.Run(filepath.Base(source), func(t *testing.T) {
			got, err := renderer.Render(readFile(t, source))
			if err != nil {
				t.Fatal(err)
			}
			stem := strings.TrimSuffix(source, ".md")
			golden(t, stem+".html", got.HTML)
			golden(t, stem+".txt", got.Text+"\n")
		})
	}
}

func golden(t *testing.T, name, got string) {
	t.Helper()
	if *update {
		if err := os.WriteFile(name, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if diff := cmp.Diff(readFile(t, name), got); diff != "" {
		t.Errorf("%s (-want +got):\n%s", name, diff)
	}
}

func readFile(t *testing.T, name string) string {
	t.Helper()
	data, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

func TestLinks(t *testing.T) {
	for _, c := range []struct{ source, want string }{
		{"[x](https://a.example/?q=1&r=đ)", `<a href="https://a.example/?q=1&amp;r=%C4%91" class="external" rel="noopener">x</a>`},
		{"[x](HTTP://A.example)", `<a href="http://A.example" class="external" rel="noopener">x</a>`},
		{"[x](/danh-ba#lien-he)", `<a href="/danh-ba#lien-he">x</a>`},
		{"[x](#muc)", `<a href="#muc">x</a>`},
		{"[x](mailto:a@b.example)", `<a href="mailto:a@b.example">x</a>`},
		{"[x](tel:+842573000101)", `<a href="tel:+842573000101">x</a>`},
		{"<vanthu@a.example>", `<a href="mailto:vanthu@a.example">vanthu@a.example</a>`},
		{"https://a.example/đ", "https://a.example/đ"},
		{"[*x*](javascript:alert(1))", "<em>x</em>"},
		{"[x](JaVaScRiPt:alert(1))", "x"},
		{"[x](java&#115;cript:alert(1))", "x"},
		{"[x](data:text/html,a)", "x"},
		{"[x](vbscript:a)", "x"},
		{"[x](file:///etc/passwd)", "x"},
		{"[x](//evil.example/a)", "x"},
		{`[x](/\\evil.example)`, `<a href="/%5Cevil.example">x</a>`},
		{"[x](https:evil)", "x"},
		{"[x]()", "x"},
		{"<javascript:alert(1)>", "javascript:alert(1)"},
		{"![chữ](https://a.example/a.png)", "chữ"},
		{"![chữ](data:image/png;base64,aa)", "chữ"},
		{"![chữ](/static/../admin)", "chữ"},
	} {
		got, err := content.Renderer().Render(c.source)
		if want := "<p>" + c.want + "</p>\n"; err != nil || got.HTML != want {
			t.Errorf("%s: %q, %v; want %q", c.source, got.HTML, err, want)
		}
	}
}

func TestMediaOfText(t *testing.T) {
	a, b := strings.Repeat("a", 64), strings.Repeat("b", 64)
	source := "![a](/media/" + a + "/1200x675.jpg) [b](/media/" + b + "/mau-don.docx) [a](/media/" + a + "/1200x675.jpg) /media/" + strings.Repeat("c", 64) + "/x"
	got, err := content.Renderer().Render(source)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{a, b}, got.Media); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}

func TestTooMuch(t *testing.T) {
	repeat := strings.Repeat
	for name, source := range map[string]string{
		"length":       repeat("a b\n\n", 100_000),
		"quotations":   repeat("> ", 30) + "a",
		"bare quotes":  repeat(">", 60_000),
		"items":        repeat("- ", 30) + "a",
		"deep items":   nestedItems(60),
		"footnotes":    repeat("[^a]: ", 30) + "a",
		"open links":   repeat("[a](", 16_000),
		"brackets":     repeat("[", 64_000),
		"stars":        repeat("*a_ ", 16_000),
		"backticks":    repeat("`a``", 16_000),
		"columns":      repeat("|a", 51) + "\n" + repeat("|-", 51),
		"cells":        repeat("|a", 50) + "\n" + repeat("|-", 50) + "\n" + repeat("a\n", 500),
		"wide columns": repeat("|", 2000) + "\n" + repeat("-|", 2000),
		"emphasis":     repeat("*a _b ", 200) + repeat("c_ d* ", 200),
		"growth":       "a|" + repeat("b|", 48) + "\n-|" + repeat("-|", 48) + "\n" + repeat("a\n", 390),
		"note marks":   repeat("[^1]", 5_000) + "\n\n[^1]: a",
	} {
		_, err := content.Renderer().Render(source)
		var invalid model.Invalid
		if !errors.As(err, &invalid) || invalid["body"] == "" || len(invalid) != 1 {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func nestedItems(depth int) string {
	var b strings.Builder
	for i := range depth {
		b.WriteString(strings.Repeat("  ", i) + "- a\n")
	}
	return b.String()
}

// TestLargeOfficeTexts are texts that must not run into the limits.
func TestLargeOfficeTexts(t *testing.T) {
	repeat := strings.Repeat
	for name, source := range map[string]string{
		"long":        repeat("Hội nghị đã nghe báo cáo **tóm tắt** và [tài liệu](/tin-tuc/a), thảo luận, thống nhất.\n\n", 3000),
		"list":        repeat("- [Quyết định số 12/QĐ-SNV về việc *giao* chỉ tiêu](/tin-tuc/quyet-dinh-so-12)\n", 3000),
		"table":       "| TT | Họ và tên | Đơn vị | Điểm |\n|--:|---|---|--:|\n" + repeat("| 1 | **Nguyễn Văn Mẫu** | Phòng *Ví dụ* | 71,5 |\n", 1000),
		"rules":       repeat("* * * * * * * * * * * * * * * * * * * * * * * * * * *\n\n- - - - - - - - - - - - - - - - - - - - - - - -\n\n", 20),
		"one passage": repeat("Sở *Nội vụ* [trả lời](/a) `x` ", 500),
	} {
		if _, err := content.Renderer().Render(source); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func BenchmarkRender(b *testing.B) {
	passage := readFixture(b, "testdata/markdown/bang.md") + readFixture(b, "testdata/markdown/doan-van.md")
	source := strings.Repeat(passage+"\n\n", 24<<10/len(passage)+1)
	renderer := content.Renderer()
	b.SetBytes(int64(len(source)))
	for b.Loop() {
		if _, err := renderer.Render(source); err != nil {
			b.Fatal(err)
		}
	}
}

func readFixture(b *testing.B, name string) string {
	b.Helper()
	data, err := os.ReadFile(name)
	if err != nil {
		b.Fatal(err)
	}
	return string(data)
}
