package store

import (
	"context"
	"database/sql"
	"errors"
	"strconv"
	"strings"
	"testing"

	"congso/store/model"
)

func openTest(t *testing.T) *Store {
	t.Helper()
	s, err := Open(t.Context(), Options{Dir: t.TempDir(), Renderer: model.Renderer{Render: func(string) (model.Rendered, error) { return model.Rendered{}, nil }}})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	return s
}

func settings(t *testing.T, s *Store) []string {
	t.Helper()
	names, err := queryAll(t.Context(), s.read, value[string], `SELECT name FROM setting ORDER BY name`)
	if err != nil {
		t.Fatal(err)
	}
	return names
}

func insertSetting(ctx context.Context, tx *sql.Tx, name string) error {
	return exec(ctx, tx, `INSERT INTO setting (name, value) VALUES ($1, '')`, name)
}

func TestTxReturnsTheErrorOfItsCallbackAndRollsBack(t *testing.T) {
	s := openTest(t)
	failed := errors.New("callback failed")
	err := s.tx(t.Context(), func(tx *sql.Tx) error { return errors.Join(insertSetting(t.Context(), tx, "a"), failed) })
	if !errors.Is(err, failed) {
		t.Errorf("tx returned %v, want the callback's error", err)
	}
	err = s.tx(t.Context(), func(tx *sql.Tx) error {
		if err := insertSetting(t.Context(), tx, "b"); err != nil {
			return err
		}
		return insertSetting(t.Context(), tx, "b")
	})
	if err == nil || !strings.Contains(err.Error(), "UNIQUE") {
		t.Errorf("tx returned %v, want the broken constraint", err)
	}
	if names := settings(t, s); len(names) != 0 {
		t.Errorf("rolled back changes left %q", names)
	}
}

func TestTxGivesTheWriterBackAfterAPanicAndACancelledContext(t *testing.T) {
	s := openTest(t)
	func() {
		defer func() {
			if recover() == nil {
				t.Error("the panic did not come through")
			}
		}()
		_ = s.tx(t.Context(), func(tx *sql.Tx) error {
			if err := insertSetting(t.Context(), tx, "a"); err != nil {
				t.Error(err)
			}
			panic("callback")
		})
	}()
	ctx, cancel := context.WithCancel(t.Context())
	err := s.tx(ctx, func(tx *sql.Tx) error {
		cancel()
		return insertSetting(ctx, tx, "b")
	})
	if err == nil {
		t.Error("a transaction whose context was cancelled reported success")
	}
	if err := s.tx(t.Context(), func(tx *sql.Tx) error { return insertSetting(t.Context(), tx, "c") }); err != nil {
		t.Errorf("the next transaction: %v", err)
	}
	if names := settings(t, s); len(names) != 1 || names[0] != "c" {
		t.Errorf("settings are %q, want only c", names)
	}
}

func TestPragmasHoldOnEveryConnection(t *testing.T) {
	s := openTest(t)
	want := map[string]string{"foreign_keys": "1", "journal_mode": "wal", "busy_timeout": "5000"}
	connections := map[string]*sql.Conn{"writer": conn(t, s.write), "reader 1": conn(t, s.read), "reader 2": conn(t, s.read)}
	for name, c := range connections {
		for pragma, wanted := range want {
			if got := pragmaOf(t, c, pragma); got != wanted {
				t.Errorf("%s: %s is %s, want %s", name, pragma, got, wanted)
			}
		}
	}
	if got := pragmaOf(t, connections["writer"], "synchronous"); got != "2" {
		t.Errorf("synchronous is %s, want 2 (FULL): what is acknowledged is on disk", got)
	}
	if _, err := connections["reader 1"].ExecContext(t.Context(), `INSERT INTO setting (name, value) VALUES ('r', '')`); err == nil {
		t.Error("a reading connection could write")
	}
}

func conn(t *testing.T, db *sql.DB) *sql.Conn {
	t.Helper()
	c, err := db.Conn(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := c.Close(); err != nil {
			t.Error(err)
		}
	})
	return c
}

func pragmaOf(t *testing.T, c *sql.Conn, name string) string {
	t.Helper()
	var got string
	if err := c.QueryRowContext(t.Context(), "PRAGMA "+name).Scan(&got); err != nil {
		t.Fatalf("pragma %s: %v", name, err)
	}
	return got
}

// SQLite before 3.51.3 can corrupt a database when its WAL is reset.
func TestSQLiteVersion(t *testing.T) {
	var version string
	if err := openTest(t).read.QueryRowContext(t.Context(), `SELECT sqlite_version()`).Scan(&version); err != nil {
		t.Fatal(err)
	}
	var number int
	for _, part := range strings.Split(version, ".") {
		n, err := strconv.Atoi(part)
		if err != nil {
			t.Fatalf("version %q: %v", version, err)
		}
		number = number*1000 + n
	}
	if number < 3_051_003 {
		t.Errorf("SQLite is %s, want 3.51.3 or newer", version)
	}
}
