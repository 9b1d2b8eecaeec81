package store

import (
	"context"
	"database/sql"
	"errors"
	"os"
)

// cloneDatabase copies the database behind db, as it is at one moment, into the new file to, and has the disk keep it.
func cloneDatabase(ctx context.Context, db *sql.DB, to string, progress Progress) error {
	file, err := os.OpenFile(to, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	if err := file.Close(); err != nil {
		return err
	}
	if err := copyDatabase(&work{ctx: ctx, progress: progress}, db, to); err != nil {
		return err
	}
	return syncFile(to)
}

// syncFile has the disk keep what is in the file. Nobody may hold SQLite locks on it in this process: closing it here would end them.
func syncFile(path string) error {
	file, err := os.OpenFile(path, os.O_RDWR, 0)
	if err != nil {
		return err
	}
	return errors.Join(file.Sync(), file.Close())
}
