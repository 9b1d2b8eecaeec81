package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"

	"congso/store/model"
)

// PersonByID returns the person with all posts and numbers, for the desk; model.ErrNotFound for an unknown id.
func (s *Store) PersonByID(ctx context.Context, id int64) (model.Person, error) {
	p, err := personByID(ctx, s.read, everything(), s.Today(), id)
	if err != nil {
		return p, fmt.Errorf("person %d: %w", id, err)
	}
	return p, nil
}

// UnitByID returns the unit with all numbers, for the desk; model.ErrNotFound for an unknown id.
func (s *Store) UnitByID(ctx context.Context, id int64) (model.Unit, error) {
	u, err := unitByID(ctx, s.read, everything(), id)
	if err != nil {
		return u, fmt.Errorf("unit %d: %w", id, err)
	}
	return u, nil
}

// RestorePerson undoes the latest ArchivePerson: the person holds again the posts held before. The audit trail says "restore". The error is
// model.ErrConflict when the person has another revision, model.Invalid for "posts" when no archiving is to be undone.
func (s *Store) RestorePerson(ctx context.Context, by model.Actor, id int64, revision int) error {
	err := s.change(ctx, func(tx *sql.Tx) error {
		p, err := personByID(ctx, tx, everything(), s.Today(), id)
		if err != nil {
			return err
		}
		if p.Revision != revision {
			return model.ErrConflict
		}
		before, err := personBeforeArchive(ctx, tx, id)
		if err != nil {
			return err
		}
		p.Posts = before.Posts
		return s.putPerson(ctx, tx, by, &p, string(model.ActionRestore))
	})
	if err != nil {
		return fmt.Errorf("restore person %d: %w", id, err)
	}
	return nil
}

func personBeforeArchive(ctx context.Context, q querier, id int64) (p model.Person, err error) {
	data, err := queryOne(ctx, q, value[string], `SELECT data FROM revision WHERE kind = 'person' AND record_id = $1 AND number <
		(SELECT MAX(number) FROM revision WHERE kind = 'person' AND record_id = $1 AND action = 'archive') ORDER BY number DESC LIMIT 1`, id)
	if errors.Is(err, model.ErrNotFound) {
		return p, model.Invalid{"posts": "Không có lần lưu trữ nào để khôi phục."}
	}
	if err == nil {
		err = json.Unmarshal([]byte(data), &p)
	}
	return p, err
}

// ContactMatches reports whether an entry with these names and numbers is one that text finds at the desk: all its words, with accents or
// without, or at least three digits of a number. Empty text finds all.
func ContactMatches(text string, names []string, numbers []model.Number) bool {
	words := nameWords(text)
	return len(words) == 0 || holdsDigits(numbers, typedDigits(text)) || holdsWords(words, names)
}
