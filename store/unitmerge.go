package store

import (
	"context"
	"database/sql"
	"fmt"

	"congso/store/model"
)

// PlanMerge says what MergeUnit would do to the directory as it is now, with the errors of model.MergeUnits.
func (s *Store) PlanMerge(ctx context.Context, from, into int64, day model.Day, posts bool) (model.UnitMerge, error) {
	return s.planMerge(ctx, s.read, from, into, day, posts)
}

func (s *Store) planMerge(ctx context.Context, q querier, from, into int64, day model.Day, posts bool) (model.UnitMerge, error) {
	d, err := wholeDirectory(ctx, q, everything(), s.Today())
	if err != nil {
		return model.UnitMerge{}, err
	}
	merge, err := model.MergeUnits(d, from, into, day, posts)
	if err != nil {
		return merge, fmt.Errorf("merge of unit %d into %d: %w", from, into, err)
	}
	return merge, nil
}

// MergeUnit has the unit from go over into the unit into on the day, as model.MergeUnits says: units and people are written in one
// transaction, each with its revision, audit and search entries. The error is model.ErrConflict when revision is not that of from.
func (s *Store) MergeUnit(ctx context.Context, by model.Actor, from, into int64, revision int, day model.Day, posts bool) error {
	err := s.change(ctx, func(tx *sql.Tx) error {
		merge, err := s.planMerge(ctx, tx, from, into, day, posts)
		if err != nil {
			return err
		}
		if merge.From.Revision != revision {
			return model.ErrConflict
		}
		return s.applyMerge(ctx, tx, by, merge)
	})
	if err != nil {
		return fmt.Errorf("merge of unit %d: %w", from, err)
	}
	return nil
}

func (s *Store) applyMerge(ctx context.Context, tx *sql.Tx, by model.Actor, merge model.UnitMerge) error {
	units := append([]model.Unit{merge.From}, merge.Children...)
	if merge.Lifted {
		units = append([]model.Unit{merge.Into}, units...)
	}
	for _, u := range units {
		if err := s.putUnit(ctx, tx, by, &u); err != nil {
			return fmt.Errorf("unit %q: %w", u.Slug, err)
		}
	}
	for _, p := range merge.People {
		if err := s.putPerson(ctx, tx, by, &p, ""); err != nil {
			return fmt.Errorf("person %q: %w", p.Slug, err)
		}
	}
	return nil
}
