package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"congso/cmd/congso/congsotest"
	"congso/cmd/congso/sitecopy"
	"congso/store"
	"congso/store/model"
)

// articlesToFind are as many articles of some 4 KB as a portal may have records.
func articlesToFind(count int) []model.Article {
	c := newCorpus()
	day := time.Date(2010, 1, 1, 0, 0, 0, 0, model.Zone())
	list := make([]model.Article, count)
	for i := range list {
		list[i] = model.Article{
			Lang: "vi", Path: fmt.Sprintf("muc-%d/bai-%d", i/100, i), Title: c.sentence(8), Description: c.sentence(20), Text: c.words(550),
			Date: model.DayOf(day.Add(time.Duration(i) * time.Hour)), Visibility: model.Public, Hash: fmt.Sprint(i),
		}
	}
	return list
}

// indexOf writes the search index of a copy that has these articles alone.
func indexOf(t testing.TB, s *store.Store, dir string, articles []model.Article) *sitecopy.Folder {
	t.Helper()
	folder, err := sitecopy.Open(dir, "test", false)
	if err != nil {
		t.Fatal(err)
	}
	c := &copier{store: s, folder: folder, at: time.Now()}
	if err := c.indexArticles(context.Background(), articles); err != nil {
		t.Fatal(err)
	}
	if err := folder.Finish(); err != nil {
		t.Fatal(err)
	}
	if err := folder.Close(); err != nil {
		t.Fatal(err)
	}
	return folder
}

// TestExportIndexGrows: records that come after all others change the files of the last block alone.
func TestExportIndexGrows(t *testing.T) {
	t.Parallel()
	s := congsotest.OpenStore(t, filepath.Join(t.TempDir(), "data"), "")
	defer s.Close()
	articles, dir := articlesToFind(indexBlock+500), t.TempDir()
	for i := range articles {
		articles[i].Text = "" // titles will do
	}
	indexOf(t, s, dir, articles[:indexBlock+100])
	before := congsotest.FilesIn(t, dir)
	f := indexOf(t, s, dir, articles)
	if f.Written == 0 || f.Written > 60 || f.Removed > 0 {
		t.Errorf("%d of %d files were written, %d removed", f.Written, f.Files, f.Removed)
	}
	for name, text := range congsotest.FilesIn(t, dir) {
		if strings.HasPrefix(name, "tim-kiem/0/") && before[name] != text {
			t.Errorf("%s has changed", name)
		}
	}
	start, err := os.ReadFile(filepath.Join(dir, "tim-kiem", "0.js"))
	if err != nil {
		t.Fatal(err)
	}
	congsotest.MustContain(t, "the first file", string(start), fmt.Sprintf(`{"n":%d,`, indexBlock), `{"n":500,`)
}

// BenchmarkExportIndex is the search index of a copy: how long a record takes, and how many bytes it adds.
func BenchmarkExportIndex(b *testing.B) {
	s := congsotest.OpenStore(b, filepath.Join(b.TempDir(), "data"), "")
	defer s.Close()
	articles := articlesToFind(20_000)
	for b.Loop() {
		dir := b.TempDir()
		f := indexOf(b, s, dir, articles)
		words := int64(0)
		for name, text := range copiedSizes(b, dir) {
			if strings.Contains(name, "/w") {
				words += text
			}
		}
		b.ReportMetric(float64(f.Bytes)/float64(len(articles)), "bytes/record")
		b.ReportMetric(float64(words)/float64(len(articles)), "word-bytes/record")
		b.ReportMetric(float64(f.Files), "files")
	}
}

// copiedSizes are the sizes of the files of a folder, in bytes.
func copiedSizes(t testing.TB, dir string) map[string]int64 {
	t.Helper()
	sizes := map[string]int64{}
	err := filepath.Walk(dir, func(name string, info os.FileInfo, err error) error {
		if err == nil && !info.IsDir() {
			sizes[filepath.ToSlash(name)] = info.Size()
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return sizes
}
