package store_test

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"testing"

	"congso/store"
	"congso/store/model"
	"congso/store/storetest"
)

// TestOwnSchema: records go into a schema that was made for them, which is found again and taken away by its mark alone.
func TestOwnSchema(t *testing.T) {
	ctx, address, name := t.Context(), storetest.Postgres(t), fmt.Sprintf("own_%016x", rand.Uint64())
	if err := store.DropSchema(ctx, address, name, "mark"); err != nil {
		t.Errorf("one that is not there: %v", err)
	}
	own, err := store.OwnSchema(ctx, address, name, "it's mine")
	must(t, err)
	s := storetest.Open(t, store.Options{Dir: t.TempDir(), Database: own})
	storetest.Section(t, s, "Tin")
	if again, err := store.OwnSchema(ctx, address, name, "it's mine"); err != nil || again != own {
		t.Errorf("a second time: %q, %v, want %q", again, err, own)
	}
	other := storetest.Open(t, store.Options{Dir: t.TempDir(), Database: address})
	if list, err := other.Sections(ctx); err != nil || len(list) != 0 {
		t.Errorf("beside it there are %v, %v", list, err)
	}
	if _, err := store.OwnSchema(ctx, address, name, "mine"); !errors.Is(err, model.ErrConflict) {
		t.Errorf("with another mark: %v", err)
	}
	if _, err := store.OwnSchema(ctx, address, "public", "mine"); !errors.Is(err, model.ErrConflict) {
		t.Errorf("the schema of everybody: %v", err)
	}
	if err := store.DropSchema(ctx, address, name, "mine"); !errors.Is(err, model.ErrConflict) {
		t.Errorf("drop with another mark: %v", err)
	}
	if list, err := s.Sections(ctx); err != nil || len(list) != 1 {
		t.Errorf("after that: %v, %v", list, err)
	}
	must(t, store.DropSchema(ctx, address, name, "it's mine"))
	if _, err := s.Sections(ctx); err == nil {
		t.Error("the records are there after their schema was dropped")
	}
	if _, err := store.OwnSchema(ctx, t.TempDir(), name, "mine"); err == nil {
		t.Error("a folder is taken for a database")
	}
}
