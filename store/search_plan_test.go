package store

import (
	"context"
	"strings"
	"testing"
	"time"

	"congso/store/model"
)

// A tier reads the full-text index newest first and stops; a plan that sorts would visit every match, and what is coming or has expired is
// read from indexes. SQLite alone: the plan is that of its full-text index.
func TestTierPlan(t *testing.T) {
	s, err := Open(context.Background(), Options{Dir: t.TempDir()})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	filters, _ := queryFilters(model.Viewer{}, model.SearchQuery{Kind: model.KindNews})
	terms := searchTerms(`"nâng cấp" đường bo`)
	for _, tier := range searchTiers(true) {
		plan, err := queryAll(context.Background(), s.read, func(row scanner) (string, error) {
			var id, parent, unused int
			var detail string
			err := row.Scan(&id, &parent, &unused, &detail)
			return detail, err
		}, "EXPLAIN QUERY PLAN "+tierSQLite, matchSQLite(7, tierPhrases(terms, tier), tier, filters), time.Now().Unix(), maxFound+1)
		if err != nil {
			t.Fatal(err)
		}
		text := strings.Join(plan, "\n")
		wanted := []string{"SCAN search_index VIRTUAL TABLE", "SEARCH search_doc USING COVERING INDEX search_doc_publish", "SEARCH search_doc USING COVERING INDEX search_doc_expire"}
		for _, want := range wanted {
			if !strings.Contains(text, want) || strings.Contains(text, "TEMP B-TREE") {
				t.Errorf("tier %v without %s:\n%s", tier, want, text)
			}
		}
	}
}
