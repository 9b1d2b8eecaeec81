package desks

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"

	"congso/cmd/congso/congsotest"
)

const (
	tourFolder  = "../../../../.tour"
	tourPicture = 60_000 // bytes
)

// TestTourPictures takes the pictures of the README: what a reader sees at a desk and on a phone.
func TestTourPictures(t *testing.T) {
	t.Parallel()
	b := congsotest.Open(t, congsotest.SharedBrowser(t), congsotest.LivePortal(t))
	a := album{folder: tourFolder, widest: tourPicture}
	desk := []struct {
		file, path string
		height     float64
	}{
		{"home.png", "/", 820},
		{"item.png", "/tin-tuc/hoi-nghi-so-ket-cai-cach-hanh-chinh", 900},
		{"meeting.png", "/hoi-nghi/hoi-nghi-so-ket-cong-tac-cai-cach-hanh-chinh-va-ky-ket-quy-che-phoi-hop-mot-cua", 1050},
		{"search.png", "/tim-kiem?q=duong", 820},
		{"figures.png", "/thong-ke", 820},
	}
	b.Do("resize", chromedp.EmulateViewport(1200, 820))
	for _, d := range desk {
		b.Visit(d.path, 200)
		a.take(b, shot{file: d.file, height: d.height, scale: 0.6, show: []string{"body"}})
	}
	b.Do("resize", chromedp.EmulateViewport(360, 720))
	for _, phone := range []struct{ file, path, scheme string }{
		{"phone.png", "/danh-ba?q=mau", "light"},
		{"dark.png", "/tin-tuc/hoi-nghi-so-ket-cai-cach-hanh-chinh", "dark"},
	} {
		b.Media("", phone.scheme)
		b.Visit(phone.path, 200)
		a.take(b, shot{file: phone.file, height: 820, scale: 0.8, show: []string{"main"}})
	}
	a.complete(t)
}

var pictureOfReadme = regexp.MustCompile(`!\[([^\]]*)\]\(([^)]+\.png)\)`)

// TestTourIsTold: README shows every picture of the tour and none that is not there, and each is small.
func TestTourIsTold(t *testing.T) {
	readme, err := os.ReadFile("../../../../README.md")
	if err != nil {
		t.Fatal(err)
	}
	for name, picture := range congsotest.FilesIn(t, tourFolder) {
		if size := len(picture); size > tourPicture {
			t.Errorf("%s takes %d bytes, more than %d", name, size, tourPicture)
		}
		if !strings.Contains(string(readme), "(.tour/"+name+")") {
			t.Errorf("README does not show %s", name)
		}
	}
	for _, m := range pictureOfReadme.FindAllStringSubmatch(string(readme), -1) {
		if _, _, err := pictureSize(filepath.Join("../../../..", m[2])); err != nil || len(m[1]) < 20 {
			t.Errorf("README shows %s with the words %q: %v", m[2], m[1], err)
		}
	}
}
