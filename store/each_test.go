package store_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"testing"
	"time"

	"congso/store"
	"congso/store/model"
	"congso/store/storetest"
)

// buckets hold the files of tests that keep them so.
var buckets storetest.Buckets

func TestMain(m *testing.M) {
	code := m.Run()
	if err := buckets.Close(); err != nil {
		fmt.Fprintln(os.Stderr, err)
		code = 1
	}
	os.Exit(code)
}

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

// eachPlace is each for tests of the library's files: also with these in a folder that is named, and in a bucket.
func eachPlace(t *testing.T, test func(t *testing.T, s *store.Store, c *storetest.Clock)) {
	t.Helper()
	buckets.Each(t, func(t *testing.T, o store.Options) {
		s, c := openAt(t, o)
		test(t, s, c)
	})
}

// eachPlaceDir is eachPlace for tests that look for what is left behind.
func eachPlaceDir(t *testing.T, test func(t *testing.T, s *store.Store, nothingKept func(*testing.T))) {
	t.Helper()
	buckets.Each(t, func(t *testing.T, o store.Options) {
		s, _ := openAt(t, o)
		test(t, s, func(t *testing.T) {
			t.Helper()
			nothingKept(t, s, o)
		})
	})
}

// nothingKept holds that there is no file of the library, and none on its way.
func nothingKept(t *testing.T, s *store.Store, o store.Options) {
	t.Helper()
	total, err := s.CheckMedia(context.Background(), false, func(f store.MediaFault) { t.Errorf("left behind: %+v", f) })
	if err != nil || total.Files > 0 {
		t.Errorf("left behind: %+v, %v", total, err)
	}
	folder := filepath.Join(o.Dir, "media")
	if o.Media.Place != "" && !o.Media.Bucket() {
		folder = o.Media.Place
	}
	err = filepath.WalkDir(folder, func(path string, entry os.DirEntry, err error) error {
		if err == nil && !entry.IsDir() {
			t.Errorf("left behind: %s", path)
		}
		return err
	})
	if err != nil {
		t.Error(err)
	}
}

// openKept opens a file of the library by its hash, whatever its record says.
func openKept(s *store.Store, hash, variant string) (file store.MediaFile, err error) {
	for _, m := range []model.Media{{MIME: "image/jpeg", Width: 1}, {MIME: "image/png", Width: 1}, {}} {
		m.Hash = hash
		if file, err = s.OpenMedia(context.Background(), m, variant, true); err == nil || !errors.Is(err, model.ErrNotFound) {
			return file, err
		}
	}
	return file, err
}

// eachBench runs the benchmark at noon on an empty store of each kind.
func eachBench(b *testing.B, bench func(b *testing.B, s *store.Store)) {
	b.Helper()
	open := func(b *testing.B, o store.Options) {
		o.Dir = b.TempDir()
		s, _ := openAt(b, o)
		bench(b, s)
	}
	b.Run("sqlite", func(b *testing.B) { open(b, store.Options{}) })
	b.Run("postgres", func(b *testing.B) { open(b, store.Options{Database: storetest.Postgres(b)}) })
}

// openAt opens the store that o names at noon.
func openAt(t testing.TB, o store.Options) (*store.Store, *storetest.Clock) {
	t.Helper()
	c := storetest.NewClock()
	c.Set(noon())
	o.Now = c.Now
	return storetest.Open(t, o), c
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
