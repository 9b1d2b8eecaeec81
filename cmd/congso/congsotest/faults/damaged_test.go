package faults

import (
	"bytes"
	"database/sql"
	"math/rand/v2"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"congso/cmd/congso/congsotest"
)

// garbage overwrites part of a page of the database: its number, where in it, and how many bytes.
func garbage(t *testing.T, folder string, page, offset, size int) {
	t.Helper()
	file, err := os.OpenFile(filepath.Join(folder, "congso.db"), os.O_RDWR, 0)
	if err != nil {
		t.Fatal(err)
	}
	noise := make([]byte, size)
	source := rand.New(rand.NewPCG(7, 7))
	for i := range noise {
		noise[i] = byte(source.UintN(255) + 1)
	}
	if _, err := file.WriteAt(noise, int64((page-1)*pageSize+offset)); err != nil {
		t.Fatal(err)
	}
	if err := file.Close(); err != nil {
		t.Fatal(err)
	}
}

const pageSize = 4096

// rootPage is where a table or an index begins; all of the file stands in it, nothing in the log beside.
func rootPage(t *testing.T, folder, name string) (page int) {
	t.Helper()
	db, err := sql.Open("sqlite", "file:"+filepath.Join(folder, "congso.db"))
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	if _, err := db.Exec("PRAGMA wal_checkpoint(TRUNCATE)"); err != nil {
		t.Fatal(err)
	}
	if err := db.QueryRow("SELECT rootpage FROM sqlite_master WHERE name = $1", name).Scan(&page); err != nil {
		t.Fatal(name, err)
	}
	return page
}

// TestDamagedDatabase: bytes of the database are overwritten in several places, before the start and while it serves. The portal says so and
// names the cure; what it still serves is nothing, or what was written.
func TestDamagedDatabase(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		table        string // or index: whose first page is hit; "" for the file's first page
		offset, size int
	}{
		"the header":               {"", 0, 100},
		"the list of tables":       {"", 100, 1000},
		"a table's inner page":     {"news", 0, pageSize},
		"a leaf of settings":       {"setting", 0, 200},
		"an index":                 {"news_publish", 0, pageSize},
		"the search's index":       {"search_index_data", 0, pageSize},
		"a table nobody reads now": {"meeting_party", 0, 64},
	} {
		t.Run(name, func(t *testing.T) {
			folder := congsotest.DemoData(t)
			page := 1
			if c.table != "" {
				page = rootPage(t, folder, c.table)
			} else {
				rootPage(t, folder, "news")
			}
			garbage(t, folder, page, c.offset, c.size)
			r := congsotest.Launch(t, nil, "serve", "--data", folder)
			found := func() bool {
				select {
				case <-r.Ended:
					return true
				default:
					return strings.Contains(r.Log.String(), "the database is damaged") && congsotest.PrintedAddress.MatchString(r.Out.String())
				}
			}
			if !congsotest.Eventually(congsotest.Patience, found) {
				t.Fatalf("nothing said\n%s%s", r.Out, r.Log)
			}
			congsotest.MustContain(t, "what it says", r.Log.String(), "the database is damaged", "congso restore FILE")
			if congsotest.PrintedAddress.MatchString(r.Out.String()) {
				r.AwaitAddress(t)
				refusesAll(t, r)
				r.Signal(t, os.Interrupt)
			}
			if r.Wait(t); !congsotest.PrintedAddress.MatchString(r.Out.String()) && r.Process.ProcessState.ExitCode() != 1 {
				t.Errorf("exit code %d", r.Process.ProcessState.ExitCode())
			}
		})
	}
}

// refusesAll holds that a portal with a damaged database serves nothing but the word of it.
func refusesAll(t *testing.T, r *congsotest.Running) {
	t.Helper()
	for _, path := range []string{"/", "/tin-tuc", "/danh-ba", "/tim-kiem?q=so", "/admin/dang-nhap", "/rss.xml", "/en", "/api/v1/news"} {
		if a := r.Get(t, path); a.Status != http.StatusServiceUnavailable || a.Header.Get("Cache-Control") != "no-store" {
			t.Errorf("%s: %d", path, a.Status)
		}
	}
	congsotest.MustContain(t, "a page", r.Get(t, "/tin-tuc").Body, "Dữ liệu của cổng bị hỏng", `<html lang="vi"`)
	congsotest.MustContain(t, "a page in English", r.Get(t, "/en").Body, "restored from a backup")
	if a := r.Get(t, "/readyz"); a.Status != http.StatusServiceUnavailable || !strings.Contains(a.Body, "congso restore FILE") {
		t.Errorf("/readyz: %d %s", a.Status, a.Body)
	}
	if a := r.Get(t, "/healthz"); a.Status != http.StatusOK {
		t.Errorf("/healthz: %d", a.Status)
	}
	if n := strings.Count(r.Log.String(), `"msg":"the database is damaged`); n != 1 {
		t.Errorf("the log tells it %d times", n)
	}
}

// TestDamagedWhileServing: what is overwritten after the check of the start is met by the first page that reads it.
func TestDamagedWhileServing(t *testing.T) {
	t.Parallel()
	folder := congsotest.DemoData(t)
	page := rootPage(t, folder, "unit")
	r := congsotest.Start(t, nil, "serve", "--data", folder)
	before := r.Page(t, "/tin-tuc")
	time.Sleep(500 * time.Millisecond) // the check of the start is over by then, or finds it: both are right
	garbage(t, folder, page, 0, pageSize)
	// The page may stand in a connection's memory until something is written to its table by another program.
	db, err := sql.Open("sqlite", "file:"+filepath.Join(folder, "congso.db")+"?_pragma=busy_timeout(5000)")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := db.Exec("INSERT INTO old_slug (kind, slug, record_id) VALUES ('news', 'mot-ten-cu', 1)"); err != nil {
		t.Fatal(err)
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	told := func() bool { return r.Get(t, "/danh-ba").Status == http.StatusServiceUnavailable }
	if !congsotest.Eventually(congsotest.Patience, told) {
		t.Fatalf("still served\n%s", r.Log)
	}
	refusesAll(t, r)
	if bytes.Contains([]byte(before), []byte("Dữ liệu của cổng bị hỏng")) {
		t.Error("it was damaged before")
	}
}
