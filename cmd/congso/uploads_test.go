package main

import (
	"image"
	"image/color"
	"image/png"
	"os"
	"path/filepath"
	"testing"

	"github.com/chromedp/chromedp"
)

// TestUploadInTheBrowser: files are sent as they are chosen, with words for each and a refusal beside them, and are found in the library.
func TestUploadInTheBrowser(t *testing.T) {
	t.Parallel()
	b := open(t, sharedBrowser(t), livePortal(t))
	b.loggedIn("tacgia")
	b.visit("/admin/tep/moi", 200)
	b.do("choose files", chromedp.SetUploadFiles(chromedp.CSS("#f_file"), []string{pictureFile(t, "cầu đỏ.png"), svgFile(t)}),
		chromedp.WaitVisible(chromedp.CSS(".rows .row:nth-child(1) input")))
	b.waitFor(`document.querySelectorAll(".rows progress").length === 0`)
	if got := b.text(".rows .row:nth-child(1) .said"); got != "Đã lưu." {
		t.Errorf("the picture: %q", got)
	}
	if got := b.text(".rows .row:nth-child(2) .fault-text"); got != "Không nhận ảnh SVG vì trong đó có thể có mã chạy được. Xin xuất ra PNG rồi gửi lại." {
		t.Errorf("the drawing: %q", got)
	}
	b.waitFor(`document.querySelector(".rows img")?.naturalWidth > 0`)
	b.checkWords()
}

// TestUploadWithoutScripts is the same by a plain form.
func TestUploadWithoutScripts(t *testing.T) {
	t.Parallel()
	b := open(t, sharedBrowser(t), livePortal(t))
	b.withoutScripts()
	b.loggedIn("tacgia")
	b.visit("/admin/tep/moi", 200)
	b.do("choose files", chromedp.SetUploadFiles(chromedp.CSS("#f_file"), []string{pictureFile(t, "cầu đỏ.png")}))
	b.click(`form.upload button`)
	b.checkWords()
}

// waitFor waits until a JavaScript expression is true.
func (b *tab) waitFor(expression string) {
	b.Helper()
	if _, err := chromedp.Run(b.ctx, chromedp.Poll[bool](expression)); err != nil {
		b.Fatalf("wait for %s: %v", expression, err)
	}
}

// checkWords types what the picture shows and finds it by that in the library.
func (b *tab) checkWords() {
	b.Helper()
	if got := b.text(".rows .name"); got != "cầu đỏ.png" {
		b.Errorf("uploaded %q", got)
	}
	b.do("type", chromedp.SendKeys(chromedp.CSS(`.rows [name^="alt_"]`), "Cầu treo màu đỏ"))
	b.click(`form.uploads:not([hidden]) button`)
	b.visit("/admin/tep?q=cau+treo+mau+do&cua-toi=1", 200)
	if got := b.text(".files .name"); got != "cầu đỏ.png" {
		b.Errorf("found %q", got)
	}
	if wide := b.tooWide(); wide != "" {
		b.Error(wide)
	}
}

// pictureFile is a picture to be uploaded.
func pictureFile(t *testing.T, name string) string {
	t.Helper()
	img := image.NewRGBA(image.Rect(0, 0, 400, 300))
	for x := range 400 {
		img.SetRGBA(x, 150, color.RGBA{200, 30, 30, 255})
	}
	file, err := os.Create(filepath.Join(t.TempDir(), name))
	if err != nil {
		t.Fatal(err)
	}
	if err := png.Encode(file, img); err != nil {
		t.Fatal(err)
	}
	if err := file.Close(); err != nil {
		t.Fatal(err)
	}
	return file.Name()
}

func svgFile(t *testing.T) string {
	t.Helper()
	name := filepath.Join(t.TempDir(), "hình.svg")
	write(t, filepath.Dir(name), filepath.Base(name), `<svg xmlns="http://www.w3.org/2000/svg"/>`)
	return name
}
