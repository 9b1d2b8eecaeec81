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

func TestMergeUnit(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		ctx := context.Background()
		top := storetest.Unit(t, s, "Sở")
		old := storetest.Unit(t, s, "Phòng Thanh niên", func(u *model.Unit) { u.ParentID = top.ID })
		below := storetest.Unit(t, s, "Tổ Một", func(u *model.Unit) { u.ParentID = old.ID })
		into := storetest.Unit(t, s, "Phòng Chính quyền", func(u *model.Unit) { u.ParentID = below.ID })
		post := func(unit model.Unit, title string, from, until model.Day) model.Post {
			return model.Post{UnitID: unit.ID, Title: title, Rank: 3, From: from, Until: until}
		}
		head := storetest.Person(t, s, "Lê Trưởng", []model.Post{post(old, "Trưởng phòng", "2020-01-01", ""), post(old, "Chuyên viên", "2010-01-01", "2019-12-31")})
		both := storetest.Person(t, s, "Lê Hai", []model.Post{post(old, "Kế toán", "", ""), post(into, "Kế toán", "2025-01-01", "")})
		next := storetest.Person(t, s, "Lê Sau", []model.Post{post(old, "Phó phòng", "2026-08-01", "2027-01-01")})
		other := storetest.Person(t, s, "Lê Khác", []model.Post{post(top, "Giám đốc", "", "")})

		var invalid model.Invalid
		for field, c := range map[string]struct {
			into int64
			day  model.Day
		}{"into": {old.ID, "2026-07-01"}, "day": {into.ID, ""}} {
			if err := s.MergeUnit(ctx, storetest.Actor(), old.ID, c.into, old.Revision, c.day, true); !errors.As(err, &invalid) || invalid[field] == "" {
				t.Errorf("%s: error %v", field, err)
			}
		}
		if err := s.MergeUnit(ctx, storetest.Actor(), 999, into.ID, 1, "2026-07-01", true); !errors.Is(err, model.ErrNotFound) {
			t.Errorf("an unknown unit: %v", err)
		}
		if err := s.MergeUnit(ctx, storetest.Actor(), old.ID, into.ID, old.Revision+1, "2026-07-01", true); !errors.Is(err, model.ErrConflict) {
			t.Errorf("another revision: %v", err)
		}
		plan, err := s.PlanMerge(ctx, old.ID, into.ID, "2026-07-01", true)
		if want := []string{"Lê Hai: Kế toán", "Lê Sau: Phó phòng", "Lê Trưởng: Trưởng phòng"}; err != nil || !slices.Equal(slices.Sorted(slices.Values(plan.Titles)), want) {
			t.Errorf("plan %q, error %v, want %q", plan.Titles, err, want)
		}
		if err := s.MergeUnit(ctx, storetest.Actor(), old.ID, into.ID, old.Revision, "2026-07-01", true); err != nil {
			t.Fatal(err)
		}
		for slug, want := range map[string][]string{
			head.Slug: {"Trưởng phòng, phong-thanh-nien, 2020-01-01–2026-06-30", "Chuyên viên, phong-thanh-nien, 2010-01-01–2019-12-31", "Trưởng phòng, phong-chinh-quyen, 2026-07-01–"},
			both.Slug: {"Kế toán, phong-thanh-nien, –2026-06-30", "Kế toán, phong-chinh-quyen, 2025-01-01–"},
			next.Slug: {"Phó phòng, phong-chinh-quyen, 2026-08-01–2027-01-01"},
		} {
			p, err := s.PersonBySlug(ctx, storetest.Staff(), slug)
			var got []string
			for _, post := range p.Posts {
				got = append(got, post.Title+", "+post.UnitSlug+", "+string(post.From)+"–"+string(post.Until))
			}
			if err != nil || !slices.Equal(got, want) {
				t.Errorf("%s: error %v\n got %q\nwant %q", slug, err, got, want)
			}
		}
		if p, err := s.PersonBySlug(ctx, storetest.Staff(), other.Slug); err != nil || p.Revision != 1 {
			t.Errorf("somebody elsewhere has revision %d, error %v", p.Revision, err)
		}
		view, err := s.UnitBySlug(ctx, model.Viewer{}, old.Slug)
		if err != nil || view.Unit.Until != "2026-06-30" || view.Successor.ID != into.ID {
			t.Errorf("the old unit: %+v, error %v", view, err)
		}
		d, err := s.WholeDirectory(ctx, storetest.Staff())
		parents := map[string]int64{}
		for _, u := range d.Units {
			parents[u.Slug] = u.ParentID
		}
		if err != nil || parents[into.Slug] != top.ID || parents[below.Slug] != into.ID {
			t.Errorf("parents %v, error %v", parents, err)
		}
		if _, err := s.VerifyAudit(ctx); err != nil {
			t.Error(err)
		}
	})
}
