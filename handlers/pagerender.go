package handlers

import (
	"bytes"
	"context"
	"fmt"
	"net/http"
	"net/url"
	"time"

	"github.com/labstack/echo/v4"

	"congso/handlers/middleware"
	"congso/handlers/web"
	"congso/store/model"
)

// renderWithin is how long the making of a page may take, whoever waits for it.
const renderWithin = 30 * time.Second

// page is the page that a request asks for, nil when it is none to keep and somebody else got it; stale says why it is older than it
// should be. Where there is a last good page, the next one is made beside those who ask; else by the first of them.
func (f *Front) page(r *http.Request, a asked, key []byte, id string) (p *page, stale string) {
	now := a.at
	got := f.pages.find(key, now)
	switch {
	case got.flight == nil:
		return got.page, got.stale
	case !got.lead:
		return f.pages.wait(got, now)
	case got.page != nil:
		go f.make(got, f.request(r.URL.Path, a), a.viewer, id, now)
		return f.pages.wait(got, now)
	}
	p = f.make(got, f.request(r.URL.Path, a), a.viewer, id, now)
	if got.flight.page != nil {
		return got.flight.page, got.flight.stale
	}
	if !p.failed() && a.query != r.URL.RawQuery { // an address of the old site may be known by its query as it was written
		return nil, ""
	}
	return p, ""
}

// request asks for a page as anybody would who gets the same one: nothing else of who asked first is in it.
func (f *Front) request(path string, a asked) *http.Request {
	u := &url.URL{Path: path, RawQuery: a.query}
	r := &http.Request{
		Method: http.MethodGet, URL: u, Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1, Header: http.Header{}, Body: http.NoBody, RequestURI: u.RequestURI(),
	}
	if f.o.Public != nil {
		r.Host = f.o.Public.Host
	}
	web.AskDisplay(r, a.display)
	return r
}

// make makes a page and lands its flight, whatever happens.
func (f *Front) make(got found, r *http.Request, v model.Viewer, id string, now time.Time) (p *page) {
	ctx, cancel := context.WithTimeout(context.Background(), renderWithin)
	defer cancel()
	changes := f.o.changes()
	p = f.render(r.WithContext(ctx), v, id, func(a *recording, c echo.Context) *page { return newPage(a, c, v) })
	p.made, p.changes = now, changes
	key := got.entry.key // got holds the page before this one, which would hold the one before it
	p.grown = func(more int) { f.pages.grown(key, p, more, f.o.Store.Now()) }
	f.pages.land(got, p, f.o.Store.Now(), f.o.Store.Damage() != nil)
	if got.flight.stale != "" {
		f.o.Log.Error("page not made: readers get the last one", "id", id, "path", r.URL.Path, "status", p.status, "error", p.cause)
	}
	return p
}

// render is what kept makes of Echo's answer to r. A panic is a failure, like any other.
func (f *Front) render(r *http.Request, v model.Viewer, id string, kept func(*recording, echo.Context) *page) (p *page) {
	answer := &recording{header: http.Header{echo.HeaderXRequestID: {id}}, status: http.StatusOK, body: takeBuffer()}
	defer giveBuffer(answer.body)
	defer func() {
		if cause := recover(); cause != nil {
			p = failedPage(fmt.Errorf("panic: %v\n%s", cause, stack()))
		}
	}()
	c := f.AcquireContext()
	defer f.ReleaseContext(c)
	c.Reset(r, answer)
	web.SetViewer(c, v)
	if err := f.route(c); err != nil {
		f.HTTPErrorHandler(err, c)
	}
	return kept(answer, c)
}

// pageRoute is what stands before the pages that are kept: what every request needs is done for each of them, and no session is looked for.
func pageRoute(e *echo.Echo, o Options, secure bool) web.Handler {
	route := func(c web.Ctx) error {
		e.Router().Find(http.MethodGet, c.Request().URL.Path, c)
		return c.Handler()(c)
	}
	for _, m := range []echo.MiddlewareFunc{tidyPath, moved(o.Store), intact(o.Store), recoverPanic, middleware.Headers(secure)} {
		route = m(route)
	}
	return route
}

// recording keeps an answer. It is an http.ResponseWriter.
type recording struct {
	header http.Header
	status int
	body   *bytes.Buffer
}

func (a *recording) Header() http.Header    { return a.header }
func (a *recording) WriteHeader(status int) { a.status = status }

func (a *recording) Write(data []byte) (int, error) {
	return a.body.Write(data)
}
