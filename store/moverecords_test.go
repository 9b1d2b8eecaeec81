package store_test

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"congso/store"
	"congso/store/model"
	"congso/store/storetest"
)

// moving are options of a move between the folder and a database.
func moving(dir, database string) store.Options {
	return store.Options{Dir: dir, Database: database, Renderer: storetest.Renderer(), Now: storetest.NewClock().Now}
}

// hostile puts rows into a store whose values are hard to carry from one kind of database to the other.
func hostile(t *testing.T, s *store.Store) {
	t.Helper()
	must(t, s.Tx(context.Background(), func(tx *sql.Tx) error {
		put := func(query string, args ...any) error {
			_, err := tx.Exec(query, args...)
			return err
		}
		paths := []string{"", " ", "a", "B", "á", "a\u0301", "Đ", "đ", "\u200b", "\U0010ffff", "\ufffe", "\u202eabc", "😀", "'\"\\", "%_", "\t\r\n", "\x01\x7f", strings.Repeat("ộ", 400)}
		for i, path := range paths {
			at := []int64{0, -1, math.MaxInt64, math.MinInt64, 1 << 53, 1<<53 + 1}[i%6]
			if err := put(`INSERT INTO redirect (from_path, to_path, created_at) VALUES ($1, $2, $3)`, path, paths[len(paths)-1-i], at); err != nil {
				return err
			}
			if err := put(`INSERT INTO hit_page (path, day, views) VALUES ($1, $2, $3)`, path, "2026-06-14", at); err != nil {
				return err
			}
		}
		return errors.Join(
			put(`INSERT INTO tag (id, slug, name) VALUES ($1, 'xa', 'Xa')`, int64(1)<<40),
			put(`INSERT INTO tag (id, slug, name) VALUES ($1, 'xa-nua', 'Xa nữa')`, int64(1)<<41),
			put(`DELETE FROM tag WHERE id = $1`, int64(1)<<41),
			put(`INSERT INTO section (id, slug, name, parent_id, position) VALUES (70, 'con', 'Con', NULL, -2147483648), (60, 'cha', 'Cha', 70, 2147483647)`),
			put(`UPDATE section SET parent_id = 60 WHERE slug = 'tin-hoat-dong'`),
			put(`INSERT INTO revision (kind, record_id, number, data, actor, at) VALUES ('x', 1, 1, $1, '', 0), ('x', 1, 2, '', '', 0)`, strings.Repeat("dài ", 1<<20)),
		)
	}))
}

// records are the rows of a database in a folder that a move is to carry.
func records(t *testing.T, dir string) map[string][]string {
	t.Helper()
	rows := storetest.Rows(t, filepath.Join(dir, "congso.db"))
	for table := range rows {
		if _, out := store.LeftOut()[table]; out && table != "listing" || strings.HasPrefix(table, "search_index_") {
			delete(rows, table)
		}
		slices.Sort(rows[table])
	}
	return rows
}

// TestMoveRecords: records go to PostgreSQL and come back as they were, are found, numbered and audited there as before, and whoever serves either
// end keeps a move from beginning.
func TestMoveRecords(t *testing.T) {
	t.Parallel()
	ctx, database := context.Background(), storetest.Postgres(t)
	dir, s, clock := filled(t)
	hostile(t, s)
	hits := store.OpenHits(s)
	hits.Add(store.Visitor{}, "/tin-tuc/tin-so-1", clock.Now())
	must(t, hits.Close())
	audited, err := s.VerifyAudit(ctx)
	must(t, err)
	must(t, s.Close())

	moved, err := store.MoveRecords(ctx, moving(dir, database), true)
	must(t, err)
	if moved.Rows < 100 || moved.Tables < 40 || moved.Resumed || moved.Anew || len(moved.AuditHash) != 64 {
		t.Errorf("moved %+v", moved)
	}
	before := records(t, dir)
	tables, rows, err := store.CompareRecords(ctx, moving(dir, database))
	if err != nil || tables != moved.Tables || rows != moved.Rows {
		t.Errorf("compared %d rows of %d tables: %v", rows, tables, err)
	}

	p := storetest.Open(t, store.Options{Dir: dir, Database: database})
	for _, table := range []string{"news", "listing", "search_index"} {
		analyzed(t, p, table, p.ID(t, `SELECT COUNT(*) FROM `+table))
	}
	if n, err := p.VerifyAudit(ctx); err != nil || n != audited {
		t.Errorf("audit: %d of %d entries: %v", n, audited, err)
	}
	if gaps, err := p.SearchGaps(ctx, 10); err != nil || len(gaps) > 0 {
		t.Errorf("search: %v, %v", gaps, err)
	}
	if faults, err := p.CheckLists(ctx); err != nil || faults != (store.ListFaults{}) {
		t.Errorf("lists: %+v, %v", faults, err)
	}
	found, err := p.Search(ctx, model.Viewer{}, model.SearchQuery{Text: "tin số 7"}, 10)
	if err != nil || found.Total == 0 || found.Hits[0].Ref != "tin-so-7" {
		t.Errorf("search: %+v, %v", found, err)
	}
	if views := p.ID(t, `SELECT views FROM hit_total`); views != 1 {
		t.Errorf("%d views", views)
	}
	if _, err := store.MoveRecords(ctx, moving(t.TempDir(), database), false); !errors.Is(err, store.ErrServed) {
		t.Errorf("from a database that is served: %v", err)
	}
	must(t, p.Close())

	if _, err := store.MoveRecords(ctx, moving(dir, database), true); !errors.Is(err, store.ErrNotEmpty) {
		t.Errorf("again: %v", err)
	}
	back := filepath.Join(t.TempDir(), "data")
	_, err = store.MoveRecords(ctx, moving(back, database), false)
	must(t, err)
	if diff := cmp.Diff(before, records(t, back)); diff != "" {
		t.Errorf("-before +back:\n%.3000s", diff)
	}
	b := storetest.Open(t, store.Options{Dir: back})
	storetest.News(t, b, model.Section{ID: b.MinSection(t)}, "Tin có nhãn", func(n *model.News) { n.Tags = []model.Tag{{Name: "Nhãn mới"}} })
	if id := b.ID(t, `SELECT MAX(id) FROM tag`); id != 1<<41+1 {
		t.Errorf("a new tag has the number %d", id)
	}
	if gaps, err := b.SearchGaps(ctx, 10); err != nil || len(gaps) > 0 {
		t.Errorf("search: %v, %v", gaps, err)
	}
}

// TestMoveTables: every table of either schema is moved, or left out for a reason, and a table that is left out is there.
func TestMoveTables(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	s := storetest.Open(t, store.Options{Dir: t.TempDir()})
	p := storetest.Open(t, store.Options{Dir: t.TempDir(), Database: storetest.Postgres(t)})
	of := map[string][]string{
		"sqlite":   s.Slugs(t, `SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite%' AND name NOT LIKE 'search_index_%' ORDER BY name`),
		"postgres": p.Slugs(t, `SELECT CAST(relname AS TEXT) FROM pg_class WHERE relkind = 'r' AND relnamespace = CAST(quote_ident(current_schema()) AS regnamespace) ORDER BY relname COLLATE "C"`),
	}
	if diff := cmp.Diff(of["sqlite"], of["postgres"]); diff != "" {
		t.Errorf("-SQLite +PostgreSQL:\n%s", diff)
	}
	moved, err := store.MovedTables(ctx, s, p)
	must(t, err)
	var known []string
	for name, why := range store.LeftOut() {
		known = append(known, name)
		if why == "" || slices.Contains(moved, name) {
			t.Errorf("table %s is left out: %q", name, why)
		}
	}
	known = append(known, moved...)
	slices.Sort(known)
	if diff := cmp.Diff(of["sqlite"], known); diff != "" {
		t.Errorf("-in the schema +moved or left out:\n%s", diff)
	}
}

// TestMoveDiffers: what is not the same in both databases is named by table and key.
func TestMoveDiffers(t *testing.T) {
	t.Parallel()
	ctx, database := context.Background(), storetest.Postgres(t)
	dir, s, _ := filled(t)
	must(t, s.Close())
	_, err := store.MoveRecords(ctx, moving(dir, database), true)
	must(t, err)
	for _, c := range []struct{ name, change, undo, table, key string }{
		{"a text", `UPDATE news SET title = title || ' ' WHERE slug = 'tin-so-3'`, `UPDATE news SET title = TRIM(title) WHERE slug = 'tin-so-3'`, "news", "(4)"},
		{"a row too many", `INSERT INTO redirect (from_path, to_path, created_at) VALUES ('/x', '/y', 1)`, `DELETE FROM redirect`, "redirect", "(/x)"},
		{"a row missing", `DELETE FROM revision WHERE kind = 'news' AND record_id = 1`, ``, "revision", "(news, 1, 1)"},
	} {
		p := storetest.Open(t, store.Options{Dir: t.TempDir(), Database: database})
		change := func(query string) {
			must(t, p.Tx(ctx, func(tx *sql.Tx) error {
				_, err := tx.Exec(query)
				return err
			}))
		}
		change(c.change)
		_, _, err := store.CompareRecords(ctx, moving(dir, database))
		var d *store.DifferenceError
		if !errors.As(err, &d) || d.Table != c.table || d.Key != c.key {
			t.Errorf("%s: %v", c.name, err)
		}
		if c.undo != "" {
			change(c.undo)
		}
		must(t, p.Close())
	}
}

// TestMoveUnfinished: what a move that was ended has left is not served, and the next one goes on, or begins anew when the source has changed.
func TestMoveUnfinished(t *testing.T) {
	t.Parallel()
	for _, changed := range []bool{false, true} {
		t.Run(fmt.Sprint("changed ", changed), func(t *testing.T) {
			t.Parallel()
			database := storetest.Postgres(t)
			dir, s, _ := filled(t)
			must(t, s.Close())
			ctx, stop := context.WithCancel(context.Background())
			o := moving(dir, database)
			o.Progress = func(what string, done, total int64) {
				if what == "Copying the records" && done > total/2 {
					stop()
				}
			}
			if _, err := store.MoveRecords(ctx, o, true); !errors.Is(err, context.Canceled) {
				t.Fatalf("ended: %v", err)
			}
			ctx = context.Background()
			for _, beside := range []bool{false, true} {
				_, err := store.Open(ctx, store.Options{Dir: t.TempDir(), Database: database, Renderer: storetest.Renderer(), Beside: beside})
				if !errors.Is(err, store.ErrUnfinished) {
					t.Errorf("opened: %v", err)
				}
			}
			if changed {
				s := storetest.Open(t, store.Options{Dir: dir})
				storetest.News(t, s, model.Section{ID: s.MinSection(t)}, "Tin mới")
				must(t, s.Close())
			}
			moved, err := store.MoveRecords(ctx, moving(dir, database), true)
			if err != nil || moved.Anew != changed || moved.Resumed == changed {
				t.Errorf("%+v, %v", moved, err)
			}
			if _, _, err := store.CompareRecords(ctx, moving(dir, database)); err != nil {
				t.Error(err)
			}
		})
	}
}

// TestMoveRefuses: what PostgreSQL does not take is named before anything of it is there, and so is a source that has no records.
func TestMoveRefuses(t *testing.T) {
	t.Parallel()
	ctx, database := context.Background(), storetest.Postgres(t)
	empty := t.TempDir()
	if _, err := store.MoveRecords(ctx, moving(empty, database), true); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("from an empty folder: %v", err)
	}
	if _, err := store.MoveRecords(ctx, moving(empty, database), false); err == nil || !strings.Contains(err.Error(), "no records") {
		t.Errorf("from an empty database: %v", err)
	}
	dir, s, _ := filled(t)
	must(t, s.Tx(ctx, func(tx *sql.Tx) error {
		_, err := tx.Exec(`INSERT INTO redirect (from_path, to_path, created_at) VALUES ('/tot', '/x', 1), ('/xau', $1, 1)`, "a\x00b")
		return err
	}))
	must(t, s.Close())
	_, err := store.MoveRecords(ctx, moving(dir, database), true)
	if err == nil || !strings.Contains(err.Error(), "table redirect, row (/xau), column to_path: a text with a zero byte") {
		t.Errorf("a zero byte: %v", err)
	}
	s = storetest.Open(t, store.Options{Dir: dir})
	must(t, s.Tx(ctx, func(tx *sql.Tx) error {
		_, err := tx.Exec(`UPDATE redirect SET to_path = '/y' WHERE from_path = '/xau'`)
		return err
	}))
	must(t, s.Close())
	if moved, err := store.MoveRecords(ctx, moving(dir, database), true); err != nil || !moved.Resumed {
		t.Errorf("once it is mended: %+v, %v", moved, err)
	}
}

// TestMoveLeavesMedia: the files of the library stay in their bucket, or in the folder that both sides share, and are there after the records have moved.
func TestMoveLeavesMedia(t *testing.T) {
	t.Parallel()
	places := map[string]func(t *testing.T) store.Media{
		"folder": func(t *testing.T) store.Media { return store.Media{Place: t.TempDir()} },
		"bucket": func(t *testing.T) store.Media { return buckets.Media(t) },
	}
	for name, place := range places {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			ctx, database, dir, back, media := context.Background(), storetest.Postgres(t), t.TempDir(), t.TempDir(), place(t)
			s, _ := openAt(t, store.Options{Dir: dir, Media: media})
			m := attach(t, s, []byte("ở yên"))
			must(t, s.Close())
			_, err := store.MoveRecords(ctx, moving(dir, database), true)
			must(t, err)
			p, _ := openAt(t, store.Options{Dir: t.TempDir(), Database: database, Media: media})
			checkContent(t, p, m.Hash, "ở yên")
			attach(t, p, []byte("thêm"))
			must(t, p.Close())
			_, err = store.MoveRecords(ctx, moving(back, database), false)
			must(t, err)
			if _, err := os.Lstat(filepath.Join(back, "media")); !errors.Is(err, os.ErrNotExist) {
				t.Errorf("a move has made a folder for media: %v", err)
			}
			b, _ := openAt(t, store.Options{Dir: back, Media: media})
			checkContent(t, b, m.Hash, "ở yên")
			if total, err := b.CheckMedia(ctx, true, func(f store.MediaFault) { t.Errorf("%+v", f) }); err != nil || total.Records != 2 {
				t.Errorf("%+v, %v", total, err)
			}
		})
	}
}

// TestMoveChecksAgain: a move that was ended when only the search index was to be made does not take its source for what it was then.
func TestMoveChecksAgain(t *testing.T) {
	t.Parallel()
	database := storetest.Postgres(t)
	dir, s, _ := filled(t)
	must(t, s.Close())
	ctx, stop := context.WithCancel(context.Background())
	o := moving(dir, database)
	o.Progress = func(what string, done, total int64) {
		if what == "Indexing for the search" {
			stop()
		}
	}
	if _, err := store.MoveRecords(ctx, o, true); !errors.Is(err, context.Canceled) {
		t.Fatalf("ended: %v", err)
	}
	s = storetest.Open(t, store.Options{Dir: dir})
	must(t, s.Tx(context.Background(), func(tx *sql.Tx) error { // as what is saved of itself while somebody writes: no audit entry tells of it
		_, err := tx.Exec(`UPDATE news SET body = 'khác' WHERE id = 1`)
		return err
	}))
	must(t, s.Close())
	var different *store.DifferenceError
	if _, err := store.MoveRecords(context.Background(), moving(dir, database), true); !errors.As(err, &different) || different.Table != "news" {
		t.Errorf("a source that has changed: %v", err)
	}
	if moved, err := store.MoveRecords(context.Background(), moving(dir, database), true); err != nil || !moved.Anew {
		t.Errorf("%+v, %v", moved, err)
	}
	if _, _, err := store.CompareRecords(context.Background(), moving(dir, database)); err != nil {
		t.Error(err)
	}
	if _, _, err := store.CompareRecords(context.Background(), moving(dir, storetest.Postgres(t))); err == nil || !strings.Contains(err.Error(), "the PostgreSQL database has none") {
		t.Errorf("compared with an empty database: %v", err)
	}
}
