package site

import (
	"congso/handlers/web"
	"congso/store"
	"congso/views/sitepage"
)

// statsDays is how many days the statistics page shows.
const statsDays = 90

func (s *Site) stats(c web.Ctx) error {
	p, err := s.page(c, "", "")
	if err != nil {
		return err
	}
	p.Aside = false
	p.Title = p.T("stats.title")
	p.Description = p.Title + " – " + p.SiteName()
	d, err := read(c, s, func(r *store.Reader) (d sitepage.StatsData, err error) {
		if d.Days, err = r.DayHits(c.Request().Context(), statsDays); err != nil {
			return d, err
		}
		totals, err := r.Totals(c.Request().Context())
		d.Opening, d.Visits, d.Visitors = totals.Opening, totals.Visits, totals.Visitors
		return d, err
	})
	if err != nil {
		return err
	}
	return web.Render(c, 200, sitepage.Stats(p, d))
}
