package handlers_test

import (
	"net/http"
	"os"
	"path/filepath"
	"testing"

	"congso/handlers"
	"congso/store"
	"congso/store/storetest"
)

// TestViewsWithoutAJournal: pages are answered and counted while the journal of views cannot be written; whoever watches is told.
func TestViewsWithoutAJournal(t *testing.T) {
	storetest.EachOptions(t, func(t *testing.T, o store.Options) {
		p := newPortal(t, o, seed)
		own := p.options
		must(t, os.WriteFile(filepath.Join(o.Dir, "hits"), nil, 0o600)) // where its folder should be
		own.Hits = store.OpenHits(own.Store)
		p.server = handlers.New(own)
		lacks(t, "/readyz", p.get("/readyz").body, "journal")
		p.page(t, "/tin-tuc")
		a := p.get("/readyz")
		if a.status != http.StatusOK {
			t.Errorf("status %d", a.status)
		}
		contains(t, "/readyz", a.body, `"ready":true`, "their journal cannot be written")
		must(t, own.Hits.Flush(t.Context()))
		if got := own.Hits.Counters().Today; got != 1 {
			t.Errorf("%d views", got)
		}
		must(t, own.Hits.Close())
	})
}
