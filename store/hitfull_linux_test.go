package store_test

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"syscall"
	"testing"

	"congso/store"
	"congso/store/model"
)

// TestJournalOnAFullDisk: views count while the journal's disk is full, and are written there again when it has room.
func TestJournalOnAFullDisk(t *testing.T) {
	dir := t.TempDir()
	hits := filepath.Join(dir, "hits")
	must(t, os.Mkdir(hits, 0o700))
	mountSmall(t, hits, "size=6m")
	t.Run("", func(t *testing.T) { // closes the journal before the disk goes
		s, c := openAt(t, store.Options{Dir: dir})
		filler := filepath.Join(hits, "filler")
		if err := os.WriteFile(filler, bytes.Repeat([]byte("x"), 8<<20), 0o600); !errors.Is(err, syscall.ENOSPC) {
			t.Fatalf("the disk is not full: %v", err)
		}
		b := openHits(t, s)
		for range 3 {
			b.Add(visitor(t, b, "a"), "/", c.Now())
		}
		if got := b.Journal(); !errors.Is(got.Broken, syscall.ENOSPC) || got.Pending != 3 || got.Bytes != 0 || len(segments(t, dir)) != 0 {
			t.Errorf("full: %+v, files %v", got, segments(t, dir))
		}
		counts(t, b, model.Counters{Online: 1, Today: 3, Month: 3, Total: 3})
		must(t, os.Remove(filler))
		b.Add(visitor(t, b, "b"), "/", c.Now())
		if got := b.Journal(); got.Broken != nil || len(segments(t, dir)) != 1 {
			t.Errorf("with room: %+v, files %v", got, segments(t, dir))
		}
		// The room of the open file was set aside: it can be filled on a disk that is full by now.
		if err := os.WriteFile(filler, bytes.Repeat([]byte("x"), 8<<20), 0o600); !errors.Is(err, syscall.ENOSPC) {
			t.Fatalf("the disk is not full: %v", err)
		}
		const views = 70_000 // of more than 4 MB
		v := visitor(t, b, "b")
		for range views {
			b.Add(v, "/tin-tuc/tin", c.Now())
		}
		if got := b.Journal(); !errors.Is(got.Broken, syscall.ENOSPC) || got.Pending != views+1 {
			t.Errorf("full again: %+v", got)
		}
		counts(t, b, model.Counters{Online: 2, Today: views + 4, Month: views + 4, Total: views + 4})
	})
}

// TestJournalInAFolderThatMayNotBeWritten is TestJournalThatCannotBeWritten for a disk that is mounted for reading alone.
func TestJournalInAFolderThatMayNotBeWritten(t *testing.T) {
	dir := t.TempDir()
	hits := filepath.Join(dir, "hits")
	must(t, os.Mkdir(hits, 0o700))
	mountSmall(t, hits, "ro,size=6m")
	t.Run("", func(t *testing.T) {
		s, c := openAt(t, store.Options{Dir: dir})
		b := openHits(t, s)
		b.Add(visitor(t, b, "a"), "/", c.Now())
		if got := b.Journal(); !errors.Is(got.Broken, syscall.EROFS) {
			t.Errorf("%+v", got)
		}
		counts(t, b, model.Counters{Online: 1, Today: 1, Month: 1, Total: 1})
	})
}
