package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"

	"congso/store/model"
)

// Site returns what the portal says of the department; only a name before anybody has set it.
func (r *Reader) Site(ctx context.Context) (model.Site, error) { return site(ctx, r.from) }

func site(ctx context.Context, q querier) (model.Site, error) {
	text, err := queryOne(ctx, q, value[string], `SELECT value FROM setting WHERE name = 'site'`)
	if errors.Is(err, model.ErrNotFound) {
		return model.Site{Name: "Cổng thông tin"}, nil
	}
	if err != nil {
		return model.Site{}, fmt.Errorf("site: %w", err)
	}
	var found model.Site
	if err := json.Unmarshal([]byte(text), &found); err != nil {
		return model.Site{}, fmt.Errorf("site: %w", err)
	}
	return found, nil
}

// PutSite replaces what the portal says of the department. The error is model.Invalid when a rule is broken, or when the opening balance
// would make the total of visits fall.
func (s *Store) PutSite(ctx context.Context, by model.Actor, next *model.Site) error {
	if err := next.Validate(); err != nil {
		return fmt.Errorf("site: %w", err)
	}
	if err := s.change(ctx, func(tx *sql.Tx) error { return s.putSite(ctx, tx, by, next) }); err != nil {
		return fmt.Errorf("site: %w", err)
	}
	return nil
}

func (s *Store) putSite(ctx context.Context, tx *sql.Tx, by model.Actor, next *model.Site) error {
	before, err := site(ctx, tx)
	if err != nil {
		return err
	}
	if next.Opening < before.Opening {
		return model.Invalid{"opening": "Số lượt truy cập ban đầu không được nhỏ hơn " + model.Group(before.Opening) + ", kẻo tổng số lượt truy cập giảm."}
	}
	for field, m := range map[string]*model.Media{"logo": &next.Logo, "banner": &next.Banner.Media} {
		if *m, err = picture(ctx, tx, field, m.ID); err != nil {
			return err
		}
	}
	text, err := json.Marshal(next)
	if err != nil {
		return err
	}
	err = exec(ctx, tx, `INSERT INTO setting (name, value) VALUES ('site', $1) ON CONFLICT (name) DO UPDATE SET value = excluded.value`, string(text))
	if err != nil {
		return err
	}
	if err := s.useMedia(ctx, tx, model.KindSetting, 0, []int64{next.Logo.ID, next.Banner.Media.ID}, nil); err != nil {
		return err
	}
	return s.record(ctx, tx, by, edit{kind: model.KindSetting, before: before, after: *next})
}

// picture is the picture with the id, the zero Media for 0; Invalid for the field when there is none.
func picture(ctx context.Context, q querier, field string, id int64) (model.Media, error) {
	if id == 0 {
		return model.Media{}, nil
	}
	m, err := mediaByID(ctx, q, id)
	if errors.Is(err, model.ErrNotFound) || err == nil && !m.IsPicture() {
		return m, model.Invalid{field: "Không có ảnh nào mang số này trong thư viện tệp."}
	}
	return m, err
}

func scanLinkedSite(row scanner) (model.LinkedSite, error) {
	var l model.LinkedSite
	err := row.Scan(&l.ID, &l.Name, &l.URL, &l.Position)
	return l, err
}

// LinkedSites returns the other sites that the foot of every page names, by position.
func (r *Reader) LinkedSites(ctx context.Context) ([]model.LinkedSite, error) {
	list, err := queryAll(ctx, r.from, scanLinkedSite, `SELECT id, name, url, position FROM linked_site ORDER BY position, id`)
	if err != nil {
		return nil, fmt.Errorf("linked sites: %w", err)
	}
	return list, nil
}

// PutLinkedSite creates the entry (ID 0, which it sets) or updates it. The error is model.Invalid when a rule is broken, the address of
// another entry among them, or model.ErrNotFound for an unknown ID.
func (s *Store) PutLinkedSite(ctx context.Context, by model.Actor, l *model.LinkedSite) error {
	if err := l.Validate(); err != nil {
		return fmt.Errorf("linked site %q: %w", l.URL, err)
	}
	next := *l
	if err := s.change(ctx, func(tx *sql.Tx) error { return s.putLinkedSite(ctx, tx, by, &next) }); err != nil {
		return fmt.Errorf("linked site %q: %w", l.URL, err)
	}
	*l = next
	return nil
}

func (s *Store) putLinkedSite(ctx context.Context, tx *sql.Tx, by model.Actor, l *model.LinkedSite) (err error) {
	var before model.LinkedSite
	if l.ID != 0 {
		before, err = queryOne(ctx, tx, scanLinkedSite, `SELECT id, name, url, position FROM linked_site WHERE id = $1`, l.ID)
		if err != nil {
			return err
		}
	}
	_, err = queryOne(ctx, tx, value[int64], `SELECT id FROM linked_site WHERE url = $1 AND id <> $2`, l.URL, l.ID)
	switch {
	case err == nil:
		return model.Invalid{"url": "Địa chỉ này đã có trong danh sách."}
	case !errors.Is(err, model.ErrNotFound):
		return err
	}
	if l.ID == 0 {
		l.ID, err = queryOne(ctx, tx, value[int64], `INSERT INTO linked_site (name, url, position) VALUES ($1, $2, $3) RETURNING id`, l.Name, l.URL, l.Position)
	} else {
		err = exec(ctx, tx, `UPDATE linked_site SET name = $1, url = $2, position = $3 WHERE id = $4`, l.Name, l.URL, l.Position, l.ID)
	}
	if err != nil {
		return err
	}
	if err := s.approveLinked(ctx, tx, by, l.URL); err != nil {
		return err
	}
	return s.record(ctx, tx, by, edit{kind: model.KindLink, id: l.ID, created: before.ID == 0, before: before, after: *l})
}
