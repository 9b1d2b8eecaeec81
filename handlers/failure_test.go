package handlers_test

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"strings"
	"testing"

	"github.com/labstack/echo/v4"

	"congso/content"
	"congso/handlers"
	"congso/store"
	"congso/store/storetest"
)

// logLine is a line of the log.
type logLine struct {
	Level, Msg, ID, Method, Path, Error string
	Status                              int
}

// logged are the lines of the log with that request id.
func (p *portal) logged(t *testing.T, id string) []logLine {
	t.Helper()
	var list []logLine
	for line := range strings.SplitSeq(strings.TrimSpace(p.log.String()), "\n") {
		var l logLine
		must(t, json.Unmarshal([]byte(line), &l))
		if l.ID == id {
			list = append(list, l)
		}
	}
	return list
}

// closed is a portal whose database has gone away. The store is opened apart from storetest, which would close it twice.
func closed(t *testing.T, o store.Options, before ...string) *portal {
	t.Helper()
	p := newPortal(t, o, seed)
	own := p.options
	o.Now, o.Renderer = p.clock.Now, content.Renderer()
	s, err := store.Open(context.Background(), o)
	must(t, err)
	own.Store, own.Hits = s, store.NewHitBuffer(s)
	p.server = handlers.New(own)
	for _, target := range before {
		p.page(t, target)
	}
	must(t, s.Close())
	return p
}

func TestDatabaseFailure(t *testing.T) {
	storetest.EachOptions(t, func(t *testing.T, o store.Options) {
		p := closed(t, o)
		for _, target := range []string{"/", "/en", "/tin-tuc", "/en/tin-tuc", "/tin-tuc/" + p.news.Slug, "/chuyen-muc/thong-bao", "/hoi-nghi", "/hoi-nghi/" + p.meeting.Slug, "/hoi-nghi/lich.ics",
			"/hoi-nghi/" + p.meeting.Slug + ".json", "/danh-ba", "/danh-ba?q=a", "/danh-ba/van-phong", "/danh-ba/nguoi/bui-an", "/danh-ba/nguoi/bui-an.vcf", "/danh-ba/nguoi/bui-an.svg",
			"/bai-viet", "/bai-viet/sao-luu", "/tim-kiem?q=a", "/thong-ke", "/so-do", "/rss.xml", "/chuyen-muc/thong-bao/rss.xml", "/sitemap.xml", "/sitemap/1.xml", "/.well-known/security.txt",
			"/api/v1/news", "/api/v1/meetings", "/api/v1/contacts", "/api/v1/stats", p.news.Cover.Media.URL(), "/index.php?id=7", "/khong-co"} {
			a := p.get(target)
			if a.status != http.StatusServiceUnavailable || a.header.Get("Retry-After") != "10" || a.header.Get("Cache-Control") != "no-store" {
				t.Errorf("GET %s: status %d, Retry-After %q, Cache-Control %q", target, a.status, a.header.Get("Retry-After"), a.header.Get("Cache-Control"))
			}
			checkHeaders(t, target, a)
			checkFault(t, target, a)
			id := a.header.Get("X-Request-Id")
			if lines := p.logged(t, id); len(lines) != 1 || lines[0].Level != "ERROR" || lines[0].Error == "" || lines[0].Status != 503 {
				t.Errorf("GET %s: log %+v", target, lines)
			}
			lacks(t, target, a.body, "database", "sql", "closed")
			if json := strings.HasPrefix(a.header.Get("Content-Type"), "application/json"); json {
				if path, _, _ := strings.Cut(target, "?"); !strings.HasPrefix(path, "/api/") && !strings.HasSuffix(path, ".json") {
					t.Errorf("GET %s: JSON for people", target)
				}
				continue
			}
			title := map[bool]string{true: "Temporarily unavailable", false: "Tạm thời gián đoạn"}[strings.HasPrefix(target, "/en")]
			contains(t, target, a.body, title, id)
			contains(t, target, a.body, map[bool]string{true: "Portal</title>", false: "Cổng thông tin</title>"}[strings.HasPrefix(target, "/en")])
		}
		for target, want := range map[string]int{"/healthz": 200, "/readyz": 503, styleSheet(t, p): 200, "/robots.txt": 200, "/favicon.ico": 302, "/api/v1/articles": 200} {
			if a := p.get(target); a.status != want {
				t.Errorf("GET %s: status %d, want %d", target, a.status, want)
			}
		}
		contains(t, "/readyz", p.get("/readyz").body, `"ready":false`)
	})
}

// TestDatabaseFailureKeepsTheFrame shows the last frame read: menu and telephone numbers stay at hand.
func TestDatabaseFailureKeepsTheFrame(t *testing.T) {
	storetest.EachOptions(t, func(t *testing.T, o store.Options) {
		p := closed(t, o, "/", "/en")
		for _, target := range []string{"/tin-tuc", "/en/tin-tuc"} {
			a := p.get(target)
			if a.status != http.StatusServiceUnavailable {
				t.Errorf("GET %s: status %d, want 503", target, a.status)
			}
			contains(t, target, a.body, "Chánh Văn phòng", "0257 3000 100")
		}
	})
}

func TestPanic(t *testing.T) {
	eachPortal(t, func(t *testing.T, p *portal) {
		p.server.GET("/hong", func(echo.Context) error { panic("chuyện lạ") })
		p.server.GET("/en/hong", func(echo.Context) error { return errors.New("chuyện lạ") })
		p.server.GET("/nua-chung", func(c echo.Context) error {
			if err := c.String(http.StatusOK, "một nửa"); err != nil {
				return err
			}
			panic("chuyện lạ")
		})
		for target, title := range map[string]string{"/hong": "Có lỗi xảy ra", "/en/hong": "Something went wrong"} {
			a := p.get(target)
			id := a.header.Get("X-Request-Id")
			if a.status != http.StatusInternalServerError {
				t.Errorf("GET %s: status %d, want 500", target, a.status)
			}
			checkHeaders(t, target, a)
			checkPage(t, target, a.body)
			contains(t, target, a.body, title, id)
			lacks(t, target, a.body, "chuyện lạ", "goroutine", ".go:")
			lines := p.logged(t, id)
			if len(lines) != 1 || lines[0].Level != "ERROR" || !strings.Contains(lines[0].Error, "chuyện lạ") || lines[0].Status != 500 {
				t.Errorf("GET %s: log %+v", target, lines)
			}
		}
		a := p.get("/nua-chung")
		if lines := p.logged(t, a.header.Get("X-Request-Id")); a.body != "một nửa" || len(lines) != 1 || lines[0].Level != "ERROR" || lines[0].Status != 200 {
			t.Errorf("panic after the answer: %q, log %+v", a.body, lines)
		}
		if a := p.get("/"); a.status != http.StatusOK {
			t.Errorf("after panics: status %d", a.status)
		}
	})
}

// TestLog holds that each request has one line without personal data, and that only failures of ours are errors.
func TestLog(t *testing.T) {
	eachPortal(t, func(t *testing.T, p *portal) {
		for target, status := range map[string]int{"/tin-tuc?trang=2&q=riengtu": 200, "/khong-co?q=riengtu": 404, "/tin-tuc/lich-tiep-dan": 301, "/favicon.ico": 302, "/tin-tuc/tin-" + wordArchived: 410, "/%FF": 400} {
			a, _ := p.raw(http.MethodGet, target, "Cookie", "riengtu=1")
			lines := p.logged(t, a.header.Get("X-Request-Id"))
			path, _, _ := strings.Cut(target, "?")
			if len(lines) != 1 || lines[0].Level != "INFO" || lines[0].Status != status || lines[0].Method != "GET" || path != "/%FF" && lines[0].Path != path {
				t.Errorf("GET %s: log %+v", target, lines)
			}
		}
		lacks(t, "log", p.log.String(), "riengtu", outside, "Firefox")
		long := p.logged(t, p.get("/"+strings.Repeat("ấ", 5000)).header.Get("X-Request-Id"))
		if len(long) != 1 || len(long[0].Path) > 300 || !strings.HasPrefix(long[0].Path, "/ấấấ") || strings.ContainsRune(long[0].Path, '\ufffd') {
			t.Errorf("a long path: log %+v", long)
		}
	})
}
