package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"github.com/jackc/pgx/v5/stdlib"
)

// Examine opens records that are there already for reading alone, whether or not a server holds the data folder, and whatever their schema
// is: nothing is made, migrated or written, and whatever would write fails. A media folder that is absent is one without files.
func Examine(ctx context.Context, o Options) (*Store, error) {
	s := newStore(o)
	err := s.lookAtMedia(o)
	if err != nil {
		return nil, errors.Join(err, s.Close())
	}
	if s.postgres {
		err = s.examinePostgres(o.Database)
	} else {
		err = s.examineSQLite(filepath.Join(o.Dir, "congso.db"))
	}
	if err == nil {
		err = s.read.PingContext(ctx)
	}
	if err != nil {
		return nil, errors.Join(fmt.Errorf("database: %w", plainly(err)), s.Close())
	}
	s.write, s.from = s.read, s.read
	return s, nil
}

// examineSQLite opens one reading connection: no more are needed, and what is damaged is better looked at in one place.
func (s *Store) examineSQLite(path string) (err error) {
	if _, err := os.Stat(path); err != nil {
		return err
	}
	s.read, err = sql.Open("sqlite", sqliteName(path)+"?mode=ro&_pragma=busy_timeout(5000)&_pragma=query_only(1)&_pragma=cache_size(-16000)&_pragma=temp_store(2)")
	if err == nil {
		s.read.SetMaxOpenConns(readers)
	}
	return err
}

func (s *Store) examinePostgres(address string) error {
	a, err := readAddress(address)
	if err == nil {
		s.read = a.pool(limitedConnector{stdlib.GetConnector(*a.reading()), s.trace, patience, true}, a.readers())
	}
	return err
}

// Schema returns the number of the newest migration that the database has, and of the newest that this program knows.
func (s *Store) Schema(ctx context.Context) (current, known int64, err error) {
	m, err := Options{Database: s.address}.migrations()
	if err == nil {
		known, err = m.newest()
	}
	if err == nil {
		current, err = schemaOf(ctx, s.read, s.postgres)
	}
	return current, known, err
}
