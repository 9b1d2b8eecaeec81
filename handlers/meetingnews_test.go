package handlers_test

import (
	"context"
	"encoding/json"
	"net/http"
	"testing"

	"congso/store/model"
	"congso/store/storetest"
)

// TestMeetingJSONNamesItsNews holds that a meeting's JSON names the item that reports it, to whoever may see that.
func TestMeetingJSONNamesItsNews(t *testing.T) {
	eachPortal(t, func(t *testing.T, p *portal) {
		target := "/hoi-nghi/" + p.meeting.Slug + ".json"
		ask := func(change ...func(*http.Request)) (title, url, cache string) {
			t.Helper()
			a := p.get(target, change...)
			var d struct{ News struct{ Title, URL string } }
			must(t, json.Unmarshal([]byte(a.body), &d))
			return d.News.Title, d.News.URL, a.header.Get("Cache-Control")
		}
		address := base + "/tin-tuc/" + p.news.Slug
		if title, url, cache := ask(); title != p.news.Title || url != address || cache != "no-cache" {
			t.Errorf("public: %q at %s, %s", title, url, cache)
		}
		p.news.Visibility = model.Internal
		must(t, p.store.PutNews(context.Background(), storetest.Actor(), &p.news))
		if title, url, cache := ask(); title+url != "" || cache != "no-cache" {
			t.Errorf("internal, to an outsider: %q at %s, %s", title, url, cache)
		}
		if title, url, cache := ask(from(inside)); title != p.news.Title || url != address || cache != "no-store" {
			t.Errorf("internal, inside: %q at %s, %s", title, url, cache)
		}
		p.news.Status = model.StatusArchived
		must(t, p.store.PutNews(context.Background(), storetest.Actor(), &p.news))
		if title, url, _ := ask(from(inside)); title+url != "" {
			t.Errorf("archived: %q at %s", title, url)
		}
	})
}
