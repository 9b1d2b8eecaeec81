package handlers_test

import (
	"database/sql"
	"fmt"
	"net/http"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"

	"congso/store"
)

// smallTables may be read whole, and sorted: how many rows they hold does not grow with what is published.
func smallTables() []string {
	return []string{
		"section", "menu_item", "linked_site", "setting", // a few dozen, made by hand
		"meeting_kind",                                                   // the words for kinds of meetings
		"unit", "person", "post", "number", "u", "p", "t", "c", "k", "x", // the department's directory, which is shown whole; by their names in queries
		"search_block",                       // a row for each block of the search index, which its own tests bound
		"hit_day", "hit_total", "hit_online", // a row for each day, one row, the readers of the last minutes
	}
}

// smallSorts are ends of tables' lists in queries whose few rows may be sorted.
func smallSorts() []string {
	return []string{
		"FROM meeting m LEFT JOIN meeting_participant r ON", // the meetings that one item reports
	}
}

// queryLog is every query that the portal makes.
type queryLog struct {
	mu      sync.Mutex
	queries map[string]string // query to the address that asked it first
	at      string
}

func (l *queryLog) note(query string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if _, known := l.queries[query]; !known && strings.HasPrefix(strings.TrimSpace(query), "SELECT") || strings.HasPrefix(query, "WITH") {
		l.queries[query] = l.at
	}
}

// Every query of every public page, asked by whoever, is answered by indexes and in their order: nothing that grows is walked or sorted.
// SQLite alone: the plans are its own.
func TestPublicQueriesAskIndexes(t *testing.T) {
	log := &queryLog{queries: map[string]string{}}
	dir := t.TempDir()
	p := newPortal(t, store.Options{Dir: dir, Trace: log.note}, seed)
	clear(log.queries)
	log.at = "looking for addresses"
	for _, target := range publicAddresses(p) {
		for _, address := range []string{outside, inside} {
			log.at = target + " from " + address
			if a := p.get(target, from(address)); a.status >= http.StatusInternalServerError {
				t.Errorf("GET %s: status %d", target, a.status)
			}
		}
	}
	if len(log.queries) < 40 {
		t.Fatalf("only %d queries seen", len(log.queries))
	}
	db, err := sql.Open("sqlite", "file:"+filepath.Join(dir, "congso.db")+"?mode=ro")
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	for query, asked := range log.queries {
		for _, step := range badSteps(t, db, query) {
			t.Errorf("%s: %s in\n%s", asked, step, query)
		}
	}
}

// publicAddresses are addresses of every kind that readers and machines ask, but for those that begin so.
func publicAddresses(p *portal, but ...string) []string {
	leftOut := func(path string) bool {
		return slices.ContainsFunc(but, func(start string) bool { return strings.HasPrefix(path, start) })
	}
	list := []string{
		"/", "/en", "/tin-tuc", "/tin-tuc?trang=2", "/hoi-nghi", "/hoi-nghi?trang=2", "/hoi-nghi?q=hop", "/hoi-nghi?chu-tri=an", "/danh-ba", "/danh-ba?q=a",
		"/bai-viet", "/tim-kiem?q=tin", "/tim-kiem?q=thong+bao&loai=news", "/thong-ke", "/so-do", "/rss.xml", "/sitemap.xml", "/sitemap/1.xml", "/hoi-nghi/lich.ics",
		"/api/v1/news", "/api/v1/news?page=2&per_page=2", "/api/v1/meetings", "/api/v1/contacts", "/api/v1/articles", "/api/v1/stats", "/tin-tuc/khong-co",
	}
	list = slices.DeleteFunc(list, leftOut)
	local := regexp.MustCompile(`href="(/[^"#]*)`)
	for _, page := range slices.Clone(list) {
		for _, m := range local.FindAllStringSubmatch(p.get(page, from(inside)).body, -1) {
			if path := strings.ReplaceAll(m[1], "&amp;", "&"); !strings.HasPrefix(path, "/static/") && !leftOut(path) && !slices.Contains(list, path) {
				list = append(list, path)
			}
		}
	}
	return list
}

var (
	planStep = regexp.MustCompile(`^SCAN (\S+)|^SEARCH (\S+) .*\((?:status|role|visibility)=\?\)$|USE TEMP B-TREE`) // an index by what most rows share is walked, too
	ownTable = regexp.MustCompile(`^(?:CO-ROUTINE|MATERIALIZE) (\S+)`)                                              // whose steps are judged themselves
)

// badSteps are the steps of the query's plan that walk or sort what grows.
func badSteps(t *testing.T, db *sql.DB, query string) (bad []string) {
	t.Helper()
	args := make([]any, 0)
	for strings.Contains(query, fmt.Sprintf("$%d", len(args)+1)) {
		args = append(args, 0) // the plan is the same whatever they are
	}
	rows, err := db.Query("EXPLAIN QUERY PLAN "+query, args...)
	if err != nil {
		t.Errorf("%v in\n%s", err, query)
		return nil
	}
	defer rows.Close()
	grows, sorts, sortsLittle, allowed := false, "", false, smallTables()
	if slices.ContainsFunc(smallSorts(), func(end string) bool { return strings.Contains(query, end) }) {
		sortsLittle = true
	}
	for rows.Next() {
		var id, parent, unused int
		var step string
		if err := rows.Scan(&id, &parent, &unused, &step); err != nil {
			t.Fatal(err)
		}
		if own := ownTable.FindStringSubmatch(step); own != nil {
			allowed = append(allowed, own[1])
		}
		m := planStep.FindStringSubmatch(step)
		switch {
		case m == nil:
			grows = grows || strings.HasPrefix(step, "SEARCH") && !slices.Contains(smallTables(), strings.Fields(step)[1])
		case m[1]+m[2] == "":
			sorts = step
		case !strings.Contains(step, "CONSTANT ROW") && !strings.Contains(step, "VIRTUAL TABLE") && !slices.Contains(allowed, m[1]+m[2]):
			bad = append(bad, step)
		}
	}
	if sorts != "" && grows && !sortsLittle {
		bad = append(bad, sorts)
	}
	if err := rows.Err(); err != nil {
		t.Error(fmt.Errorf("%w in\n%s", err, query))
	}
	return bad
}
