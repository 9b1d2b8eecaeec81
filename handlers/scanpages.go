package handlers

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/labstack/echo/v4"

	"congso/content"
	"congso/store"
	"congso/store/model"
)

// scanPagesAtOnce is how many addresses of records are read at once.
const scanPagesAtOnce = 500

// pages looks at every page of the site as an outsider gets it, one at a time. Of what stands on many pages, or in a record that was looked
// at already, nothing is said again.
func (s *scan) pages(ctx context.Context) error {
	p := pageScan{scan: s, front: New(s.o)}
	total, _, err := s.o.Store.SitemapWhole(ctx, 0)
	if err != nil {
		return err
	}
	p.total = int64(total)
	for _, path := range p.fixed() {
		if err := p.list(ctx, path); err != nil {
			return err
		}
	}
	for page := 1; ; page++ {
		entries, err := s.o.Store.SitemapPage(ctx, page, scanPagesAtOnce)
		if err != nil || len(entries) == 0 {
			return err
		}
		for _, e := range entries {
			for _, path := range p.twins(e.Path) {
				if err := p.list(ctx, path); err != nil {
					return err
				}
			}
		}
	}
}

type pageScan struct {
	*scan
	front *Front
	total int64
}

// fixed are the pages that no record stands behind, and the articles.
func (p *pageScan) fixed() []string {
	var paths []string
	for _, lang := range []string{"", "/en"} {
		contacts := map[string]string{"": "/danh-ba", "/en": "/en/contacts"}[lang]
		paths = append(paths, lang+"/", lang+"/tin-tuc", lang+"/hoi-nghi", contacts, lang+"/bai-viet", lang+"/tim-kiem", lang+"/thong-ke", lang+"/so-do")
	}
	for lang, root := range map[string]string{"vi": "/bai-viet/", "en": "/en/bai-viet/"} {
		for _, a := range p.o.Content.List(lang, model.Viewer{}) {
			paths = append(paths, root+a.Path)
		}
	}
	slices.Sort(paths)
	return paths
}

// twins are the addresses of a record's page.
func (p *pageScan) twins(path string) []string {
	if !p.how.EveryPage {
		return []string{path}
	}
	if rest, ok := strings.CutPrefix(path, "/danh-ba"); ok {
		return []string{path, "/en/contacts" + rest}
	}
	return []string{path, "/en" + path}
}

// list looks at a page and at those that come after it in its list.
func (p *pageScan) list(ctx context.Context, path string) error {
	for path != "" {
		if err := ctx.Err(); err != nil {
			return err
		}
		next, err := p.page(ctx, path)
		if err != nil {
			return err
		}
		path = next
	}
	return nil
}

// page looks at one page and returns the address of the next one of its list, "" for none. A page that is gone meanwhile is none.
func (p *pageScan) page(ctx context.Context, address string) (next string, err error) {
	u, err := url.Parse(address)
	if err != nil { // no browser asks for it either
		return "", nil
	}
	var status int
	var body string
	made := p.front.render(p.front.request(u.Path, asked{query: u.RawQuery}).WithContext(ctx), model.Viewer{}, "scan", func(a *recording, c echo.Context) *page {
		status, body = a.status, a.body.String()
		return newPage(a, c, model.Viewer{})
	})
	if made.failed() {
		if ctx.Err() != nil {
			return "", ctx.Err()
		}
		return "", p.fault(fmt.Errorf("page %q: status %d: %v", address, made.status, made.cause))
	}
	if status != http.StatusOK {
		return "", nil
	}
	p.report.Pages++
	p.how.Tell(store.ScanningPages, int64(p.report.Pages), max(p.total, int64(p.report.Pages)))
	p.rest(ctx)
	for _, found := range p.guard.Page(body) {
		if p.counts[sameThing(found)] > 0 {
			continue
		}
		if err := p.note(ctx, model.Finding{Planted: found, Place: model.KindPage, Path: address, Title: address}); err != nil {
			return "", err
		}
	}
	return following(u, content.NextPage(body)), nil
}

// following is the address of a list's next page, "" for none. An item leads to the next item in the same way; that one is looked at anyway.
func following(page *url.URL, next string) string {
	u, err := page.Parse(next)
	if err != nil || next == "" || u.Path != page.Path || u.RequestURI() == page.RequestURI() {
		return ""
	}
	return u.RequestURI()
}
