package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"

	"congso/store/model"
)

// setting is the value of a setting, "" when it was never set.
func setting(ctx context.Context, q querier, name string) (string, error) {
	text, err := queryOne(ctx, q, value[string], `SELECT value FROM setting WHERE name = $1`, name)
	if errors.Is(err, model.ErrNotFound) {
		return "", nil
	}
	return text, err
}

func keepSetting(ctx context.Context, tx *sql.Tx, name, text string) error {
	return exec(ctx, tx, `INSERT INTO setting (name, value) VALUES ($1, $2) ON CONFLICT (name) DO UPDATE SET value = excluded.value`, name, text)
}

// keptState is what the program keeps for itself under a setting's name, the zero state before it first did.
func keptState[T any](ctx context.Context, q querier, name string) (state T, err error) {
	text, err := setting(ctx, q, name)
	if err == nil && text != "" {
		err = json.Unmarshal([]byte(text), &state)
	}
	if err != nil {
		return state, fmt.Errorf("setting %s: %w", name, err)
	}
	return state, nil
}

// changeState lets change have its way with what is kept under a name, and returns the outcome once that is kept. Nothing is written when
// nothing changes.
func changeState[T comparable](ctx context.Context, s *Store, name string, change func(state *T)) (after T, err error) {
	err = s.tx(ctx, func(tx *sql.Tx) error {
		if s.postgres { // another copy of the program may do so now
			if _, err := lockAudit(ctx, tx); err != nil {
				return err
			}
		}
		before, err := keptState[T](ctx, tx, name)
		if err != nil {
			return err
		}
		after = before
		if change(&after); after == before {
			return nil
		}
		text, err := json.Marshal(after)
		if err != nil {
			return err
		}
		return keepSetting(ctx, tx, name, string(text))
	})
	return after, err
}
