package admin

import (
	"net/http"
	"slices"
	"strconv"

	"congso/handlers/web"
	"congso/store"
	"congso/store/model"
	"congso/views/adminpage"
	"congso/views/i18n"
)

const (
	statsDays  = 30 // shown unless other days are asked for
	statsPages = 25
)

// stats shows the views of some days; those of one's own news and meetings to whoever may not see all.
func (a *Admin) stats(c web.Ctx) error {
	d, err := a.statsData(c)
	if err != nil {
		return err
	}
	p, err := a.page(c, "Thống kê")
	if err != nil {
		return err
	}
	return web.Render(c, http.StatusOK, adminpage.Stats(p, d))
}

func (a *Admin) statsData(c web.Ctx) (d adminpage.StatsData, err error) {
	ctx, u := c.Request().Context(), web.User(c)
	d.Query = statsQuery(c, a.Store.Today())
	d.Own = !model.May(u, model.DeskStats, model.ActionView, model.Object{})
	f := store.StatsFilter{From: d.Query.From, To: d.Query.To}
	if d.Own {
		f.Owner = u.ID
	}
	if d.Days, err = a.Store.HitsByDay(ctx, f); err != nil {
		return d, err
	}
	if d.Pages, err = a.Store.TopPages(ctx, f, statsPages); err != nil {
		return d, err
	}
	if d.Sections, err = a.Store.HitsBySection(ctx, f); err != nil {
		return d, err
	}
	if d.Authors, err = a.Store.HitsByOwner(ctx, f); err != nil {
		return d, err
	}
	d.Names = map[string]string{}
	for _, article := range a.Content.List(i18n.VI, web.Viewer(c)) {
		d.Names["/bai-viet/"+article.Path] = article.Title
	}
	return d, nil
}

// statsQuery reads which days are asked for: ky=30, or tu-ngay and den-ngay.
func statsQuery(c web.Ctx, today model.Day) adminpage.StatsQuery {
	if q := typedDays(c, today); q.From != "" || q.Fault != "" {
		return q
	}
	days, err := strconv.Atoi(c.QueryParam("ky"))
	if err != nil || !slices.Contains(adminpage.StatsRanges(), days) {
		days = statsDays
	}
	return lastDays(days, today)
}

func lastDays(days int, today model.Day) adminpage.StatsQuery {
	return adminpage.StatsQuery{Last: days, From: model.DayOf(today.Time().AddDate(0, 0, 1-days)), To: today}
}

// typedDays reads the days that were typed; the zero query when none were.
func typedDays(c web.Ctx, today model.Day) adminpage.StatsQuery {
	from, badFrom := queryDay(c, "tu-ngay")
	to, badTo := queryDay(c, "den-ngay")
	if to == "" || to > today {
		to = today
	}
	fault := lastDays(statsDays, today)
	switch {
	case badFrom || badTo:
		fault.Fault = "Ngày không hợp lệ. Hãy gõ như 05/07/2023. Dưới đây là 30 ngày gần nhất."
		return fault
	case from == "":
		return adminpage.StatsQuery{}
	case from > to:
		fault.Fault = "Ngày bắt đầu ở sau ngày kết thúc, hoặc ở sau hôm nay. Dưới đây là 30 ngày gần nhất."
		return fault
	}
	if first := model.DayOf(to.Time().AddDate(-10, 0, 1)); from < first {
		from = first // statistics reach back ten years
	}
	return adminpage.StatsQuery{From: from, To: to}
}
