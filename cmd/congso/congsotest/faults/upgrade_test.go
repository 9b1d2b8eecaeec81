package faults

import (
	"compress/gzip"
	"context"
	"database/sql"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"congso/cmd/congso/congsotest"
	"congso/store"
	"congso/store/storetest"
)

// released is a data folder with the database that the program of a released schema has left.
func released(t *testing.T, number string) (folder string) {
	t.Helper()
	in, err := os.Open(filepath.Join("..", "..", "..", "..", "store", "testdata", "schema", number+".db.gz"))
	if err != nil {
		t.Fatal(err)
	}
	defer in.Close()
	unpacked, err := gzip.NewReader(in)
	if err != nil {
		t.Fatal(err)
	}
	data, err := io.ReadAll(unpacked)
	if err != nil {
		t.Fatal(err)
	}
	folder = filepath.Join(t.TempDir(), "data")
	congsotest.WriteFile(t, filepath.Join(folder, "congso.db"), string(data))
	return folder
}

// TestUpgradedPortalServes: a portal of each released schema serves its pages after the start of this program, and again.
func TestUpgradedPortalServes(t *testing.T) {
	t.Parallel()
	fixtures, err := filepath.Glob(filepath.Join("..", "..", "..", "..", "store", "testdata", "schema", "*.db.gz"))
	if err != nil || len(fixtures) < 4 {
		t.Fatalf("fixtures %v, %v", fixtures, err)
	}
	for _, fixture := range fixtures {
		number := strings.TrimSuffix(filepath.Base(fixture), ".db.gz")
		t.Run(number, func(t *testing.T) {
			folder := released(t, number)
			for range 2 {
				r := congsotest.Start(t, nil, "serve", "--data", folder)
				home := r.Page(t, "/")
				congsotest.MustContain(t, "home", home, "Sở Nội vụ tỉnh Tân Giang", "/tin-tuc/")
				item := regexp.MustCompile(`href="(/tin-tuc/[a-z0-9-]+)`).FindStringSubmatch(home)
				for _, path := range []string{item[1], "/tin-tuc", "/hoi-nghi", "/danh-ba", "/thong-ke", "/so-do", "/rss.xml", "/en/contacts", "/api/v1/news", "/admin/dang-nhap", "/readyz"} {
					r.Page(t, path)
				}
				congsotest.MustContain(t, "the search", r.Page(t, "/tim-kiem?q=noi+vu"), "/tin-tuc/")
				r.Finish(t)
			}
			congsotest.CheckIntegrity(t, folder)
		})
	}
}

// TestMigrateAndRollback goes forward and back by the commands.
func TestMigrateAndRollback(t *testing.T) {
	folder := released(t, "00009")
	database := filepath.Join(folder, "congso.db")
	before := congsotest.ReadFile(t, database)
	congsotest.MustContain(t, "the status before", congsotest.Ending(t, 0, "migrate", "--status", "--data", folder), "schema 9,", "00010_task_proposals", "No snapshots.")
	congsotest.MustContain(t, "the rehearsal", congsotest.Ending(t, 0, "migrate", "--rehearse", "--data", folder), "went well", "00010_task_proposals")
	if congsotest.ReadFile(t, database) != before {
		t.Error("the rehearsal changed the database")
	}
	congsotest.MustContain(t, "migrate", congsotest.Ending(t, 0, "migrate", "--data", folder), "from schema 9 to ", filepath.Join(folder, "snapshots", "00009-"))
	congsotest.MustContain(t, "migrate again", congsotest.Ending(t, 0, "migrate", "--data", folder), "nothing to do")
	congsotest.MustContain(t, "the status after", congsotest.Ending(t, 0, "migrate", "--status", "--data", folder), "Nothing to migrate.", "00009-")

	s := congsotest.OpenStore(t, folder, "")
	item := storetest.News(t, s, congsotest.FirstSection(t, s.Sections), "Tin viết sau khi nâng cấp")
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	congsotest.MustContain(t, "a rollback without anybody to ask", congsotest.Ending(t, 1, "rollback", "--data", folder), "schema 9", "1 changes", "news create", "--yes", "as it was")
	congsotest.MustContain(t, "an unknown snapshot", congsotest.Ending(t, 1, "rollback", "--data", folder, "--to", "xyz"), `"xyz"`, "--list")
	congsotest.MustContain(t, "the rollback", congsotest.Ending(t, 0, "rollback", "--data", folder, "--yes"),
		"schema 9", "Written since", "  seed  create news", "names a file that the media no longer have", filepath.Join(folder, "before-rollback-"), "Now install congso")
	congsotest.MustContain(t, "the status after the rollback", congsotest.Ending(t, 0, "migrate", "--status", "--data", folder), "schema 9,")
	newer, err := filepath.Glob(filepath.Join(folder, "before-rollback-*", "congso.db"))
	if err != nil || len(newer) != 1 || newsWith(t, newer[0], item.Slug) != 1 || newsWith(t, database, item.Slug) != 0 {
		t.Errorf("the newer database: %v, %v", newer, err)
	}
	r := congsotest.Start(t, nil, "serve", "--data", folder) // upgrades again
	r.Page(t, "/")
	r.Finish(t)
	congsotest.CheckIntegrity(t, folder)
	congsotest.MustContain(t, "no records", congsotest.Ending(t, 1, "migrate", "--data", t.TempDir()), "no records")
	congsotest.MustContain(t, "no snapshots", congsotest.Ending(t, 1, "rollback", "--data", t.TempDir()), "no snapshots")
	congsotest.MustContain(t, "PostgreSQL", congsotest.Ending(t, 1, "rollback", "--data", folder, "--database", "postgres://h/d"), "no snapshot to go back to", "congso restore")
}

func newsWith(t testing.TB, database, slug string) (n int) {
	t.Helper()
	db, err := sql.Open("sqlite", "file:"+database+"?mode=ro&immutable=1")
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	if err := db.QueryRow("SELECT count(*) FROM news WHERE slug = $1", slug).Scan(&n); err != nil {
		t.Fatal(err)
	}
	return n
}

// TestRollbackAsks answers on a terminal.
func TestRollbackAsks(t *testing.T) {
	script := congsotest.RequireProgram(t, "no script(1) to make a terminal with", "script")
	folder := released(t, "00009")
	congsotest.Ending(t, 0, "migrate", "--data", folder)
	for _, c := range []struct{ answer, want string }{{"\n", "not gone back"}, {"n\n", "not gone back"}, {"y\n", "Done."}} {
		command := exec.Command(script, "-qec", congsotest.Program(t)+" rollback --data "+folder, "/dev/null")
		command.Stdin = strings.NewReader(c.answer)
		out, err := command.CombinedOutput()
		congsotest.MustContain(t, "the answer "+strconv.Quote(c.answer), string(out), "Go back? (y/N)", c.want)
		if good := c.want == "Done."; good != (err == nil) {
			t.Errorf("answer %q: %v", c.answer, err)
		}
	}
}

// TestBesideServer: what changes the database waits for the server's end, what only looks does not.
func TestBesideServer(t *testing.T) {
	folder := released(t, "00009")
	r := congsotest.Start(t, nil, "serve", "--data", folder)
	for _, args := range [][]string{{"migrate"}, {"rollback", "--yes"}} {
		congsotest.MustContain(t, args[0], congsotest.Ending(t, 1, append(args, "--data", folder)...), folder, "in use by another congso")
	}
	congsotest.MustContain(t, "status", congsotest.Ending(t, 0, "migrate", "--status", "--data", folder), "Nothing to migrate.", "congso "+builtName(t))
	congsotest.MustContain(t, "rehearsal", congsotest.Ending(t, 0, "migrate", "--rehearse", "--data", folder), "nothing to rehearse")
	congsotest.MustContain(t, "list", congsotest.Ending(t, 0, "rollback", "--list", "--data", folder), "00009-")
	congsotest.MustContain(t, "home", r.Page(t, "/"), "Sở Nội vụ")
	r.Finish(t)
}

// builtName is what the built program calls itself: built by the tests it has a version without a commit or with one.
func builtName(t testing.TB) string {
	t.Helper()
	out, err := exec.Command("go", "version", "-m", congsotest.Program(t)).Output()
	if err != nil {
		t.Fatal(err)
	}
	return strings.Trim(regexp.MustCompile(`\tmod\tcongso\t(\S+)`).FindStringSubmatch(string(out))[1], "()")
}

// TestListenTakenMigratesNothing: a start that cannot listen leaves an older database as it is.
func TestListenTakenMigratesNothing(t *testing.T) {
	folder := released(t, "00009")
	before := congsotest.ReadFile(t, filepath.Join(folder, "congso.db"))
	first := congsotest.Start(t, nil, "serve", "--data", filepath.Join(t.TempDir(), "data"))
	address := strings.TrimPrefix(first.URL, "http://")
	congsotest.MustContain(t, "what it says", congsotest.Ending(t, 1, "serve", "--data", folder, "--listen", address), address)
	if congsotest.ReadFile(t, filepath.Join(folder, "congso.db")) != before {
		t.Error("the database has changed")
	}
}

// killedMigrating kills an upgrade at so many moments: each time the database opens with every row, in the old schema or in the new one.
func killedMigrating(t *testing.T, rows, often int) {
	pristine := filepath.Join(released(t, "00003"), "congso.db")
	enlarge(t, pristine, rows)
	whole := newsCount(t, pristine)
	folder := filepath.Join(t.TempDir(), "data")
	copyInto(t, pristine, folder)
	congsotest.Program(t) // is built first
	m := congsotest.Moments{Want: often, Whole: congsotest.Took(t, "migrate", "--data", folder)}
	killed := map[int]int{}
	for m.More(t) {
		folder := filepath.Join(t.TempDir(), "data")
		copyInto(t, pristine, folder)
		cut := m.Kill(t, "migrate", "--data", folder)
		schema, err := store.ReadSchema(context.Background(), store.Options{Dir: folder})
		if err != nil || schema.Current != 3 && schema.Current != schema.Target {
			t.Fatalf("schema %+v, %v", schema, err)
		}
		if cut {
			killed[int(schema.Current)]++
		}
		if n := newsCount(t, filepath.Join(folder, "congso.db")); n != whole {
			t.Errorf("%d items, want %d", n, whole)
		}
		congsotest.Ending(t, 0, "migrate", "--data", folder)
		if n := newsCount(t, filepath.Join(folder, "congso.db")); n != whole {
			t.Errorf("%d items after the upgrade, want %d", n, whole)
		}
		list, err := store.Snapshots(folder)
		if err != nil || len(list) != 1 || list[0].Schema != 3 {
			t.Errorf("snapshots %+v, %v", list, err)
		}
		congsotest.CheckIntegrity(t, folder)
		if left, err := filepath.Glob(filepath.Join(folder, "*.migrating*")); err != nil || len(left) > 0 {
			t.Errorf("left behind: %v, %v", left, err)
		}
		if err := os.RemoveAll(folder); err != nil {
			t.Fatal(err)
		}
	}
	t.Logf("an upgrade takes %v; of %d, %d were killed; schema after that, and how often: %v", m.Whole, m.Tries, m.Had, killed)
}

func TestKilledMigrating(t *testing.T) {
	t.Parallel()
	killedMigrating(t, 2000, 5)
}

// enlarge adds news items to a database of schema 3.
func enlarge(t testing.TB, database string, rows int) {
	t.Helper()
	db, err := sql.Open("sqlite", "file:"+database)
	if err != nil {
		t.Fatal(err)
	}
	_, err = db.Exec(`WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < $1)
		INSERT INTO news (slug, title, summary, body, html, section_id, status, visibility, publish_at, created_at, updated_at)
		SELECT 'tin-' || i, 'Tin thứ ' || i, 'Tóm tắt', printf('%.*c', 800, 'x'), printf('%.*c', 1000, 'x'), (SELECT min(id) FROM section), 'published', 'public', 1700000000 + i, 1700000000, 1700000000 FROM n`, rows)
	if err != nil {
		t.Fatal(err)
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
}

func newsCount(t testing.TB, database string) (n int) {
	t.Helper()
	db, err := sql.Open("sqlite", "file:"+database+"?_pragma=busy_timeout(5000)")
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	if err := db.QueryRow("SELECT count(*) FROM news").Scan(&n); err != nil {
		t.Fatal(err)
	}
	return n
}

func copyInto(t *testing.T, database, folder string) {
	t.Helper()
	data, err := os.ReadFile(database)
	if err != nil {
		t.Fatal(err)
	}
	congsotest.WriteFile(t, filepath.Join(folder, "congso.db"), string(data))
}
