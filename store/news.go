package store

import (
	"context"
	"errors"
	"fmt"

	"congso/store/model"
)

// NewsBySlug returns the item as its page shows it: without its Markdown text and what only desks need. The error is model.ErrNotFound, model.ErrGone for an item that v could see before it was archived
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
	n, err = queryOne(ctx, r.from, scanShown, newsShown+` WHERE n.slug = $1`, slug)
	if !errors.Is(err, model.ErrNotFound) {
		return n, false, err
	}
	n, err = queryOne(ctx, r.from, scanShown, newsShown+` WHERE n.id = (SELECT record_id FROM old_slug WHERE kind = $1 AND slug = $2)`, model.KindNews, slug)
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
