package store_test

import (
	"database/sql"
	"fmt"
	"strings"
	"testing"

	"congso/store"
	"congso/store/model"
	"congso/store/storetest"
)

// TestVisitorsAreLookedUp: after midnight, when PostgreSQL knows nothing of the new day's visitors, it does not walk through all of them for
// those of a second.
func TestVisitorsAreLookedUp(t *testing.T) {
	s, clock := openAt(t, store.Options{Dir: t.TempDir(), Database: storetest.Postgres(t)})
	hits := openHits(t, s)
	for range 2 { // the first day is what the statistics know
		for i := range 3000 {
			hits.Add(visitor(t, hits, fmt.Sprint(i)), "/", clock.Now())
		}
		flush(t, hits)
		if clock.Now().Equal(noon()) {
			must(t, s.Tx(t.Context(), func(tx *sql.Tx) error {
				_, err := tx.Exec(`ANALYZE hit_visitor`)
				return err
			}))
		}
		clock.Set(noon().AddDate(0, 0, 1))
	}
	day := model.DayOf(clock.Now())
	plan := strings.Join(s.SeenPlan(t, day, 500), "\n")
	if !strings.Contains(plan, "((day = '"+string(day)+"'::text) AND (visitor = ") || strings.Contains(plan, "Seq Scan") {
		t.Errorf("the visitors of a second are found by\n%s", plan)
	}
}

// TestBatchesOfAllLengths: PostgreSQL keeps no statement for each length that a batch of views may have.
func TestBatchesOfAllLengths(t *testing.T) {
	s, clock := openAt(t, store.Options{Dir: t.TempDir(), Database: storetest.Postgres(t) + "&pool_max_conns=2"})
	hits := store.NewHitBuffer(s)
	kept := func(views int) (n int) {
		t.Helper()
		for i := range views {
			hits.Add(visitor(t, hits, fmt.Sprint(i)), fmt.Sprint("/tin-tuc/", i), clock.Now())
		}
		flush(t, hits)
		must(t, s.Tx(t.Context(), func(tx *sql.Tx) error { return tx.QueryRow(`SELECT count(*) FROM pg_prepared_statements`).Scan(&n) }))
		return n
	}
	kept(100)
	few := kept(101)
	for views := range 20 {
		if n := kept(102 + views); n != few {
			t.Fatalf("%d statements are kept after %d views, %d before", n, 102+views, few)
		}
	}
	if got := hits.Counters(); got.Online != 121 || got.Total != 100+101+20*102+190 {
		t.Errorf("%+v", got)
	}
}
