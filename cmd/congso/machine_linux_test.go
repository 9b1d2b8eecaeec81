package main

import (
	"bytes"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"congso/cmd/congso/congsotest"
)

// machine is a Debian of its own that runs: systemd, processes, network and files apart from this machine's, files in memory.
type machine struct {
	leader string // process number of its first process
	record strings.Builder
}

const debianRelease = "bookworm"

// debianBase is a folder with a small fresh Debian, made once and kept in the user's cache folder.
func debianBase(t *testing.T) string {
	t.Helper()
	cache, err := os.UserCacheDir()
	if err != nil {
		t.Fatal(err)
	}
	base := filepath.Join(cache, "congso-debian-"+debianRelease)
	if _, err := os.Stat(base); err == nil {
		return base
	}
	debootstrap := congsotest.RequireProgram(t, "no debootstrap: install debootstrap", "debootstrap")
	if err := os.MkdirAll(cache, 0o755); err != nil {
		t.Fatal(err)
	}
	part, err := os.MkdirTemp(cache, "congso-debian-part-")
	if err != nil {
		t.Fatal(err)
	}
	defer os.RemoveAll(part)
	if err := os.Chmod(part, 0o755); err != nil {
		t.Fatal(err)
	}
	out, err := exec.Command(debootstrap, "--variant=minbase", "--include=systemd,systemd-sysv,dbus,curl,apt-utils", debianRelease, part).CombinedOutput()
	if err != nil {
		t.Fatalf("debootstrap: %v: %s", err, lastLines(string(out), 5))
	}
	if err := os.Rename(part, base); err != nil && !errors.Is(err, syscall.ENOTEMPTY) { // another test was quicker
		t.Fatal(err)
	}
	return base
}

func lastLines(text string, n int) string {
	lines := strings.Split(strings.TrimSpace(text), "\n")
	return strings.Join(lines[max(0, len(lines)-n):], "\n")
}

// bootDebian starts a fresh machine that sees the folder share as /srv.
func bootDebian(t *testing.T, share string) *machine {
	t.Helper()
	congsotest.Require(t, os.Geteuid() == 0, "a machine is started by root alone")
	nspawn := congsotest.RequireProgram(t, "no systemd-nspawn: install systemd-container", "systemd-nspawn")
	run := exec.Command(nspawn, "--quiet", "--directory="+debianBase(t), "--volatile=overlay", "--boot", "--private-network",
		"--register=no", "--keep-unit", "--console=pipe", "--hostname=may-chu", "--bind-ro="+share+":/srv")
	console := &congsotest.Buffer{}
	run.Stdout, run.Stderr = console, console
	if err := run.Start(); err != nil {
		t.Fatal(err)
	}
	ended := make(chan error, 1)
	go func() { ended <- run.Wait() }()
	t.Cleanup(func() {
		run.Process.Signal(syscall.SIGTERM) // an orderly end of the machine; a second one may find it gone
		select {
		case <-ended:
		case <-time.After(20 * time.Second):
			run.Process.Kill()
			<-ended
		}
	})
	m := &machine{}
	for deadline := time.Now().Add(3 * time.Minute); ; time.Sleep(100 * time.Millisecond) {
		m.leader = firstChild(run.Process.Pid)
		if m.leader != "" {
			if state, _ := m.try("systemctl", "is-system-running"); strings.TrimSpace(state) == "running" || strings.TrimSpace(state) == "degraded" {
				return m
			}
		}
		if time.Now().After(deadline) || len(ended) > 0 {
			t.Fatalf("the machine does not start: %s", console.String())
		}
	}
}

// firstChild is the number of the first child of a process, "" when it has none yet.
func firstChild(pid int) string {
	lists, err := filepath.Glob("/proc/" + strconv.Itoa(pid) + "/task/*/children")
	if err != nil {
		return ""
	}
	for _, list := range lists {
		if text, err := os.ReadFile(list); err == nil && len(strings.Fields(string(text))) > 0 {
			return strings.Fields(string(text))[0]
		}
	}
	return ""
}

// path is where this machine finds a file of the other.
func (m *machine) path(name string) string { return "/proc/" + m.leader + "/root" + name }

// try runs a program in the machine as root.
func (m *machine) try(args ...string) (string, error) {
	var out bytes.Buffer
	run := exec.Command("nsenter", append([]string{"--target", m.leader, "--all", "--root", "--wd", "--", "env", "-i", "PATH=/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", "HOME=/root",
		"TERM=xterm", "DEBIAN_FRONTEND=noninteractive"}, args...)...)
	run.Stdout, run.Stderr = &out, &out
	err := run.Run()
	return out.String(), err
}

// sh runs a command line in the machine, which must succeed, and returns what it printed.
func (m *machine) sh(t *testing.T, line string) string {
	t.Helper()
	out, err := m.try("bash", "-c", line)
	if err != nil {
		journal, _ := m.try("journalctl", "--no-pager", "-n", "30", "-o", "cat")
		t.Fatalf("%s: %v\n%s\njournal:\n%s", line, err, out, journal)
	}
	return out
}

// typed is sh at a terminal; what the terminal showed goes into the record.
func (m *machine) typed(t *testing.T, line string) string {
	t.Helper()
	shown := onTerminal(m.sh(t, "cd /srv && script -qec "+quoted(line)+" /dev/null </dev/null"))
	m.record.WriteString("root@may-chu:/srv# " + line + "\n" + shown)
	return shown
}

func quoted(text string) string { return "'" + strings.ReplaceAll(text, "'", `'\''`) + "'" }

var terminalCodes = regexp.MustCompile("\x1b(?:\\[[0-9;?]*[a-zA-Z]|[78=>])")

// onTerminal is what stands on a terminal in the end: without colours, and lines that were written over only as they were last.
func onTerminal(text string) string {
	var shown strings.Builder
	for line := range strings.Lines(text) {
		line = strings.TrimRight(terminalCodes.ReplaceAllString(line, ""), "\r\n")
		shown.WriteString(strings.TrimRight(line[strings.LastIndexByte(line, '\r')+1:], " ") + "\n")
	}
	return shown.String()
}

// await runs a command line until it prints want.
func (m *machine) await(t *testing.T, line, want string) {
	t.Helper()
	var out string
	for deadline := time.Now().Add(2 * time.Minute); time.Now().Before(deadline); time.Sleep(200 * time.Millisecond) {
		if out, _ = m.try("bash", "-c", line); strings.Contains(out, want) {
			return
		}
	}
	t.Fatalf("%s prints %q, not %q", line, out, want)
}
