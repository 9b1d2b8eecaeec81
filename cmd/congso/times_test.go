package main

import (
	"context"
	"testing"
	"time"

	"congso/cmd/congso/congsotest"
	"congso/store/model"
	"congso/store/storetest"
)

// A portal that was off when an item expired says so in its records once it runs.
func TestServeFollowsTimes(t *testing.T) {
	t.Parallel()
	congsotest.EachDatabase(t, func(t *testing.T, folder, database string, args []string) {
		s := congsotest.OpenStore(t, folder, database)
		n := storetest.News(t, s, storetest.Section(t, s, "Tin"), "Tin hết hạn", func(n *model.News) { n.ExpireAt = s.Now().Add(-time.Minute) })
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
		r := startHere(t, nil, append([]string{"serve"}, args...)...)
		db := congsotest.OpenSQL(t, folder, database)
		defer db.Close()
		archived := func() bool {
			var actor string
			err := db.QueryRow(`SELECT actor FROM audit WHERE action = 'archive'`).Scan(&actor)
			return err == nil && actor == "congso"
		}
		if !congsotest.Eventually(congsotest.Patience, archived) {
			t.Error("the audit trail has no entry of the expired item")
		}
		r.Finish(t)
		s = congsotest.OpenStore(t, folder, database)
		defer s.Close()
		if got, err := s.NewsForDesk(context.Background(), n.ID); err != nil || got.Status != model.StatusArchived || got.Revision != 2 {
			t.Errorf("the expired item is %+v, error %v", got.Lifecycle, err)
		}
	})
}
