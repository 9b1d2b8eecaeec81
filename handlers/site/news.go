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

func (s *Site) newsList(c web.Ctx) error {
	p, err := s.page(c, "", "")
	if err != nil {
		return err
	}
	p.Title, p.Feed = p.T("nav.news"), "/rss.xml"
	p.Description = p.T("news.description", p.SiteName())
	d := sitepage.NewsListData{Heading: p.Title}
	tag := c.QueryParam("the")
	if tag != "" {
		name, err := s.Store.TagName(c.Request().Context(), model.Slug(model.Clean(tag)))
		if err != nil {
			return err
		}
		tag = model.Slug(model.Clean(tag))
		d.Heading = p.T("news.tagged", name)
		p.Title, p.NoIndex = d.Heading, true
	}
	return s.listNews(c, p, d, store.NewsFilter{Tag: tag}, "/tin-tuc", []string{"the", tag})
}

func (s *Site) section(c web.Ctx) error {
	ctx := c.Request().Context()
	section, err := find(c, c.Param("slug"), "/chuyen-muc/", "", func(slug string) (model.Section, error) {
		return s.Store.SectionBySlug(ctx, slug)
	})
	if err != nil {
		return err
	}
	p, err := s.page(c, "", "")
	if err != nil {
		return err
	}
	path := "/chuyen-muc/" + section.Slug
	p.Title, p.Feed = p.Pick(section.Name, section.NameEN), path+"/rss.xml"
	p.Description = p.Title + " – " + p.SiteName()
	d := sitepage.NewsListData{Heading: p.Title, Section: section.Slug}
	return s.listNews(c, p, d, store.NewsFilter{Section: section.ID}, path, nil)
}

// listNews shows one page of the items that filter names; extra are parameters that the list's addresses keep.
func (s *Site) listNews(c web.Ctx, p web.Page, d sitepage.NewsListData, filter store.NewsFilter, path string, extra []string) error {
	number := web.PageNumber(c, "trang")
	var err error
	d.Items, d.Total, err = s.Store.NewsPage(c.Request().Context(), web.Viewer(c), filter, number, newsPerPage)
	if err != nil {
		return err
	}
	last := web.LastPage(d.Total, newsPerPage)
	if number > last || filter.Tag != "" && d.Total == 0 {
		return model.ErrNotFound
	}
	d.Pages = sitepage.Pages{Current: number, Last: last, Href: func(n int) string {
		return p.Href(withQuery(path, append([]string{"trang", pageValue(n)}, extra...)...))
	}}
	from := "tin-tuc"
	if d.Section != "" {
		from = "chuyen-muc"
	}
	d.From = withQuery("", append([]string{"tu", from, "trang", pageValue(number)}, extra...)...)
	if number > 1 {
		p.Query = "trang=" + pageValue(number)
		p.Title += " – " + p.T("page", pageValue(number))
	}
	p.Canonical = canonical(p)
	return web.Render(c, 200, sitepage.NewsList(p, d))
}

// canonical is the Vietnamese address of a page whose words are Vietnamese in both frames.
func canonical(p web.Page) string { return web.Plain(p.Path) }

func (s *Site) news(c web.Ctx) error {
	ctx, v := c.Request().Context(), web.Viewer(c)
	n, err := find(c, c.Param("slug"), "/tin-tuc/", "", func(slug string) (model.News, error) {
		return s.Store.NewsBySlug(ctx, v, slug)
	})
	if err != nil {
		return err
	}
	p, err := s.page(c, n.Title, n.Summary)
	if err != nil {
		return err
	}
	return s.showNews(c, p, n)
}

// PreviewNews answers with the page that readers of the item would get.
func (s *Site) PreviewNews(c web.Ctx, n model.News) error {
	p, err := s.preview(c, n.Title, n.Summary, "/tin-tuc/"+n.Slug)
	if err != nil {
		return err
	}
	return s.showNews(c, p, n)
}

func (s *Site) showNews(c web.Ctx, p web.Page, n model.News) (err error) {
	ctx, v := c.Request().Context(), web.Viewer(c)
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
	d := sitepage.NewsData{News: n}
	d.Back, d.From = cameFrom(c, p, n.Section)
	if d.Newer, d.Older, err = s.Store.NewsNeighbours(ctx, v, n); err != nil {
		return err
	}
	if d.Others, err = s.Store.OtherNews(ctx, v, n, newsOfOthers); err != nil {
		return err
	}
	if d.Meetings, err = s.Store.MeetingsOfNews(ctx, v, n.ID); err != nil {
		return err
	}
	if d.Views, err = s.Store.PageViews(ctx, "/tin-tuc/"+n.Slug); err != nil {
		return err
	}
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
