package store

import (
	"context"
	"database/sql"
	"fmt"
	"slices"

	"congso/store/model"
)

// ConfirmPerson notes that somebody checked on that day that the person's entry is right; the audit trail says "confirm". The error is
// model.Invalid for the field "day" when it is unknown or ahead, model.ErrNotFound for an unknown person.
func (s *Store) ConfirmPerson(ctx context.Context, by model.Actor, id int64, day model.Day) error {
	err := s.confirm(ctx, by, model.KindPerson, id, day, func(tx *sql.Tx) (any, error) {
		return personByID(ctx, tx, everything(), s.Today(), id)
	})
	if err != nil {
		return fmt.Errorf("confirm person %d: %w", id, err)
	}
	return nil
}

// ConfirmUnit does for a unit what ConfirmPerson does for a person.
func (s *Store) ConfirmUnit(ctx context.Context, by model.Actor, id int64, day model.Day) error {
	err := s.confirm(ctx, by, model.KindUnit, id, day, func(tx *sql.Tx) (any, error) { return unitByID(ctx, tx, everything(), id) })
	if err != nil {
		return fmt.Errorf("confirm unit %d: %w", id, err)
	}
	return nil
}

func (s *Store) confirm(ctx context.Context, by model.Actor, kind model.Kind, id int64, day model.Day, read func(tx *sql.Tx) (any, error)) error {
	if day.Time().IsZero() || day > s.Today() {
		return model.Invalid{"day": "Ngày xác nhận không hợp lệ."}
	}
	return s.change(ctx, func(tx *sql.Tx) error {
		before, err := read(tx)
		if err != nil {
			return err
		}
		revision, err := queryOne(ctx, tx, value[int], `UPDATE `+string(kind)+` SET confirmed_on = $1, updated_at = $2, revision = revision + 1
			WHERE id = $3 RETURNING revision`, day, unix(s.now()), id)
		if err != nil {
			return err
		}
		after, err := read(tx)
		if err != nil {
			return err
		}
		return s.record(ctx, tx, by, edit{kind: kind, id: id, revision: revision, before: before, after: after, action: "confirm"})
	})
}

// Unconfirmed returns the units that stand today and the people in post whose entries nobody has confirmed on the day or later, those never
// confirmed first, then the longest ago.
func (s *Store) Unconfirmed(ctx context.Context, before model.Day) ([]model.Unconfirmed, error) {
	d, err := s.Directory(ctx, everything())
	if err != nil {
		return nil, err
	}
	var list []model.Unconfirmed
	for _, u := range d.Units {
		list = append(list, model.Unconfirmed{Kind: model.KindUnit, ID: u.ID, Slug: u.Slug, Name: u.Name, ConfirmedOn: u.ConfirmedOn})
	}
	for _, p := range d.People {
		list = append(list, model.Unconfirmed{Kind: model.KindPerson, ID: p.ID, Slug: p.Slug, Name: p.Name, ConfirmedOn: p.ConfirmedOn})
	}
	list = filter(list, func(u model.Unconfirmed) bool { return u.ConfirmedOn < before })
	slices.SortStableFunc(list, func(a, b model.Unconfirmed) int {
		switch {
		case a.ConfirmedOn < b.ConfirmedOn:
			return -1
		case a.ConfirmedOn > b.ConfirmedOn:
			return 1
		}
		return 0
	})
	return list, nil
}

// ArchivePerson ends the person's posts today, their last day; posts that were still to begin go. The person's page stays, for what links
// to it. The audit trail says "archive".
func (s *Store) ArchivePerson(ctx context.Context, by model.Actor, id int64) error {
	err := s.change(ctx, func(tx *sql.Tx) error {
		today := s.Today()
		p, err := personByID(ctx, tx, everything(), today, id)
		if err != nil {
			return err
		}
		p.Posts = filter(p.Posts, func(post model.Post) bool { return post.From <= today })
		for i := range p.Posts {
			if post := &p.Posts[i]; post.Until == "" || post.Until > today {
				post.Until = today
			}
		}
		return s.putPerson(ctx, tx, by, &p, "archive")
	})
	if err != nil {
		return fmt.Errorf("archive person %d: %w", id, err)
	}
	return nil
}
