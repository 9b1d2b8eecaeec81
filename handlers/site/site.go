// Package site answers for the public portal: one file per page.
package site

import (
	"cmp"
	"context"
	"errors"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"sync"
	"time"

	"congso/content"
	"congso/handlers/web"
	"congso/store"
	"congso/store/model"
	"congso/views/i18n"
	"congso/views/sitepage"
)

// Site has what the public pages need.
type Site struct {
	Store   *store.Store
	Content *content.Library
	Hits    *store.HitBuffer
	Base    string // scheme and host of absolute links
	Secure  bool   // cookies go over TLS only
	Demo    bool
	Saved   time.Time // when the copy in files is made that the pages are for; zero for readers

	SitemapSize int // addresses in one file of the sitemap, at most MaxSitemap

	mu     sync.Mutex // never held while the database is asked
	frames map[string]keptFrame
}

// Ages of a frame: the menu, the short directory and the foot are the same for every page.
const (
	frameAge  = time.Second     // how long it is used again
	frameLate = 3 * time.Second // how old it may be for those who do not wait for the next one: what was taken out of it must not come back
)

type keptFrame struct {
	*web.Frame
	read    time.Time // zero before the first time
	reading bool      // somebody reads it anew
}

// frame is what every page in lang shows besides its own matter, at most frameAge old; while one request reads it anew, the others use
// the last one, unless that is older than frameLate.
func (s *Site) frame(ctx context.Context, lang string) (*web.Frame, error) {
	kept, fresh := s.claim(lang)
	if fresh {
		return kept, nil
	}
	next := keptFrame{}
	defer func() { s.keep(lang, next) }() // after a panic too
	var frame *web.Frame
	err := s.Store.PublicSnapshot(ctx, func(r *store.Reader) error {
		frame = &web.Frame{}
		return s.readFrame(ctx, r, lang, frame)
	})
	if err != nil {
		return kept, err
	}
	next = keptFrame{Frame: frame, read: s.Store.Now()}
	return frame, nil
}

// keep ends the claim on the frame, with a new one unless it could not be read.
func (s *Site) keep(lang string, next keptFrame) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if next.read.IsZero() {
		next = s.frames[lang]
	}
	next.reading = false
	s.frames[lang] = next
}

// claim returns the kept frame; fresh is false when the caller is to read it anew, since it is too old or there is none.
func (s *Site) claim(lang string) (frame *web.Frame, fresh bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	kept := s.frames[lang]
	age := s.Store.Now().Sub(kept.read)
	if !kept.read.IsZero() && age >= 0 && (age < frameAge || kept.reading && age < frameLate) {
		return kept.Frame, true
	}
	if s.frames == nil {
		s.frames = map[string]keptFrame{}
	}
	kept.reading = true
	s.frames[lang] = kept
	return cmp.Or(kept.Frame, &web.Frame{}), false
}

// lastFrame is the frame in lang that was read last. Only where none ever was, and the database is not known to fail, or where it has just
// said that there is no such record, is it read.
func (s *Site) lastFrame(ctx context.Context, lang string, status int) *web.Frame {
	s.mu.Lock()
	kept := s.frames[lang]
	s.mu.Unlock()
	if kept.read.IsZero() && status < 500 || status == http.StatusNotFound || status == http.StatusGone {
		frame, _ := s.frame(ctx, lang) // a bare one when that fails
		return frame
	}
	return cmp.Or(kept.Frame, &web.Frame{})
}

// readFrame reads a frame into f.
func (s *Site) readFrame(ctx context.Context, r *store.Reader, lang string, f *web.Frame) (err error) {
	f.Demo, f.Saved, f.Parts = s.Demo, s.Saved, &web.Parts{}
	if f.Site, err = r.Site(ctx); err != nil {
		return err
	}
	if f.Sections, err = r.Sections(ctx); err != nil {
		return err
	}
	if f.Leaders, f.Units, err = r.QuickDirectory(ctx); err != nil {
		return err
	}
	if f.Links, err = r.LinkedSites(ctx); err != nil {
		return err
	}
	if f.Items, err = r.Menu(ctx); err != nil {
		return err
	}
	for _, a := range s.Content.List(lang, model.Viewer{}) {
		if a.Menu {
			f.Articles = append(f.Articles, a)
		}
	}
	return nil
}

// page is the frame of the page that c asks for, which counts as a view when it is answered well.
func (s *Site) page(c web.Ctx, title, description string) (web.Page, error) {
	web.CountHit(c)
	return s.framed(c, title, description)
}

// framed is page for what counts as no view.
func (s *Site) framed(c web.Ctx, title, description string) (web.Page, error) {
	frame, err := s.frame(c.Request().Context(), web.Lang(c))
	return s.pageIn(c, frame, title, description), err
}

func (s *Site) pageIn(c web.Ctx, frame *web.Frame, title, description string) web.Page {
	return web.Page{
		Frame: frame, Lang: web.Lang(c), Title: title, Description: description,
		Path: c.Request().URL.Path, Asked: web.KnownQuery(c), Base: s.Base, Display: web.Display(c), Counters: s.Hits.Counters(),
		User: web.User(c), Now: s.Store.Now(), RequestID: c.Response().Header().Get("X-Request-Id"), Aside: true,
	}
}

// preview is the frame of a page that lives at path, for whoever looks at it before readers do. With "gon" in the query there is none.
func (s *Site) preview(c web.Ctx, title, description, path string) (web.Page, error) {
	p, err := s.framed(c, title, description)
	p.Path, p.Preview, p.NoIndex = path, true, true
	p.Bare = c.QueryParam("gon") != ""
	return p, err
}

// Fault answers with the page for an error status, in the words of key where there are any. It needs no database: the last frame read
// serves, or a bare one. Programs get JSON.
func (s *Site) Fault(c web.Ctx, status int, key string) error {
	c.Response().Header().Set("Cache-Control", "no-store")
	if path := c.Request().URL.Path; strings.HasPrefix(path, "/api/") || strings.HasSuffix(path, ".json") {
		return faultJSON(c, status)
	}
	lang := web.Lang(c)
	if !s.Saved.IsZero() {
		key = "copy"
	}
	if i18n.T(lang, "fault."+key+".title") == "fault."+key+".title" {
		key = map[bool]string{true: "400", false: "500"}[status < 500]
	}
	p := s.pageIn(c, s.lastFrame(c.Request().Context(), lang, status), i18n.T(lang, "fault."+key+".title"), "")
	if p.Site.Name == "" {
		bare := *p.Frame
		bare.Site.Name = p.T("site.unnamed")
		p.Frame = &bare
	}
	if p.Copied() {
		p.Path = "/so-do" // one page stands for all that is missing: the other language has no page for it
	}
	p.NoIndex, p.Aside = true, false
	return web.Render(c, status, sitepage.Fault(p, status, key))
}

// find looks up the record that raw names in an address. An address that names it in another way (upper case, accents,
// an old slug) is an error that leads to the right one: prefix, slug, suffix.
func find[T any](c web.Ctx, raw, prefix, suffix string, get func(slug string) (T, error)) (T, error) {
	slug := raw
	if !model.ValidSlug(slug) {
		slug = model.Slug(model.Clean(raw))
	}
	if slug == "" {
		var none T
		return none, model.ErrNotFound
	}
	item, err := get(slug)
	if moved := (model.Moved{}); errors.As(err, &moved) {
		return item, web.Redirect{Path: sameQuery(c, prefix+moved.Slug+suffix)}
	}
	if err == nil && slug != raw {
		return item, web.Redirect{Path: sameQuery(c, prefix+slug+suffix)}
	}
	return item, err
}

// sameQuery is the address in the request's language of a Vietnamese path, with the query that the request has.
func sameQuery(c web.Ctx, path string) string {
	address := url.URL{Path: web.Href(web.Lang(c), path), RawQuery: c.Request().URL.Query().Encode()}
	return address.String()
}

// withQuery is path with the non-empty parameters given as name, value, name, value, …
func withQuery(path string, pairs ...string) string {
	values := url.Values{}
	for i := 0; i < len(pairs); i += 2 {
		if pairs[i+1] != "" {
			values.Set(pairs[i], pairs[i+1])
		}
	}
	if len(values) == 0 {
		return path
	}
	return path + "?" + values.Encode()
}

// pageValue is the parameter for page n: nothing for the first.
func pageValue(n int) string {
	if n <= 1 {
		return ""
	}
	return strconv.Itoa(n)
}
