package store

import (
	"cmp"
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

// views is a query for the columns of all rows of a table of views by day within f for which and holds as well; the rows of whole months come from
// the table by month. No view is in it twice.
func (f StatsFilter) views(c *conditions, table, columns, and string) string {
	var parts []string
	days, first, last := f.spans()
	if first != "" {
		parts = append(parts, `SELECT `+columns+` FROM `+table+`_month WHERE month >= `+c.arg(string(first))+` AND month <= `+c.arg(string(last))+and)
	}
	for _, span := range days {
		parts = append(parts, `SELECT `+columns+` FROM `+table+` WHERE day >= `+c.arg(string(span.from))+` AND day <= `+c.arg(string(span.to))+and)
	}
	return strings.Join(parts, " UNION ALL ")
}

// daySpan is from a day to another, both included.
type daySpan struct{ from, to model.Day }

// spans are the whole months within f, from the first to the last ("" when there is none), and the days before and after them.
func (f StatsFilter) spans() (days []daySpan, first, last model.Day) {
	month := model.Day(monthOf(f.From) + "-01").Time()
	if model.DayOf(month) != f.From {
		month = month.AddDate(0, 1, 0)
		days = append(days, daySpan{f.From, min(f.To, model.DayOf(month.AddDate(0, 0, -1)))})
	}
	for ; model.DayOf(month) <= f.To; month = month.AddDate(0, 1, 0) {
		end := model.DayOf(month.AddDate(0, 1, -1))
		if end > f.To {
			return append(days, daySpan{model.DayOf(month), f.To}), first, last
		}
		last = monthOf(end)
		first = cmp.Or(first, last)
	}
	return days, first, last
}

// HitsByDay returns the figures of each day, oldest first; with an owner they are views alone. What the buffer holds is not in them.
func (s *Store) HitsByDay(ctx context.Context, f StatsFilter) ([]model.DayHits, error) {
	f = f.bounded(s.Today())
	query, args := `SELECT day, views, visits, visitors FROM hit_day WHERE day >= $1 AND day <= $2`, []any{string(f.From), string(f.To)}
	if f.Owner != 0 {
		query, args = `SELECT day, CAST(SUM(views) AS BIGINT), 0, 0 FROM hit_group WHERE day >= $1 AND day <= $2 AND owner_id = $3 GROUP BY day`, append(args, f.Owner)
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
