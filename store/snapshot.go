package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"strings"

	"modernc.org/sqlite"
)

// stepPages is how many pages of the database are copied at once, of 4 KB each.
const stepPages = 256

// sqliteName is the name of a database file as the driver wants it: without the scheme it would drop the settings silently.
func sqliteName(path string) string {
	return "file:" + strings.NewReplacer("%", "%25", "?", "%3f", "#", "%23").Replace(path)
}

// snapshot copies the database as it is at one moment to a new file while readers and writers go on, page by page within one read
// transaction: SQLite's own way of backup. (VACUUM INTO takes half as long again and cannot rest; both were measured on 1 GB.)
func (s *Store) snapshot(w *work, path string) error { return copyDatabase(w, s.read, path) }

func copyDatabase(w *work, db *sql.DB, path string) (err error) {
	ctx := context.WithoutCancel(w.ctx) // a cancellable one costs a goroutine per call; w asks between the pieces
	conn, err := db.Conn(ctx)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, giveBack(conn)) }()
	if _, err := conn.ExecContext(ctx, "BEGIN"); err != nil {
		return err
	}
	defer func() {
		if _, end := conn.ExecContext(ctx, "ROLLBACK"); end != nil {
			err = errors.Join(err, end)
		}
	}()
	// The transaction sees the records as they are at its first read.
	pageSize, err := queryOne(ctx, conn, value[int64], "SELECT page_size FROM pragma_page_size() WHERE (SELECT COUNT(*) FROM setting) >= 0")
	if err != nil {
		return err
	}
	return conn.Raw(func(driver any) error {
		source, ok := driver.(interface {
			NewBackup(string) (*sqlite.Backup, error)
		})
		if !ok {
			return errors.New("the driver has no backup")
		}
		copying, err := source.NewBackup(sqliteName(path) + "?_pragma=journal_mode(OFF)&_pragma=synchronous(OFF)&_pragma=cache_size(-4000)")
		if err != nil {
			return err
		}
		return errors.Join(copyPages(w, copying, pageSize), copying.Finish())
	})
}

func copyPages(w *work, copying *sqlite.Backup, pageSize int64) error {
	w.begin("Copying the database", 0)
	for {
		more, err := copying.Step(stepPages)
		if err != nil {
			return err
		}
		w.total = int64(copying.PageCount()) * pageSize
		if err := w.add(w.total - int64(copying.Remaining())*pageSize - w.done); err != nil {
			return err
		}
		if !more {
			return nil
		}
	}
}

// openImmutable opens a database file that nobody changes, to read it without leaving anything beside it.
func openImmutable(path string) (*sql.DB, error) {
	db, err := sql.Open("sqlite", sqliteName(path)+"?mode=ro&immutable=1&_pragma=cache_size(-16000)&_pragma=temp_store(2)")
	if err != nil {
		return nil, err
	}
	db.SetMaxOpenConns(1)
	return db, nil
}

// ErrDamaged: a database or an archive is not what was once written.
var ErrDamaged = errors.New("damaged")

// soundDatabase holds that SQLite finds no fault in the database, and that no reference leads nowhere.
func soundDatabase(ctx context.Context, q querier) error {
	found, err := queryAll(ctx, q, value[string], "PRAGMA integrity_check(3)")
	if err != nil {
		return fmt.Errorf("%w database: %w", ErrDamaged, err)
	}
	if len(found) != 1 || found[0] != "ok" {
		return fmt.Errorf("%w database: %s", ErrDamaged, strings.Join(found, "; "))
	}
	lost, err := queryAll(ctx, q, value[string], `SELECT "table" || ' to ' || parent FROM pragma_foreign_key_check() LIMIT 3`)
	if err != nil {
		return fmt.Errorf("%w database: %w", ErrDamaged, err)
	}
	if len(lost) > 0 {
		return fmt.Errorf("%w database: a reference from %s leads nowhere", ErrDamaged, strings.Join(lost, ", from "))
	}
	return nil
}

// removeAll removes files that may be absent.
func removeAll(paths ...string) error {
	var failed error
	for _, path := range paths {
		if _, err := os.Lstat(path); errors.Is(err, fs.ErrNotExist) {
			continue // a folder that may only be read refuses to remove what is not there
		}
		failed = errors.Join(failed, os.Remove(path))
	}
	return failed
}
