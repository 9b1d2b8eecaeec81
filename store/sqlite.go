package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"syscall"

	_ "modernc.org/sqlite" // the driver "sqlite"
	sqlite3 "modernc.org/sqlite/lib"
)

// readers is how many connections read at once; SQLite readers do not wait for the writer.
const readers = 8

// readerCache holds for each connection of the pool that reads: as much as the inner pages of a million items' indexes take. Eight times the
// 16 MB of the writer would be what the whole program may take, and what lies on the leaves the system keeps as well.
const readerCache = "&_pragma=cache_size(-4000)"

// sqlitePragmas hold on every connection.
const sqlitePragmas = "&_pragma=busy_timeout(5000)&_pragma=foreign_keys(1)&_pragma=cache_size(-16000)&_pragma=temp_store(2)"

// No ANALYZE and no PRAGMA optimize is run: every public query is held by tests to its indexes without statistics, which could only lead it away
// from them, and would have statements compiled again for new values.

// openSQLite opens path with one writing connection and a pool of read-only ones. Beside another process, a file that may only be read is
// no error: whatever writes will fail.
// synchronous(FULL), since WAL with NORMAL loses acknowledged writes at a power cut; _txlock=immediate,
// since a deferred transaction that turns into a writer fails at once whatever the busy timeout.
func (s *Store) openSQLite(ctx context.Context, path string, beside bool) error {
	file, err := os.OpenFile(path, os.O_CREATE|os.O_RDWR, 0o600)
	if beside && readOnly(err) {
		return s.openReadOnly(ctx, path)
	}
	if readOnly(err) {
		return fmt.Errorf("the data folder cannot be written: %w", err)
	}
	if err != nil {
		return fmt.Errorf("database: %w", err)
	}
	if err := file.Close(); err != nil {
		return fmt.Errorf("database: %w", err)
	}
	s.write, err = openKept(sqliteName(path)+"?_txlock=immediate&_pragma=journal_mode(WAL)&_pragma=synchronous(FULL)"+sqlitePragmas, s.trace)
	if err != nil {
		return fmt.Errorf("database: %w", err)
	}
	s.write.SetMaxOpenConns(1)
	if err := s.write.PingContext(ctx); err != nil { // makes the file a WAL database before the readers come
		return fmt.Errorf("database %s: %w", path, unavailable(err))
	}
	s.read, err = openKept(sqliteName(path)+"?mode=ro"+sqlitePragmas+readerCache, s.trace)
	if err != nil {
		return fmt.Errorf("database: %w", err)
	}
	s.read.SetMaxOpenConns(readers)
	s.read.SetMaxIdleConns(readers)
	s.from = s.read
	return nil
}

// Shrink gives back what connections that nobody uses keep in memory: pages of the file and compiled statements. What comes next takes a few
// milliseconds longer. It does nothing for PostgreSQL, whose connections close by themselves.
func (s *Store) Shrink(ctx context.Context) error {
	if s.postgres {
		return nil
	}
	s.read.SetMaxIdleConns(0) // closes those there are
	s.read.SetMaxIdleConns(readers)
	_, err := s.write.ExecContext(ctx, "PRAGMA shrink_memory")
	return err
}

// SQLiteVersion is the version of the SQLite that this program carries, such as 3.51.3.
func SQLiteVersion() string { return sqlite3.SQLITE_VERSION }

// readOnly reports whether err says that a file may not be written, though it may perhaps be read.
func readOnly(err error) bool {
	return errors.Is(err, syscall.EROFS) || errors.Is(err, fs.ErrPermission)
}

// openReadOnly opens path for reading alone. Where nobody keeps the shared memory of a WAL database, which reading would have to make, the
// file is read as one that nobody changes.
func (s *Store) openReadOnly(ctx context.Context, path string) (err error) {
	for _, way := range []string{"?mode=ro", "?mode=ro&immutable=1"} {
		db, err := sql.Open("sqlite", sqliteName(path)+way+sqlitePragmas)
		if err != nil {
			return fmt.Errorf("database: %w", err)
		}
		if _, err = queryOne(ctx, db, value[int64], `SELECT count(*) FROM sqlite_master`); err == nil {
			s.read, s.write, s.from, s.readOnly = db, db, db, true
			return nil
		}
		if err = errors.Join(err, db.Close()); way == "?mode=ro&immutable=1" {
			return fmt.Errorf("database %s: %w", path, err)
		}
	}
	return nil
}
