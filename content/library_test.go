package content_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"image"
	"image/png"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"congso/content"
	"congso/store/model"
)

func TestShippedArticlesHaveNoFaults(t *testing.T) {
	l := open(t, "")
	for _, f := range l.Warnings() {
		t.Error(f)
	}
	if len(l.All()) == 0 {
		t.Error("no articles")
	}
}

func TestArticle(t *testing.T) {
	dir := folder(t, map[string]string{
		"vi/noi-quy/tiep-dan.md": "+++\ntitle = \"Nội quy tiếp dân\"\ndescription = \"Giờ giấc\"\ndate = 2026-07-05\norder = 3\nmenu = true\n+++\n\n" +
			"Chữ [liên hệ](../lien-he.md#so-may) và [trên](#gio).\n\n## Giờ\n\n### Sáng\n\n#### Nhỏ\n\n![Phòng](phong.png \"Phòng tiếp dân\")\n",
		"vi/noi-quy/phong.png": pngFile(t, 30, 20),
		"vi/lien-he.md":        article("Liên hệ", "## Số máy\n\nGọi."),
	})
	l := open(t, dir)
	noFaults(t, l)
	got := get(t, l, "vi", "noi-quy/tiep-dan")
	if len(got.Hash) != 64 || got.Modified.IsZero() {
		t.Errorf("hash %q, modified %v", got.Hash, got.Modified)
	}
	got.Hash, got.Modified = "", time.Time{}
	want := model.Article{
		Lang: "vi", Path: "noi-quy/tiep-dan", Title: "Nội quy tiếp dân", Description: "Giờ giấc", Date: "2026-07-05", Order: 3, Menu: true, Visibility: model.Public,
		HTML: `<p>Chữ <a href="/bai-viet/lien-he#so-may">liên hệ</a> và <a href="#gio">trên</a>.</p>` + "\n" +
			`<h2 id="gio">Giờ</h2>` + "\n" + `<h3 id="sang">Sáng</h3>` + "\n" + `<h4 id="nho">Nhỏ</h4>` + "\n" +
			`<figure><img src="/bai-viet/noi-quy/phong.png" alt="Phòng" width="30" height="20" loading="lazy" decoding="async">` +
			`<figcaption>Phòng tiếp dân</figcaption></figure>` + "\n",
		Text:     "Chữ liên hệ và trên.\nGiờ\nSáng\nNhỏ\nPhòng tiếp dân",
		Headings: []model.Heading{{Level: 2, ID: "gio", Text: "Giờ"}, {Level: 3, ID: "sang", Text: "Sáng"}},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}

func TestOrderAndOverlay(t *testing.T) {
	dir := folder(t, map[string]string{
		"vi/z.md":          "+++\ntitle = \"Ân cần\"\norder = -2\n+++\n",
		"vi/y.md":          "+++\ntitle = \"An toàn\"\norder = -2\n+++\n",
		"vi/x.md":          "+++\ntitle = \"Đầu tiên\"\norder = -3\n+++\n",
		"vi/gioi-thieu.md": article("Giới thiệu Sở", "Riêng."),
		"vi/tro-nang.md":   "+++\ntitle = \"Ẩn\"\ndraft = true\n+++\n",
		"en/x.md":          article("English", "[Intro](gioi-thieu.md)"),
		"README.md":        "không phải bài",
		".git/vi/a.md":     "không phải bài",
	})
	l := open(t, dir)
	noFaults(t, l)
	var first []string
	for _, a := range l.List("vi", model.Viewer{})[:3] {
		first = append(first, a.Title)
	}
	if diff := cmp.Diff([]string{"Đầu tiên", "An toàn", "Ân cần"}, first); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
	if a := get(t, l, "vi", "gioi-thieu"); a.Title != "Giới thiệu Sở" || a.Text != "Riêng." {
		t.Errorf("shipped article shows: %q", a.Title)
	}
	absent(t, l, "vi", "tro-nang")
	if a := get(t, l, "en", "x"); !strings.Contains(a.HTML, `<a href="/en/bai-viet/gioi-thieu">Intro</a>`) {
		t.Error(a.HTML)
	}
	for _, a := range l.All() {
		if strings.Contains(a.HTML, `href="/bai-viet/tro-nang`) {
			t.Errorf("%s links to an article that the folder hides", a.Path)
		}
	}
}

func TestInternalArticle(t *testing.T) {
	internal := "+++\ntitle = \"Nội bộ\"\nvisibility = \"internal\"\n+++\n\n![a](rieng.png) ![b](chung.png)\n"
	l := open(t, folder(t, map[string]string{
		"vi/noi-bo.md": internal, "vi/rieng.png": pngFile(t, 1, 1), "vi/chung.png": pngFile(t, 2, 2), "vi/thua.png": pngFile(t, 1, 1),
		"vi/cong-khai.md": article("Công khai", "![b](chung.png)"),
	}))
	noFaults(t, l)
	insider := model.Viewer{Internal: true}
	absent(t, l, "vi", "noi-bo")
	if _, err := l.Get("vi", "noi-bo", insider); err != nil {
		t.Error(err)
	}
	has := func(v model.Viewer) bool {
		return slices.ContainsFunc(l.List("vi", v), func(a model.Article) bool { return a.Path == "noi-bo" })
	}
	if has(model.Viewer{}) || !has(insider) {
		t.Errorf("listed for outsider %v, for insider %v", has(model.Viewer{}), has(insider))
	}
	for _, c := range []struct {
		name                string
		outsider, forInside bool
	}{{"rieng.png", false, true}, {"chung.png", true, true}, {"thua.png", false, false}, {"../vi/chung.png", false, false}, {"cong-khai.md", false, false}} {
		if got := opens(l, c.name, model.Viewer{}); got != c.outsider {
			t.Errorf("%s for outsider: %v", c.name, got)
		}
		if got := opens(l, c.name, insider); got != c.forInside {
			t.Errorf("%s for insider: %v", c.name, got)
		}
	}
}

func TestAsset(t *testing.T) {
	data := pngFile(t, 4, 3)
	l := open(t, folder(t, map[string]string{"vi/a/anh.png": data, "vi/a/b.md": article("B", "![x](anh.png)"), "en/a/b.md": article("B", "![x](anh.png)")}))
	noFaults(t, l)
	if a := get(t, l, "en", "a/b"); !strings.Contains(a.HTML, `src="/bai-viet/a/anh.png"`) {
		t.Errorf("English article does not share the picture: %s", a.HTML)
	}
	asset, err := l.Asset("vi", "a/anh.png", model.Viewer{})
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = asset.Close() }()
	got, err := io.ReadAll(asset)
	if err != nil || string(got) != data || asset.Type != "image/png" || asset.Modified.IsZero() {
		t.Errorf("%d bytes of %s, modified %v, %v", len(got), asset.Type, asset.Modified, err)
	}
	if _, err := asset.Seek(0, io.SeekStart); err != nil {
		t.Error(err)
	}
}

// TestReload takes one article through its life; after each step the library is read again.
func TestReload(t *testing.T) {
	dir := folder(t, map[string]string{"vi/b.md": article("Bài B", "[a](a.md)"), "vi/a.md": article("Bài A", "một")})
	var log logBuffer
	l, err := content.Open(dir, slog.New(slog.NewTextHandler(&log, nil)))
	if err != nil {
		t.Fatal(err)
	}
	title := func(path string) string {
		a, err := l.Get("vi", path, model.Viewer{})
		if err != nil {
			return ""
		}
		return a.Title
	}
	for _, step := range []struct {
		name, file, text string // text "" removes the file
		a, c             string
		logged           string
	}{
		{"broken", "vi/a.md", "+++\ntitle = \"Bài A\n+++\n", "Bài A", "", "line=2"},
		{"fixed", "vi/a.md", article("Bài A, sửa", "hai"), "Bài A, sửa", "", ""},
		{"broken link", "vi/a.md", article("Bài A, hỏng", "x\n\n[x](khong-co.md)"), "Bài A, sửa", "", "line=7"},
		{"new and broken", "vi/c.md", article("", "x"), "Bài A, sửa", "", "title"},
		{"new and fixed", "vi/c.md", article("Bài C", "x"), "Bài A, sửa", "Bài C", ""},
		{"draft", "vi/c.md", "+++\ntitle = \"Bài C\"\ndraft = true\n+++\n[x](khong-co.md)", "Bài A, sửa", "", "khong-co"},
		{"removed", "vi/c.md", "", "Bài A, sửa", "", ""},
		{"target removed", "vi/a.md", "", "", "", "vi/b.md"},
	} {
		before := l.Version()
		log.reset()
		put(t, dir, step.file, step.text)
		if changed, err := l.Reload(); !changed || err != nil {
			t.Errorf("%s: changed %v, %v", step.name, changed, err)
		}
		if title("a") != step.a || title("c") != step.c || title("b") != "Bài B" {
			t.Errorf("%s: a %q, b %q, c %q", step.name, title("a"), title("b"), title("c"))
		}
		if got := log.String(); !strings.Contains(got, step.logged) || step.logged == "" && strings.Contains(got, "content fault") {
			t.Errorf("%s: log %q", step.name, got)
		}
		if step.name == "fixed" && l.Version() == before {
			t.Error("version did not change")
		}
		log.reset()
		if changed, err := l.Reload(); changed || err != nil || log.String() != "" {
			t.Errorf("%s, again: changed %v, %v, log %q", step.name, changed, err, log.String())
		}
	}
}

// TestReloadFollowsLinks: what changes in one file puts others, which did not change, in order or out of it.
func TestReloadFollowsLinks(t *testing.T) {
	dir := folder(t, map[string]string{
		"vi/a.md": article("Bài A", "## Giờ\n\nx"), "vi/b.md": article("Bài B", "[a](a.md#gio)"), "vi/c.md": article("Bài C", "[a](a.md)"), "vi/d.md": article("Bài D", "x"),
	})
	l := open(t, dir)
	noFaults(t, l)
	for _, step := range []struct{ file, text, faults, order string }{
		{"vi/a.md", article("Bài A", "## Giờ làm việc\n\nx"), "vi/b.md", "ABCD"},
		{"vi/a.md", article("Bài A", "## Giờ\n\ny"), "", "ABCD"},
		{"vi/a.md", article("Bài E", "## Giờ\n\nyy"), "", "BCDE"},
		{"vi/a.md", "+++\ntitle = \"Bài A\"\ndraft = true\n+++\n## Giờ\n", "vi/b.md vi/c.md", "BCD"},
		{"vi/d.md", article("Bài 0", "x"), "vi/b.md vi/c.md", "0BC"},
		{"vi/a.md", article("Bài A", "## Giờ\n"), "", "0ABC"},
		{"vi/a.md", "hỏng", "vi/a.md", "0ABC"},
		{"vi/a.md", article("Bài A", "## Giờ\n\nlại"), "", "0ABC"},
		{"vi/a.md", "", "vi/b.md vi/c.md", "0BC"},
		{"vi/a.md", article("Bài F", "## Giờ\n"), "", "0BCF"},
	} {
		put(t, dir, step.file, step.text)
		reload(t, l)
		var faults []string
		for _, f := range l.Warnings() {
			faults = append(faults, f.File)
		}
		order := ""
		for _, a := range l.List("vi", model.Viewer{}) {
			if letter, ours := strings.CutPrefix(a.Title, "Bài "); ours && len(letter) == 1 {
				order += letter
			}
		}
		if got := strings.Join(faults, " "); got != step.faults || order != step.order {
			t.Errorf("%s %q: faults in %q, order %s, want %q, %s", step.file, step.text, got, order, step.faults, step.order)
		}
	}
}

func TestBrokenOverrideLeavesShippedArticle(t *testing.T) {
	l := open(t, folder(t, map[string]string{"vi/gioi-thieu.md": "hỏng"}))
	if a := get(t, l, "vi", "gioi-thieu"); !a.Menu {
		t.Errorf("got %q", a.Title)
	}
	if len(l.Warnings()) != 1 {
		t.Errorf("warnings %v", l.Warnings())
	}
}

func TestPictureChangesArticle(t *testing.T) {
	dir := folder(t, map[string]string{"vi/a.md": article("A", "![x](x.png)"), "vi/x.png": pngFile(t, 3, 3)})
	l := open(t, dir)
	put(t, dir, "vi/x.png", pngFile(t, 50, 40))
	reload(t, l)
	if a := get(t, l, "vi", "a"); !strings.Contains(a.HTML, `width="50" height="40"`) {
		t.Error(a.HTML)
	}
	put(t, dir, "vi/x.png", "")
	reload(t, l)
	if a := get(t, l, "vi", "a"); !strings.Contains(a.HTML, `width="50"`) || len(l.Warnings()) != 1 {
		t.Errorf("%s\n%v", a.HTML, l.Warnings())
	}
}

func TestWatch(t *testing.T) {
	dir := folder(t, map[string]string{"vi/a.md": article("Trước", "x")})
	l := open(t, dir)
	var titles atomicTitles
	l.OnChange(titles.set)
	if !titles.has("Trước") {
		t.Error("OnChange was not told of the articles as they are")
	}
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan struct{})
	go func() { l.Watch(ctx); close(done) }()
	put(t, dir, "vi/a.md", article("Sau", "x"))
	eventually(t, func() bool { return titles.has("Sau") && !titles.has("Trước") })
	moved := dir + "-cũ"
	if err := os.Rename(dir, moved); err != nil {
		t.Fatal(err)
	}
	if _, err := l.Reload(); err == nil {
		t.Error("no error for a folder that is gone")
	}
	if a := get(t, l, "vi", "a"); a.Title != "Sau" {
		t.Errorf("title %q while the folder is gone", a.Title)
	}
	put(t, dir, "vi/a.md", article("Thư mục mới", "x"))
	eventually(t, func() bool { return titles.has("Thư mục mới") })
	cancel()
	<-done
}

func TestConcurrentUse(t *testing.T) {
	dir := folder(t, map[string]string{"vi/a.md": article("A0", "x")})
	l := open(t, dir)
	var wg sync.WaitGroup
	for range 4 {
		wg.Go(func() {
			for range 200 {
				if a, err := l.Get("vi", "a", model.Viewer{}); err != nil || !strings.HasPrefix(a.Title, "A") {
					t.Errorf("%q, %v", a.Title, err)
				}
				l.List("vi", model.Viewer{})
			}
		})
	}
	for i := range 20 {
		put(t, dir, "vi/a.md", article(fmt.Sprintf("A%d", i), strings.Repeat("x", i)))
		reload(t, l)
	}
	wg.Wait()
}

func TestOpenMissingFolder(t *testing.T) {
	if _, err := content.Open(filepath.Join(t.TempDir(), "khong-co"), slog.New(slog.DiscardHandler)); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("error %v", err)
	}
}

func BenchmarkCompile1000(b *testing.B) {
	dir := b.TempDir()
	body := strings.Repeat("## Mục\n\nCâu *chữ* nghiêng và [liên kết](bai-1.md).\n\n- một\n- hai\n\n", 40)
	for i := range 1000 {
		name := filepath.Join(dir, "vi", fmt.Sprintf("bai-%d.md", i))
		if err := errors.Join(os.MkdirAll(filepath.Dir(name), 0o755), os.WriteFile(name, []byte(article("Bài", body)), 0o644)); err != nil {
			b.Fatal(err)
		}
	}
	b.SetBytes(int64(1000 * len(body)))
	for b.Loop() {
		if _, err := content.Open(dir, slog.New(slog.DiscardHandler)); err != nil {
			b.Fatal(err)
		}
	}
}

func article(title, body string) string {
	return fmt.Sprintf("+++\ntitle = %q\n+++\n\n%s\n", title, body)
}

func pngFile(t *testing.T, width, height int) string {
	t.Helper()
	var b bytes.Buffer
	if err := png.Encode(&b, image.NewGray(image.Rect(0, 0, width, height))); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func folder(t *testing.T, files map[string]string) string {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "noi-dung")
	for name, text := range files {
		put(t, dir, name, text)
	}
	return dir
}

// put writes a file, or removes it when text is "".
func put(t *testing.T, dir, name, text string) {
	t.Helper()
	name = filepath.Join(dir, filepath.FromSlash(name))
	if text == "" {
		if err := os.Remove(name); err != nil {
			t.Fatal(err)
		}
		return
	}
	if err := errors.Join(os.MkdirAll(filepath.Dir(name), 0o755), os.WriteFile(name, []byte(text), 0o644)); err != nil {
		t.Fatal(err)
	}
}

func open(t *testing.T, dir string) *content.Library {
	t.Helper()
	l, err := content.Open(dir, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	return l
}

func reload(t *testing.T, l *content.Library) {
	t.Helper()
	if _, err := l.Reload(); err != nil {
		t.Fatal(err)
	}
}

func get(t *testing.T, l *content.Library, lang, path string) model.Article {
	t.Helper()
	a, err := l.Get(lang, path, model.Viewer{})
	if err != nil {
		t.Fatal(err)
	}
	return a
}

func absent(t *testing.T, l *content.Library, lang, path string) {
	t.Helper()
	if a, err := l.Get(lang, path, model.Viewer{}); !errors.Is(err, model.ErrNotFound) {
		t.Errorf("%s/%s is there: %q, %v", lang, path, a.Title, err)
	}
}

func noFaults(t *testing.T, l *content.Library) {
	t.Helper()
	for _, f := range l.Warnings() {
		t.Error(f)
	}
}

func opens(l *content.Library, path string, v model.Viewer) bool {
	asset, err := l.Asset("vi", path, v)
	return err == nil && asset.Close() == nil
}

func eventually(t *testing.T, holds func() bool) {
	t.Helper()
	for deadline := time.Now().Add(3 * time.Second); time.Now().Before(deadline); time.Sleep(20 * time.Millisecond) {
		if holds() {
			return
		}
	}
	t.Error("did not come true within 3 s")
}

// atomicTitles keeps the titles of the articles that OnChange was last told of.
type atomicTitles struct {
	mu     sync.Mutex
	titles map[string]bool
}

func (a *atomicTitles) set(list []model.Article) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.titles = map[string]bool{}
	for _, article := range list {
		a.titles[article.Title] = true
	}
}

func (a *atomicTitles) has(title string) bool {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.titles[title]
}

type logBuffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (l *logBuffer) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.Write(p)
}

func (l *logBuffer) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.String()
}

func (l *logBuffer) reset() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.b.Reset()
}
