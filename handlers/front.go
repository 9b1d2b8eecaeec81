package handlers

import (
	"net/http"
	"net/url"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/labstack/echo/v4"

	"congso/handlers/middleware"
	"congso/handlers/web"
	"congso/static"
	"congso/store/model"
)

// Front is the whole portal to HTTP. Pages for readers without a login come out of memory when they were made within the second; all else,
// and what makes those pages, is Echo's. Either way a request has its id, its security headers, its line in the log, its figures, and its view
// counted.
type Front struct {
	*echo.Echo
	o       Options
	pages   *pageCache
	readers *readers
	route   web.Handler // answers a page for the cache
	files   keptFiles
	cookie  string // of a session
	figures *Metrics
}

// Line is a line of the log about a request; the handler of Options.Log may take it by a method WriteLine(Line) bool.
type Line = middleware.Line

// longestKey is the longest key of a kept page, in bytes. Whoever asks for more is served, but not from memory.
const longestKey = 512

// asked is what of a request for a page decides which page it gets.
type asked struct {
	address string
	viewer  model.Viewer
	display web.DisplaySettings
	query   string // canonical

	at time.Time // by the store's clock
}

// ServeHTTP answers a request.
func (f *Front) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if !f.fromMemory(w, r) {
		f.Echo.ServeHTTP(w, r)
	}
}

// fromMemory answers a request with a kept page, or with one that can be kept. It reports whether it did.
func (f *Front) fromMemory(w http.ResponseWriter, r *http.Request) bool {
	start := time.Now()
	if !f.open(r) {
		return false
	}
	f.figures.inFlight.Add(1)
	defer f.figures.inFlight.Add(-1)
	id := middleware.NewRequestID()
	if strings.HasPrefix(r.URL.Path, static.Prefix) {
		p := f.file(r, id)
		if p != nil {
			f.answer(w, r, p, p.statusFor(r), middleware.Line{ID: id, Start: start}, "")
		}
		return p != nil
	}
	var room [longestKey]byte
	a, key, ok := f.asks(r, room[:0])
	if !ok {
		return false
	}
	p, stale := f.page(r, a, key, id)
	if p == nil { // it is none to keep, and somebody else got it
		return false
	}
	status := p.statusFor(r)
	if p.counts && middleware.Viewed(r, status) { // before it leaves: a view that a reader has seen outlives a kill
		f.readers.countAt(r, a.address, web.Plain(r.URL.Path), a.at)
	}
	f.answer(w, r, p, status, middleware.Line{ID: id, Start: start}, stale)
	return true
}

// answer sends p with that status, and tells of it in the log's line and in the figures; stale says why p is older than it should be.
func (f *Front) answer(w http.ResponseWriter, r *http.Request, p *page, status int, line middleware.Line, stale string) {
	p.send(w, r, line.ID, stale, status)
	line.Method, line.Path, line.Status, line.Took, line.Cause = r.Method, r.URL.Path, status, time.Since(line.Start), p.cause
	if status != http.StatusNotModified && (!p.fixed || r.Method != http.MethodHead) { // the bytes of a page are those that Echo writes for HEAD, too
		line.Bytes = int64(len(p.plain))
	}
	line.Write(r.Context(), f.o.Log)
	f.figures.note(p.route, status, line.Bytes, line.Took)
}

// open reports whether a request may be answered from memory: it writes nothing, has no login's cookie, names no other host, asks for no
// part; and the records are not damaged.
func (f *Front) open(r *http.Request) bool {
	return (r.Method == http.MethodGet || r.Method == http.MethodHead) && r.Header["Range"] == nil &&
		middleware.RightHost(r.Host, f.o.Public) && !f.loggedIn(r) && f.o.Store.Damage() == nil
}

// asks reads from a request which page it asks for, and the key of that, in room. ok is false when it asks for none that can be kept.
func (f *Front) asks(r *http.Request, room []byte) (a asked, key []byte, ok bool) {
	if !keepable(r.URL.Path) {
		return a, nil, false
	}
	if a.query, ok = canonicalQuery(r.URL); !ok || len(r.URL.Path)+len(a.query) > longestKey-32 {
		return a, nil, false
	}
	a.address, a.at = f.IPExtractor(r), f.o.Store.Now()
	a.viewer = middleware.ViewerAt(a.address, f.o.Internal)
	a.display = web.DisplayOf(r)
	class := byte('o')
	if a.viewer.Internal {
		class = 'i'
	}
	key = append(room, class)
	for _, part := range []string{a.display.Theme, a.display.Size, r.URL.Path, a.query} { // none has a NUL
		key = append(append(key, 0), part...)
	}
	return a, key, true
}

// loggedIn reports whether a request may belong to a session: only Echo's middleware finds out.
func (f *Front) loggedIn(r *http.Request) bool {
	for _, line := range r.Header["Cookie"] {
		if strings.Contains(line, f.cookie) {
			return true
		}
	}
	return false
}

// keepable reports whether there may be a page, a feed or data at the path that is the same for all readers of a second. Uploaded files are
// not among them, since they are large; those of the program are kept by themselves.
func keepable(path string) bool {
	switch {
	case !utf8.ValidString(path) || strings.IndexByte(path, 0) >= 0 || model.DeskPage(path),
		strings.HasPrefix(path, static.Prefix), strings.HasPrefix(path, "/media/"),
		path == "/healthz", path == "/readyz", path == "/favicon.ico", path == "/hien-thi":
		return false
	}
	return !articleFile(path)
}

// articleFile reports whether a path is that of a file beside the articles.
func articleFile(path string) bool {
	name, beside := strings.CutPrefix(web.Plain(path), "/bai-viet/")
	return beside && strings.IndexByte(name, '.') >= 0
}

// canonicalQuery is the query of u with its parameters in order, "" for none; ok is false when a page of ours reads not all of it.
func canonicalQuery(u *url.URL) (query string, ok bool) {
	if u.RawQuery == "" {
		return "", true
	}
	if len(u.RawQuery) > longestKey {
		return "", false
	}
	values, err := url.ParseQuery(u.RawQuery)
	if err != nil {
		return "", false
	}
	data := strings.HasPrefix(u.Path, "/api/")
	for name := range values {
		if !data && !model.PageParameter(name) || data && name != "page" && name != "per_page" && name != "section" {
			return "", false
		}
	}
	return values.Encode(), true
}
