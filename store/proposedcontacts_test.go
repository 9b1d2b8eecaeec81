package store_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"congso/store"
	"congso/store/model"
	"congso/store/storetest"
)

// TestProposeContacts holds that contacts wait for whoever they are proposed to, after what waits there, and come neither twice nor once they
// are in the directory.
func TestProposeContacts(t *testing.T) {
	ctx := context.Background()
	each(t, func(t *testing.T, s *store.Store, clock *storetest.Clock) {
		user := storetest.User(t, s, "quan.tri", model.RoleAdmin)
		rows := []model.ContactRow{
			{Line: 1, Unit: "Văn phòng", Office: "0257 3000 105"},
			{Line: 2, Name: "Lê Văn An", Title: "Chánh Văn phòng", Unit: "Văn phòng", Mobile: "0900 000 102", Notes: []string{"Đơn vị suy từ chức vụ."}},
		}
		propose := func(rows []model.ContactRow, dry bool, want store.ProposedContacts) int64 {
			t.Helper()
			got, err := s.ProposeContacts(ctx, user.ID, "Trang cũ", rows, dry)
			id := got.ID
			if got.ID = 0; err != nil || got != want {
				t.Errorf("%+v, %v, want %+v", got, err, want)
			}
			return id
		}
		if id := propose(rows, true, store.ProposedContacts{New: 2}); id != 0 {
			t.Errorf("what was only shown is kept as %d", id)
		}
		own, err := s.KeepImport(ctx, user.ID, "tep.csv", []model.ContactRow{{Line: 1, Unit: "Phòng Một"}})
		must(t, err)
		if id := propose(rows, false, store.ProposedContacts{New: 2}); id != own {
			t.Errorf("kept as %d beside %d", id, own)
		}
		propose(rows, false, store.ProposedContacts{Waiting: 2})
		name, kept, err := s.KeptImport(ctx, user.ID, own)
		if err != nil || name != "tep.csv" || len(kept) != 3 || kept[2].Name != "Lê Văn An" || kept[2].Line != 3 || len(kept[2].Notes) != 1 {
			t.Fatalf("%q %+v, %v", name, kept, err)
		}
		plan, err := s.PlanImport(ctx, kept, true)
		must(t, err)
		must(t, s.ApplyImport(ctx, user.Actor(), plan))
		must(t, s.DropImport(ctx, user.ID))
		propose(rows, false, store.ProposedContacts{There: 2})
		if _, _, err := s.KeptImport(ctx, user.ID, own); !errors.Is(err, model.ErrNotFound) {
			t.Errorf("what is there was kept again: %v", err)
		}
		rows[0].Office = "0257 3000 999"
		id := propose(rows, false, store.ProposedContacts{New: 1, There: 1})
		clock.Add(25 * time.Hour)
		if again := propose(rows, false, store.ProposedContacts{New: 1, There: 1}); again == id {
			t.Error("what had expired was not kept anew")
		}
	})
}
