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
