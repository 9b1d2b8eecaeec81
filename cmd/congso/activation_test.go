//go:build unix

package main

import (
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"congso/cmd/congso/congsotest"
)

// activated runs the built program as systemd starts a service with these sockets, by their names.
func activated(t *testing.T, environ []string, names []string, sockets []net.Listener, args ...string) *congsotest.Running {
	t.Helper()
	environ = append(slices.Clone(environ), "LISTEN_FDS="+string(rune('0'+len(sockets))), "LISTEN_FDNAMES="+strings.Join(names, ":"))
	return congsotest.LaunchBy(t, environ, func(command *exec.Cmd) {
		for _, each := range sockets {
			file, err := each.(*net.TCPListener).File()
			if err != nil {
				t.Fatal(err)
			}
			t.Cleanup(func() { file.Close() })
			command.ExtraFiles = append(command.ExtraFiles, file) // from 3 on, as systemd does
		}
		command.Args = slices.Concat([]string{"sh", "-c", `LISTEN_PID=$$ exec "$0" "$@"`}, []string{command.Path}, command.Args[1:])
		command.Path = "/bin/sh"
	}, args...)
}

// TestActivation serves on sockets that were open before the program began, by their names, and tells systemd when it is ready and stops.
func TestActivation(t *testing.T) {
	told, err := net.ListenUnixgram("unixgram", &net.UnixAddr{Name: filepath.Join(t.TempDir(), "notify"), Net: "unixgram"})
	if err != nil {
		t.Fatal(err)
	}
	defer told.Close()
	hear := func() string {
		buffer := make([]byte, 1000)
		if err := told.SetReadDeadline(time.Now().Add(time.Minute)); err != nil {
			t.Fatal(err)
		}
		n, err := told.Read(buffer)
		if err != nil {
			t.Fatal(err)
		}
		return string(buffer[:n])
	}
	var open []net.Listener
	for range 2 {
		listener, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			t.Fatal(err)
		}
		defer listener.Close()
		open = append(open, listener)
	}
	c := congsotest.NewCertificate(t, congsotest.Year, "cong.example")
	unused := filepath.Join(t.TempDir(), "data")
	r := activated(t, []string{"NOTIFY_SOCKET=" + told.LocalAddr().String()}, []string{"http", "https"}, open, "serve", "--data", unused,
		"--listen=127.0.0.1:1", "--url=https://cong.example", "--tls-cert", c.CertFile, "--tls-key", c.KeyFile) // nobody may listen on port 1
	if got := hear(); got != "READY=1" {
		t.Errorf("systemd hears %q", got)
	}
	if a, _ := congsotest.AnswerTo(t, c.Client(open[1].Addr().String()), "GET", "https://cong.example/"); a.Status != http.StatusOK {
		t.Errorf("https: %d", a.Status)
	}
	if a, _ := congsotest.AnswerTo(t, c.Client(open[0].Addr().String()), "GET", "http://cong.example/a"); a.Header.Get("Location") != "https://cong.example/a" {
		t.Errorf("http: %d %v", a.Status, a.Header)
	}
	r.Signal(t, os.Interrupt)
	if got := hear(); got != "STOPPING=1" {
		t.Errorf("systemd hears %q", got)
	}
	if err := r.Wait(t); err != nil {
		t.Errorf("end: %v\n%s", err, r.Log)
	}
}

// TestActivationPlain: without HTTPS a socket of any name has the pages.
func TestActivationPlain(t *testing.T) {
	for _, name := range []string{"http", "congso", "congso.socket", ""} {
		listener, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			t.Fatal(err)
		}
		defer listener.Close()
		r := activated(t, nil, []string{name}, []net.Listener{listener}, "serve", "--data", filepath.Join(t.TempDir(), "data"), "--listen=127.0.0.1:1")
		r.AwaitAddress(t)
		if r.URL != "http://"+listener.Addr().String() {
			t.Errorf("%q: it serves on %s", name, r.URL)
		}
		r.Page(t, "/")
		r.Finish(t)
	}
}
