package congsotest

import (
	"context"
	"database/sql"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"congso/content"
	"congso/store"
	"congso/store/model"
	"congso/store/storetest"
)

// OpenSQL opens the database of a folder for questions of the test's own. database is "" for SQLite.
func OpenSQL(t testing.TB, folder, database string) *sql.DB {
	t.Helper()
	driver, source := "pgx", database
	if database == "" {
		driver, source = "sqlite", "file:"+filepath.Join(folder, "congso.db")
	}
	db, err := sql.Open(driver, source)
	if err != nil {
		t.Fatal(err)
	}
	return db
}

// ExecSQL changes the database of a folder behind the portal's back.
func ExecSQL(t testing.TB, folder, database, statement string) {
	t.Helper()
	db := OpenSQL(t, folder, database)
	defer db.Close()
	if _, err := db.Exec(statement); err != nil {
		t.Fatal(err)
	}
}

// CheckIntegrity looks at the database itself, at its references and at the audit trail.
func CheckIntegrity(t testing.TB, folder string) {
	t.Helper()
	db := OpenSQL(t, folder, "")
	var verdict string
	if err := db.QueryRow("PRAGMA integrity_check").Scan(&verdict); err != nil || verdict != "ok" {
		t.Errorf("integrity: %q, %v", verdict, err)
	}
	rows, err := db.Query("PRAGMA foreign_key_check")
	if err != nil {
		t.Fatal(err)
	}
	if rows.Next() {
		t.Error("a reference leads nowhere")
	}
	if err := errors.Join(rows.Err(), rows.Close(), db.Close()); err != nil {
		t.Error(err)
	}
	s := OpenStore(t, folder, "")
	defer s.Close()
	if _, err := s.VerifyAudit(context.Background()); err != nil {
		t.Error(err)
	}
}

// Views is how many views are in the database of a folder that no portal holds.
func Views(t testing.TB, folder, database string) int64 {
	t.Helper()
	s := OpenStore(t, folder, database)
	defer s.Close()
	totals, err := s.Totals(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	return totals.Views
}

// FirstSection is the first of those that list gives.
func FirstSection(t testing.TB, list func(context.Context) ([]model.Section, error)) model.Section {
	t.Helper()
	sections, err := list(context.Background())
	if err != nil || len(sections) == 0 {
		t.Fatalf("sections %v: %v", sections, err)
	}
	return sections[0]
}

// ReadFile is the text of a file.
func ReadFile(t testing.TB, name string) string {
	t.Helper()
	data, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

// WriteFile makes a file, and its folder when there is none.
func WriteFile(t testing.TB, name, text string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(name, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}

// Write makes a file in a folder that is there.
func Write(t testing.TB, folder, name, text string) {
	t.Helper()
	if err := os.WriteFile(filepath.Join(folder, name), []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

// NamesIn are the names in a folder, sorted, without the hidden ones.
func NamesIn(t testing.TB, folder string) (names []string) {
	t.Helper()
	entries, err := os.ReadDir(folder)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		if !strings.HasPrefix(e.Name(), ".") {
			names = append(names, e.Name())
		}
	}
	return names
}

// FilesIn are the files below a folder with their text, by their paths with slashes.
func FilesIn(t testing.TB, folder string) map[string]string {
	t.Helper()
	files := map[string]string{}
	err := fs.WalkDir(os.DirFS(folder), ".", func(name string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		text, err := os.ReadFile(filepath.Join(folder, name))
		files[name] = string(text)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return files
}

// CheckRestored holds that no restore or import that was killed has left anything of its own in the folder, and that the records are sound.
func CheckRestored(t testing.TB, what, folder string) {
	t.Helper()
	for _, name := range NamesIn(t, folder) {
		if strings.HasPrefix(name, "restor") {
			t.Errorf("%s: left %s", what, name)
		}
	}
	CheckIntegrity(t, folder)
}

// OpenStore opens the records of a folder that no portal holds. database is "" for SQLite.
func OpenStore(t testing.TB, folder, database string) *store.Store {
	t.Helper()
	s, err := store.Open(context.Background(), store.Options{Dir: folder, Database: database, Renderer: content.Renderer()})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// EachDatabase runs a test with the arguments for an empty data folder on SQLite, and again with those for PostgreSQL.
func EachDatabase(t *testing.T, run func(t *testing.T, folder, database string, args []string)) {
	t.Helper()
	t.Run("sqlite", func(t *testing.T) {
		folder := filepath.Join(t.TempDir(), "data")
		run(t, folder, "", []string{"--data", folder})
	})
	t.Run("postgres", func(t *testing.T) {
		folder, database := filepath.Join(t.TempDir(), "data"), storetest.Postgres(t)
		run(t, folder, database, []string{"--data", folder, "--database", database})
	})
}
