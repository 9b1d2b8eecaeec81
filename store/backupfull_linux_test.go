package store_test

import (
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

// fillDisk leaves so many bytes free on a folder's disk, and returns what makes room again.
func fillDisk(t *testing.T, folder string, free int) (empty func()) {
	t.Helper()
	var disk syscall.Statfs_t
	must(t, syscall.Statfs(folder, &disk))
	place := filepath.Join(folder, "day")
	must(t, os.WriteFile(place, make([]byte, int(disk.Bavail)*int(disk.Bsize)-free), 0o600))
	return func() { must(t, os.Remove(place)) }
}

// TestBackupFullDisk: with too little room, however much it is, the error says so, nothing is left but the old backups, and the portal's
// own disk is not touched; with room it works.
func TestBackupFullDisk(t *testing.T) {
	dir, s, _ := filled(t)
	disk := mountSmall(t, t.TempDir(), "size=8m")
	old := filepath.Join(disk, store.BackupName(noon()))
	backedUp(t, dir, s, old)
	good, err := os.ReadFile(old)
	must(t, err)
	for _, free := range []int{0, 100 << 10, 300 << 10, 600 << 10} {
		empty := fillDisk(t, disk, free)
		_, err := s.Backup(context.Background(), store.BackupOptions{File: filepath.Join(disk, "congso-20230706-120000.tar"), Content: filepath.Join(dir, "bai-viet")})
		if !errors.Is(err, model.ErrDiskFull) {
			t.Errorf("%d bytes free: %v", free, err)
		}
		files := storetest.Files(t, disk, "day", ".congso-backup.lock")
		if len(files) != 1 || files[filepath.Base(old)] != sha(good) {
			t.Errorf("%d bytes free: left %v", free, files)
		}
		empty()
	}
	next := filepath.Join(disk, "congso-20230706-120000.tar")
	backedUp(t, dir, s, next)
	if _, err := store.CheckBackup(context.Background(), next, nil); err != nil {
		t.Error(err)
	}
	storetest.Section(t, s, "Vẫn ghi được")
}

// TestRestoreFullDisk: with too little room beside the old records, however much it is, the error says so and the old records are there;
// with room it works.
func TestRestoreFullDisk(t *testing.T) {
	from, s, clock := filled(t)
	file := filepath.Join(t.TempDir(), "a.tar")
	backedUp(t, from, s, file)
	must(t, s.Close())
	disk := mountSmall(t, t.TempDir(), "size=8m")
	dir := filepath.Join(disk, "data")
	must(t, os.CopyFS(dir, os.DirFS(from)))
	must(t, os.WriteFile(filepath.Join(dir, "bai-viet", "vi", "moi.md"), []byte(strings.Repeat("mới", 100)), 0o600))
	before := state(t, dir)
	for _, free := range []int{0, 100 << 10, 500 << 10, 900 << 10} {
		empty := fillDisk(t, disk, free)
		_, err := store.Restore(context.Background(), dir, file, clock.Now(), nil)
		if !errors.Is(err, model.ErrDiskFull) {
			t.Errorf("%d bytes free: %v", free, err)
		}
		empty()
		if diff := cmp.Diff(before, state(t, dir)); diff != "" {
			t.Errorf("%d bytes free: -before +after:\n%s", free, diff)
		}
	}
	for _, free := range []int{0, 100 << 10, 500 << 10, 900 << 10} {
		var empty func()
		_, err := store.Restore(context.Background(), dir, file, clock.Now(), func(what string, _, _ int64) {
			if what == "Reading the archive" && empty == nil { // somebody takes the room that was there at the beginning
				empty = fillDisk(t, disk, free)
			}
		})
		if empty == nil || !errors.Is(err, model.ErrDiskFull) {
			t.Fatalf("%d bytes free from the middle: %v", free, err)
		}
		empty()
		if diff := cmp.Diff(before, state(t, dir)); diff != "" {
			t.Errorf("%d bytes free from the middle: -before +after:\n%s", free, diff)
		}
	}
	done, err := store.Restore(context.Background(), dir, file, clock.Now(), nil)
	must(t, err)
	if diff := cmp.Diff(state(t, from), state(t, dir)); diff != "" {
		t.Errorf("-backed up +restored:\n%s", diff)
	}
	if diff := cmp.Diff(before, state(t, done.Kept)); diff != "" {
		t.Errorf("-before +kept:\n%s", diff)
	}
}

// TestRestoreOwner: what root restores belongs to the data folder's owner, as the server wants it.
func TestRestoreOwner(t *testing.T) {
	from, s, clock := filled(t)
	file := filepath.Join(t.TempDir(), "a.tar")
	backedUp(t, from, s, file)
	must(t, s.Close())
	const owner, group = 12345, 12346
	dir := filepath.Join(t.TempDir(), "data")
	must(t, os.MkdirAll(dir, 0o700))
	must(t, os.WriteFile(filepath.Join(dir, "lock"), nil, 0o600))
	if err := os.Chown(dir, owner, group); err != nil {
		if os.Getenv("CONGSO_TEST_REQUIRE") == "all" {
			t.Fatal(err)
		}
		t.Skip("not root:", err)
	}
	for range 2 { // the second one keeps the first
		_, err := store.Restore(context.Background(), dir, file, clock.Now(), nil)
		must(t, err)
	}
	checked := 0
	must(t, filepath.WalkDir(dir, func(path string, _ os.DirEntry, err error) error {
		must(t, err)
		info, err := os.Lstat(path)
		must(t, err)
		stat, ok := info.Sys().(*syscall.Stat_t)
		if !ok || stat.Uid != owner || stat.Gid != group || info.Mode().Perm()&0o077 != 0 {
			t.Errorf("%s: %v of %d and %d", path, info.Mode(), stat.Uid, stat.Gid)
		}
		checked++
		return nil
	}))
	if checked < 20 {
		t.Errorf("%d files", checked)
	}
}
