package handlers_test

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"testing"

	"congso/store/model"
	"congso/store/storetest"
)

// TestEveryRedirectFires holds that an old address leads on whatever it looks like, and that our own pages stay.
func TestEveryRedirectFires(t *testing.T) {
	eachPortal(t, func(t *testing.T, p *portal) {
		const to = "/hoi-nghi?nam=2025"
		for from, asked := range map[string]string{
			"/tin-tuc/123.html":      "/tin-tuc/123.html",
			"/?p=7":                  "/?p=7",
			"/?p=9&x=1":              "/?utm_source=a&p=9&x=1&fbclid=b",
			"/tin-tuc?id=8":          "/tin-tuc?id=8",
			"/en/tin-tuc?id=8":       "/en/tin-tuc?id=8",
			"/bai-viet/cu":           "/bai-viet/cu",
			"/tin-tuc/Cu":            "/tin-tuc/Cu?utm_source=x",
			"/cu/":                   "/cu/",
			"/tin-tuc/cu/":           "/tin-tuc/cu/",
			"/hoi-nghi/cu?q=1":       "/hoi-nghi/cu?q=1",
			"/api/cu":                "/api/cu",
			"/static/cu.css":         "/static/cu.css",
			"/t%C3%A0i-li%E1%BB%87u": "/t%C3%A0i-li%E1%BB%87u",
			"/sản-phẩm":              "/s%E1%BA%A3n-ph%E1%BA%A9m",
			"/xem?ten=đường":         "/xem?ten=%C4%91%C6%B0%E1%BB%9Dng",
			"/xem?trang=2&muc=7":     "/xem?trang=2&muc=7",
			"/xem?q=một%20cửa":       "/xem?q=m%E1%BB%99t%20c%E1%BB%ADa",
		} {
			must(t, p.store.PutRedirect(context.Background(), storetest.Actor(), from, to))
			if a := p.get(asked); a.status != http.StatusMovedPermanently || a.header.Get("Location") != to {
				t.Errorf("GET %s: %d to %q, want %s", asked, a.status, a.header.Get("Location"), to)
			}
		}
		for _, target := range []string{"/", "/?p=8", "/tin-tuc", "/tin-tuc?trang=2", "/tin-tuc?x=1", "/en/tin-tuc"} {
			p.page(t, target)
		}
	})
}

// TestRedirectsTellNoTitles holds that an old address leads whoever may know of the item, with a query and without; what is over leads to its end.
func TestRedirectsTellNoTitles(t *testing.T) {
	eachPortal(t, func(t *testing.T, p *portal) {
		for word, want := range map[string]struct{ outside, inside bool }{
			wordInternal: {false, true}, wordDraft: {false, false}, wordReview: {false, false}, wordScheduled: {false, false},
			wordExpired: {true, true}, wordArchived: {true, true},
		} {
			to := "/tin-tuc/tin-" + word
			for old, elsewhere := range map[string]int{"/cu/" + word: http.StatusNotFound, "/?cu=" + word: http.StatusOK} {
				must(t, p.store.PutRedirect(context.Background(), storetest.Actor(), old, to))
				checkLed(t, p.get(old), want.outside, to, elsewhere)
				checkLed(t, p.get(old, from(inside)), want.inside, to, elsewhere)
			}
		}
	})
}

func checkLed(t *testing.T, a answer, led bool, to string, elsewhere int) {
	t.Helper()
	location := a.header.Get("Location")
	if led && (a.status != http.StatusMovedPermanently || location != to) || !led && (a.status != elsewhere || location != "") {
		t.Errorf("%d to %q, want to be led to %s: %t", a.status, location, to, led)
	}
}

func checkTaken(t *testing.T, from string, err error) {
	t.Helper()
	var invalid model.Invalid
	if !errors.As(err, &invalid) || !strings.Contains(invalid["from"], "đang là một trang của cổng") {
		t.Errorf("a redirect from %s: %v", from, err)
	}
}

// TestNoRedirectFromAPage holds that pages and records are not redirected away; the list of fixed pages is the router's own.
func TestNoRedirectFromAPage(t *testing.T) {
	eachPortal(t, func(t *testing.T, p *portal) {
		pages := []string{"/tin-tuc/" + p.news.Slug, "/en/tin-tuc/" + p.news.Slug + "?tu=tin-tuc", "/hoi-nghi/" + p.meeting.Slug + ".json", "/danh-ba/van-phong",
			"/en/contacts/van-phong", "/danh-ba/nguoi/bui-an.vcf", "/chuyen-muc/thong-bao/rss.xml", "/hoi-nghi?nam=2025", "/hoi-nghi/lich.ics", "/admin/cu", "/admin/dang-nhap?id=7"}
		for _, route := range p.server.Routes() {
			if route.Method == http.MethodGet && !strings.ContainsAny(route.Path, ":*") && route.Path != "/" && route.Path != "/en/" {
				pages = append(pages, route.Path)
			}
		}
		if len(pages) < 30 {
			t.Errorf("only %d pages", len(pages))
		}
		for _, from := range pages {
			checkTaken(t, from, p.store.PutRedirect(context.Background(), storetest.Actor(), from, "/cu"))
		}
	})
}

func TestTidyPaths(t *testing.T) {
	eachPortal(t, func(t *testing.T, p *portal) {
		for asked, want := range map[string]string{
			"/Tin-Tuc": "/tin-tuc", "/en/Tin-Tuc": "/en/tin-tuc", "/EN/Tin-Tuc?trang=2": "/en/tin-tuc?trang=2", "/en/Contacts/van-phong": "/en/contacts/van-phong", "/En": "/en",
			"/en/": "", "/tin-tuc/": "/tin-tuc", "/Hoi-Nghi/x/": "/hoi-nghi/x", "/Khac": "", "/en/Khac": "",
		} {
			a := p.get(asked)
			if want != "" && (a.status != http.StatusMovedPermanently || a.header.Get("Location") != want) || want == "" && asked != "/en/" && a.status != http.StatusNotFound {
				t.Errorf("GET %s: %d to %q, want %q", asked, a.status, a.header.Get("Location"), want)
			}
		}
	})
}
