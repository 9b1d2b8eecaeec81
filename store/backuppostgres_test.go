package store_test

import (
	"context"
	"database/sql"
	"errors"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"congso/store"
	"congso/store/model"
	"congso/store/storetest"
)

// TestBackupPostgres: an archive of records in PostgreSQL is one like any other, and restores into a data folder or into PostgreSQL; what was there is kept in a schema beside.
func TestBackupPostgres(t *testing.T) {
	t.Parallel()
	ctx, database := context.Background(), storetest.Postgres(t)
	dir, s, clock := filledIn(t, database)
	hostile(t, s)
	folder := t.TempDir()
	file := filepath.Join(folder, "a.tar")
	m := backedUp(t, dir, s, file)
	told := map[string][2]int64{}
	_, err := s.Backup(ctx, store.BackupOptions{File: file, Content: filepath.Join(dir, "bai-viet"), Progress: func(what string, done, total int64) {
		if told[what] = [2]int64{done, total}; store.CountsRecords(what) && done > total {
			t.Errorf("%s: %d of %d", what, done, total)
		}
	}})
	must(t, err)
	for _, what := range []string{"Copying the records", "Comparing the records"} {
		if last := told[what]; !store.CountsRecords(what) || last[0] != last[1] || last[1] < 100 {
			t.Errorf("%s ends with %d", what, last)
		}
	}
	if !m.Unindexed || m.Records["news"] != 20 || m.AuditEntry == 0 || len(m.Missing) > 0 {
		t.Errorf("manifest %+v", m)
	}
	if left := storetest.Files(t, folder, ".congso-backup.lock"); len(left) != 1 {
		t.Errorf("in the folder of backups: %v", left)
	}
	checked, err := store.CheckBackup(ctx, file, nil)
	if err != nil || checked.AuditHash != m.AuditHash || checked.Records["news"] != m.Records["news"] {
		t.Errorf("checked: %+v, %v", checked, err)
	}
	must(t, s.Close())

	plain := filepath.Join(t.TempDir(), "data")
	must(t, os.MkdirAll(plain, 0o700))
	_, err = store.Restore(ctx, plain, file, clock.Now(), nil)
	must(t, err)
	whole(t, store.Options{Dir: plain})
	if _, _, err := store.CompareRecords(ctx, moving(plain, database)); err != nil {
		t.Errorf("in a data folder: %v", err)
	}

	s, _ = openAt(t, store.Options{Dir: dir, Database: database})
	storetest.News(t, s, model.Section{ID: s.MinSection(t)}, "Tin viết sau khi sao lưu")
	if _, err := store.RestorePostgres(ctx, moving(dir, database), file, clock.Now()); !errors.Is(err, store.ErrServed) {
		t.Errorf("beside a portal: %v", err)
	}
	must(t, s.Close())
	must(t, os.RemoveAll(filepath.Join(dir, "media")))
	done, err := store.RestorePostgres(ctx, moving(dir, database), file, clock.Now())
	must(t, err)
	if _, _, err := store.CompareRecords(ctx, moving(plain, database)); err != nil {
		t.Errorf("in PostgreSQL: %v", err)
	}
	whole(t, store.Options{Dir: dir, Database: database})
	kept, _, _ := strings.Cut(strings.TrimPrefix(done.Kept, "schema "), ",")
	t.Cleanup(func() { onSchema(t, database, "DROP SCHEMA "+kept+" CASCADE") })
	old, _ := openAt(t, store.Options{Dir: dir, Database: inSchema(t, database, kept)})
	if n := old.ID(t, `SELECT COUNT(*) FROM news WHERE title = 'Tin viết sau khi sao lưu'`); n != 1 {
		t.Errorf("what was there is not in %s", done.Kept)
	}
}

// whole holds that records which came from elsewhere are found, listed, chained, and have their files.
func whole(t *testing.T, o store.Options) {
	t.Helper()
	ctx := context.Background()
	s, _ := openAt(t, o)
	defer func() { must(t, s.Close()) }()
	if gaps, err := s.SearchGaps(ctx, 10); err != nil || len(gaps) > 0 {
		t.Errorf("search: %v, %v", gaps, err)
	}
	found, err := s.Search(ctx, model.Viewer{}, model.SearchQuery{Text: "số 7"}, 10)
	if err != nil || found.Total == 0 || found.Hits[0].Ref != "tin-so-7" {
		t.Errorf("search: %+v, %v", found, err)
	}
	if faults, err := s.CheckLists(ctx); err != nil || faults != (store.ListFaults{}) {
		t.Errorf("lists: %+v, %v", faults, err)
	}
	if _, err := s.VerifyAudit(ctx); err != nil {
		t.Errorf("audit: %v", err)
	}
	hash := s.Slugs(t, `SELECT hash FROM media ORDER BY id LIMIT 1`)
	file, err := openKept(s, hash[0], "")
	must(t, err)
	must(t, file.Close())
}

// TestRestorePostgresRefuses: an archive that is damaged, or whose records cannot be made, leaves records and files as they were.
func TestRestorePostgresRefuses(t *testing.T) {
	t.Parallel()
	ctx, database := context.Background(), storetest.Postgres(t)
	dir, s, clock := filledIn(t, database)
	file := filepath.Join(t.TempDir(), "a.tar")
	backedUp(t, dir, s, file)
	archive, err := os.ReadFile(file)
	must(t, err)
	entries := readEntries(t, archive)
	place := filepath.Join(t.TempDir(), "congso.db")
	must(t, os.WriteFile(place, unpacked(t, entries[0]), 0o600))
	db, err := sql.Open("sqlite", "file:"+place)
	must(t, err)
	_, err = db.Exec(`INSERT INTO redirect (from_path, to_path, created_at) VALUES ('/xau', $1, 1)`, "a\x00b")
	must(t, errors.Join(err, db.Close()))
	data, err := os.ReadFile(place)
	must(t, err)
	before := s.Slugs(t, `SELECT title FROM news ORDER BY id`)
	must(t, s.Close())
	files := storetest.Files(t, dir, "lock")
	for name, c := range map[string]struct {
		archive []byte
		says    string
	}{
		"cut off":     {archive[:len(archive)-1000], "damaged archive"},
		"a zero byte": {withDatabase(t, entries, data), "table redirect, row (/xau)"},
	} {
		must(t, os.WriteFile(file, c.archive, 0o600))
		if _, err := store.RestorePostgres(ctx, moving(dir, database), file, clock.Now()); err == nil || !strings.Contains(err.Error(), c.says) {
			t.Errorf("%s: %v", name, err)
		}
	}
	s, _ = openAt(t, store.Options{Dir: dir, Database: database})
	if after := s.Slugs(t, `SELECT title FROM news ORDER BY id`); strings.Join(after, "\n") != strings.Join(before, "\n") {
		t.Errorf("the records changed: %v", after)
	}
	if left := s.Slugs(t, `SELECT CAST(nspname AS TEXT) FROM pg_namespace WHERE starts_with(nspname, current_schema() || '_')`); len(left) > 0 {
		t.Errorf("left schemas %v", left)
	}
	must(t, s.Close())
	after := storetest.Files(t, dir, "lock")
	if len(files) != len(after) {
		t.Errorf("files before %d, after %d", len(files), len(after))
	}
}

// onSchema runs a statement on a database of PostgreSQL.
func onSchema(t *testing.T, database, statement string) {
	t.Helper()
	db, err := sql.Open("pgx", database)
	must(t, err)
	_, err = db.Exec(statement)
	must(t, errors.Join(err, db.Close()))
}

// inSchema is the address of another schema of the same database.
func inSchema(t *testing.T, database, schema string) string {
	t.Helper()
	u, err := url.Parse(database)
	must(t, err)
	query := u.Query()
	query.Set("search_path", schema)
	u.RawQuery = query.Encode()
	return u.String()
}
