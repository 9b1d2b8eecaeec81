package store

import (
	"context"
	"strings"
	"testing"
	"time"

	"congso/store/model"
)

// A tier reads the full-text index newest first and stops; a plan that sorts would visit every match. SQLite alone: the plan is
// that of its full-text index.
func TestTierPlan(t *testing.T) {
	s, err := Open(context.Background(), Options{Dir: t.TempDir()})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	filters, _ := queryFilters(model.Viewer{}, model.SearchQuery{Kind: model.KindNews})
	for _, tier := range searchTiers(true) {
		plan, err := queryAll(context.Background(), s.read, func(row scanner) (string, error) {
			var id, parent, unused int
			var detail string
			err := row.Scan(&id, &parent, &unused, &detail)
			return detail, err
		}, "EXPLAIN QUERY PLAN "+tierSQLite, matchSQLite(searchTerms(`"nâng cấp" đường bo`), tier, filters), time.Now().Unix(), maxFound+1)
		if err != nil {
			t.Fatal(err)
		}
		text := strings.Join(plan, "\n")
		if strings.Contains(text, "TEMP B-TREE") || !strings.HasPrefix(text, "SCAN search_index VIRTUAL TABLE") || !strings.Contains(text, "SEARCH d USING INTEGER PRIMARY KEY") {
			t.Errorf("tier %v:\n%s", tier, text)
		}
	}
}
