package main

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

	"congso/store"
	"congso/store/storetest"
)

// released is a data folder with the database that the program of a released schema has left.
func released(t *testing.T, number string) (folder string) {
	t.Helper()
	in, err := os.Open(filepath.Join("..", "..", "store", "testdata", "schema", number+".db.gz"))
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
	writeFile(t, filepath.Join(folder, "congso.db"), string(data))
	return folder
}

// TestUpgradedPortalServes: a portal of each released schema serves its pages after the start of this program, and again.
func TestUpgradedPortalServes(t *testing.T) {
	t.Parallel()
	fixtures, err := filepath.Glob(filepath.Join("..", "..", "store", "testdata", "schema", "*.db.gz"))
	if err != nil || len(fixtures) < 4 {
		t.Fatalf("fixtures %v, %v", fixtures, err)
	}
	for _, fixture := range fixtures {
		number := strings.TrimSuffix(filepath.Base(fixture), ".db.gz")
		t.Run(number, func(t *testing.T) {
			folder := released(t, number)
			for range 2 {
				r := startHere(t, nil, "serve", "--data", folder)
				home := r.page(t, "/")
				mustContain(t, "home", home, "Sở Nội vụ tỉnh Tân Giang", "/tin-tuc/")
				item := regexp.MustCompile(`href="(/tin-tuc/[a-z0-9-]+)`).FindStringSubmatch(home)
				for _, path := range []string{item[1], "/tin-tuc", "/hoi-nghi", "/danh-ba", "/thong-ke", "/so-do", "/rss.xml", "/en/contacts", "/api/v1/news", "/admin/dang-nhap", "/readyz"} {
					r.page(t, path)
				}
				mustContain(t, "the search", r.page(t, "/tim-kiem?q=noi+vu"), "/tin-tuc/")
				r.finish(t)
			}
			checkIntegrity(t, folder)
		})
	}
}

// ending runs the built program to its end.
func ending(t testing.TB, want int, args ...string) (printed string) {
	t.Helper()
	r := launch(t, nil, args...)
	r.wait(t)
	if code := r.process.ProcessState.ExitCode(); code != want {
		t.Errorf("%v ended with %d, want %d", args, code, want)
	}
	return r.out.String() + r.log.String()
}

// TestMigrateAndRollback goes forward and back by the commands.
func TestMigrateAndRollback(t *testing.T) {
	folder := released(t, "00009")
	database := filepath.Join(folder, "congso.db")
	before := readFile(t, database)
	mustContain(t, "the status before", ending(t, 0, "migrate", "--status", "--data", folder), "schema 9,", "00010_task_proposals", "No snapshots.")
	mustContain(t, "the rehearsal", ending(t, 0, "migrate", "--rehearse", "--data", folder), "went well", "00010_task_proposals")
	if readFile(t, database) != before {
		t.Error("the rehearsal changed the database")
	}
	mustContain(t, "migrate", ending(t, 0, "migrate", "--data", folder), "from schema 9 to ", filepath.Join(folder, "snapshots", "00009-"))
	mustContain(t, "migrate again", ending(t, 0, "migrate", "--data", folder), "nothing to do")
	mustContain(t, "the status after", ending(t, 0, "migrate", "--status", "--data", folder), "Nothing to migrate.", "00009-")

	s := openStore(t, folder, "")
	item := storetest.News(t, s, firstSection(t, s.Sections), "Tin viết sau khi nâng cấp")
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	mustContain(t, "a rollback without anybody to ask", ending(t, 1, "rollback", "--data", folder), "schema 9", "1 changes", "news create", "--yes", "as it was")
	mustContain(t, "an unknown snapshot", ending(t, 1, "rollback", "--data", folder, "--to", "xyz"), `"xyz"`, "--list")
	mustContain(t, "the rollback", ending(t, 0, "rollback", "--data", folder, "--yes"),
		"schema 9", "Written since", "  seed  create news", "names a file that the media no longer have", filepath.Join(folder, "before-rollback-"), "Now install congso")
	mustContain(t, "the status after the rollback", ending(t, 0, "migrate", "--status", "--data", folder), "schema 9,")
	newer, err := filepath.Glob(filepath.Join(folder, "before-rollback-*", "congso.db"))
	if err != nil || len(newer) != 1 || newsWith(t, newer[0], item.Slug) != 1 || newsWith(t, database, item.Slug) != 0 {
		t.Errorf("the newer database: %v, %v", newer, err)
	}
	r := startHere(t, nil, "serve", "--data", folder) // upgrades again
	r.page(t, "/")
	r.finish(t)
	checkIntegrity(t, folder)
	mustContain(t, "no records", ending(t, 1, "migrate", "--data", t.TempDir()), "no records")
	mustContain(t, "no snapshots", ending(t, 1, "rollback", "--data", t.TempDir()), "no snapshots")
	mustContain(t, "PostgreSQL", ending(t, 1, "rollback", "--data", folder, "--database", "postgres://h/d"), "no snapshot to go back to", "congso restore")
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
	script := requireProgram(t, "no script(1) to make a terminal with", "script")
	folder := released(t, "00009")
	ending(t, 0, "migrate", "--data", folder)
	for _, c := range []struct{ answer, want string }{{"\n", "not gone back"}, {"n\n", "not gone back"}, {"y\n", "Done."}} {
		command := exec.Command(script, "-qec", program(t)+" rollback --data "+folder, "/dev/null")
		command.Stdin = strings.NewReader(c.answer)
		out, err := command.CombinedOutput()
		mustContain(t, "the answer "+strconv.Quote(c.answer), string(out), "Go back? (y/N)", c.want)
		if good := c.want == "Done."; good != (err == nil) {
			t.Errorf("answer %q: %v", c.answer, err)
		}
	}
}

// TestBesideServer: what changes the database waits for the server's end, what only looks does not.
func TestBesideServer(t *testing.T) {
	folder := released(t, "00009")
	r := startProcess(t, nil, "serve", "--data", folder)
	for _, args := range [][]string{{"migrate"}, {"rollback", "--yes"}} {
		mustContain(t, args[0], ending(t, 1, append(args, "--data", folder)...), folder, "in use by another congso")
	}
	mustContain(t, "status", ending(t, 0, "migrate", "--status", "--data", folder), "Nothing to migrate.", "congso "+builtName(t))
	mustContain(t, "rehearsal", ending(t, 0, "migrate", "--rehearse", "--data", folder), "nothing to rehearse")
	mustContain(t, "list", ending(t, 0, "rollback", "--list", "--data", folder), "00009-")
	mustContain(t, "home", r.page(t, "/"), "Sở Nội vụ")
	r.finish(t)
}

// builtName is what the built program calls itself: built by the tests it has a version without a commit or with one.
func builtName(t testing.TB) string {
	t.Helper()
	out, err := exec.Command("go", "version", "-m", program(t)).Output()
	if err != nil {
		t.Fatal(err)
	}
	return strings.Trim(regexp.MustCompile(`\tmod\tcongso\t(\S+)`).FindStringSubmatch(string(out))[1], "()")
}

// TestListenTakenMigratesNothing: a start that cannot listen leaves an older database as it is.
func TestListenTakenMigratesNothing(t *testing.T) {
	folder := released(t, "00009")
	before := readFile(t, filepath.Join(folder, "congso.db"))
	first := startHere(t, nil, "serve", "--data", filepath.Join(t.TempDir(), "data"))
	address := strings.TrimPrefix(first.url, "http://")
	mustContain(t, "what it says", ending(t, 1, "serve", "--data", folder, "--listen", address), address)
	if readFile(t, filepath.Join(folder, "congso.db")) != before {
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
	program(t) // is built first
	m := moments{want: often, whole: took(t, "migrate", "--data", folder)}
	killed := map[int]int{}
	for m.more(t) {
		folder := filepath.Join(t.TempDir(), "data")
		copyInto(t, pristine, folder)
		cut := m.kill(t, "migrate", "--data", folder)
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
		ending(t, 0, "migrate", "--data", folder)
		if n := newsCount(t, filepath.Join(folder, "congso.db")); n != whole {
			t.Errorf("%d items after the upgrade, want %d", n, whole)
		}
		list, err := store.Snapshots(folder)
		if err != nil || len(list) != 1 || list[0].Schema != 3 {
			t.Errorf("snapshots %+v, %v", list, err)
		}
		checkIntegrity(t, folder)
		if left, err := filepath.Glob(filepath.Join(folder, "*.migrating*")); err != nil || len(left) > 0 {
			t.Errorf("left behind: %v, %v", left, err)
		}
		if err := os.RemoveAll(folder); err != nil {
			t.Fatal(err)
		}
	}
	t.Logf("an upgrade takes %v; of %d, %d were killed; schema after that, and how often: %v", m.whole, m.tries, m.had, killed)
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
	writeFile(t, filepath.Join(folder, "congso.db"), string(data))
}
