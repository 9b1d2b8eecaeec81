package handlers_test

import (
	"log/slog"
	"maps"
	"net/http"
	"net/http/httptest"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"congso/handlers"
	"congso/static"
	"congso/store"
)

// fileRequests ask for embedded files, and for what is none, in all ways that matter.
func fileRequests() (list []*http.Request) {
	sheet := static.URL("css/site.css")
	tag := `"` + strings.Split(sheet, "/")[2] + `-br"`
	targets := []string{sheet, static.URL("js/site.js"), static.URL("img/icon.svg"), sheet + "?a=b", sheet + "/", "/static/000000000000/css/site.css", "/static/css/site.css", "/static/"}
	for _, target := range targets {
		for _, method := range []string{http.MethodGet, http.MethodHead, http.MethodPost} {
			for _, fields := range []map[string]string{
				{}, {"Accept-Encoding": "gzip"}, {"Accept-Encoding": "br, gzip"}, {"Accept-Encoding": "br;q=0, gzip;q=0"}, {"Accept-Encoding": "br", "Range": "bytes=5-14"},
				{"Accept-Encoding": "br", "If-None-Match": tag}, {"Accept-Encoding": "br", "If-None-Match": `"x", W/` + tag}, {"If-None-Match": "*"}, {"If-None-Match": tag},
				{"If-Match": `"x"`}, {"If-Range": tag}, {"Cookie": "hien-thi=dark.large"}, {"Cookie": "session=x"}, {"Host": "another.example"},
			} {
				r := httptest.NewRequest(method, target, nil)
				r.Host, r.RemoteAddr = host, outside+":1234"
				for key, value := range fields {
					r.Header.Set(key, value)
				}
				if r.Header.Get("Host") != "" {
					r.Host = r.Header.Get("Host")
				}
				list = append(list, r)
			}
		}
	}
	return list
}

// TestStaticFromMemory: a file out of memory is answered, logged and counted as the router alone does it, the first time and again.
func TestStaticFromMemory(t *testing.T) {
	p := newPortal(t, store.Options{Dir: t.TempDir()}, seed)
	memory, figures := p.measured()
	alone := *p
	alone.log = &logBuffer{}
	alone.options.Log = slog.New(slog.NewJSONHandler(alone.log, nil))
	router, wanted := alone.measured()
	for _, r := range fileRequests() {
		for range 2 {
			got, want := httptest.NewRecorder(), httptest.NewRecorder()
			memory.ServeHTTP(got, r.Clone(t.Context()))
			router.Echo.ServeHTTP(want, r.Clone(t.Context()))
			if len(got.Header().Get("X-Request-Id")) != 12 {
				t.Errorf("%s %s %v: id %q", r.Method, r.URL, r.Header, got.Header().Get("X-Request-Id"))
			}
			got.Header().Del("X-Request-Id") // is in pages of errors, too
			want.Header().Del("X-Request-Id")
			if got.Code != want.Code || !maps.EqualFunc(got.Header(), want.Header(), slices.Equal) || got.Code < 400 && got.Body.String() != want.Body.String() {
				t.Errorf("%s %s %v:\n%d %v, %d bytes, want\n%d %v, %d bytes", r.Method, r.URL, r.Header, got.Code, got.Header(), got.Body.Len(), want.Code, want.Header(), want.Body.Len())
			}
		}
	}
	varying := regexp.MustCompile(`"(time|id|ms)":[^,}]*`)
	if diff := cmp.Diff(varying.ReplaceAllString(alone.log.String(), ""), varying.ReplaceAllString(p.log.String(), "")); diff != "" {
		t.Errorf("log (-router +memory):\n%s", diff)
	}
	timeless := func(text string) string {
		return regexp.MustCompile(`(?m)^congso_(request_seconds|page_cache).*\n`).ReplaceAllString(text, "")
	}
	if diff := cmp.Diff(timeless(wanted()), timeless(figures())); diff != "" {
		t.Errorf("figures (-router +memory):\n%s", diff)
	}
}

// BenchmarkStatic is the style sheet out of memory.
func BenchmarkStatic(b *testing.B) {
	p := newPortal(b, store.Options{Dir: b.TempDir()}, seed)
	options := p.options
	options.Log = slog.New(slog.DiscardHandler)
	p.server = handlers.New(options)
	r := httptest.NewRequest(http.MethodGet, static.URL("css/site.css"), nil)
	r.Host, r.RemoteAddr = host, outside+":1234"
	r.Header.Set("Accept-Encoding", "gzip, br")
	for _, way := range []struct {
		name    string
		handler http.Handler
	}{{"memory", p.server}, {"router", p.server.Echo}} {
		b.Run(way.name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				w := &weighed{header: http.Header{}}
				way.handler.ServeHTTP(w, r)
				if w.status != http.StatusOK || w.bytes == 0 {
					b.Fatal(w.status, w.bytes)
				}
			}
		})
	}
}
