package store_test

import (
	"errors"
	"testing"

	"congso/store"
	"congso/store/model"
	"congso/store/storetest"
)

func TestSnapshotSeesOneMoment(t *testing.T) {
	each(t, func(t *testing.T, s *store.Store, _ *storetest.Clock) {
		section := storetest.Section(t, s, "Tin hoạt động")
		storetest.News(t, s, section, "Có trước")
		count := func(r *store.Reader) int {
			_, total, err := r.NewsPage(t.Context(), storetest.Outsider(), store.NewsFilter{}, 1, 10)
			must(t, err)
			return total
		}
		must(t, s.Snapshot(t.Context(), func(r *store.Reader) error {
			if got := count(r); got != 1 {
				t.Errorf("%d items before, want 1", got)
			}
			storetest.News(t, s, section, "Đến giữa chừng")
			if got := count(r); got != 1 {
				t.Errorf("%d items within the snapshot after another came, want 1", got)
			}
			if _, err := r.NewsBySlug(t.Context(), storetest.Outsider(), "den-giua-chung"); !errors.Is(err, model.ErrNotFound) {
				t.Errorf("an item that came since: %v, want model.ErrNotFound", err)
			}
			return nil
		}))
		if got := count(&s.Reader); got != 2 {
			t.Errorf("%d items afterwards, want 2", got)
		}
	})
}

// TestSnapshotEnds: more snapshots than there are connections, each left in its own way, and the next one sees what is new.
func TestSnapshotEnds(t *testing.T) {
	each(t, func(t *testing.T, s *store.Store, _ *storetest.Clock) {
		section := storetest.Section(t, s, "Tin hoạt động")
		slug := storetest.News(t, s, section, "Một tin").Slug
		read := func(r *store.Reader) error {
			_, err := r.NewsBySlug(t.Context(), storetest.Outsider(), slug)
			return err
		}
		mine := errors.New("mine")
		for range 20 {
			if err := s.Snapshot(t.Context(), func(r *store.Reader) error { return errors.Join(read(r), mine) }); !errors.Is(err, mine) {
				t.Fatalf("error %v, want that of the call", err)
			}
			panics(t, func() {
				must(t, s.Snapshot(t.Context(), func(r *store.Reader) error { must(t, read(r)); panic("on the way") }))
			})
		}
		later := storetest.News(t, s, section, "Tin sau").Slug
		for range 20 {
			slug = later
			must(t, s.Snapshot(t.Context(), read))
		}
	})
}

func panics(t *testing.T, do func()) {
	t.Helper()
	defer func() {
		if recover() == nil {
			t.Error("no panic came through")
		}
	}()
	do()
}
