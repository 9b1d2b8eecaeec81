//go:build !windows

package main

import (
	"bytes"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"congso/cmd/congso/congsotest"
)

// stubs puts programs of the system before the real ones: each writes its call down. id knows the account once useradd was called, as the
// user who runs the test.
func stubs(t *testing.T) (calls func() []string) {
	t.Helper()
	bin := t.TempDir()
	record := filepath.Join(bin, "calls")
	for name, body := range map[string]string{
		"systemctl": `echo "systemctl $*" >>` + record,
		"useradd":   `echo "useradd $*" >>` + record + "; touch " + bin + "/account",
		"id": "[ -e " + bin + "/account ] || exit 1\ncase $1 in -u) echo " + strconv.Itoa(os.Getuid()) +
			";; -g) echo " + strconv.Itoa(os.Getgid()) + ";; esac",
	} {
		if err := os.WriteFile(filepath.Join(bin, name), []byte("#!/bin/sh\n"+body+"\n"), 0o755); err != nil {
			t.Fatal(err)
		}
	}
	t.Setenv("PATH", bin+":"+os.Getenv("PATH"))
	return func() []string {
		text, err := os.ReadFile(record)
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			t.Fatal(err)
		}
		return strings.Split(strings.TrimSpace(string(text)), "\n")
	}
}

func TestPlainSystemd(t *testing.T) {
	congsotest.Require(t, os.Getuid() == 0, "files are given to accounts: run as root")
	calls := stubs(t)
	var out bytes.Buffer
	s := plainSystemd{root: t.TempDir(), program: "/usr/local/bin/congso", out: &out}
	if err := s.install(); err != nil {
		t.Fatal(err)
	}
	written, err := os.ReadFile(s.root + unitFile)
	if err != nil || !strings.Contains(string(written), "\nExecStart=/usr/local/bin/congso serve\n") || strings.Contains(string(written), packagedPath) {
		t.Errorf("unit %s, %v", written, err)
	}
	settings := s.root + "/etc/congso/congso.env"
	if text, err := os.ReadFile(settings); err != nil || string(text) != exampleSettings {
		t.Errorf("settings %s, %v", text, err)
	}
	for name, mode := range map[string]fs.FileMode{"/etc/congso": 0o750, "/etc/congso/congso.env": 0o640, "/var/lib/congso": 0o700, "/var/backups/congso": 0o700, unitFile: 0o644} {
		if info, err := os.Stat(s.root + name); err != nil || info.Mode().Perm() != mode {
			t.Errorf("%s: %v, %v", name, info.Mode(), err)
		}
	}
	congsotest.WriteFile(t, settings, "CONGSO_DATA=/srv\n")
	if err := s.install(); err != nil { // the same again, as after an upgrade of the program
		t.Fatal(err)
	}
	if text, err := os.ReadFile(settings); err != nil || string(text) != "CONGSO_DATA=/srv\n" {
		t.Errorf("settings are now %s, %v", text, err)
	}
	if err := s.remove(); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(s.root + unitFile); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("unit after its removal: %v", err)
	}
	if _, err := os.Stat(s.root + "/var/lib/congso"); err != nil {
		t.Errorf("records after the service's removal: %v", err)
	}
	want := []string{
		"useradd --system --user-group --home-dir /var/lib/congso --no-create-home --shell /usr/sbin/nologin congso",
		"systemctl daemon-reload", "systemctl enable congso",
		"systemctl daemon-reload", "systemctl enable congso",
		"systemctl disable --now congso", "systemctl daemon-reload",
	}
	if got := calls(); !slices.Equal(got, want) {
		t.Errorf("called\n%s", strings.Join(got, "\n"))
	}
	for _, call := range want {
		if !strings.Contains(out.String(), "+ "+call+"\n") {
			t.Errorf("%s is not told:\n%s", call, out.String())
		}
	}
}

func TestPlainSystemdRefuses(t *testing.T) {
	for name, c := range map[string]struct {
		program, packaged string
		remove            bool
		want              string
	}{
		"a program that the service cannot see": {program: "/home/lan/congso", want: "copy the program to /usr/local/bin"},
		"a path with a blank":                   {program: "/opt/cong so/congso", want: "characters that a unit cannot hold"},
		"a machine with the package":            {program: "/usr/bin/congso", packaged: packagedUnit, want: "the Debian package has installed the service already"},
		"to remove the package's":               {program: "/usr/bin/congso", packaged: packagedUnit, remove: true, want: "apt remove congso"},
		"to remove nothing":                     {program: "/usr/local/bin/congso", remove: true, want: "no service to remove"},
	} {
		t.Run(name, func(t *testing.T) {
			calls := stubs(t)
			s := plainSystemd{root: t.TempDir(), program: c.program, out: &bytes.Buffer{}}
			if c.packaged != "" {
				congsotest.WriteFile(t, s.root+c.packaged, "[Unit]\n")
			}
			run := s.install
			if c.remove {
				run = s.remove
			}
			if err := run(); err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("%v, want %q", err, c.want)
			}
			if got := calls(); len(got) != 1 || got[0] != "" {
				t.Errorf("called %q", got)
			}
		})
	}
}
