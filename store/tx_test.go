package store

import (
	"database/sql"
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

// SQLite alone has pragmas, and a pool that only reads.
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

// SQLite alone: before 3.51.3 it can corrupt a database when its WAL is reset.
func TestSQLiteVersion(t *testing.T) {
	var version string
	if err := openTest(t).read.QueryRowContext(t.Context(), `SELECT sqlite_version()`).Scan(&version); err != nil {
		t.Fatal(err)
	}
	if got := SQLiteVersion(); got != version {
		t.Errorf("the program says %s, the library %s", got, version)
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
