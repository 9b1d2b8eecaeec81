//go:build long

package faults

import (
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"net/url"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"congso/cmd/congso/congsotest"
	"congso/store"
	"congso/store/storetest"
)

// itemAddress is the address of a news item in a list.
var itemAddress = regexp.MustCompile(`/tin-tuc/[a-z0-9-]+`)

// TestLongKilledBackup and TestLongKilledRestore kill a backup, and a restore, at 50 moments.
func TestLongKilledBackup(t *testing.T)  { killBackups(t, congsotest.Scaled(t, 2000, 20), 50) }
func TestLongKilledRestore(t *testing.T) { killRestores(t, congsotest.Scaled(t, 500, 5), 50) }

// The load of TestLongBackup: records, and so many readers and writers with so long a pause between two requests, on average.
const (
	loadItems   = 100_000
	loadFiles   = 1024 // of 1 MB
	loadReaders = 50
	readerPause = 500 * time.Millisecond
	loadWriters = 4
	writerPause = time.Second
)

// TestLongBackup backs up 1 GB of media and 100,000 news items while 50 read and 4 write, by the command and by the schedule, and says by
// what the readers' 99th percentile grows; what is restored is what was there, record by record.
func TestLongBackup(t *testing.T) {
	began := time.Now()
	folder, target := congsotest.Scaled(t, loadItems, loadFiles), t.TempDir()
	t.Logf("%d items and %d files of 1 MB made in %v", loadItems, loadFiles, time.Since(began).Round(time.Second))

	r := congsotest.Start(t, nil, "serve", "--data", folder)
	l := startLoad(t, r)
	time.Sleep(5 * time.Second) // what is read first comes from the disk
	calm := l.measured(func() { time.Sleep(20 * time.Second) })
	known := l.stop()
	r.Finish(t)
	t.Logf("calm:                 %v", calm)

	scheduled := filepath.Join(target, "lich")
	r = congsotest.Start(t, nil, "serve", "--data", folder, "--backup-dir", scheduled, "--backup-at", "00:00") // makes up for the one of the night
	l = startLoad(t, r)
	began = time.Now()
	bySchedule := l.measured(func() {
		if !congsotest.Eventually(4*time.Minute, func() bool { return strings.Contains(r.Log.String(), `"msg":"backup"`) }) {
			t.Errorf("no scheduled backup\n%.3000s", r.Log)
		}
	})
	t.Logf("backup by schedule:   %v; p99 %.2f of calm; took %v", bySchedule, bySchedule.ratio(calm), time.Since(began).Round(time.Second))
	known = append(known, l.acknowledged()...)
	began = time.Now()
	byCommand := l.measured(func() {
		waitLong(congsotest.Launch(t, nil, "backup", filepath.Join(target, "a.tar"), "--data", folder), t)
	})
	t.Logf("backup by command:    %v; p99 %.2f of calm; took %v", byCommand, byCommand.ratio(calm), time.Since(began).Round(time.Second))
	after := l.measured(func() { time.Sleep(10 * time.Second) })
	l.stop()
	r.Finish(t)
	t.Logf("calm again:           %v", after)

	began = time.Now()
	restored := filepath.Join(t.TempDir(), "moi")
	congsotest.Runs(t, nil, "restore", filepath.Join(target, "a.tar"), "--data", restored)
	t.Logf("restored in %v", time.Since(began).Round(time.Second))
	compareRestored(t, folder, restored)
	s := congsotest.OpenStore(t, restored, "")
	defer s.Close()
	for _, id := range known {
		if _, err := s.NewsForDesk(context.Background(), id); err != nil {
			t.Errorf("news %d, acknowledged before the backup: %v", id, err)
		}
	}
	t.Logf("%d items written before the backup are there", len(known))
	made, err := store.Backups(scheduled)
	if err != nil || len(made) != 1 {
		t.Fatal(made, err)
	}
	if _, err := store.CheckBackup(context.Background(), made[0], nil); err != nil {
		t.Error(err)
	}
}

// compareRestored holds that every row that was restored is in the portal that went on, but for what changes there in place, and that of
// its news none is missing; and that the files are the same.
func compareRestored(t *testing.T, live, restored string) {
	t.Helper()
	there, back := storetest.Rows(t, filepath.Join(live, "congso.db")), storetest.Rows(t, filepath.Join(restored, "congso.db"))
	compared := 0
	for table, rows := range back {
		switch {
		case table == "setting" || table == "session" || table == "lease" || table == "users" || table == "editing":
			continue
		case strings.HasPrefix(table, "hit_") || strings.HasPrefix(table, "login_") || strings.HasPrefix(table, "search_index"):
			continue // the index of the search was checked by SQLite's integrity check
		}
		now := map[string]int{}
		for _, row := range there[table] {
			now[row]++
		}
		for _, row := range rows {
			if now[row]--; now[row] < 0 {
				t.Fatalf("%s: a restored row is not what it was: %s", table, row)
			}
		}
		compared += len(rows)
	}
	if len(back["news"]) < loadItems || len(back["revision"]) < loadItems {
		t.Errorf("%d news items, %d revisions", len(back["news"]), len(back["revision"]))
	}
	files, kept := storetest.Files(t, filepath.Join(live, "media"), "tmp"), storetest.Files(t, filepath.Join(restored, "media"))
	for name, hash := range files {
		if kept[name] != hash {
			t.Errorf("%s is not what it was", name)
		}
	}
	t.Logf("%d rows and %d files are what they were", compared, len(kept))
}

// waitLong is wait for what takes minutes.
func waitLong(r *congsotest.Running, t *testing.T) {
	t.Helper()
	select {
	case <-r.Ended:
	case <-time.After(5 * time.Minute):
		t.Fatalf("still running\n%s%s", r.Out, r.Log)
	}
	if r.Err != nil {
		t.Fatalf("%v\n%s%s", r.Err, r.Out, r.Log)
	}
}

// beside is readers and writers at work.
type beside struct {
	portal *congsotest.Running
	client *http.Client
	quit   chan struct{}
	all    sync.WaitGroup
	failed atomic.Int64

	mu      sync.Mutex
	times   []time.Duration // of the readers' requests
	written []int64         // ids of news
}

func startLoad(t *testing.T, r *congsotest.Running) *beside {
	t.Helper()
	l := &beside{portal: r, quit: make(chan struct{}), client: &http.Client{
		Transport:     &http.Transport{MaxIdleConnsPerHost: loadReaders + loadWriters},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}}
	cookie := r.Session(t, "tacgia", congsotest.DemoPassword)
	items := slices.Collect(func(yield func(string) bool) {
		for i := 1; i < 20; i++ {
			for _, found := range itemAddress.FindAllString(r.Page(t, fmt.Sprint("/tin-tuc?trang=", i*37)), -1) {
				if !yield(found) {
					return
				}
			}
		}
	})
	for range loadReaders {
		l.all.Go(func() { l.each(readerPause, func() error { return l.read(items) }) })
	}
	for w := range loadWriters {
		l.all.Go(func() {
			l.each(writerPause, func() error { return l.write(fmt.Sprint("Tin viết trong lúc sao lưu, số ", w), cookie) })
		})
	}
	return l
}

// each calls do again and again, with pauses of different lengths as people make them.
func (l *beside) each(pause time.Duration, do func() error) {
	for {
		select {
		case <-l.quit:
			return
		case <-time.After(time.Duration(rand.Float64() * 2 * float64(pause))):
		}
		if err := do(); err != nil {
			l.failed.Add(1)
		}
	}
}

// read opens an item four times in five, else home, a page of the news, the directory, the search or the meetings.
func (l *beside) read(items []string) error {
	path := items[rand.IntN(len(items))]
	if rand.IntN(5) == 0 {
		others := []string{"/", fmt.Sprint("/tin-tuc?trang=", 1+rand.IntN(100)), "/danh-ba", "/tim-kiem?q=tuyen+dung", "/hoi-nghi"}
		path = others[rand.IntN(len(others))]
	}
	request, err := http.NewRequest(http.MethodGet, l.portal.URL+path, nil)
	if err != nil {
		return err
	}
	request.Header.Set("User-Agent", congsotest.Browser)
	began := time.Now()
	response, err := l.client.Do(request)
	if err != nil {
		return err
	}
	_, err = io.Copy(io.Discard, response.Body)
	took := time.Since(began)
	if response.StatusCode != http.StatusOK {
		err = errors.Join(err, fmt.Errorf("%s: %d", path, response.StatusCode))
	}
	l.mu.Lock()
	l.times = append(l.times, took)
	l.mu.Unlock()
	return errors.Join(err, response.Body.Close())
}

func (l *beside) write(title string, cookie func(*http.Request)) error {
	form := url.Values{"title": {title}, "section": {"1"}}
	request, err := http.NewRequest(http.MethodPost, l.portal.URL+"/admin/tin-tuc/moi", strings.NewReader(form.Encode()))
	if err != nil {
		return err
	}
	request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	cookie(request)
	response, err := l.client.Do(request)
	if err != nil {
		return err
	}
	var id int64
	if _, err := fmt.Sscanf(response.Header.Get("Location"), "/admin/tin-tuc/%d", &id); err != nil {
		return errors.Join(err, response.Body.Close())
	}
	l.mu.Lock()
	l.written = append(l.written, id)
	l.mu.Unlock()
	return response.Body.Close()
}

// acknowledged are the items written so far.
func (l *beside) acknowledged() []int64 {
	l.mu.Lock()
	defer l.mu.Unlock()
	return slices.Clone(l.written)
}

// stop ends the load and returns what acknowledged does.
func (l *beside) stop() []int64 {
	close(l.quit)
	l.all.Wait()
	return l.acknowledged()
}

// pace are those of the readers in a while.
type pace struct {
	requests  int
	rate      float64 // a second
	p50, p99  time.Duration
	writes    int
	failed    int64
	writeRate float64
}

func (f pace) String() string {
	return fmt.Sprintf("%d requests, %.0f/s, p50 %v, p99 %v; %d writes, %.1f/s; %d failed", f.requests, f.rate,
		f.p50.Round(10*time.Microsecond), f.p99.Round(10*time.Microsecond), f.writes, f.writeRate, f.failed)
}

func (f pace) ratio(calm pace) float64 { return float64(f.p99) / float64(calm.p99) }

// measured are the pace while something is done.
func (l *beside) measured(do func()) (f pace) {
	l.mu.Lock()
	l.times = nil
	writes, failed, began := len(l.written), l.failed.Load(), time.Now()
	l.mu.Unlock()
	do()
	l.mu.Lock()
	defer l.mu.Unlock()
	took := time.Since(began).Seconds()
	times := slices.Sorted(slices.Values(l.times))
	f.requests, f.writes, f.failed = len(times), len(l.written)-writes, l.failed.Load()-failed
	f.rate, f.writeRate = float64(f.requests)/took, float64(f.writes)/took
	if len(times) > 0 {
		f.p50, f.p99 = times[len(times)/2], times[len(times)*99/100]
	}
	return f
}
