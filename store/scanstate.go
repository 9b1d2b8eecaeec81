package store

import (
	"context"
	"database/sql"
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
	state, err := keptState[model.ScanState](ctx, s.read, scanStateSetting)
	if err != nil {
		return state, fmt.Errorf("state of scans: %w", err)
	}
	return state, nil
}

// PutScanState lets change have its way with the state, and returns the outcome once that is kept. Nothing is written when nothing changes.
func (s *Store) PutScanState(ctx context.Context, change func(state *model.ScanState)) (model.ScanState, error) {
	after, err := changeState(ctx, s, scanStateSetting, change)
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
