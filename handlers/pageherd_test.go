package handlers_test

import (
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"runtime"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/labstack/echo/v4"

	"congso/store/model"
	"congso/store/storetest"
)

// TestPageCacheHerd: however many ask at once for a page that takes long, it is made once; whoever asks while it is stuck has the last good
// one and leaves; when its making panics the herd gets an error each, and none of it stays.
func TestPageCacheHerd(t *testing.T) {
	p := onePortal(t)
	made, panics := &atomic.Int64{}, &atomic.Bool{}
	var hold atomic.Pointer[chan struct{}]
	p.server.GET("/dong", func(c echo.Context) error {
		n := made.Add(1)
		if held := hold.Load(); held != nil {
			<-*held
		}
		if panics.Load() {
			panic("hỏng")
		}
		return c.String(http.StatusOK, fmt.Sprint("lần ", n))
	})
	herd := func(status int, body, detail string) {
		t.Helper()
		var group sync.WaitGroup
		for range 200 {
			group.Go(func() {
				if a := p.get("/dong"); a.status != status || body != "" && a.body != body || a.header.Get("Cache-Status") != detail {
					t.Errorf("%d %q %q, want %d %q %q", a.status, a.body, a.header.Get("Cache-Status"), status, body, detail)
				}
			})
		}
		group.Wait()
	}
	before := runtime.NumGoroutine()
	release := make(chan struct{})
	hold.Store(&release)
	time.AfterFunc(50*time.Millisecond, func() { close(release) })
	herd(http.StatusOK, "lần 1", "")
	if made.Load() != 1 {
		t.Errorf("made %d times for 200 at once", made.Load())
	}
	stuck := make(chan struct{})
	hold.Store(&stuck)
	p.clock.Add(9 * time.Second)
	for range 3 {
		herd(http.StatusOK, "lần 1", "congso; hit; detail=slow")
	}
	if n := runtime.NumGoroutine(); n > before+8 || made.Load() != 2 {
		t.Errorf("a stuck page: %d goroutines, before %d; made %d times", n, before, made.Load())
	}
	hold.Store(nil)
	close(stuck)
	panics.Store(true)
	p.clock.Add(2 * time.Minute)
	herd(http.StatusInternalServerError, "", "")
	panics.Store(false)
	if a := p.get("/dong"); a.status != http.StatusOK {
		t.Errorf("after the panics: %d", a.status)
	}
}

// TestPageCacheManyKeys: twenty thousand addresses of pages take no more memory than a few.
func TestPageCacheManyKeys(t *testing.T) {
	p := onePortal(t)
	p.options.PageAge, p.options.Log = 0, slog.New(slog.DiscardHandler)
	server, figures := p.measured()
	p.server = server
	p.server.GET("/dem", func(c echo.Context) error { return c.Blob(http.StatusOK, "text/plain", make([]byte, 4000)) })
	var most uint64
	for i := range 20_000 {
		w := httptest.NewRecorder()
		r := httptest.NewRequest(http.MethodGet, fmt.Sprint("/dem?q=", i), nil)
		r.Host, r.RemoteAddr = host, fmt.Sprintf("198.51.%d.%d:1", i>>8&255, i&255)
		r.Header.Set("User-Agent", fmt.Sprint(browser, i))
		if p.server.ServeHTTP(w, r); w.Code != http.StatusOK {
			t.Fatal(w.Code)
		}
		if i%5000 == 4999 {
			runtime.GC()
			var m runtime.MemStats
			runtime.ReadMemStats(&m)
			if most == 0 {
				most = m.HeapAlloc + 8<<20
			} else if m.HeapAlloc > most {
				t.Errorf("%d bytes after %d addresses, want %d", m.HeapAlloc, i, most)
			}
		}
	}
	contains(t, "figures", figures(), "congso_page_cache_misses_total 20000\n")
}

// TestPageCacheFollowsEditors: what editors take away from readers is gone for them within a second of the clock, whoever asked before.
func TestPageCacheFollowsEditors(t *testing.T) {
	eachPortal(t, func(t *testing.T, p *portal) {
		p.keeping()
		for name, c := range map[string]struct {
			change func(*model.News)
			status int
		}{
			"archived": {func(n *model.News) { n.Status = model.StatusArchived }, http.StatusGone},
			"internal": {func(n *model.News) { n.Visibility = model.Internal }, http.StatusNotFound},
			"expired":  {func(n *model.News) { n.ExpireAt = p.store.Now() }, http.StatusGone},
			"draft":    {func(n *model.News) { n.Status = model.StatusDraft }, http.StatusNotFound},
			"renamed":  {func(n *model.News) { n.Slug = "ten-moi" }, http.StatusMovedPermanently},
		} {
			n := storetest.News(t, p.store, p.news.Section, "Tin sẽ đổi "+name, func(n *model.News) { n.PublishAt = p.store.Now() })
			p.clock.Add(time.Second)
			target := "/tin-tuc/" + n.Slug
			for _, agent := range []string{outside, inside} {
				p.get(target, from(agent))
				contains(t, name, p.page(t, "/tin-tuc", from(agent)), n.Title)
			}
			c.change(&n)
			must(t, p.store.PutNews(t.Context(), storetest.Actor(), &n))
			p.clock.Add(time.Second)
			if a := p.get(target, from(outside)); a.status != c.status {
				t.Errorf("%s: status %d, want %d", name, a.status, c.status)
			}
			if name != "renamed" {
				for _, list := range []string{"/tin-tuc", "/", "/rss.xml", "/api/v1/news"} {
					lacks(t, name+" "+list, p.page(t, list, from(outside)), n.Title)
				}
			}
		}
	})
}
