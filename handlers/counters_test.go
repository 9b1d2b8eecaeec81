package handlers_test

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"congso/store"
	"congso/store/model"
	"congso/store/storetest"
)

// statistics are the figures of /api/v1/stats.
type statistics struct {
	Online, Today, Month, Total int64
	Days                        []struct {
		Day                     string
		Views, Visits, Visitors int64
	}
}

func (p *portal) stats(t *testing.T) statistics {
	t.Helper()
	var s statistics
	must(t, json.Unmarshal([]byte(p.page(t, "/api/v1/stats")), &s))
	return s
}

func TestWhatCounts(t *testing.T) {
	const item = "/tin-tuc/sua-chua-duong-nguyen-hue"
	as := func(agent string) func(*http.Request) { return with("User-Agent", agent) }
	cases := []struct {
		name, method, target string
		change               func(*http.Request)
		counts               int64
	}{
		{"a page", "GET", "/", nil, 1},
		{"a page in English", "GET", "/en", nil, 1},
		{"an item", "GET", item, nil, 1},
		{"a list", "GET", "/tin-tuc?trang=2", nil, 1},
		{"a meeting", "GET", "/hoi-nghi/giao-ban-thang-3-nam-2025", nil, 1},
		{"the directory", "GET", "/danh-ba?q=dao", nil, 1},
		{"a person", "GET", "/danh-ba/nguoi/bui-an", nil, 1},
		{"an article", "GET", "/bai-viet/sao-luu", nil, 1},
		{"a search", "GET", "/tim-kiem?q=dao", nil, 1},
		{"the statistics", "GET", "/thong-ke", nil, 1},
		{"an internal page, inside", "GET", "/tin-tuc/tin-" + wordInternal, from(inside), 1},
		{"HEAD", "HEAD", item, nil, 0},
		{"a prefetch", "GET", item, with("Sec-Purpose", "prefetch;prerender"), 0},
		{"an older prefetch", "GET", item, with("Purpose", "prefetch"), 0},
		{"Firefox's prefetch", "GET", item, with("X-Moz", "prefetch"), 0},
		{"Safari's preview", "GET", item, with("X-Purpose", "preview"), 0},
		{"Googlebot", "GET", item, as("Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)"), 0},
		{"Cốc Cốc's bot", "GET", item, as("Mozilla/5.0 (compatible; coccocbot-web/1.0; +http://help.coccoc.com/searchengine)"), 0},
		{"Bingbot", "GET", item, as("Mozilla/5.0 (compatible; bingbot/2.0; +http://www.bing.com/bingbot.htm)"), 0},
		{"curl", "GET", item, as("curl/8.5.0"), 0},
		{"Python", "GET", item, as("python-requests/2.31"), 0},
		{"a Go program", "GET", item, as("Go-http-client/1.1"), 0},
		{"no agent", "GET", item, as(""), 0},
		{"a missing page", "GET", "/khong-co", nil, 0},
		{"an archived item", "GET", "/tin-tuc/tin-" + wordArchived, nil, 0},
		{"an item that an outsider must not see", "GET", "/tin-tuc/tin-" + wordInternal, nil, 0},
		{"a redirect", "GET", "/tin-tuc/lich-tiep-dan", nil, 0},
		{"an address of the old site", "GET", "/index.php?id=7", nil, 0},
		{"a page beyond the last", "GET", "/tin-tuc?trang=99", nil, 0},
		{"another host", "GET", "/", func(r *http.Request) { r.Host = "evil.example" }, 0},
		{"a wrong method", "POST", "/tin-tuc", nil, 0},
		{"display settings", "POST", "/hien-thi", form("nen=dark"), 0},
		{"a feed", "GET", "/rss.xml", nil, 0},
		{"the sitemap", "GET", "/sitemap.xml", nil, 0},
		{"robots", "GET", "/robots.txt", nil, 0},
		{"JSON", "GET", "/api/v1/news", nil, 0},
		{"a meeting in JSON", "GET", "/hoi-nghi/giao-ban-thang-3-nam-2025.json", nil, 0},
		{"the calendar", "GET", "/hoi-nghi/lich.ics", nil, 0},
		{"a card", "GET", "/danh-ba/nguoi/bui-an.vcf", nil, 0},
		{"a code", "GET", "/danh-ba/nguoi/bui-an.svg", nil, 0},
		{"a static file", "GET", "/static/x/css/site.css", nil, 0},
		{"a picture", "GET", "{cover}", nil, 0},
		{"an attachment", "GET", "{file}", nil, 0},
		{"a picture of an article", "GET", "/bai-viet/anh.png", nil, 0},
		{"a health check", "GET", "/healthz", nil, 0},
	}
	eachPortal(t, func(t *testing.T, p *portal) {
		for _, c := range cases {
			before := p.hits.Counters()
			if c.change == nil {
				c.change = func(*http.Request) {}
			}
			p.do(c.method, p.fill(c.target), c.change)
			must(t, p.hits.Flush(context.Background()))
			after := p.hits.Counters()
			if after.Total-before.Total != c.counts || after.Today-before.Today != c.counts || after.Month-before.Month != c.counts {
				t.Errorf("%s: counted %d, want %d", c.name, after.Total-before.Total, c.counts)
			}
		}
	})
}

func TestFiguresAgree(t *testing.T) {
	eachPortal(t, func(t *testing.T, p *portal) {
		for _, address := range []string{outside, outside, "198.51.100.7", "[2001:db8::7]"} {
			p.page(t, "/tin-tuc", from(address))
		}
		p.page(t, "/tin-tuc", from("198.51.100.7"), with("User-Agent", strings.Replace(browser, "140", "141", 1))) // another reader behind one address
		must(t, p.hits.Flush(context.Background()))
		got := p.stats(t)
		today := got.Days[len(got.Days)-1]
		if got.Online != 4 || got.Today != 5 || got.Month != 5 || got.Total != 1_000_005 {
			t.Errorf("JSON: %+v", got)
		}
		if len(got.Days) != 90 || today.Day != "2026-06-15" || today.Views != 5 || today.Visits != 4 || today.Visitors != 4 {
			t.Errorf("JSON: %d days, the last %+v", len(got.Days), today)
		}
		page := p.page(t, "/thong-ke", from(outside)) // shows the figures from before it
		doc := parse(t, page)
		contains(t, "statistics", words(byClass(t, doc, "band")), "Đang online 4", "Hôm nay 5", "Trong tháng 5", "Tổng truy cập 1.000.005")
		if row := words(find(find(doc, "tbody")[0], "tr")[0]); row != "15/06/2026 5 4 4" {
			t.Errorf("statistics: first row %q", row)
		}
		if bars := find(find(doc, "svg")[0], "rect"); len(bars) != 90 || words(bars[89]) != "15/06/2026: 5" {
			t.Errorf("statistics: %d bars", len(bars))
		}
		must(t, p.hits.Flush(context.Background()))
		contains(t, "home", words(byClass(t, parse(t, p.page(t, "/")), "counts")), "Tổng truy cập 1.000.006")
		must(t, p.hits.Flush(context.Background()))
		contains(t, "English", words(byClass(t, parse(t, p.page(t, "/en")), "counts")), "1,000,007")

		p.clock.Add(6 * time.Minute)
		must(t, p.hits.Flush(context.Background()))
		if got := p.stats(t); got.Online != 0 || got.Total != 1_000_008 {
			t.Errorf("six minutes on: %d online, total %d", got.Online, got.Total)
		}
		p.clock.Set(storetest.Start().AddDate(0, 0, 1))
		must(t, p.hits.Flush(context.Background()))
		if got := p.stats(t); got.Today != 0 || got.Month != 8 || got.Total != 1_000_008 {
			t.Errorf("a day on: %+v", got)
		}
	})
}

func TestOpeningBalanceNeverLowersTheTotal(t *testing.T) {
	eachPortal(t, func(t *testing.T, p *portal) {
		ctx := context.Background()
		must(t, p.store.SeedHits(ctx, []model.DayHits{{Day: "2026-06-14", Views: 500, Visits: 90, Visitors: 80}}, map[string]store.SeedPage{"/tin-tuc/" + p.news.Slug: {Views: 41}}))
		must(t, p.hits.Flush(ctx))
		if got := p.stats(t); got.Total != 1_000_500 || got.Days[88].Views != 500 || got.Days[88].Visitors != 80 {
			t.Errorf("total %d, yesterday %+v", got.Total, got.Days[88])
		}
		contains(t, "views of the item", p.page(t, "/tin-tuc/"+p.news.Slug), "41 lượt xem")
		for _, c := range []struct{ opening, total int64 }{{2_000_000, 2_000_501}, {1_999_999, 2_000_501}, {0, 2_000_501}, {2_000_000, 2_000_501}, {2_000_001, 2_000_502}} { // one view by this test
			site, err := p.store.Site(ctx)
			must(t, err)
			before := site.Opening
			site.Opening = c.opening
			err = p.store.PutSite(ctx, storetest.Actor(), &site)
			var invalid model.Invalid
			if refused := errors.As(err, &invalid); refused != (c.opening < before) || refused && !strings.Contains(invalid["opening"], "nhỏ hơn 2.000.000") {
				t.Errorf("balance %d after %d: %v", c.opening, before, err)
			}
			must(t, p.hits.Flush(ctx))
			if got := p.stats(t).Total; got != c.total {
				t.Errorf("balance %d: total %d, want %d", c.opening, got, c.total)
			}
		}
	})
}

// TestManyReaders counts each of many views at once exactly once.
func TestManyReaders(t *testing.T) {
	const readers, views = 8, 25
	eachPortal(t, func(t *testing.T, p *portal) {
		var all sync.WaitGroup
		for range readers {
			all.Go(func() {
				for range views {
					if a := p.get("/tin-tuc/" + p.news.Slug); a.status != http.StatusOK {
						t.Errorf("status %d", a.status)
					}
				}
			})
		}
		for range 5 {
			must(t, p.hits.Flush(context.Background()))
		}
		all.Wait()
		must(t, p.hits.Flush(context.Background()))
		if got := p.stats(t); got.Total != 1_000_000+readers*views || got.Online != 1 {
			t.Errorf("total %d, online %d", got.Total, got.Online)
		}
		contains(t, "item", p.page(t, "/tin-tuc/"+p.news.Slug), "200 lượt xem")
	})
}
