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

const oneDay = 24 * time.Hour

// TestClockSetBackCounters: no view is lost or counted twice, nobody stays online for a day, and the days' figures are those of their days.
func TestClockSetBackCounters(t *testing.T) {
	each(t, func(t *testing.T, s *store.Store, c *storetest.Clock) {
		b := store.NewHitBuffer(s)
		view := func(address string) { b.Add(visitor(t, b, address), "/tin-tuc", s.Now()) }
		figures := func(want model.Counters) {
			t.Helper()
			flush(t, b)
			if got := b.Counters(); got != want {
				t.Errorf("%+v, want %+v", got, want)
			}
		}
		view("192.0.2.1")
		view("192.0.2.2")
		view("192.0.2.2")
		figures(model.Counters{Online: 2, Today: 3, Month: 3, Total: 3})

		c.Add(-oneDay)
		figures(model.Counters{Online: 0, Today: 0, Month: 3, Total: 3})
		view("192.0.2.1")
		figures(model.Counters{Online: 1, Today: 1, Month: 4, Total: 4})
		view("192.0.2.1")
		view("192.0.2.3")
		figures(model.Counters{Online: 2, Today: 3, Month: 6, Total: 6})
		if got, want := today(t, s), (model.DayHits{Day: s.Today(), Views: 3, Visits: 2, Visitors: 2}); got != want {
			t.Errorf("the day: %+v, want %+v", got, want)
		}

		c.Add(oneDay)
		view("192.0.2.4")
		figures(model.Counters{Online: 1, Today: 4, Month: 7, Total: 7})
		if got := pageViews(t, s, "/tin-tuc"); got != 7 {
			t.Errorf("%d views of the page", got)
		}
	})
}

// TestClockSetBackSessions: who is logged in stays so, for as long after the last request as ever; who failed to log in before may try.
func TestClockSetBackSessions(t *testing.T) {
	each(t, func(t *testing.T, s *store.Store, c *storetest.Clock) {
		ctx := context.Background()
		u := storetest.User(t, s, "bien.tap", model.RoleEditor)
		must(t, s.SetPassword(ctx, storetest.Actor(), u.ID, goodPassword, ""))
		token, err := s.StartSession(ctx, u.ID, true, "", "")
		must(t, err)
		for range 12 {
			if _, err := s.Login(ctx, u.Name, "sai mat khau", "192.0.2.9"); err == nil {
				t.Fatal("logged in")
			}
			c.Add(time.Second)
		}
		if _, err := s.Login(ctx, u.Name, goodPassword, "192.0.2.9"); !errors.As(err, new(model.TooSoon)) {
			t.Fatalf("before: %v", err)
		}

		c.Add(-oneDay)
		if _, err := s.Login(ctx, u.Name, goodPassword, "192.0.2.9"); err != nil {
			t.Errorf("a login: %v", err)
		}
		session, err := s.Session(ctx, token)
		if err != nil || session.User.ID != u.ID || session.SeenAt.After(s.Now()) || session.ExpiresAt.After(s.Now().Add(8*time.Hour)) {
			t.Errorf("%+v, %v", session, err)
		}
		c.Add(7 * time.Hour)
		if _, err := s.Session(ctx, token); err != nil {
			t.Errorf("after seven hours: %v", err)
		}
		c.Add(8*time.Hour + time.Second)
		if _, err := s.Session(ctx, token); !errors.Is(err, model.ErrNotFound) {
			t.Errorf("after eight more without a request: %v", err)
		}
	})
}

// TestClockSetBackWork: the audit trail holds and goes on, nobody seems to edit for a day, and the sweep goes on.
func TestClockSetBackWork(t *testing.T) {
	each(t, func(t *testing.T, s *store.Store, c *storetest.Clock) {
		ctx := context.Background()
		section := storetest.Section(t, s, "Thông báo")
		u := storetest.User(t, s, "bien.tap", model.RoleEditor)
		n := storetest.News(t, s, section, "Trước")
		must(t, s.Touch(ctx, model.KindNews, n.ID, u.ID))
		expiring(t, s, section, "Hết hạn trước")
		c.Add(2 * time.Minute)
		if done, err := s.Sweep(ctx, "bản một"); err != nil || done != 1 {
			t.Fatalf("swept %d, %v", done, err)
		}
		must(t, s.Touch(ctx, model.KindNews, n.ID, u.ID))

		c.Add(-oneDay)
		storetest.News(t, s, section, "Sau")
		if editors, err := s.Editors(ctx, model.KindNews, n.ID, 0); err != nil || len(editors) > 0 {
			t.Errorf("editors %+v, %v", editors, err)
		}
		if now, err := s.EditorsNow(ctx, model.KindNews); err != nil || len(now) > 0 {
			t.Errorf("editors %+v, %v", now, err)
		}
		expiring(t, s, section, "Hết hạn sau")
		c.Add(2 * time.Minute)
		if done, err := s.Sweep(ctx, "bản hai"); err != nil || done != 1 {
			t.Errorf("swept %d, %v", done, err)
		}
		if check, err := s.CheckAudit(ctx, 0, 0); err != nil || check.Count < 7 {
			t.Errorf("%+v, %v", check, err)
		}
	})
}

// expiring stores an item that expires in a minute.
func expiring(t *testing.T, s *store.Store, section model.Section, title string) {
	t.Helper()
	storetest.News(t, s, section, title, func(n *model.News) { n.ExpireAt = s.Now().Add(time.Minute) })
}
