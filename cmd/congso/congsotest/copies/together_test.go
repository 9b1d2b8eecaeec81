package copies

import (
	"context"
	"database/sql"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/pressly/goose/v3"

	"congso/cmd/congso/congsotest"
	"congso/store/storetest"
)

// TestStartTogether starts three processes at once on one database, an empty one and one of an older schema: one of them migrates it, all serve,
// and what a first start writes is there once.
func TestStartTogether(t *testing.T) {
	t.Parallel()
	for name, schema := range map[string]int64{"empty": 0, "of an older schema": 12} {
		t.Run(name, func(t *testing.T) {
			database := storetest.Postgres(t)
			db, err := sql.Open("pgx", database)
			if err != nil {
				t.Fatal(err)
			}
			defer db.Close()
			migrateTo(t, db, schema)
			var copies []*congsotest.Running
			for range 3 {
				copies = append(copies, congsotest.Launch(t, nil, "serve", "--data", filepath.Join(t.TempDir(), "data"), "--database", database))
			}
			migrated := 0
			for _, r := range copies {
				r.AwaitAddress(t)
				r.Page(t, "/")
				migrated += strings.Count(r.Log.String(), "migrating the database")
			}
			if migrated != 1 {
				t.Errorf("%d copies have migrated the database, want 1", migrated)
			}
			for query, want := range map[string]int{
				`SELECT count(*) - count(DISTINCT version_id) FROM goose_db_version`:                      0,
				`SELECT count(*) FROM hit_total`:                                                          1,
				`SELECT count(*) FROM setting WHERE name = 'program'`:                                     1,
				`SELECT count(*) - count(DISTINCT (kind, ref, lang)) FROM search_doc`:                     0,
				`SELECT count(*) FROM (SELECT 1 FROM hit_salt GROUP BY day HAVING count(*) > 1) AS twice`: 0,
			} {
				var got int
				if err := db.QueryRow(query).Scan(&got); err != nil || got != want {
					t.Errorf("%s: %d, error %v, want %d", query, got, err, want)
				}
			}
			for _, r := range copies {
				r.Finish(t)
			}
		})
	}
}

// migrateTo brings an empty database to the schema with that number, 0 for none.
func migrateTo(t *testing.T, db *sql.DB, schema int64) {
	t.Helper()
	if schema == 0 {
		return
	}
	steps, err := goose.NewProvider(goose.DialectPostgres, db, os.DirFS("../../../../store/migrations/postgres"))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := steps.UpTo(context.Background(), schema); err != nil {
		t.Fatal(err)
	}
}

// TestNewerProgramTakesOver: a copy that runs while a newer program takes the records over is not ready any more, and shows what there is.
func TestNewerProgramTakesOver(t *testing.T) {
	t.Parallel()
	database := storetest.Postgres(t)
	r := congsotest.Start(t, nil, "serve", "--data", filepath.Join(t.TempDir(), "data"), "--database", database)
	db := congsotest.OpenSQL(t, "", database)
	defer db.Close()
	program := func() (name string) {
		if err := db.QueryRow(`SELECT COALESCE(max(value), '') FROM setting WHERE name = 'program'`).Scan(&name); err != nil {
			t.Error(err)
		}
		return name
	}
	if !congsotest.Eventually(congsotest.Patience, func() bool { return program() != "" && r.Get(t, "/readyz").Status == http.StatusOK }) {
		t.Fatal("it does not get ready")
	}
	for _, statement := range []string{`INSERT INTO goose_db_version (version_id, is_applied) VALUES (9999, TRUE)`, `UPDATE setting SET value = 'v9' WHERE name = 'program'`} {
		if _, err := db.Exec(statement); err != nil {
			t.Fatal(err)
		}
	}
	var ready congsotest.Answer
	if !congsotest.Eventually(congsotest.Patience, func() bool { ready = r.Get(t, "/readyz"); return ready.Status == http.StatusServiceUnavailable }) {
		t.Errorf("/readyz says %d", ready.Status)
	}
	congsotest.MustContain(t, "/readyz", ready.Body, "a newer congso has migrated the database")
	congsotest.MustContain(t, "a page", r.Page(t, "/tin-tuc"), "Tin")
	r.Finish(t)
	if n := strings.Count(r.Log.String(), "a newer program serves the records: upgrade this copy"); n != 1 {
		t.Errorf("the log tells it %d times", n)
	}
}
