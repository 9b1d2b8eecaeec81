package store

import (
	"context"
	"database/sql"
	"fmt"
	"maps"
	"slices"

	"congso/store/model"
)

// maxStatDays is how far back statistics reach.
const maxStatDays = 3660

// HitTotals are the figures since counting began.
type HitTotals struct {
	Opening  int64 // balance taken over from the page before; 0 when none
	Views    int64 // counted here
	Visits   int64
	Visitors int64 // distinct ones of each day, added up
}

// DayHits returns the figures of each of the last days, today among them, oldest first. What the buffer holds is not in them.
func (r *Reader) DayHits(ctx context.Context, days int) ([]model.DayHits, error) {
	days = min(max(days, 1), maxStatDays)
	known, err := queryAll(ctx, r.from, scanDayHits, `SELECT day, views, visits, visitors FROM hit_day WHERE day >= $1`, string(r.daysAgo(days-1)))
	if err != nil {
		return nil, fmt.Errorf("hits of %d days: %w", days, err)
	}
	byDay := map[model.Day]model.DayHits{}
	for _, hits := range known {
		byDay[hits.Day] = hits
	}
	list := make([]model.DayHits, days)
	for i := range list {
		day := r.daysAgo(days - 1 - i)
		list[i] = byDay[day]
		list[i].Day = day
	}
	return list, nil
}

func scanDayHits(row scanner) (model.DayHits, error) {
	var h model.DayHits
	err := row.Scan(&h.Day, &h.Views, &h.Visits, &h.Visitors)
	return h, err
}

func (r *Reader) daysAgo(n int) model.Day { return model.DayOf(r.Now().AddDate(0, 0, -n)) }

// Totals returns the figures since counting began. What the buffer holds is not in them.
func (r *Reader) Totals(ctx context.Context) (HitTotals, error) {
	t, err := queryOne(ctx, r.from, func(row scanner) (HitTotals, error) {
		var t HitTotals
		err := row.Scan(&t.Views, &t.Visits, &t.Visitors)
		return t, err
	}, `SELECT (SELECT views FROM hit_total WHERE id = 1), COALESCE(CAST(SUM(visits) AS BIGINT), 0), COALESCE(CAST(SUM(visitors) AS BIGINT), 0)
		FROM hit_day`)
	if err != nil {
		return HitTotals{}, fmt.Errorf("hit totals: %w", err)
	}
	site, err := r.Site(ctx)
	if err != nil {
		return HitTotals{}, fmt.Errorf("hit totals: %w", err)
	}
	t.Opening = site.Opening
	return t, nil
}

// SeedPage are the views of a page in the past, since that day.
type SeedPage struct {
	Views int64
	Since model.Day
}

// SeedHits adds figures of past days and views of pages, as a demonstration needs them. The pages' views are part of the days'; they are
// spread over the days as the days' own are.
func (s *Store) SeedHits(ctx context.Context, days []model.DayHits, pages map[string]SeedPage) error {
	err := s.tx(ctx, func(tx *sql.Tx) error {
		var total int64
		for _, d := range days {
			if _, err := tx.ExecContext(ctx, addDay, string(d.Day), d.Views, d.Visits, d.Visitors); err != nil {
				return err
			}
			total += d.Views
		}
		if err := seedPages(ctx, s.bulk(tx), days, pages); err != nil {
			return err
		}
		_, err := tx.ExecContext(ctx, `UPDATE hit_total SET views = views + $1 WHERE id = 1`, total)
		return err
	})
	if err != nil {
		return fmt.Errorf("seed hits of %d days: %w", len(days), err)
	}
	return nil
}

// seedPages adds the pages' views to the days over which they are spread.
func seedPages(ctx context.Context, tx bulk, days []model.DayHits, pages map[string]SeedPage) error {
	byDay := map[model.Day]map[string]*int64{}
	for path, page := range pages {
		for day, views := range page.spread(days) {
			if byDay[day] == nil {
				byDay[day] = map[string]*int64{}
			}
			byDay[day][path] = &views
		}
	}
	for _, day := range slices.Sorted(maps.Keys(byDay)) {
		if err := addPages(ctx, tx, day, byDay[day]); err != nil {
			return err
		}
	}
	return nil
}

// spread shares the views out among the days from Since on, by the views that these have; what is left over goes to the last.
func (p SeedPage) spread(days []model.DayHits) map[model.Day]int64 {
	var all int64
	var last model.Day
	for _, d := range days {
		if d.Day >= p.Since {
			all, last = all+d.Views, max(last, d.Day)
		}
	}
	shares, left := map[model.Day]int64{}, p.Views
	for _, d := range days {
		if d.Day < p.Since || all == 0 {
			continue
		}
		share := p.Views * d.Views / all
		shares[d.Day] += share
		left -= share
	}
	if last != "" {
		shares[last] += left
	}
	return shares
}
