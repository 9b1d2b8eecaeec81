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
	site, err := s.Store.Site(c.Request().Context())
	if err != nil {
		return err
	}
	return s.sendFeed(c, store.NewsFilter{}, site.Name, i18n.T(i18n.VI, "news.description", site.Name), "/rss.xml", "/")
}

func (s *Site) sectionRSS(c web.Ctx) error {
	ctx := c.Request().Context()
	section, err := find(c, c.Param("slug"), "/chuyen-muc/", "/rss.xml", func(slug string) (model.Section, error) {
		return s.Store.SectionBySlug(ctx, slug)
	})
	if err != nil {
		return err
	}
	site, err := s.Store.Site(ctx)
	if err != nil {
		return err
	}
	path := "/chuyen-muc/" + section.Slug
	title := section.Name + " – " + site.Name
	return s.sendFeed(c, store.NewsFilter{Section: section.ID}, title, title, path+"/rss.xml", path)
}

// sendFeed answers with the newest public items: feeds are read by machines far away, so they never hold internal ones.
func (s *Site) sendFeed(c web.Ctx, filter store.NewsFilter, title, description, self, link string) error {
	items, err := s.Store.NewestNews(c.Request().Context(), model.Viewer{}, filter, feedSize)
	if err != nil {
		return err
	}
	return xmlAnswer(c, "application/rss+xml", feed.News(title, description, self, link, items, s.abs))
}
