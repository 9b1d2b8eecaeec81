package store_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"sync"
	"testing"
	"time"

	"congso/store"
	"congso/store/model"
	"congso/store/storetest"
)

// countedVisits is what views come to: what the copies' database must say of them, however they come to it.
type countedVisits struct {
	views, visits int64
	last          map[string]time.Time
	pages         map[string]int64
}

func (c *countedVisits) see(who, path string, at time.Time) {
	c.views++
	c.pages[path]++
	if last, known := c.last[who]; !known || at.Sub(last) >= 30*time.Minute {
		c.visits++
	}
	c.last[who] = at
}

func (c *countedVisits) online(at time.Time) (n int64) {
	for _, last := range c.last {
		if at.Sub(last) < 5*time.Minute {
			n++
		}
	}
	return n
}

// TestCopiesCountAsOne: visitors go from copy to copy within a second, all copies flush at the same time, and one is killed every now and
// then, whose journal the next start counts. Views, visits, visitors and who is online are those of one copy.
func TestCopiesCountAsOne(t *testing.T) {
	const rounds, visitors, pages = 60, 9, 5
	copies, clock := threeCopies(t)
	buffers := make([]*store.HitBuffer, len(copies))
	for i, s := range copies {
		buffers[i] = store.OpenHits(s)
	}
	flushAll := func() {
		t.Helper()
		var group sync.WaitGroup
		for _, b := range buffers {
			group.Go(func() {
				if err := b.Flush(t.Context()); err != nil {
					t.Error(err)
				}
			})
		}
		group.Wait()
	}
	want := countedVisits{last: map[string]time.Time{}, pages: map[string]int64{}}
	random := rand.New(rand.NewPCG(6, 4))
	for round := range rounds {
		for i := range 3 * visitors { // each comes to each copy
			who, path := fmt.Sprint("khách ", i/3), fmt.Sprint("/tin-tuc/", random.IntN(pages))
			b := buffers[(i+round)%3]
			b.Add(visitor(t, b, who), path, clock.Now())
			want.see(who, path, clock.Now())
		}
		if killed := random.IntN(6); killed < 3 {
			buffers[killed] = store.OpenHits(copies[killed]) // the one before is not closed
		}
		flushAll()
		clock.Add([]time.Duration{time.Second, time.Second, time.Minute, 31 * time.Minute}[random.IntN(4)])
	}
	if model.DayOf(clock.Now()) != model.DayOf(storetest.Start()) {
		t.Fatal("the test must end on the day on which it begins")
	}
	for i, b := range buffers {
		flush(t, b)
		if got := b.Counters(); got.Total != want.views || got.Online != want.online(clock.Now()) {
			t.Errorf("copy %d shows %+v, want %d views, %d online", i, got, want.views, want.online(clock.Now()))
		}
		must(t, b.Close())
	}
	if got, want := today(t, copies[1]), (model.DayHits{Day: copies[1].Today(), Views: want.views, Visits: want.visits, Visitors: visitors}); got != want {
		t.Errorf("the day has %+v, want %+v", got, want)
	}
	for path, views := range want.pages {
		if got := pageViews(t, copies[2], path); got != views {
			t.Errorf("%s: %d views, want %d", path, got, views)
		}
	}
}

// TestCopyWithoutReadersShowsTheTotals: a copy of which nobody asks anything has the figures of the others after its next flush.
func TestCopyWithoutReadersShowsTheTotals(t *testing.T) {
	copies, clock := threeCopies(t)
	busy, idle := store.NewHitBuffer(copies[0]), store.NewHitBuffer(copies[1])
	flush(t, idle)
	for i := range 7 {
		busy.Add(visitor(t, busy, fmt.Sprint(i)), "/", clock.Now())
	}
	flush(t, busy)
	flush(t, idle)
	if got, want := idle.Counters(), (model.Counters{Online: 7, Today: 7, Month: 7, Total: 7}); got != want {
		t.Errorf("got %+v, want %+v", got, want)
	}
}

// TestViewsThatComeAfterTheirDay: a copy comes back after the others have forgotten who came on the day before. Its views count, and nobody is
// counted twice as a visitor.
func TestViewsThatComeAfterTheirDay(t *testing.T) {
	copies, clock := threeCopies(t)
	late, other := store.OpenHits(copies[0]), store.NewHitBuffer(copies[1])
	for _, b := range []*store.HitBuffer{late, other} {
		for i := range 3 {
			b.Add(visitor(t, b, fmt.Sprint(i)), "/", clock.Now())
		}
	}
	flush(t, other)
	clock.Add(24 * time.Hour)
	other.Add(visitor(t, other, "0"), "/", clock.Now())
	flush(t, other)
	again := store.OpenHits(copies[0])
	flush(t, again)
	must(t, again.Close())
	days, err := copies[0].DayHits(t.Context(), 2)
	must(t, err)
	day := copies[0].Today()
	want := []model.DayHits{{Day: model.DayOf(storetest.Start()), Views: 6, Visits: 3, Visitors: 3}, {Day: day, Views: 1, Visits: 1, Visitors: 1}}
	if !slices.Equal(days, want) {
		t.Errorf("got %+v, want %+v", days, want)
	}
}

// TestACopyWhoseDiskIsGone: what it had not flushed is lost, and nothing else, neither of its own nor of what it counts afterwards.
func TestACopyWhoseDiskIsGone(t *testing.T) {
	database, clock := storetest.Postgres(t), storetest.NewClock()
	count := func(views int) *store.HitBuffer {
		b := store.OpenHits(storetest.Open(t, store.Options{Dir: t.TempDir(), Database: database, Now: clock.Now}))
		for range views {
			b.Add(visitor(t, b, "a"), "/", clock.Now())
		}
		return b
	}
	lost := count(5)
	flush(t, lost)
	for range 3 {
		lost.Add(visitor(t, lost, "a"), "/", clock.Now())
	}
	again := count(2)
	flush(t, again)
	if got := again.Counters().Total; got != 7 {
		t.Errorf("%d views, want 7", got)
	}
	must(t, again.Close())
	must(t, lost.Close())
}
