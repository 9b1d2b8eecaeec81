package faults

import (
	"os"
	"path/filepath"
	"syscall"
	"testing"

	"congso/cmd/congso/congsotest"
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
	folder := congsotest.DemoData(t)
	if err := os.WriteFile(filepath.Join(folder, "lock"), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	end := makeReadOnly(t, folder)
	for _, args := range [][]string{{"serve"}, {"user", "list"}} {
		congsotest.MustContain(t, args[0], congsotest.Ending(t, 1, append(args, "--data", folder)...), "the data folder cannot be written", folder, "read-only file system")
	}
	congsotest.MustContain(t, "audit verify", congsotest.Ending(t, 0, "audit", "verify", "--data", folder), "entries hold")
	congsotest.MustContain(t, "migrate --status", congsotest.Ending(t, 0, "migrate", "--status", "--data", folder), "Nothing to migrate.")
	end()
	r := congsotest.Start(t, nil, "serve", "--data", folder)
	congsotest.MustContain(t, "home", r.Page(t, "/"), "Sở Nội vụ")
	r.Finish(t)
}

// TestReadOnlyFolderWithoutLock: a folder that no program has ever held.
func TestReadOnlyFolderWithoutLock(t *testing.T) {
	folder := released(t, "00009")
	makeReadOnly(t, folder)
	for _, args := range [][]string{{"serve"}, {"migrate"}, {"migrate", "--rehearse"}} {
		congsotest.MustContain(t, args[0], congsotest.Ending(t, 1, append(args, "--data", folder)...), folder, "read-only file system")
	}
	congsotest.MustContain(t, "migrate --status", congsotest.Ending(t, 0, "migrate", "--status", "--data", folder), "schema 9,", "00010_task_proposals")
}
