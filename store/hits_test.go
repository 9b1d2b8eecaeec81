package store_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"congso/store"
	"congso/store/model"
	"congso/store/storetest"
)

func visitor(t testing.TB, b *store.HitBuffer, address string) store.Visitor {
	t.Helper()
	v, err := b.Visitor(address, "agent")
	if err != nil {
		t.Fatal(err)
	}
	return v
}

func flush(t testing.TB, b *store.HitBuffer) {
	t.Helper()
	if err := b.Flush(context.Background()); err != nil {
		t.Fatal(err)
	}
}

// pageViews is how often a page was seen by what the database has, which the pages themselves show for records alone.
func pageViews(t testing.TB, s *store.Store, path string) int64 {
	t.Helper()
	return s.ID(t, `SELECT COALESCE(CAST(SUM(views) AS BIGINT), 0) FROM hit_page_total WHERE path = '`+strings.ReplaceAll(path, "'", "''")+`'`)
}

// today are the figures of the current day in the database.
func today(t testing.TB, s *store.Store) model.DayHits {
	t.Helper()
	days, err := s.DayHits(context.Background(), 1)
	if err != nil || len(days) != 1 {
		t.Fatal(days, err)
	}
	return days[0]
}

func TestHitsManyAtOnce(t *testing.T) {
	const workers, adds = 8, 500
	each(t, func(t *testing.T, s *store.Store, c *storetest.Clock) {
		b := openHits(t, s)
		var adding, flushing sync.WaitGroup
		stop := make(chan struct{})
		for range 2 {
			flushing.Go(func() {
				last := int64(0)
				for {
					select {
					case <-stop:
						return
					default:
					}
					if err := b.Flush(context.Background()); err != nil {
						t.Error(err)
					}
					if total := b.Counters().Total; total < last {
						t.Errorf("the total fell from %d to %d", last, total)
					} else {
						last = total
					}
				}
			})
		}
		for w := range workers {
			adding.Go(func() {
				for i := range adds {
					v, err := b.Visitor(fmt.Sprint(w, i%10), "agent")
					if err != nil {
						t.Error(err)
					}
					b.Add(v, fmt.Sprint("/trang/", i%5), c.Now())
				}
			})
		}
		adding.Wait()
		close(stop)
		flushing.Wait()
		want := model.Counters{Online: 80, Today: workers * adds, Month: workers * adds, Total: workers * adds}
		flush(t, b)
		if got := b.Counters(); got != want {
			t.Errorf("after it: got %+v, want %+v", got, want)
		}
		if got, want := today(t, s), (model.DayHits{Day: "2023-07-05", Views: workers * adds, Visits: 80, Visitors: 80}); got != want {
			t.Errorf("got %+v, want %+v", got, want)
		}
		for i := range 5 {
			if n := pageViews(t, s, fmt.Sprint("/trang/", i)); n != workers*adds/5 {
				t.Errorf("page %d has %d views", i, n)
			}
		}
		other := store.NewHitBuffer(s) // another copy of the portal sees the same
		flush(t, other)
		if got := other.Counters(); got != want {
			t.Errorf("another copy: got %+v, want %+v", got, want)
		}
		if visitor(t, other, "00") != visitor(t, b, "00") {
			t.Error("two copies hash a visitor differently")
		}
	})
}

func TestFailingFlush(t *testing.T) {
	t.Run("in memory", func(t *testing.T) { failingFlush(t, store.NewHitBuffer) })
	t.Run("in the journal", func(t *testing.T) { failingFlush(t, store.OpenHits) })
}

func failingFlush(t *testing.T, open func(*store.Store) *store.HitBuffer) {
	each(t, func(t *testing.T, s *store.Store, c *storetest.Clock) {
		b := open(s)
		flush(t, b)
		v := visitor(t, b, "a")
		b.Add(v, "/", c.Now())
		canceled, cancel := context.WithCancel(context.Background())
		cancel()
		if err := b.Flush(canceled); !errors.Is(err, context.Canceled) {
			t.Fatalf("got %v", err)
		}
		b.Add(v, "/", c.Now())
		b.Add(visitor(t, b, "b"), "/khac", c.Now())
		want := model.Counters{Online: 2, Today: 3, Month: 3, Total: 3}
		if got := b.Counters(); got != (model.Counters{}) {
			t.Errorf("after the failure: got %+v, want only what is in the database", got)
		}
		flush(t, b)
		if n := pageViews(t, s, "/"); n != 2 {
			t.Errorf("%d views of the page", n)
		}
		if got := b.Counters(); got != want {
			t.Errorf("after the next: got %+v, want %+v", got, want)
		}
		if got, want := today(t, s), (model.DayHits{Day: "2023-07-05", Views: 3, Visits: 2, Visitors: 2}); got != want {
			t.Errorf("got %+v, want %+v", got, want)
		}
		if n := b.Journal().Pending; n != 0 {
			t.Errorf("%d views are pending", n)
		}
		must(t, b.Close())
	})
}

func TestClosedDatabaseLosesNothing(t *testing.T) {
	each(t, func(t *testing.T, s *store.Store, c *storetest.Clock) {
		b := store.NewHitBuffer(s)
		v := visitor(t, b, "a")
		b.Add(v, "/", c.Now())
		flush(t, b)
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
		for range 2 {
			b.Add(v, "/", c.Now())
			if err := b.Flush(context.Background()); err == nil {
				t.Fatal("a flush into a closed database succeeded")
			}
		}
		if got, want := b.Counters(), (model.Counters{Online: 1, Today: 1, Month: 1, Total: 1}); got != want {
			t.Errorf("got %+v, want what the database held: %+v", got, want)
		}
		c.Add(24 * time.Hour)
		for range 3 {
			if v, err := b.Visitor("a", "agent"); err == nil || v != (store.Visitor{}) {
				t.Errorf("a visitor without a salt: %v", v)
			}
		}
	})
}

func TestVisits(t *testing.T) {
	for name, test := range map[string]struct {
		minutes []int // of the views of one visitor
		visits  int64
	}{
		"one":                {[]int{0}, 1},
		"soon again":         {[]int{0, 29}, 1},
		"after half an hour": {[]int{0, 30}, 2},
		"a long stay":        {[]int{0, 20, 40, 60}, 1},
		"three visits":       {[]int{0, 31, 62, 70}, 3},
	} {
		t.Run(name, func(t *testing.T) {
			each(t, func(t *testing.T, s *store.Store, c *storetest.Clock) {
				flushed, kept := store.NewHitBuffer(s), store.NewHitBuffer(s)
				for _, minute := range test.minutes {
					at := noon().Add(time.Duration(minute) * time.Minute)
					c.Set(at)
					flushed.Add(visitor(t, flushed, "a"), "/", at)
					kept.Add(visitor(t, kept, "b"), "/", at)
					flush(t, flushed)
				}
				flush(t, kept) // all in one batch: the same figures
				want := model.DayHits{Day: "2023-07-05", Views: 2 * int64(len(test.minutes)), Visits: 2 * test.visits, Visitors: 2}
				if got := today(t, s); got != want {
					t.Errorf("got %+v, want %+v", got, want)
				}
			})
		})
	}
}

func TestOnlineAcrossMidnight(t *testing.T) {
	midnight := time.Date(2023, 8, 1, 0, 0, 0, 0, model.Zone())
	each(t, func(t *testing.T, s *store.Store, c *storetest.Clock) {
		b := store.NewHitBuffer(s)
		see := func(at time.Time, address string, want int64) {
			t.Helper()
			c.Set(at)
			if address != "" {
				b.Add(visitor(t, b, address), "/", at)
			}
			flush(t, b)
			if got := b.Counters().Online; got != want {
				t.Errorf("%s: %d online, want %d", at.Format("15:04:05"), got, want)
			}
		}
		see(midnight.Add(-2*time.Minute), "a", 1)
		see(midnight.Add(-time.Minute), "b", 2)
		see(midnight.Add(-time.Second), "a", 2)
		see(midnight.Add(time.Second), "a", 2)
		see(midnight.Add(2*time.Second), "a", 2)
		see(midnight.Add(time.Minute), "b", 2)
		see(midnight.Add(2*time.Minute), "c", 3)
		flush(t, b)
		other := store.NewHitBuffer(s)
		flush(t, other)
		if got := other.Counters().Online; got != 3 {
			t.Errorf("another copy: %d online", got)
		}
		see(midnight.Add(5*time.Minute+2*time.Second), "", 2)
		see(midnight.Add(10*time.Minute), "", 0)
	})
}

func TestDaysAndMonthsRoll(t *testing.T) {
	each(t, func(t *testing.T, s *store.Store, c *storetest.Clock) {
		b := store.NewHitBuffer(s)
		evening := time.Date(2023, 7, 30, 23, 59, 0, 0, model.Zone())
		for i, want := range []model.Counters{{Today: 1, Month: 1, Total: 1}, {Today: 1, Month: 2, Total: 2}, {Today: 1, Month: 1, Total: 3}} {
			c.Set(evening.AddDate(0, 0, i))
			b.Add(store.Visitor{}, "/", c.Now())
			flush(t, b)
			if got := b.Counters(); got != want {
				t.Errorf("%d flushed: got %+v, want %+v", i, got, want)
			}
		}
		c.Add(2 * time.Minute) // midnight, before any flush
		if got, want := b.Counters(), (model.Counters{Today: 0, Month: 1, Total: 3}); got != want {
			t.Errorf("after midnight: got %+v, want %+v", got, want)
		}
		days, err := s.DayHits(context.Background(), 4)
		want := []model.DayHits{{Day: "2023-07-30", Views: 1}, {Day: "2023-07-31", Views: 1}, {Day: "2023-08-01", Views: 1}, {Day: "2023-08-02"}}
		if err != nil || !slices.Equal(days, want) {
			t.Errorf("got %v, want %v, %v", days, want, err)
		}
	})
}

// What a day left behind is forgotten, and a visitor's hash says nothing on another day.
func TestVisitorsAreForgotten(t *testing.T) {
	each(t, func(t *testing.T, s *store.Store, c *storetest.Clock) {
		b := store.NewHitBuffer(s)
		first := visitor(t, b, "a")
		if visitor(t, b, "a") != first || visitor(t, b, "b") == first {
			t.Error("hashes do not tell visitors apart")
		}
		b.Add(first, "/", c.Now())
		flush(t, b)
		for range 3 {
			c.Add(24 * time.Hour)
			v := visitor(t, b, "a")
			if v == first {
				t.Error("the hash of another day is the same")
			}
			b.Add(v, "/", c.Now())
			flush(t, b)
		}
		c.Set(noon()) // the clock of that day again: its salt is gone
		if visitor(t, store.NewHitBuffer(s), "a") == first {
			t.Error("an old salt was kept")
		}
		if totals, err := s.Totals(context.Background()); err != nil || totals != (store.HitTotals{Views: 4, Visits: 4, Visitors: 4}) {
			t.Errorf("got %+v, %v", totals, err)
		}
	})
}

// What a day left behind is forgotten on a portal that is never idle, too.
func TestVisitorsAreForgottenWhileViewsCome(t *testing.T) {
	each(t, func(t *testing.T, s *store.Store, c *storetest.Clock) {
		b := store.NewHitBuffer(s)
		first := visitor(t, b, "a")
		c.Set(model.DayOf(c.Now()).Time().AddDate(0, 0, 1))
		for range 40 { // 20 minutes, without one in which nobody comes
			b.Add(visitor(t, b, "a"), "/", c.Now())
			flush(t, b)
			c.Add(30 * time.Second)
		}
		c.Set(noon()) // the clock of that day again: its salt is gone
		if visitor(t, store.NewHitBuffer(s), "a") == first {
			t.Error("the salt of the day before was kept")
		}
	})
}

func TestOpeningBalanceAndSeed(t *testing.T) {
	each(t, func(t *testing.T, s *store.Store, c *storetest.Clock) {
		ctx := context.Background()
		setOpening := func(n int64) {
			t.Helper()
			if err := s.PutSite(ctx, model.Actor{Name: "test"}, &model.Site{Name: "Sở", Opening: n}); err != nil {
				t.Fatal(err)
			}
		}
		setOpening(1000)
		seed := []model.DayHits{{Day: "2023-07-03", Views: 7, Visits: 3, Visitors: 2}, {Day: "2023-06-30", Views: 5, Visits: 2, Visitors: 1}}
		if err := s.SeedHits(ctx, seed, map[string]store.SeedPage{"/tin-tuc/a": {Views: 12}}); err != nil {
			t.Fatal(err)
		}
		b := store.NewHitBuffer(s)
		b.Add(store.Visitor{}, "/", c.Now())
		flush(t, b)
		if got, want := b.Counters(), (model.Counters{Today: 1, Month: 8, Total: 1013}); got != want {
			t.Errorf("got %+v, want %+v", got, want)
		}
		setOpening(1500)
		flush(t, b)
		if got := b.Counters().Total; got != 1513 {
			t.Errorf("with a higher balance: %d", got)
		}
		if totals, err := s.Totals(ctx); err != nil || totals != (store.HitTotals{Opening: 1500, Views: 13, Visits: 5, Visitors: 3}) {
			t.Errorf("got %+v, %v", totals, err)
		}
	})
}

func TestPagesOnceCounted(t *testing.T) {
	each(t, func(t *testing.T, s *store.Store, c *storetest.Clock) {
		b := store.NewHitBuffer(s)
		long := "/" + string(make([]byte, 600))
		for i, path := range []string{"/b", "/a", "/c", "/c", long, "/\xff", "/\x00"} { // the last three count as views alone
			b.Add(store.Visitor{}, path, c.Now().AddDate(0, 0, -i/3))
		}
		flush(t, b)
		if total := b.Counters().Total; total != 7 {
			t.Errorf("total %d", total)
		}
		for path, want := range map[string]int64{"/a": 1, "/b": 1, "/c": 2, "/d": 0} {
			if got := pageViews(t, s, path); got != want {
				t.Errorf("%s: %d views, want %d", path, got, want)
			}
		}
	})
}

func TestRunFlushesAtTheEnd(t *testing.T) {
	each(t, func(t *testing.T, s *store.Store, c *storetest.Clock) {
		b := store.NewHitBuffer(s)
		ctx, cancel := context.WithCancel(context.Background())
		var running sync.WaitGroup
		running.Go(func() { b.Run(ctx) })
		for range 50 {
			b.Add(store.Visitor{}, "/", c.Now())
		}
		cancel()
		running.Wait()
		if got := today(t, s).Views; got != 50 {
			t.Errorf("%d views in the database", got)
		}
	})
}
