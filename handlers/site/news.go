package site

import (
	"congso/handlers/web"
	"congso/store"
	"congso/store/model"
	"congso/views/sitepage"
)

const (
	newsPerPage  = 15
	newsOfOthers = 8
)

// newsFound is a page of a list of news, with what the list is of.
type newsFound struct {
	tag     string // its name
	section model.Section
	number  int
	items   []model.News
	total   int
}

// newsPage reads the page that the request asks for into f. There is none beyond the last, nor of a tag that nothing has that the reader may see.
func newsPage(c web.Ctx, r *store.Reader, filter store.NewsFilter, f *newsFound) (err error) {
	f.number = web.PageNumber(c, "trang")
	f.items, f.total, err = r.NewsPage(c.Request().Context(), web.Viewer(c), filter, f.number, newsPerPage)
	if err == nil && (f.number > web.LastPage(f.total, newsPerPage) || filter.Tag != "" && f.total == 0) {
		err = model.ErrNotFound
	}
	return err
}

func (s *Site) newsList(c web.Ctx) error {
	asked := c.QueryParam("the")
	tag := model.Slug(model.Clean(asked))
	found, err := read(c, s, func(r *store.Reader) (f newsFound, err error) {
		if asked != "" {
			if f.tag, err = r.TagName(c.Request().Context(), tag); err != nil {
				return f, err
			}
		}
		return f, newsPage(c, r, store.NewsFilter{Tag: tag}, &f)
	})
	if err != nil {
		return err
	}
	p, err := s.page(c, "", "")
	if err != nil {
		return err
	}
	p.Title, p.Feed = p.T("nav.news"), "/rss.xml"
	p.Description = p.T("news.description", p.SiteName())
	if tag != "" {
		p.Title, p.NoIndex = p.T("news.tagged", found.tag), true
	}
	return s.listNews(c, p, found, "/tin-tuc", []string{"the", tag})
}

func (s *Site) section(c web.Ctx) error {
	ctx := c.Request().Context()
	found, err := read(c, s, func(r *store.Reader) (f newsFound, err error) {
		f.section, err = find(c, c.Param("slug"), "/chuyen-muc/", "", func(slug string) (model.Section, error) {
			return r.SectionBySlug(ctx, slug)
		})
		if err != nil {
			return f, err
		}
		return f, newsPage(c, r, store.NewsFilter{Section: f.section.ID}, &f)
	})
	if err != nil {
		return err
	}
	p, err := s.page(c, "", "")
	if err != nil {
		return err
	}
	path := "/chuyen-muc/" + found.section.Slug
	p.Title, p.Feed = p.Pick(found.section.Name, found.section.NameEN), path+"/rss.xml"
	p.Description = p.Title + " – " + p.SiteName()
	return s.listNews(c, p, found, path, nil)
}

// listNews shows a page of a list; extra are parameters that the list's addresses keep.
func (s *Site) listNews(c web.Ctx, p web.Page, found newsFound, path string, extra []string) error {
	d := sitepage.NewsListData{Heading: p.Title, Section: found.section.Slug, Items: found.items, Total: found.total}
	d.Pages = sitepage.Pages{Current: found.number, Last: web.LastPage(found.total, newsPerPage), Href: func(n int) string {
		return p.Href(withQuery(path, append([]string{"trang", pageValue(n)}, extra...)...))
	}}
	from := "tin-tuc"
	if d.Section != "" {
		from = "chuyen-muc"
	}
	d.From = withQuery("", append([]string{"tu", from, "trang", pageValue(found.number)}, extra...)...)
	if found.number > 1 {
		p.Query = "trang=" + pageValue(found.number)
		p.Title += " – " + p.T("page", pageValue(found.number))
	}
	p.Canonical = canonical(p)
	return web.Render(c, 200, sitepage.NewsList(p, d))
}

// canonical is the Vietnamese address of a page whose words are Vietnamese in both frames.
func canonical(p web.Page) string { return web.Plain(p.Path) }

func (s *Site) news(c web.Ctx) error {
	ctx, v := c.Request().Context(), web.Viewer(c)
	d, err := read(c, s, func(r *store.Reader) (d sitepage.NewsData, err error) {
		d.News, err = find(c, c.Param("slug"), "/tin-tuc/", "", func(slug string) (model.News, error) {
			return r.NewsBySlug(ctx, v, slug)
		})
		if err != nil {
			return d, err
		}
		d.Around, err = r.AroundNews(ctx, v, d.News, newsOfOthers)
		return d, err
	})
	if err != nil {
		return err
	}
	p, err := s.page(c, d.News.Title, d.News.Summary)
	if err != nil {
		return err
	}
	return s.showNews(c, p, d)
}

// PreviewNews answers with the page that readers of the item would get.
func (s *Site) PreviewNews(c web.Ctx, n model.News) error {
	around, err := read(c, s, func(r *store.Reader) (model.AroundNews, error) {
		return r.AroundNews(c.Request().Context(), web.Viewer(c), n, newsOfOthers)
	})
	if err != nil {
		return err
	}
	p, err := s.preview(c, n.Title, n.Summary, "/tin-tuc/"+n.Slug)
	if err != nil {
		return err
	}
	return s.showNews(c, p, sitepage.NewsData{News: n, Around: around})
}

func (s *Site) showNews(c web.Ctx, p web.Page, d sitepage.NewsData) error {
	n := d.News
	p.Canonical = canonical(p)
	p.Feed = "/chuyen-muc/" + n.Section.Slug + "/rss.xml"
	p.NoIndex = p.Preview || n.Visibility == model.Internal
	if n.Cover.Media.ID != 0 {
		p.Image = n.Cover.Media.URL()
	}
	p.Crumbs = []web.Link{
		{Name: p.T("nav.news"), Href: p.Href("/tin-tuc")},
		{Name: p.Pick(n.Section.Name, n.Section.NameEN), Href: p.Href("/chuyen-muc/" + n.Section.Slug)},
	}
	d.Back, d.From = cameFrom(c, p, n.Section)
	return web.Render(c, 200, sitepage.News(p, d))
}

// cameFrom reads where the reader of an item came from: the link back, and the query that hands it on to the item's neighbours.
// Only known lists are believed; all else is the item's section.
func cameFrom(c web.Ctx, p web.Page, section model.Section) (web.Link, string) {
	page := ""
	if n := web.PageNumber(c, "trang"); n > 1 {
		page = pageValue(n)
	}
	link := web.Link{Name: p.Pick(section.Name, section.NameEN)}
	path, query := "/chuyen-muc/"+section.Slug, ""
	switch from := c.QueryParam("tu"); from {
	case "trang-chu":
		path, page, link.Name = "/", "", p.T("nav.home")
		query = withQuery("", "tu", from)
	case "tin-tuc":
		tag := c.QueryParam("the")
		if !model.ValidSlug(tag) {
			tag = ""
		}
		link.Name = p.T("nav.news")
		path = withQuery("/tin-tuc", "the", tag, "trang", page)
		query = withQuery("", "tu", from, "the", tag, "trang", page)
	default:
		path = withQuery(path, "trang", page)
		query = withQuery("", "tu", "chuyen-muc", "trang", page)
	}
	link.Href, link.Name = p.Href(path), p.T("news.back", link.Name)
	return link, query
}
