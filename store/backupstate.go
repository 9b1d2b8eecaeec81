package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"

	"congso/store/model"
)

// BackupState is what is known of the portal's backups, the zero state before the first.
func (s *Store) BackupState(ctx context.Context) (model.BackupState, error) {
	return backupState(ctx, s.read)
}

func backupState(ctx context.Context, q querier) (b model.BackupState, err error) {
	text, err := queryOne(ctx, q, value[string], `SELECT value FROM setting WHERE name = 'backup_state'`)
	if errors.Is(err, model.ErrNotFound) {
		return b, nil
	}
	if err == nil {
		err = json.Unmarshal([]byte(text), &b)
	}
	if err != nil {
		return b, fmt.Errorf("state of backups: %w", err)
	}
	return b, nil
}

// PutBackupState lets change have its way with the state, and keeps the outcome. Nothing is written when nothing changes.
func (s *Store) PutBackupState(ctx context.Context, change func(b *model.BackupState)) error {
	err := s.tx(ctx, func(tx *sql.Tx) error {
		if s.postgres { // another copy of the program may do so now
			if _, err := lockAudit(ctx, tx); err != nil {
				return err
			}
		}
		before, err := backupState(ctx, tx)
		if err != nil {
			return err
		}
		after := before
		if change(&after); after == before {
			return nil
		}
		text, err := json.Marshal(after)
		if err != nil {
			return err
		}
		return exec(ctx, tx, `INSERT INTO setting (name, value) VALUES ('backup_state', $1) ON CONFLICT (name) DO UPDATE SET value = excluded.value`, string(text))
	})
	if err != nil {
		return fmt.Errorf("state of backups: %w", err)
	}
	return nil
}
