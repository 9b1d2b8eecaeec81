package store

import (
	"slices"
	"strings"
	"testing"

	"congso/store/model"
)

// What desks and sweep ask again and again is answered by an index, in its order, however many records there are. SQLite alone: the plans
// are its own.
func TestDesksAndSweepAskIndexes(t *testing.T) {
	s := openTest(t)
	desk := func(kind model.Kind, f DeskFilter) (string, []any) {
		table, err := deskTable(kind)
		if err != nil {
			t.Fatal(err)
		}
		columns, joins := deskColumns(kind)
		c := f.conditions(kind)
		return `SELECT ` + columns + table + joins + c.where() + deskOrder + ` LIMIT 20`, c.args
	}
	type question struct {
		query string
		args  []any
	}
	ask := func(query string, args []any) question { return question{query, args} }
	for index, q := range map[string]question{
		"news_updated":           ask(desk(model.KindNews, DeskFilter{})),
		"meeting_updated":        ask(desk(model.KindMeeting, DeskFilter{})),
		"news_status_updated":    ask(desk(model.KindNews, DeskFilter{Status: model.StatusPublished})),
		"meeting_status_updated": ask(desk(model.KindMeeting, DeskFilter{Status: model.StatusDraft})),
		"news_coming":            {`SELECT id FROM news` + toShow, []any{1, 2}},
		"meeting_coming":         {`SELECT id FROM meeting` + toShow, []any{1, 2}},
		"news_expiring":          {`SELECT id FROM news` + toEnd, []any{1, 2}},
		"meeting_expiring":       {`SELECT id FROM meeting` + toEnd, []any{1, 2}},
	} {
		plan := queryPlan(t, s, q.query, q.args...)
		if !strings.Contains(plan[0]+" ", " INDEX "+index+" ") {
			t.Errorf("%s\nis answered by %q, want first by %s", q.query, plan, index)
		}
		if slices.ContainsFunc(plan, func(step string) bool { return strings.Contains(step, "TEMP B-TREE") }) {
			t.Errorf("%s\nis sorted: %q", q.query, plan)
		}
	}
	for _, f := range []DeskFilter{{Stage: model.StatusReview}, {Stage: model.StatusDraft, Owner: 3}, {HasCopy: true}} {
		query, args := desk(model.KindNews, f)
		for _, step := range queryPlan(t, s, query, args...) {
			if strings.HasPrefix(step, "SCAN n") {
				t.Errorf("%+v goes through all records: %s", f, step)
			}
		}
	}
}

// queryPlan is how SQLite answers a query, step by step.
func queryPlan(t *testing.T, s *Store, query string, args ...any) []string {
	t.Helper()
	steps, err := queryAll(t.Context(), s.read, func(row scanner) (string, error) {
		var id, parent, unused int
		var detail string
		err := row.Scan(&id, &parent, &unused, &detail)
		return detail, err
	}, `EXPLAIN QUERY PLAN `+query, args...)
	if err != nil {
		t.Fatal(err)
	}
	return steps
}
