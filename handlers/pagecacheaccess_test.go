package handlers_test

import (
	"net/http"
	"regexp"
	"testing"
	"time"

	"congso/handlers"
	"congso/store/model"
	"congso/store/storetest"
)

// TestPageCacheLeaksNothing: whoever asks first, each reader gets what they would get if nobody else were there.
func TestPageCacheLeaksNothing(t *testing.T) {
	eachPortal(t, func(t *testing.T, p *portal) {
		readers := []struct {
			name   string
			change func(*http.Request)
		}{
			{"reader", from(outside)}, {"reader inside", from(inside)},
			{"reader with settings", cookie("hien-thi", "dark.large")},
			{"author", p.login(t, model.RoleAuthor)}, {"editor", p.login(t, model.RoleEditor)}, {"admin", p.login(t, model.RoleAdmin)},
		}
		targets := []string{"/", "/tin-tuc", "/tin-tuc/" + p.news.Slug, "/rss.xml", "/api/v1/news", "/tim-kiem?q=" + wordInternal, "/danh-ba/nguoi/pham-thi-anh-dao"}
		for _, word := range secrets() {
			targets = append(targets, "/tin-tuc/tin-"+word, "/hoi-nghi/hop-"+word+".json")
		}
		changing := regexp.MustCompile(`<dd>[\d.]+</dd>|[A-Z2-7]{12}|\d+ lượt xem|\d\d:\d\d \d\d/\d\d/\d\d\d\d`) // counters, request ids, when it was printed
		alone, together := handlers.New(p.options), p.keeping().server
		ask := func(server *handlers.Front, target string, change func(*http.Request)) answer {
			p.server = server
			a := p.get(target, change)
			a.body = changing.ReplaceAllString(a.body, "")
			return a
		}
		for _, target := range targets {
			want := make([]answer, len(readers))
			for i, r := range readers {
				want[i] = ask(alone, target, r.change)
			}
			for i, first := range readers {
				p.clock.Set(storetest.Start().Add(time.Duration(i%2) * time.Second)) // all pages are too old, or of a time to come
				ask(together, target, first.change)
				for j, second := range readers {
					got := ask(together, target, second.change)
					if got.status != want[j].status || got.body != want[j].body || got.header.Get("Cache-Control") != want[j].header.Get("Cache-Control") {
						t.Errorf("GET %s, %s after %s: %d %q, want %d %q; same text: %t", target, second.name, first.name, got.status, got.header.Get("Cache-Control"),
							want[j].status, want[j].header.Get("Cache-Control"), got.body == want[j].body)
					}
					if i > 2 && j < 3 && target == "/tin-tuc" {
						lacks(t, second.name, got.body, wordDraft, `href="/admin"`)
					}
				}
			}
		}
	})
}
