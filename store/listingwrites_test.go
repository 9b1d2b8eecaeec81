package store_test

import (
	"database/sql"
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"

	"congso/store"
	"congso/store/model"
	"congso/store/storetest"
)

// Many rows written by one statement are counted together: each part of a list is written once, however many its new entries are. PostgreSQL
// alone, which passes by every former state of a row within a transaction and so takes time by the square of how often it is written.
func TestManyRowsAreCountedTogether(t *testing.T) {
	s := storetest.Open(t, store.Options{Dir: t.TempDir(), Database: storetest.Postgres(t), Now: storetest.NewClock().Now})
	const rows = 2000
	numbers := fmt.Sprintf(` FROM generate_series(1, %d) AS i`, rows)
	rest := fmt.Sprintf(`'published', CASE WHEN i %% 10 = 0 THEN 'internal' ELSE 'public' END, %[1]d, %[1]d`, storetest.Start().Unix())
	statements(t, s, `INSERT INTO section (slug, name) VALUES ('s', 'Mục')`, `INSERT INTO tag (slug, name) VALUES ('nhan', 'Nhãn')`)
	for _, c := range []struct {
		statement string
		entries   int // in lists, added and removed
		lists     int // that change
	}{
		{`INSERT INTO news (slug, title, text_fold, section_id, featured, publish_at, status, visibility, created_at, updated_at)
			SELECT 'tin-' || i, 'Tin', 'tin', (SELECT MIN(id) FROM section), TRUE, i, ` + rest + numbers, rows * 19 / 10 * 3, 6},
		{`INSERT INTO news_tag (news_id, tag_id, position) SELECT n.id, t.id, 0 FROM news n CROSS JOIN tag t`, rows * 19 / 10, 2},
		{`INSERT INTO meeting (slug, title, text_fold, kind, publish_at, start_at, status, visibility, created_at, updated_at)
			SELECT 'hop-' || i, 'Họp', 'hop', 'Họp', i, i, ` + rest + numbers, rows * 19 / 10 * 2, 4},
		{`DELETE FROM news_tag`, rows * 19 / 10, 2},
	} {
		before, after := rowCounts{}, rowCounts{}
		must(t, s.Tx(t.Context(), func(tx *sql.Tx) error {
			before.read(t, tx)
			_, err := tx.Exec(c.statement)
			if err == nil {
				after.read(t, tx)
			}
			return err
		}))
		entries, counted, read := after.entries-before.entries, after.counted-before.counted, after.rows-before.rows
		if entries != c.entries || counted != 2*c.lists || read > 20*c.entries {
			t.Errorf("%d entries, want %d, %d counts written, want %d, %d rows read by\n%s", entries, c.entries, counted, 2*c.lists, read, c.statement)
		}
	}
	if faults, err := s.CheckLists(t.Context()); err != nil || faults != (store.ListFaults{}) {
		t.Errorf("%+v, error %v", faults, err)
	}
}

// rowCounts are the rows that a connection has lately written and read, as PostgreSQL counts them.
type rowCounts struct{ entries, counted, rows int }

func (c *rowCounts) read(t *testing.T, tx *sql.Tx) {
	t.Helper()
	must(t, tx.QueryRow(`SELECT SUM(CASE relname WHEN 'listing' THEN n_tup_ins + n_tup_del ELSE 0 END), SUM(CASE relname WHEN 'listing_part' THEN n_tup_upd ELSE 0 END),
		SUM(seq_tup_read + COALESCE(idx_tup_fetch, 0)) FROM pg_stat_xact_user_tables WHERE schemaname = current_schema()`).Scan(&c.entries, &c.counted, &c.rows))
}

// listWriter changes news that others change too, until it has its share of saves.
type listWriter struct {
	*store.Store
	sections []model.Section
	at       int
}

func (w listWriter) run(t *testing.T, saves int) (err error) {
	for i := 0; i < saves && err == nil; i++ {
		var n model.News
		if n, err = w.NewsForDesk(t.Context(), int64(1+(w.at*7+i*5)%40)); err != nil {
			return err
		}
		switch (w.at + i) % 5 {
		case 0:
			n.Status = model.StatusArchived
		case 1:
			n.Status, n.PublishAt = model.StatusPublished, n.PublishAt.Add(time.Duration(w.at-4)*time.Minute)
		case 2:
			n.Section = w.sections[i%len(w.sections)]
		case 3:
			n.Tags = []model.Tag{{Name: fmt.Sprint("thẻ ", i%3)}}
		case 4:
			n = model.News{Title: fmt.Sprint("Tin mới ", w.at, " ", i), Section: w.sections[0], Featured: true,
				Lifecycle: model.Lifecycle{Status: model.StatusPublished, Visibility: model.Internal, PublishAt: w.Now()}}
		}
		if err = w.PutNews(t.Context(), storetest.Actor(), &n); errors.Is(err, model.ErrConflict) { // somebody else was faster
			err, i = nil, i-1
			w.at++
		}
	}
	return err
}

// Eight people publish, archive, tag and move the same news between sections while large parts are split: nobody is kept out, and the lists
// are right in the end.
func TestListsWithManyWriters(t *testing.T) {
	each(t, func(t *testing.T, s *store.Store, _ *storetest.Clock) {
		var sections []model.Section
		for i := range 3 {
			sections = append(sections, storetest.Section(t, s, fmt.Sprint("Mục ", i)))
		}
		for i := range 40 {
			storetest.News(t, s, sections[i%3], fmt.Sprint("Tin ", i))
		}
		statements(t, s, fmt.Sprintf(`INSERT INTO news (slug, title, text_fold, section_id, publish_at, status, visibility, created_at, updated_at)
			SELECT 'cu-' || i, 'Tin', 'tin', (SELECT MIN(id) FROM section), %[1]d - i, 'published', 'public', %[1]d, %[1]d
			FROM (WITH RECURSIVE t (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM t WHERE i < 1100) SELECT i FROM t) AS t`, s.Now().Unix()))
		var working sync.WaitGroup
		failed := make([]error, 9)
		for i := range 8 {
			working.Go(func() { failed[i] = listWriter{s, sections, i}.run(t, 20) })
		}
		working.Go(func() { _, failed[8] = s.SplitLists(t.Context()) })
		working.Wait()
		must(t, errors.Join(failed...))
		if faults, err := s.CheckLists(t.Context()); err != nil || faults != (store.ListFaults{}) {
			t.Errorf("%+v, error %v", faults, err)
		}
		if split := len(s.Slugs(t, `SELECT CAST(at AS TEXT) FROM listing_part WHERE list = 10 AND level = 1`)); split < 4 {
			t.Errorf("the list of news has %d parts", split)
		}
	})
}
