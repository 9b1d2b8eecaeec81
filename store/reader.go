package store

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"log/slog"
	"time"
)

// Reader reads the public records: whatever the pages for readers show. A Store is one whose every query sees what is committed by then;
// one that Snapshot gives sees a single moment, is not safe for concurrent use, and holds no longer than the call.
type Reader struct {
	from     querier
	postgres bool
	now      func() time.Time
	log      *slog.Logger
	bounds   SearchBounds
	newest   *newestKept
	commits  uint64 // before the snapshot's first query; unknown of what is none
}

// Snapshot runs read on a Reader whose queries all see the records of one moment, that of the first query. It returns the error of read; one
// that says that the database cannot be asked now is also model.ErrUnavailable. It holds one of the reading connections meanwhile: read must
// be short, and must not ask the Store itself, which may wait for that connection.
func (s *Store) Snapshot(ctx context.Context, read func(r *Reader) error) error {
	return s.snapshot(ctx, s.read, read)
}

// snapshot is Snapshot on a connection of that pool, be it that of a replica.
func (s *Store) snapshot(ctx context.Context, pool *sql.DB, read func(r *Reader) error) (err error) {
	r := &Reader{postgres: s.postgres, now: s.now, log: s.log, bounds: s.bounds, newest: s.newest, commits: unknown}
	begin := "BEGIN" // of SQLite: it is a reading one until it writes, which these connections cannot
	if s.postgres {
		begin = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"
	}
	conn, err := s.standing(ctx, pool, func(conn *sql.Conn) error {
		if pool == s.read { // a replica is behind what this program commits
			r.commits = s.newest.now()
		}
		return exec(ctx, conn, begin)
	})
	if err != nil {
		return noConnection(err)
	}
	defer func() { err = errors.Join(err, giveBack(conn)) }()
	defer func() { err = errors.Join(err, endSnapshot(ctx, conn)) }() // after a panic too
	r.from = conn
	return read(r)
}

// endSnapshot ends the reading transaction. A connection on which that fails is given up: nobody else must read that moment.
func endSnapshot(ctx context.Context, conn *sql.Conn) error {
	err := exec(ctx, conn, "ROLLBACK")
	if err == nil {
		return nil
	}
	broken := conn.Raw(func(any) error { return driver.ErrBadConn })
	if errors.Is(broken, driver.ErrBadConn) || errors.Is(broken, sql.ErrConnDone) {
		broken = nil
	}
	return errors.Join(err, broken)
}
