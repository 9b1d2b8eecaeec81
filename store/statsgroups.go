package store

import (
	"cmp"
	"context"
	"fmt"
	"slices"

	"congso/store/model"
)

// belongs is what some records have in common, with how many they are and their views.
type belongs struct {
	section, owner int64
	items          int
	views          int64
}

func scanViews(row scanner) (b belongs, err error) {
	err = row.Scan(&b.section, &b.owner, &b.views)
	return b, err
}

func scanItems(row scanner) (b belongs, err error) {
	err = row.Scan(&b.section, &b.owner, &b.items)
	return b, err
}

// HitsBySection returns the figures of the news of each section, those with more views first.
func (s *Store) HitsBySection(ctx context.Context, f StatsFilter) ([]model.GroupHits, error) {
	rows, err := s.belongings(ctx, model.KindNews, f.bounded(s.Today()))
	if err != nil {
		return nil, fmt.Errorf("hits by section: %w", err)
	}
	return s.grouped(ctx, rows, `SELECT id, name FROM section`, func(b belongs) int64 { return b.section })
}

// HitsByOwner returns the figures of the news and meetings of each person, those with more views first.
func (s *Store) HitsByOwner(ctx context.Context, f StatsFilter) ([]model.GroupHits, error) {
	var rows []belongs
	for kind := range paged() {
		list, err := s.belongings(ctx, kind, f.bounded(s.Today()))
		if err != nil {
			return nil, fmt.Errorf("hits by owner: %w", err)
		}
		rows = append(rows, list...)
	}
	return s.grouped(ctx, rows, `SELECT id, full_name FROM users`, func(b belongs) int64 { return b.owner })
}

// belongings are the views and the new items of the kind by section and owner: a row for views, another for items.
func (s *Store) belongings(ctx context.Context, kind model.Kind, f StatsFilter) ([]belongs, error) {
	of, by := `n.section_id, COALESCE(n.owner_id, 0)`, `n.section_id, n.owner_id`
	if kind != model.KindNews {
		of, by = `0, COALESCE(n.owner_id, 0)`, `n.owner_id`
	}
	if f.From > f.To {
		return nil, nil
	}
	c := &conditions{}
	and := ` AND kind = ` + c.arg(string(kind))
	if f.Owner != 0 {
		and += ` AND owner_id = ` + c.arg(f.Owner)
	}
	views := f.views(c, "hit_group", "section_id, owner_id, views", and)
	rows, err := queryAll(ctx, s.read, scanViews,
		`SELECT section_id, owner_id, CAST(SUM(views) AS BIGINT) FROM (`+views+`) h GROUP BY section_id, owner_id`, c.args...)
	if err != nil {
		return nil, err
	}
	c = &conditions{}
	c.add("n.status = 'published' AND n.visibility IN ('public', 'internal')")
	c.add("n.publish_at >= ? AND n.publish_at < ? AND n.publish_at <= ?", unix(f.From.Time()), unix(dayAfter(f.To)), unix(s.now()))
	if f.Owner != 0 {
		c.add("n.owner_id = ?", f.Owner)
	}
	items, err := queryAll(ctx, s.read, scanItems,
		`SELECT `+of+`, COUNT(*) FROM `+string(kind)+` n`+c.where()+` GROUP BY `+by, c.args...)
	return append(rows, items...), err
}

// grouped sums rows up by what key says, under the names that the query has.
func (s *Store) grouped(ctx context.Context, rows []belongs, query string, key func(belongs) int64) ([]model.GroupHits, error) {
	groups := map[int64]*model.GroupHits{}
	for _, b := range rows {
		g := groups[key(b)]
		if g == nil {
			g = &model.GroupHits{ID: key(b)}
			groups[key(b)] = g
		}
		g.Items += b.items
		g.Views += b.views
	}
	_, err := queryAll(ctx, s.read, func(row scanner) (id int64, err error) {
		var name string
		err = row.Scan(&id, &name)
		if g := groups[id]; g != nil {
			g.Name = name
		}
		return id, err
	}, query)
	if err != nil {
		return nil, fmt.Errorf("names of groups: %w", err)
	}
	var list []model.GroupHits
	for _, g := range groups {
		list = append(list, *g)
	}
	slices.SortFunc(list, func(a, b model.GroupHits) int {
		return cmp.Or(cmp.Compare(b.Views, a.Views), cmp.Compare(b.Items, a.Items), cmp.Compare(a.ID, b.ID))
	})
	return list, nil
}
