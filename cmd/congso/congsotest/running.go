package congsotest

import (
	"context"
	"errors"
	"io"
	"net"
	"os"
	"os/exec"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"
)

// Running is a portal under test, in this process or in one of its own.
type Running struct {
	URL      string
	Out, Log *Buffer
	stop     func()        // asks it to end
	Ended    chan struct{} // closed when it has
	Err      error         // its outcome, once ended
	Process  *exec.Cmd     // nil in this process
}

// PrintedAddress is the line in which a portal tells where it is.
var PrintedAddress = regexp.MustCompile(`Cổng Sở: (http\S+)\n`)

// Start runs the built program in a process of its own, killed at the end of the test, and waits for its address.
func Start(t testing.TB, environ []string, args ...string) *Running {
	t.Helper()
	r := Launch(t, environ, args...)
	r.AwaitAddress(t)
	return r
}

// NoSystemFile keeps the built program from the configuration of the machine that runs the tests.
const NoSystemFile = "CONGSO_CONFIG="

// plainEnvironment is what the built program has of the variables of whoever tests.
func plainEnvironment() []string {
	return []string{"PATH=" + os.Getenv("PATH"), "TMPDIR=" + os.Getenv("TMPDIR"), NoSystemFile}
}

// StartWith runs a portal in this process until the test ends, and waits for its address: run prints to out and log, and ends with its context.
func StartWith(t testing.TB, run func(ctx context.Context, out, log io.Writer) error) *Running {
	t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	r := &Running{Out: &Buffer{}, Log: &Buffer{}, stop: cancel, Ended: make(chan struct{})}
	go func() {
		defer close(r.Ended)
		r.Err = run(ctx, r.Out, r.Log)
	}()
	t.Cleanup(func() { cancel(); <-r.Ended })
	r.AwaitAddress(t)
	return r
}

// Launch is Start without the wait.
func Launch(t testing.TB, environ []string, args ...string) *Running {
	t.Helper()
	return LaunchAsIs(t, environ, WithListen(args)...)
}

// LaunchAsIs is Launch without a free port for what listens.
func LaunchAsIs(t testing.TB, environ []string, args ...string) *Running {
	t.Helper()
	return LaunchBy(t, environ, func(*exec.Cmd) {}, args...)
}

// LaunchBy is LaunchAsIs with a change to how the process is started.
func LaunchBy(t testing.TB, environ []string, change func(*exec.Cmd), args ...string) *Running {
	t.Helper()
	r := &Running{Out: &Buffer{}, Log: &Buffer{}, Ended: make(chan struct{})}
	r.Process = exec.Command(Program(t), args...)
	r.Process.Env = slices.Concat(plainEnvironment(), []string{"HOME=" + t.TempDir()}, environ)
	r.Process.Stdout, r.Process.Stderr = r.Out, r.Log
	change(r.Process)
	r.stop = func() { r.Signal(t, os.Interrupt) }
	if err := r.Process.Start(); err != nil {
		t.Fatal(err)
	}
	go func() {
		defer close(r.Ended)
		r.Err = r.Process.Wait()
	}()
	t.Cleanup(func() { r.Signal(t, os.Kill); <-r.Ended })
	return r
}

// Signal sends a signal to the process, unless it has ended.
func (r *Running) Signal(t testing.TB, s os.Signal) {
	t.Helper()
	if err := r.Process.Process.Signal(s); err != nil && !errors.Is(err, os.ErrProcessDone) {
		t.Errorf("signal %v: %v", s, err)
	}
}

// WithListen adds a free port, unless args ask for one, to commands that listen.
func WithListen(args []string) []string {
	asked := func(arg string) bool { return arg == "--listen" || strings.HasPrefix(arg, "--listen=") }
	if slices.ContainsFunc(args, asked) || args[0] != "serve" && args[0] != "demo" {
		return args
	}
	return append(slices.Clone(args), "--listen", "127.0.0.1:0")
}

// AwaitAddress waits until the portal has printed its address. A demo makes its records first.
func (r *Running) AwaitAddress(t testing.TB) {
	t.Helper()
	found := Eventually(Patience, func() bool {
		select {
		case <-r.Ended:
			return true
		default:
			return PrintedAddress.MatchString(r.Out.String())
		}
	})
	match := PrintedAddress.FindStringSubmatch(r.Out.String())
	if !found || match == nil {
		t.Fatalf("no address: %v\n%s%s", r.outcome(), r.Out, r.Log)
	}
	r.URL = match[1]
}

func (r *Running) outcome() error {
	select {
	case <-r.Ended:
		return r.Err
	default:
		return errors.New("still running")
	}
}

// Wait waits for the end and returns how it went.
func (r *Running) Wait(t testing.TB) error {
	t.Helper()
	select {
	case <-r.Ended:
	case <-time.After(Patience):
		t.Fatalf("still running\n%s%s", r.Out, r.Log)
	}
	return r.Err
}

// Finish asks for the end, which must be a good one.
func (r *Running) Finish(t testing.TB) {
	t.Helper()
	r.stop()
	if err := r.Wait(t); err != nil {
		t.Fatalf("end: %v\n%s%s", err, r.Out, r.Log)
	}
}

var watcherAddress = regexp.MustCompile(`"listening for watchers","address":"([^"]+)"`)

// Watcher is the address of a running portal's figures.
func (r *Running) Watcher(t testing.TB) string {
	t.Helper()
	if !Eventually(Patience, func() bool { return watcherAddress.MatchString(r.Log.String()) }) {
		t.Fatalf("no listener for watchers\n%s", r.Log)
	}
	return watcherAddress.FindStringSubmatch(r.Log.String())[1]
}

// Address is where a running portal's log says that it can be reached: as "address" or "redirect", the n-th.
func (r *Running) Address(t testing.TB, key string, n int) string {
	t.Helper()
	told := regexp.MustCompile(`"msg":"listening".*"` + key + `":"([^"]+)"`)
	var match []string
	if !Eventually(Patience, func() bool { match = told.FindStringSubmatch(r.Log.String()); return match != nil }) {
		t.Fatalf("no %s\n%s", key, r.Log)
	}
	return strings.Split(match[1], ",")[n]
}

// SetupLink is where a portal without accounts gets its first.
var SetupLink = regexp.MustCompile(`/admin/thiet-lap\?ma=[A-Z2-7]+`)

// FreeAddress is one on which nobody listens, for a program that is to be told before it starts.
func FreeAddress(t testing.TB) string {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer listener.Close()
	return listener.Addr().String()
}
