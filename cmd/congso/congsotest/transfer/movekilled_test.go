package transfer

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"congso/cmd/congso/congsotest"
	"congso/content"
	"congso/store"
	"congso/store/storetest"
)

// compared says whether the folder's SQLite database and the other one have the same records.
func compared(t *testing.T, folder, database string) bool {
	t.Helper()
	_, _, err := store.CompareRecords(context.Background(), store.Options{Dir: folder, Database: database, Renderer: content.Renderer()})
	var different *store.DifferenceError
	if err != nil && !errors.As(err, &different) {
		t.Fatal(err)
	}
	return err == nil
}

func TestKilledMove(t *testing.T) {
	t.Parallel()
	killMoves(t, congsotest.DemoData(t), 1)
}

// killMoves kills a move to PostgreSQL, and one back, at so many moments each. What it leaves is not served, and the same command goes on to the
// end, with nothing twice and nothing lost.
func killMoves(t *testing.T, folder string, often int) {
	congsotest.Program(t) // is built first
	source := storetest.Postgres(t)
	there := congsotest.Moments{Want: often, Whole: congsotest.Took(t, "move", "--from", "sqlite:"+folder, "--to", source)}
	back := congsotest.Moments{Want: often, Whole: there.Whole}
	resumed := 0
	kill := func(m *congsotest.Moments, dir, database string, args ...string) {
		t.Helper()
		if !m.Kill(t, args...) {
			return
		}
		r := congsotest.Launch(t, nil, args...)
		if err := r.Wait(t); err != nil {
			t.Fatalf("moment %d: %v\n%s%s", m.Had, err, r.Out, r.Log)
		}
		if strings.Contains(r.Out.String(), "Went on") {
			resumed++
		}
		if !compared(t, dir, database) {
			t.Errorf("moment %d: the records are not the same", m.Had)
		}
		s := congsotest.OpenStore(t, dir, map[bool]string{true: database}[m == &there])
		defer s.Close()
		if gaps, err := s.SearchGaps(context.Background(), 10); err != nil || len(gaps) > 0 {
			t.Errorf("moment %d: search: %v, %v", m.Had, gaps, err)
		}
		if faults, err := s.CheckLists(context.Background()); err != nil || faults != (store.ListFaults{}) {
			t.Errorf("moment %d: lists: %+v, %v", m.Had, faults, err)
		}
	}
	for there.More(t) {
		database := storetest.Postgres(t)
		kill(&there, folder, database, "move", "--from", "sqlite:"+folder, "--to", database)
	}
	for back.More(t) {
		dir := filepath.Join(t.TempDir(), "lai")
		kill(&back, dir, source, "move", "--from", source, "--to", "sqlite:"+dir)
	}
	if resumed == 0 {
		t.Error("no move went on where another one had stopped")
	}
	t.Logf("killed at %d moments of %v; %d went on where they were", there.Had+back.Had, there.Whole, resumed)
}

// TestStoppedMove: Ctrl-C, however early, leaves a target that nobody serves as a new portal, and the same command goes on.
func TestStoppedMove(t *testing.T) {
	t.Parallel()
	folder := congsotest.DemoData(t)
	for _, after := range []string{"goose_db_version", "setting"} { // while tables are made
		database := storetest.Postgres(t)
		db := congsotest.OpenSQL(t, folder, database)
		r := congsotest.Launch(t, nil, "move", "--from", "sqlite:"+folder, "--to", database)
		there := func() bool {
			var n int
			return db.QueryRow(`SELECT count(*) FROM pg_class WHERE oid = to_regclass($1)`, after).Scan(&n) == nil && n > 0
		}
		if !congsotest.Eventually(congsotest.Patience, there) {
			t.Fatalf("no table %s", after)
		}
		r.Signal(t, os.Interrupt)
		err := r.Wait(t)
		if err != nil && !strings.Contains(r.Log.String(), "stopped before its end") {
			t.Errorf("%s: %v: %s", after, err, r.Log)
		}
		if err != nil {
			congsotest.MustContain(t, after, congsotest.Fail(t, nil, "serve", "--data", folder, "--database", database).Error(), "run congso move again")
		}
		congsotest.Runs(t, nil, "move", "--from", "sqlite:"+folder, "--to", database, "--check="+map[bool]string{true: "true", false: "false"}[err == nil])
		if err := db.Close(); err != nil {
			t.Error(err)
		}
		if !compared(t, folder, database) {
			t.Errorf("%s: the records are not the same", after)
		}
	}
}

func TestKilledPostgresBackup(t *testing.T) {
	t.Parallel()
	killPostgresBackups(t, 1)
}

// killPostgresBackups kills a backup of records in PostgreSQL, and restores into it, at so many moments and at twice as many. An archive under its name is
// whole; after a restore there are all of the records that were there, or all of the archive's.
func killPostgresBackups(t *testing.T, often int) {
	folder, database, target := congsotest.DemoData(t), storetest.Postgres(t), t.TempDir()
	congsotest.Program(t) // is built first
	congsotest.Took(t, "move", "--from", "sqlite:"+folder, "--to", database)
	on := []string{"--data", folder, "--database", database}
	m := congsotest.Moments{Want: often, Whole: congsotest.Took(t, append([]string{"backup", target}, on...)...)}
	for m.More(t) {
		time.Sleep(time.Second) // names are by the second
		m.Kill(t, append([]string{"backup", target}, on...)...)
	}
	time.Sleep(time.Second)
	congsotest.Took(t, append([]string{"backup", target}, on...)...)
	made, err := store.Backups(target)
	if err != nil || len(made) < 2 {
		t.Fatal(made, err)
	}
	for _, name := range congsotest.NamesIn(t, target) {
		if _, err := store.CheckBackup(context.Background(), filepath.Join(target, name), nil); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
	killPostgresRestores(t, on, database, folder, made[0], 2*often)
}

func killPostgresRestores(t *testing.T, on []string, database, folder, older string, often int) {
	s := congsotest.OpenStore(t, folder, database)
	storetest.Section(t, s, "Chuyên mục mới")
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	files, folders := []string{older, filepath.Join(t.TempDir(), "b.tar")}, []string{filepath.Join(t.TempDir(), "cu"), filepath.Join(t.TempDir(), "moi")}
	congsotest.Runs(t, nil, append([]string{"backup", files[1]}, on...)...)
	for i := range files {
		congsotest.Runs(t, nil, "restore", files[i], "--data", folders[i])
	}
	m := congsotest.Moments{Want: often, Whole: congsotest.Took(t, append([]string{"restore", files[1]}, on...)...)}
	outcomes := map[int]int{}
	now := 1
	for m.More(t) {
		next := 1 - now
		cut := m.Kill(t, append([]string{"restore", files[next]}, on...)...)
		congsotest.Took(t, append([]string{"user", "list"}, on...)...) // whoever opens them next
		switch {
		case compared(t, folders[next], database):
			now = next
		case !cut || !compared(t, folders[now], database):
			t.Errorf("moment %d: neither the old records nor the new ones", m.Had)
		}
		outcomes[now]++
	}
	congsotest.Took(t, append([]string{"restore", files[0]}, on...)...)
	if !compared(t, folders[0], database) {
		t.Error("a restore after killed ones is not what the archive holds")
	}
	kept := schemasKept(t, folder, database)
	if len(kept) < 2 {
		t.Errorf("kept %v", kept)
	}
	t.Logf("%d of %d killed in the %v that it takes: %v", m.Had, m.Tries, m.Whole, outcomes)
}

// schemasKept are the schemas beside the database's own that restores have left, removed at the end of the test; what one makes records in is none.
func schemasKept(t *testing.T, folder, database string) (kept []string) {
	t.Helper()
	db := congsotest.OpenSQL(t, folder, database)
	defer db.Close()
	rows, err := db.Query(`SELECT nspname FROM pg_namespace WHERE starts_with(nspname, current_schema() || '_')`)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	for rows.Next() {
		var name string
		if err := rows.Scan(&name); err != nil {
			t.Fatal(err)
		}
		kept = append(kept, name)
		t.Cleanup(func() { congsotest.ExecSQL(t, folder, database, "DROP SCHEMA "+name+" CASCADE") })
		if strings.HasSuffix(name, "_restoring") {
			t.Errorf("left %s", name)
		}
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	return kept
}
