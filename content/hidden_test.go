package content_test

import (
	"testing"

	"congso/content"
	"congso/store/model"
)

// TestFaultyFileIsHiddenAtOnce holds that a file which has become internal, or a draft, is kept from outsiders however faulty it is, and
// that any other faulty file leaves its last good version.
func TestFaultyFileIsHiddenAtOnce(t *testing.T) {
	const bad = "\n+++\n\n[x](khong-co.md)\n"
	for name, c := range map[string]struct {
		text            string
		public, insider bool
	}{
		"internal, faulty text":   {"+++\ntitle = \"Lương\"\nvisibility = \"internal\"" + bad, false, true},
		"internal, wrong value":   {"+++\ntitle = \"Lương\"\norder = \"a\"\nvisibility = \"internal\"" + bad, false, true},
		"internal, no title":      {"+++\nvisibility = \"internal\"\n+++\n", false, true},
		"draft, faulty text":      {"+++\ntitle = \"Lương\"\ndraft = true" + bad, false, false},
		"draft, wrong value":      {"+++\ntitle = 1\ndraft = true" + bad, false, false},
		"public, faulty text":     {"+++\ntitle = \"Lương\"" + bad, true, true},
		"misspelt":                {"+++\ntitle = \"Lương\"\nvisibility = \"interal\"" + bad, true, true},
		"unreadable front matter": {"+++\ntitle = \"Lương\nvisibility = \"internal\"" + bad, true, true},
	} {
		t.Run(name, func(t *testing.T) {
			files := map[string]string{"vi/luong.md": article("Lương", "![a](a.png)"), "vi/a.png": pngFile(t, 1, 1)}
			dir := folder(t, files)
			l := open(t, dir)
			put(t, dir, "vi/luong.md", c.text)
			reload(t, l)
			for v, want := range map[model.Viewer]bool{{}: c.public, {Internal: true}: c.insider} {
				_, err := l.Get("vi", "luong", v)
				if got := err == nil; got != want || opens(l, "a.png", v) != want {
					t.Errorf("%+v sees it: %v, its picture: %v, want %v", v, got, opens(l, "a.png", v), want)
				}
			}
			again := content.Check(dir)
			if len(again) == 0 && c.insider {
				t.Error("no fault is named")
			}
			put(t, dir, "vi/luong.md", article("Lương", "![a](a.png) Mới."))
			reload(t, l)
			if _, err := l.Get("vi", "luong", model.Viewer{}); err != nil {
				t.Errorf("public again: %v", err)
			}
		})
	}
}
