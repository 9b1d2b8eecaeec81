package site

import (
	"bytes"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"congso/handlers/web"
	"congso/store"
	"congso/store/model"
	"congso/views/feed"
	"congso/views/sitepage"
)

// MaxSitemap is the most addresses in one file of the sitemap (https://www.sitemaps.org/protocol.html).
const MaxSitemap = 50_000

func (s *Site) sitemap(c web.Ctx) error {
	ctx, v := c.Request().Context(), web.Viewer(c)
	p, err := s.page(c, "", "")
	if err != nil {
		return err
	}
	p.Aside = false
	p.Title = p.T("foot.sitemap")
	p.Description = p.Title + " – " + p.SiteName()
	d := sitepage.SitemapData{Articles: s.Content.List(p.Lang, v)}
	units, err := read(c, s, func(r *store.Reader) (units []model.Unit, err error) {
		if d.Years, err = r.MeetingYears(ctx, v); err != nil {
			return nil, err
		}
		return r.Units(ctx, v)
	})
	if err != nil {
		return err
	}
	d.Units = unitTree(units, 0)
	return web.Render(c, 200, sitepage.Sitemap(p, d))
}

// abs is the absolute address of a local path.
func (s *Site) abs(path string) string {
	if strings.Trim(path, "/-abcdefghijklmnopqrstuvwxyz0123456789") == "" { // of most of the thousands in a sitemap
		return s.Base + path
	}
	return s.Base + (&url.URL{Path: path}).EscapedPath()
}

// fixedPages are the pages that no record stands behind, and the articles.
func (s *Site) fixedPages() []model.SitemapEntry {
	var list []model.SitemapEntry
	for _, path := range []string{"/", "/tin-tuc", "/hoi-nghi", "/danh-ba", "/bai-viet", "/thong-ke", "/so-do", "/en", "/en/contacts"} {
		list = append(list, model.SitemapEntry{Path: path})
	}
	for _, lang := range []string{"vi", "en"} {
		for _, a := range s.Content.List(lang, model.Viewer{}) {
			list = append(list, model.SitemapEntry{Path: web.Href(lang, "/bai-viet/"+a.Path), Modified: a.Modified})
		}
	}
	return list
}

// sitemapXML is the sitemap, or the index of its files when it is larger than one file may be.
func (s *Site) sitemapXML(c web.Ctx) error {
	fixed := s.fixedPages()
	var entries []model.SitemapEntry
	records, err := read(c, s, func(r *store.Reader) (records int, err error) {
		records, entries, err = r.SitemapWhole(c.Request().Context(), s.SitemapSize-len(fixed))
		return records, err
	})
	if err != nil {
		return err
	}
	if records+len(fixed) <= s.SitemapSize {
		return s.sitemapAnswer(c, append(fixed, entries...))
	}
	index := feed.SitemapIndex{Sitemaps: []feed.URL{{Loc: s.abs("/sitemap/0.xml")}}}
	for page := 1; page <= web.LastPage(records, s.SitemapSize); page++ {
		index.Sitemaps = append(index.Sitemaps, feed.URL{Loc: s.abs(fmt.Sprintf("/sitemap/%d.xml", page))})
	}
	return xmlAnswer(c, "application/xml", index)
}

// sitemapFile is one file of a sitemap in several: 0 for the fixed pages, from 1 on for the records.
func (s *Site) sitemapFile(c web.Ctx) error {
	name, isXML := strings.CutSuffix(c.Param("file"), ".xml")
	page, err := strconv.Atoi(name)
	if !isXML || err != nil || page < 0 || strconv.Itoa(page) != name {
		return model.ErrNotFound
	}
	if page == 0 {
		return s.sitemapAnswer(c, s.fixedPages())
	}
	entries, err := read(c, s, func(r *store.Reader) ([]model.SitemapEntry, error) {
		return r.SitemapPage(c.Request().Context(), page, s.SitemapSize)
	})
	if err != nil {
		return err
	}
	if len(entries) == 0 {
		return model.ErrNotFound
	}
	return s.sitemapAnswer(c, entries)
}

func (s *Site) sitemapAnswer(c web.Ctx, entries []model.SitemapEntry) error {
	var b bytes.Buffer
	feed.Sitemap(&b, entries, s.abs)
	return c.Blob(http.StatusOK, "application/xml; charset=utf-8", b.Bytes())
}

// xmlAnswer sends the document whole: one that fails half-way becomes an error, not half a feed.
func xmlAnswer(c web.Ctx, mime string, document any) error {
	var b bytes.Buffer
	if err := feed.Write(&b, document); err != nil {
		return err
	}
	return c.Blob(http.StatusOK, mime+"; charset=utf-8", b.Bytes())
}

func (s *Site) robots(c web.Ctx) error {
	if !s.Saved.IsZero() { // a copy in files has no desks
		return c.String(http.StatusOK, "User-agent: *\nDisallow: /tim-kiem\nDisallow: /en/tim-kiem\n\nSitemap: "+s.abs("/sitemap.xml")+"\n")
	}
	return c.String(http.StatusOK, "User-agent: *\nDisallow: /admin/\nDisallow: /tim-kiem\nDisallow: /en/tim-kiem\n\nSitemap: "+s.abs("/sitemap.xml")+"\n")
}

// security is the security.txt of RFC 9116; without an e-mail address in the site's details there is none.
func (s *Site) security(c web.Ctx) error {
	site, err := s.Store.Site(c.Request().Context())
	if err != nil {
		return err
	}
	if site.Email == "" {
		return model.ErrNotFound
	}
	expires := s.Store.Now().AddDate(0, 6, 0).UTC().Truncate(24 * time.Hour).Format(time.RFC3339)
	return c.String(http.StatusOK, "Contact: mailto:"+site.Email+"\nExpires: "+expires+
		"\nPreferred-Languages: vi, en\nCanonical: "+s.abs("/.well-known/security.txt")+"\n")
}
