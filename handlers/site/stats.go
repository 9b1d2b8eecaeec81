package site

import (
	"congso/handlers/web"
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
	days, err := s.Store.DayHits(c.Request().Context(), statsDays)
	if err != nil {
		return err
	}
	totals, err := s.Store.Totals(c.Request().Context())
	if err != nil {
		return err
	}
	return web.Render(c, 200, sitepage.Stats(p, sitepage.StatsData{
		Days: days, Opening: totals.Opening, Visits: totals.Visits, Visitors: totals.Visitors,
	}))
}
