package store_test

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"congso/store"
	"congso/store/model"
	"congso/store/storetest"
)

// openHits opens the journal of the store's data folder until the end of the test.
func openHits(t testing.TB, s *store.Store) *store.HitBuffer {
	t.Helper()
	b := store.OpenHits(s)
	t.Cleanup(func() { must(t, b.Close()) })
	return b
}

// killed is a journal with views that the database has not got, as a killed program leaves it: nobody closes it.
func killed(t testing.TB, s *store.Store, at time.Time, paths ...string) *store.HitBuffer {
	t.Helper()
	b := store.OpenHits(s)
	for i, path := range paths {
		b.Add(visitor(t, b, string(rune('a'+i%5))), path, at)
	}
	return b
}

// segments are the paths of the journal's files, in the order of their names.
func segments(t testing.TB, dir string) []string {
	t.Helper()
	found, err := filepath.Glob(filepath.Join(dir, "hits", "*.journal"))
	must(t, err)
	return found
}

func counts(t testing.TB, b *store.HitBuffer, want model.Counters) {
	t.Helper()
	flush(t, b)
	if got := b.Counters(); got != want {
		t.Errorf("got %+v, want %+v", got, want)
	}
}

// eachJournal runs test at noon on an empty store of each kind, with its options.
func eachJournal(t *testing.T, test func(t *testing.T, s *store.Store, c *storetest.Clock, o store.Options)) {
	t.Helper()
	storetest.EachOptions(t, func(t *testing.T, o store.Options) {
		s, c := openAt(t, o)
		test(t, s, c, o)
	})
}

// TestJournalOutlivesAKill: what a killed program had not moved is counted by the next start, once, with its visitors; what it had moved is not
// counted again; nothing stays on the disk.
func TestJournalOutlivesAKill(t *testing.T) {
	eachJournal(t, func(t *testing.T, s *store.Store, c *storetest.Clock, o store.Options) {
		first := killed(t, s, c.Now(), "/", "/tin-tuc/a", "/")
		flush(t, first)
		first.Add(visitor(t, first, "a"), "/", c.Now())
		first.Add(visitor(t, first, "z"), "/tin-tuc/b", c.Now())
		killed(t, s, c.Now(), "/tin-tuc/c") // another, killed before any flush
		if n := len(segments(t, o.Dir)); n != 2 {
			t.Fatalf("%d files", n)
		}
		again := store.OpenHits(s)
		if got := again.Journal(); got.Bytes == 0 || got.Broken != nil || got.Pending != 0 {
			t.Errorf("what was found: %+v", got)
		}
		want := model.Counters{Online: 4, Today: 6, Month: 6, Total: 6}
		counts(t, again, want)
		if got, want := today(t, s), (model.DayHits{Day: "2023-07-05", Views: 6, Visits: 4, Visitors: 4}); got != want {
			t.Errorf("got %+v, want %+v", got, want)
		}
		for path, want := range map[string]int64{"/": 3, "/tin-tuc/a": 1, "/tin-tuc/b": 1, "/tin-tuc/c": 1} {
			if n := pageViews(t, s, path); n != want {
				t.Errorf("%s: %d views, want %d", path, n, want)
			}
		}
		if left := segments(t, o.Dir); len(left) > 0 {
			t.Errorf("left behind: %v", left)
		}
		must(t, again.Close())
		counts(t, openHits(t, s), want)
	})
}

// TestJournalMovedButNotRemoved: a program that is killed between the commit and the removal of the file leaves views that the database has.
func TestJournalMovedButNotRemoved(t *testing.T) {
	eachJournal(t, func(t *testing.T, s *store.Store, c *storetest.Clock, o store.Options) {
		b := killed(t, s, c.Now(), "/", "/", "/")
		file := segments(t, o.Dir)[0]
		whole, err := os.ReadFile(file)
		must(t, err)
		flush(t, b)
		b.Add(store.Visitor{}, "/", c.Now())
		flush(t, b)
		must(t, b.Close())
		must(t, os.WriteFile(file, whole, 0o600))
		counts(t, openHits(t, s), model.Counters{Online: 3, Today: 4, Month: 4, Total: 4})
		if left := segments(t, o.Dir); len(left) > 0 {
			t.Errorf("left behind: %v", left)
		}
	})
}

// recordEnds are where the records of a file end; those of its head come first.
func recordEnds(t testing.TB, file []byte) (ends []int) {
	t.Helper()
	at := 16
	for at < len(file) && file[at] == 0xC5 {
		at += int(binary.LittleEndian.Uint16(file[at+2:]))
		ends = append(ends, at)
	}
	return ends
}

// TestJournalTornAtEveryByte: whatever a power cut has left of the last views, those before them count, and the rest is told of.
func TestJournalTornAtEveryByte(t *testing.T) {
	var log bytes.Buffer
	o := store.Options{Dir: t.TempDir(), Log: slog.New(slog.NewJSONHandler(&log, nil))}
	s, c := openAt(t, o)
	killed(t, s, c.Now(), "/mot", "/hai", "/ba")
	file, db := segments(t, o.Dir)[0], raw(t, o)
	whole, err := os.ReadFile(file)
	must(t, err)
	ends := recordEnds(t, whole)
	if len(ends) != 3 {
		t.Fatalf("records end at %v", ends)
	}
	tails := [][]byte{nil, make([]byte, 5000), []byte("\xC5\xff\xff\x7fx"), bytes.Repeat([]byte{0xC5, 7, 60, 0}, 40)}
	for size := range ends[2] + 1 {
		data := slices.Concat(whole[:size], tails[size%len(tails)])
		must(t, os.WriteFile(file, data, 0o600))
		run(t, db, `DELETE FROM hit_flush`)
		run(t, db, `UPDATE hit_total SET views = 0`)
		want := int64(0)
		for _, end := range ends {
			if len(data) >= end && bytes.Equal(data[:end], whole[:end]) {
				want++
			}
		}
		b := store.OpenHits(s)
		flush(t, b)
		if got := b.Counters().Total; got != want {
			t.Fatalf("cut at %d: %d views, want %d", size, got, want)
		}
		if got := b.Journal().Damaged; size > 16 && size%len(tails) == 2 && got < int64(3) {
			t.Errorf("cut at %d: %d damaged bytes", size, got)
		}
		must(t, b.Close())
	}
	if !strings.Contains(log.String(), "are damaged") || !strings.Contains(log.String(), filepath.Base(file)) {
		t.Errorf("the log: %s", log.String())
	}
}

// TestJournalViewsAfterDamage: bytes that a bad disk has changed take the view away that they were, and no other.
func TestJournalViewsAfterDamage(t *testing.T) {
	s, c, dir := openDir(t)
	b := killed(t, s, c.Now(), "/mot", "/hai", "/ba")
	file := segments(t, dir)[0]
	data, err := os.ReadFile(file)
	must(t, err)
	ends := recordEnds(t, data)
	data[ends[0]+30] ^= 1
	must(t, os.WriteFile(file, data, 0o600))
	counts(t, b, model.Counters{Online: 2, Today: 2, Month: 2, Total: 2})
	if got := b.Journal(); got.Damaged == 0 || got.Damaged > int64(ends[1]-ends[0]) || got.Pending != 0 {
		t.Errorf("%+v", got)
	}
}

func openDir(t testing.TB) (*store.Store, *storetest.Clock, string) {
	t.Helper()
	o := store.Options{Dir: t.TempDir()}
	s, c := openAt(t, o)
	return s, c, o.Dir
}

// TestJournalLeavesStrangersAlone: what is no journal stays as it is, is told of, and holds nothing up; neither do a file that was hardly
// begun and one of a writer that nobody knows.
func TestJournalLeavesStrangersAlone(t *testing.T) {
	var log bytes.Buffer
	o := store.Options{Dir: t.TempDir(), Log: slog.New(slog.NewJSONHandler(&log, nil))}
	s, c := openAt(t, o)
	killed(t, s, c.Now(), "/mot")
	folder := filepath.Join(o.Dir, "hits")
	writer := strings.Repeat("A", 26)
	strangers := map[string]string{
		"ghi-chu.txt": "không phải của chương trình", writer + "-000001.journal": "something else that is long enough",
		writer + "-1.journal": "congso hits 1\r\n\x00", writer + "-000003.journal": "congso hits 1\r\n\x00" + strings.Repeat("\x00", 4<<20),
	}
	for name, text := range strangers {
		must(t, os.WriteFile(filepath.Join(folder, name), []byte(text), 0o600))
	}
	must(t, os.Mkdir(filepath.Join(folder, writer+"-000009.journal"), 0o700))
	must(t, os.WriteFile(filepath.Join(folder, writer+"-000004.journal"), []byte("congso h"), 0o600)) // hardly begun
	data, err := os.ReadFile(segments(t, o.Dir)[0])
	must(t, err)
	must(t, os.WriteFile(filepath.Join(folder, strings.Repeat("B", 26)+"-000001.journal"), data, 0o600)) // its views are another's
	b := openHits(t, s)
	counts(t, b, model.Counters{Online: 1, Today: 1, Month: 1, Total: 1})
	for name, text := range strangers {
		if got, err := os.ReadFile(filepath.Join(folder, name)); err != nil || string(got) != text {
			t.Errorf("%s was changed: %v", name, err)
		}
		if !strings.Contains(log.String(), name) {
			t.Errorf("%s is not in the log", name)
		}
	}
	if _, err := os.Stat(filepath.Join(folder, writer+"-000004.journal")); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("what was hardly begun is still there: %v", err)
	}
}

// TestJournalThatCannotBeWritten: views are counted all the same, it is told, and it is over when there is a folder to write in.
func TestJournalThatCannotBeWritten(t *testing.T) {
	eachJournal(t, func(t *testing.T, s *store.Store, c *storetest.Clock, o store.Options) {
		place := filepath.Join(o.Dir, "hits")
		must(t, os.WriteFile(place, nil, 0o600)) // a file where the folder should be
		b := openHits(t, s)
		for range 3 {
			b.Add(visitor(t, b, "a"), "/", c.Now())
		}
		if got := b.Journal(); got.Broken == nil || got.Pending != 3 || got.Bytes != 0 {
			t.Errorf("%+v", got)
		}
		counts(t, b, model.Counters{Online: 1, Today: 3, Month: 3, Total: 3})
		must(t, os.Remove(place))
		b.Add(visitor(t, b, "b"), "/", c.Now())
		if got := b.Journal(); got.Broken != nil || got.Pending != 1 || got.Bytes == 0 || len(segments(t, o.Dir)) != 1 {
			t.Errorf("with a folder: %+v", got)
		}
		counts(t, b, model.Counters{Online: 2, Today: 4, Month: 4, Total: 4})
	})
}

// TestJournalIsBounded: while the database takes nothing, the journal grows to its bound and no further; the views beyond it, and those told
// apart no more, count all the same.
func TestJournalIsBounded(t *testing.T) {
	s, c, dir := openDir(t)
	b := openHits(t, s)
	v := visitor(t, b, "a")
	long := "/" + strings.Repeat("x", 480)
	const views = 140_000 // of 550 bytes each: 77 MB
	for range views {
		b.Add(v, long, c.Now())
	}
	state := b.Journal()
	if state.Bytes > 64<<20 || state.Bytes < 60<<20 || state.Broken == nil || state.Pending != views || len(segments(t, dir)) > 16 {
		t.Errorf("%+v in %d files", state, len(segments(t, dir)))
	}
	counts(t, b, model.Counters{Online: 1, Today: views, Month: views, Total: views})
	b.Add(v, long, c.Now())
	if state := b.Journal(); state.Broken != nil || state.Pending != 1 || len(segments(t, dir)) != 1 {
		t.Errorf("afterwards: %+v in %d files", state, len(segments(t, dir)))
	}
	if n := pageViews(t, s, long); n != views {
		t.Errorf("%d views of the page", n)
	}
}

// TestCoarseViews: views of more pages than are told apart count as views, and how many they are is known.
func TestCoarseViews(t *testing.T) {
	s, c, _ := openDir(t)
	b := store.NewHitBuffer(s)
	const pages, apart = 300_100, 300_000
	for i := range pages {
		b.Add(store.Visitor{}, "/"+strconv.Itoa(i), c.Now())
	}
	b.Add(store.Visitor{}, "/0", c.Now())
	counts(t, b, model.Counters{Today: pages + 1, Month: pages + 1, Total: pages + 1})
	if got := b.Journal().Coarse; got != pages-apart {
		t.Errorf("%d coarse views", got)
	}
	if first, last := pageViews(t, s, "/0"), pageViews(t, s, "/"+strconv.Itoa(pages-1)); first != 2 || last != 0 {
		t.Errorf("%d views of the first page, %d of the last", first, last)
	}
}

// TestJournalCutShort: somebody who cuts the open file takes views away; the program goes on.
func TestJournalCutShort(t *testing.T) {
	s, c, dir := openDir(t)
	b := killed(t, s, c.Now(), "/")
	flush(t, b)
	must(t, os.Truncate(segments(t, dir)[0], 0))
	b.Add(store.Visitor{}, "/", c.Now())
	counts(t, b, model.Counters{Online: 1, Today: 2, Month: 2, Total: 2})
	must(t, b.Close())
}

// TestJournalOfAPastDay: views that a killed program left on one day count on it when the next start is on another, as long as its visitors are kept.
func TestJournalOfAPastDay(t *testing.T) {
	eachJournal(t, func(t *testing.T, s *store.Store, c *storetest.Clock, _ store.Options) {
		evening := noon().Add(11*time.Hour + 59*time.Minute)
		c.Set(evening)
		b := killed(t, s, evening, "/", "/", "/")
		c.Set(evening.Add(2 * time.Minute))
		b.Add(visitor(t, b, "a"), "/", c.Now())
		c.Set(evening.AddDate(0, 0, -2)) // a clock that was set back meanwhile
		b.Add(store.Visitor{}, "/", c.Now())
		c.Set(evening.Add(10 * time.Minute))
		again := openHits(t, s)
		counts(t, again, model.Counters{Today: 1, Month: 5, Total: 5})
		days, err := s.DayHits(context.Background(), 4)
		want := []model.DayHits{{Day: "2023-07-03", Views: 1}, {Day: "2023-07-04"}, {Day: "2023-07-05", Views: 3, Visits: 3, Visitors: 3}, {Day: "2023-07-06", Views: 1, Visits: 1, Visitors: 1}}
		if err != nil || !slices.Equal(days, want) {
			t.Errorf("got %v, want %v, %v", days, want, err)
		}
	})
}

// TestJournalOfADatabaseSetBack: a database that was set back to an earlier state under the running program counts what comes, and what it has
// not got of the open segment is not asked for again.
func TestJournalOfADatabaseSetBack(t *testing.T) {
	eachJournal(t, func(t *testing.T, s *store.Store, c *storetest.Clock, o store.Options) {
		b := killed(t, s, c.Now(), "/", "/")
		flush(t, b)
		db := raw(t, o)
		run(t, db, `DELETE FROM hit_flush`)
		run(t, db, `UPDATE hit_total SET views = 0`)
		b.Add(store.Visitor{}, "/", c.Now())
		flush(t, b)
		if got := b.Counters().Total; got != 1 {
			t.Errorf("%d views", got)
		}
		must(t, b.Close())
	})
}
