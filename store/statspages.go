package store

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"

	"congso/store/model"
)

// How far the lists of months and days are read for their most seen pages.
const (
	firstDepth = 128
	mostDepth  = 8192
	askedPages = 100 // whose views one statement sums up
)

// TopPages returns the pages with the most views, limit at most, those with more first. They are exact but where thousands of pages a day are
// seen about as often as the last of them: then some of these may stand for others.
func (s *Store) TopPages(ctx context.Context, f StatsFilter, limit int) (list []model.PageHits, err error) {
	if f = f.bounded(s.Today()); f.From > f.To || limit < 1 {
		return nil, nil
	}
	if f.Owner != 0 {
		list, err = s.ownPages(ctx, f, limit)
	} else {
		list, err = s.mostSeen(ctx, f, limit)
	}
	if err == nil {
		err = s.pageTitles(ctx, list)
	}
	if err != nil {
		return nil, fmt.Errorf("top pages: %w", err)
	}
	return list, nil
}

func scanPageHits(row scanner) (p model.PageHits, err error) {
	err = row.Scan(&p.Path, &p.Views)
	return p, err
}

// pageOrder is that of the pages with the most views.
func pageOrder(a, b model.PageHits) int {
	return cmp.Or(cmp.Compare(b.Views, a.Views), cmp.Compare(a.Path, b.Path))
}

// ownPages are those of the news and meetings that f's owner wrote.
func (s *Store) ownPages(ctx context.Context, f StatsFilter, limit int) ([]model.PageHits, error) {
	c := &conditions{}
	owner := c.arg(f.Owner)
	var pages []string
	for kind, folder := range paged() {
		for _, language := range []string{"", "/en"} {
			pages = append(pages,
				`SELECT '`+language+folder+`' || slug FROM `+string(kind)+` WHERE owner_id = `+owner,
				`SELECT '`+language+folder+`' || o.slug FROM `+string(kind)+` r JOIN old_slug o ON o.kind = '`+string(kind)+`' AND o.record_id = r.id WHERE r.owner_id = `+owner)
		}
	}
	views := f.views(c, "hit_page", "path, views", " AND path IN ("+strings.Join(pages, " UNION ALL ")+")")
	return queryAll(ctx, s.read, scanPageHits, `SELECT path, CAST(SUM(views) AS BIGINT) AS total FROM (`+views+`) h
		GROUP BY path ORDER BY total DESC, path LIMIT `+c.arg(limit), c.args...)
}

// hitList is a month's or a day's list of pages, which an index holds by their views.
type hitList struct {
	table, column string
	value         model.Day
}

// lists are those of all views within f.
func (f StatsFilter) lists() (lists []hitList) {
	days, first, last := f.spans()
	if first != "" {
		for month := (first + "-01").Time(); monthOf(model.DayOf(month)) <= last; month = month.AddDate(0, 1, 0) {
			lists = append(lists, hitList{"hit_page_month", "month", monthOf(model.DayOf(month))})
		}
	}
	for _, span := range days {
		for day := span.from; day <= span.to; day = model.DayOf(day.Time().AddDate(0, 0, 1)) {
			lists = append(lists, hitList{"hit_page", "day", day})
		}
	}
	return lists
}

// mostSeen reads the heads of f's lists: no page that stands in none of them has more views than the last of each together have. It reads deeper
// ones until that is less than what the pages found have (R. Fagin et al., Optimal aggregation algorithms for middleware, 2003).
func (s *Store) mostSeen(ctx context.Context, f StatsFilter, limit int) ([]model.PageHits, error) {
	for depth := max(firstDepth, 2*limit); ; depth *= 4 {
		known, rest, err := s.heads(ctx, f.lists(), depth)
		if err != nil {
			return nil, err
		}
		list, err := s.summed(ctx, f, worthy(known, rest, limit))
		if err != nil {
			return nil, err
		}
		slices.SortFunc(list, pageOrder)
		list = list[:min(len(list), limit)]
		if rest == 0 || depth >= mostDepth || len(list) == limit && list[limit-1].Views > rest {
			return list, nil
		}
	}
}

// heads are the pages at the heads of the lists with their views there, and how many views any page may have elsewhere.
func (s *Store) heads(ctx context.Context, lists []hitList, depth int) (known map[string]int64, rest int64, err error) {
	known = map[string]int64{}
	for _, l := range lists {
		head, err := queryAll(ctx, s.read, scanPageHits, `SELECT path, views FROM `+l.table+` WHERE `+l.column+` = $1 ORDER BY views DESC, path DESC LIMIT $2`, string(l.value), depth)
		if err != nil {
			return nil, 0, err
		}
		for _, p := range head {
			known[p.Path] += p.Views
		}
		if len(head) == depth {
			rest += head[depth-1].Views
		}
	}
	return known, rest, nil
}

// worthy are the pages that may be among the first limit ones, when each may have so many views more than is known.
func worthy(known map[string]int64, rest int64, limit int) []string {
	views := slices.Sorted(maps.Values(known))
	least := int64(0)
	if len(views) > limit {
		least = views[len(views)-limit] - rest
	}
	var pages []string
	for path, views := range known {
		if views >= least {
			pages = append(pages, path)
		}
	}
	return pages
}

// summed are all views of the pages within f.
func (s *Store) summed(ctx context.Context, f StatsFilter, pages []string) (list []model.PageHits, err error) {
	for some := range slices.Chunk(pages, askedPages) {
		c := &conditions{}
		asked := make([]string, len(some))
		for i, path := range some {
			asked[i] = c.arg(path)
		}
		views := f.views(c, "hit_page", "path, views", " AND path IN ("+strings.Join(asked, ", ")+")")
		found, err := queryAll(ctx, s.read, scanPageHits, `SELECT path, CAST(SUM(views) AS BIGINT) FROM (`+views+`) h GROUP BY path`, c.args...)
		if err != nil {
			return nil, err
		}
		list = append(list, found...)
	}
	return list, nil
}
