package store_test

import (
	"bytes"
	"compress/gzip"
	"context"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"

	"congso/store"
	"congso/store/model"
	"congso/store/storetest"
)

// fixtures are the numbers of the schemas that there are fixtures of, oldest first.
func fixtures(t testing.TB) (numbers []string) {
	t.Helper()
	files, err := filepath.Glob(filepath.Join("testdata", "schema", "*.db.gz"))
	must(t, err)
	for _, file := range files {
		numbers = append(numbers, strings.TrimSuffix(filepath.Base(file), ".db.gz"))
	}
	return numbers
}

// fixture is a data folder with the database of a released schema, as its program left it.
func fixture(t testing.TB, number string) (dir string) {
	t.Helper()
	in, err := os.Open(filepath.Join("testdata", "schema", number+".db.gz"))
	must(t, err)
	defer in.Close()
	z, err := gzip.NewReader(in)
	must(t, err)
	data, err := io.ReadAll(z)
	must(t, err)
	dir = t.TempDir()
	must(t, os.WriteFile(filepath.Join(dir, "congso.db"), data, 0o600))
	return dir
}

// TestReleasedMigrationsStay: released.txt lists what has been released with its hash; it may only grow, and its newest schema has a fixture.
// Add the lines of new migrations, and the fixture of their schema (see TestMakeFixture), when they are released.
func TestReleasedMigrationsStay(t *testing.T) {
	list, err := os.ReadFile(filepath.Join("testdata", "schema", "released.txt"))
	must(t, err)
	newest := 0
	for line := range strings.Lines(string(list)) {
		want, name, ok := strings.Cut(strings.TrimSpace(line), "  ")
		if !ok {
			t.Fatalf("line %q", line)
		}
		data, err := os.ReadFile(filepath.Join("migrations", filepath.FromSlash(name)))
		must(t, err)
		if got := fmt.Sprintf("%x", sha256.Sum256(data)); got != want {
			t.Errorf("%s was released and has been changed: make a new migration instead", name)
		}
		n, err := strconv.Atoi(filepath.Base(name)[:5])
		must(t, err)
		newest = max(newest, n)
	}
	if number := fmt.Sprintf("%05d", newest); newest < 10 || !slices.Contains(fixtures(t), number) {
		t.Errorf("the released schema %s has no fixture", number)
	}
}

// upToDate is a data folder with the records of the newest fixture in this program's schema.
func upToDate(t testing.TB) (dir string) {
	t.Helper()
	list := fixtures(t)
	dir = fixture(t, list[len(list)-1])
	s, err := store.Open(context.Background(), store.Options{Dir: dir, Renderer: storetest.Renderer()})
	must(t, err)
	must(t, s.Close())
	must(t, os.RemoveAll(filepath.Join(dir, "snapshots")))
	return dir
}

// known is the number of this program's schema.
func known(t testing.TB, dir string) int64 {
	t.Helper()
	schema, err := store.ReadSchema(context.Background(), store.Options{Dir: dir})
	must(t, err)
	return schema.Target
}

// TestUpgradeKeepsEveryRow opens the database of each released schema: every row and value is there, references hold, the trail verifies.
func TestUpgradeKeepsEveryRow(t *testing.T) {
	for _, number := range fixtures(t) {
		t.Run(number, func(t *testing.T) {
			dir := fixture(t, number)
			before := content(t, dir)
			for table, rows := range before {
				if len(rows.list) == 0 {
					t.Errorf("the fixture has no row in %s", table)
				}
			}
			s := storetest.Open(t, store.Options{Dir: dir})
			after := content(t, dir)
			for table, rows := range before {
				if diff := cmp.Diff(rows.list, after[table].only(t, rows.columns)); diff != "" {
					t.Errorf("%s: (-before +after)\n%s", table, diff)
				}
			}
			if _, err := s.VerifyAudit(context.Background()); err != nil {
				t.Error(err)
			}
			sound(t, dir)
			snapshots, err := store.Snapshots(dir)
			must(t, err)
			if number == fmt.Sprintf("%05d", known(t, dir)) {
				if len(snapshots) != 0 {
					t.Errorf("snapshots without an upgrade: %+v", snapshots)
				}
				return
			}
			if len(snapshots) != 1 || fmt.Sprintf("%05d", snapshots[0].Schema) != number {
				t.Fatalf("snapshots %+v", snapshots)
			}
			if diff := cmp.Diff(before, content(t, filepath.Join(dir, "snapshots", snapshots[0].Name)), cmp.AllowUnexported(table{})); diff != "" {
				t.Errorf("the snapshot is not what was there before: %s", diff)
			}
		})
	}
}

// table is what stands in a table, each row as text, in order.
type table struct {
	columns []string
	rows    [][]any
	list    []string
}

// content is all that stands in the tables of records of a data folder.
func content(t testing.TB, dir string) map[string]table {
	t.Helper()
	db := openFile(t, filepath.Join(dir, "congso.db"))
	defer db.Close()
	all := map[string]table{}
	for _, name := range tables(t, db) {
		if name == "goose_db_version" {
			continue
		}
		var one table
		for _, r := range rowsOf(t, db, `SELECT name FROM pragma_table_info('`+name+`') ORDER BY name`) {
			one.columns = append(one.columns, r[0].(string))
		}
		one.rows = rowsOf(t, db, `SELECT `+strings.Join(one.columns, ", ")+` FROM `+name)
		one.list = one.only(t, one.columns)
		all[name] = one
	}
	return all
}

// only is the table's rows with those columns alone, in order.
func (one table) only(t testing.TB, columns []string) (list []string) {
	t.Helper()
	for _, row := range one.rows {
		var parts []string
		for _, column := range columns {
			i := slices.Index(one.columns, column)
			if i < 0 {
				t.Fatalf("the column %s is gone", column)
			}
			parts = append(parts, fmt.Sprintf("%s=%v", column, row[i]))
		}
		list = append(list, strings.Join(parts, " "))
	}
	slices.Sort(list)
	return list
}

// sound holds that the database of the folder is whole and its references lead somewhere.
func sound(t testing.TB, dir string) {
	t.Helper()
	db := openFile(t, filepath.Join(dir, "congso.db"))
	defer db.Close()
	if got := fmt.Sprint(rowsOf(t, db, `PRAGMA integrity_check`)); got != "[[ok]]" {
		t.Errorf("integrity: %s", got)
	}
	if lost := rowsOf(t, db, `PRAGMA foreign_key_check`); len(lost) > 0 {
		t.Errorf("references that lead nowhere: %v", lost)
	}
}

// embeddedSteps are the program's own migrations for that database, to which tests add.
func embeddedSteps(t testing.TB, database string) fstest.MapFS {
	t.Helper()
	steps := fstest.MapFS{}
	folder := os.DirFS(filepath.Join("migrations", database))
	names, err := fs.Glob(folder, "*.sql")
	must(t, err)
	for _, name := range names {
		data, err := fs.ReadFile(folder, name)
		must(t, err)
		steps[name] = &fstest.MapFile{Data: data}
	}
	return steps
}

// withStep are the options of a program that knows one more migration.
func withStep(t testing.TB, dir, sql string) store.Options {
	t.Helper()
	steps := embeddedSteps(t, "sqlite")
	head := ""
	if first, rest, ok := strings.Cut(sql, "\n"); ok {
		head, sql = first+"\n", rest
	}
	steps["99999_next.sql"] = &fstest.MapFile{Data: []byte(head + "-- +goose Up\n" + sql + "\n-- +goose Down\nSELECT 1;\n")}
	return store.WithMigrations(store.Options{Dir: dir, Renderer: storetest.Renderer()}, steps)
}

// TestFailedUpgradeLeavesTheOldState: whatever stops an upgrade, the database's file is the same to the byte, and the error says what to do.
func TestFailedUpgradeLeavesTheOldState(t *testing.T) {
	for name, c := range map[string]struct {
		step string
		want []string
	}{
		"in its middle":       {"CREATE TABLE extra (id INTEGER); DELETE FROM hit_day; INSERT INTO no_such_table VALUES (1);", []string{"99999_next", "no_such_table", "congso v1.2 (abc)"}},
		"at its end":          {"PRAGMA defer_foreign_keys = ON; DELETE FROM tag;", []string{"99999_next", "FOREIGN KEY"}},
		"by a lost reference": {"-- +goose NO TRANSACTION\nPRAGMA foreign_keys = OFF; DELETE FROM tag;", []string{"references that lead nowhere: news_tag"}},
	} {
		t.Run(name, func(t *testing.T) {
			dir := upToDate(t)
			s := storetest.Open(t, store.Options{Dir: dir})
			must(t, s.NoteProgram(context.Background(), "v1.2 (abc)"))
			must(t, s.Close())
			file := filepath.Join(dir, "congso.db")
			before, err := os.ReadFile(file)
			must(t, err)
			_, err = store.Open(context.Background(), withStep(t, dir, c.step))
			if err == nil {
				t.Fatal("no error")
			}
			for _, part := range append(c.want, "the database is as it was") {
				if !strings.Contains(err.Error(), part) {
					t.Errorf("%q lacks %q", err, part)
				}
			}
			after, err := os.ReadFile(file)
			must(t, err)
			if !bytes.Equal(before, after) {
				t.Error("the file has changed")
			}
			only(t, dir, "congso.db", "congso.db-wal", "media")
			storetest.Open(t, store.Options{Dir: dir}) // the program that served it still does
		})
	}
}

// only holds that nothing else stands in the folder.
func only(t testing.TB, dir string, names ...string) {
	t.Helper()
	entries, err := os.ReadDir(dir)
	must(t, err)
	for _, entry := range entries {
		if !slices.Contains(names, entry.Name()) {
			t.Errorf("left behind: %s", entry.Name())
		}
	}
}

const harmlessStep = "CREATE TABLE extra (id INTEGER PRIMARY KEY);"

// TestUpgradeWhileOpenElsewhere: a database is not replaced under a program that has it open.
func TestUpgradeWhileOpenElsewhere(t *testing.T) {
	dir := upToDate(t)
	storetest.Open(t, store.Options{Dir: dir})
	_, err := store.Open(context.Background(), withStep(t, dir, harmlessStep))
	if err == nil || !strings.Contains(err.Error(), "another program has") {
		t.Errorf("error %v", err)
	}
	sound(t, dir)
}

// TestInterruptedUpgrade puts the leavings of an upgrade that was killed at each of its steps into a folder: the next start ends it.
func TestInterruptedUpgrade(t *testing.T) {
	part := filepath.Join("snapshots", "00010-20261101-080000.part")
	for name, c := range map[string]struct {
		leave func(t *testing.T, dir string)
		kept  int
	}{
		"the copy half made": {func(t *testing.T, dir string) {
			must(t, os.WriteFile(filepath.Join(dir, "congso.db.migrating"), []byte("half"), 0o600))
			must(t, os.WriteFile(filepath.Join(dir, "congso.db.migrating-journal"), []byte("half"), 0o600))
		}, 0},
		"the snapshot's folder made": {func(t *testing.T, dir string) { must(t, os.MkdirAll(filepath.Join(dir, part), 0o700)) }, 0},
		"the old file named twice": {func(t *testing.T, dir string) {
			must(t, os.MkdirAll(filepath.Join(dir, part), 0o700))
			must(t, os.Link(filepath.Join(dir, "congso.db"), filepath.Join(dir, part, "congso.db")))
		}, 0},
		"the new file in place": {func(t *testing.T, dir string) {
			must(t, os.MkdirAll(filepath.Join(dir, part), 0o700))
			copyFile(t, filepath.Join(fixture(t, "00009"), "congso.db"), filepath.Join(dir, part, "congso.db"))
		}, 1},
	} {
		t.Run(name, func(t *testing.T) {
			dir := upToDate(t)
			before := content(t, dir)
			c.leave(t, dir)
			storetest.Open(t, store.Options{Dir: dir})
			if diff := cmp.Diff(before, content(t, dir), cmp.AllowUnexported(table{})); diff != "" {
				t.Error(diff)
			}
			list, err := store.Snapshots(dir)
			must(t, err)
			if len(list) != c.kept {
				t.Errorf("snapshots %+v", list)
			}
			if c.kept > 0 && (list[0].Schema != 9 || list[0].Taken.Format("2006-01-02 15:04") != "2026-11-01 08:00") {
				t.Errorf("snapshot %+v", list[0])
			}
			only(t, dir, "congso.db", "congso.db-wal", "congso.db-shm", "media", "snapshots")
			if left, err := filepath.Glob(filepath.Join(dir, "snapshots", "*.part")); err != nil || len(left) > 0 {
				t.Errorf("left behind: %v, %v", left, err)
			}
		})
	}
}

// TestSnapshotsAreFew: of the snapshots the newest three stay.
func TestSnapshotsAreFew(t *testing.T) {
	dir := fixture(t, "00003")
	for _, name := range []string{"00001-20200101-000000", "00002-20200102-000000", "00002-20200103-000000"} {
		folder := filepath.Join(dir, "snapshots", name)
		must(t, os.MkdirAll(folder, 0o700))
		at, err := json.Marshal(name[6:10] + "-" + name[10:12] + "-" + name[12:14] + "T00:00:00Z")
		must(t, err)
		must(t, os.WriteFile(filepath.Join(folder, "snapshot.json"), []byte(`{"taken":`+string(at)+`}`), 0o600))
	}
	storetest.Open(t, store.Options{Dir: dir})
	list, err := store.Snapshots(dir)
	must(t, err)
	var names []string
	for _, s := range list {
		names = append(names, s.Name)
	}
	if len(names) != 3 || !strings.HasPrefix(names[0], "00003-") || names[1] != "00002-20200103-000000" || names[2] != "00002-20200102-000000" {
		t.Errorf("kept %v", names)
	}
}

// TestRehearsal does all on a copy, beside an open database, and leaves nothing.
func TestRehearsal(t *testing.T) {
	dir := upToDate(t)
	storetest.Open(t, store.Options{Dir: dir})
	before := content(t, dir)
	steps, err := store.Rehearse(context.Background(), withStep(t, dir, harmlessStep), "")
	if err != nil || !slices.Equal(steps, []string{"99999_next"}) {
		t.Errorf("steps %v, error %v", steps, err)
	}
	if steps, err = store.Rehearse(context.Background(), store.Options{Dir: dir}, ""); err != nil || steps != nil {
		t.Errorf("nothing to do: steps %v, error %v", steps, err)
	}
	_, err = store.Rehearse(context.Background(), withStep(t, dir, "INSERT INTO nowhere VALUES (1);"), "")
	if err == nil || !strings.Contains(err.Error(), "nowhere") {
		t.Errorf("error %v", err)
	}
	if diff := cmp.Diff(before, content(t, dir), cmp.AllowUnexported(table{})); diff != "" {
		t.Error(diff)
	}
	only(t, dir, "congso.db", "congso.db-wal", "congso.db-shm", "media")
}

// TestUpgradeStopped: a stop in the middle of the copy leaves the old state.
func TestUpgradeStopped(t *testing.T) {
	dir := fixture(t, "00003")
	before := content(t, dir)
	ctx, cancel := context.WithCancel(context.Background())
	o := store.Options{Dir: dir, Renderer: storetest.Renderer(), Progress: func(step string, _, _ int64) {
		if strings.HasPrefix(step, "Migration 00006") {
			cancel()
		}
	}}
	_, err := store.Open(ctx, o)
	if !errors.Is(err, context.Canceled) || !strings.Contains(err.Error(), "start again") {
		t.Errorf("error %v", err)
	}
	if diff := cmp.Diff(before, content(t, dir), cmp.AllowUnexported(table{})); diff != "" {
		t.Error(diff)
	}
	only(t, dir, "congso.db", "congso.db-wal", "media")
}

// TestNewerSchemaNamesItsProgram: an older program refuses, and says which one wrote the records.
func TestNewerSchemaNamesItsProgram(t *testing.T) {
	dir := upToDate(t)
	written := known(t, dir)
	s, err := store.Open(context.Background(), withStep(t, dir, harmlessStep))
	must(t, err)
	must(t, s.NoteProgram(context.Background(), "v9.9 (fedcba)"))
	must(t, s.Close())
	_, err = store.Open(context.Background(), store.Options{Dir: dir, Renderer: storetest.Renderer(), Program: "v1.0 (012345)"})
	if err == nil {
		t.Fatal("no error")
	}
	for _, part := range []string{"99999", fmt.Sprint("schema ", written), "v9.9 (fedcba)", "v1.0 (012345)"} {
		if !strings.Contains(err.Error(), part) {
			t.Errorf("%q lacks %q", err, part)
		}
	}
}

// TestRollback goes back to the snapshot: what was written since is told, gone, and kept in a folder of its own.
func TestRollback(t *testing.T) {
	ctx := context.Background()
	dir := fixture(t, "00009")
	before := content(t, dir)
	clock := storetest.NewClock()
	s := storetest.Open(t, store.Options{Dir: dir, Now: clock.Now})
	section, err := s.Sections(ctx)
	must(t, err)
	news := storetest.News(t, s, section[0], "Tin viết sau khi nâng cấp")
	storetest.User(t, s, "nguoi.moi", model.RoleEditor)
	list, err := store.Snapshots(dir)
	must(t, err)
	written, err := store.WrittenSince(ctx, dir, list[0])
	must(t, err)
	if !written.Continues || written.Entries != int64(len(written.Last)) || !slices.Equal(written.Users, []string{"nguoi.moi"}) || written.Views != 0 ||
		written.Last[0].Kind != model.KindNews || written.Last[0].RecordID != news.ID {
		t.Errorf("written since: %+v", written)
	}
	must(t, s.Close())
	newer := content(t, dir)
	kept, err := store.Rollback(ctx, dir, list[0], clock.Now())
	must(t, err)
	if filepath.Base(kept) != "before-rollback-20260615-090000" {
		t.Errorf("kept in %s", kept)
	}
	for folder, want := range map[string]map[string]table{dir: before, kept: newer} {
		if diff := cmp.Diff(want, content(t, folder), cmp.AllowUnexported(table{})); diff != "" {
			t.Errorf("%s: %s", folder, diff)
		}
	}
	sound(t, dir)
	missing, err := store.MissingMedia(ctx, store.Options{Dir: dir}, list[0])
	if err != nil || len(missing) == 0 { // the fixture has no files
		t.Errorf("missing media %v, %v", missing, err)
	}
}

// TestChangedSnapshotIsRefused: nobody goes back to what is no longer what it was.
func TestChangedSnapshotIsRefused(t *testing.T) {
	dir := fixture(t, "00009")
	must(t, storetest.Open(t, store.Options{Dir: dir}).Close())
	before := content(t, dir)
	list, err := store.Snapshots(dir)
	must(t, err)
	file, err := os.OpenFile(filepath.Join(dir, "snapshots", list[0].Name, "congso.db"), os.O_RDWR, 0)
	must(t, err)
	_, err = file.WriteAt([]byte("x"), 50_000)
	must(t, err)
	must(t, file.Close())
	if _, err := store.Rollback(context.Background(), dir, list[0], storetest.Start()); err == nil || !strings.Contains(err.Error(), "not what it was") {
		t.Errorf("error %v", err)
	}
	if diff := cmp.Diff(before, content(t, dir), cmp.AllowUnexported(table{})); diff != "" {
		t.Error(diff)
	}
}
