package store_test

import (
	"context"
	"testing"

	"congso/store"
	"congso/store/model"
	"congso/store/storetest"
)

// TestLostCommitCountsOnce holds that a batch whose commit went unanswered is counted once: only PostgreSQL answers over a network.
func TestLostCommitCountsOnce(t *testing.T) {
	t.Run("postgres", func(t *testing.T) {
		network, o := storetest.NewProxy(t, store.Options{Dir: t.TempDir(), Database: storetest.Postgres(t)})
		clock := storetest.NewClock()
		o.Now = clock.Now
		s := storetest.Open(t, o)
		b := store.NewHitBuffer(s)
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
	})
}
