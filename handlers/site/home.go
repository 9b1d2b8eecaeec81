package site

import (
	"context"

	"congso/handlers/web"
	"congso/store"
	"congso/store/model"
	"congso/views/sitepage"
)

// How much the home page shows of each thing.
const (
	homeFeatured = 4
	homeNewest   = 6
	homeNotices  = 6
	homeMeetings = 4
	homeToCome   = 2
)

func (s *Site) home(c web.Ctx) error {
	p, err := s.page(c, "", "")
	if err != nil {
		return err
	}
	p.Description = p.T("home.description", p.SiteName())
	p.Feed = "/rss.xml"
	ctx, v := c.Request().Context(), web.Viewer(c)
	d, err := read(c, s, func(r *store.Reader) (sitepage.HomeData, error) { return homeData(ctx, r, v) })
	if err != nil {
		return err
	}
	if len(d.Featured) > 0 && d.Featured[0].Cover.Media.ID != 0 {
		p.Image = d.Featured[0].Cover.Media.URL()
	}
	return web.Render(c, 200, sitepage.Home(p, d))
}

func homeData(ctx context.Context, r *store.Reader, v model.Viewer) (d sitepage.HomeData, err error) {
	if d.Featured, err = r.NewestNews(ctx, v, store.NewsFilter{Featured: true}, homeFeatured); err != nil {
		return d, err
	}
	notices, err := r.NewestNotices(ctx, v, homeNotices+homeFeatured)
	if err != nil {
		return d, err
	}
	shown := map[int64]bool{}
	for _, n := range d.Featured {
		shown[n.ID] = true
	}
	for _, n := range notices {
		if !shown[n.ID] && len(d.Notices) < homeNotices {
			d.Notices, shown[n.ID] = append(d.Notices, n), true
		}
	}
	newest, err := r.NewestNews(ctx, v, store.NewsFilter{}, homeNewest+len(shown))
	if err != nil {
		return d, err
	}
	for _, n := range newest {
		if !shown[n.ID] && len(d.Newest) < homeNewest {
			d.Newest = append(d.Newest, n)
		}
	}
	if d.ToCome, err = r.MeetingsToCome(ctx, v, homeToCome); err != nil {
		return d, err
	}
	if d.Meetings, err = r.MeetingsHeld(ctx, v, homeMeetings); err != nil {
		return d, err
	}
	return d, nil
}
