//go:build long

package main

import (
	"context"
	"io/fs"
	"log/slog"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"syscall"
	"testing"
	"time"

	"congso/cmd/congso/congsotest"
	"congso/content"
	"congso/store"
	"congso/store/model"
	"congso/store/storetest"
)

// cost is what a piece of work took.
type cost struct{ wall, cpu time.Duration }

// measure runs work in this process.
func measure(t *testing.T, work func()) cost {
	t.Helper()
	used := func() time.Duration {
		var u syscall.Rusage
		if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
			t.Fatal(err)
		}
		return time.Duration(u.Utime.Nano() + u.Stime.Nano())
	}
	began, before := time.Now(), used()
	work()
	return cost{time.Since(began), used() - before}
}

// inUse is how many bytes of memory hold something, once what is left over has been swept.
func inUse() uint64 {
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.HeapAlloc
}

// hugoSites are what Hugo is given to do with the same files: its least, its defaults with the contents list that our articles have, and
// a search index beside these, of titles and texts.
func hugoSites() []map[string]string {
	const page = `<!doctype html><html lang="vi"><head><meta charset="utf-8"><title>{{ .Title }}</title><meta name="description" content="{{ .Description }}"></head>` +
		`<body><main><h1>{{ .Title }}</h1><time>{{ .Date.Format "2006-01-02" }}</time>`
	const end = `{{ .Content }}</main></body></html>`
	const list = `<!doctype html><html lang="vi"><head><meta charset="utf-8"><title>{{ .Title }}</title></head><body><main><ul>` +
		`{{ range .Pages }}<li><a href="{{ .RelPermalink }}">{{ .Title }}</a></li>{{ end }}</ul></main></body></html>`
	const config = "baseURL = \"https://so.example.vn/\"\ntitle = \"Cổng\"\nlanguageCode = \"vi\"\n"
	site := func(name, config, single string) map[string]string {
		return map[string]string{"name": name, "config.toml": config, "layouts/_default/single.html": single, "layouts/_default/list.html": list, "layouts/index.html": list}
	}
	searched := site("with a search index", config+"[outputs]\nhome = [\"HTML\", \"RSS\", \"JSON\"]\n", page+"{{ .TableOfContents }}"+end)
	searched["layouts/index.json"] = `[{{ range $i, $p := .Site.RegularPages }}{{ if $i }},{{ end }}{{ dict "title" $p.Title "url" $p.RelPermalink "summary" $p.Description "text" $p.Plain | jsonify }}{{ end }}]`
	return []map[string]string{
		site("at its least", config+"disableKinds = [\"taxonomy\", \"term\", \"RSS\", \"sitemap\"]\n", page+end),
		site("by its defaults", config, page+"{{ .TableOfContents }}"+end),
		searched,
	}
}

// runHugo builds a site of the articles below articles and returns what that took.
func runHugo(t *testing.T, hugo, articles string, site map[string]string, pages int) cost {
	t.Helper()
	dir := t.TempDir()
	for name, text := range site {
		if name != "name" {
			congsotest.WriteFile(t, filepath.Join(dir, name), text)
		}
	}
	run := exec.Command(hugo, "--quiet", "--source", dir, "--contentDir", articles, "--destination", filepath.Join(dir, "public"))
	began := time.Now()
	if out, err := run.CombinedOutput(); err != nil {
		t.Fatalf("hugo: %v\n%s", err, out)
	}
	took := cost{time.Since(began), run.ProcessState.UserTime() + run.ProcessState.SystemTime()}
	made := 0
	err := filepath.WalkDir(filepath.Join(dir, "public"), func(name string, _ fs.DirEntry, err error) error {
		if filepath.Base(name) == "index.html" {
			made++
		}
		return err
	})
	if err != nil || made < pages {
		t.Fatalf("hugo made %d pages of %d, %v", made, pages, err)
	}
	return took
}

// TestLongArticlesBesideHugo compiles 10,000 articles and brings them into search, beside Hugo, which builds a site of the same files;
// the log has the ratios. Every article must be there and found.
func TestLongArticlesBesideHugo(t *testing.T) {
	hugo := congsotest.RequireProgram(t, "no hugo: install hugo", "hugo")
	dir, texts := t.TempDir(), newCorpus()
	names := texts.write(t, dir, manyArticles)
	last := filepath.Join(dir, names[manyArticles-1])
	congsotest.WriteFile(t, last, texts.article(manyArticles-1)+"\nQuẹtzal.\n")
	s := storetest.Open(t, store.Options{Dir: t.TempDir()})
	index := s.ArticleIndex()
	empty := inUse()
	var library *content.Library
	compiled := measure(t, func() {
		var err error
		if library, err = content.Open(dir, slog.New(slog.DiscardHandler)); err != nil {
			t.Fatal(err)
		}
	})
	t.Logf("the articles take %d MB of memory", (inUse()-empty)>>20)
	indexed := measure(t, func() {
		if err := index.Set(context.Background(), library.All()); err != nil {
			t.Fatal(err)
		}
	})
	if n := len(library.List("vi", model.Viewer{})); n < manyArticles {
		t.Errorf("%d articles of %d", n, manyArticles)
	}
	for word, want := range map[string]int{"quetzal": 1, "hành chính": 1000} {
		found, err := s.Search(context.Background(), model.Viewer{}, model.SearchQuery{Text: word, Lang: "vi"}, 10)
		if err != nil || found.Total < want {
			t.Errorf("%q is found in %d articles, want %d, %v", word, found.Total, want, err)
		}
	}
	ours := cost{compiled.wall + indexed.wall, compiled.cpu + indexed.cpu}
	t.Logf("ours: compiled in %.1f s (%.1f s of CPU), into search in %.1f s (%.1f)", compiled.wall.Seconds(), compiled.cpu.Seconds(), indexed.wall.Seconds(), indexed.cpu.Seconds())
	for _, site := range hugoSites() {
		theirs := runHugo(t, hugo, filepath.Join(dir, "vi"), site, manyArticles)
		t.Logf("hugo %s: %.1f s (%.1f s of CPU); ours is %.2f of the time, %.2f of the CPU time", site["name"],
			theirs.wall.Seconds(), theirs.cpu.Seconds(), ours.wall.Seconds()/theirs.wall.Seconds(), ours.cpu.Seconds()/theirs.cpu.Seconds())
	}
	if err := os.WriteFile(last, []byte(texts.article(manyArticles-1)+"\nQuẹtzalcoatl.\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	look := measure(t, func() {
		if changed, err := library.Reload(); err != nil || !changed {
			t.Fatal(changed, err)
		}
	})
	change := measure(t, func() {
		if err := index.Set(context.Background(), library.All()); err != nil {
			t.Fatal(err)
		}
	})
	t.Logf("one changed: looked at, compiled and swapped in %v (%v of CPU), into search in %v (%v)", look.wall, look.cpu, change.wall, change.cpu)
}
