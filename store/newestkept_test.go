package store_test

import (
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"congso/store"
	"congso/store/model"
	"congso/store/storetest"
)

// othersAt are the titles beside the item, as a page reads them.
func othersAt(t *testing.T, s *store.Store, v model.Viewer, slug string, between func()) []string {
	t.Helper()
	var titles []string
	must(t, s.Snapshot(t.Context(), func(r *store.Reader) error {
		n, err := r.NewsBySlug(t.Context(), v, slug)
		must(t, err)
		between()
		around, err := r.AroundNews(t.Context(), v, n, 3)
		titles = linkTitles(around.Others)
		return err
	}))
	return titles
}

// TestNewestOfASectionAreSharedByItsPages: within a second they are asked for once, and never are they others than a page's snapshot finds.
func TestNewestOfASectionAreSharedByItsPages(t *testing.T) {
	storetest.EachOptions(t, func(t *testing.T, o store.Options) {
		var asked atomic.Int64
		clock := storetest.NewClock()
		o.Now = clock.Now
		o.Trace = func(query string) {
			if strings.Contains(query, "SELECT 5, f.*") {
				asked.Add(1)
			}
		}
		s := storetest.Open(t, o)
		section := storetest.Section(t, s, "Tin hoạt động")
		put := func(title string, ago time.Duration, change ...func(*model.News)) model.News {
			return storetest.News(t, s, section, title, append(change, func(n *model.News) { n.PublishAt = clock.Now().Add(-ago) })...)
		}
		put("Một", 5*time.Hour)
		put("Hai", 4*time.Hour)
		three := put("Ba", 3*time.Hour, func(n *model.News) { n.ExpireAt = clock.Now().Add(time.Minute) })
		put("Bốn", 2*time.Hour)
		check := func(what, slug string, v model.Viewer, queries int64, want ...string) {
			t.Helper()
			before := asked.Load()
			if got := othersAt(t, s, v, slug, func() {}); !slices.Equal(got, want) || asked.Load()-before != queries {
				t.Errorf("%s, beside %s: %q in %d queries, want %q in %d", what, slug, got, asked.Load()-before, want, queries)
			}
		}
		check("first", "mot", storetest.Outsider(), 1, "Bốn", "Ba", "Hai")
		check("again", "bon", storetest.Outsider(), 0, "Ba", "Hai", "Một")
		check("inside", "ba", storetest.Inside(), 1, "Bốn", "Hai", "Một")
		put("Nội bộ", time.Hour, func(n *model.News) { n.Visibility = model.Internal })
		check("after a change", "ba", storetest.Outsider(), 1, "Bốn", "Hai", "Một")
		check("after a change, inside", "ba", storetest.Inside(), 1, "Nội bộ", "Bốn", "Hai")
		clock.Add(time.Minute)
		check("expired", "mot", storetest.Outsider(), 1, "Bốn", "Hai")

		archive := func() {
			four, err := s.NewsByID(t.Context(), storetest.Outsider(), three.ID+1)
			must(t, err)
			four.Status = model.StatusArchived
			must(t, s.PutNews(t.Context(), storetest.Actor(), &four))
		}
		if got := othersAt(t, s, storetest.Outsider(), "mot", archive); !slices.Equal(got, []string{"Bốn", "Hai"}) {
			t.Errorf("a page that began before an item was archived: %q beside it", got)
		}
		check("archived", "mot", storetest.Outsider(), 1, "Hai")
		check("archived, again", "hai", storetest.Outsider(), 0, "Một")
	})
}
