package store

import (
	"context"
	"fmt"
	"strings"

	"congso/store/model"
)

// StatsFilter says which views are summed up: those of the days, both included, of all pages or of one person's news and meetings.
type StatsFilter struct {
	From, To model.Day
	Owner    int64 // 0 for all pages
}

// bounded is f with days that are there and at most maxStatDays apart.
func (f StatsFilter) bounded(today model.Day) StatsFilter {
	if f.To.Time().IsZero() {
		f.To = today
	}
	if first := model.DayOf(f.To.Time().AddDate(0, 0, 1-maxStatDays)); f.From.Time().IsZero() || f.From < first {
		f.From = first
	}
	return f
}

// paged are the folders of the kinds whose pages have an owner.
func paged() map[model.Kind]string {
	return map[model.Kind]string{model.KindNews: "/tin-tuc/", model.KindMeeting: "/hoi-nghi/"}
}

// inDays asks for rows of hit_page within f, and for pages of its owner if there is one.
func (f StatsFilter) inDays() *conditions {
	c := &conditions{}
	c.add("day >= ? AND day <= ?", string(f.From), string(f.To))
	if f.Owner == 0 {
		return c
	}
	owner := c.arg(f.Owner)
	var pages []string
	for kind, folder := range paged() {
		for _, language := range []string{"", "/en"} {
			pages = append(pages,
				`SELECT '`+language+folder+`' || slug FROM `+string(kind)+` WHERE owner_id = `+owner,
				`SELECT '`+language+folder+`' || o.slug FROM `+string(kind)+` r JOIN old_slug o ON o.kind = '`+string(kind)+`' AND o.record_id = r.id WHERE r.owner_id = `+owner)
		}
	}
	c.terms = append(c.terms, "path IN ("+strings.Join(pages, " UNION ALL ")+")")
	return c
}

// HitsByDay returns the figures of each day, oldest first; with an owner they are views alone. What the buffer holds is not in them.
func (s *Store) HitsByDay(ctx context.Context, f StatsFilter) ([]model.DayHits, error) {
	f = f.bounded(s.Today())
	query, args := `SELECT day, views, visits, visitors FROM hit_day WHERE day >= $1 AND day <= $2`, []any{string(f.From), string(f.To)}
	if f.Owner != 0 {
		c := f.inDays()
		query, args = `SELECT day, CAST(SUM(views) AS BIGINT), 0, 0 FROM hit_page`+c.where()+` GROUP BY day`, c.args
	}
	known, err := queryAll(ctx, s.read, scanDayHits, query, args...)
	if err != nil {
		return nil, fmt.Errorf("hits by day: %w", err)
	}
	byDay := map[model.Day]model.DayHits{}
	for _, hits := range known {
		byDay[hits.Day] = hits
	}
	var list []model.DayHits
	for day := f.From; day <= f.To; day = model.DayOf(day.Time().AddDate(0, 0, 1)) {
		hits := byDay[day]
		hits.Day = day
		list = append(list, hits)
	}
	return list, nil
}

// TopPages returns the pages with the most views, limit at most, those with more first.
func (s *Store) TopPages(ctx context.Context, f StatsFilter, limit int) ([]model.PageHits, error) {
	c := f.bounded(s.Today()).inDays()
	scan := func(row scanner) (model.PageHits, error) {
		var p model.PageHits
		err := row.Scan(&p.Path, &p.Views)
		return p, err
	}
	list, err := queryAll(ctx, s.read, scan, `SELECT path, CAST(SUM(views) AS BIGINT) AS total FROM hit_page`+c.where()+
		` GROUP BY path ORDER BY total DESC, path LIMIT `+c.arg(limit), c.args...)
	if err == nil {
		err = s.pageTitles(ctx, list)
	}
	if err != nil {
		return nil, fmt.Errorf("top pages: %w", err)
	}
	return list, nil
}

// pageTitles names the pages that are those of records.
func (s *Store) pageTitles(ctx context.Context, list []model.PageHits) error {
	type place struct {
		kind model.Kind
		slug string
	}
	slugs, titles := map[model.Kind][]any{}, map[place]string{}
	for _, p := range list {
		if kind, slug, ok := model.RecordPage(p.Path); ok {
			slugs[kind] = append(slugs[kind], slug)
		}
	}
	for kind, wanted := range slugs {
		var c conditions
		marks := make([]string, len(wanted))
		for i, slug := range wanted {
			marks[i] = c.arg(slug)
		}
		title := "name"
		if paged()[kind] != "" {
			title = "title"
		}
		_, err := queryAll(ctx, s.read, func(row scanner) (p place, err error) {
			var text string
			p.kind = kind
			err = row.Scan(&p.slug, &text)
			titles[p] = text
			return p, err
		}, `SELECT slug, `+title+` FROM `+string(kind)+` WHERE slug IN (`+strings.Join(marks, ", ")+`)`, c.args...)
		if err != nil {
			return err
		}
	}
	for i, p := range list {
		if kind, slug, ok := model.RecordPage(p.Path); ok {
			list[i].Title = titles[place{kind, slug}]
		}
	}
	return nil
}
