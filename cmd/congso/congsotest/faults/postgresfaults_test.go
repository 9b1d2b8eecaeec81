package faults

import (
	"fmt"
	"net/http"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"congso/cmd/congso/congsotest"
	"congso/store/storetest"
)

// TestServersChange restarts PostgreSQL under a running portal and has a standby take its place; the long form of it restarts it more often.
func TestServersChange(t *testing.T) {
	t.Parallel()
	changeServers(t, 2)
}

// changeServers lets editors write and readers read while the server is restarted so many times, and then lost for good and replaced by a standby.
// Nobody is told anything but to come again, and what was acknowledged is there in the end. The portal is never restarted.
func changeServers(t *testing.T, restarts int) {
	primary := storetest.NewCluster(t, storetest.ClusterOptions{Loopback: true, Settings: []string{"wal_retrieve_retry_interval=100ms"}})
	standby := primary.Standby()
	primary.Exec("ALTER SYSTEM SET synchronous_standby_names = '*'") // or what the standby has not got yet would be lost with the primary
	primary.Exec("SELECT pg_reload_conf()")
	database, folder := primary.AddressWith(standby), filepath.Join(t.TempDir(), "data")
	room := congsotest.FurnishOn(t, folder, database)
	figures := congsotest.FreeAddress(t)
	r := congsotest.Start(t, nil, "serve", "--data", folder, "--database", database, "--database-read", standby.Address(), "--metrics-listen", figures)
	replica := func(up string) {
		t.Helper()
		if !congsotest.Eventually(congsotest.Patience, func() bool {
			_, text := congsotest.Scrape(t, figures, "/metrics")
			return strings.Contains(text, "\ncongso_replica_up "+up+"\n")
		}) {
			t.Errorf("congso_replica_up is never %s", up)
		}
	}
	replica("1")
	stop, known := make(chan struct{}), &acknowledged{published: map[int64]string{}}
	var work sync.WaitGroup
	for i := range 2 {
		work.Go(func() { createThrough(t, congsotest.NewEditor(r, room), known, fmt.Sprint(i), stop) })
		work.Go(func() { readThrough(t, congsotest.NewEditor(r, congsotest.Newsroom{}), stop) })
	}
	end := sync.OnceFunc(func() { close(stop); work.Wait() })
	defer func() {
		end()
		for line := range strings.Lines(r.Log.String()) {
			if t.Failed() && strings.Contains(line, `"status":500`) {
				t.Log(line)
			}
		}
	}()
	for i := range restarts {
		known.awaitMore(t, 3)
		server := []string{storetest.StopFast, storetest.StopImmediate}[i%2]
		primary.Stop(server)
		time.Sleep(300 * time.Millisecond)
		primary.Start()
	}
	known.awaitMore(t, 3)
	replica("1")
	primary.Stop(storetest.StopImmediate)
	standby.Promote()
	known.awaitMore(t, 3)
	replica("0") // it is the primary now
	end()
	if a, err := congsotest.NewEditor(r, congsotest.Newsroom{}).Open("/tin-tuc"); err != nil || a.Status != http.StatusOK {
		t.Errorf("after the change: status %d, error %v", a.Status, err)
	}
	db := congsotest.OpenSQL(t, folder, standby.Address())
	defer db.Close()
	for id, title := range known.published {
		var kept int
		if err := db.QueryRow(`SELECT count(*) FROM news n JOIN audit a ON a.kind = 'news' AND a.record_id = n.id AND a.action = 'create' WHERE n.id = $1 AND n.title = $2`, id, title).Scan(&kept); err != nil || kept != 1 {
			t.Errorf("%q was acknowledged and is kept %d times, error %v", title, kept, err)
		}
	}
	if text := r.Log.String(); strings.Contains(text, "panic") {
		t.Errorf("the log tells of a panic:\n%s", text)
	}
	t.Logf("%d items acknowledged", len(known.published))
}

// awaitMore waits until so many more items are acknowledged.
func (k *acknowledged) awaitMore(t *testing.T, more int) {
	t.Helper()
	count := func() (n int) { k.note(func() { n = len(k.published) }); return n }
	began, want := time.Now(), count()+more
	if !congsotest.Eventually(congsotest.Patience, func() bool { return count() >= want }) {
		t.Fatalf("nobody can write: %d items, want %d", count(), want)
	}
	t.Logf("%d items more within %s", more, time.Since(began))
}

// createThrough begins items until stop. Whoever cannot is asked to come again, with what was typed.
func createThrough(t *testing.T, e *congsotest.Editor, known *acknowledged, name string, stop chan struct{}) {
	for i := 0; ; i++ {
		select {
		case <-stop:
			return
		default:
		}
		title := fmt.Sprintf("Tin %s-%d", name, i)
		id, a, err := e.Create(title)
		switch {
		case err == nil && a.Status == http.StatusSeeOther:
			known.note(func() { known.published[id] = title })
		case err == nil && a.Status == http.StatusServiceUnavailable && strings.Contains(a.Body, title) && strings.Contains(a.Body, "chưa được lưu"):
			time.Sleep(20 * time.Millisecond)
		default:
			t.Errorf("%q: status %d, error %v\n%.500s", title, a.Status, err, a.Body)
			return
		}
	}
}

// readThrough reads pages until stop.
func readThrough(t *testing.T, e *congsotest.Editor, stop chan struct{}) {
	for i := 0; ; i++ {
		select {
		case <-stop:
			return
		default:
		}
		path := []string{"/", "/tin-tuc", "/danh-ba", "/tim-kiem?q=tin"}[i%4]
		a, err := e.Open(path)
		switch {
		case err == nil && a.Status == http.StatusOK:
		case err == nil && a.Status == http.StatusServiceUnavailable && a.Header.Get("Retry-After") != "":
			time.Sleep(20 * time.Millisecond)
		default:
			t.Errorf("GET %s: status %d, error %v\n%.500s", path, a.Status, err, a.Body)
			return
		}
	}
}
