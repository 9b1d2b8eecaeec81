package store_test

import (
	"context"
	"database/sql"
	"errors"
	"slices"
	"testing"

	"congso/store"
	"congso/store/model"
	"congso/store/storetest"
)

// TestManyArticles: what is indexed with the index set up for many is found as what comes one by one, before its pieces are merged and
// after, and the index is as usual from then on, after a failure too.
func TestManyArticles(t *testing.T) {
	each(t, func(t *testing.T, s *store.Store, _ *storetest.Clock) {
		list := randomArticles(1, 450)
		queries := []string{"đường", "duong bo", `"nâng cấp"`, "hiem1", "3600"}
		find := func() (found []string) {
			for _, text := range queries {
				found = append(append(found, text), everyPage(t, s, text, 50)...)
			}
			return found
		}
		for at := 0; at < len(list); at += 150 {
			index(t, s, list[:at+150]...)
		}
		want := find()
		if len(want) < 300 {
			t.Fatalf("only %d hits to compare", len(want))
		}
		index(t, s)
		ended, end := context.WithCancel(context.Background())
		end()
		if err := s.IndexArticles(ended, list); err == nil {
			t.Error("no error from a context that has ended")
		}
		checkUsual(t, s)
		index(t, s, list...)
		checkUsual(t, s)
		if got := find(); !slices.Equal(got, want) {
			t.Errorf("indexed together\n got %v\nwant %v", got, want)
		}
		if err := s.MergeSearch(context.Background()); err != nil {
			t.Fatal(err)
		}
		if got := find(); !slices.Equal(got, want) {
			t.Errorf("merged\n got %v\nwant %v", got, want)
		}
		again := slices.Clone(list)
		for i := range again {
			again[i].Hash += "2"
			again[i].Visibility = []model.Visibility{model.Public, model.Internal}[i%2]
		}
		index(t, s, again...)
		index(t, s, list...)
		if got := find(); !slices.Equal(got, want) {
			t.Errorf("indexed again\n got %v\nwant %v", got, want)
		}
	})
}

// checkUsual looks at how SQLite's full-text index is set up.
func checkUsual(t *testing.T, s *store.Store) {
	t.Helper()
	if s.Postgres() {
		return
	}
	for key, want := range map[string]int{"hashsize": 1 << 20, "automerge": 4} {
		err := s.Tx(context.Background(), func(tx *sql.Tx) error {
			got := want // what is not set is as usual
			err := tx.QueryRow(`SELECT v FROM search_index_config WHERE k = $1`, key).Scan(&got)
			if errors.Is(err, sql.ErrNoRows) {
				err = nil
			}
			if got != want {
				t.Errorf("%s is %d, want %d", key, got, want)
			}
			return err
		})
		if err != nil {
			t.Error(err)
		}
	}
}
