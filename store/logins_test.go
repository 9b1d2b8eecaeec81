package store_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"golang.org/x/text/unicode/norm"

	"congso/store"
	"congso/store/model"
	"congso/store/storetest"
)

// loginStore has an account hoa.tran with goodPassword.
func loginStore(t *testing.T, s *store.Store) model.User {
	t.Helper()
	u := storetest.User(t, s, "hoa.tran", model.RoleStaff)
	must(t, s.SetPassword(context.Background(), storetest.Actor(), u.ID, goodPassword, ""))
	return u
}

// wait is what a login gets: 0 when it is let in or refused at once.
func wait(t *testing.T, s *store.Store, name, password, address string) (let bool, wait time.Duration) {
	t.Helper()
	_, err := s.Login(context.Background(), name, password, address)
	var soon model.TooSoon
	switch {
	case errors.As(err, &soon):
		return false, soon.Wait
	case err != nil && !errors.Is(err, model.ErrCredentials):
		t.Fatal(err)
	}
	return err == nil, 0
}

func TestLogin(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		u := loginStore(t, s)
		decomposed := norm.NFD.String(goodPassword) // as some keyboards type it
		if decomposed == goodPassword {
			t.Fatal("the second typing is the first")
		}
		for _, password := range []string{goodPassword, decomposed} {
			got, err := s.Login(context.Background(), "hoa.tran", password, "203.0.113.5")
			if err != nil || got.ID != u.ID {
				t.Errorf("%q: %v, %v", password, got, err)
			}
		}
		for i, c := range [][2]string{{"hoa.tran", strings.ToUpper(goodPassword)}, {"hoa.tran", ""}, {"HOA.TRAN", goodPassword}, {"", goodPassword}, {"ai.do", goodPassword}} {
			if _, err := s.Login(context.Background(), c[0], c[1], fmt.Sprint("198.51.100.", i)); !errors.Is(err, model.ErrCredentials) {
				t.Errorf("%q: %v, want ErrCredentials", c, err)
			}
		}
	})
}

// TestBrakes: the wait grows with the failures, has an end, and is forgotten after a quarter of an hour.
func TestBrakes(t *testing.T) {
	storetest.EachClock(t, func(t *testing.T, s *store.Store, c *storetest.Clock) {
		loginStore(t, s)
		var waits []string
		for range 9 {
			if _, w := wait(t, s, "hoa.tran", "sai", "2001:db8:1:2::1"); w > 0 {
				waits = append(waits, w.String())
				if _, again := wait(t, s, "hoa.tran", goodPassword, "2001:db8:1:2:ffff::9"); again != w { // one network
					t.Errorf("another address of the network waits %s, want %s", again, w)
				}
				c.Add(w)
				wait(t, s, "hoa.tran", "sai", "2001:db8:1:2::1")
			}
		}
		if got := strings.Join(waits, " "); got != "2s 4s 8s 16s 30s" {
			t.Errorf("waits %s", got)
		}
		if let, w := wait(t, s, "hoa.tran", goodPassword, "2001:db8:1:3::1"); !let {
			t.Errorf("another network waits %s", w)
		}
		c.Add(15 * time.Minute)
		if let, w := wait(t, s, "hoa.tran", goodPassword, "2001:db8:1:2::1"); !let {
			t.Errorf("after a quarter of an hour: waits %s", w)
		}
		must(t, s.SweepLogins(context.Background()))
	})
}

// TestManyAddresses: guesses from everywhere slow strangers down, not somebody where the account was in use before.
func TestManyAddresses(t *testing.T) {
	storetest.EachClock(t, func(t *testing.T, s *store.Store, c *storetest.Clock) {
		loginStore(t, s)
		if let, _ := wait(t, s, "hoa.tran", goodPassword, "203.0.113.5"); !let {
			t.Fatal("not let in")
		}
		for i := range 21 {
			if let, w := wait(t, s, "hoa.tran", "sai", fmt.Sprint("198.51.100.", i)); let || w > 0 {
				t.Fatalf("guess %d: %t, %s", i, let, w)
			}
		}
		if let, w := wait(t, s, "hoa.tran", goodPassword, "198.51.100.99"); let || w != 2*time.Second {
			t.Errorf("a stranger: %t, waits %s, want 2s", let, w)
		}
		if let, w := wait(t, s, "hoa.tran", goodPassword, "203.0.113.5"); !let {
			t.Errorf("the owner at home waits %s", w)
		}
		for i := range 21 {
			wait(t, s, fmt.Sprint("doan.", i), "sai", "192.0.2.1")
		}
		if _, w := wait(t, s, "doan.khac", "sai", "192.0.2.1"); w != 2*time.Second {
			t.Errorf("an address that tries many names waits %s, want 2s", w)
		}
	})
}

// TestParallelGuesses: sending all guesses at once gains nothing.
func TestParallelGuesses(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		loginStore(t, s)
		var mu sync.Mutex
		looked := 0
		var all sync.WaitGroup
		for range 30 {
			all.Go(func() {
				_, err := s.Login(context.Background(), "hoa.tran", "sai", "203.0.113.5")
				mu.Lock()
				defer mu.Unlock()
				if errors.Is(err, model.ErrCredentials) {
					looked++
				} else if !errors.As(err, new(model.TooSoon)) {
					t.Error(err)
				}
			})
		}
		all.Wait()
		if looked < 4 || looked > 5 { // two are looked at side by side
			t.Errorf("%d of 30 guesses were looked at, want 4 or 5", looked)
		}
	})
}

// TestNoAddressIsKept: neither addresses nor names as typed stand in what logins leave behind.
func TestNoAddressIsKept(t *testing.T) {
	storetest.EachOptions(t, func(t *testing.T, o store.Options) {
		s := storetest.Open(t, o)
		loginStore(t, s)
		wait(t, s, "hoa.tran", goodPassword, "203.0.113.5")
		wait(t, s, "mật khẩu gõ nhầm ô", "sai", "203.0.113.5")
		for _, table := range []string{"login_failure", "login_known"} {
			var account, address string
			must(t, raw(t, o).QueryRow(`SELECT account, address FROM `+table).Scan(&account, &address))
			if len(account) != 32 || len(address) != 32 || strings.Trim(account+address, "0123456789abcdef") != "" {
				t.Errorf("%s keeps %q, %q", table, account, address)
			}
		}
	})
}

func TestSessions(t *testing.T) {
	storetest.EachOptions(t, func(t *testing.T, o store.Options) {
		clock := storetest.NewClock()
		o.Now, o.SessionIdle, o.SessionMax = clock.Now, time.Hour, 3*time.Hour
		s, ctx := storetest.Open(t, o), context.Background()
		u := storetest.User(t, s, "hoa.tran", model.RoleStaff)
		token, err := s.StartSession(ctx, u.ID, true, strings.Repeat("ệ", 300)+"\x00", "dữ liệu")
		must(t, err)
		var hash string
		must(t, raw(t, o).QueryRow(`SELECT id_hash FROM session`).Scan(&hash))
		if strings.Contains(hash, token) || len(hash) != 64 || len(token) != 43 {
			t.Errorf("token %q, kept as %q", token, hash)
		}
		got, err := s.Session(ctx, token)
		must(t, err)
		if got.User.ID != u.ID || got.Data != "dữ liệu" || !got.Complete || got.Key != hash || len(got.Agent) > 300 || !got.ExpiresAt.Equal(clock.Now().Add(time.Hour)) {
			t.Errorf("session %+v", got)
		}
		clock.Add(59 * time.Second)
		if got, err = s.Session(ctx, token); err != nil || !got.SeenAt.Equal(storetest.Start()) {
			t.Errorf("seen at %s within a minute: %v", got.SeenAt, err)
		}
		clock.Add(time.Second)
		if got, err = s.Session(ctx, token); err != nil || !got.SeenAt.Equal(clock.Now()) || !got.ExpiresAt.Equal(clock.Now().Add(time.Hour)) {
			t.Errorf("seen at %s, ends at %s: %v", got.SeenAt, got.ExpiresAt, err)
		}
		must(t, s.SaveSession(ctx, token, "khác"))
		if got, err = s.Session(ctx, token); err != nil || got.Data != "khác" {
			t.Errorf("data %q: %v", got.Data, err)
		}
		clock.Add(time.Hour)
		for _, wrong := range []string{token, hash, "", token + "A"} {
			if _, err := s.Session(ctx, wrong); !errors.Is(err, model.ErrNotFound) {
				t.Errorf("token %q: %v, want ErrNotFound", wrong, err)
			}
		}
		must(t, s.SweepLogins(ctx))
		var left int
		must(t, raw(t, o).QueryRow(`SELECT count(*) FROM session`).Scan(&left))
		if left != 0 {
			t.Errorf("%d sessions after the sweep", left)
		}
	})
}
