// Package handlers answers HTTP: the order of the middleware, the health checks and what mounts the site.
package handlers

import (
	"cmp"
	"context"
	"log/slog"
	"net/http"
	"net/netip"
	"net/url"
	"runtime/debug"
	"time"

	"github.com/labstack/echo/v4"

	"congso/content"
	"congso/handlers/admin"
	"congso/handlers/middleware"
	"congso/handlers/site"
	"congso/handlers/web"
	"congso/store"
)

// Options are what the server needs. Public may be nil: then Base is the listen address and the Host header is not checked.
type Options struct {
	Store    *store.Store
	Content  *content.Library
	Hits     *store.HitBuffer
	Log      *slog.Logger
	Public   *url.URL       // the public address
	Base     string         // scheme and host of absolute links
	TLS      bool           // this program speaks HTTPS itself
	Internal []netip.Prefix // networks that see internal records
	Proxies  []netip.Prefix // whose X-Forwarded-For is believed
	Metrics  *Metrics       // counts answers; nil for not at all
	Program  string         // its version and commit, for /readyz
	Schema   int64          // of the records, as the program knows it, for /readyz
	Demo     bool
	Accounts []DemoAccount // of a demo: the login page names them

	SitemapSize int           // addresses in one file of the sitemap, at most 50,000; 0 for 10,000
	PageAge     time.Duration // how long a page made for one reader is shown to others; 0 for a second, negative for only those who wait for it

	Uncounted bool // views are not counted, to measure what counting costs

	Saved time.Time // when the copy in files is made that the pages are for (see Outsider); zero for readers
}

// DemoAccount is an account of the sample data, with what everybody may know of it.
type DemoAccount = admin.DemoAccount

// New is the whole server: every page, every header, every error.
func New(o Options) *Front {
	secure := o.TLS || o.Public != nil && o.Public.Scheme == "https"
	pages := &site.Site{Store: o.Store, Content: o.Content, Hits: o.Hits, Base: o.Base, Secure: secure, Demo: o.Demo, Saved: o.Saved, SitemapSize: sitemapSize(o)}

	desks := &admin.Admin{Store: o.Store, Content: o.Content, Hits: o.Hits, Log: o.Log, Base: o.Base, Secure: secure, Demo: o.Demo, Accounts: o.Accounts,
		Render: content.Renderer(), PreviewNews: pages.PreviewNews, PreviewMeeting: pages.PreviewMeeting}

	e := echo.New()
	e.HideBanner, e.HidePort = true, true
	e.IPExtractor = clientAddress(o.Proxies)
	e.HTTPErrorHandler = answerError(pages, desks, o.Log)
	e.Pre(middleware.RequestID, middleware.Head)
	if o.Metrics != nil {
		e.Pre(o.Metrics.measure)
	}
	e.Pre(middleware.Log(o.Log), middleware.Headers(secure), recoverPanic, middleware.Address,
		middleware.Host(o.Public), intact(o.Store), middleware.Access(o.Internal), moved(o.Store), tidyPath, middleware.CrossOrigin(),
		middleware.Session(o.Store, secure))
	readers := &readers{o: o}
	e.Use(middleware.Compress(), middleware.Hits(readers.count))
	desks.Answers = answers(e, o.Store)
	desks.Guard = func(ctx context.Context) (*content.Guard, error) { return newGuard(ctx, o) }
	health(e, o)
	pages.Routes(e)
	desks.Routes(e)
	figures := o.Metrics
	if figures == nil {
		figures = NewMetrics()
	}
	return &Front{
		Echo: e, o: o, pages: newPageCache(cmp.Or(o.PageAge, pageAge), cacheBytes, o.changes, o.Store.ChangesKnown, &figures.pages), readers: readers,
		route: pageRoute(e, o, secure), cookie: web.CookieName(secure), figures: figures,
	}
}

// changes grows with each change of records and of articles: both of its parts do, and neither ever falls.
func (o Options) changes() uint64 { return o.Store.Changes() + o.Content.Changes() }

// usualSitemap is how many addresses one file of the sitemap has: with so many, 1.3 MB, the cache keeps it for its second.
const usualSitemap = 10_000

func sitemapSize(o Options) int {
	if o.SitemapSize > 0 {
		return min(o.SitemapSize, site.MaxSitemap)
	}
	return usualSitemap
}

// Server is an HTTP server with limits on how slowly a client may send.
func Server(handler http.Handler, log *slog.Logger) *http.Server {
	return &http.Server{
		Handler:           handler,
		ReadHeaderTimeout: 10 * time.Second,
		ReadTimeout:       5 * time.Minute,
		WriteTimeout:      10 * time.Minute,
		IdleTimeout:       2 * time.Minute,
		ConnContext:       rememberConn,
		MaxHeaderBytes:    64 << 10,
		// "OPTIONS *" too gets our headers.
		DisableGeneralOptionsHandler: true,
		ErrorLog:                     newServerLog(log),
	}
}

func stack() []byte { return debug.Stack() }
