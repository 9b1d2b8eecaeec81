package store_test

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"
	"github.com/jackc/pgx/v5"

	"congso/store"
	"congso/store/model"
	"congso/store/storetest"
)

// olderArchive is an archive of a fixture's records, as the program of its schema made it, and a folder with the same records in this program's.
func olderArchive(t *testing.T, number string) (file, dir string) {
	t.Helper()
	ctx := context.Background()
	dir = fixture(t, number)
	old, err := os.ReadFile(filepath.Join(dir, "congso.db"))
	must(t, err)
	schema, err := strconv.ParseInt(number, 10, 64)
	must(t, err)
	s := storetest.Open(t, store.Options{Dir: dir})
	file = filepath.Join(t.TempDir(), "a.tar")
	_, err = s.Backup(ctx, store.BackupOptions{File: file})
	must(t, err)
	must(t, s.Close())
	archive, err := os.ReadFile(file)
	must(t, err)
	entries := readEntries(t, withDatabase(t, readEntries(t, archive), old))
	must(t, os.WriteFile(file, sealed(t, entries, func(m *store.Manifest) { m.Schema = schema }), 0o600))
	return file, dir
}

// TestRestoreOlder: an archive of an older schema goes into PostgreSQL and into a data folder with every row, as its upgrade in place would have it.
func TestRestoreOlder(t *testing.T) {
	t.Parallel()
	for _, number := range fixtures(t) {
		if number < "00009" {
			continue // no program of so old a schema made archives
		}
		t.Run(number, func(t *testing.T) {
			t.Parallel()
			ctx, database := context.Background(), storetest.Postgres(t)
			file, upgraded := olderArchive(t, number)
			dir := t.TempDir()
			done, err := store.RestorePostgres(ctx, moving(dir, database), file, noon())
			must(t, err)
			if fmt.Sprintf("%05d", done.Schema) != number {
				t.Errorf("the archive has schema %d", done.Schema)
			}
			p := storetest.Open(t, store.Options{Dir: dir, Database: database})
			if _, err := p.VerifyAudit(ctx); err != nil {
				t.Errorf("audit: %v", err)
			}
			if gaps, err := p.SearchGaps(ctx, 10); err != nil || len(gaps) > 0 {
				t.Errorf("search: %v, %v", gaps, err)
			}
			if faults, err := p.CheckLists(ctx); err != nil || faults != (store.ListFaults{}) {
				t.Errorf("lists: %+v, %v", faults, err)
			}
			must(t, p.Close())
			if _, rows, err := store.CompareRecords(ctx, moving(upgraded, database)); err != nil || rows < 100 {
				t.Errorf("compared %d rows: %v", rows, err)
			}
			plain := filepath.Join(t.TempDir(), "data")
			must(t, os.MkdirAll(plain, 0o700))
			_, err = store.Restore(ctx, plain, file, noon(), nil)
			must(t, err)
			must(t, storetest.Open(t, store.Options{Dir: plain}).Close())
			if _, _, err := store.CompareRecords(ctx, moving(plain, database)); err != nil {
				t.Errorf("in a data folder: %v", err)
			}
		})
	}
}

// olderPostgres are the records of now, in PostgreSQL in the schema of that number, which is made in database.
func olderPostgres(t *testing.T, now, database string, number int64) {
	t.Helper()
	steps := embeddedSteps(t, "postgres")
	for name := range steps {
		if n, err := strconv.ParseInt(name[:5], 10, 64); err != nil || n > number {
			delete(steps, name)
		}
	}
	must(t, storetest.Open(t, store.WithMigrations(moving(t.TempDir(), database), steps)).Close())
	schema := func(address string) string {
		config, err := pgx.ParseConfig(address)
		must(t, err)
		return config.RuntimeParams["search_path"]
	}
	onSchema(t, database, strings.NewReplacer("NOW", schema(now), "OLD", schema(database)).Replace(`DO $$ DECLARE t TEXT; columns TEXT; BEGIN
		SET LOCAL session_replication_role = replica; -- neither triggers nor references
		FOR t IN SELECT tablename FROM pg_tables WHERE schemaname = 'OLD' AND tablename <> 'goose_db_version' LOOP
			SELECT string_agg(quote_ident(column_name), ', ') INTO columns FROM information_schema.columns
				WHERE table_schema = 'OLD' AND table_name = t AND is_generated = 'NEVER';
			EXECUTE format('DELETE FROM OLD.%I', t);
			EXECUTE format('INSERT INTO OLD.%I (%s) OVERRIDING SYSTEM VALUE SELECT %s FROM NOW.%I', t, columns, columns, t);
			IF EXISTS (SELECT 1 FROM information_schema.columns WHERE table_schema = 'OLD' AND table_name = t AND is_identity = 'YES') THEN
				EXECUTE format('SELECT setval(pg_get_serial_sequence(''OLD.%I'', ''id''), GREATEST(MAX(id), 1)) FROM OLD.%I', t, t);
			END IF;
		END LOOP;
	END $$`))
}

// TestUpgradePostgres: records of the last released schema that is not this program's are brought up to that with every row, first by a rehearsal
// beside them, and PostgreSQL knows how many they are.
func TestUpgradePostgres(t *testing.T) {
	t.Parallel()
	ctx, now, database := context.Background(), storetest.Postgres(t), storetest.Postgres(t)
	dir, s, _ := filledIn(t, now)
	hostile(t, s)
	must(t, s.Tx(ctx, func(tx *sql.Tx) error {
		_, err := tx.Exec(`INSERT INTO lease (name, holder, expires_at) VALUES ('backup', 'x', 1)`)
		return err
	}))
	must(t, s.Close())
	newest, err := store.ReadSchema(ctx, moving(dir, now))
	must(t, err)
	before := int64(0)
	for _, number := range fixtures(t) {
		if n, err := strconv.ParseInt(number, 10, 64); err == nil && n < newest.Target {
			before = n
		}
	}
	var pending []string
	for name := range embeddedSteps(t, "postgres") {
		if name > fmt.Sprintf("%05d_~", before) {
			pending = append(pending, strings.TrimSuffix(name, ".sql"))
		}
	}
	slices.Sort(pending)
	olderPostgres(t, now, database, before)
	file := filepath.Join(t.TempDir(), "b.tar")
	if schema, err := store.ReadSchema(ctx, moving(dir, database)); err != nil || schema.Current != before || !slices.Equal(schema.Pending, pending) {
		t.Fatalf("%+v, %v", schema, err)
	}
	if steps, err := store.RehearsePostgres(ctx, moving(dir, database)); err != nil || !slices.Equal(steps, pending) {
		t.Errorf("rehearsal %v, %v", steps, err)
	}
	s, _ = openAt(t, store.Options{Dir: dir, Database: database})
	if n := s.ID(t, `SELECT COUNT(*) FROM news`); n != 20 {
		t.Errorf("%d news", n)
	}
	if n := s.ID(t, `SELECT COUNT(*) FROM lease WHERE name = 'backup'`); n != 1 {
		t.Errorf("%d leases", n)
	}
	analyzed(t, s, "news", 20)
	storetest.Section(t, s, "Mục mới")
	backedUp(t, dir, s, file)
	must(t, s.Close())
	whole(t, store.Options{Dir: dir, Database: database})
}

// TestFailedUpgradePostgres: a step that fails leaves the records as they were, and the error says what to do; so does one for a schema that is not there.
func TestFailedUpgradePostgres(t *testing.T) {
	t.Parallel()
	ctx, database := context.Background(), storetest.Postgres(t)
	dir, s, _ := filledIn(t, database)
	must(t, s.Close())
	steps := embeddedSteps(t, "postgres")
	steps["99999_next.sql"] = &fstest.MapFile{Data: []byte("-- +goose Up\nDELETE FROM listing;\nINSERT INTO nowhere VALUES (1);\n-- +goose Down\nSELECT 1;\n")}
	_, err := store.Open(ctx, store.WithMigrations(moving(dir, database), steps))
	if err == nil || !strings.Contains(err.Error(), "nowhere") || !strings.Contains(err.Error(), "that step is undone") {
		t.Errorf("a step that fails: %v", err)
	}
	whole(t, store.Options{Dir: dir, Database: database})
	nowhere := store.InSchema(database, "khong_co")
	if _, err := store.Open(ctx, moving(t.TempDir(), nowhere)); err == nil || !strings.Contains(err.Error(), "no schema") {
		t.Errorf("a schema that is not there: %v", err)
	}
	if _, err := store.MoveRecords(ctx, moving(dir, nowhere), false); err == nil || !strings.Contains(err.Error(), "no records") {
		t.Errorf("a move from a schema that is not there: %v", err)
	}
}

// analyzed holds that PostgreSQL plans with the number of the table's rows.
func analyzed(t *testing.T, s *store.Store, table string, rows int64) {
	t.Helper()
	if n := s.ID(t, `SELECT CAST(reltuples AS BIGINT) FROM pg_class WHERE oid = to_regclass('`+table+`')`); n != rows {
		t.Errorf("PostgreSQL takes %s for a table of %d rows, not %d", table, n, rows)
	}
	if n := s.ID(t, `SELECT COUNT(*) FROM pg_stats WHERE schemaname = current_schema() AND tablename = '`+table+`'`); n == 0 {
		t.Errorf("PostgreSQL knows nothing of the values in %s", table)
	}
}

// TestRestoreBeforeNewer: an older program restores over the records of a newer one, which can be upgraded again afterwards; what somebody else
// has in the schema stays.
func TestRestoreBeforeNewer(t *testing.T) {
	t.Parallel()
	ctx, database := context.Background(), storetest.Postgres(t)
	dir, s, _ := filledIn(t, database)
	file := filepath.Join(t.TempDir(), "a.tar")
	backedUp(t, dir, s, file)
	must(t, s.Close())
	steps := embeddedSteps(t, "postgres")
	steps["99999_next.sql"] = &fstest.MapFile{Data: []byte("-- +goose Up\nCREATE TABLE novelty (id BIGINT PRIMARY KEY);\n-- +goose Down\nSELECT 1;\n")}
	newer := store.WithMigrations(moving(dir, database), steps)
	must(t, storetest.Open(t, newer).Close())
	if _, err := store.Open(ctx, moving(dir, database)); err == nil || !strings.Contains(err.Error(), "'congso restore'") {
		t.Errorf("an older program: %v", err)
	}
	role := fmt.Sprintf("reports_%016x", rand.Uint64())
	onSchema(t, database, "CREATE ROLE "+role)
	t.Cleanup(func() { onSchema(t, database, "DROP ROLE "+role) })
	onSchema(t, database, "CREATE TABLE report (id BIGINT)")
	onSchema(t, database, "ALTER TABLE report OWNER TO "+role)
	t.Cleanup(func() { onSchema(t, database, "DROP TABLE report") })
	done, err := store.RestorePostgres(ctx, moving(dir, database), file, noon())
	must(t, err)
	kept, _, _ := strings.Cut(strings.TrimPrefix(done.Kept, "schema "), ",")
	t.Cleanup(func() { onSchema(t, database, "DROP SCHEMA "+kept+" CASCADE") })
	s = storetest.Open(t, moving(dir, database))
	if left := s.Slugs(t, `SELECT CAST(relname AS TEXT) FROM pg_class WHERE relnamespace = CAST(quote_ident(current_schema()) AS regnamespace) AND relname IN ('novelty', 'report')`); strings.Join(left, " ") != "report" {
		t.Errorf("in the schema there are %v", left)
	}
	must(t, s.Close())
	must(t, storetest.Open(t, newer).Close())
	whole(t, newer)
}

// TestRestorePostgresAgain: a restore that was ended when the records had taken their place, and the articles had not, is run again.
func TestRestorePostgresAgain(t *testing.T) {
	t.Parallel()
	ctx, database := context.Background(), storetest.Postgres(t)
	dir, s, clock := filledIn(t, database)
	file := filepath.Join(t.TempDir(), "a.tar")
	backedUp(t, dir, s, file)
	storetest.News(t, s, model.Section{ID: s.MinSection(t)}, "Tin viết sau khi sao lưu")
	must(t, s.Close())
	article := filepath.Join(dir, "bai-viet", "en", "a.md")
	must(t, os.WriteFile(article, []byte("new"), 0o600))

	must(t, os.MkdirAll(filepath.Join(dir, "hits"), 0o700))
	must(t, os.WriteFile(filepath.Join(dir, "hits", "x"), nil, 0o600))
	elsewhere := t.TempDir() // the records are restored with another data folder: this one is as if the program had been killed then
	first, err := store.RestorePostgres(ctx, moving(elsewhere, database), file, clock.Now())
	must(t, err)
	stage := filepath.Join(dir, "restore-20260615-120000.part")
	must(t, os.MkdirAll(filepath.Join(stage, "bai-viet"), 0o700))

	second, err := store.RestorePostgres(ctx, moving(dir, database), file, clock.Now())
	must(t, err)
	for _, done := range []store.Restored{first, second} {
		schema, _, _ := strings.Cut(strings.TrimPrefix(done.Kept, "schema "), ",")
		t.Cleanup(func() { onSchema(t, database, "DROP SCHEMA "+schema+" CASCADE") })
	}
	if text, err := os.ReadFile(article); err != nil || len(text) > 0 {
		t.Errorf("the article is %q, %v", text, err)
	}
	for _, gone := range []string{stage, filepath.Join(dir, "hits", "x"), filepath.Join(dir, "restoring")} {
		if _, err := os.Lstat(gone); !errors.Is(err, os.ErrNotExist) {
			t.Errorf("%s: %v", gone, err)
		}
	}
	s, _ = openAt(t, store.Options{Dir: dir, Database: database})
	if n := s.ID(t, `SELECT COUNT(*) FROM news`); n != 20 {
		t.Errorf("%d news", n)
	}
	analyzed(t, s, "news", 20)
	analyzed(t, s, "search_index", s.ID(t, `SELECT COUNT(*) FROM search_index`))
	must(t, s.Close())
	whole(t, store.Options{Dir: dir, Database: database})
}

// TestInSchema: a schema's address is the same server's, however that is written.
func TestInSchema(t *testing.T) {
	for _, address := range []string{
		"postgres://congso:m%20k@db1:5432,db2:5433/congso?sslmode=disable",
		"postgres://congso@db1:5432,db2/congso?application_name=a+b&search_path=x&options=-c%20geqo%3Doff",
		"postgresql://congso:p?w#x@[::1]:5432/congso",
		"postgres:///congso?host=/tmp", "postgres://db",
	} {
		own := store.InSchema(address, `Sở "A" b&c`)
		before, err := pgx.ParseConfig(address)
		must(t, err)
		after, err := pgx.ParseConfig(own)
		if err != nil {
			t.Errorf("%s: %v", own, err)
			continue
		}
		before.RuntimeParams["search_path"] = `"Sở ""A"" b&c"`
		if diff := cmp.Diff(before.RuntimeParams, after.RuntimeParams); diff != "" || before.Host != after.Host || before.Port != after.Port ||
			before.Password != after.Password || before.Database != after.Database || len(before.Fallbacks) != len(after.Fallbacks) {
			t.Errorf("%s becomes %s: %s", address, own, diff)
		}
	}
}
