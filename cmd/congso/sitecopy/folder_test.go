package sitecopy

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

var noon = time.Unix(1_800_000_000, 0)

// export writes the files, whose tags are their text, and finishes unless it is to be ended before.
func export(t *testing.T, dir, version string, full, ended bool, files map[string]string) *Folder {
	t.Helper()
	f, err := Open(dir, version, full)
	if err != nil {
		t.Fatal(err)
	}
	for name, text := range files {
		if err := f.Put(name, text, []byte(text), noon); err != nil {
			t.Fatal(err)
		}
	}
	if !ended {
		if err := f.Finish(); err != nil {
			t.Fatal(err)
		}
	}
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
	return f
}

// there are the files of a folder but for those about the copy.
func there(t *testing.T, dir string) map[string]string {
	t.Helper()
	files := map[string]string{}
	err := fs.WalkDir(os.DirFS(dir), ".", func(name string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() || name == manifestName || name == lockName {
			return err
		}
		text, err := os.ReadFile(filepath.Join(dir, name))
		files[name] = string(text)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return files
}

func TestFolder(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "new", "copy")
	first := map[string]string{"index.html": "một", "a/b.html": "hai", "a/c/d.html": "ba"}
	steps := []struct {
		name             string
		version          string
		full, ended      bool
		files            map[string]string
		written, removed int
	}{
		{"the first", "1", false, false, first, 3, 0},
		{"the same", "1", false, false, first, 0, 0},
		{"by another version", "2", false, false, first, 3, 0},
		{"in full", "2", true, false, first, 3, 0},
		{"one changed, one gone", "2", false, false, map[string]string{"index.html": "khác", "a/b.html": "hai"}, 1, 1},
		{"ended", "2", false, true, map[string]string{"moi.html": "mới", "index.html": "một"}, 2, 0},
		{"after that", "2", false, false, map[string]string{"index.html": "một", "a/b.html": "hai"}, 1, 1},
	}
	for _, s := range steps {
		f := export(t, dir, s.version, s.full, s.ended, s.files)
		if f.Written != s.written || f.Removed != s.removed || f.Files != len(s.files) {
			t.Errorf("%s: %d files, %d written, %d removed, want %d, %d, %d", s.name, f.Files, f.Written, f.Removed, len(s.files), s.written, s.removed)
		}
		if got := there(t, dir); !s.ended && cmp.Diff(s.files, got) != "" {
			t.Errorf("%s: -want +got:\n%s", s.name, cmp.Diff(s.files, got))
		}
	}
	if _, err := os.Stat(filepath.Join(dir, "a", "c")); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("the empty folder: %v", err)
	}
}

// TestFolderKeepsOthers: a file that the copy has not written stays, also beside one that is removed; a lost one is written again.
func TestFolderKeepsOthers(t *testing.T) {
	dir := t.TempDir()
	export(t, dir, "1", false, false, map[string]string{"a/b.html": "hai", "c.html": "ba"})
	mine := filepath.Join(dir, "a", "mine.txt")
	if err := errors.Join(os.WriteFile(mine, []byte("mine"), 0o600), os.Remove(filepath.Join(dir, "c.html"))); err != nil {
		t.Fatal(err)
	}
	if f := export(t, dir, "1", false, false, map[string]string{"c.html": "ba"}); f.Written != 1 || f.Removed != 1 {
		t.Errorf("%d written, %d removed", f.Written, f.Removed)
	}
	if diff := cmp.Diff(map[string]string{"a/mine.txt": "mine", "c.html": "ba"}, there(t, dir)); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}

// TestFolderCapitals: a file whose name has changed in its capitals alone is not removed under the old one, where both lead to it.
func TestFolderCapitals(t *testing.T) {
	dir := t.TempDir()
	export(t, dir, "1", false, false, map[string]string{"Bao.pdf": "một", "Khac.pdf": "hai"})
	f, err := Open(dir, "1", false)
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"bao.pdf", "khac.pdf"} {
		if err := f.Put(name, "ba", []byte("ba"), noon); err != nil {
			t.Fatal(err)
		}
	}
	old := filepath.Join(dir, "Bao.pdf")
	if err := errors.Join(os.Remove(old), os.Link(filepath.Join(dir, "bao.pdf"), old), f.Finish(), f.Close()); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(map[string]string{"Bao.pdf": "ba", "bao.pdf": "ba", "khac.pdf": "ba"}, there(t, dir)); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}

// TestFolderKeep: a page that cannot be made now is kept as it was, under the tag that it had.
func TestFolderKeep(t *testing.T) {
	dir := t.TempDir()
	export(t, dir, "1", false, false, map[string]string{"a.html": "cũ", "b.html": "khác"})
	f, err := Open(dir, "1", false)
	if err != nil {
		t.Fatal(err)
	}
	if !f.Keep("a.html") || f.Keep("c.html") {
		t.Error("a.html is not kept, or c.html is")
	}
	if err := errors.Join(f.Finish(), f.Close()); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(map[string]string{"a.html": "cũ"}, there(t, dir)); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
	if f := export(t, dir, "1", false, false, map[string]string{"a.html": "cũ"}); f.Written != 0 {
		t.Errorf("%d written", f.Written)
	}
}

func TestOpenRefuses(t *testing.T) {
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "mine.txt"), []byte("mine"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := Open(dir, "1", false); !errors.Is(err, ErrForeign) {
		t.Errorf("a folder with files: %v", err)
	}
	if diff := cmp.Diff(map[string]string{"mine.txt": "mine"}, there(t, dir)); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
	for _, text := range []string{"other\n", manifestHead + "1\na 1 2 ../../etc/passwd\n", manifestHead + "1\nx\n"} {
		dir := t.TempDir()
		if err := os.WriteFile(filepath.Join(dir, manifestName), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		if _, err := Open(dir, "1", false); err == nil {
			t.Errorf("the manifest %q is taken", text)
		}
	}
	busy := t.TempDir()
	f, err := Open(busy, "1", false)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := Open(busy, "1", false); !errors.Is(err, ErrBusy) {
		t.Errorf("two at once: %v", err)
	}
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
}

// TestFolderStaysInside: no name and no link leads the copy out of its folder.
func TestFolderStaysInside(t *testing.T) {
	dir, outside := t.TempDir(), t.TempDir()
	f, err := Open(dir, "1", false)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(outside, filepath.Join(dir, "tin-tuc")); err != nil {
		t.Skip("no links here:", err)
	}
	for _, name := range []string{"../x.html", "/etc/x.html", "tin-tuc/x.html"} {
		if err := f.Put(name, "x", []byte("x"), noon); err == nil {
			t.Errorf("%s was written", name)
		}
	}
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
	if list, err := os.ReadDir(outside); err != nil || len(list) > 0 {
		t.Errorf("outside: %v, %v", list, err)
	}
}

func TestNames(t *testing.T) {
	f := export(t, t.TempDir(), "1", false, false, map[string]string{"tin-tuc.html": "x", "tin-tuc/abc.html": "y"})
	names := f.Names()
	var taken []string
	for _, name := range []string{"cu.html", "Cu.html", "tin-tuc", "TIN-TUC/ABC.html", "tin-tuc.html/x.html", "tin-tuc/moi.html", "cu.html/x.html"} {
		if !names.Claim(name) {
			taken = append(taken, name)
		}
	}
	if want := []string{"Cu.html", "tin-tuc", "TIN-TUC/ABC.html", "tin-tuc.html/x.html", "cu.html/x.html"}; !slices.Equal(taken, want) {
		t.Errorf("taken: %q, want %q", taken, want)
	}
}
