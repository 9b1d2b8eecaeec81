package store

import (
	"context"
	"database/sql"
	"fmt"
	"os"

	_ "modernc.org/sqlite" // the driver "sqlite"
	sqlite3 "modernc.org/sqlite/lib"
)

// readers is how many connections read at once; SQLite readers do not wait for the writer.
const readers = 8

// openSQLite opens path with one writing connection and a pool of read-only ones.
// synchronous(FULL), since WAL with NORMAL loses acknowledged writes at a power cut; _txlock=immediate,
// since a deferred transaction that turns into a writer fails at once whatever the busy timeout.
func (s *Store) openSQLite(ctx context.Context, path string) error {
	file, err := os.OpenFile(path, os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return fmt.Errorf("database: %w", err)
	}
	if err := file.Close(); err != nil {
		return fmt.Errorf("database: %w", err)
	}
	name := sqliteName(path)
	const pragmas = "&_pragma=busy_timeout(5000)&_pragma=foreign_keys(1)&_pragma=cache_size(-16000)&_pragma=temp_store(2)"
	s.write, err = sql.Open("sqlite", name+"?_txlock=immediate&_pragma=journal_mode(WAL)&_pragma=synchronous(FULL)"+pragmas)
	if err != nil {
		return fmt.Errorf("database: %w", err)
	}
	s.write.SetMaxOpenConns(1)
	if err := s.write.PingContext(ctx); err != nil { // makes the file a WAL database before the readers come
		return fmt.Errorf("database %s: %w", path, err)
	}
	s.read, err = sql.Open("sqlite", name+"?mode=ro"+pragmas)
	if err != nil {
		return fmt.Errorf("database: %w", err)
	}
	s.read.SetMaxOpenConns(readers)
	s.read.SetMaxIdleConns(readers)
	return nil
}

// SQLiteVersion is the version of the SQLite that this program carries, such as 3.51.3.
func SQLiteVersion() string { return sqlite3.SQLITE_VERSION }
