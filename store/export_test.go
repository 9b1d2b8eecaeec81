package store

import (
	"context"
	"database/sql"
	"fmt"
	"io/fs"
	"testing"
	"time"

	"modernc.org/sqlite"

	"congso/store/model"
)

// Tx lets the tests of both databases, which stand outside the package, run a transaction of their own.
func (s *Store) Tx(ctx context.Context, change func(tx *sql.Tx) error) error {
	return s.tx(ctx, change)
}

// AddAudit lets the tests append entries about records 1 to n in one transaction.
func (s *Store) AddAudit(ctx context.Context, n int) error {
	return s.change(ctx, func(tx *sql.Tx) error {
		for i := range n {
			if err := s.audit(ctx, tx, model.Actor{Name: "test"}, "update", model.KindNews, int64(i+1), []string{"title"}); err != nil {
				return err
			}
		}
		return nil
	})
}

// WithMigrations lets tests bring a database up by other steps than those that come with the program.
func WithMigrations(o Options, steps fs.FS) Options {
	o.steps = steps
	return o
}

// SearchIn lets tests have blocks of few records in the search index, and say how many records are searched at the least and from how many
// of a block on a word is common.
func (s *Store) SearchIn(blockItems, least, common int) {
	s.bounds.BlockItems, s.bounds.Least, s.bounds.Common = blockItems, least, common
}

// HitRecord is the record of a view in the journal of that writer.
func HitRecord(writer, path string, at time.Time) []byte {
	v := Visitor{since: 1, hash: visitorHash{1}, online: visitorHash{2}}
	return appendHit(nil, &v, path, at.Unix(), recordSeed(writer))
}

// ReadHits reads a writer's journal in two pieces: its views as "time path", how many bytes they are, and how many are damaged.
func ReadHits(writer string, data []byte) (views []string, size, damaged int64) {
	count := func(h *hit) {
		views = append(views, fmt.Sprintf("%d %s", h.at, h.path))
		size += int64(len(appendHit(nil, &h.visitor, string(h.path), h.at, 0)))
	}
	read, bad := eachHit(data, recordSeed(writer), false, count)
	_, damaged = eachHit(data[read:], recordSeed(writer), true, count)
	return views, size, bad + damaged
}

// Slugs lets tests compare with what a query of their own finds.
func (s *Store) Slugs(t testing.TB, query string) []string {
	t.Helper()
	list, err := queryAll(context.Background(), s.read, value[string], query)
	if err != nil {
		t.Fatal(err)
	}
	return list
}

// ID is the first column of the first row that a query finds.
func (s *Store) ID(t testing.TB, query string) int64 {
	t.Helper()
	id, err := queryOne(context.Background(), s.read, value[int64], query)
	if err != nil {
		t.Fatal(err)
	}
	return id
}

// MinSection is the ID of the oldest section.
func (s *Store) MinSection(t testing.TB) int64 {
	t.Helper()
	id, err := queryOne(context.Background(), s.read, value[int64], `SELECT MIN(id) FROM section`)
	if err != nil {
		t.Fatal(err)
	}
	return id
}

// OneReader leaves one connection for reading, so that PagesRead counts all that is read.
func (s *Store) OneReader() { s.read.SetMaxOpenConns(1) }

// PagesRead is how many pages of the SQLite file have been looked at by the reading connection.
func (s *Store) PagesRead(t testing.TB) (pages int) {
	t.Helper()
	conn, err := s.read.Conn(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	err = conn.Raw(func(c any) error {
		status := c.(*keptConn).sqliteConn.(sqlite.DBStatus)
		for _, count := range []sqlite.DBStatusOp{sqlite.DBStatusCacheHit, sqlite.DBStatusCacheMiss} {
			n, _, err := status.Status(count, false)
			if err != nil {
				return err
			}
			pages += n
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return pages
}

// Postgres tells tests which database it is.
func (s *Store) Postgres() bool { return s.postgres }

// TakeRecords has the records in PostgreSQL for itself until the release.
func TakeRecords(ctx context.Context, address string) (release func() error, err error) {
	l, err := takeRecords(ctx, address)
	if err != nil {
		return nil, err
	}
	return l.release, nil
}

// LeftOut are the tables that a move leaves out, with why.
func LeftOut() map[string]string { return leftOut() }

// MovedTables are the names of the tables that a move between the two stores carries.
func MovedTables(ctx context.Context, sqlite, postgres *Store) (names []string, err error) {
	t, err := openTransfer(ctx, end{conn: sqlite.read}, end{conn: postgres.read, postgres: true})
	if err != nil {
		return nil, err
	}
	for _, m := range t.tables {
		names = append(names, m.name)
	}
	return names, nil
}

// SeenPlan is how PostgreSQL looks up so many visitors of a day.
func (s *Store) SeenPlan(t testing.TB, day model.Day, visitors int) []string {
	t.Helper()
	var args []any
	for i := range visitors {
		args = append(args, fmt.Sprint("visitor ", i))
	}
	plan, err := queryAll(context.Background(), s.read, value[string], `EXPLAIN `+seenQuery(visitors), append(args, string(day))...)
	if err != nil {
		t.Fatal(err)
	}
	return plan
}

// InSchema is the address of a schema of a database.
func InSchema(address, schema string) string { return inSchema(address, schema) }

// IdleReaders is how many connections that read wait for somebody to use them.
func (s *Store) IdleReaders() int { return s.read.Stats().Idle }
