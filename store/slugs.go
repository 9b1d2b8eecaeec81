package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"congso/store/model"
)

// maxStem is how much of a slug stays before a number is put behind it: model.ValidSlug allows 80 bytes.
const maxStem = 72

// The kinds that have slugs are named as their tables are.

// findSlug returns the id of the record that has the slug now, or had it before (moved), or ErrNotFound.
func findSlug(ctx context.Context, q querier, kind model.Kind, slug string) (id int64, moved bool, err error) {
	if !model.ValidSlug(slug) {
		return 0, false, model.ErrNotFound
	}
	id, err = queryOne(ctx, q, value[int64], `SELECT id FROM `+string(kind)+` WHERE slug = $1`, slug)
	if !errors.Is(err, model.ErrNotFound) {
		return id, false, err
	}
	id, err = queryOne(ctx, q, value[int64], `SELECT record_id FROM old_slug WHERE kind = $1 AND slug = $2`, kind, slug)
	return id, true, err
}

// settleSlug returns the slug that a record is to have. A new record (id 0) gets the wanted one, with a number behind it when that was
// ever taken; a record that changes its slug leaves a redirect, and is refused one that another record has or had.
func settleSlug(ctx context.Context, tx *sql.Tx, kind model.Kind, id int64, old, wanted string) (string, error) {
	if id != 0 && old == wanted {
		return wanted, nil
	}
	owner, moved, err := findSlug(ctx, tx, kind, wanted)
	free := errors.Is(err, model.ErrNotFound)
	switch {
	case err != nil && !free:
		return "", err
	case id == 0 && free:
		return wanted, nil
	case id == 0:
		return numberedSlug(ctx, tx, kind, wanted)
	case !free && !(moved && owner == id):
		return "", model.Invalid{"slug": "Địa chỉ này đã được dùng, xin chọn địa chỉ khác."}
	}
	if err := exec(ctx, tx, `DELETE FROM old_slug WHERE kind = $1 AND slug = $2`, kind, wanted); err != nil {
		return "", err
	}
	return wanted, exec(ctx, tx, `INSERT INTO old_slug (kind, slug, record_id) VALUES ($1, $2, $3)`, kind, old, id)
}

// numberedSlug returns the first of slug-2, slug-3, … that no record of the kind has or had.
func numberedSlug(ctx context.Context, tx *sql.Tx, kind model.Kind, slug string) (string, error) {
	stem := model.Slug(slug[:min(len(slug), maxStem)])
	// '.' follows '-' in ASCII, and the columns compare byte by byte.
	query := `SELECT slug FROM ` + string(kind) + ` WHERE slug > $1 AND slug < $2
		UNION ALL SELECT slug FROM old_slug WHERE slug > $1 AND slug < $2 AND kind = $3`
	list, err := queryAll(ctx, tx, value[string], query, stem+"-", stem+".", kind)
	if err != nil {
		return "", err
	}
	taken := make(map[string]bool, len(list))
	for _, s := range list {
		taken[s] = true
	}
	for number := 2; ; number++ {
		if next := fmt.Sprintf("%s-%d", stem, number); !taken[next] {
			return next, nil
		}
	}
}

// exists reports whether the kind has a record with that id.
func exists(ctx context.Context, q querier, kind model.Kind, id int64) (bool, error) {
	_, err := queryOne(ctx, q, value[int64], `SELECT id FROM `+string(kind)+` WHERE id = $1`, id)
	if errors.Is(err, model.ErrNotFound) {
		return false, nil
	}
	return err == nil, err
}

// refer returns Invalid for the field unless id is 0 or a record of the kind.
func refer(ctx context.Context, q querier, kind model.Kind, id int64, field, message string) error {
	if id == 0 {
		return nil
	}
	there, err := exists(ctx, q, kind, id)
	if err == nil && !there {
		err = model.Invalid{field: message}
	}
	return err
}

// descends reports whether the record root is reached from id by going up the column, which refers to a record of the same kind.
func descends(ctx context.Context, q querier, kind model.Kind, column string, id, root int64) (bool, error) {
	for seen := map[int64]bool{}; id != 0 && !seen[id]; {
		if id == root {
			return true, nil
		}
		seen[id] = true
		up, err := queryOne(ctx, q, value[int64], `SELECT COALESCE(`+column+`, 0) FROM `+string(kind)+` WHERE id = $1`, id)
		if err != nil && !errors.Is(err, model.ErrNotFound) {
			return false, err
		}
		id = up
	}
	return false, nil
}
