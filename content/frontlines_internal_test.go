package content

import (
	"testing"
	"unicode/utf8"

	"github.com/BurntSushi/toml"
)

// heads are front matters, those first that are read without the TOML decoder.
func heads() (plain, others []string) {
	return []string{
			"", "\n", "title = \"Giới thiệu\"\ndescription = \"\"\ndate = 2026-07-05\norder = 3\nmenu = true\ndraft = false\n", "order=-2\n", "order = 0",
			"\ttitle=\"a # b = c\"  \n\n", "visibility = \"internal\"\nlanguage = \"en\"\n", "visibility = \"khác\"\n",
		}, []string{
			"title = \"a\"\ntitle = \"b\"\n", "Title = \"a\"", "title = 'a'", "title = \"a\\nb\"", "title = \"a\" # b", "# a", "title = \"\"\"a\"\"\"", "title = \"",
			"title = \"a\"b\"", "title = \"a\tb\"", "title = \"a\x7f\"", "title = \"a\r\"", "title\n", "= 1", "title = 1", "order = \"1\"", "order = 01", "order = +1", "order = -",
			"order = 1_000", "order = 0x1", "order = 12345678901", "order = ", "menu = True", "menu = 1", "date = \"05/07/2026\"", "date = 2026-7-5", "date = 2026-02-30",
			"date = 2026-07-05T00:00:00Z", "khác = 1", "[title]", "a.b = 1", "\"title\" = \"a\"", "title = [\"a\"]", "order = 1 2",
		}
}

func checkPlainFront(t *testing.T, head string) (ok bool) {
	t.Helper()
	got, ok := plainFront(head)
	if !ok {
		return false
	}
	var want front
	if meta, err := toml.Decode(head, &want); err != nil || len(meta.Undecoded()) > 0 || got != want {
		t.Errorf("%q gives %+v, but by the decoder %+v, %v, %v", head, got, want, meta.Undecoded(), err)
	}
	return true
}

func TestPlainFront(t *testing.T) {
	plain, others := heads()
	for _, head := range plain {
		if !checkPlainFront(t, head) {
			t.Errorf("%q is not read", head)
		}
	}
	for _, head := range others {
		if checkPlainFront(t, head) {
			t.Errorf("%q is read without the decoder", head)
		}
	}
}

func FuzzPlainFront(f *testing.F) {
	plain, others := heads()
	for _, head := range append(plain, others...) {
		f.Add(head)
	}
	f.Fuzz(func(t *testing.T, head string) {
		if utf8.ValidString(head) { // as files are by then
			checkPlainFront(t, head)
		}
	})
}
