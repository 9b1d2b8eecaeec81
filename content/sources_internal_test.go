package content

import (
	"os"
	"path/filepath"
	"slices"
	"testing"
	"testing/fstest"
	"time"
)

// TestScanNamesEachChangeOnce: a file that hides a shipped one is one change: compiled for two, it would be by two processors at the same time.
func TestScanNamesEachChangeOnce(t *testing.T) {
	dir, day := t.TempDir(), time.Date(2026, 7, 5, 0, 0, 0, 0, time.UTC)
	put := func(text string) {
		if err := os.WriteFile(filepath.Join(dir, "vi", "a.md"), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.Mkdir(filepath.Join(dir, "vi"), 0o700); err != nil {
		t.Fatal(err)
	}
	l := layers{base: fstest.MapFS{"vi/a.md": {Data: []byte("gốc")}, "vi/b.md": {Data: []byte("gốc")}}, dir: dir}
	var last tree
	for _, step := range []struct {
		text string
		want []string
	}{{"một", []string{"vi/a.md", "vi/b.md"}}, {"một", nil}, {"một hai", []string{"vi/a.md"}}} {
		put(step.text)
		if err := os.Chtimes(filepath.Join(dir, "vi", "a.md"), day, day); err != nil {
			t.Fatal(err)
		}
		next, err := l.scan(last)
		if err != nil || !slices.Equal(next.changed, step.want) {
			t.Errorf("%q: changed %q, %v, want %q", step.text, next.changed, err, step.want)
		}
		last = next
	}
}
