package handlers_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/labstack/echo/v4"

	"congso/handlers"
	"congso/store"
	"congso/store/model"
	"congso/store/storetest"
)

// keeping lets the portal keep its pages for a second of its clock, as it does for readers.
func (p *portal) keeping() *portal {
	o := p.options
	o.PageAge = 0
	p.server = handlers.New(o)
	return p
}

// onePortal is a keeping portal on SQLite, for what the kind of database has no part in.
func onePortal(t *testing.T) *portal {
	t.Helper()
	return newPortal(t, store.Options{Dir: t.TempDir()}, seed).keeping()
}

// counted mounts a page that tells the number of its rendering and what of the request reached it.
func (p *portal) counted(path string) *atomic.Int64 {
	n := &atomic.Int64{}
	p.server.GET(path, func(c echo.Context) error {
		r := c.Request()
		return c.String(http.StatusOK, fmt.Sprintf("lần %d: %s %s %v %s", n.Add(1), r.Method, r.URL, r.Header, r.RemoteAddr))
	})
	return n
}

// TestPageCacheKey: readers share a page when they would get the same one, for a second, and only then.
func TestPageCacheKey(t *testing.T) {
	p := onePortal(t)
	made := p.counted("/dem")
	p.counted("/api/v1/dem")
	login := p.login(t, model.RoleAuthor)
	display := func(value string) func(*http.Request) { return cookie("hien-thi", value) }
	for name, c := range map[string]struct {
		first, second string
		change        []func(*http.Request)
		shared        bool
	}{
		"the same":                  {"/dem", "/dem", nil, true},
		"an empty query":            {"/dem", "/dem?", nil, true},
		"another order":             {"/dem?trang=2&nam=2025", "/dem?nam=2025&trang=2", nil, true},
		"other letters":             {"/dem?q=%C4%91", "/dem?q=đ", nil, true},
		"another value":             {"/dem?trang=2", "/dem?trang=3", nil, false},
		"twice":                     {"/dem?trang=2", "/dem?trang=2&trang=3", nil, false},
		"the other first":           {"/dem?trang=3&trang=2", "/dem?trang=2&trang=3", nil, false},
		"none of ours":              {"/dem?a=1", "/dem?a=1", nil, false},
		"none of ours beside one":   {"/dem?trang=2", "/dem?trang=2&a=1", nil, false},
		"of the data":               {"/api/v1/dem?page=2&per_page=5", "/api/v1/dem?per_page=5&page=2", nil, true},
		"of the data, not of pages": {"/dem?page=2", "/dem?page=2", nil, false},
		"a query too long":          {"/dem?q=" + strings.Repeat("a", 600), "/dem?q=" + strings.Repeat("a", 600), nil, false},
		"another agent":             {"/dem", "/dem", []func(*http.Request){with("User-Agent", "curl/8")}, true},
		"another reader":            {"/dem", "/dem", []func(*http.Request){from("198.51.100.7")}, true},
		"the department's network":  {"/dem", "/dem", []func(*http.Request){from(inside)}, false},
		"said by no proxy of ours":  {"/dem", "/dem", []func(*http.Request){with("X-Forwarded-For", inside)}, true},
		"said by the proxy":         {"/dem", "/dem", []func(*http.Request){from(proxy), with("X-Forwarded-For", inside)}, false},
		"a cookie of others":        {"/dem", "/dem", []func(*http.Request){cookie("khac", "1")}, true},
		"settings":                  {"/dem", "/dem", []func(*http.Request){display("dark.large")}, false},
		"settings that are none":    {"/dem", "/dem", []func(*http.Request){display("pink.huge")}, true},
		"a login":                   {"/dem", "/dem", []func(*http.Request){login}, false},
		"a login that has ended":    {"/dem", "/dem", []func(*http.Request){cookie("congso", "x")}, false},
		"another host":              {"/dem", "/dem", []func(*http.Request){func(r *http.Request) { r.Host = "evil.example" }}, false},
		"a part":                    {"/dem", "/dem", []func(*http.Request){with("Range", "bytes=0-1")}, false},
	} {
		p.clock.Add(time.Hour)
		first := p.get(c.first)
		second := p.get(c.second, c.change...)
		if got := first.body == second.body; got != c.shared || first.status != http.StatusOK {
			t.Errorf("%s: shared %t, want %t: %q, %q", name, got, c.shared, first.body, second.body)
		}
		if first.header.Get("X-Request-Id") == second.header.Get("X-Request-Id") || len(second.header.Get("X-Request-Id")) != 12 {
			t.Errorf("%s: ids %q, %q", name, first.header.Get("X-Request-Id"), second.header.Get("X-Request-Id"))
		}
		checkHeaders(t, name, second)
	}
	before := made.Load()
	for _, step := range []struct {
		by   time.Duration
		made int64
	}{{time.Hour, 1}, {999 * time.Millisecond, 0}, {time.Millisecond, 1}, {-time.Millisecond, 1}, {500 * time.Millisecond, 0}, {-time.Hour, 1}} {
		p.clock.Add(step.by)
		p.get("/dem")
		if n := made.Load() - before; n != step.made {
			t.Errorf("%v later: made %d times, want %d", step.by, n, step.made)
		}
		before = made.Load()
	}
}

// TestPageCacheAsksForAnybody: nothing of who asked first but what the page depends on reaches the page, and their leaving does not end its making.
func TestPageCacheAsksForAnybody(t *testing.T) {
	p := onePortal(t)
	p.counted("/dem")
	ctx, leave := context.WithCancel(t.Context())
	leave()
	a := p.do(http.MethodHead, "/dem?trang=2", with("X-Own", "riengtu"), with("Authorization", "riengtu"), cookie("own", "riengtu"), cookie("hien-thi", "dark.own"),
		with("Accept-Language", "riengtu"), func(r *http.Request) { *r = *r.WithContext(ctx) })
	if a.status != http.StatusOK || a.body != "" {
		t.Errorf("HEAD: %d %q", a.status, a.body)
	}
	if b := p.get("/dem?trang=2", cookie("hien-thi", "dark.")); b.body != "lần 1: GET /dem?trang=2 map[Cookie:[hien-thi=dark.]] " || a.header.Get("Content-Length") != fmt.Sprint(len(b.body)) {
		t.Errorf("%q, HEAD told of %s bytes", b.body, a.header.Get("Content-Length"))
	}
}

// TestPageCacheNeverKeeps: what is no page, what is for one reader, and what fails, is made for each who asks.
func TestPageCacheNeverKeeps(t *testing.T) {
	p := onePortal(t)
	n := &atomic.Int64{}
	for path, answer := range map[string]echo.HandlerFunc{
		"/cookie": func(c echo.Context) error {
			c.SetCookie(&http.Cookie{Name: "a", Value: "1"})
			return c.String(http.StatusOK, "")
		},
		"/rieng": func(c echo.Context) error {
			c.Response().Header().Set("Cache-Control", "no-store")
			return c.String(http.StatusOK, "")
		},
		"/khong":   func(echo.Context) error { return model.ErrNotFound },
		"/het":     func(echo.Context) error { return model.ErrGone },
		"/doi":     func(c echo.Context) error { return c.Redirect(http.StatusFound, "/") },
		"/tao":     func(c echo.Context) error { return c.String(http.StatusCreated, "") },
		"/hong":    func(echo.Context) error { return errors.New("hỏng") },
		"/ban":     func(echo.Context) error { return model.ErrUnavailable },
		"/hoang":   func(echo.Context) error { panic("hoảng") },
		"/ngat":    func(echo.Context) error { panic(http.ErrAbortHandler) },
		"/healthz": nil,
	} {
		if answer != nil {
			p.server.GET(path, func(c echo.Context) error { n.Add(1); return answer(c) })
		}
	}
	for path, want := range map[string]int{"/cookie": 200, "/rieng": 200, "/khong": 404, "/het": 410, "/doi": 302, "/tao": 201, "/hong": 500, "/ban": 503, "/hoang": 500, "/ngat": 500} {
		before, ids := n.Load(), map[string]bool{}
		for range 3 {
			a := p.get(path)
			id := a.header.Get("X-Request-Id")
			ids[id] = true
			if a.status != want || a.header.Get("ETag") != "" || a.header.Get("Cache-Status") != "" {
				t.Errorf("GET %s: %d %v", path, a.status, a.header)
			}
			if lines := p.logged(t, id); len(lines) != 1 || lines[0].Status != want || (lines[0].Error != "") != (want >= 500) {
				t.Errorf("GET %s: log %+v", path, lines)
			}
		}
		if n.Load()-before != 3 || len(ids) != 3 {
			t.Errorf("GET %s three times: made %d times, ids %v", path, n.Load()-before, ids)
		}
	}
}

// TestPageCacheOneRender: however many ask at once, the page is made once.
func TestPageCacheOneRender(t *testing.T) {
	p := onePortal(t)
	made, asked, release := &atomic.Int64{}, &sync.WaitGroup{}, make(chan struct{})
	p.server.GET("/cham", func(c echo.Context) error {
		<-release
		return c.String(http.StatusOK, fmt.Sprint(made.Add(1)))
	})
	answers := make(chan answer, 200)
	for range cap(answers) {
		asked.Add(1)
		go func() {
			asked.Done()
			answers <- p.get("/cham")
		}()
	}
	asked.Wait()
	close(release)
	for range cap(answers) {
		if a := <-answers; a.body != "1" || a.status != http.StatusOK {
			t.Fatalf("%d %q", a.status, a.body)
		}
	}
}

// TestPageCacheWhileFailing: while a page cannot be made its last good form is shown, marked, for a minute. What is gone is no failure.
func TestPageCacheWhileFailing(t *testing.T) {
	p := onePortal(t)
	var fault atomic.Pointer[error]
	made := &atomic.Int64{}
	p.server.GET("/luc", func(c echo.Context) error {
		made.Add(1)
		if err := fault.Load(); err != nil {
			if *err == nil {
				panic("hoảng")
			}
			return *err
		}
		return c.String(http.StatusOK, "tốt")
	})
	check := func(when string, status int, stale string) {
		t.Helper()
		a := p.get("/luc")
		if mark := map[bool]string{true: "congso; hit; detail=" + stale}[stale != ""]; a.status != status || a.header.Get("Cache-Status") != mark || (a.body == "tốt") != (status == http.StatusOK) {
			t.Errorf("%s: %d, %q, %q; want %d, %q", when, a.status, a.header.Get("Cache-Status"), a.body, status, mark)
		}
	}
	var none error
	for name, err := range map[string]*error{"an error": new(error), "a panic": &none, "a database gone": new(error)} {
		if name != "a panic" {
			*err = map[string]error{"an error": errors.New("hỏng"), "a database gone": model.ErrUnavailable}[name]
		}
		p.clock.Add(time.Hour)
		fault.Store(nil)
		check(name+": before", http.StatusOK, "")
		fault.Store(err)
		check(name+": within the second", http.StatusOK, "")
		p.clock.Add(time.Second)
		check(name+": after it", http.StatusOK, "failed")
		tried := made.Load()
		check(name+": again at once", http.StatusOK, "failed")
		if made.Load() != tried {
			t.Errorf("%s: tried again within the second", name)
		}
		p.clock.Add(58*time.Second + 999*time.Millisecond)
		check(name+": after nearly a minute", http.StatusOK, "failed")
		if made.Load() != tried+1 {
			t.Errorf("%s: not tried again", name)
		}
		p.clock.Add(time.Millisecond)
		check(name+": after a minute", map[string]int{"a database gone": 503}[name]+map[bool]int{true: 500}[name != "a database gone"], "")
		fault.Store(nil)
		check(name+": at last", http.StatusOK, "")
		if !strings.Contains(p.log.String(), `"msg":"page not made: readers get the last one"`) {
			t.Errorf("%s: not told", name)
		}
	}
	for _, gone := range []error{model.ErrNotFound, model.ErrGone} {
		fault.Store(nil)
		p.clock.Add(time.Second)
		check("before it goes", http.StatusOK, "")
		p.clock.Add(time.Second)
		fault.Store(&gone)
		if a := p.get("/luc"); a.status != 404 && a.status != 410 {
			t.Errorf("%v: %d", gone, a.status)
		}
		failed := errors.New("hỏng")
		fault.Store(&failed)
		check("what is gone is not shown again", http.StatusInternalServerError, "")
	}
}

// TestPageCacheHidesNoDamage: once the database is known to be damaged, no page that was kept is shown.
func TestPageCacheHidesNoDamage(t *testing.T) {
	p := onePortal(t)
	p.page(t, "/tin-tuc")
	p.server.GET("/hong", func(echo.Context) error { return model.ErrDamaged })
	p.get("/hong")
	if a := p.get("/tin-tuc"); a.status != http.StatusServiceUnavailable {
		t.Errorf("status %d", a.status)
	}
}

// TestPageCacheWhileSlow: while a page takes long its last good form is shown, marked, for ten seconds; after that readers wait.
func TestPageCacheWhileSlow(t *testing.T) {
	p := onePortal(t)
	var hold atomic.Pointer[chan struct{}]
	made := &atomic.Int64{}
	p.server.GET("/cham", func(c echo.Context) error {
		if held := hold.Load(); held != nil {
			<-*held
		}
		return c.String(http.StatusOK, fmt.Sprint("lần ", made.Add(1)))
	})
	p.get("/cham")
	release := make(chan struct{})
	hold.Store(&release)
	p.clock.Add(9 * time.Second)
	for range 3 {
		if a := p.get("/cham"); a.body != "lần 1" || a.header.Get("Cache-Status") != "congso; hit; detail=slow" {
			t.Errorf("%q, %q", a.body, a.header.Get("Cache-Status"))
		}
	}
	p.clock.Add(time.Second)
	waits := make(chan answer)
	go func() { waits <- p.get("/cham") }()
	select {
	case a := <-waits:
		t.Errorf("after ten seconds: %q", a.body)
	case <-time.After(300 * time.Millisecond): // longer than anybody waits for a younger page
	}
	hold.Store(nil)
	close(release)
	if a := <-waits; a.body != "lần 2" || a.header.Get("Cache-Status") != "" {
		t.Errorf("at last: %q, %q", a.body, a.header.Get("Cache-Status"))
	}
	if made.Load() != 2 {
		t.Errorf("made %d times", made.Load())
	}
}

// TestPageCacheFollowsRecords: what is published, and what expires, shows within a second of the clock.
func TestPageCacheFollowsRecords(t *testing.T) {
	eachPortal(t, func(t *testing.T, p *portal) {
		p.keeping()
		lacks(t, "before", p.page(t, "/tin-tuc"), "Tin vừa đăng")
		n := storetest.News(t, p.store, p.news.Section, "Tin vừa đăng", func(n *model.News) { n.PublishAt, n.ExpireAt = p.store.Now(), p.store.Now().Add(time.Minute) })
		lacks(t, "within the second", p.page(t, "/tin-tuc"), "Tin vừa đăng")
		p.clock.Add(time.Second)
		contains(t, "after it", p.page(t, "/tin-tuc"), "Tin vừa đăng")
		p.clock.Add(58500 * time.Millisecond)
		p.page(t, "/tin-tuc/"+n.Slug)
		p.clock.Add(time.Second)
		if a := p.get("/tin-tuc/" + n.Slug); a.status != http.StatusGone {
			t.Errorf("expired: status %d", a.status)
		}
	})
}

// TestPageCacheTells: whoever gets a kept page has a line in the log, is in the figures, and counts as a view by the same rules as others.
func TestPageCacheTells(t *testing.T) {
	eachPortal(t, func(t *testing.T, p *portal) {
		p.options.PageAge = 0
		var figures func() string
		p.server, figures = p.measured()
		item := "/tin-tuc/" + p.news.Slug
		first := p.get(item)
		asks := []struct {
			method string
			change func(*http.Request)
			status int
		}{
			{"GET", with("X-Any", ""), 200}, {"GET", from("198.51.100.7"), 200}, {"GET", with("If-None-Match", first.header.Get("ETag")), 304},
			{"HEAD", with("X-Any", ""), 200}, {"GET", with("User-Agent", "curl/8"), 200}, {"GET", with("Purpose", "prefetch"), 200}, {"GET", with("User-Agent", ""), 200},
		}
		for _, ask := range asks {
			a := p.do(ask.method, item, ask.change)
			lines := p.logged(t, a.header.Get("X-Request-Id"))
			if a.status != ask.status || len(lines) != 1 || lines[0].Status != ask.status || lines[0].Method != ask.method || lines[0].Path != item || lines[0].Level != "INFO" {
				t.Errorf("%+v: %d, log %+v", ask, a.status, lines)
			}
		}
		must(t, p.hits.Flush(context.Background()))
		if got := p.hits.Counters(); got.Today != 4 || got.Online != 2 {
			t.Errorf("counted %+v, want 4 views of 2", got)
		}
		contains(t, "figures", figures(), `congso_requests_total{route="/tin-tuc/:slug",status="2xx"} 7`, `congso_requests_total{route="/tin-tuc/:slug",status="3xx"} 1`,
			"congso_page_cache_hits_total 7\n", "congso_page_cache_misses_total 1\n", "congso_page_cache_stale_total 0\n", "congso_requests_in_flight 0\n", `congso_request_seconds_count{kind="page"} 8`)
	})
}

// TestPageCacheUnderLoad has many readers of all kinds ask while the clock runs and records change: the race detector looks on, and nobody
// sees what is not for them.
func TestPageCacheUnderLoad(t *testing.T) {
	p := onePortal(t)
	var group sync.WaitGroup
	for i := range 8 {
		group.Go(func() {
			for n := range 60 {
				address := map[bool]string{true: inside, false: outside}[i%2 == 0]
				target := []string{"/", "/tin-tuc", "/en/tin-tuc", "/tin-tuc/" + p.news.Slug}[n%4]
				r := httptest.NewRequest(http.MethodGet, target, nil)
				r.Host, r.RemoteAddr = host, address+":1"
				r.Header.Set("Accept-Encoding", []string{"", "gzip", "br"}[n%3])
				w := httptest.NewRecorder()
				p.server.ServeHTTP(w, r)
				if w.Code != http.StatusOK || n%3 == 0 && address == outside && strings.Contains(w.Body.String(), wordInternal) {
					t.Errorf("%s from %s: %d", target, address, w.Code)
				}
				if i == 0 {
					p.clock.Add(300 * time.Millisecond)
				}
			}
		})
	}
	group.Wait()
}

// TestPageCacheLetsGo: of a page that is made again and again no more is in memory than the last version.
func TestPageCacheLetsGo(t *testing.T) {
	p := onePortal(t)
	const size, versions = 1 << 20, 40
	p.server.GET("/lon", func(c echo.Context) error { return c.String(http.StatusOK, strings.Repeat("a", size)) })
	alive := func() uint64 {
		runtime.GC()
		var m runtime.MemStats
		runtime.ReadMemStats(&m)
		return m.HeapAlloc
	}
	p.get("/lon", with("Accept-Encoding", "gzip"))
	before := alive()
	for range versions {
		p.clock.Add(time.Second)
		p.get("/lon", with("Accept-Encoding", "gzip"))
	}
	if grown := int64(alive()) - int64(before); grown > size*versions/4 {
		t.Errorf("%d versions of a page of %d bytes take %d", versions, size, grown)
	}
	runtime.KeepAlive(p)
}
