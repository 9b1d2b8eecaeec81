package store_test

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"congso/store"
	"congso/store/model"
	"congso/store/storetest"
)

// threeCopies are three copies of the program on one PostgreSQL database, each with a data folder of its own. One clock is for all.
func threeCopies(t *testing.T) (copies []*store.Store, clock *storetest.Clock) {
	t.Helper()
	clock = storetest.NewClock()
	database := storetest.Postgres(t)
	for range 3 {
		copies = append(copies, storetest.Open(t, store.Options{Dir: t.TempDir(), Database: database, Now: clock.Now}))
	}
	return copies, clock
}

// TestWorkOfAllCopiesIsDoneOnce: each day's work is done by one copy, whichever comes first, and all know that it is done.
func TestWorkOfAllCopiesIsDoneOnce(t *testing.T) {
	copies, _ := threeCopies(t)
	for _, day := range []string{"2026-06-15", "2026-06-16"} {
		var did atomic.Int64
		var group sync.WaitGroup
		for _, s := range copies {
			group.Go(func() {
				for done := false; !done; {
					var err error
					done, err = s.LeasedOnce(t.Context(), "day", day, func(context.Context) error {
						did.Add(1)
						time.Sleep(10 * time.Millisecond)
						return nil
					})
					if err != nil {
						t.Error(err)
						return
					}
				}
			})
		}
		group.Wait()
		if n := did.Load(); n != 1 {
			t.Errorf("%s: done %d times", day, n)
		}
	}
	failed := errors.New("failed")
	if done, err := copies[0].LeasedOnce(t.Context(), "day", "2026-06-17", func(context.Context) error { return failed }); done || !errors.Is(err, failed) {
		t.Errorf("work that fails: done %v, error %v", done, err)
	}
	if done, err := copies[1].LeasedOnce(t.Context(), "day", "2026-06-17", func(context.Context) error { return nil }); !done || err != nil {
		t.Errorf("another copy after that: done %v, error %v", done, err)
	}
}

// TestAnotherCopyTakesOver: while a copy does its work no other does; one that is not heard of loses it after half a minute, and does not take it
// from the next one when it is heard of again.
func TestAnotherCopyTakesOver(t *testing.T) {
	copies, clock := threeCopies(t)
	work := func(s *store.Store) (end func()) {
		began, stop, ended := make(chan struct{}), make(chan struct{}), make(chan struct{})
		go func() {
			defer close(ended)
			did, err := s.Leased(t.Context(), "backup", func(context.Context) error {
				close(began)
				<-stop
				return nil
			})
			if !did || err != nil {
				t.Errorf("did %v, error %v", did, err)
			}
		}()
		<-began
		return func() { close(stop); <-ended }
	}
	refused := func(when string, s *store.Store) {
		t.Helper()
		did, err := s.Leased(t.Context(), "backup", func(context.Context) error {
			t.Error(when + ": two copies do the same work")
			return nil
		})
		if did || err != nil {
			t.Errorf("%s: did %v, error %v", when, did, err)
		}
	}
	endFirst := work(copies[0])
	refused("while the first one works", copies[1])
	clock.Add(29 * time.Second)
	refused("shortly before the first one loses it", copies[2])
	clock.Add(2 * time.Second)
	endSecond := work(copies[1])
	endFirst()
	refused("after the first one has ended, too", copies[2])
	endSecond()
	did, err := copies[2].Leased(t.Context(), "backup", func(context.Context) error { return nil })
	if !did || err != nil {
		t.Errorf("after both: did %v, error %v", did, err)
	}
}

// TestCopiesKnowOfEachOther: what a copy says of itself the others know, until it stops or has not been heard of for long.
func TestCopiesKnowOfEachOther(t *testing.T) {
	database, real := storetest.Postgres(t), time.Now
	var copies []*store.Store
	for i := range 3 {
		ahead := time.Duration(i) * 4 * time.Second
		copies = append(copies, storetest.Open(t, store.Options{Dir: t.TempDir(), Database: database, Now: func() time.Time { return real().Add(ahead) }}))
	}
	announce := func(i int, content string) {
		t.Helper()
		must(t, copies[i].AnnounceCopy(t.Context(), store.Copy{
			Name: fmt.Sprint("may-", i), Program: "1.2.3", Schema: 16, Content: content, Since: copies[i].Now(), Backups: time.Duration(i) * time.Hour,
		}))
	}
	others := func(i int) (names []string) {
		t.Helper()
		seen, ok := copies[i].Copies()
		if !ok || seen.Own.Name != fmt.Sprint("may-", i) {
			t.Errorf("copy %d: %+v, %v", i, seen, ok)
		}
		for _, c := range seen.Others {
			names = append(names, fmt.Sprintf("%s %s %s %d %s %v", c.Name, c.Program, c.Content, c.Schema, c.Backups, c.ClockOff()))
		}
		return names
	}
	if _, ok := copies[0].Copies(); ok {
		t.Error("it knows of others before it has asked")
	}
	announce(0, "cũ")
	if got := others(0); len(got) != 0 {
		t.Errorf("the only copy knows of %q", got)
	}
	announce(1, "mới")
	announce(2, "mới")
	announce(0, "cũ")
	if got, want := others(0), []string{"may-1 1.2.3 mới 16 1h0m0s true", "may-2 1.2.3 mới 16 2h0m0s true"}; !slices.Equal(got, want) {
		t.Errorf("others %q, want %q", got, want)
	}
	if seen, _ := copies[2].Copies(); seen.Own.Ahead < 7*time.Second || seen.Own.Ahead > 8*time.Second {
		t.Errorf("a clock that is 8 s ahead is said to be %v ahead", seen.Own.Ahead)
	}
	must(t, copies[1].LeaveCopies(t.Context()))
	must(t, copies[0].Tx(t.Context(), func(tx *sql.Tx) error {
		_, err := tx.ExecContext(t.Context(), `UPDATE copy SET seen_at = seen_at - 15 WHERE name = 'may-2'`)
		return err
	}))
	announce(0, "cũ")
	if got := others(0); len(got) != 0 {
		t.Errorf("after one has stopped and one is not heard of: %q", got)
	}
	all, ahead, err := copies[0].AllCopies(t.Context())
	if err != nil || len(all) != 2 || all[0].Name != "may-0" || !all[0].Lives() || all[1].Name != "may-2" || all[1].Lives() || ahead.Abs() > time.Second {
		t.Errorf("all copies %+v, clock ahead by %v, error %v", all, ahead, err)
	}
	again := storetest.Open(t, store.Options{Dir: t.TempDir(), Database: database, Now: real})
	must(t, copies[0].Tx(t.Context(), func(tx *sql.Tx) error { // it is killed while it works for all
		_, err := tx.ExecContext(t.Context(), `INSERT INTO lease (name, holder, expires_at) VALUES ('backup', $1, $2)`, all[0].ID, real().Add(20*time.Second).Unix())
		return err
	}))
	if did, err := again.Leased(t.Context(), "backup", func(context.Context) error { return nil }); did || err != nil {
		t.Errorf("while nobody knows of the kill: did %v, error %v", did, err)
	}
	must(t, again.AnnounceCopy(t.Context(), store.Copy{Name: "may-0", Since: real().Add(time.Minute)})) // another start after a kill
	if all, _, err := again.AllCopies(t.Context()); err != nil || len(all) != 2 || all[0].ID == "" || all[0].Program != "" {
		t.Errorf("after another start: %+v, error %v", all, err)
	}
	if did, err := again.Leased(t.Context(), "backup", func(context.Context) error { return nil }); !did || err != nil {
		t.Errorf("its next start does not take the work over: did %v, error %v", did, err)
	}
}

// TestCopiesOfOneName: two machines of the same name, as clones have it, know of each other, and neither ends what the other is doing.
func TestCopiesOfOneName(t *testing.T) {
	copies, _ := threeCopies(t)
	first, second := copies[0], copies[1]
	announce := func(s *store.Store, since time.Time) {
		t.Helper()
		must(t, s.AnnounceCopy(t.Context(), store.Copy{Name: "ubuntu:/var/lib/congso", Since: since}))
	}
	announce(first, first.Now())
	announce(second, first.Now().Add(time.Minute))
	announce(first, first.Now())
	did, err := first.Leased(t.Context(), "backup", func(context.Context) error {
		announce(second, first.Now().Add(time.Minute))
		if did, err := second.Leased(t.Context(), "backup", func(context.Context) error { return nil }); did || err != nil {
			t.Errorf("while the first one works: did %v, error %v", did, err)
		}
		return nil
	})
	if !did || err != nil {
		t.Errorf("did %v, error %v", did, err)
	}
	announce(first, first.Now())
	for i, s := range copies[:2] {
		if seen, _ := s.Copies(); len(seen.Others) != 1 {
			t.Errorf("copy %d knows of %d others", i, len(seen.Others))
		}
	}
}

// TestChangesOfOtherCopiesAreHeardOf: a change through one copy is in the changes of the others once their views are flushed, and in its own
// but once.
func TestChangesOfOtherCopiesAreHeardOf(t *testing.T) {
	copies, _ := threeCopies(t)
	first, second := copies[0], copies[1]
	buffers := []*store.HitBuffer{store.NewHitBuffer(first), store.NewHitBuffer(second)}
	flushAll := func() (sum [2]uint64) {
		t.Helper()
		for i, b := range buffers {
			flush(t, b)
			sum[i] = copies[i].Changes()
		}
		return sum
	}
	before := flushAll()
	section := storetest.Section(t, first, "Tin")
	if second.Changes() != before[1] {
		t.Error("nobody has asked the database yet")
	}
	if got, want := flushAll(), [2]uint64{before[0] + 1, before[1] + 1}; got != want {
		t.Errorf("after a change through the first copy: %d, want %d", got, want)
	}
	if got := flushAll(); got != [2]uint64{before[0] + 1, before[1] + 1} {
		t.Errorf("without another change: %d, before %d", got, before)
	}
	storetest.News(t, second, section, "Tin")
	storetest.News(t, first, section, "Tin khác")
	if got := flushAll(); got[0] <= before[0]+2 || got[1] <= before[1]+2 {
		t.Errorf("after a change through each: %d, before %d", got, before)
	}
	if !second.ChangesKnown() {
		t.Error("as long as no other copy is known, there are no other changes")
	}
	for i := range 2 {
		must(t, copies[i].AnnounceCopy(t.Context(), store.Copy{Name: fmt.Sprint(i), Since: copies[i].Now()}))
	}
	must(t, second.AnnounceCopy(t.Context(), store.Copy{Name: "1", Since: second.Now()}))
	must(t, copies[2].AnnounceCopy(t.Context(), store.Copy{Name: "2", Since: second.Now()}))
	if flush(t, buffers[1]); !second.ChangesKnown() {
		t.Error("the database has just been asked")
	}
	if copies[2].ChangesKnown() {
		t.Error("a copy that knows of others has never asked for their changes")
	}
}

// TestGuessesAtSeveralCopiesAreSlowedAsAtOne: be they one after the other or at once, as many wrong passwords are let through as one copy lets
// through.
func TestGuessesAtSeveralCopiesAreSlowedAsAtOne(t *testing.T) {
	copies, clock := threeCopies(t)
	u := storetest.User(t, copies[0], "hoa.tran", model.RoleStaff)
	must(t, copies[0].SetPassword(t.Context(), storetest.Actor(), u.ID, "Cầu treo đỏ 7 nhịp", ""))
	guess := func(s *store.Store) bool {
		_, err := s.Login(t.Context(), "hoa.tran", "sai", "203.0.113.5")
		if !errors.Is(err, model.ErrCredentials) && !errors.As(err, new(model.TooSoon)) {
			t.Errorf("error %v", err)
		}
		return errors.Is(err, model.ErrCredentials)
	}
	const free = 4 // three, and one more before the wait begins
	tried := 0
	for i := range 9 {
		if guess(copies[i%3]) {
			tried++
		}
	}
	if tried != free {
		t.Errorf("one after the other: %d guesses were looked at, want %d", tried, free)
	}
	clock.Add(time.Hour)
	var together atomic.Int64
	var group sync.WaitGroup
	for i := range 18 {
		group.Go(func() {
			if guess(copies[i%3]) {
				together.Add(1)
			}
		})
	}
	group.Wait()
	if n := together.Load(); n != free {
		t.Errorf("at once: %d guesses were looked at, want %d", n, free)
	}
	clock.Add(time.Minute)
	for i, s := range copies {
		if _, err := s.Login(t.Context(), "hoa.tran", "Cầu treo đỏ 7 nhịp", "203.0.113.5"); err != nil {
			t.Errorf("the owner, at copy %d: %v", i, err)
		}
	}
}
