package content_test

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"congso/content"
)

// TestCheck has a folder for each kind of fault. The faults are named as "file:line: part of the message", with "warning " before one
// that does not keep the article out.
func TestCheck(t *testing.T) {
	for name, c := range map[string]struct {
		files map[string]string
		want  []string
	}{
		"clean":             {map[string]string{"vi/a.md": article("A", "[sổ tay](gioi-thieu.md)\n\n## Mục\n\n### Con\n\n[x](/danh-ba) [y](#con)")}, nil},
		"no front matter":   {map[string]string{"vi/a.md": "# A\n"}, []string{"vi/a.md:1: phải bắt đầu"}},
		"open front matter": {map[string]string{"vi/a.md": "+++\ntitle = \"A\"\n"}, []string{"vi/a.md:1: chưa đóng"}},
		"wrong TOML":        {map[string]string{"vi/a.md": "+++\ntitle = \"A\"\norder = =\n+++\n"}, []string{"vi/a.md:3: khai báo sai"}},
		"wrong type":        {map[string]string{"vi/a.md": "+++\ntitle = \"A\"\n\norder = \"ba\"\n+++\n"}, []string{"vi/a.md:4: khai báo sai"}},
		"wrong day":         {map[string]string{"vi/a.md": "+++\ntitle = \"A\"\ndate = \"31/02/2026\"\n+++\n"}, []string{"vi/a.md:3: Ngày không hợp lệ"}},
		"no title":          {map[string]string{"vi/a.md": "+++\ntitle = \" \"\n+++\n"}, []string{"vi/a.md:2: title"}},
		"unknown keys":      {map[string]string{"vi/a.md": "+++\ntitle = \"A\"\ntag = 1\ntacgia = \"x\"\n+++\n"}, []string{`vi/a.md:3: "tag"`, `vi/a.md:4: "tacgia"`}},
		"visibility":        {map[string]string{"vi/a.md": "+++\ntitle = \"A\"\nvisibility = \"secret\"\n+++\n"}, []string{"vi/a.md:3: visibility"}},
		"language":          {map[string]string{"vi/a.md": "+++\ntitle = \"A\"\nlanguage = \"fr\"\n+++\n"}, []string{"vi/a.md:3: language"}},
		"dead links": {map[string]string{"vi/a.md": article("A", "\n\nx\n[b](b.md) [c](../c.md) [d](d.pdf)\n\n[e](#e) [f](gioi-thieu.md#khong-co) [g](javascript:x)")},
			[]string{"vi/a.md:8: ../c.md", "vi/a.md:8: d.pdf", "vi/a.md:8: bài không có: vi/b.md", "vi/a.md:10: javascript:x", "vi/a.md:10: #e", "vi/a.md:10: vi/gioi-thieu.md#khong-co"}},
		"link to a draft":  {map[string]string{"vi/a.md": article("A", "[b](b.md)"), "vi/b.md": "+++\ntitle=\"B\"\ndraft=true\n+++\n"}, []string{"vi/a.md:5: bản nháp"}},
		"link to a faulty": {map[string]string{"vi/a.md": article("A", "[b](b.md#x)"), "vi/b.md": "x"}, []string{"vi/b.md:1: phải bắt đầu"}},
		"pictures": {map[string]string{"vi/a.md": article("A", "![a](a.png)\n\n![](b.png)\n\n![c](https://x.example/c.png)\n\n![d](d.jpg)\n\n![e](../../e.png)"), "vi/b.png": pngFile(t, 1, 1), "vi/d.jpg": pngFile(t, 1, 1)},
			[]string{"vi/a.md:5: không tìm thấy ảnh vi/a.png", "warning vi/a.md:7: mô tả", "vi/a.md:9: phải nằm cạnh", "vi/a.md:11: vi/d.jpg", "vi/a.md:13: phải nằm cạnh"}},
		"headings":   {map[string]string{"vi/a.md": article("A", "# Một\n\n## Hai\n\n#### Bốn")}, []string{"warning vi/a.md:5: cấp 1", "warning vi/a.md:9: nhảy cấp"}},
		"names":      {map[string]string{"vi/Bài A.md": article("A", ""), "fr/a.md": article("A", ""), "vi/a_b/c.md": article("A", "")}, []string{"fr/a.md: tên không hợp lệ", "vi/Bài A.md: tên không hợp lệ", "vi/a_b/c.md: tên không hợp lệ"}},
		"same place": {map[string]string{"en/a.md": article("A", "x"), "vi/a.md": "+++\ntitle=\"A\"\nlanguage=\"en\"\n+++\n"}, []string{"vi/a.md:1: trùng"}},
		"too large":  {map[string]string{"vi/a.md": article("A", strings.Repeat("a b c\n", 200_000))}, []string{"vi/a.md: lớn hơn 1 MB"}},
		"too long":   {map[string]string{"vi/a.md": article("A", strings.Repeat("a b c\n\n", 70_000))}, []string{"vi/a.md:4: dài quá"}},
		"not text":   {map[string]string{"vi/a.md": "+++\ntitle=\"A\"\n+++\n\xff"}, []string{"vi/a.md: UTF-8"}},
	} {
		t.Run(name, func(t *testing.T) {
			faults := content.Check(folder(t, c.files))
			if len(faults) != len(c.want) {
				t.Fatalf("faults %v", faults)
			}
			for i, f := range faults {
				checkFault(t, f, c.want[i])
			}
		})
	}
}

func checkFault(t *testing.T, f content.Fault, want string) {
	t.Helper()
	want, warning := strings.CutPrefix(want, "warning ")
	place, part, _ := strings.Cut(want, ": ")
	if got := f.String(); !strings.HasPrefix(got, place+": ") || !strings.Contains(got, part) || f.Warning != warning {
		t.Errorf("%s (warning %v), want %s", got, f.Warning, want)
	}
}

func TestCheckMissingFolder(t *testing.T) {
	if faults := content.Check(filepath.Join(t.TempDir(), "khong-co")); len(faults) != 1 {
		t.Errorf("faults %v", faults)
	}
}

func TestLinksOutOfFolder(t *testing.T) {
	dir := folder(t, map[string]string{"vi/a.md": article("A", "x"), "vi/b.md": article("B", "![x](ngoai.png)")})
	outside := t.TempDir()
	put(t, outside, "bi-mat.md", article("Bí mật", "x"))
	put(t, outside, "ngoai.png", pngFile(t, 1, 1))
	for target, link := range map[string]string{
		filepath.Join(outside, "bi-mat.md"): "vi/bi-mat.md", filepath.Join(outside, "ngoai.png"): "vi/ngoai.png", outside: "vi/ngoai", "a.md": "vi/trong.md",
	} {
		if err := os.Symlink(target, filepath.Join(dir, link)); err != nil {
			t.Skip("no symbolic links here: ", err)
		}
	}
	var files []string
	for _, f := range content.Check(dir) {
		files = append(files, f.File)
	}
	if diff := cmp.Diff([]string{"vi/b.md", "vi/bi-mat.md", "vi/ngoai.png"}, files); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
	l := open(t, dir)
	absent(t, l, "vi", "bi-mat")
	if a := get(t, l, "vi", "trong"); a.Title != "A" {
		t.Errorf("link within the folder: %q", a.Title)
	}
	if slices.ContainsFunc(l.Warnings(), func(f content.Fault) bool { return strings.Contains(f.Message, outside) }) {
		t.Errorf("a warning names a place outside the folder: %v", l.Warnings())
	}
}

func TestWebP(t *testing.T) {
	for name, head := range map[string]string{
		"lossy":    "VP8 \x00\x00\x00\x00\x00\x00\x00\x9d\x01\x2a\x40\x01\xf0\x00",
		"lossless": "VP8L\x00\x00\x00\x00\x2f\x3f\xc1\x3b\x00\x00\x00\x00\x00\x00",
		"extended": "VP8X\x0a\x00\x00\x00\x00\x00\x00\x00\x3f\x01\x00\xef\x00\x00",
	} {
		l := open(t, folder(t, map[string]string{"vi/a.md": article("A", "![x](x.webp)"), "vi/x.webp": "RIFF\x00\x00\x00\x00WEBP" + head}))
		noFaults(t, l)
		if a := get(t, l, "vi", "a"); !strings.Contains(a.HTML, `width="320" height="240"`) {
			t.Errorf("%s: %s", name, a.HTML)
		}
	}
}
