package store_test

import (
	"context"
	"database/sql"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"congso/store"
	"congso/store/model"
	"congso/store/storetest"
)

// fillLists writes n published news items and n meetings in few statements: into sections 1 to 3 in turn, many of them at the same second,
// one in ten internal, one in seven tagged, one in fifty featured, meetings of two kinds.
func fillLists(t testing.TB, s *store.Store, n int) {
	const fillBatch = 2000
	t.Helper()
	rest := fmt.Sprintf(`'published', CASE WHEN i %% 10 = 0 THEN 'internal' ELSE 'public' END, %[1]d, %[1]d`, storetest.Start().Unix())
	begin := fmt.Sprintf(`%d - 900 * (i / 7)`, storetest.Start().Unix()-1)
	statements(t, s, `INSERT INTO section (slug, name) VALUES ('s1', 'Mục 1'), ('s2', 'Mục 2'), ('s3', 'Mục 3')`, `INSERT INTO tag (slug, name) VALUES ('nhan', 'Nhãn')`)
	for first := 1; first <= n; first += fillBatch {
		last := min(n, first+fillBatch-1)
		numbers := fmt.Sprintf(` FROM (WITH RECURSIVE t (i) AS (SELECT %d UNION ALL SELECT i + 1 FROM t WHERE i < %d) SELECT i FROM t) AS t`, first, last)
		statements(t, s,
			`INSERT INTO news (slug, title, text_fold, section_id, featured, publish_at, status, visibility, created_at, updated_at)
				SELECT 'tin-' || i, 'Tin ' || i, 'tin', (SELECT MIN(id) FROM section) + i % 3, i % 50 = 0, `+begin+`, `+rest+numbers,
			`INSERT INTO meeting (slug, title, text_fold, kind, publish_at, start_at, status, visibility, created_at, updated_at)
				SELECT 'hop-' || i, 'Họp ' || i, 'hop ' || i, 'loại ' || (i % 2), `+begin+`, `+begin+`, `+rest+numbers,
			fmt.Sprintf(`INSERT INTO news_tag (news_id, tag_id, position) SELECT n.id, t.id, 0 FROM news n CROSS JOIN tag t WHERE n.id %% 7 = 0 AND n.id BETWEEN %d AND %d`, first, last))
	}
	if _, err := s.SplitLists(context.Background()); err != nil {
		t.Fatal(err)
	}
}

func statements(t testing.TB, s *store.Store, list ...string) {
	t.Helper()
	must(t, s.Tx(context.Background(), func(tx *sql.Tx) error {
		for _, statement := range list {
			if _, err := tx.Exec(statement); err != nil {
				return fmt.Errorf("%s: %w", statement, err)
			}
		}
		return nil
	}))
}

// Whatever is written by whatever way, and whatever the time, every page of every list is the one that a look at all records gives.
func TestListsAreExact(t *testing.T) {
	storetest.EachClock(t, func(t *testing.T, s *store.Store, clock *storetest.Clock) {
		fillLists(t, s, 1400)
		if strings.HasSuffix(t.Name(), "postgres") { // looks at tables by itself within a minute of their growing
			statements(t, s, `ANALYZE`)
		}
		random := rand.New(rand.NewPCG(1, 2))
		id := func() int { return 1 + random.IntN(1400) }
		now := func() int64 { return clock.Now().Unix() }
		changes := []func() string{
			func() string {
				return fmt.Sprintf(`UPDATE news SET status = 'archived' WHERE id BETWEEN %d AND %[1]d + 20`, id())
			},
			func() string {
				return fmt.Sprintf(`UPDATE news SET status = 'published' WHERE id BETWEEN %d AND %[1]d + 30`, id())
			},
			func() string {
				return fmt.Sprintf(`UPDATE news SET visibility = 'internal' WHERE id BETWEEN %d AND %[1]d + 20`, id())
			},
			func() string {
				return fmt.Sprintf(`UPDATE news SET visibility = 'public' WHERE id BETWEEN %d AND %[1]d + 20`, id())
			},
			func() string {
				return fmt.Sprintf(`UPDATE news SET publish_at = %d WHERE id BETWEEN %d AND %[2]d + 9`, now()+int64(random.IntN(9000)-4500), id())
			},
			func() string {
				return fmt.Sprintf(`UPDATE news SET expire_at = %d WHERE id BETWEEN %d AND %[2]d + 9`, now()+int64(random.IntN(9000)-4500), id())
			},
			func() string {
				return fmt.Sprintf(`UPDATE news SET section_id = (SELECT MIN(id) FROM section), featured = NOT featured WHERE id = %d`, id())
			},
			func() string {
				return fmt.Sprintf(`DELETE FROM news_tag WHERE news_id BETWEEN %d AND %[1]d + 70`, id())
			},
			func() string {
				return fmt.Sprintf(`INSERT INTO news_tag (news_id, tag_id, position) SELECT n.id, t.id, 0 FROM news n CROSS JOIN tag t WHERE n.id BETWEEN %d AND %[1]d + 30 ON CONFLICT DO NOTHING`, id())
			},
			func() string {
				return fmt.Sprintf(`UPDATE meeting SET start_at = %d WHERE id BETWEEN %d AND %[2]d + 9`, now()+int64(random.IntN(9000)-4500), id())
			},
			func() string {
				return fmt.Sprintf(`UPDATE meeting SET publish_at = %d WHERE id BETWEEN %d AND %[2]d + 9`, now()+int64(random.IntN(9000)-4500), id())
			},
			func() string {
				return fmt.Sprintf(`UPDATE meeting SET expire_at = %d, status = 'published' WHERE id BETWEEN %d AND %[2]d + 9`, now()+int64(random.IntN(9000)-4500), id())
			},
			func() string {
				return fmt.Sprintf(`UPDATE meeting SET kind = 'loại 3' WHERE id BETWEEN %d AND %[1]d + 9`, id())
			},
			func() string {
				return fmt.Sprintf(`UPDATE meeting SET status = 'archived' WHERE id BETWEEN %d AND %[1]d + 9`, id())
			},
			func() string { return fmt.Sprintf(`DELETE FROM meeting WHERE id BETWEEN %d AND %[1]d + 3`, id()) },
		}
		for round := range 5 {
			for range 9 {
				statements(t, s, changes[random.IntN(len(changes))]())
			}
			clock.Add(time.Duration(random.IntN(3000)-600) * time.Second) // back, too
			if round == 3 {                                               // more than are corrected one by one
				statements(t, s, fmt.Sprintf(`UPDATE news SET expire_at = %d WHERE id > 200`, now()-1), fmt.Sprintf(`UPDATE meeting SET expire_at = %d WHERE id > 200`, now()-1))
			}
			checkPages(t, s, clock, random)
			if faults, err := s.CheckLists(t.Context()); err != nil || faults != (store.ListFaults{}) {
				t.Errorf("round %d: %+v, error %v", round, faults, err)
			}
			if t.Failed() {
				return
			}
		}
	})
}

// checkPages compares some pages of every list with what a look at all records gives.
func checkPages(t *testing.T, s *store.Store, clock *storetest.Clock, random *rand.Rand) {
	t.Helper()
	now := clock.Now().Unix()
	for _, v := range []model.Viewer{storetest.Outsider(), storetest.Inside()} {
		seen := fmt.Sprintf(`status = 'published' AND publish_at <= %d AND (expire_at = 0 OR expire_at > %[1]d)`, now)
		if !v.Internal {
			seen += ` AND visibility = 'public'`
		}
		first := s.MinSection(t)
		for of, f := range map[string]store.NewsFilter{
			"TRUE": {}, "featured = TRUE": {Featured: true}, fmt.Sprintf("section_id = %d", first): {Section: first},
			"id IN (SELECT news_id FROM news_tag)": {Tag: "nhan"},
		} {
			want := s.Slugs(t, `SELECT slug FROM news WHERE `+seen+` AND `+of+` ORDER BY publish_at DESC, id DESC`)
			comparePages(t, fmt.Sprintf("%v news %s", v, of), want, random, func(page, size int) (slugs []string, total int, err error) {
				list, total, err := s.NewsPage(t.Context(), v, f, page, size)
				for _, n := range list {
					slugs = append(slugs, n.Slug)
				}
				return slugs, total, err
			})
		}
		year := clock.Now().In(model.Zone()).Year()
		bounds := fmt.Sprintf(`start_at >= %d AND start_at < %d`, time.Date(year, 1, 1, 0, 0, 0, 0, model.Zone()).Unix(), time.Date(year+1, 1, 1, 0, 0, 0, 0, model.Zone()).Unix())
		for of, f := range map[string]store.MeetingFilter{
			"TRUE": {}, "kind = 'loại 1'": {Kind: "loại 1"}, bounds: {Year: year}, "kind = 'loại 3' AND " + bounds: {Kind: "loại 3", Year: year},
		} {
			want := s.Slugs(t, `SELECT slug FROM meeting WHERE `+seen+` AND `+of+` ORDER BY start_at DESC, id DESC`)
			comparePages(t, fmt.Sprintf("%v meetings %s", v, of), want, random, func(page, size int) (slugs []string, total int, err error) {
				list, err := s.MeetingsPage(t.Context(), v, f, page, size)
				for _, m := range list.Items {
					slugs = append(slugs, m.Slug)
				}
				return slugs, list.Total, err
			})
		}
	}
	compareSitemap(t, s, now)
}

func comparePages(t *testing.T, what string, want []string, random *rand.Rand, get func(page, size int) ([]string, int, error)) {
	t.Helper()
	const size = 15
	last := (len(want) + size - 1) / size
	for _, page := range []int{1, 1 + random.IntN(last+1), last, last + 1} {
		got, total, err := get(page, size)
		from := min(max(page-1, 0)*size, len(want))
		if part := want[from:min(from+size, len(want))]; page > 0 && (err != nil || total != len(want) || !slices.Equal(got, part)) {
			t.Errorf("%s, page %d: error %v, %d in all, want %d\n got %s\nwant %s", what, page, err, total, len(want), strings.Join(got, " "), strings.Join(part, " "))
		}
	}
}

func compareSitemap(t *testing.T, s *store.Store, now int64) {
	t.Helper()
	seen := fmt.Sprintf(` WHERE status = 'published' AND visibility = 'public' AND publish_at <= %d AND (expire_at = 0 OR expire_at > %[1]d)`, now)
	want := s.Slugs(t, `SELECT '/chuyen-muc/' || slug FROM section ORDER BY id`)
	want = append(want, s.Slugs(t, `SELECT '/tin-tuc/' || slug FROM news`+seen+` ORDER BY publish_at, id`)...)
	want = append(want, s.Slugs(t, `SELECT '/hoi-nghi/' || slug FROM meeting`+seen+` ORDER BY start_at, id`)...)
	var got []string
	for page := 1; ; page++ {
		entries, err := s.SitemapPage(t.Context(), page, 400)
		must(t, err)
		if len(entries) == 0 {
			break
		}
		for _, e := range entries {
			got = append(got, e.Path)
		}
	}
	if count, _, err := s.SitemapWhole(t.Context(), 0); err != nil || count != len(want) || !slices.Equal(got, want) {
		t.Errorf("sitemap: %d addresses, count %d, want %d, error %v", len(got), count, len(want), err)
	}
}

// Whatever somebody did to the lists past the program, mending makes them right again.
func TestListsAreMended(t *testing.T) {
	storetest.EachClock(t, func(t *testing.T, s *store.Store, clock *storetest.Clock) {
		fillLists(t, s, 600)
		for harm, want := range map[string]store.ListFaults{
			`DELETE FROM listing WHERE list = 10 AND id % 20 = 1`:                         {Missing: 30},
			`INSERT INTO listing (list, at, id) VALUES (10, 5, 1), (11, 5, 999999)`:       {Wrong: 2},
			`UPDATE listing_part SET n = n + 1 WHERE list = 10 AND at < 0`:                {Counts: 2},
			`UPDATE listing SET at = at - 7 WHERE list = 21 AND id < 4`:                   {Missing: 3, Wrong: 3},
			`DELETE FROM listing_part WHERE list = 20 AND level = 1 AND at > 0 AND n > 0`: {Counts: 1},
			`UPDATE listing_part SET n = 0 WHERE list IN (10, 11, 20, 21) AND level = 2`:  {Counts: 4},
		} {
			statements(t, s, harm)
			found, err := s.CheckLists(t.Context())
			if err != nil || found != want {
				t.Errorf("%s: found %+v, want %+v, error %v", harm, found, want, err)
			}
			if mended, err := s.MendLists(t.Context()); err != nil || mended.Missing != found.Missing || mended.Wrong != found.Wrong {
				t.Errorf("%s: mended %+v, error %v", harm, mended, err)
			}
			if left, err := s.CheckLists(t.Context()); err != nil || left != (store.ListFaults{}) {
				t.Errorf("%s: left %+v, error %v", harm, left, err)
			}
		}
		checkPages(t, s, clock, rand.New(rand.NewPCG(1, 2)))
	})
}
