package store

import (
	"context"
	"database/sql"
	"errors"
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

// copyDatabase copies the database behind db, as it is at one moment, into the new file path, which nobody but us may read, while readers and
// writers go on: page by page within one read transaction, SQLite's own way of backup. (VACUUM INTO takes half as long again and cannot
// rest; both were measured on 1 GB.) The disk need not have kept it yet.
func copyDatabase(w *work, db *sql.DB, path string) (err error) {
	if err := newFile(path); err != nil {
		return err
	}
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
	return onDriver(conn, func(driver driverConn) error {
		copying, err := driver.NewBackup(sqliteName(path) + "?_pragma=journal_mode(OFF)&_pragma=synchronous(OFF)&_pragma=cache_size(-4000)")
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

// cloneDatabase is copyDatabase that has the disk keep the copy.
func cloneDatabase(ctx context.Context, db *sql.DB, to string, progress Progress) error {
	if err := copyDatabase(&work{ctx: ctx, progress: progress}, db, to); err != nil {
		return err
	}
	return syncFile(to)
}

// newFile makes an empty file: SQLite would make one that others may read.
func newFile(path string) error {
	file, err := os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	return file.Close()
}

// syncFile has the disk keep what is in the file. Nobody may hold SQLite locks on it in this process: closing it here would end them.
func syncFile(path string) error {
	file, err := os.OpenFile(path, os.O_RDWR, 0)
	if err != nil {
		return err
	}
	return errors.Join(file.Sync(), file.Close())
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
