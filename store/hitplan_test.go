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
