package store_test

import (
	"context"
	"errors"
	"testing"

	"congso/store"
	"congso/store/model"
	"congso/store/storetest"
)

// TestRefusedValues holds that the person who typed a value which the database would refuse, or keep as nonsense, is told so.
func TestRefusedValues(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		ctx, by := context.Background(), storetest.Actor()
		unit := storetest.Unit(t, s, "Văn phòng")
		phone := []model.Number{{Kind: "pager", E164: "0257 3000 101", Official: true}}
		put := func(u model.Unit) error { u.Name = "Phòng"; return s.PutUnit(ctx, by, &u) }
		person := func(p model.Person) error { p.Name = "Lê An"; return s.PutPerson(ctx, by, &p) }
		post := func(from, until model.Day) error {
			return person(model.Person{Posts: []model.Post{{UnitID: unit.ID, Title: "Chuyên viên", Rank: 9, From: from, Until: until}}})
		}
		meeting := model.Meeting{Title: "Họp", Kind: "họp", Start: s.Now(), Tasks: []model.Task{{Text: "Việc", Due: "mai"}},
			Lifecycle: model.Lifecycle{Status: model.StatusDraft, Visibility: model.Public}}
		for name, c := range map[string]struct {
			err   error
			field string
		}{
			"a unit's number":     {put(model.Unit{Numbers: phone}), "numbers"},
			"a person's number":   {person(model.Person{Numbers: phone}), "numbers"},
			"a unit's first day":  {put(model.Unit{From: "2026-02-30"}), "from"},
			"a unit's last day":   {put(model.Unit{Until: "31/12/2026"}), "until"},
			"a post's first day":  {post("2026-2-3", ""), "posts"},
			"a post's last day":   {post("", "2026"), "posts"},
			"a confirmation":      {person(model.Person{ConfirmedOn: "hôm qua"}), "confirmed_on"},
			"a task's day":        {s.PutMeeting(ctx, by, &meeting), "tasks"},
			"a day with a blank":  {put(model.Unit{From: " 2026-02-03"}), "from"},
			"a year out of range": {put(model.Unit{From: "0026-02-03"}), "from"},
		} {
			var invalid model.Invalid
			if !errors.As(c.err, &invalid) || invalid[c.field] == "" {
				t.Errorf("%s: %v, want Invalid for %s", name, c.err, c.field)
			}
		}
	})
}
