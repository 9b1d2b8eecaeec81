package faults

import (
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"os"
	"path/filepath"
	"runtime"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"congso/cmd/congso/congsotest"
)

// TestPagesCountOverKills: what readers were given is counted, once, though the portal is killed.
func TestPagesCountOverKills(t *testing.T) { countOverKills(t, 2) }

// countOverKills reads pages, kills the portal at some moments, and holds that it counts exactly the pages that were answered, and at most those
// that were under way at a kill.
func countOverKills(t *testing.T, kills int) {
	if runtime.GOOS == "windows" {
		t.Skip("no kill -9 there")
	}
	const readers = 4
	folder := filepath.Join(t.TempDir(), "data")
	congsotest.Furnish(t, folder)
	before := congsotest.Views(t, folder, "")
	var answered atomic.Int64
	for range kills {
		r := congsotest.Start(t, nil, "serve", "--data", folder)
		var reading sync.WaitGroup
		for reader := range readers {
			reading.Go(func() { readPages(t, r.URL, reader, &answered) })
		}
		time.Sleep(time.Duration(rand.IntN(2000)+300) * time.Millisecond)
		r.Signal(t, os.Kill)
		if err := r.Wait(t); err == nil {
			t.Error("it ended well")
		}
		reading.Wait()
	}
	r := congsotest.Start(t, nil, "serve", "--data", folder)
	r.Finish(t)
	got, least := congsotest.Views(t, folder, "")-before, answered.Load()
	t.Logf("%d pages answered, %d views", least, got)
	if got < least || got > least+int64(kills*readers) || least == 0 {
		t.Errorf("%d views, of %d pages that were answered and at most %d under way", got, least, kills*readers)
	}
	if left, err := filepath.Glob(filepath.Join(folder, "hits", "*")); err != nil || len(left) > 0 {
		t.Errorf("left in the journal: %v, %v", left, err)
	}
}

// readPages reads one page after the other until the portal is gone.
func readPages(t *testing.T, address string, reader int, answered *atomic.Int64) {
	transport := &http.Transport{}
	defer transport.CloseIdleConnections()
	client := http.Client{Transport: transport}
	for i := 0; ; i++ {
		path := []string{"/", "/tin-tuc", "/hoi-nghi", "/danh-ba", "/en"}[(i+reader)%5]
		request, err := http.NewRequest(http.MethodGet, address+path, nil)
		if err != nil {
			t.Error(err)
			return
		}
		request.Header.Set("User-Agent", fmt.Sprint(congsotest.Browser, " ", reader))
		response, err := client.Do(request)
		if err != nil {
			return // killed
		}
		_, err = io.Copy(io.Discard, response.Body)
		if closed := response.Body.Close(); err != nil || closed != nil {
			return
		}
		if response.StatusCode != http.StatusOK {
			t.Errorf("GET %s: status %d", path, response.StatusCode)
			return
		}
		answered.Add(1)
	}
}
