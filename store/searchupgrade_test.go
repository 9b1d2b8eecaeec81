package store_test

import (
	"context"
	"database/sql"
	"io/fs"
	"os"
	"slices"
	"testing"
	"testing/fstest"

	"congso/store"
	"congso/store/model"
	"congso/store/storetest"
)

// stepsBefore are the migrations of o's kind of database that come before the one with that number.
func stepsBefore(t *testing.T, o store.Options, number string) fs.FS {
	t.Helper()
	folder := os.DirFS("migrations/sqlite")
	if o.Database != "" {
		folder = os.DirFS("migrations/postgres")
	}
	names, err := fs.Glob(folder, "*.sql")
	must(t, err)
	steps := fstest.MapFS{}
	for _, name := range names {
		if name < number {
			data, err := fs.ReadFile(folder, name)
			must(t, err)
			steps[name] = &fstest.MapFile{Data: data}
		}
	}
	return steps
}

// TestUpgradeOfTheSearchIndex has entries as the program wrote them whose index had no blocks, and holds that they are found as they were.
func TestUpgradeOfTheSearchIndex(t *testing.T) {
	storetest.EachOptions(t, func(t *testing.T, o store.Options) {
		ctx := context.Background()
		old, err := store.Open(ctx, store.WithMigrations(o, stepsBefore(t, o, "00014")))
		must(t, err)
		put := func(id int, kind, ref, lang, visibility, sqlite, postgres string) {
			t.Helper()
			must(t, old.Tx(ctx, func(tx *sql.Tx) error {
				_, err := tx.Exec(`INSERT INTO search_doc (id, kind, ref, lang, title, text, visibility) VALUES ($1, $2, $3, $4, $3, 'x', $5)`, id, kind, ref, lang, visibility)
				if err != nil {
					return err
				}
				if o.Database != "" {
					_, err = tx.Exec(`INSERT INTO search_index (id, words) VALUES ($1, CAST(CAST($2 AS TEXT) AS TSVECTOR))`, id, postgres)
				} else {
					_, err = tx.Exec(`INSERT INTO search_index (rowid, title, summary, body, title_exact, summary_exact, body_exact, filter) VALUES ` + sqlite)
				}
				return err
			}))
		}
		put(1, "news", "cu", "", "public", `(1, 'mo duong', 'tom tat', 'than bai duong', 'mở đường', 'tóm tắt', 'thân bài đường', 'knews vpublic s7 lvi len')`,
			`'knews':1 'vpublic':2 's7':3 'lvi':4 'len':5 'mo':7A 'mở':7A 'duong':8A,14C 'đường':8A,14C 'tom':10B 'tóm':10B 'tat':11B 'tắt':11B 'than':13C 'thân':13C 'bai':13C 'bài':13C`)
		put(2, "news", "moi", "", "public", `(2, 'tin', 'duong mo', 'than', '', 'đường mở', 'thân', 'knews vpublic s8 lvi len')`,
			`'knews':1 'vpublic':2 's8':3 'lvi':4 'len':5 'tin':7A 'duong':9B 'đường':9B 'mo':10B 'mở':10B 'than':12C 'thân':12C`)
		put(3, "news", "kin", "", "internal", `(3, 'mo duong', '', '', 'mở đường', '', '', 'knews vinternal lvi len')`, `'knews':1 'vinternal':2 'lvi':3 'len':4 'mo':6A 'mở':6A 'duong':7A 'đường':7A`)
		put(4, "article", "road", "en", "public", `(4, 'duong', '', '', 'dương', '', '', 'karticle vpublic len')`, `'karticle':1 'vpublic':2 'len':3 'duong':5A 'dương':5A`)
		put(1<<54, "unit", "phong", "", "public", `(18014398509481984, 'duong bo', '', '', 'đường bộ', '', '', 'kunit vpublic lvi len')`, `'kunit':1 'vpublic':2 'lvi':3 'len':4 'duong':6A 'đường':6A 'bo':7A 'bộ':7A`)
		must(t, old.Close())
		s := storetest.Open(t, o)
		for _, test := range []struct {
			q        model.SearchQuery
			internal bool
			want     []string
		}{
			{model.SearchQuery{Text: "duong"}, false, []string{"phong", "cu", "moi"}},
			{model.SearchQuery{Text: "duong"}, true, []string{"phong", "kin", "cu", "moi"}},
			{model.SearchQuery{Text: "duong", Lang: "en"}, false, []string{"phong", "road", "cu", "moi"}},
			{model.SearchQuery{Text: "dương", Lang: "en"}, false, []string{"road", "phong", "cu", "moi"}},
			{model.SearchQuery{Text: `"mở đường"`}, false, []string{"cu"}},
			{model.SearchQuery{Text: `"duong tom"`}, false, []string{}}, // no phrase runs from one part into the next
			{model.SearchQuery{Text: "thân"}, false, []string{"moi", "cu"}},
			{model.SearchQuery{Text: "thân đường", Section: 7}, false, []string{"cu"}},
			{model.SearchQuery{Text: "duong", Kind: model.KindUnit}, false, []string{"phong"}},
		} {
			if got := refsFor(t, s, model.Viewer{Internal: test.internal}, test.q); !slices.Equal(got, test.want) {
				t.Errorf("%+v, internal %v: got %v, want %v", test.q, test.internal, got, test.want)
			}
		}
	})
}
