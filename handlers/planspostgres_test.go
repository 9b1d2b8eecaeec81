package handlers_test

import (
	"database/sql"
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"

	"congso/store"
	"congso/store/storetest"
)

// Sizes of the tables in the test of PostgreSQL's plans.
const (
	manyRows = 20_000 // of what is published
	tableFew = 1000   // rows of a table that may be read whole
	sortFew  = 1200   // rows that may be sorted: what the sizes of pages, feeds and parts of lists bound
)

// fillMany writes manyRows news items and as many of whatever hangs on them, a quarter as many meetings, and what the server knows of tables.
func fillMany(t *testing.T, db *sql.DB, now int64) {
	t.Helper()
	numbers := func(columns string, n int) string {
		return fmt.Sprintf(`SELECT %s FROM generate_series(1, %d) AS i`, columns, n)
	}
	at := fmt.Sprintf(`%d - 900 * i`, now)
	rest := fmt.Sprintf(`'published', CASE WHEN i %% 10 = 0 THEN 'internal' ELSE 'public' END, %[1]d, %[1]d`, now)
	for _, statement := range []string{
		`INSERT INTO news (slug, title, html, text_fold, section_id, featured, publish_at, expire_at, status, visibility, created_at, updated_at) ` +
			numbers(fmt.Sprintf(`'tin-' || i, 'Tin ' || i, repeat('x', 1500), 'tin', (SELECT MIN(id) FROM section) + i %% 3, i %% 50 = 0, `+at+`, CASE WHEN i %% 100 = 0 THEN %d ELSE 0 END, `, now-1)+rest, manyRows),
		`INSERT INTO meeting (slug, title, html, text_fold, kind, publish_at, start_at, end_at, news_id, status, visibility, created_at, updated_at) ` +
			numbers(`'hop-' || i, 'Họp ' || i, repeat('x', 1500), 'hop ' || i, 'loại ' || (i % 3), `+at+`, `+at+`, `+at+` + 7200, (SELECT MIN(id) FROM news) + i, `+rest, manyRows/4),
		`INSERT INTO meeting_participant (meeting_id, position, name, name_fold, role) SELECT id, 9, 'An', 'an', 'chair' FROM meeting`,
		`INSERT INTO news_tag (news_id, tag_id, position) SELECT n.id, t.id, 9 FROM news n CROSS JOIN tag t WHERE n.id % 7 = 0 AND n.slug LIKE 'tin-%'`,
		`INSERT INTO old_slug (kind, slug, record_id) SELECT 'news', 'cu-' || id, id FROM news`,
		`INSERT INTO hit_page_total (path, views) SELECT '/tin-tuc/' || slug, 5 FROM news`,
		`INSERT INTO redirect (from_path, to_path, created_at) ` + numbers(`'/cu/' || i, '/tin-tuc/tin-' || i, 1`, manyRows),
		`INSERT INTO search_doc (id, kind, ref, title, text, visibility, date, publish_at) SELECT id, 'news', slug, title, title, visibility, publish_at, publish_at FROM news WHERE slug LIKE 'tin-%' ON CONFLICT DO NOTHING`,
		`INSERT INTO search_index (id, words) SELECT id, CAST('''t000tin'' ''h000tin'' ''a000tin'' ''a000thong'' ''a000bao''' AS TSVECTOR) FROM search_doc d
			WHERE NOT EXISTS (SELECT 1 FROM search_index i WHERE i.id = d.id)`,
	} {
		if _, err := db.Exec(statement); err != nil {
			t.Fatalf("%s: %v", statement, err)
		}
	}
}

// tables are the numbers that PostgreSQL keeps for each of the schema's tables, as the query names them.
func tables(t *testing.T, db *sql.DB, query string) map[string]int64 {
	t.Helper()
	numbers := map[string]int64{}
	rows, err := db.Query(query)
	must(t, err)
	defer rows.Close()
	for rows.Next() {
		var name string
		var number int64
		must(t, rows.Scan(&name, &number))
		numbers[name] = number
	}
	must(t, rows.Err())
	return numbers
}

// TestPublicQueriesAskIndexesOfPostgreSQL: with many rows and with what PostgreSQL knows of them, the plans of all public queries neither read a
// large table from end to end nor sort much, and hundreds of pages read none so by the plans that they had.
func TestPublicQueriesAskIndexesOfPostgreSQL(t *testing.T) {
	log := &queryLog{queries: map[string]string{}}
	o := store.Options{Dir: t.TempDir(), Database: storetest.Postgres(t), Trace: log.note}
	db, err := sql.Open("pgx", o.Database)
	must(t, err)
	db.SetMaxOpenConns(1)
	t.Cleanup(func() { must(t, db.Close()) })
	const walked = `SELECT relname, seq_scan FROM pg_stat_user_tables WHERE schemaname = current_schema()`
	var large []string
	var before map[string]int64
	t.Cleanup(func() { // after the store is closed, when all its connections have told what they did
		for name, after := range tables(t, db, walked) {
			if walks := after - before[name]; walks > 0 && slices.Contains(large, name) {
				t.Errorf("%s was read from end to end %d times", name, walks)
			}
		}
	})
	known := seeded.Fill(t, o)
	fillMany(t, db, storetest.Start().Unix())
	_, err = db.Exec(`ANALYZE`)
	must(t, err)
	for name, rows := range tables(t, db, `SELECT relname, CAST(reltuples AS BIGINT) FROM pg_class WHERE relkind = 'r' AND relnamespace = CAST(current_schema() AS regnamespace)`) {
		if rows >= tableFew {
			large = append(large, name)
		}
	}
	if len(large) < 10 {
		t.Fatalf("only %v are large", large)
	}
	_, err = db.Exec(`SELECT pg_stat_force_next_flush()`)
	must(t, err)
	before = tables(t, db, walked)
	p := newPortal(t, o, func(testing.TB, *store.Store, *storetest.Clock) fixture { return known })
	clear(log.queries)
	targets := publicAddresses(p, "/sitemap") // a file of which holds half of these rows: they are rightly read from end to end
	for _, target := range append(targets, "/tin-tuc?trang=900", "/chuyen-muc/thong-bao?trang=300", "/hoi-nghi?trang=200", "/tin-tuc/cu-77", "/cu/77") {
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
	_, err = db.Exec(`SET plan_cache_mode = force_generic_plan`)
	must(t, err)
	for query, asked := range log.queries {
		for _, step := range badNodes(t, db, query, large) {
			t.Errorf("%s: %s in\n%s", asked, step, query)
		}
	}
}

// planNode is a step of a plan of PostgreSQL.
type planNode struct {
	Type  string     `json:"Node Type"`
	Table string     `json:"Relation Name"`
	Rows  float64    `json:"Plan Rows"`
	Plans []planNode `json:"Plans"`
}

// badNodes are the steps of the plan of a query for whatever values that read a large table from end to end or sort much.
func badNodes(t *testing.T, db *sql.DB, query string, large []string) (bad []string) {
	t.Helper()
	if _, err := db.Exec("PREPARE planned AS " + query); err != nil {
		t.Errorf("%v in\n%s", err, query)
		return nil
	}
	count := 0
	for strings.Contains(query, fmt.Sprintf("$%d", count+1)) {
		count++
	}
	execute := "EXPLAIN (FORMAT JSON) EXECUTE planned"
	if count > 0 {
		execute += "(NULL" + strings.Repeat(", NULL", count-1) + ")"
	}
	var text string
	must(t, db.QueryRow(execute).Scan(&text))
	_, err := db.Exec("DEALLOCATE planned")
	must(t, err)
	var plans []struct{ Plan planNode }
	must(t, json.Unmarshal([]byte(text), &plans))
	var walk func(n planNode)
	walk = func(n planNode) {
		if n.Type == "Seq Scan" && slices.Contains(large, n.Table) || strings.HasSuffix(n.Type, "Sort") && n.Rows > sortFew {
			bad = append(bad, fmt.Sprintf("%s %s of %.0f rows", n.Type, n.Table, n.Rows))
		}
		for _, below := range n.Plans {
			walk(below)
		}
	}
	walk(plans[0].Plan)
	return bad
}
