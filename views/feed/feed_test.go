package feed_test

import (
	"bytes"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"congso/store/model"
	"congso/views/feed"
)

var update = flag.Bool("update", false, "write what comes out into testdata")

func abs(path string) string { return "https://so.example.vn" + path }

func at(hour int) time.Time { return time.Date(2026, 6, 15, hour, 30, 0, 0, model.Zone()) }

func TestGolden(t *testing.T) {
	section := model.Section{Name: "Cải cách & hành chính"}
	news := []model.News{
		{Slug: "mot", Title: `Đường "Nguyễn Huệ" <sửa>`, Summary: "Tóm tắt ]]> & dòng\nhai", Section: section, Byline: "Hồng Hạnh", Lifecycle: model.Lifecycle{PublishAt: at(9)}},
		{Slug: "hai", Title: "Tin hai", Section: section, Lifecycle: model.Lifecycle{PublishAt: at(8)}},
	}
	entries := []model.SitemapEntry{{Path: "/"}, {Path: "/tin-tuc/mot", Modified: at(9)}, {Path: "/a&b<'\">"}}
	index := feed.SitemapIndex{Sitemaps: []feed.URL{{Loc: abs("/sitemap/0.xml")}, {Loc: abs("/sitemap/1.xml")}}}
	for name, document := range map[string]any{
		"news.xml":  feed.News("Sở Nội vụ", "Tin tức & thông báo", "/rss.xml", "/", news, abs),
		"empty.xml": feed.News("Sở Nội vụ", "", "/rss.xml", "/", nil, abs),
		"index.xml": index,
	} {
		var b strings.Builder
		if err := feed.Write(&b, document); err != nil {
			t.Fatal(err)
		}
		golden(t, name, b.String())
	}
	var b bytes.Buffer
	feed.Sitemap(&b, entries, abs)
	golden(t, "sitemap.xml", b.String())
}

// golden holds text to the file of that name in testdata.
func golden(t *testing.T, name, text string) {
	t.Helper()
	file := filepath.Join("testdata", name)
	if *update {
		if err := os.WriteFile(file, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if text != string(want) {
		t.Errorf("%s:\n%s\nwant\n%s", name, text, want)
	}
}
