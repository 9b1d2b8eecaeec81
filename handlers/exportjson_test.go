package handlers_test

import (
	"context"
	"os"
	"path/filepath"
	"testing"

	"congso/content"
	"congso/store"
	"congso/store/storetest"
)

// TestExportedPages: after an export and an import of it into an empty portal on PostgreSQL, and after one back, every address answers the same.
func TestExportedPages(t *testing.T) {
	ctx, first := context.Background(), filepath.Join(t.TempDir(), "data")
	known := seeded.Fill(t, store.Options{Dir: first})
	before := answers(t, "before", known, store.Options{Dir: first})
	if len(before) < 400 {
		t.Fatalf("%d pages", len(before))
	}
	source := store.Options{Dir: first}
	for _, to := range []store.Options{{Dir: filepath.Join(t.TempDir(), "data"), Database: storetest.Postgres(t)}, {Dir: filepath.Join(t.TempDir(), "data")}} {
		folder := filepath.Join(t.TempDir(), "xuat")
		s := storetest.Open(t, source)
		_, err := s.ExportJSON(ctx, store.ExportJSONOptions{Dir: folder, Secrets: true})
		must(t, err)
		must(t, s.Close())
		must(t, os.Mkdir(to.Dir, 0o700))
		o := to
		o.Renderer, o.Now = content.Renderer(), storetest.NewClock().Now
		done, err := store.ImportJSON(ctx, o, store.ImportJSONOptions{From: folder})
		if err != nil {
			t.Fatalf("%v\n%v", err, done.Faults)
		}
		same(t, "imported", before, answers(t, "after", known, to))
		source = to
	}
}
