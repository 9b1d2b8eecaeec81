package handlers_test

import (
	"net/http"
	"sync"
	"testing"
	"time"

	"congso/store"
	"congso/store/storetest"
)

// TestStalledDatabase holds that a database which takes everything and answers nothing holds no page for ever, and no page that needs
// no database at all. Only PostgreSQL can stall.
func TestStalledDatabase(t *testing.T) {
	t.Run("postgres", func(t *testing.T) {
		network, o := storetest.NewProxy(t, store.Options{Dir: t.TempDir(), Database: storetest.Postgres(t)})
		p := newPortal(t, o, seed)
		style := styleSheet(t, p)
		network.Stall()
		p.clock.Add(2 * time.Second) // the kept frame is too old
		start := time.Now()
		var readers sync.WaitGroup
		for i := range 24 { // three times as many as there are connections
			readers.Go(func() {
				target := []string{"/", "/tin-tuc/" + p.news.Slug, "/khong-co"}[i%3]
				a := p.get(target)
				if took := time.Since(start); a.status != http.StatusServiceUnavailable || took > 15*time.Second {
					t.Errorf("GET %s: status %d after %s", target, a.status, took)
				}
				contains(t, target, a.body, "Tạm thời gián đoạn", "Sở Nội vụ tỉnh Tân Giang")
			})
		}
		time.Sleep(200 * time.Millisecond) // all wait by now
		for target, want := range map[string]int{"/robots.txt": http.StatusOK, style: http.StatusOK, "/%FF": http.StatusBadRequest} {
			asked := time.Now()
			if a := p.get(target); a.status != want || time.Since(asked) > time.Second {
				t.Errorf("GET %s: status %d after %s", target, a.status, time.Since(asked))
			}
		}
		readers.Wait()
		network.Resume()
		p.page(t, "/")
	})
}
