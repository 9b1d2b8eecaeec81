package handlers_test

import (
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/labstack/echo/v4"

	"congso/content"
	"congso/handlers"
	"congso/store"
	"congso/store/model"
	"congso/store/storetest"
)

// TestTakenDownStaysDown: what an editor has taken away does not come back with a page that was kept before, when the database fails
// afterwards. What was made since then is shown.
func TestTakenDownStaysDown(t *testing.T) {
	seeded.Each(t, func(t *testing.T, o store.Options, known fixture) {
		p := newPortal(t, o, func(testing.TB, *store.Store, *storetest.Clock) fixture { return known })
		o.Now, o.Renderer = p.clock.Now, content.Renderer()
		s, err := store.Open(context.Background(), o) // apart from storetest, which would close it twice
		must(t, err)
		own := p.options
		own.Store, own.Hits, own.PageAge = s, store.NewHitBuffer(s), 0
		p.server = handlers.New(own)
		item := "/tin-tuc/" + p.news.Slug
		before := []string{item, item + "?tu=tin-tuc", "/en" + item, "/", "/tin-tuc", "/rss.xml", "/api/v1/news"}
		dark := cookie("hien-thi", "dark.")
		for _, target := range before {
			contains(t, target, p.page(t, target, dark), p.news.Title)
		}
		n := p.news
		n.Status = model.StatusArchived
		must(t, s.PutNews(t.Context(), storetest.Actor(), &n))
		lacks(t, "/tin-tuc", p.page(t, "/tin-tuc"), n.Title)
		must(t, s.Close())
		p.clock.Add(2 * time.Second)
		for _, target := range before {
			if a := p.get(target, dark); a.status != http.StatusServiceUnavailable || strings.Contains(a.body, n.Title) {
				t.Errorf("GET %s: status %d, the item in it: %t", target, a.status, strings.Contains(a.body, n.Title))
			}
		}
		if a := p.get("/tin-tuc"); a.status != http.StatusOK || a.header.Get("Cache-Status") != "congso; hit; detail=failed" {
			t.Errorf("made since then: status %d, %q", a.status, a.header.Get("Cache-Status"))
		}
	})
}

// TestWithdrawnArticleStaysAway: the same goes for an article whose file has become a draft.
func TestWithdrawnArticleStaysAway(t *testing.T) {
	seeded.Each(t, func(t *testing.T, o store.Options, known fixture) {
		p := newPortal(t, o, func(testing.TB, *store.Store, *storetest.Clock) fixture { return known })
		dir := t.TempDir()
		must(t, os.Mkdir(filepath.Join(dir, "vi"), 0o700))
		put := func(name, front string) {
			must(t, os.WriteFile(filepath.Join(dir, "vi", name), []byte("+++\ntitle = \"Bài rút lại\"\n"+front+"+++\nNội dung\n"), 0o600))
		}
		put("rut-lai.md", "")
		library, err := content.Open(dir, slog.New(slog.DiscardHandler))
		must(t, err)
		o.Now, o.Renderer = p.clock.Now, content.Renderer()
		s, err := store.Open(context.Background(), o) // apart from storetest, which would close it twice
		must(t, err)
		own := p.options
		own.Store, own.Hits, own.Content, own.PageAge = s, store.NewHitBuffer(s), library, 0
		p.server = handlers.New(own)
		show := func(when string, status int) {
			t.Helper()
			for _, target := range []string{"/bai-viet/rut-lai", "/bai-viet"} {
				if a := p.get(target); a.status != status || strings.Contains(a.body, "Bài rút lại") != (status == http.StatusOK) {
					t.Errorf("%s, GET %s: status %d, the article in it: %t", when, target, a.status, strings.Contains(a.body, "Bài rút lại"))
				}
			}
		}
		show("at first", http.StatusOK)
		must(t, s.Close())
		p.clock.Add(2 * time.Second)
		show("without a database", http.StatusOK)
		put("rut-lai.md", "draft = true\n")
		_, err = library.Reload()
		must(t, err)
		show("withdrawn", http.StatusServiceUnavailable)
	})
}

// TestTakenDownWhileSlow: while a page takes long to make, readers wait for it rather than get one that lacks a change.
func TestTakenDownWhileSlow(t *testing.T) {
	p := onePortal(t)
	var hold atomic.Pointer[chan struct{}]
	made := &atomic.Int64{}
	p.server.GET("/cham", func(c echo.Context) error {
		n := made.Add(1)
		if held := hold.Load(); held != nil {
			<-*held
		}
		return c.String(http.StatusOK, fmt.Sprint("lần ", n))
	})
	p.get("/cham")
	release := make(chan struct{})
	hold.Store(&release)
	p.clock.Add(2 * time.Second)
	if a := p.get("/cham"); a.body != "lần 1" || a.header.Get("Cache-Status") != "congso; hit; detail=slow" {
		t.Errorf("before the change: %q, %q", a.body, a.header.Get("Cache-Status"))
	}
	n := p.news
	n.Status = model.StatusArchived
	must(t, p.store.PutNews(t.Context(), storetest.Actor(), &n))
	time.AfterFunc(100*time.Millisecond, func() { close(release) })
	if a := p.get("/cham"); a.body != "lần 2" || a.header.Get("Cache-Status") != "" {
		t.Errorf("after it: %q, %q", a.body, a.header.Get("Cache-Status"))
	}
}

// TestTakenDownBehindASlowPage: whoever asks after a change does not get a page whose making began long before it and has not ended.
func TestTakenDownBehindASlowPage(t *testing.T) {
	p := onePortal(t)
	began, release := make(chan struct{}, 2), make(chan struct{})
	p.server.GET("/cham", func(c echo.Context) error {
		n, err := p.store.NewsBySlug(c.Request().Context(), model.Viewer{}, p.news.Slug)
		if began <- struct{}{}; len(began) == 1 {
			<-release
		}
		return c.String(http.StatusOK, fmt.Sprint(n.Title, err))
	})
	var group sync.WaitGroup
	group.Go(func() { contains(t, "asked before", p.get("/cham").body, p.news.Title) })
	for len(began) == 0 {
		time.Sleep(time.Millisecond)
	}
	n := p.news
	n.Status = model.StatusArchived
	must(t, p.store.PutNews(t.Context(), storetest.Actor(), &n))
	p.clock.Add(10 * time.Second)
	answered := make(chan string, 1)
	go func() { answered <- p.get("/cham").body }()
	select {
	case body := <-answered:
		lacks(t, "asked afterwards", body, n.Title)
	case <-time.After(20 * time.Second):
		t.Error("it waits for the page that was begun before")
	}
	close(release)
	group.Wait()
	lacks(t, "after both", p.get("/cham").body, n.Title)
}

// TestFrameIsNotOld: while one request reads the frame anew, no other is answered with a frame that has been out of date for long.
func TestFrameIsNotOld(t *testing.T) {
	storetest.EachOptions(t, func(t *testing.T, o store.Options) {
		var hold atomic.Bool
		held, release := make(chan struct{}), make(chan struct{})
		o.Trace = func(query string) {
			if strings.Contains(query, "linked_site") && hold.CompareAndSwap(true, false) {
				close(held)
				<-release
			}
		}
		p := newPortal(t, o, seed)
		p.keeping()
		contains(t, "before", p.page(t, "/thong-ke"), "Sở Nội vụ tỉnh Tân Giang")
		site, err := p.store.Site(t.Context())
		must(t, err)
		site.Name = "Sở Nội vụ tỉnh Tân Sơn"
		must(t, p.store.PutSite(t.Context(), storetest.Actor(), &site))
		p.clock.Add(time.Hour)
		hold.Store(true)
		var group sync.WaitGroup
		group.Go(func() { p.get("/bai-viet") })
		<-held
		answered := make(chan string)
		go func() { answered <- p.get("/thong-ke").body }()
		select {
		case body := <-answered:
			lacks(t, "an hour later", body, "Sở Nội vụ tỉnh Tân Giang")
			contains(t, "an hour later", body, site.Name)
		case <-time.After(20 * time.Second):
			t.Error("no answer")
		}
		close(release)
		group.Wait()
		site.Name = "Sở Nội vụ tỉnh Tân Hà"
		must(t, p.store.PutSite(t.Context(), storetest.Actor(), &site))
		p.clock.Add(time.Hour)
		contains(t, "a page for an error, an hour later", p.get("/khong-co").body, site.Name)
	})
}
