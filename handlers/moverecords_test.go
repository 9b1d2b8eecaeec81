package handlers_test

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"testing"

	"github.com/google/go-cmp/cmp"

	"congso/content"
	"congso/store"
	"congso/store/storetest"
)

// passing is what differs from one answer to the next: the number of a request that failed, and when the articles were written.
var passing = regexp.MustCompile(`<code>[A-Z2-7]{12}</code>|[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:]{8}Z`)

// TestMovedPages: after a move to PostgreSQL, and after one back, every address answers the same.
func TestMovedPages(t *testing.T) {
	ctx, first, back := context.Background(), filepath.Join(t.TempDir(), "data"), filepath.Join(t.TempDir(), "data")
	database := storetest.Postgres(t)
	known := seeded.Fill(t, store.Options{Dir: first})
	before := answers(t, "sqlite", known, store.Options{Dir: first})
	if len(before) < 400 {
		t.Fatalf("%d pages", len(before))
	}
	options := func(dir string) store.Options {
		return store.Options{Dir: dir, Database: database, Renderer: content.Renderer(), Now: storetest.NewClock().Now}
	}
	_, err := store.MoveRecords(ctx, options(first), true)
	must(t, err)
	same(t, "moved to PostgreSQL", before, answers(t, "postgres", known, store.Options{Dir: first, Database: database}))
	_, err = store.MoveRecords(ctx, options(back), false)
	must(t, err)
	must(t, os.CopyFS(filepath.Join(back, "media"), os.DirFS(filepath.Join(first, "media"))))
	same(t, "moved back", before, answers(t, "back", known, store.Options{Dir: back}))
}

// answers are those of every address of the portal with these records, to an outsider and to somebody inside.
func answers(t *testing.T, name string, known fixture, o store.Options) (pages map[string]string) {
	t.Run(name, func(t *testing.T) {
		p := newPortal(t, o, func(testing.TB, *store.Store, *storetest.Clock) fixture { return known })
		pages = map[string]string{}
		for _, address := range []string{outside, inside} {
			p.walk(t, func(v visited) {
				pages[address+" "+v.target] = fmt.Sprintln(v.answer.status, v.answer.header.Get("Location"), passing.ReplaceAllString(v.answer.body, ""))
			}, from(address))
		}
	})
	return pages
}

// same compares answers by their addresses.
func same(t *testing.T, what string, before, after map[string]string) {
	t.Helper()
	if len(before) != len(after) {
		t.Errorf("%s: %d addresses, %d before", what, len(after), len(before))
	}
	for target, page := range before {
		if after[target] != page {
			t.Errorf("%s: %s: -before +after:\n%.1500s", what, target, cmp.Diff(page, after[target]))
			return
		}
	}
}
