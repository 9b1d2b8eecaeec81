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

// These tests set the clock of a running store back by a day, as a wrong time server or an empty battery does, and go on from there.
const aDay = 24 * time.Hour

// TestClockBackSessions: nobody is logged out by it, and no session lasts longer than it may from then on.
func TestClockBackSessions(t *testing.T) {
	each(t, func(t *testing.T, s *store.Store, c *storetest.Clock) {
		ctx, u := context.Background(), loginStore(t, s)
		start := func(complete bool) string {
			t.Helper()
			token, err := s.StartSession(ctx, u.ID, complete, "agent", "")
			must(t, err)
			return token
		}
		holds := func(what, token string, want bool) {
			t.Helper()
			if _, err := s.Session(ctx, token); (err == nil) != want || err != nil && !errors.Is(err, model.ErrNotFound) {
				t.Errorf("%s: error %v, want it to hold: %v", what, err, want)
			}
		}
		used, idle, half := start(true), start(true), start(false)
		c.Add(-aDay)
		session, err := s.Session(ctx, used)
		if err != nil || session.User.ID != u.ID || session.SeenAt.After(s.Now()) || session.ExpiresAt.After(s.Now().Add(8*time.Hour)) {
			t.Errorf("in use: %+v, error %v", session, err)
		}
		holds("half proved", half, true)
		must(t, s.SweepLogins(ctx))
		c.Add(31 * time.Minute)
		holds("half proved, 31 minutes later", half, false)
		for range 15 { // hours
			c.Add(time.Hour)
			holds("in use, hours later", used, true)
			must(t, s.SweepLogins(ctx))
		}
		holds("not in use, hours later", idle, false)
		if list, err := s.Sessions(ctx, u.ID); err != nil || len(list) != 1 {
			t.Errorf("%d sessions, error %v, want 1", len(list), err)
		}
		for range 7*24 - 16 {
			c.Add(time.Hour)
			_, err := s.Session(ctx, used)
			must(t, err)
		}
		c.Add(30 * time.Minute) // seven days since the clock was set back
		holds("in use, after seven days", used, false)
	})
}

// TestClockBackLogins: failures of the day that comes once more keep nobody out, and brake again when they are made now.
func TestClockBackLogins(t *testing.T) {
	each(t, func(t *testing.T, s *store.Store, c *storetest.Clock) {
		loginStore(t, s)
		fail := func() {
			t.Helper()
			for range 4 {
				if let, _ := wait(t, s, "hoa.tran", "sai", outsideAddress); let {
					t.Fatal("let in by a wrong password")
				}
			}
			if _, soon := wait(t, s, "hoa.tran", goodPassword, outsideAddress); soon <= 0 || soon > time.Minute {
				t.Errorf("after four failures a login must wait %v", soon)
			}
		}
		fail()
		c.Add(-aDay)
		if let, soon := wait(t, s, "hoa.tran", goodPassword, outsideAddress); !let {
			t.Errorf("the right password: let in %v, must wait %v", let, soon)
		}
		fail()
	})
}

const outsideAddress = "203.0.113.5"

// TestClockBackSetup: a link for the first account that would be good for a day is good no more.
func TestClockBackSetup(t *testing.T) {
	each(t, func(t *testing.T, s *store.Store, c *storetest.Clock) {
		code, err := s.NewSetup(context.Background())
		must(t, err)
		must(t, s.CheckSetup(context.Background(), code))
		c.Add(-aDay)
		if err := s.CheckSetup(context.Background(), code); !errors.Is(err, model.ErrNotFound) {
			t.Errorf("error %v, want ErrNotFound", err)
		}
	})
}

// TestClockBackCounters: views are counted once on the day that the clock says, no figure falls, who came is not a visitor of either day
// twice, and who is online is who was seen within five minutes of the clock as it is.
func TestClockBackCounters(t *testing.T) {
	each(t, func(t *testing.T, s *store.Store, c *storetest.Clock) {
		b := store.NewHitBuffer(s)
		view := func(address string) {
			t.Helper()
			b.Add(visitor(t, b, address), "/tin-tuc/a", s.Now())
			flush(t, b)
		}
		day := func(what string, want model.DayHits) {
			t.Helper()
			want.Day = s.Today()
			if got := today(t, s); got != want {
				t.Errorf("%s: %+v, want %+v", what, got, want)
			}
		}
		figures := func(what string, want model.Counters) {
			t.Helper()
			if got := b.Counters(); got != want {
				t.Errorf("%s: %+v, want %+v", what, got, want)
			}
		}
		view("1") // the day before
		view("2")
		c.Add(aDay)
		view("1")
		view("3")
		c.Add(time.Hour) // the salt of the day before is gone
		view("4")
		day("the day", model.DayHits{Views: 3, Visits: 3, Visitors: 3})
		figures("the day", model.Counters{Online: 1, Today: 3, Month: 5, Total: 5})

		c.Add(-aDay)
		flush(t, b)
		figures("set back, nobody yet", model.Counters{Today: 2, Month: 5, Total: 5})
		view("4")
		view("1")
		day("the day before, once more", model.DayHits{Views: 4, Visits: 2, Visitors: 2})
		figures("set back", model.Counters{Online: 2, Today: 4, Month: 7, Total: 7})
		c.Add(6 * time.Minute)
		flush(t, b)
		figures("six minutes later", model.Counters{Today: 4, Month: 7, Total: 7})

		c.Add(aDay) // set right again
		view("4")
		view("5")
		day("the day, once more", model.DayHits{Views: 5, Visits: 4, Visitors: 4})
		figures("set right", model.Counters{Online: 2, Today: 5, Month: 9, Total: 9})
		totals, err := s.Totals(context.Background())
		if err != nil || totals.Views != 9 || totals.Visitors != 6 || totals.Visits != 6 || pageViews(t, s, "/tin-tuc/a") != 9 {
			t.Errorf("totals %+v, error %v", totals, err)
		}
	})
}

// TestClockBackSaltsComeAgain: a salt that could not be had just before is asked for at once.
func TestClockBackSaltsComeAgain(t *testing.T) {
	storetest.EachOptions(t, func(t *testing.T, o store.Options) {
		s, c := openAt(t, o)
		b := store.NewHitBuffer(s)
		db := raw(t, o)
		run(t, db, `ALTER TABLE hit_salt RENAME TO hit_salt_gone`)
		if _, err := b.Visitor("1", "agent"); err == nil {
			t.Error("a visitor without a salt")
		}
		run(t, db, `ALTER TABLE hit_salt_gone RENAME TO hit_salt`)
		if _, err := b.Visitor("1", "agent"); err == nil {
			t.Error("a salt was asked for again within the same second")
		}
		c.Add(-aDay)
		visitor(t, b, "1")
	})
}

// TestClockBackRecords: what came out stays so in the trail, what was archived stays archived, once; editors of the day to come are not
// shown; another copy of the program takes the work over at once; the audit trail holds in the order of its numbers.
func TestClockBackRecords(t *testing.T) {
	eachDesk(t, func(t *testing.T, d deskTest) {
		soon := d.clock.Now().Add(time.Minute)
		expiring := storetest.News(t, d.Store, d.section, "Tin hết hạn", func(n *model.News) { n.ExpireAt = soon })
		coming := storetest.News(t, d.Store, d.section, "Tin hẹn giờ", func(n *model.News) { n.PublishAt = soon })
		d.clock.Set(soon)
		if n := d.sweep("a"); n != 2 {
			t.Fatalf("swept %d records, want 2", n)
		}
		d.ok(d.Touch(d.ctx, model.KindNews, coming.ID, d.author.ID))
		entries := len(d.trail(0))

		d.clock.Add(-aDay)
		editors, err := d.Editors(d.ctx, model.KindNews, coming.ID, 0)
		d.ok(err)
		d.same("editors", editors, []model.Editor{})
		edited, err := d.EditorsNow(d.ctx, model.KindNews)
		if err != nil || len(edited) > 0 {
			t.Errorf("edited now: %v, error %v", edited, err)
		}
		for _, holder := range []string{"a", "b"} { // b is a copy that was started since, a has ended
			if n := d.sweep(holder); n != 0 {
				t.Errorf("%s swept %d records again", holder, n)
			}
		}
		d.same("left in the table", column(t, d.db, `SELECT COUNT(*) FROM editing`), 0)
		d.ok(d.AddAudit(d.ctx, 2))
		late := storetest.News(t, d.Store, d.section, "Tin hết hạn hôm qua", func(n *model.News) { n.ExpireAt = d.clock.Now().Add(time.Second) })
		d.clock.Add(time.Hour)
		if n := d.sweep("b"); n != 1 {
			t.Errorf("swept %d records, want 1", n)
		}
		d.clock.Set(soon.Add(time.Hour)) // set right again
		if n := d.sweep("b"); n != 0 {
			t.Errorf("swept %d records again", n)
		}
		for _, id := range []int64{expiring.ID, late.ID} {
			if got, err := d.NewsForDesk(d.ctx, id); err != nil || got.Status != model.StatusArchived || got.Revision != 2 {
				t.Errorf("item %d: %+v, error %v", id, got.Lifecycle, err)
			}
		}
		if got := len(d.trail(entries)); got != 2+1+1 { // the two added, an item made, and archived
			t.Errorf("%d entries since, want 4", got)
		}
		before, err := d.VerifyAudit(d.ctx)
		d.ok(err)
		n, err := d.PruneAudit(d.ctx, "b", 12*time.Hour) // the entries before the clock was set back are all of today
		if after, failed := d.VerifyAudit(d.ctx); n != 0 || err != nil || failed != nil || after != before {
			t.Errorf("%d of %d entries removed, error %v, %d hold, error %v", n, before, err, after, failed)
		}
	})
}
