package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"strings"

	"congso/store/model"
)

// DeleteLinkedSite takes the site out of the foot of the pages, or returns model.ErrNotFound.
func (s *Store) DeleteLinkedSite(ctx context.Context, by model.Actor, id int64) error {
	err := s.change(ctx, func(tx *sql.Tx) error {
		if _, err := queryOne(ctx, tx, value[int64], `DELETE FROM linked_site WHERE id = $1 RETURNING id`, id); err != nil {
			return err
		}
		return s.audit(ctx, tx, by, "delete", model.KindLink, id, nil)
	})
	if err != nil {
		return fmt.Errorf("delete linked site %d: %w", id, err)
	}
	return nil
}

// Redirects returns one page (from 1) of the old addresses that are sent on, in their order, and how many there are. text is looked for
// in both addresses, in capitals or not; "" for all.
func (s *Store) Redirects(ctx context.Context, text string, page, size int) (list []model.Redirect, total int, err error) {
	c := &conditions{}
	if text = model.Clean(text); text != "" {
		c.contains("LOWER(from_path || ' ' || to_path)", strings.ToLower(text))
	}
	where := c.where()
	if total, err = queryOne(ctx, s.read, value[int], `SELECT COUNT(*) FROM redirect`+where, c.args...); err != nil {
		return nil, 0, fmt.Errorf("redirects: %w", err)
	}
	limit, ok := c.limit(page, size, total)
	if !ok {
		return nil, total, nil
	}
	scan := func(row scanner) (model.Redirect, error) {
		var r model.Redirect
		err := row.Scan(&r.From, &r.To, moment{&r.CreatedAt})
		return r, err
	}
	list, err = queryAll(ctx, s.read, scan, `SELECT from_path, to_path, created_at FROM redirect`+where+` ORDER BY from_path`+limit, c.args...)
	if err != nil {
		return nil, 0, fmt.Errorf("redirects: %w", err)
	}
	return list, total, nil
}

// DeleteRedirect forgets an old address, or returns model.ErrNotFound.
func (s *Store) DeleteRedirect(ctx context.Context, by model.Actor, from string) (to string, err error) {
	err = s.change(ctx, func(tx *sql.Tx) error {
		if to, err = queryOne(ctx, tx, value[string], `DELETE FROM redirect WHERE from_path = $1 RETURNING to_path`, from); err != nil {
			return err
		}
		return s.audit(ctx, tx, by, "delete", model.KindMoved, 0, nil)
	})
	if err != nil {
		return "", fmt.Errorf("delete redirect %q: %w", from, err)
	}
	return to, nil
}

// DeleteSection removes a section that nothing hangs on; its slug is never given away again. The error is model.Invalid for the field
// "section" while it has news items of any status, sections below it, or accounts whose rights it bounds (without it they would reach
// everywhere); model.ErrNotFound when there is no such section.
func (s *Store) DeleteSection(ctx context.Context, by model.Actor, id int64) error {
	err := s.change(ctx, func(tx *sql.Tx) error {
		section, err := sectionByID(ctx, tx, id)
		if err != nil {
			return err
		}
		if err := nothingHangsOn(ctx, tx, id); err != nil {
			return err
		}
		if err := exec(ctx, tx, `INSERT INTO old_slug (kind, slug, record_id) VALUES ($1, $2, $3)`, model.KindSection, section.Slug, id); err != nil {
			return err
		}
		if err := exec(ctx, tx, `DELETE FROM section WHERE id = $1`, id); err != nil {
			return err
		}
		return s.audit(ctx, tx, by, "delete", model.KindSection, id, nil)
	})
	if err != nil {
		return fmt.Errorf("delete section %d: %w", id, err)
	}
	return nil
}

func nothingHangsOn(ctx context.Context, tx *sql.Tx, section int64) error {
	for _, hold := range []struct{ query, message string }{
		{`SELECT id FROM news WHERE section_id = $1 LIMIT 1`, "Chuyên mục còn tin, kể cả tin nháp và tin đã lưu trữ. Hãy chuyển tin sang chuyên mục khác trước."},
		{`SELECT id FROM section WHERE parent_id = $1 LIMIT 1`, "Chuyên mục còn chuyên mục con."},
		{`SELECT user_id FROM users_section WHERE section_id = $1 LIMIT 1`, "Chuyên mục còn được giao cho người dùng."},
	} {
		_, err := queryOne(ctx, tx, value[int64], hold.query, section)
		if err == nil {
			return model.Invalid{"section": hold.message}
		}
		if !errors.Is(err, model.ErrNotFound) {
			return err
		}
	}
	return nil
}

// OrderSections puts the sections with those ids in that order, before all others. Sections that stay where they are leave no entry in the
// audit trail. The error is model.Invalid for the field "order" when an id is unknown or comes twice.
func (s *Store) OrderSections(ctx context.Context, by model.Actor, ids []int64) error {
	err := s.change(ctx, func(tx *sql.Tx) error {
		all, err := queryAll(ctx, tx, scanSection, `SELECT `+sectionColumns+` FROM section c ORDER BY c.position, c.slug`)
		if err != nil {
			return err
		}
		ordered, err := inOrder(all, ids)
		if err != nil {
			return err
		}
		for i, before := range ordered {
			if before.Position == i {
				continue
			}
			after := before
			after.Position = i
			if err := exec(ctx, tx, `UPDATE section SET position = $1 WHERE id = $2`, i, before.ID); err != nil {
				return err
			}
			if err := s.record(ctx, tx, by, edit{kind: model.KindSection, id: before.ID, before: before, after: after}); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return fmt.Errorf("order of sections: %w", err)
	}
	return nil
}

// inOrder puts the sections with those ids first.
func inOrder(all []model.Section, ids []int64) ([]model.Section, error) {
	var first []model.Section
	for _, id := range ids {
		i := slices.IndexFunc(all, func(c model.Section) bool { return c.ID == id })
		if i < 0 {
			return nil, model.Invalid{"order": "Danh sách chuyên mục đã thay đổi, xin tải lại trang."}
		}
		first = append(first, all[i])
		all = slices.Delete(slices.Clone(all), i, i+1)
	}
	return append(first, all...), nil
}
