package handlers_test

import (
	"context"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strings"
	"testing"

	"congso/handlers"
	"congso/store/model"
	"congso/store/storetest"
)

// TestOutsider: whatever the request says of itself, it is answered as one from outside without a login, and counts as no view.
func TestOutsider(t *testing.T) {
	eachPortal(t, func(t *testing.T, p *portal) {
		section := storetest.Section(t, p.store, "Chuyên mục thử")
		storetest.News(t, p.store, section, "Ai cũng đọc")
		storetest.News(t, p.store, section, "Chỉ người trong", func(n *model.News) { n.Visibility = model.Internal })
		o := p.options
		o.Internal, o.Saved = []netip.Prefix{netip.MustParsePrefix("0.0.0.0/0")}, p.clock.Now()
		outsider, before := handlers.Outsider(o), p.hits.Counters()
		ask := func(path string) *httptest.ResponseRecorder {
			r := httptest.NewRequest(http.MethodGet, path, nil)
			r.RemoteAddr = inside + ":1000"
			r.Header.Set("X-Forwarded-For", inside)
			r.Header.Set("Cookie", "hien-thi=dark.large; congso=x; __Host-congso=x")
			r.Header.Set("User-Agent", browser)
			w := httptest.NewRecorder()
			outsider.ServeHTTP(w, r)
			return w
		}
		list := ask("/tin-tuc")
		for _, must := range []string{"Ai cũng đọc", `<aside class="demo copy"`, "Bản lưu ngày " + model.ShortDate(p.clock.Now()), `role="search" action="/tim-kiem"`} {
			if !strings.Contains(list.Body.String(), must) {
				t.Errorf("the list lacks %q", must)
			}
		}
		for _, path := range []string{"/tin-tuc", "/", "/hoi-nghi", "/danh-ba", "/tim-kiem", "/en/contacts", "/so-do"} {
			w := ask(path)
			for _, never := range []string{"Chỉ người trong", "/hien-thi", `method="post"`, "/admin", "\x00"} {
				if strings.Contains(w.Body.String(), never) {
					t.Errorf("%s has %q", path, never)
				}
			}
			if w.Code != http.StatusOK || w.Header().Get("ETag") == "" || w.Header().Get("Set-Cookie") != "" || w.Header().Get("Content-Encoding") != "" {
				t.Errorf("%s: %d, %v", path, w.Code, w.Header())
			}
		}
		w := ask("/tin-tuc/chi-nguoi-trong")
		if page := w.Body.String(); w.Code != http.StatusNotFound || !strings.Contains(page, "Trang không có trong bản lưu") || strings.Contains(page, "/admin") {
			t.Errorf("an internal item answers %d\n%s", w.Code, page)
		}
		must(t, p.hits.Flush(context.Background()))
		if after := p.hits.Counters(); after != before {
			t.Errorf("counted %+v, before %+v", after, before)
		}
	})
}
