package store_test

import (
	"context"
	"testing"
	"time"

	"congso/store"
	"congso/store/model"
	"congso/store/storetest"
)

// TestMidnightOfABusyDatabase: whoever reads on after midnight is known at once, though others hold the database, once a flush shortly before
// has prepared it; and is the same visitor for the portal's other copies.
func TestMidnightOfABusyDatabase(t *testing.T) {
	storetest.EachOptions(t, func(t *testing.T, o store.Options) {
		s, c := openAt(t, o)
		midnight := time.Date(2023, 8, 1, 0, 0, 0, 0, model.Zone())
		b := store.NewHitBuffer(s)
		db := raw(t, o)
		salts := func() string { return column(t, db, `SELECT day FROM hit_salt ORDER BY day`) }
		c.Set(midnight.Add(-5 * time.Minute))
		flush(t, b)
		if got := salts(); got != "" {
			t.Errorf("nobody reads: salts of %s", got)
		}
		c.Set(midnight.Add(-11 * time.Minute))
		b.Add(visitor(t, b, "a"), "/", c.Now())
		flush(t, b)
		if got, want := salts(), "2023-07-31 2023-07-31 online"; got != want {
			t.Errorf("long before midnight: salts of %s, want %s", got, want)
		}
		c.Set(midnight.Add(-5 * time.Minute))
		flush(t, b)
		if got, want := salts(), "2023-07-31 2023-07-31 online 2023-08-01 2023-08-01 online"; got != want {
			t.Errorf("before midnight: salts of %s, want %s", got, want)
		}

		holder, err := db.Conn(t.Context())
		must(t, err)
		defer holder.Close()
		hold := `BEGIN IMMEDIATE`
		if o.Database != "" {
			hold = `BEGIN; LOCK TABLE hit_salt IN ACCESS EXCLUSIVE MODE`
		}
		_, err = holder.ExecContext(t.Context(), hold)
		must(t, err)
		c.Set(midnight.Add(time.Minute))
		known := visitor(t, b, "a")
		_, err = holder.ExecContext(context.Background(), `ROLLBACK`)
		must(t, err)
		if known == (store.Visitor{}) || known != visitor(t, store.NewHitBuffer(s), "a") {
			t.Errorf("another copy knows another visitor")
		}
		b.Add(known, "/", c.Now())
		flush(t, b)
		if got := today(t, s); got.Visitors != 1 || got.Views != 1 {
			t.Errorf("%+v", got)
		}
	})
}
