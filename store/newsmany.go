package store

import (
	"context"
	"database/sql"
	"fmt"

	"congso/store/model"
)

// PutManyNews creates the items, in their order, or none of them: each as PutNews does, with its revision, its audit entry and its search
// entry, but in one transaction, which is what makes many of them fast. Every item must be new (ID 0). The error is that of the first item
// which is refused, with its place in the list counted from 1; nothing is stored then.
// The whole list is in memory, and others wait to write meanwhile: some hundreds at a time are a good measure.
func (s *Store) PutManyNews(ctx context.Context, by model.Actor, list []*model.News) error {
	next, rendered := make([]model.News, len(list)), make([]model.Rendered, len(list))
	for i, n := range list {
		var err error
		if next[i], rendered[i], err = s.renderNews(n); err != nil {
			return manyNews(i, *n, err)
		}
		if n.ID != 0 {
			return manyNews(i, *n, model.ErrConflict)
		}
	}
	err := s.change(ctx, func(tx *sql.Tx) error {
		for i := range next {
			if err := s.putNews(ctx, tx, by, &next[i], rendered[i], saving{}); err != nil {
				return manyNews(i, next[i], err)
			}
		}
		return nil
	})
	if err != nil {
		return fmt.Errorf("%d news: %w", len(list), err)
	}
	for i, n := range next {
		*list[i] = n
	}
	return nil
}

func manyNews(place int, n model.News, err error) error {
	return fmt.Errorf("number %d, news %q: %w", place+1, n.Slug, err)
}
