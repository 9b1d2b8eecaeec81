package store

import (
	"context"
	"database/sql"
	"fmt"

	"congso/store/model"
)

// menuRow is an entry with its place in the tree.
type menuRow struct {
	model.MenuItem
	id, parent int64
}

// Menu returns the configured menu in its order, nothing when nobody has made one.
func (r *Reader) Menu(ctx context.Context) ([]model.MenuItem, error) {
	items, err := menu(ctx, r.from)
	if err != nil {
		return nil, fmt.Errorf("menu: %w", err)
	}
	return items, nil
}

func menu(ctx context.Context, q querier) ([]model.MenuItem, error) {
	scan := func(row scanner) (menuRow, error) {
		var r menuRow
		err := row.Scan(&r.id, &r.parent, &r.Label, &r.LabelEN, &r.Href)
		return r, err
	}
	rows, err := queryAll(ctx, q, scan, `SELECT id, COALESCE(parent_id, 0), label, label_en, href FROM menu_item ORDER BY position, id`)
	if err != nil {
		return nil, err
	}
	below := map[int64][]model.MenuItem{}
	for _, r := range rows {
		if r.parent != 0 {
			below[r.parent] = append(below[r.parent], r.MenuItem)
		}
	}
	var items []model.MenuItem
	for _, r := range rows {
		if r.parent == 0 {
			r.Children = below[r.id]
			items = append(items, r.MenuItem)
		}
	}
	return items, nil
}

// PutMenu replaces the whole menu; an empty one gives the page its own menu back. The error is model.Invalid when a rule is broken (see
// model.ValidateMenu).
func (s *Store) PutMenu(ctx context.Context, by model.Actor, items []model.MenuItem) error {
	if err := model.ValidateMenu(items); err != nil {
		return fmt.Errorf("menu: %w", err)
	}
	err := s.change(ctx, func(tx *sql.Tx) error {
		if err := exec(ctx, tx, `DELETE FROM menu_item WHERE parent_id IS NOT NULL`); err != nil {
			return err
		}
		if err := exec(ctx, tx, `DELETE FROM menu_item`); err != nil {
			return err
		}
		if err := putMenuItems(ctx, tx, 0, items); err != nil {
			return err
		}
		return s.audit(ctx, tx, by, "update", model.KindMenu, 0, []string{"items"})
	})
	if err != nil {
		return fmt.Errorf("menu: %w", err)
	}
	return nil
}

func putMenuItems(ctx context.Context, tx *sql.Tx, parent int64, items []model.MenuItem) error {
	for i, item := range items {
		id, err := queryOne(ctx, tx, value[int64], `INSERT INTO menu_item (parent_id, position, label, label_en, href) VALUES ($1, $2, $3, $4, $5)
			RETURNING id`, orNull(parent), i, item.Label, item.LabelEN, item.Href)
		if err != nil {
			return err
		}
		if err := putMenuItems(ctx, tx, id, item.Children); err != nil {
			return err
		}
	}
	return nil
}
