package store_test

import (
	"testing"
	"time"

	"congso/store"
	"congso/store/model"
	"congso/store/storetest"
)

// noon is when the tests of search, counters and media take place.
func noon() time.Time { return time.Date(2023, 7, 5, 12, 0, 0, 0, model.Zone()) }

// each runs test at noon on an empty store of each kind.
func each(t *testing.T, test func(t *testing.T, s *store.Store, c *storetest.Clock)) {
	t.Helper()
	storetest.EachClock(t, func(t *testing.T, s *store.Store, c *storetest.Clock) {
		c.Set(noon())
		test(t, s, c)
	})
}

// openAt opens a SQLite store in dir at noon.
func openAt(t testing.TB, dir string) (*store.Store, *storetest.Clock) {
	t.Helper()
	c := storetest.NewClock()
	c.Set(noon())
	return storetest.Open(t, store.Options{Dir: dir, Now: c.Now}), c
}
