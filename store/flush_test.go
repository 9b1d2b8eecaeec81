package store_test

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"

	"congso/store"
	"congso/store/model"
	"congso/store/storetest"
)

// TestLostCommitCountsOnce holds that a batch whose commit went unanswered is counted once: only PostgreSQL answers over a network.
func TestLostCommitCountsOnce(t *testing.T) {
	t.Run("in memory", func(t *testing.T) { lostCommit(t, store.NewHitBuffer) })
	t.Run("in the journal", func(t *testing.T) { lostCommit(t, store.OpenHits) })
}

func lostCommit(t *testing.T, open func(*store.Store) *store.HitBuffer) {
	t.Run("postgres", func(t *testing.T) {
		network, o := storetest.NewProxy(t, store.Options{Dir: t.TempDir(), Database: storetest.Postgres(t)})
		clock := storetest.NewClock()
		o.Now = clock.Now
		s := storetest.Open(t, o)
		b := open(s)
		b.Add(visitor(t, b, "a"), "/", clock.Now())
		flush(t, b)
		b.Add(visitor(t, b, "b"), "/", clock.Now())
		network.LoseCommit()
		if err := b.Flush(context.Background()); err == nil {
			t.Fatal("the flush knows that it was committed")
		}
		if got := b.Counters().Total; got != 1 {
			t.Errorf("shown before it is sure: %d", got)
		}
		b.Add(visitor(t, b, "a"), "/", clock.Now())
		flush(t, b)
		if got, want := b.Counters(), (model.Counters{Online: 2, Today: 3, Month: 3, Total: 3}); got != want {
			t.Errorf("got %+v, want %+v", got, want)
		}
		if n := pageViews(t, s, "/"); n != 3 {
			t.Errorf("%d views of the page", n)
		}
		b.Add(visitor(t, b, "b"), "/", clock.Now())
		network.LoseCommit() // and the program is killed before it can try again
		if err := b.Flush(context.Background()); err == nil {
			t.Fatal("the flush knows that it was committed")
		}
		again := open(s)
		flush(t, again)
		if got := again.Counters().Total; got != 4 {
			t.Errorf("after another start: %d views", got)
		}
		must(t, again.Close())
	})
}

// TestFlushOfManyEnds: a statement that writes many rows at once is given up like any other when the database does not come to its end, be it that the
// server has no limits of its own.
func TestFlushOfManyEnds(t *testing.T) {
	t.Parallel()
	o := store.Options{Dir: t.TempDir(), Database: storetest.Postgres(t)}
	other := storetest.Open(t, o)
	o.Dir, o.Database = t.TempDir(), o.Database+"&statement_timeout=0&lock_timeout=0"
	b := store.NewHitBuffer(storetest.Open(t, o))
	for i := range 1200 {
		b.Add(store.Visitor{}, fmt.Sprint("/tin-tuc/", i), noon())
	}
	held, release, flushed := make(chan struct{}), make(chan struct{}), make(chan error, 1)
	var group sync.WaitGroup
	group.Go(func() {
		must(t, other.Tx(context.Background(), func(tx *sql.Tx) error {
			_, err := tx.Exec(`LOCK TABLE hit_page IN EXCLUSIVE MODE`)
			close(held)
			<-release
			return err
		}))
	})
	<-held
	group.Go(func() { flushed <- b.Flush(context.Background()) })
	select {
	case err := <-flushed:
		if !errors.Is(err, model.ErrUnavailable) {
			t.Errorf("error %v", err)
		}
	case <-time.After(time.Minute):
		t.Error("never given up")
	}
	close(release)
	group.Wait()
	flush(t, b)
	if got := b.Counters().Total; got != 1200 {
		t.Errorf("%d views in the end", got)
	}
}

// TestSaltsOfPastDaysAreForgotten holds that a day's salts outlive it only until everybody online has come over midnight.
func TestSaltsOfPastDaysAreForgotten(t *testing.T) {
	storetest.EachClock(t, func(t *testing.T, s *store.Store, clock *storetest.Clock) {
		first := visitor(t, store.NewHitBuffer(s), "a")
		midnight := model.DayOf(storetest.Start().AddDate(0, 0, 1)).Time()
		for _, c := range []struct {
			after time.Duration
			kept  bool
		}{{9 * time.Minute, true}, {10 * time.Minute, false}} {
			clock.Set(midnight.Add(c.after))
			b := store.NewHitBuffer(s)
			b.Add(visitor(t, b, "a"), "/", clock.Now())
			flush(t, b)
			clock.Set(storetest.Start()) // the clock of that day again shows whether its salts are there
			if kept := visitor(t, store.NewHitBuffer(s), "a") == first; kept != c.kept {
				t.Errorf("%s after midnight: the salts are kept: %v", c.after, kept)
			}
		}
	})
}
