package store_test

import (
	"context"
	"io/fs"
	"os"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"congso/store"
	"congso/store/storetest"
)

// TestRehearsalPostgres does all in a schema beside a portal at work, with its rows, and leaves nothing.
func TestRehearsalPostgres(t *testing.T) {
	t.Parallel()
	ctx, database := context.Background(), storetest.Postgres(t)
	dir, s, _ := filledIn(t, database)
	hostile(t, s)
	steps := fstest.MapFS{}
	must(t, fs.WalkDir(os.DirFS("migrations/postgres"), ".", func(name string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		data, err := os.ReadFile("migrations/postgres/" + name)
		steps[name] = &fstest.MapFile{Data: data}
		return err
	}))
	rehearse := func(sql string) ([]string, error) {
		steps["99999_next.sql"] = &fstest.MapFile{Data: []byte("-- +goose Up\n" + sql + "\n-- +goose Down\nSELECT 1;\n")}
		return store.RehearsePostgres(ctx, store.WithMigrations(moving(dir, database), steps))
	}
	// It fails unless all rows are there, with the lists and the words of the search, which are made nowhere twice.
	done, err := rehearse(`SELECT 1 / CASE WHEN (SELECT COUNT(*) FROM news) = 20 AND (SELECT COUNT(*) FROM search_index) = (SELECT COUNT(*) FROM search_doc)
		AND (SELECT COUNT(*) FROM listing) = (SELECT SUM(n) FROM listing_part WHERE level = 1) AND (SELECT COUNT(*) FROM listing) > 60 THEN 1 ELSE 0 END;`)
	if err != nil || !slices.Equal(done, []string{"99999_next"}) {
		t.Errorf("steps %v, error %v", done, err)
	}
	if _, err := rehearse(`INSERT INTO section (slug, name, position) VALUES ('moi', 'Mới', 1); INSERT INTO tag (slug, name) VALUES ('moi', 'Mới');`); err != nil {
		t.Errorf("a migration that adds rows: %v", err)
	}
	if _, err := rehearse(`INSERT INTO nowhere VALUES (1);`); err == nil || !strings.Contains(err.Error(), "nowhere") {
		t.Errorf("error %v", err)
	}
	if done, err := store.RehearsePostgres(ctx, moving(dir, database)); err != nil || done != nil {
		t.Errorf("nothing to do: %v, %v", done, err)
	}
	if left := s.Slugs(t, `SELECT CAST(nspname AS TEXT) FROM pg_namespace WHERE starts_with(nspname, current_schema() || '_')`); len(left) > 0 {
		t.Errorf("left schemas %v", left)
	}
}
