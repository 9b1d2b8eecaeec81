package store_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"congso/store"
	"congso/store/model"
	"congso/store/storetest"
)

// counted are views of a page on a day, as a test has counted them itself.
type counted map[model.Day]map[string]int64

// most are the pages with the most views from a day to another.
func (c counted) most(from, to model.Day, limit int) (list []model.PageHits) {
	sums := map[string]int64{}
	for day, pages := range c {
		for path, views := range pages {
			if from <= day && day <= to {
				sums[path] += views
			}
		}
	}
	for path, views := range sums {
		list = append(list, model.PageHits{Path: path, Views: views})
	}
	slices.SortFunc(list, func(a, b model.PageHits) int {
		if a.Views != b.Views {
			return int(b.Views - a.Views)
		}
		return strings.Compare(a.Path, b.Path)
	})
	return list[:min(limit, len(list))]
}

// TestTopPagesOfManyDays: summed up from months and days, of lists of which only the heads are read, the pages are those that counting each view gives.
func TestTopPagesOfManyDays(t *testing.T) {
	each(t, func(t *testing.T, s *store.Store, c *storetest.Clock) {
		random := rand.New(rand.NewPCG(1, 2))
		b := store.NewHitBuffer(s)
		own := counted{}
		see := func(day model.Day, path string, views int64) {
			if own[day] == nil {
				own[day] = map[string]int64{}
			}
			own[day][path] += views
			for range views {
				b.Add(store.Visitor{}, path, day.Time().Add(time.Hour))
			}
		}
		begin := model.Day("2022-11-20").Time()
		for i := range 100 {
			day := model.DayOf(begin.AddDate(0, 0, i))
			for range 30 { // some pages have nearly all views, others one here and there
				see(day, fmt.Sprint("/trang-", int(400*random.Float64()*random.Float64()*random.Float64())), 1+random.Int64N(4))
			}
			if i%9 == 0 {
				for p := range 300 { // a page of the long tail that is seen once on some days is not among the first of any
					see(day, fmt.Sprint("/duoi-", p), 1)
				}
			}
		}
		flush(t, b)
		for _, f := range []store.StatsFilter{
			{From: "2022-11-20", To: "2023-02-27"}, {From: "2022-12-01", To: "2022-12-31"}, {From: "2022-12-01", To: "2023-01-31"}, {From: "2022-12-02", To: "2023-01-31"},
			{From: "2022-12-01", To: "2023-01-30"}, {From: "2022-12-05", To: "2022-12-05"}, {From: "2022-12-05", To: "2022-12-09"}, {From: "2022-12-31", To: "2023-01-01"},
			{From: "2023-02-01", To: "2023-02-28"}, {From: "2024-01-01", To: "2024-01-31"}, {From: "2023-01-02", To: "2023-01-01"}, {From: "2023-01-01", To: "2022-12-31"},
		} {
			for _, limit := range []int{1, 25, 1000} {
				got, err := s.TopPages(context.Background(), f, limit)
				if diff := cmp.Diff(own.most(f.From, f.To, limit), got); err != nil || diff != "" {
					t.Errorf("%d from %s to %s: error %v, (-want +got)\n%.500s", limit, f.From, f.To, err, diff)
				}
			}
			groups, err := s.HitsBySection(context.Background(), f)
			if err != nil || len(groups) > 0 {
				t.Errorf("from %s to %s: sections %v, %v", f.From, f.To, groups, err)
			}
		}
	})
}

// TestViewsStayWithTheirSection: an item that moves to another section leaves the views there that it had in it.
func TestViewsStayWithTheirSection(t *testing.T) {
	storetest.EachClock(t, func(t *testing.T, s *store.Store, clock *storetest.Clock) {
		ctx := context.Background()
		first, second := storetest.Section(t, s, "Một"), storetest.Section(t, s, "Hai")
		n := storetest.News(t, s, first, "Tin")
		seenPages(t, s, clock, map[string]int{"/tin-tuc/tin": 3, "/en/tin-tuc/tin": 1})
		n.Section = second
		must(t, s.PutNews(ctx, storetest.Actor(), &n))
		seenPages(t, s, clock, map[string]int{"/tin-tuc/tin": 2})
		for _, f := range []store.StatsFilter{{From: "2026-06-15", To: "2026-06-15"}, {From: "2026-06-01", To: "2026-06-30"}, {From: "2026-05-30", To: "2026-07-02"}} {
			got, err := s.HitsBySection(ctx, f)
			want := []model.GroupHits{{ID: first.ID, Name: "Một", Views: 4}, {ID: second.ID, Name: "Hai", Items: 1, Views: 2}}
			if diff := cmp.Diff(want, got); err != nil || diff != "" {
				t.Errorf("from %s: error %v, (-want +got)\n%s", f.From, err, diff)
			}
		}
		around, err := s.AroundNews(ctx, model.Viewer{}, n, 1)
		if err != nil || around.Views != 5 {
			t.Errorf("%d views of the page, error %v, want 5", around.Views, err)
		}
	})
}

// TestUpgradeSumsViewsUp: what was counted before views were summed up by section, author and month is in the sums.
func TestUpgradeSumsViewsUp(t *testing.T) {
	o := store.Options{Dir: fixture(t, "00011")}
	db := raw(t, o) // a connection to the old file
	for _, day := range []string{"2026-04-30", "2026-05-01", "2026-05-02"} {
		run(t, db, `DELETE FROM hit_page WHERE day = '`+day+`'`)
		for folder, kind := range map[string]string{"/tin-tuc/": "news", "/hoi-nghi/": "meeting"} {
			run(t, db, `INSERT INTO hit_page (path, day, views) SELECT '`+folder+`' || slug, '`+day+`', id FROM `+kind)
			run(t, db, `INSERT INTO hit_page (path, day, views) SELECT '/en`+folder+`' || slug, '`+day+`', 1 FROM `+kind)
			run(t, db, `INSERT INTO hit_page (path, day, views) SELECT '`+folder+`' || slug, '`+day+`', 7 FROM old_slug WHERE kind = '`+kind+`'`)
		}
	}
	storetest.Open(t, o)
	db = raw(t, o)
	for name, query := range map[string]string{
		"pages by month": `SELECT COUNT(*) FROM (SELECT path, SUBSTR(day, 1, 7) AS month, SUM(views) AS views FROM hit_page GROUP BY path, SUBSTR(day, 1, 7)) h
			LEFT JOIN hit_page_month m USING (path, month) WHERE m.views IS NOT h.views`,
		"groups by month": `SELECT COUNT(*) FROM (SELECT SUBSTR(day, 1, 7) AS month, kind, section_id, owner_id, SUM(views) AS views FROM hit_group GROUP BY 1, 2, 3, 4) h
			LEFT JOIN hit_group_month m USING (month, kind, section_id, owner_id) WHERE m.views IS NOT h.views`,
		"news": `SELECT (SELECT COALESCE(SUM(views), 0) FROM hit_group WHERE kind = 'news') - (SELECT COALESCE(SUM(h.views), 0) FROM hit_page h JOIN news n ON h.path IN ('/tin-tuc/' || n.slug, '/en/tin-tuc/' || n.slug)
			OR h.path IN (SELECT '/tin-tuc/' || o.slug FROM old_slug o WHERE o.kind = 'news' AND o.record_id = n.id))`,
		"meetings": `SELECT (SELECT COALESCE(SUM(views), 0) FROM hit_group WHERE kind = 'meeting') - (SELECT COALESCE(SUM(h.views), 0) FROM hit_page h JOIN meeting n ON h.path IN ('/hoi-nghi/' || n.slug, '/en/hoi-nghi/' || n.slug)
			OR h.path IN (SELECT '/hoi-nghi/' || o.slug FROM old_slug o WHERE o.kind = 'meeting' AND o.record_id = n.id))`,
		"sections of news": `SELECT COUNT(*) FROM hit_group g WHERE kind = 'news' AND NOT EXISTS (SELECT 1 FROM news n WHERE n.section_id = g.section_id AND COALESCE(n.owner_id, 0) = g.owner_id)`,
	} {
		if n := column(t, db, query); n != "0" {
			t.Errorf("%s: %s are wrong", name, n)
		}
	}
	if n := column(t, db, `SELECT COUNT(*) FROM hit_group WHERE kind = 'news'`); n == "0" {
		t.Error("nothing was summed up")
	}
}
