package store_test

import (
	"context"
	"os"
	"path/filepath"
	"testing"

	"congso/store"
	"congso/store/model"
	"congso/store/storetest"
)

// TestHitsOfARestore: the totals of a restored portal are those of the backup and what came after the restore. Views that the old database had
// not got yet stay with it, and are not counted by the one that takes its place.
func TestHitsOfARestore(t *testing.T) {
	o := store.Options{Dir: t.TempDir()}
	s, c := openAt(t, o)
	b := store.OpenHits(s)
	see := func(b *store.HitBuffer, views int) {
		for range views {
			b.Add(store.Visitor{}, "/", c.Now())
		}
	}
	see(b, 3)
	flush(t, b)
	file := filepath.Join(t.TempDir(), "a.tar")
	_, err := s.Backup(context.Background(), store.BackupOptions{File: file})
	must(t, err)
	see(b, 10)
	flush(t, b)
	see(b, 100) // the program is killed before the next flush
	must(t, s.Close())
	restored, err := store.Restore(context.Background(), o.Dir, file, noon(), nil)
	must(t, err)
	if left := segments(t, o.Dir); len(left) > 0 {
		t.Errorf("the new database would count %v", left)
	}
	after, _ := openAt(t, o)
	now := openHits(t, after)
	counts(t, now, model.Counters{Today: 3, Month: 3, Total: 3})
	see(now, 1000)
	counts(t, now, model.Counters{Today: 1003, Month: 1003, Total: 1003})
	if kept := segments(t, restored.Kept); len(kept) != 1 {
		t.Fatalf("with the old database: %v", kept)
	}
	old, _ := openAt(t, store.Options{Dir: restored.Kept})
	counts(t, openHits(t, old), model.Counters{Today: 113, Month: 113, Total: 113})
}

// TestHitsOfACopiedFolder: two copies of a data folder, each with its database, count what neither had, each once.
func TestHitsOfACopiedFolder(t *testing.T) {
	o := store.Options{Dir: t.TempDir()}
	s, c := openAt(t, o)
	b := killed(t, s, c.Now(), "/", "/")
	flush(t, b)
	b.Add(store.Visitor{}, "/", c.Now())
	must(t, s.Close())
	copied := filepath.Join(t.TempDir(), "copy")
	must(t, os.CopyFS(copied, os.DirFS(o.Dir)))
	for _, dir := range []string{o.Dir, copied} {
		again, _ := openAt(t, store.Options{Dir: dir})
		counts(t, openHits(t, again), model.Counters{Online: 2, Today: 3, Month: 3, Total: 3})
	}
}

// TestHitsOfACopiedFolderOnOneDatabase: the copies count the views once where they share the database.
func TestHitsOfACopiedFolderOnOneDatabase(t *testing.T) {
	o := store.Options{Dir: t.TempDir(), Database: storetest.Postgres(t)}
	s, c := openAt(t, o)
	killed(t, s, c.Now(), "/", "/")
	copied := o
	copied.Dir = filepath.Join(t.TempDir(), "copy")
	must(t, os.CopyFS(copied.Dir, os.DirFS(o.Dir)))
	counts(t, openHits(t, s), model.Counters{Online: 2, Today: 2, Month: 2, Total: 2})
	other, _ := openAt(t, copied)
	counts(t, openHits(t, other), model.Counters{Online: 2, Today: 2, Month: 2, Total: 2})
	if left := segments(t, copied.Dir); len(left) > 0 {
		t.Errorf("left behind: %v", left)
	}
}
