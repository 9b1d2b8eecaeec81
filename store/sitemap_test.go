package store_test

import (
	"context"
	"math"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"congso/store"
	"congso/store/model"
	"congso/store/storetest"
)

func TestSitemap(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		ctx := context.Background()
		section := storetest.Section(t, s, "Tin")
		storetest.News(t, s, section, "Tin cũ", func(n *model.News) { n.PublishAt = storetest.Start().AddDate(-1, 0, 0) })
		storetest.News(t, s, section, "Nội bộ", func(n *model.News) { n.Visibility = model.Internal })
		storetest.Meeting(t, s, "Họp")
		unit := storetest.Unit(t, s, "Phòng")
		former := storetest.Unit(t, s, "Phòng cũ", func(u *model.Unit) { u.Until = "2025-01-01" })
		storetest.Person(t, s, "Y Bình", []model.Post{{UnitID: unit.ID, Title: "Trưởng phòng", Rank: 3}})
		storetest.Person(t, s, "Đã Nghỉ", []model.Post{{UnitID: unit.ID, Title: "Trưởng phòng", Rank: 3, Until: "2025-01-01"}})
		storetest.Person(t, s, "Phòng Cũ", []model.Post{{UnitID: former.ID, Title: "Trưởng phòng", Rank: 3}})
		want := []model.SitemapEntry{{Path: "/chuyen-muc/tin"}, {Path: "/tin-tuc/tin-cu", Modified: storetest.Start()},
			{Path: "/hoi-nghi/hop", Modified: storetest.Start()}, {Path: "/danh-ba/phong", Modified: storetest.Start()},
			{Path: "/danh-ba/nguoi/y-binh", Modified: storetest.Start()}}
		for most, whole := range map[int][]model.SitemapEntry{len(want): want, len(want) - 1: nil, 0: nil, -3: nil} {
			records, got, err := s.SitemapWhole(ctx, most)
			if diff := cmp.Diff(whole, got); err != nil || records != len(want) || diff != "" {
				t.Errorf("whole, at most %d: %d records, want %d, error %v (-want +got):\n%s", most, records, len(want), err, diff)
			}
		}
		for _, c := range []struct {
			page, size int
			want       []model.SitemapEntry
		}{{1, 50_000, want}, {1, 2, want[:2]}, {2, 2, want[2:4]}, {3, 2, want[4:]}, {4, 2, nil}, {0, 2, nil}, {math.MaxInt, math.MaxInt, nil}} {
			got, err := s.SitemapPage(ctx, c.page, c.size)
			if diff := cmp.Diff(c.want, got); err != nil || diff != "" {
				t.Errorf("page %d of %d: error %v (-want +got):\n%s", c.page, c.size, err, diff)
			}
		}
	})
}

// What is published ahead counts as modified when it appears, not when it was written.
func TestSitemapDatesWhatWasPublishedAhead(t *testing.T) {
	storetest.EachClock(t, func(t *testing.T, s *store.Store, clock *storetest.Clock) {
		ahead := storetest.Start().Add(time.Hour)
		storetest.News(t, s, storetest.Section(t, s, "Tin"), "Tin", func(n *model.News) { n.PublishAt = ahead })
		clock.Add(2 * time.Hour)
		entries, err := s.SitemapPage(context.Background(), 1, 10)
		if err != nil || !slices.ContainsFunc(entries, func(e model.SitemapEntry) bool { return e.Path == "/tin-tuc/tin" && e.Modified.Equal(ahead) }) {
			t.Errorf("entries %+v, error %v", entries, err)
		}
	})
}
