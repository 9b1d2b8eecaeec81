package store_test

import (
	"compress/gzip"
	"context"
	"database/sql"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestMakeFixture makes testdata/schema/NNNNN.db.gz from the database that CONGSO_TEST_FIXTURE names: the congso.db that the demo of a
// released program has left, be it of an older commit. It keeps few rows, and puts one into each table that the demo leaves empty.
// Released fixtures are never made again.
func TestMakeFixture(t *testing.T) {
	from := os.Getenv("CONGSO_TEST_FIXTURE")
	if from == "" {
		t.Skip("CONGSO_TEST_FIXTURE names no database to make a fixture from")
	}
	path := filepath.Join(t.TempDir(), "congso.db")
	copyFile(t, from, path)
	db := openFile(t, path)
	trim(t, db)
	for _, table := range append([]string{"users"}, tables(t, db)...) { // whose rows others name
		if count(t, db, table) == 0 {
			fill(t, db, table)
		}
	}
	for _, last := range []string{`PRAGMA journal_mode=DELETE`, `VACUUM`} {
		if _, err := db.Exec(last); err != nil {
			t.Fatal(last, err)
		}
	}
	var schema int
	must(t, db.QueryRow(`SELECT max(version_id) FROM goose_db_version`).Scan(&schema))
	must(t, db.Close())
	compress(t, path, filepath.Join("testdata", "schema", fmt.Sprintf("%05d.db.gz", schema)))
}

// trim takes most news items and most daily counts away.
func trim(t *testing.T, db *sql.DB) {
	t.Helper()
	const kept = `(SELECT id FROM (SELECT id FROM news ORDER BY id LIMIT 4) UNION SELECT news_id FROM meeting WHERE news_id IS NOT NULL)`
	for _, statement := range []string{
		`DELETE FROM news_tag WHERE news_id NOT IN ` + kept,
		`DELETE FROM attachment WHERE kind = 'news' AND record_id NOT IN ` + kept,
		`DELETE FROM media_use WHERE kind = 'news' AND record_id NOT IN ` + kept,
		`DELETE FROM revision WHERE kind = 'news' AND record_id NOT IN ` + kept,
		`DELETE FROM revision WHERE kind <> 'news' AND record_id > 4`,
		`DELETE FROM news WHERE id NOT IN ` + kept,
		`DELETE FROM search_doc WHERE kind = 'news' AND ref NOT IN (SELECT slug FROM news) OR kind = 'article'`,
		`DELETE FROM search_index WHERE rowid NOT IN (SELECT id FROM search_doc)`,
		`INSERT INTO search_index (search_index) VALUES ('optimize')`,
		`DELETE FROM hit_page WHERE rowid NOT IN (SELECT rowid FROM hit_page LIMIT 30)`,
	} {
		if _, err := db.Exec(statement); err != nil {
			t.Fatal(statement, err)
		}
	}
}

// sampleValues are for columns that do not take just anything.
var sampleValues = map[string]any{
	"kind": "news", "proposal.kind": "unit", "finding.state": "open", "status": "review", "data": "{}", "role": "staff", "day": "2026-11-20", "record_id": 1, "parent_id": nil,
	"to_path": "/tin-tuc", "from_path": "/tin-cu.aspx", "menu_item.href": "/danh-ba", "slug": "ten-cu",
}

// fill puts a row into an empty table.
func fill(t *testing.T, db *sql.DB, table string) {
	t.Helper()
	parents := map[string]string{} // column to the key of a row that it may name
	for _, r := range rowsOf(t, db, `SELECT "from", "table", coalesce("to", 'id') FROM pragma_foreign_key_list('`+table+`')`) {
		parents[r[0].(string)] = fmt.Sprintf("(SELECT min(%s) FROM %s)", r[2], r[1])
	}
	var names, marks []string
	var values []any
	for _, r := range rowsOf(t, db, `SELECT name, type FROM pragma_table_info('`+table+`')`) {
		name := r[0].(string)
		value, known := sampleValues[table+"."+name]
		if !known {
			value, known = sampleValues[name]
		}
		switch parent, child := parents[name]; {
		case !known && child:
			names, marks = append(names, name), append(marks, parent)
			continue
		case !known && r[1] == "TEXT":
			value = "mẫu"
		case !known:
			value = 1
		}
		values = append(values, value)
		names, marks = append(names, name), append(marks, fmt.Sprintf("$%d", len(values)))
	}
	statement := "INSERT INTO " + table + " (" + strings.Join(names, ", ") + ") VALUES (" + strings.Join(marks, ", ") + ")"
	if _, err := db.Exec(statement, values...); err != nil {
		t.Fatal(statement, err)
	}
}

// tables are those of records: neither SQLite's own nor those inside the search index.
func tables(t testing.TB, db *sql.DB) (names []string) {
	t.Helper()
	for _, r := range rowsOf(t, db, `SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' AND name NOT LIKE 'search_index%' ORDER BY name`) {
		names = append(names, r[0].(string))
	}
	return names
}

func count(t testing.TB, db *sql.DB, table string) (n int) {
	t.Helper()
	must(t, db.QueryRowContext(context.Background(), `SELECT count(*) FROM `+table).Scan(&n))
	return n
}

// rowsOf are all rows of a query.
func rowsOf(t testing.TB, db *sql.DB, query string) (list [][]any) {
	t.Helper()
	rows, err := db.Query(query)
	must(t, err)
	defer rows.Close()
	columns, err := rows.Columns()
	must(t, err)
	for rows.Next() {
		row, into := make([]any, len(columns)), make([]any, len(columns))
		for i := range row {
			into[i] = &row[i]
		}
		must(t, rows.Scan(into...))
		list = append(list, row)
	}
	must(t, rows.Err())
	return list
}

func openFile(t testing.TB, path string) *sql.DB {
	t.Helper()
	db, err := sql.Open("sqlite", "file:"+path+"?_pragma=foreign_keys(1)&_pragma=busy_timeout(5000)")
	must(t, err)
	db.SetMaxOpenConns(1)
	t.Cleanup(func() { db.Close() })
	return db
}

func copyFile(t testing.TB, from, to string) {
	t.Helper()
	in, err := os.Open(from)
	must(t, err)
	defer in.Close()
	out, err := os.OpenFile(to, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	must(t, err)
	_, err = io.Copy(out, in)
	must(t, err)
	must(t, out.Close())
}

func compress(t *testing.T, from, to string) {
	t.Helper()
	data, err := os.ReadFile(from)
	must(t, err)
	out, err := os.OpenFile(to, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o644)
	must(t, err)
	z, err := gzip.NewWriterLevel(out, gzip.BestCompression)
	must(t, err)
	_, err = z.Write(data)
	must(t, err)
	must(t, z.Close())
	must(t, out.Close())
}
