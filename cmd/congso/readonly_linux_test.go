package main

import (
	"os"
	"path/filepath"
	"syscall"
	"testing"
)

// makeReadOnly lets nobody write in the folder, not even root, until the returned function is called. Without the right to mount it skips the
// test, or fails it when CONGSO_TEST_REQUIRE is "all".
func makeReadOnly(t *testing.T, folder string) (end func()) {
	t.Helper()
	err := syscall.Mount(folder, folder, "", syscall.MS_BIND, "")
	if err == nil {
		err = syscall.Mount("", folder, "", syscall.MS_BIND|syscall.MS_REMOUNT|syscall.MS_RDONLY, "")
	}
	if err != nil {
		const message = "no right to mount a folder read-only"
		if os.Getenv("CONGSO_TEST_REQUIRE") == "all" {
			t.Fatal(message, err)
		}
		t.Skip(message, err)
	}
	mounted := true
	end = func() {
		if mounted {
			if err := syscall.Unmount(folder, 0); err != nil {
				t.Error(err)
			}
		}
		mounted = false
	}
	t.Cleanup(end)
	return end
}

// TestReadOnlyFolder: what must write says that it cannot, and ends; what only looks works; with the right to write all is well.
func TestReadOnlyFolder(t *testing.T) {
	folder := demoData(t)
	if err := os.WriteFile(filepath.Join(folder, "lock"), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	end := makeReadOnly(t, folder)
	for _, args := range [][]string{{"serve"}, {"user", "list"}} {
		mustContain(t, args[0], ending(t, 1, append(args, "--data", folder)...), "the data folder cannot be written", folder, "read-only file system")
	}
	mustContain(t, "audit verify", ending(t, 0, "audit", "verify", "--data", folder), "entries hold")
	mustContain(t, "migrate --status", ending(t, 0, "migrate", "--status", "--data", folder), "Nothing to migrate.")
	end()
	r := startProcess(t, nil, "serve", "--data", folder)
	mustContain(t, "home", r.page(t, "/"), "Sở Nội vụ")
	r.finish(t)
}

// TestReadOnlyFolderWithoutLock: a folder that no program has ever held.
func TestReadOnlyFolderWithoutLock(t *testing.T) {
	folder := released(t, "00009")
	makeReadOnly(t, folder)
	for _, args := range [][]string{{"serve"}, {"migrate"}, {"migrate", "--rehearse"}} {
		mustContain(t, args[0], ending(t, 1, append(args, "--data", folder)...), folder, "read-only file system")
	}
	mustContain(t, "migrate --status", ending(t, 0, "migrate", "--status", "--data", folder), "schema 9,", "00010_task_proposals")
}
