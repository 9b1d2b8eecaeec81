package store

import (
	"context"
	"embed"
	"errors"
	"fmt"
	"io/fs"

	"github.com/pressly/goose/v3"
)

//go:embed migrations
var migrations embed.FS

// migrate brings the schema up to this program's. Migrations are numbered and only go forward.
func (s *Store) migrate(ctx context.Context, beside bool) (err error) {
	dialect, folder := goose.DialectSQLite3, "migrations/sqlite"
	if s.postgres {
		dialect, folder = goose.DialectPostgres, "migrations/postgres"
	}
	files, err := fs.Sub(migrations, folder)
	if err != nil {
		return fmt.Errorf("migrations: %w", err)
	}
	db := s.write
	if s.postgres {
		if db, err = s.unlimited(); err != nil {
			return err
		}
		defer func() { err = errors.Join(err, db.Close()) }()
	}
	provider, err := goose.NewProvider(dialect, db, files)
	if err != nil {
		return fmt.Errorf("migrations: %w", err)
	}
	current, target, err := provider.GetVersions(ctx)
	if err != nil {
		return fmt.Errorf("migrations: %w", err)
	}
	if current > target {
		return fmt.Errorf("the database has schema %d, this program knows only %d: use the newer program", current, target)
	}
	if beside && current < target {
		return fmt.Errorf("the running server's database has schema %d, this program wants %d: restart the server with this program first", current, target)
	}
	if beside {
		return nil
	}
	if _, err := provider.Up(ctx); err != nil {
		return fmt.Errorf("migrations: %w", err)
	}
	return nil
}

// newestSchema is the number of the last migration that this program knows for SQLite.
func newestSchema() (newest int64, err error) {
	files, err := fs.ReadDir(migrations, "migrations/sqlite") // sorted
	if err != nil {
		return 0, fmt.Errorf("migrations: %w", err)
	}
	return goose.NumericComponent(files[len(files)-1].Name())
}
