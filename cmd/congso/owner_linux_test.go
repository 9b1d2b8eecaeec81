package main

import (
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"congso/cmd/congso/congsotest"
)

// TestOwnerKept runs commands as root on a folder of the service's account: whatever they leave there must belong to that account.
func TestOwnerKept(t *testing.T) {
	congsotest.Require(t, os.Geteuid() == 0, "commands of root: run as root")
	const service = 4321 // an account needs no name to own files
	built, err := filepath.EvalSymlinks(congsotest.Program(t))
	if err != nil {
		t.Fatal(err)
	}
	for name, folder := range map[string]string{
		"its own folder": "",
		"a folder that is still to be made in it": "data",
	} {
		t.Run(name, func(t *testing.T) {
			home := t.TempDir()
			if err := os.Chown(home, service, service); err != nil {
				t.Fatal(err)
			}
			if err := os.Chmod(filepath.Dir(home), 0o755); err != nil { // the account must reach it
				t.Fatal(err)
			}
			data := filepath.Join(home, folder)
			for _, args := range [][]string{{"user", "add", "le.an", "--full-name", "Lê An"}, {"user", "list"}, {"audit", "verify"}} {
				run := exec.Command(built, append(args, "--data", data)...)
				run.Env, run.Stdin = []string{congsotest.NoSystemFile, "HOME=" + home}, strings.NewReader("ngựa chạy qua cầu 7\n")
				if out, err := run.CombinedOutput(); err != nil {
					t.Fatalf("%s: %v: %s", args, err, out)
				}
			}
			files := 0
			err := filepath.WalkDir(data, func(path string, entry fs.DirEntry, err error) error {
				if err != nil {
					return err
				}
				info, err := entry.Info()
				if err != nil {
					return err
				}
				if owner := info.Sys().(*syscall.Stat_t); owner.Uid != service || owner.Gid != service {
					t.Errorf("%s belongs to %d:%d", path, owner.Uid, owner.Gid)
				}
				files++
				return nil
			})
			if err != nil || files < 3 {
				t.Errorf("%d files, %v", files, err)
			}
		})
	}
}
