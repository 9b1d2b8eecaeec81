package site

import (
	"congso/handlers/web"
	"congso/store"
	"congso/store/model"
	"congso/views/feed"
	"congso/views/i18n"
)

// feedSize is how many items a feed holds.
const feedSize = 30

func (s *Site) rss(c web.Ctx) error {
	f, err := read(c, s, func(r *store.Reader) (newsFeed, error) { return readFeed(c, r, store.NewsFilter{}) })
	if err != nil {
		return err
	}
	return s.sendFeed(c, f, f.site.Name, i18n.T(i18n.VI, "news.description", f.site.Name), "/rss.xml", "/")
}

func (s *Site) sectionRSS(c web.Ctx) error {
	var section model.Section
	f, err := read(c, s, func(r *store.Reader) (f newsFeed, err error) {
		section, err = find(c, c.Param("slug"), "/chuyen-muc/", "/rss.xml", func(slug string) (model.Section, error) {
			return r.SectionBySlug(c.Request().Context(), slug)
		})
		if err != nil {
			return f, err
		}
		return readFeed(c, r, store.NewsFilter{Section: section.ID})
	})
	if err != nil {
		return err
	}
	path := "/chuyen-muc/" + section.Slug
	title := section.Name + " – " + f.site.Name
	return s.sendFeed(c, f, title, title, path+"/rss.xml", path)
}

type newsFeed struct {
	site  model.Site
	items []model.News
}

// readFeed reads the newest public items: feeds are read by machines far away, so they never hold internal ones.
func readFeed(c web.Ctx, r *store.Reader, filter store.NewsFilter) (f newsFeed, err error) {
	if f.site, err = r.Site(c.Request().Context()); err == nil {
		f.items, err = r.NewestNews(c.Request().Context(), model.Viewer{}, filter, feedSize)
	}
	return f, err
}

func (s *Site) sendFeed(c web.Ctx, f newsFeed, title, description, self, link string) error {
	return xmlAnswer(c, "application/rss+xml", feed.News(title, description, self, link, f.items, s.abs))
}
