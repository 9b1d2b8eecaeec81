package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"
	"sync/atomic"

	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"

	"congso/store/model"
)

// damage remembers the first error that said that the database is damaged.
type damage struct{ first atomic.Pointer[error] }

// Damage is nil, or model.ErrDamaged once anything has said that the database is damaged. Whoever asks refuses to serve: what a damaged
// database still answers need not be what was written into it, and writing makes it worse. It ends with the process, after a restore.
func (s *Store) Damage() error {
	if first := s.damage.first.Load(); first != nil {
		return *first
	}
	return nil
}

// NoteDamage reports whether err says that the database is damaged. The first time it is remembered, and logged with what to do.
func (s *Store) NoteDamage(err error) bool {
	if !isDamage(err) {
		return false
	}
	err = asDamage(err)
	if s.damage.first.CompareAndSwap(nil, &err) {
		s.log.Error("the database is damaged: nothing is served or written until a backup is restored", "error", err)
	}
	return true
}

// CheckPages reads the whole database and returns model.ErrDamaged, with the first faults, when its pages do not fit together. It takes
// some seconds for each GB, and may run beside everything else; PostgreSQL looks after itself.
func (s *Store) CheckPages(ctx context.Context) error {
	if s.postgres {
		return nil
	}
	err := checkPages(ctx, s.read, "quick_check")
	s.NoteDamage(err)
	return err
}

// checkPages asks SQLite to look at every page, by quick_check or integrity_check.
func checkPages(ctx context.Context, db *sql.DB, check string) error {
	faults, err := pageFaults(ctx, db, check)
	if err != nil {
		return fmt.Errorf("%s: %w", check, unavailable(err))
	}
	if len(faults) > 0 {
		return fmt.Errorf("%w: %s: %s", model.ErrDamaged, check, strings.Join(faults, "; "))
	}
	return nil
}

// pageFaults are the first three that the check names.
func pageFaults(ctx context.Context, db *sql.DB, check string) (faults []string, err error) {
	rows, err := db.QueryContext(ctx, `PRAGMA `+check+`(3)`) // its context is heeded: this may take long
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var line string
		if err := rows.Scan(&line); err != nil {
			return nil, err
		}
		if line != "ok" {
			faults = append(faults, line)
		}
	}
	return faults, rows.Err()
}

// soundCopy holds that SQLite finds no fault in a copy of a database, and that no reference in it leads nowhere. The error says only what is
// wrong: the database that the copy was made of may be whole.
func soundCopy(ctx context.Context, db *sql.DB) error {
	faults, err := pageFaults(ctx, db, "integrity_check")
	if err != nil {
		return err
	}
	if len(faults) > 0 {
		return errors.New(strings.Join(faults, "; "))
	}
	lost, err := danglingRows(ctx, db)
	if err == nil && len(lost) > 0 {
		err = fmt.Errorf("%d references lead nowhere, the first from %s", len(lost), lost[0])
	}
	return err
}

func isDamage(err error) bool {
	if errors.Is(err, model.ErrDamaged) {
		return true
	}
	var code *sqlite.Error
	return errors.As(err, &code) && (code.Code()&0xff == sqlite3.SQLITE_CORRUPT || code.Code()&0xff == sqlite3.SQLITE_NOTADB)
}

// asDamage makes err model.ErrDamaged when it says that the database is damaged.
func asDamage(err error) error {
	if !isDamage(err) || errors.Is(err, model.ErrDamaged) {
		return err
	}
	return fmt.Errorf("%w: %w", model.ErrDamaged, err)
}
