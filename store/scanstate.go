package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"

	"congso/store/model"
)

// Names of settings of the guard.
const (
	scanStateSetting = "scan_state"
	scanWordsSetting = "scan_words"
)

// ScanState is what is known of the last search for planted links, the zero state before the first.
func (s *Store) ScanState(ctx context.Context) (model.ScanState, error) {
	return scanState(ctx, s.read)
}

func scanState(ctx context.Context, q querier) (state model.ScanState, err error) {
	text, err := setting(ctx, q, scanStateSetting)
	if err == nil && text != "" {
		err = json.Unmarshal([]byte(text), &state)
	}
	if err != nil {
		return state, fmt.Errorf("state of scans: %w", err)
	}
	return state, nil
}

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

// PutScanState lets change have its way with the state, and returns the outcome once that is kept.
func (s *Store) PutScanState(ctx context.Context, change func(state *model.ScanState)) (after model.ScanState, err error) {
	err = s.tx(ctx, func(tx *sql.Tx) error {
		if s.postgres { // another copy of the program may do so now
			if _, err := lockAudit(ctx, tx); err != nil {
				return err
			}
		}
		before, err := scanState(ctx, tx)
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
		return keepSetting(ctx, tx, scanStateSetting, string(text))
	})
	if err != nil {
		return after, fmt.Errorf("state of scans: %w", err)
	}
	return after, nil
}

// ScanWords is the list of words that an administrator has made of the one that comes with the program, "" while nobody has.
func (s *Store) ScanWords(ctx context.Context) (string, error) {
	text, err := setting(ctx, s.read, scanWordsSetting)
	if err != nil {
		return "", fmt.Errorf("words of the scan: %w", err)
	}
	return text, nil
}

// maxScanWords is how long the list may be, in characters.
const maxScanWords = 100_000

// PutScanWords replaces the list of words; "" brings that of the program back.
func (s *Store) PutScanWords(ctx context.Context, by model.Actor, words string) error {
	words = model.CleanLines(words)
	if len([]rune(words)) > maxScanWords {
		return fmt.Errorf("words of the scan: %w", model.Invalid{"words": "Danh sách dài quá " + model.Group(maxScanWords) + " ký tự."})
	}
	err := s.change(ctx, func(tx *sql.Tx) error {
		if err := keepSetting(ctx, tx, scanWordsSetting, words); err != nil {
			return err
		}
		return s.audit(ctx, tx, by, "update", model.KindSetting, 0, []string{"scan_words"})
	})
	if err != nil {
		return fmt.Errorf("words of the scan: %w", err)
	}
	return nil
}
