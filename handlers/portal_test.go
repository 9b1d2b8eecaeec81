package handlers_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"net/url"
	"os"
	"strings"
	"sync"
	"testing"

	"congso/content"
	"congso/handlers"
	"congso/store"
	"congso/store/storetest"
)

// host is the portal's public name in these tests, base the scheme and host of its absolute links.
const (
	host = "so.example.vn"
	base = "http://" + host
)

// Addresses that requests come from: an outsider, a reader on the department's network, a trusted proxy.
const (
	outside = "203.0.113.5"
	inside  = "10.1.2.3"
	proxy   = "192.0.2.10"
)

// portal is the whole server on a store with the records of the fixture.
type portal struct {
	fixture
	dir     string // of its data
	store   *store.Store
	clock   *storetest.Clock
	hits    *store.HitBuffer
	log     *logBuffer
	options handlers.Options
	server  *handlers.Front
}

// seeded is what the portals of most tests are copied from.
var seeded = storetest.Master[fixture]{Fill: func(t testing.TB, o store.Options) fixture {
	clock := storetest.NewClock()
	o.Now, o.Renderer = clock.Now, content.Renderer()
	s, err := store.Open(context.Background(), o)
	must(t, err)
	f := seed(t, s, clock)
	must(t, s.Close())
	return f
}}

func TestMain(m *testing.M) {
	code := m.Run()
	if err := errors.Join(seeded.Remove(), buckets.Close()); err != nil {
		fmt.Fprintln(os.Stderr, err)
		code = 1
	}
	os.Exit(code)
}

// eachPortal runs the test on a portal on each kind of database.
func eachPortal(t *testing.T, run func(t *testing.T, p *portal)) {
	t.Helper()
	seeded.Each(t, func(t *testing.T, o store.Options, known fixture) {
		run(t, newPortal(t, o, func(testing.TB, *store.Store, *storetest.Clock) fixture { return known }))
	})
}

// newPortal opens the store that o names with the real renderer, fills it and puts the server before it.
func newPortal(t testing.TB, o store.Options, fill func(testing.TB, *store.Store, *storetest.Clock) fixture) *portal {
	t.Helper()
	p := &portal{dir: o.Dir, clock: storetest.NewClock(), log: &logBuffer{}}
	o.Now, o.Renderer = p.clock.Now, content.Renderer()
	p.store = storetest.Open(t, o)
	p.fixture = fill(t, p.store, p.clock)
	log := slog.New(slog.NewJSONHandler(p.log, nil))
	library, err := content.Open(articleFolder(t), log)
	if err != nil {
		t.Fatal(err)
	}
	if err := p.store.IndexArticles(context.Background(), library.All()); err != nil {
		t.Fatal(err)
	}
	p.hits = store.NewHitBuffer(p.store)
	if err := p.hits.Flush(context.Background()); err != nil {
		t.Fatal(err)
	}
	p.options = handlers.Options{
		Store: p.store, Content: library, Hits: p.hits, Log: log, Base: base, Public: &url.URL{Scheme: "http", Host: host},
		Internal: []netip.Prefix{netip.MustParsePrefix("10.0.0.0/8")}, Proxies: []netip.Prefix{netip.MustParsePrefix(proxy + "/32")}, PageAge: -1, // the clock stands still
	}
	p.server = handlers.New(p.options)
	return p
}

// answer is what the server answered, whole.
type answer struct {
	status int
	header http.Header
	body   string
}

// do asks the server, as an outsider unless change says otherwise.
func (p *portal) do(method, target string, change ...func(*http.Request)) answer {
	r := httptest.NewRequest(method, target, nil)
	r.Host, r.RemoteAddr = host, outside+":1234"
	r.Header.Set("User-Agent", browser)
	for _, c := range change {
		c(r)
	}
	w := httptest.NewRecorder()
	p.server.ServeHTTP(w, r)
	return answer{w.Code, w.Header(), w.Body.String()}
}

func (p *portal) get(target string, change ...func(*http.Request)) answer {
	return p.do(http.MethodGet, target, change...)
}

// page gets a page that must be there.
func (p *portal) page(t testing.TB, target string, change ...func(*http.Request)) string {
	t.Helper()
	a := p.get(target, change...)
	if a.status != http.StatusOK {
		t.Fatalf("GET %s: status %d, want 200\n%.500s", target, a.status, a.body)
	}
	return a.body
}

const browser = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"

// from lets a request come from address.
func from(address string) func(*http.Request) {
	return func(r *http.Request) { r.RemoteAddr = address + ":1234" }
}

func with(header, value string) func(*http.Request) {
	return func(r *http.Request) { r.Header.Set(header, value) }
}

// form makes the request carry a form, as the portal's own page sends it.
func form(body string) func(*http.Request) {
	return func(r *http.Request) {
		r.Body, r.ContentLength = io.NopCloser(strings.NewReader(body)), int64(len(body))
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		r.Header.Set("Origin", base)
		r.Header.Set("Sec-Fetch-Site", "same-origin")
	}
}

// logBuffer keeps what is logged. It is safe for concurrent use.
type logBuffer struct {
	mu   sync.Mutex
	data bytes.Buffer
}

func (l *logBuffer) Write(data []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.data.Write(data)
}

// String is everything logged so far.
func (l *logBuffer) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.data.String()
}

// contains fails the test for each text that is not in body.
func contains(t testing.TB, what, body string, texts ...string) {
	t.Helper()
	for _, text := range texts {
		if !strings.Contains(body, text) {
			t.Errorf("%s: no %q", what, text)
		}
	}
}

// lacks fails the test for each text that is in body.
func lacks(t testing.TB, what, body string, texts ...string) {
	t.Helper()
	for _, text := range texts {
		if i := strings.Index(body, text); i >= 0 {
			t.Errorf("%s: has %q in …%s…", what, text, body[max(0, i-80):min(len(body), i+len(text)+80)])
		}
	}
}

// between is what stands in body from the first start on, up to the next end.
func between(t testing.TB, body, start, end string) string {
	t.Helper()
	_, rest, found := strings.Cut(body, start)
	part, _, ended := strings.Cut(rest, end)
	if !found || !ended {
		t.Fatalf("no text between %q and %q", start, end)
	}
	return part
}

func readAll(t testing.TB, body io.ReadCloser) string {
	t.Helper()
	data, err := io.ReadAll(body)
	must(t, err)
	must(t, body.Close())
	return string(data)
}
