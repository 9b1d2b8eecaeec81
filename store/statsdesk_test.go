package store_test

import (
	"context"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"congso/store"
	"congso/store/model"
	"congso/store/storetest"
)

// seenPages counts views of pages on the day that the clock shows.
func seenPages(t *testing.T, s *store.Store, clock *storetest.Clock, pages map[string]int) {
	t.Helper()
	b := store.NewHitBuffer(s)
	for path, n := range pages {
		for range n {
			b.Add(store.Visitor{}, path, clock.Now())
		}
	}
	if err := b.Flush(context.Background()); err != nil {
		t.Fatal(err)
	}
}

func TestStatisticsOfTheDesks(t *testing.T) {
	storetest.EachClock(t, func(t *testing.T, s *store.Store, clock *storetest.Clock) {
		ctx := context.Background()
		hoa, minh := storetest.User(t, s, "hoa", model.RoleAuthor), storetest.User(t, s, "minh", model.RoleEditor)
		first, second := storetest.Section(t, s, "Một"), storetest.Section(t, s, "Hai")
		put := func(u model.User, section model.Section, title string, status model.Status, age time.Duration) model.News {
			n := model.News{Title: title, Section: section, Lifecycle: model.Lifecycle{Status: status, Visibility: model.Public, PublishAt: clock.Now().Add(-age)}}
			if err := s.PutNews(ctx, u.Actor(), &n); err != nil {
				t.Fatal(err)
			}
			return n
		}
		a := put(hoa, first, "Tin A", model.StatusPublished, time.Hour)
		put(minh, second, "Tin B", model.StatusPublished, time.Hour)
		put(hoa, second, "Tin cũ", model.StatusPublished, 365*24*time.Hour)
		put(hoa, first, "Nháp", model.StatusDraft, time.Hour)
		storetest.News(t, s, first, "Không ai")
		m := model.Meeting{Title: "Giao ban", Kind: "họp", Start: clock.Now(), Lifecycle: a.Lifecycle}
		m.Revision = 0
		if err := s.PutMeeting(ctx, hoa.Actor(), &m); err != nil {
			t.Fatal(err)
		}
		seenPages(t, s, clock, map[string]int{"/": 9, "/tin-tuc/tin-a": 3, "/en/tin-tuc/tin-a": 1, "/tin-tuc/tin-b": 5, "/hoi-nghi/giao-ban": 2, "/tin-tuc/khong-co": 1})
		a.Slug = "tin-a-moi"
		if err := s.PutNews(ctx, storetest.Actor(), &a); err != nil {
			t.Fatal(err)
		}
		clock.Add(24 * time.Hour)
		seenPages(t, s, clock, map[string]int{"/tin-tuc/tin-a-moi": 2, "/tin-tuc/tin-cu": 4})
		clock.Add(24 * time.Hour)
		both, dayOne := store.StatsFilter{From: "2026-06-14", To: "2026-06-16"}, store.StatsFilter{From: "2026-06-15", To: "2026-06-15"}
		own := both
		own.Owner = hoa.ID

		same := func(what string, got, want any, err error) {
			t.Helper()
			if diff := cmp.Diff(want, got); err != nil || diff != "" {
				t.Errorf("%s: error %v, (-want +got)\n%s", what, err, diff)
			}
		}
		days, err := s.HitsByDay(ctx, both)
		same("days", days, []model.DayHits{{Day: "2026-06-14"}, {Day: "2026-06-15", Views: 21}, {Day: "2026-06-16", Views: 6}}, err)
		days, err = s.HitsByDay(ctx, own)
		same("own days", days, []model.DayHits{{Day: "2026-06-14"}, {Day: "2026-06-15", Views: 6}, {Day: "2026-06-16", Views: 6}}, err)
		top, err := s.TopPages(ctx, both, 3)
		same("top", top, []model.PageHits{{Path: "/", Views: 9}, {Path: "/tin-tuc/tin-b", Title: "Tin B", Views: 5}, {Path: "/tin-tuc/tin-cu", Title: "Tin cũ", Views: 4}}, err)
		top, err = s.TopPages(ctx, own, 9)
		same("own top", top, []model.PageHits{
			{Path: "/tin-tuc/tin-cu", Title: "Tin cũ", Views: 4}, {Path: "/tin-tuc/tin-a", Views: 3}, {Path: "/hoi-nghi/giao-ban", Title: "Giao ban", Views: 2},
			{Path: "/tin-tuc/tin-a-moi", Title: "Tin A", Views: 2}, {Path: "/en/tin-tuc/tin-a", Views: 1},
		}, err)
		groups, err := s.HitsBySection(ctx, both)
		same("sections", groups, []model.GroupHits{{ID: second.ID, Name: "Hai", Items: 1, Views: 9}, {ID: first.ID, Name: "Một", Items: 2, Views: 6}}, err)
		groups, err = s.HitsBySection(ctx, dayOne)
		same("sections of a day", groups, []model.GroupHits{{ID: second.ID, Name: "Hai", Items: 1, Views: 5}, {ID: first.ID, Name: "Một", Items: 2, Views: 4}}, err)
		groups, err = s.HitsByOwner(ctx, both)
		same("owners", groups, []model.GroupHits{{ID: hoa.ID, Name: hoa.FullName, Items: 2, Views: 12}, {ID: minh.ID, Name: minh.FullName, Items: 1, Views: 5}, {Items: 1}}, err)
		groups, err = s.HitsByOwner(ctx, own)
		same("own", groups, []model.GroupHits{{ID: hoa.ID, Name: hoa.FullName, Items: 2, Views: 12}}, err)
		if days, err = s.HitsByDay(ctx, store.StatsFilter{From: "1990-01-01"}); err != nil || len(days) != 3660 || days[3659].Day != "2026-06-17" {
			t.Errorf("a very long time: %d days, error %v", len(days), err)
		}
		if days, err = s.HitsByDay(ctx, store.StatsFilter{From: "2026-06-17", To: "2026-06-15"}); err != nil || len(days) != 0 {
			t.Errorf("backwards: %d days, error %v", len(days), err)
		}
	})
}

func TestSeededViewsAreSpreadOverTheirDays(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		ctx := context.Background()
		days := []model.DayHits{{Day: "2026-06-13", Views: 100}, {Day: "2026-06-14", Views: 30}, {Day: "2026-06-15", Views: 10}}
		if err := s.SeedHits(ctx, days, map[string]store.SeedPage{"/a": {Views: 11, Since: "2026-06-14"}, "/b": {Views: 14}}); err != nil {
			t.Fatal(err)
		}
		for day, want := range map[model.Day]map[string]int64{"2026-06-13": {"/b": 10}, "2026-06-14": {"/a": 8, "/b": 3}, "2026-06-15": {"/a": 3, "/b": 1}} {
			pages, err := s.TopPages(ctx, store.StatsFilter{From: day, To: day}, 9)
			got := map[string]int64{}
			for _, p := range pages {
				got[p.Path] = p.Views
			}
			if diff := cmp.Diff(want, got); err != nil || diff != "" {
				t.Errorf("%s: error %v, (-want +got)\n%s", day, err, diff)
			}
		}
	})
}
