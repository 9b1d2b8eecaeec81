package handlers_test

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"congso/store"
	"congso/store/model"
	"congso/store/storetest"
)

// queryCount counts the queries of a store; what begins and ends a transaction is none.
type queryCount struct{ atomic.Int64 }

func (n *queryCount) trace(query string) {
	if !strings.HasPrefix(query, "BEGIN") && query != "ROLLBACK" {
		n.Add(1)
	}
}

// publicPages are the kinds of pages that readers get, by name.
func publicPages(p *portal) []struct{ name, path string } {
	return []struct{ name, path string }{
		{"home", "/"}, {"home-en", "/en"},
		{"news", "/tin-tuc"}, {"news-page-2", "/tin-tuc?trang=2"}, {"news-of-tag", "/tin-tuc?the=mot-cua"},
		{"section", "/chuyen-muc/cai-cach-hanh-chinh"}, {"section-page-2", "/chuyen-muc/cai-cach-hanh-chinh?trang=2"},
		{"item", "/tin-tuc/ban-tin-so-07"}, {"item-whole", "/tin-tuc/" + p.news.Slug}, {"item-en", "/en/tin-tuc/ban-tin-so-07"},
		{"meetings", "/hoi-nghi"}, {"meetings-of-year", "/hoi-nghi?nam=2025"}, {"meeting", "/hoi-nghi/" + p.meeting.Slug},
		{"meeting-json", "/hoi-nghi/" + p.meeting.Slug + ".json"}, {"calendar", "/hoi-nghi/lich.ics"},
		{"directory", "/danh-ba"}, {"directory-find", "/danh-ba?q=dung"}, {"unit", "/danh-ba/van-phong"},
		{"person", "/danh-ba/nguoi/pham-thi-anh-dao"}, {"person-vcf", "/danh-ba/nguoi/pham-thi-anh-dao.vcf"},
		{"articles", "/bai-viet"}, {"article", "/bai-viet/sao-luu"},
		{"search", "/tim-kiem?q=sua+chua"}, {"search-empty", "/tim-kiem"},
		{"stats", "/thong-ke"}, {"so-do", "/so-do"},
		{"rss", "/rss.xml"}, {"section-rss", "/chuyen-muc/cai-cach-hanh-chinh/rss.xml"}, {"sitemap", "/sitemap.xml"}, {"robots", "/robots.txt"},
		{"api-news", "/api/v1/news"}, {"api-meetings", "/api/v1/meetings"}, {"api-contacts", "/api/v1/contacts"},
		{"api-articles", "/api/v1/articles"}, {"api-stats", "/api/v1/stats"},
	}
}

// coldPortal is a portal that counts its queries, with many more items of the length that news has.
func coldPortal(t testing.TB, items int) (*portal, *queryCount) {
	t.Helper()
	count := &queryCount{}
	p := newPortal(t, store.Options{Dir: t.TempDir(), Trace: count.trace}, seed)
	section, err := p.store.SectionBySlug(t.Context(), "cai-cach-hanh-chinh")
	must(t, err)
	body := strings.Repeat("Từ thứ hai tuần sau, người dân đến **bộ phận một cửa** đi cổng phụ đường Lê Lợi; xe máy gửi ở sân sau.\n\n", 60)
	for i := range items {
		storetest.News(t, p.store, section, fmt.Sprintf("Bản tin dài số %d về việc sửa chữa trụ sở", i), func(n *model.News) {
			n.Body, n.PublishAt = body, p.store.Now().AddDate(-1, 0, 0).Add(-time.Duration(i)*time.Hour)
		})
	}
	return p, count
}

// BenchmarkCold tells what each kind of page costs that is not kept, without network, compression or a reader.
func BenchmarkCold(b *testing.B) {
	p, count := coldPortal(b, 300)
	pages := append(publicPages(p), struct{ name, path string }{"item-long", "/tin-tuc/ban-tin-dai-so-150-ve-viec-sua-chua-tru-so"})
	for _, page := range pages {
		b.Run(page.name, func(b *testing.B) {
			b.ReportAllocs()
			p.cold(b, page.path)
			before, bytes := count.Load(), 0
			for b.Loop() {
				bytes = p.cold(b, page.path)
			}
			b.ReportMetric(float64(count.Load()-before)/float64(b.N), "queries/op")
			b.ReportMetric(float64(bytes), "page-B")
		})
	}
}

// cold asks for the page and returns its length.
func (p *portal) cold(t testing.TB, path string) int {
	t.Helper()
	r := httptest.NewRequest(http.MethodGet, base+path, nil)
	r.RemoteAddr = outside + ":1"
	w := httptest.NewRecorder()
	p.server.ServeHTTP(w, r)
	if w.Code != http.StatusOK {
		t.Fatalf("%s: status %d", path, w.Code)
	}
	return w.Body.Len()
}

// BenchmarkBare is net/http writing a page's bytes over loopback, beside the same page from the portal: the ratio is what counts.
func BenchmarkBare(b *testing.B) {
	p, _ := coldPortal(b, 300)
	const path = "/tin-tuc/ban-tin-dai-so-150-ve-viec-sua-chua-tru-so"
	w := httptest.NewRecorder()
	r := httptest.NewRequest(http.MethodGet, base+path, nil)
	p.server.ServeHTTP(w, r)
	whole := w.Body.Bytes()
	servers := []struct {
		name    string
		handler http.Handler
	}{
		{"bare", http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", "text/html; charset=utf-8")
			w.Write(whole)
		})},
		{"cold", p.server},
	}
	for _, s := range servers {
		b.Run(s.name, func(b *testing.B) {
			server := httptest.NewServer(s.handler)
			defer server.Close()
			b.SetBytes(int64(len(whole)))
			for b.Loop() {
				r, err := http.NewRequest(http.MethodGet, server.URL+path, nil)
				must(b, err)
				r.Host = host
				answer, err := server.Client().Do(r)
				must(b, err)
				if _, err := io.Copy(io.Discard, answer.Body); err != nil || answer.StatusCode != http.StatusOK {
					b.Fatal(err, answer.Status)
				}
				must(b, answer.Body.Close())
			}
		})
	}
}
