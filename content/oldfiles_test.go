package content_test

import (
	"errors"
	"io"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"congso/content"
	"congso/store/model"
)

// TestOldFiles holds which files are found beside an export, and that none is outside of its folder.
func TestOldFiles(t *testing.T) {
	above := t.TempDir()
	folder := filepath.Join(above, "uploads")
	for _, name := range []string{"kin.txt", "uploads/2023/07/Anh Mot.JPG", "uploads/2023/07/hoa\u0323p.pdf", "uploads/2023/a.txt"} {
		place := filepath.Join(above, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(place), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(place, []byte(name), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	linked := os.Symlink(filepath.Join(above, "kin.txt"), filepath.Join(folder, "lien-ket.txt")) == nil
	files, err := content.OpenOldFiles(folder)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := files.Close(); err != nil {
			t.Error(err)
		}
	})
	for name, want := range map[string]string{
		"2023/07/Anh Mot.JPG": "Anh Mot.JPG", "/2023/07/anh mot.jpg": "Anh Mot.JPG", "2023/07/ho\u1ea1p.pdf": "hoa\u0323p.pdf",
		"2023/07/hoa\u0323p.pdf": "hoa\u0323p.pdf", "2023/07/hop.pdf": "", "2023/A.TXT": "a.txt", "2023": "", "": "", ".": "", "2023/07/../a.txt": "a.txt",
		"../kin.txt": "", "2023/../../kin.txt": "", "/etc/passwd": "", "2023\\a.txt": "", "2023/a.txt\x00": "", "2023/a.txt/b": "",
	} {
		file, ok := files.Find(name)
		if ok != (want != "") || file.Name != want {
			t.Errorf("%q: %q, %v, want %q", name, file.Name, ok, want)
		}
	}
	gone, ok := files.Find("2023/07/Anh Mot.JPG")
	if err := os.Remove(filepath.Join(folder, "2023", "07", "Anh Mot.JPG")); err != nil || !ok {
		t.Fatal(err, ok)
	}
	if _, err := gone.Open(); !errors.As(err, &model.Invalid{}) || strings.Contains(err.Error(), folder) {
		t.Errorf("a file that was removed meanwhile: %v", err)
	}
	if file, ok := files.Find("lien-ket.txt"); ok && linked {
		data, err := file.Open()
		if err == nil {
			text, err := io.ReadAll(data)
			t.Errorf("a link out of the folder was read: %q, %v, %v", text, err, data.Close())
		}
	}
}

// TestRelink holds that the paths of links are changed, and nothing that only looks like one.
func TestRelink(t *testing.T) {
	to := func(path string) string {
		return map[string]string{"/cu/a": "/tin-tuc/a", "/?p=1&x=2": "/tin-tuc/b", "/cu/%28c%29": "/tin-tuc/c", "/tep.pdf": "/media/x/Tệp(1).pdf"}[path]
	}
	for body, want := range map[string]string{
		"[a](/cu/a) và [b](/?p=1&x=2)":     "[a](/tin-tuc/a) và [b](/tin-tuc/b)",
		"[a](/?p=1&amp;x=2)":               "[a](/tin-tuc/b)",
		"[c](/cu/%28c%29), [d](/cu/d)":     "[c](/tin-tuc/c), [d](/cu/d)",
		"[tệp](/tep.pdf)":                  "[tệp](/media/x/Tệp%281%29.pdf)",
		`chữ \](/cu/a) và a](/cu/a`:        `chữ \](/cu/a) và a](/cu/a`,
		"![ảnh](picture:0 \"[x](/cu/y)\")": "![ảnh](picture:0 \"[x](/cu/y)\")",
		"[a](https://so.example/cu/a)":     "[a](https://so.example/cu/a)",
	} {
		if got := content.Relink(body, to); got != want {
			t.Errorf("%s\nbecomes %s\nwant    %s", body, got, want)
		}
	}
}

// TestOldPath holds what of an address is kept as a path of the old portal.
func TestOldPath(t *testing.T) {
	for address, want := range map[string]string{
		"https://so.example/a/b%20c/?x=1#d": "/a/b%20c/?x=1", "https://so.example": "/", "?p=1": "", "a/b": "", "//so.example//evil.example": "", "mailto:a@b.example": "",
		"/Default.aspx?tabid=7": "/Default.aspx?tabid=7",
	} {
		u, err := url.Parse(address)
		if err != nil {
			t.Fatal(err)
		}
		if got := content.OldPath(u); got != want {
			t.Errorf("%s: %q, want %q", address, got, want)
		}
	}
}
