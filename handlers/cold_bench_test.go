//go:build unix

package handlers_test

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"congso/store"
	"congso/store/model"
	"congso/store/storetest"
)

// coldPortal is a portal that counts its queries, with many more items of the length that news has.
func coldPortal(t testing.TB, o store.Options, items int) (*portal, *queryCount) {
	t.Helper()
	count := &queryCount{}
	o.Dir, o.Trace = t.TempDir(), count.trace
	p := newPortal(t, o, seed)
	fillCold(t, p, items)
	return p, count
}

// fillCold adds items of the length that news has.
func fillCold(t testing.TB, p *portal, items int) {
	t.Helper()
	section, err := p.store.SectionBySlug(t.Context(), "cai-cach-hanh-chinh")
	must(t, err)
	body := strings.Repeat("Từ thứ hai tuần sau, người dân đến **bộ phận một cửa** đi cổng phụ đường Lê Lợi; xe máy gửi ở sân sau.\n\n", 60)
	for i := range items {
		storetest.News(t, p.store, section, fmt.Sprintf("Bản tin dài số %d về việc sửa chữa trụ sở", i), func(n *model.News) {
			n.Body, n.PublishAt = body, p.store.Now().AddDate(-1, 0, 0).Add(-time.Duration(i)*time.Hour)
		})
	}
}

// fillDirectory adds people of several units, each with a post, two numbers and an address.
func fillDirectory(t testing.TB, p *portal, people int) {
	t.Helper()
	var units []model.Unit
	for i := range people/25 + 1 {
		units = append(units, storetest.Unit(t, p.store, fmt.Sprintf("Phòng chuyên môn số %d", i)))
	}
	for i := range people {
		post := model.Post{UnitID: units[i%len(units)].ID, Title: "Chuyên viên chính", TitleEN: "Senior officer", Rank: 8, From: "2020-01-01"}
		storetest.Person(t, p.store, fmt.Sprintf("Nguyễn Thị Thanh Hương %d", i), []model.Post{post}, func(person *model.Person) {
			person.Email = fmt.Sprintf("huong%d@so.example.vn", i)
			person.Numbers = []model.Number{{E164: fmt.Sprintf("0257 3%06d", i), Official: true}, {E164: fmt.Sprintf("09051%05d", i), Kind: model.NumberHotline, Official: true}}
		})
	}
}

// BenchmarkCold tells what each kind of page costs that is not kept, without network, compression or a reader.
func BenchmarkCold(b *testing.B) { benchCold(b, store.Options{}) }

// BenchmarkColdPostgres is BenchmarkCold with the records in PostgreSQL; the time of the processor is that of this process alone.
func BenchmarkColdPostgres(b *testing.B) {
	benchCold(b, store.Options{Database: storetest.Postgres(b)})
}

func benchCold(b *testing.B, o store.Options) {
	p, count := coldPortal(b, o, 300)
	fillDirectory(b, p, 300)
	pages := append(publicPages(p), publicPage{name: "item-long", path: "/tin-tuc/ban-tin-dai-so-150-ve-viec-sua-chua-tru-so"})
	for _, page := range pages {
		b.Run(page.name, func(b *testing.B) {
			b.ReportAllocs()
			p.cold(b, page.path)
			before, started, bytes := count.Load(), cpuTime(b), 0
			for b.Loop() {
				bytes = p.cold(b, page.path)
			}
			b.ReportMetric(float64((cpuTime(b)-started).Microseconds())/float64(b.N), "cpu-us/op")
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
	w := &weighed{header: http.Header{}, status: http.StatusOK}
	p.server.ServeHTTP(w, r)
	if w.status != http.StatusOK {
		t.Fatalf("%s: status %d", path, w.status)
	}
	return w.bytes
}

// weighed is an answer of which only the length is kept.
type weighed struct {
	header        http.Header
	status, bytes int
}

func (w *weighed) Header() http.Header    { return w.header }
func (w *weighed) WriteHeader(status int) { w.status = status }

func (w *weighed) Write(data []byte) (int, error) {
	if w.status == 0 {
		w.status = http.StatusOK
	}
	w.bytes += len(data)
	return len(data), nil
}

// BenchmarkBare is net/http writing a page's bytes over loopback, beside the same page from the portal: the ratio is what counts.
func BenchmarkBare(b *testing.B) {
	p, _ := coldPortal(b, store.Options{}, 300)
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
