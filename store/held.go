package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"os"

	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"
)

// held is a database file that nobody else, in whatever program, has open or can open until it is released.
//
// A database must not be replaced under a program that has it open: that program would go on writing into the old file, and at its end
// take away the write-ahead log of the new one, which goes by its name. The data folder's lock cannot see to that: other commands, and
// tools such as a replicator, work beside a server.
type held struct {
	db   *sql.DB
	path string
}

var errOpenElsewhere = errors.New("another program has it open: end it (a congso command, a replicator, an SQLite tool) and try again")

// unheld is errOpenElsewhere when another program has the database open. One that is absent or damaged has nobody to mind.
func unheld(ctx context.Context, path string) error {
	if info, err := os.Stat(path); err != nil || info.Size() == 0 {
		return nil
	}
	h, err := hold(ctx, path)
	if errors.Is(err, errOpenElsewhere) {
		return err
	}
	if err == nil {
		return h.release()
	}
	return nil
}

// hold takes the file and moves all of it into the one file. It waits five seconds at most for those who have it open.
func hold(ctx context.Context, path string) (h held, err error) {
	h = held{path: path}
	h.db, err = sql.Open("sqlite", sqliteName(path)+"?_pragma=busy_timeout(5000)&_pragma=locking_mode(EXCLUSIVE)&_pragma=synchronous(FULL)")
	if err != nil {
		return h, err
	}
	h.db.SetMaxOpenConns(1)
	if err = h.take(ctx); err != nil {
		return h, errors.Join(err, h.release())
	}
	return h, nil
}

func (h held) take(ctx context.Context) error {
	if _, err := h.db.ExecContext(ctx, `BEGIN EXCLUSIVE; COMMIT`); err != nil { // in exclusive mode the lock stays after the commit
		var code *sqlite.Error
		if errors.As(err, &code) && code.Code()&0xff == sqlite3.SQLITE_BUSY {
			return fmt.Errorf("%s: %w", h.path, errOpenElsewhere)
		}
		return err
	}
	var busy, pages, moved int64
	if err := h.db.QueryRowContext(ctx, `PRAGMA wal_checkpoint(TRUNCATE)`).Scan(&busy, &pages, &moved); err != nil {
		return err
	}
	if busy != 0 {
		return fmt.Errorf("the write-ahead log of %s cannot be emptied", h.path)
	}
	return h.keepLog(ctx)
}

// keepLog lets the end of this connection not remove the write-ahead log, which may belong to the file that took this one's place by then.
func (h held) keepLog(ctx context.Context) (err error) {
	conn, err := h.db.Conn(ctx)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, giveBack(conn)) }()
	return onDriver(conn, func(c driverConn) error {
		_, err := c.FileControlPersistWAL("main", 1)
		return err
	})
}

func (h held) release() error { return h.db.Close() }

// driverConn is what of the driver's own connection we need beyond database/sql.
type driverConn interface {
	sqlite.FileControl
	NewBackup(to string) (*sqlite.Backup, error)
}

func onDriver(conn *sql.Conn, do func(driverConn) error) error {
	return conn.Raw(func(c any) error {
		if kept, ok := c.(*keptConn); ok {
			c = kept.sqliteConn
		}
		own, ok := c.(driverConn)
		if !ok {
			return fmt.Errorf("database: unknown connection %T", c)
		}
		return do(own)
	})
}
