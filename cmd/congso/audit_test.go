package main

import (
	"context"
	"database/sql"
	"path/filepath"
	"strings"
	"testing"

	"congso/cmd/congso/congsotest"
	"congso/content"
	"congso/store"
	"congso/store/model"
	"congso/store/storetest"
)

// TestAuditVerify: the command walks the chain beside a running server, and names the entry that was changed.
func TestAuditVerify(t *testing.T) {
	congsotest.EachDatabase(t, func(t *testing.T, folder, database string, args []string) {
		verify := func() (string, error) { return run("", append([]string{"audit", "verify"}, args...)...) }
		if out, err := verify(); err == nil {
			t.Errorf("without records: %q", out)
		}
		startHere(t, nil, append([]string{"serve"}, args...)...)
		if out, err := verify(); err != nil || out != "0 entries hold.\n" {
			t.Errorf("an empty trail: %q, error %v", out, err)
		}
		s := storetest.Open(t, store.Options{Dir: folder, Database: database, Beside: true, Renderer: content.Renderer()})
		for _, name := range []string{"Một", "Hai", "Ba"} {
			storetest.Section(t, s, name)
		}
		entries, _, err := s.AuditPage(context.Background(), store.AuditFilter{Kind: model.KindSection}, 1, 3)
		if err != nil || len(entries) != 3 {
			t.Fatalf("entries %+v, error %v", entries, err)
		}
		if out, err := verify(); err != nil || out != "3 entries hold.\nLast: entry 3, hash "+entries[0].Hash+"\n" {
			t.Errorf("a whole trail: %q, error %v", out, err)
		}
		driver, address := "sqlite", "file:"+filepath.Join(folder, "congso.db")+"?_pragma=busy_timeout(5000)"
		if database != "" {
			driver, address = "pgx", database
		}
		db, err := sql.Open(driver, address)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { db.Close() })
		if _, err := db.Exec(`UPDATE audit SET actor = 'ai.do' WHERE id = 2`); err != nil {
			t.Fatal(err)
		}
		out, err := verify()
		if err == nil || !strings.Contains(err.Error(), "audit entry 2: the audit trail was tampered with") || !strings.HasPrefix(out, "1 entries hold.\n") {
			t.Errorf("a changed entry: %q, error %v", out, err)
		}
	})
}
