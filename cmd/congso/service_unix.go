//go:build !windows

package main

import (
	"context"
	_ "embed"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
)

// unit is the service as the Debian package installs it.
//
//go:embed congso.service
var unit string

const (
	unitFile     = "/etc/systemd/system/congso.service"
	packagedUnit = "/usr/lib/systemd/system/congso.service"
	packagedPath = "/usr/bin/congso" // in unit
)

// serviceFolders are the account's own; only it may look into them.
var serviceFolders = []string{"/var/lib/congso", "/var/backups/congso"}

// plainSystemd makes the service on a machine that has systemd and no package of ours.
type plainSystemd struct {
	root    string // in front of every file; "" but in tests
	program string
	out     io.Writer // told each thing that is done
}

func newSystemd(out io.Writer) (plainSystemd, error) {
	program, err := ownProgram()
	return plainSystemd{program: program, out: out}, err
}

func installService(out io.Writer) error {
	s, err := newSystemd(out)
	if err != nil {
		return err
	}
	return s.install()
}

func removeService(out io.Writer) error {
	s, err := newSystemd(out)
	if err != nil {
		return err
	}
	return s.remove()
}

func serviceStatus(out io.Writer) error {
	return plainSystemd{out: out}.command("systemctl", "status", "--no-pager", "--lines=5", serviceName)
}

func (s plainSystemd) install() error {
	if err := s.check(); err != nil {
		return err
	}
	account, err := s.account()
	if err != nil {
		return err
	}
	for _, folder := range serviceFolders {
		if err := s.folder(folder, 0o700, account.uid, account.gid); err != nil {
			return err
		}
	}
	if err := s.folder("/etc/congso", 0o750, 0, account.gid); err != nil {
		return err
	}
	if err := s.settings(account.gid); err != nil {
		return err
	}
	text := strings.Replace(unit, packagedPath+" serve", s.program+" serve", 1)
	if err := os.MkdirAll(filepath.Dir(s.root+unitFile), 0o755); err != nil {
		return err
	}
	if err := os.WriteFile(s.root+unitFile, []byte(text), 0o644); err != nil {
		return fmt.Errorf("service: %w", err)
	}
	fmt.Fprintln(s.out, "Wrote", unitFile)
	if err := s.command("systemctl", "daemon-reload"); err != nil {
		return err
	}
	if err := s.command("systemctl", "enable", serviceName); err != nil {
		return err
	}
	fmt.Fprintln(s.out, "Next: look through /etc/congso/congso.env, then systemctl start congso")
	return nil
}

// check refuses what could not work, before anything is changed.
func (s plainSystemd) check() error {
	if _, err := os.Stat(s.root + packagedUnit); err == nil {
		return fmt.Errorf("the Debian package has installed the service already: %s", packagedUnit)
	}
	for _, hidden := range []string{"/home/", "/root/", "/run/user/", "/tmp/", "/var/tmp/"} {
		if strings.HasPrefix(s.program, hidden) {
			return fmt.Errorf("the service cannot see %s: copy the program to /usr/local/bin and run that", s.program)
		}
	}
	if strings.ContainsAny(s.program, " %\"'\\") {
		return fmt.Errorf("the program's path %q has characters that a unit cannot hold: copy it to /usr/local/bin and run that", s.program)
	}
	if s.root == "" && os.Geteuid() != 0 {
		return errors.New("a service can be made by root alone: run it with sudo")
	}
	return nil
}

// ids are an account's numbers.
type ids struct{ uid, gid int }

// account is the service's, made when there is none.
func (s plainSystemd) account() (ids, error) {
	if exec.Command("id", serviceName).Run() != nil {
		if err := s.command("useradd", "--system", "--user-group", "--home-dir", "/var/lib/congso", "--no-create-home", "--shell", "/usr/sbin/nologin", serviceName); err != nil {
			return ids{}, err
		}
	}
	var account ids
	for flag, into := range map[string]*int{"-u": &account.uid, "-g": &account.gid} {
		text, err := exec.Command("id", flag, serviceName).Output()
		if err == nil {
			*into, err = strconv.Atoi(strings.TrimSpace(string(text)))
		}
		if err != nil {
			return ids{}, fmt.Errorf("number of the account %s: %w", serviceName, err)
		}
	}
	return account, nil
}

// folder makes a folder that is not there.
func (s plainSystemd) folder(name string, mode fs.FileMode, uid, gid int) error {
	if _, err := os.Stat(s.root + name); !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	if err := os.MkdirAll(filepath.Dir(s.root+name), 0o755); err != nil {
		return err
	}
	if err := os.Mkdir(s.root+name, mode); err != nil {
		return err
	}
	fmt.Fprintln(s.out, "Made", name)
	return os.Chown(s.root+name, uid, gid)
}

// settings writes the example, unless there are settings. The service's group may read them.
func (s plainSystemd) settings(gid int) error {
	const name = "/etc/congso/congso.env"
	file, err := os.OpenFile(s.root+name, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o640)
	if errors.Is(err, fs.ErrExist) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("settings: %w", err)
	}
	_, err = file.WriteString(exampleSettings)
	if err := errors.Join(err, file.Chown(0, gid), file.Close()); err != nil {
		return fmt.Errorf("settings: %w", err)
	}
	fmt.Fprintln(s.out, "Wrote", name)
	return nil
}

func (s plainSystemd) remove() error {
	_, err := os.Stat(s.root + unitFile)
	if errors.Is(err, fs.ErrNotExist) {
		if _, err := os.Stat(s.root + packagedUnit); err == nil {
			return errors.New("the service belongs to the Debian package: apt remove congso")
		}
		return errors.New("there is no service to remove")
	}
	if err != nil {
		return err
	}
	if err := s.command("systemctl", "disable", "--now", serviceName); err != nil {
		return err
	}
	if err := os.Remove(s.root + unitFile); err != nil {
		return fmt.Errorf("service: %w", err)
	}
	if err := s.command("systemctl", "daemon-reload"); err != nil {
		return err
	}
	fmt.Fprintln(s.out, "Removed", unitFile+"; the records in /var/lib/congso, the settings in /etc/congso and the account congso are kept")
	return nil
}

// command says and runs a program of the system.
func (s plainSystemd) command(name string, args ...string) error {
	fmt.Fprintln(s.out, "+", name, strings.Join(args, " "))
	run := exec.Command(name, args...)
	run.Stdout, run.Stderr = s.out, s.out
	if err := run.Run(); err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	return nil
}

// underManager runs the program: systemd asks for nothing of its own.
func underManager(ctx context.Context, run func(ctx context.Context) error) error { return run(ctx) }
