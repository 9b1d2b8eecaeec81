package store_test

import (
	"context"
	"errors"
	"slices"
	"testing"

	"congso/store"
	"congso/store/model"
	"congso/store/storetest"
)

// TestFormerUnitsAreGone holds that a unit names as its forerunners only those that stand no more, and that a successor needs an end.
func TestFormerUnitsAreGone(t *testing.T) {
	storetest.EachClock(t, func(t *testing.T, s *store.Store, clock *storetest.Clock) {
		heir := storetest.Unit(t, s, "Phòng Mới")
		storetest.Unit(t, s, "Phòng Cũ", func(u *model.Unit) { u.Successor, u.Until = heir.ID, "2026-06-14" })
		storetest.Unit(t, s, "Phòng Sắp gộp", func(u *model.Unit) { u.Successor, u.Until = heir.ID, "2026-06-15" })
		for day, want := range [][]string{{"Phòng Cũ"}, {"Phòng Cũ", "Phòng Sắp gộp"}} {
			clock.Set(storetest.Start().AddDate(0, 0, day))
			view, err := s.UnitBySlug(context.Background(), storetest.Outsider(), heir.Slug)
			if got := unitNames(view.Former); err != nil || !slices.Equal(got, want) {
				t.Errorf("day %d: former %q, %v, want %q", day, got, err, want)
			}
		}
		endless := model.Unit{Name: "Phòng Khác", Successor: heir.ID}
		var invalid model.Invalid
		if err := s.PutUnit(context.Background(), storetest.Actor(), &endless); !errors.As(err, &invalid) || invalid["until"] == "" {
			t.Errorf("a successor without an end: %v", err)
		}
	})
}
