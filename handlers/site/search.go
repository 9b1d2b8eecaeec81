package site

import (
	"strings"

	"congso/handlers/web"
	"congso/store"
	"congso/store/model"
	"congso/views/sitepage"
)

const (
	searchPerPage = 10
	searchLength  = 200 // characters of a query that are read
)

func (s *Site) search(c web.Ctx) error {
	p, err := s.page(c, "", "")
	if err != nil {
		return err
	}
	p.Aside = false
	p.Title = p.T("nav.search")
	p.Description = p.T("search.description", p.SiteName())
	if p.Copied() {
		return web.Render(c, 200, sitepage.SavedSearch(p, searchPerPage))
	}
	d := sitepage.SearchData{Query: web.Query(c, "q", searchLength)}
	q := model.SearchQuery{Text: d.Query, Lang: p.Lang, Page: web.PageNumber(c, "trang")}
	for _, kind := range model.SearchKinds() {
		if value := sitepage.KindValue(kind); value == c.QueryParam("loai") {
			q.Kind, d.Kind = kind, value
		}
	}
	for _, section := range p.Sections {
		if section.Slug == c.QueryParam("muc") {
			q.Section, d.Section = section.ID, section.Slug
		}
	}
	if d.Query != "" {
		p.NoIndex = true
		p.Title = d.Query + " – " + p.Title
		p.Query = strings.TrimPrefix(withQuery("", "q", d.Query, "loai", d.Kind, "muc", d.Section), "?") // the other language finds fewer articles: it may have no such page
		d.Result, err = read(c, s, func(r *store.Reader) (model.SearchResult, error) {
			return r.Search(c.Request().Context(), web.Viewer(c), q, searchPerPage)
		})
		if err != nil {
			return err
		}
	}
	last := web.LastPage(d.Result.Total, searchPerPage)
	if q.Page > last {
		return model.ErrNotFound
	}
	d.Pages = sitepage.Pages{Current: q.Page, Last: last, Href: func(n int) string {
		return p.Href(withQuery("/tim-kiem", "q", d.Query, "loai", d.Kind, "muc", d.Section, "trang", pageValue(n)))
	}}
	return web.Render(c, 200, sitepage.Search(p, d))
}
