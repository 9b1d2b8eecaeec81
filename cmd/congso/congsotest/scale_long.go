//go:build long

package congsotest

import (
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// Scaled is a folder of the test's own with the demo's records, so many news items made from the demo's, each with its revision and its
// entry in the search, and so many attachments of a megabyte that no picture compresses.
func Scaled(t testing.TB, items, files int) (folder string) {
	t.Helper()
	folder = DemoData(t)
	db, err := sql.Open("sqlite", "file:"+filepath.Join(folder, "congso.db")+"?_pragma=journal_mode(WAL)&_pragma=synchronous(OFF)&_pragma=cache_size(-200000)")
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	db.SetMaxOpenConns(1)
	run := func(statement string, args ...any) {
		t.Helper()
		if _, err := db.Exec(statement, args...); err != nil {
			t.Fatalf("%s: %v", statement, err)
		}
	}
	run(`CREATE TEMP TABLE source AS SELECT row_number() OVER (ORDER BY id) - 1 AS place, id FROM news`)
	run(`CREATE TEMP TABLE copy AS WITH RECURSIVE k (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM k WHERE i < $1)
		SELECT i, (SELECT id FROM source WHERE place = i % (SELECT COUNT(*) FROM source)) AS of, 1000000 + i AS id FROM k`, items)
	run("BEGIN")
	rest := columnsBut(t, db, "news", "id", "slug", "title", "publish_at")
	run(`INSERT INTO news (id, slug, title, publish_at, ` + rest + `) SELECT copy.id, slug || '-' || i, title || ' ' || i, publish_at - i * 60, ` + rest +
		` FROM copy JOIN news ON news.id = copy.of`)
	rest = columnsBut(t, db, "revision", "record_id")
	run(`INSERT INTO revision (record_id, ` + rest + `) SELECT copy.id, ` + rest + ` FROM copy JOIN revision ON kind = 'news' AND record_id = copy.of`)
	rest = columnsBut(t, db, "search_doc", "id", "ref")
	run(`INSERT INTO search_doc (id, ref, ` + rest + `) SELECT -i, copy.id, ` + rest + ` FROM copy JOIN search_doc ON kind = 'news' AND ref = CAST(copy.of AS TEXT)`)
	run(`INSERT INTO search_index (rowid, words) SELECT id, title || ' ' || text || ' ' || title || ' ' || kind FROM search_doc WHERE id < 0`)
	run("COMMIT")
	for i := range files {
		hash := writeMedia(t, folder, i)
		run(`INSERT INTO media (hash, name, mime, bytes, created_at, text_fold) VALUES ($1, $2, 'application/pdf', 1048576, 1, 'tep')`, hash, fmt.Sprintf("tep-%d.pdf", i))
	}
	run("PRAGMA wal_checkpoint(TRUNCATE)")
	if err := OpenStore(t, folder, "").Close(); err != nil { // which splits the lists, as each start does
		t.Fatal(err)
	}
	return folder
}

// writeMedia puts a file of a megabyte in its place.
func writeMedia(t testing.TB, folder string, number int) (hash string) {
	t.Helper()
	data := make([]byte, 1<<20)
	noise := rand.NewChaCha8([32]byte{byte(number), byte(number >> 8)})
	if _, err := noise.Read(data); err != nil {
		t.Fatal(err)
	}
	sum := sha256.Sum256(data)
	hash = hex.EncodeToString(sum[:])
	place := filepath.Join(folder, "media", hash[:2], hash)
	if err := os.MkdirAll(filepath.Dir(place), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(place, data, 0o600); err != nil {
		t.Fatal(err)
	}
	return hash
}

// columnsBut are the table's columns without those named.
func columnsBut(t testing.TB, db *sql.DB, table string, but ...string) string {
	t.Helper()
	rows, err := db.Query(`SELECT name FROM pragma_table_info($1)`, table)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	var names []string
	for rows.Next() {
		var name string
		if err := rows.Scan(&name); err != nil {
			t.Fatal(err)
		}
		if !strings.Contains(" "+strings.Join(but, " ")+" ", " "+name+" ") {
			names = append(names, name)
		}
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	return strings.Join(names, ", ")
}
