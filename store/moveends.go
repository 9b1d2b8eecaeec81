package store

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"errors"
	"fmt"
	"os"
	"path/filepath"
)

// openEnds opens a connection to each end.
func (m *recordsMove) openEnds(ctx context.Context, source Options) error {
	from, closeFrom, err := openEnd(ctx, source, false)
	if err != nil {
		return err
	}
	to, closeTo, err := openEnd(ctx, m.options, true)
	if err != nil {
		return errors.Join(err, closeFrom())
	}
	m.from, m.to = from, to
	m.closeEnds = func() error { return errors.Join(closeTo(), closeFrom()) }
	return nil
}

// openTarget opens the database that is to be filled, and brings it to this program's schema.
func openTarget(ctx context.Context, o Options) (s *Store, err error) {
	if err := os.MkdirAll(o.Dir, 0o700); err != nil {
		return nil, err
	}
	s = newStore(o)
	if s.postgres {
		err = s.openPostgres(ctx, o.Database)
	} else {
		err = s.openSQLite(ctx, filepath.Join(o.Dir, databaseName), false)
	}
	o.Beside = false
	switch {
	case err != nil:
	case s.postgres:
		err = s.alone(ctx, o, func(db *sql.DB) error { return s.migrate(ctx, o, db) })
	default:
		err = s.migrate(ctx, o, nil)
	}
	if err != nil {
		return nil, errors.Join(err, s.Close())
	}
	return s, nil
}

// openEnd opens a connection of its own to the database that o names, without limits of time.
func openEnd(ctx context.Context, o Options, write bool) (e end, closeEnd func() error, err error) {
	e.postgres = isPostgres(o.Database)
	var db *sql.DB
	if e.postgres {
		db, err = (&Store{address: o.Database}).unlimited()
	} else {
		way := "?mode=ro" + sqlitePragmas
		if write { // its references are looked at once, at the end: rows of one table refer to each other in any order
			way = "?_pragma=journal_mode(WAL)&_pragma=synchronous(FULL)&_pragma=busy_timeout(5000)&_pragma=foreign_keys(0)&_pragma=cache_size(-16000)"
		}
		db, err = sql.Open("sqlite", sqliteName(filepath.Join(o.Dir, databaseName))+way)
	}
	if err != nil {
		return e, nil, err
	}
	db.SetMaxOpenConns(1)
	conn, err := db.Conn(ctx)
	if err != nil {
		return e, nil, errors.Join(plainly(unavailable(err)), db.Close())
	}
	e.conn = conn
	return e, func() error { return errors.Join(giveBack(conn), db.Close()) }, nil
}

// mark tells the source's records from those of another portal, and from what they are after a change.
func (e end) mark(ctx context.Context) (string, error) {
	text, err := queryOne(ctx, e.conn, value[string], `SELECT (SELECT COUNT(*) FROM setting) || ' ' || COALESCE((SELECT MAX(value) FROM setting WHERE name = 'audit_head'), '')
		|| ' ' || (SELECT COALESCE(MAX(id), 0) FROM audit) || ' ' || (SELECT COALESCE(MAX(views), 0) FROM hit_total)
		|| ' ' || (SELECT COALESCE(SUM(number) + SUM(position), 0) FROM hit_flush) || ' ' || (SELECT COALESCE(MAX(id), 0) FROM login_failure)`)
	if err != nil {
		return "", fmt.Errorf("state of the source: %w", err)
	}
	sum := sha256.Sum256([]byte(text))
	return hex.EncodeToString(sum[:]), nil
}
