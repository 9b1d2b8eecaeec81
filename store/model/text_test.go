package model

import (
	"os"
	"strings"
	"testing"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// tableRows returns the rows of a table under testdata, split at tabs, without comments and empty lines.
func tableRows(t *testing.T, name string) [][]string {
	t.Helper()
	data, err := os.ReadFile("testdata/" + name)
	if err != nil {
		t.Fatal(err)
	}
	var rows [][]string
	for line := range strings.Lines(string(data)) {
		if line = strings.TrimRight(line, "\r\n"); line != "" && !strings.HasPrefix(line, "#") {
			rows = append(rows, strings.Split(line, "\t"))
		}
	}
	if len(rows) == 0 {
		t.Fatalf("testdata/%s has no rows", name)
	}
	return rows
}

func TestClean(t *testing.T) {
	for _, c := range []struct{ name, in, want string }{
		{"empty", "", ""},
		{"only white space", " \t\r\n\u00a0\u3000", ""},
		{"runs and ends", "  Sở \t Nội\r\n\r\nvụ ", "Sở Nội vụ"},
		{"no-break spaces", "Điều\u00a05\u202f\u00a0khoản\u30002", "Điều 5 khoản 2"},
		{"NFD to NFC", norm.NFD.String("Đường Nguyễn Huệ"), "Đường Nguyễn Huệ"},
		{"NUL and controls", "a\x00b\x1b[0m\x7f", "ab[0m"},
		{"zero width", "\ufeffthông\u200bbáo\u2060", "thôngbáo"},
		{"mark after a zero width", "a\u200b\u0301", "á"},
		{"soft hyphen", "hành\u00adchính", "hànhchính"},
		{"direction override", "a\u202egnp.exe", "agnp.exe"},
		{"emoji keeps its joiners", "👩\u200d💻", "👩\u200d💻"},
		{"invalid bytes", "a\xff\xc3b\xe1\xba", "ab"},
		{"replacement character is text", "a\ufffdb", "a\ufffdb"},
		{"line separators", "a\u2028b\u2029c\u0085d\ve", "a b c d e"},
	} {
		if got := Clean(c.in); got != c.want {
			t.Errorf("%s: Clean(%q) = %q, want %q", c.name, c.in, got, c.want)
		}
	}
}

func TestCleanLines(t *testing.T) {
	for _, c := range []struct{ name, in, want string }{
		{"empty", "", ""},
		{"only white space", " \n\t\r\n\u00a0", ""},
		{"line breaks", "a\r\nb\rc\nd\u2028e\vf\fg", "a\nb\nc\nd\ne\nf\ng"},
		{"blank lines within stay", "a\n\n\nb", "a\n\n\nb"},
		{"Markdown's spaces stay", "- a\n    - b  \n\tc  d", "- a\n    - b  \n\tc  d"},
		{"first line's indentation stays", "\r\n \n    code\n", "    code"},
		{"end of text", "a\nb \t\n\n \u00a0", "a\nb"},
		{"indentation by no-break spaces", "\u00a0 \u00a0 \u00a0Kính gửi\u00a0Sở", " Kính gửi Sở"},
		{"a line of no-break spaces", "a\n\u00a0\u00a0\nb", "a\n \nb"},
		{"NFD, controls, zero width", norm.NFD.String("Huệ") + "\x00\u200b\ufeff", "Huệ"},
		{"invalid bytes", "a\xff\nb", "a\nb"},
	} {
		if got := CleanLines(c.in); got != c.want {
			t.Errorf("%s: CleanLines(%q) = %q, want %q", c.name, c.in, got, c.want)
		}
	}
}

func FuzzClean(f *testing.F) {
	for _, seed := range []string{"", " a\u00a0\tb ", "a\r\nb\x00", "a\u200b\u0301", "\xff\xfe", "\n\n x \n", "\u2000\u2001", "\u00a0 \u00a0x"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, s string) {
		for name, clean := range map[string]func(string) string{"Clean": Clean, "CleanLines": CleanLines} {
			got := clean(s)
			if !utf8.ValidString(got) || !norm.NFC.IsNormalString(got) {
				t.Errorf("%s(%q) = %q is not NFC in UTF-8", name, s, got)
			}
			if again := clean(got); again != got {
				t.Errorf("%s(%q) = %q, and again %q", name, s, got, again)
			}
			if strings.ContainsAny(got, "\x00\r\u00a0\u200b\ufeff") {
				t.Errorf("%s(%q) = %q keeps what it must remove", name, s, got)
			}
		}
		if got := Clean(s); strings.Contains(got, "  ") || strings.TrimSpace(got) != got || strings.ContainsAny(got, "\n\t") {
			t.Errorf("Clean(%q) = %q is not one trimmed line", s, got)
		}
	})
}
