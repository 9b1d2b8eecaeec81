package store_test

import (
	"context"
	"strings"
	"testing"

	"congso/store"
	"congso/store/storetest"
)

func TestOpeningAgainKeepsTheRecords(t *testing.T) {
	storetest.EachOptions(t, func(t *testing.T, o store.Options) {
		section := storetest.Section(t, storetest.Open(t, o), "Tin")
		again, err := storetest.Open(t, o).Sections(context.Background())
		if err != nil || len(again) != 1 || again[0] != section {
			t.Errorf("sections %+v, error %v", again, err)
		}
	})
}

func TestASchemaOfANewerProgramIsRefused(t *testing.T) {
	storetest.EachOptions(t, func(t *testing.T, o store.Options) {
		storetest.Open(t, o)
		run(t, raw(t, o), `INSERT INTO goose_db_version (version_id, is_applied) VALUES (9999, TRUE)`)
		o.Renderer = storetest.Renderer()
		s, err := store.Open(context.Background(), o)
		if err == nil || !strings.Contains(err.Error(), "9999") {
			t.Errorf("error %v, want one that names the schema", err)
		}
		if err == nil {
			t.Error(s.Close())
		}
	})
}

// TestTextsEndTheirRow: whoever adds a column to news must move the texts behind it (see migration 15), or each list reads them.
func TestTextsEndTheirRow(t *testing.T) {
	o := store.Options{Dir: t.TempDir()}
	storetest.Open(t, o)
	db := raw(t, o)
	var last string
	if err := db.QueryRow(`SELECT group_concat(name) FROM (SELECT name FROM pragma_table_info('news') ORDER BY cid DESC LIMIT 2)`).Scan(&last); err != nil {
		t.Fatal(err)
	}
	if last != "body,html" {
		t.Errorf("the last columns of news, from the end, are %s; want body,html", last)
	}
}
