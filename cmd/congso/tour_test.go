package main

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
)

const (
	tourFolder  = "../../.tour"
	tourPicture = 60_000 // bytes
)

// TestTourPictures takes the pictures of the README: what a reader sees at a desk and on a phone.
func TestTourPictures(t *testing.T) {
	b := open(t, startBrowser(t), livePortal(t))
	a := album{folder: tourFolder, widest: tourPicture}
	desk := []struct {
		file, path string
	}{
		{"home.png", "/"},
		{"item.png", "/tin-tuc/hoi-nghi-so-ket-cai-cach-hanh-chinh"},
		{"meeting.png", "/hoi-nghi/hoi-nghi-so-ket-cong-tac-cai-cach-hanh-chinh-va-ky-ket-quy-che-phoi-hop-mot-cua"},
		{"search.png", "/tim-kiem?q=duong"},
		{"figures.png", "/thong-ke"},
	}
	b.do("resize", chromedp.EmulateViewport(1200, 820))
	for _, d := range desk {
		b.visit(d.path, 200)
		a.take(b, shot{file: d.file, height: 820, scale: 0.6, show: []string{"body"}})
	}
	b.do("resize", chromedp.EmulateViewport(360, 720))
	b.visit("/danh-ba", 200)
	a.take(b, shot{file: "phone.png", height: 720, scale: 0.8, show: []string{"body"}})
	b.media("", "dark")
	b.visit("/tin-tuc", 200)
	a.take(b, shot{file: "dark.png", height: 720, scale: 0.8, show: []string{"body"}})
	a.complete(t)
}

var pictureOfReadme = regexp.MustCompile(`!\[([^\]]*)\]\(([^)]+\.png)\)`)

// TestTourIsTold: README shows every picture of the tour and none that is not there, and each is small.
func TestTourIsTold(t *testing.T) {
	readme, err := os.ReadFile("../../README.md")
	if err != nil {
		t.Fatal(err)
	}
	for name, size := range pictureFiles(t, tourFolder) {
		if size > tourPicture {
			t.Errorf("%s takes %d bytes, more than %d", name, size, tourPicture)
		}
		if !strings.Contains(string(readme), "(.tour/"+name+")") {
			t.Errorf("README does not show %s", name)
		}
	}
	for _, m := range pictureOfReadme.FindAllStringSubmatch(string(readme), -1) {
		if _, _, err := pictureSize(filepath.Join("../..", m[2])); err != nil || len(m[1]) < 20 {
			t.Errorf("README shows %s with the words %q: %v", m[2], m[1], err)
		}
	}
}
