package store_test

import (
	"bytes"
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/google/go-cmp/cmp"

	"congso/store"
	"congso/store/model"
	"congso/store/storetest"
)

// fixtureOn is the fixture on a disk of its own of so many MB. Without the right to mount one it skips the test, or fails it when
// CONGSO_TEST_REQUIRE is "all".
func fixtureOn(t *testing.T, number, megabytes string) (dir string) {
	t.Helper()
	dir = t.TempDir()
	if err := syscall.Mount("tmpfs", dir, "tmpfs", 0, "mode=0700,size="+megabytes+"m"); err != nil {
		const message = "no right to mount a small disk"
		if os.Getenv("CONGSO_TEST_REQUIRE") == "all" {
			t.Fatal(message, err)
		}
		t.Skip(message, err)
	}
	t.Cleanup(func() {
		if err := syscall.Unmount(dir, 0); err != nil {
			t.Error(err)
		}
	})
	copyFile(t, filepath.Join(fixture(t, number), "congso.db"), filepath.Join(dir, "congso.db"))
	return dir
}

// TestUpgradeOnAFullDisk: it does not begin without room; what takes the room meanwhile ends it; the old state stands, and with room it works.
func TestUpgradeOnAFullDisk(t *testing.T) {
	dir := fixtureOn(t, "00003", "24")
	filler := filepath.Join(dir, "filler")
	before := content(t, dir)
	refused := func(o store.Options, want string) {
		t.Helper()
		o.Dir, o.Renderer = dir, storetest.Renderer()
		_, err := store.Open(context.Background(), o)
		if !errors.Is(err, model.ErrDiskFull) || !strings.Contains(err.Error(), want) || !strings.Contains(err.Error(), "free space") {
			t.Errorf("error %v", err)
		}
		if diff := cmp.Diff(before, content(t, dir), cmp.AllowUnexported(table{})); diff != "" {
			t.Error(diff)
		}
		sound(t, dir)
		only(t, dir, "congso.db", "congso.db-wal", "media", "filler")
	}
	must(t, os.WriteFile(filler, make([]byte, 10<<20), 0o600))
	refused(store.Options{}, "MB are needed")
	must(t, os.Remove(filler))
	full := func(step string, _, _ int64) {
		if strings.HasPrefix(step, "Migration 00006") {
			if err := os.WriteFile(filler, bytes.Repeat([]byte("x"), 24<<20), 0o600); !errors.Is(err, syscall.ENOSPC) {
				t.Errorf("the disk is not full: %v", err)
			}
		}
	}
	refused(store.Options{Progress: full}, "the database is as it was")
	must(t, os.Remove(filler))
	t.Run("with room", func(t *testing.T) { // closes the store before the disk goes
		storetest.Open(t, store.Options{Dir: dir})
		list, err := store.Snapshots(dir)
		if err != nil || len(list) != 1 || list[0].Schema != 3 {
			t.Errorf("snapshots %+v, %v", list, err)
		}
	})
	sound(t, dir)
}
