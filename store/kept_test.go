package store_test

import (
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"sync"
	"testing"

	"congso/store"
	"congso/store/storetest"
)

// TestKeptStatementsOfManyTexts: more texts than a connection keeps, each asked for twice and two of one text at once, give their own rows.
func TestKeptStatementsOfManyTexts(t *testing.T) {
	each(t, func(t *testing.T, s *store.Store, _ *storetest.Clock) {
		must(t, s.Tx(t.Context(), func(tx *sql.Tx) error {
			for i := range 2 * 3 * 64 {
				want := i % (3 * 64)
				var got int
				must(t, tx.QueryRowContext(t.Context(), fmt.Sprintf(`SELECT %d + CAST($1 AS INTEGER)`, want), 1).Scan(&got))
				if got != want+1 {
					t.Errorf("query %d gave %d", want, got)
				}
			}
			return nil
		}))
	})
}

// TestKeptStatementsNested: a text that is asked for again while its first rows are being read is answered apart. PostgreSQL's connections
// read one answer at a time.
func TestKeptStatementsNested(t *testing.T) {
	s := storetest.Open(t, store.Options{Dir: t.TempDir()})
	const query = `SELECT 1 UNION ALL SELECT 2 UNION ALL SELECT 3`
	must(t, s.Tx(t.Context(), func(tx *sql.Tx) error {
		rows, err := tx.QueryContext(t.Context(), query)
		must(t, err)
		defer rows.Close()
		for want := 1; rows.Next(); want++ {
			var outer, inner int
			must(t, rows.Scan(&outer))
			must(t, tx.QueryRowContext(t.Context(), query).Scan(&inner))
			if outer != want || inner != 1 {
				t.Errorf("got %d and within it %d, want %d and 1", outer, inner, want)
			}
		}
		return rows.Err()
	}))
}

// TestKeptStatementsAfterDDL: a statement that was kept sees a column that has been added since, on the connection that added it and on those
// that read.
func TestKeptStatementsAfterDDL(t *testing.T) {
	each(t, func(t *testing.T, s *store.Store, _ *storetest.Clock) {
		exec := func(statement string) {
			t.Helper()
			must(t, s.Tx(t.Context(), func(tx *sql.Tx) error {
				_, err := tx.ExecContext(t.Context(), statement)
				return err
			}))
		}
		exec(`CREATE TABLE kept (name TEXT NOT NULL)`)
		insert := func() { exec(`INSERT INTO kept (name) VALUES ('a')`) }
		insert()
		names := func() []string { return s.Slugs(t, `SELECT name FROM kept`) }
		for range 9 { // once on each reading connection, and more
			sameNames(t, "before", names(), []string{"a"})
		}
		exec(`ALTER TABLE kept ADD COLUMN more TEXT NOT NULL DEFAULT 'b'`)
		insert()
		for range 9 {
			sameNames(t, "after", names(), []string{"a", "a"})
		}
		sameNames(t, "the new column", s.Slugs(t, `SELECT more FROM kept`), []string{"b", "b"})
		exec(`DROP TABLE kept`)
		exec(`CREATE TABLE kept (id INTEGER, name TEXT NOT NULL)`)
		insert()
		sameNames(t, "another table of that name", names(), []string{"a"})
	})
}

// TestShrink: memory is given back while people read and write, and nobody is told.
func TestShrink(t *testing.T) {
	each(t, func(t *testing.T, s *store.Store, _ *storetest.Clock) {
		section := storetest.Section(t, s, "Tin hoạt động")
		slug := storetest.News(t, s, section, "Một tin").Slug
		var group sync.WaitGroup
		often := func(times int, do func() error) {
			group.Go(func() {
				for range times {
					if err := do(); err != nil {
						t.Error(err)
					}
				}
			})
		}
		for range 4 {
			often(25, func() error {
				_, err := s.NewsBySlug(t.Context(), storetest.Outsider(), slug)
				return errors.Join(err, s.Shrink(t.Context()))
			})
		}
		often(25, func() error { return s.AddAudit(t.Context(), 1) })
		group.Wait()
		must(t, s.Shrink(t.Context()))
		if n := s.IdleReaders(); n > 0 && !s.Postgres() {
			t.Errorf("%d connections keep their memory", n)
		}
	})
}

// TestKilledConnections: PostgreSQL has ended every connection of the program. Each fails once at the most, and is replaced, after a snapshot
// too: a connection that was used within the second is not asked whether it still stands.
func TestKilledConnections(t *testing.T) {
	const name = "congso-killed-connections"
	address := storetest.Postgres(t)
	s := storetest.Open(t, store.Options{Dir: t.TempDir(), Database: address + "&application_name=" + name})
	section := storetest.Section(t, s, "Tin hoạt động")
	slug := storetest.News(t, s, section, "Một tin").Slug
	other, err := sql.Open("pgx", address)
	must(t, err)
	defer func() { must(t, other.Close()) }()
	read := func(r *store.Reader) error {
		_, err := r.NewsBySlug(t.Context(), storetest.Outsider(), slug)
		return err
	}
	failures, all := 0, 0
	for range 3 {
		for _, ask := range []func() error{func() error { return read(&s.Reader) }, func() error { return s.Snapshot(t.Context(), read) }} {
			var ended int
			must(t, other.QueryRowContext(t.Context(), `SELECT COUNT(*) FROM pg_stat_activity
				WHERE CASE WHEN application_name = $1 THEN pg_terminate_backend(pid, 5000) ELSE FALSE END`, name).Scan(&ended))
			if ended == 0 {
				t.Fatal("no connection was ended")
			}
			all += ended
			for range 3 * ended {
				if err = ask(); err != nil {
					failures++
				}
			}
			must(t, err)
		}
	}
	if failures > all {
		t.Errorf("%d failures on %d connections", failures, all)
	}
}

func sameNames(t testing.TB, what string, got, want []string) {
	t.Helper()
	if !slices.Equal(got, want) {
		t.Errorf("%s: got %v, want %v", what, got, want)
	}
}
