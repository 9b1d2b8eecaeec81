package store

import (
	"context"
	"errors"
	"fmt"

	"congso/store/model"
)

// NewsFilter says which news items a list holds; the zero filter takes all.
type NewsFilter struct {
	Section  int64  // 0 for all
	Tag      string // slug, "" for all
	Notices  bool   // only those of sections that hold notices
	Featured bool   // only featured ones
}

// newest is the order of every list of news.
const newest = ` ORDER BY n.publish_at DESC, n.id DESC`

func (f NewsFilter) conditions(v model.Viewer, now int64) *conditions {
	c := &conditions{}
	c.showing("n", v, now)
	if f.Section != 0 {
		c.add("n.section_id = ?", f.Section)
	}
	if f.Notices {
		c.add("c.notice = TRUE")
	}
	if f.Featured {
		c.add("n.featured = TRUE")
	}
	switch {
	case model.ValidSlug(f.Tag):
		c.add("n.id IN (SELECT x.news_id FROM news_tag x JOIN tag t ON t.id = x.tag_id WHERE t.slug = ?)", f.Tag)
	case f.Tag != "":
		c.never()
	}
	return c
}

// NewsPage returns one page (from 1, of size items) of the items that v may see now, newest first, and how many there are in all.
// A page beyond the last is empty.
func (r *Reader) NewsPage(ctx context.Context, v model.Viewer, f NewsFilter, page, size int) (items []model.News, total int, err error) {
	c := f.conditions(v, unix(r.now()))
	if total, err = queryOne(ctx, r.from, value[int], `SELECT COUNT(*)`+newsTables+c.where(), c.args...); err != nil {
		return nil, 0, fmt.Errorf("news, page %d: %w", page, err)
	}
	where := c.where()
	limit, ok := c.limit(page, size, total)
	if !ok {
		return nil, total, nil
	}
	if items, err = newsList(ctx, r.from, where+newest+limit, c.args...); err != nil {
		return nil, 0, fmt.Errorf("news, page %d: %w", page, err)
	}
	return items, total, nil
}

// NewestNews returns the first items of the list, at most so many, without counting it.
func (r *Reader) NewestNews(ctx context.Context, v model.Viewer, f NewsFilter, most int) ([]model.News, error) {
	c := f.conditions(v, unix(r.now()))
	clauses := c.where() + newest + ` LIMIT ` + c.arg(most)
	items, err := newsList(ctx, r.from, clauses, c.args...)
	if err != nil {
		return nil, fmt.Errorf("newest news: %w", err)
	}
	return items, nil
}

// NewsBySlug returns the whole item. The error is model.ErrNotFound, model.ErrGone for an item that v could see before it was archived
// or expired, or model.Moved for a slug that it had before.
func (r *Reader) NewsBySlug(ctx context.Context, v model.Viewer, slug string) (model.News, error) {
	n, moved, err := r.newsAt(ctx, slug)
	if err == nil {
		err = r.reveal(ctx, v, &n)
	}
	if err == nil && moved {
		err = model.Moved{Slug: n.Slug}
	}
	if err != nil {
		return model.News{}, fmt.Errorf("news %q: %w", slug, err)
	}
	return n.News, nil
}

// newsAt is the item that has the slug, or had it before.
func (r *Reader) newsAt(ctx context.Context, slug string) (n newsRow, moved bool, err error) {
	if !model.ValidSlug(slug) {
		return n, false, model.ErrNotFound
	}
	n, err = queryOne(ctx, r.from, scanNewsRow, newsWhole+` WHERE n.slug = $1`, slug)
	if !errors.Is(err, model.ErrNotFound) {
		return n, false, err
	}
	n, err = queryOne(ctx, r.from, scanNewsRow, newsWhole+` WHERE n.id = (SELECT record_id FROM old_slug WHERE kind = $1 AND slug = $2)`, model.KindNews, slug)
	return n, true, err
}

// NewsByID returns the whole item, or model.ErrNotFound or model.ErrGone as NewsBySlug does.
func (r *Reader) NewsByID(ctx context.Context, v model.Viewer, id int64) (model.News, error) {
	n, err := queryOne(ctx, r.from, scanNewsRow, newsWhole+` WHERE n.id = $1`, id)
	if err == nil {
		err = r.reveal(ctx, v, &n)
	}
	if err != nil {
		return model.News{}, fmt.Errorf("news %d: %w", id, err)
	}
	return n.News, nil
}

// reveal completes the item when v may see it.
func (r *Reader) reveal(ctx context.Context, v model.Viewer, n *newsRow) error {
	if err := reveal(n.Lifecycle, v, unix(r.now())); err != nil {
		return err
	}
	return addBelongings(ctx, r.from, n)
}

// TagName returns the name of the tag of that slug, or model.ErrNotFound.
func (r *Reader) TagName(ctx context.Context, slug string) (string, error) {
	name, err := queryOne(ctx, r.from, value[string], `SELECT name FROM tag WHERE slug = $1`, slug)
	if err != nil {
		return "", fmt.Errorf("tag %q: %w", slug, err)
	}
	return name, nil
}
