package desks

import (
	"image"
	"image/color"
	"image/png"
	"os"
	"path/filepath"
	"testing"

	"github.com/chromedp/chromedp"

	"congso/cmd/congso/congsotest"
)

// TestUploadInTheBrowser: files are sent as they are chosen, with words for each and a refusal beside them, and are found in the library.
func TestUploadInTheBrowser(t *testing.T) {
	t.Parallel()
	b := congsotest.Open(t, congsotest.SharedBrowser(t), congsotest.LivePortal(t))
	b.LoggedIn("tacgia")
	b.Visit("/admin/tep/moi", 200)
	b.Do("choose files", chromedp.SetUploadFiles(chromedp.CSS("#f_file"), []string{pictureFile(t, "cầu đỏ.png"), svgFile(t)}),
		chromedp.WaitVisible(chromedp.CSS(".rows .row:nth-child(1) input")))
	b.WaitFor(`document.querySelectorAll(".rows progress").length === 0`)
	if got := b.Text(".rows .row:nth-child(1) .said"); got != "Đã lưu." {
		t.Errorf("the picture: %q", got)
	}
	if got := b.Text(".rows .row:nth-child(2) .fault-text"); got != "Không nhận ảnh SVG vì trong đó có thể có mã chạy được. Xin xuất ra PNG rồi gửi lại." {
		t.Errorf("the drawing: %q", got)
	}
	b.WaitFor(`document.querySelector(".rows img")?.naturalWidth > 0`)
	checkWords(b)
}

// TestUploadWithoutScripts is the same by a plain form.
func TestUploadWithoutScripts(t *testing.T) {
	t.Parallel()
	b := congsotest.Open(t, congsotest.SharedBrowser(t), congsotest.LivePortal(t))
	b.WithoutScripts()
	b.LoggedIn("tacgia")
	b.Visit("/admin/tep/moi", 200)
	b.Do("choose files", chromedp.SetUploadFiles(chromedp.CSS("#f_file"), []string{pictureFile(t, "cầu đỏ.png")}))
	b.Click(`form.upload button`)
	checkWords(b)
}

// checkWords types what the picture shows and finds it by that in the library.
func checkWords(b *congsotest.Tab) {
	b.Helper()
	if got := b.Text(".rows .name"); got != "cầu đỏ.png" {
		b.Errorf("uploaded %q", got)
	}
	b.Do("type", chromedp.SendKeys(chromedp.CSS(`.rows [name^="alt_"]`), "Cầu treo màu đỏ"))
	b.Click(`form.uploads:not([hidden]) button`)
	b.Visit("/admin/tep?q=cau+treo+mau+do&cua-toi=1", 200)
	if got := b.Text(".files .name"); got != "cầu đỏ.png" {
		b.Errorf("found %q", got)
	}
	if wide := b.TooWide(); wide != "" {
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
	congsotest.Write(t, filepath.Dir(name), filepath.Base(name), `<svg xmlns="http://www.w3.org/2000/svg"/>`)
	return name
}
