package store

import (
	"context"
	"fmt"

	"congso/store/model"
)

const backupStateSetting = "backup_state"

// BackupState is what is known of the portal's backups, the zero state before the first.
func (s *Store) BackupState(ctx context.Context) (model.BackupState, error) {
	state, err := keptState[model.BackupState](ctx, s.read, backupStateSetting)
	if err != nil {
		return state, fmt.Errorf("state of backups: %w", err)
	}
	return state, nil
}

// PutBackupState lets change have its way with the state, and keeps the outcome. Nothing is written when nothing changes.
func (s *Store) PutBackupState(ctx context.Context, change func(b *model.BackupState)) error {
	if _, err := changeState(ctx, s, backupStateSetting, change); err != nil {
		return fmt.Errorf("state of backups: %w", err)
	}
	return nil
}
