package store

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"congso/store/model"
)

// NewsFilter says which list of news items is meant; the zero filter is that of all. At most one of its fields may be set.
type NewsFilter struct {
	Section  int64  // 0 for all
	Tag      string // slug, "" for all
	Featured bool   // only featured ones
}

// list is the list that f names, or model.ErrNotFound for a tag that there is none of.
func (f NewsFilter) list(ctx context.Context, q querier, v model.Viewer, now int64) (listing, error) {
	switch {
	case f.Tag != "" && !model.ValidSlug(f.Tag):
		return listing{}, model.ErrNotFound
	case f.Tag != "":
		tag, err := queryOne(ctx, q, value[int64], `SELECT id FROM tag WHERE slug = $1`, f.Tag)
		return newListing(q, v, now, listTag, tag), err
	case f.Featured:
		return newListing(q, v, now, listFeatured, 0), nil
	case f.Section != 0:
		return newListing(q, v, now, listSection, f.Section), nil
	}
	return newListing(q, v, now, listNews, 0), nil
}

// NewsPage returns one page (from 1, of size items) of the items that v may see now, newest first, and how many there are in all.
// A page beyond the last is empty. Every page costs the same, however many there are.
func (r *Reader) NewsPage(ctx context.Context, v model.Viewer, f NewsFilter, page, size int) (items []model.News, total int, err error) {
	l, err := f.list(ctx, r.from, v, unix(r.now()))
	if errors.Is(err, model.ErrNotFound) {
		return nil, 0, nil
	}
	if err == nil {
		items, total, err = l.newsPage(ctx, page, size)
	}
	if err != nil {
		return nil, 0, fmt.Errorf("news, page %d: %w", page, err)
	}
	return items, total, nil
}

func (l listing) newsPage(ctx context.Context, page, size int) ([]model.News, int, error) {
	counted, err := l.count(ctx)
	if err != nil {
		return nil, 0, err
	}
	start, ok, err := counted.page(ctx, page, size)
	if err != nil || !ok {
		return nil, counted.total, err
	}
	c := l.shownFrom(start)
	items, err := l.news(ctx, c, newestFirst, size)
	return items, counted.total, err
}

// news returns the first items of the list that meet the conditions, at most so many.
func (l listing) news(ctx context.Context, c *conditions, order string, most int) ([]model.News, error) {
	list, err := queryAll(ctx, l.q, scanListed, l.newsQuery(c, order, most), c.args...)
	if err != nil {
		return nil, err
	}
	return list, addCovers(ctx, l.q, list)
}

func (l listing) newsQuery(c *conditions, order string, most int) string {
	c.add("c.id = n.section_id")
	return `SELECT ` + newsListed + l.tables() + ` CROSS JOIN section c` + c.where() + order + atMost(most)
}

// NewestNews returns the first items of the list, at most so many, without counting it.
func (r *Reader) NewestNews(ctx context.Context, v model.Viewer, f NewsFilter, most int) ([]model.News, error) {
	l, err := f.list(ctx, r.from, v, unix(r.now()))
	if errors.Is(err, model.ErrNotFound) {
		return nil, nil
	}
	var items []model.News
	if err == nil {
		items, err = l.news(ctx, l.shown(), newestFirst, most)
	}
	if err != nil {
		return nil, fmt.Errorf("newest news: %w", err)
	}
	return items, nil
}

// NewestNotices returns the newest items of the sections that hold notices, at most so many: the newest of each such section are compared.
func (r *Reader) NewestNotices(ctx context.Context, v model.Viewer, most int) ([]model.NewsLink, error) {
	sections, err := queryAll(ctx, r.from, value[int64], `SELECT id FROM section WHERE notice = TRUE ORDER BY id`)
	if err != nil || len(sections) == 0 {
		return nil, err
	}
	var arms []string
	var all conditions
	for i, section := range sections {
		l := newListing(r.from, v, unix(r.now()), listSection, section)
		c := l.shownAfter(&all)
		arms = append(arms, fmt.Sprintf(`SELECT * FROM (SELECT %s%s%s%s%s) AS s%d`, newsLink, l.tables(), c.where(), newestFirst, atMost(most), i))
		all.args = c.args
	}
	list, err := queryAll(ctx, r.from, scanNewsLink, strings.Join(arms, " UNION ALL "), all.args...)
	if err != nil {
		return nil, fmt.Errorf("newest notices: %w", err)
	}
	slices.SortFunc(list, func(a, b model.NewsLink) int {
		return cmp.Or(b.PublishAt.Compare(a.PublishAt), cmp.Compare(b.ID, a.ID))
	})
	return list[:min(len(list), max(most, 0))], nil
}

const newsLink = `n.id, n.slug, n.title, n.publish_at`

func scanNewsLink(row scanner) (n model.NewsLink, err error) {
	err = row.Scan(&n.ID, &n.Slug, &n.Title, moment{&n.PublishAt})
	return n, err
}
