package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/spf13/cobra"

	"congso/content"
	"congso/store"
	"congso/store/storetest"
)

// shared is the folder of what the tests of this package share.
var shared string

func TestMain(m *testing.M) {
	os.Exit(func() int {
		var err error
		if shared, err = os.MkdirTemp("", "congso-test-"); err != nil {
			fmt.Fprintln(os.Stderr, err)
			return 1
		}
		defer os.RemoveAll(shared)
		defer endBrowser()
		return m.Run()
	}())
}

var builtProgram = sync.OnceValues(func() (string, error) {
	file := filepath.Join(shared, "congso.exe") // a name that runs everywhere
	if out, err := exec.Command("go", "build", "-o", file, ".").CombinedOutput(); err != nil {
		return "", fmt.Errorf("%w: %s", err, out)
	}
	return file, nil
})

// program is the built program, made once.
func program(t testing.TB) string {
	t.Helper()
	file, err := builtProgram()
	if err != nil {
		t.Fatal(err)
	}
	return file
}

// filledDemo is a demo's folder after its first start, and what that start printed.
type filledDemo struct{ folder, printed string }

var madeDemo = sync.OnceValues(func() (filledDemo, error) {
	d := filledDemo{folder: filepath.Join(shared, "demo")}
	var out, log lockedBuffer
	p, err := openDemo(context.Background(), Config{Data: d.folder, Listen: "127.0.0.1:0"}, false, jsonLog(&log), &out)
	if err == nil {
		err = p.close()
	}
	d.printed = out.String()
	return d, err
})

// demoData is a folder of the test's own with the demo's records, copied from one that is made once.
func demoData(t testing.TB) string {
	t.Helper()
	d, err := madeDemo()
	if err != nil {
		t.Fatal(err)
	}
	folder := filepath.Join(t.TempDir(), "demo")
	if err := os.CopyFS(folder, os.DirFS(d.folder)); err != nil {
		t.Fatal(err)
	}
	return folder
}

// newCommand is the program with these variables, on a machine without a configuration file.
func newCommand(environ []string) *cobra.Command { return newRoot(sources{environ: environ}) }

// running is a portal under test, in this process or in one of its own.
type running struct {
	url      string
	out, log *lockedBuffer
	stop     func()        // asks it to end
	ended    chan struct{} // closed when it has
	err      error         // its outcome, once ended
	process  *exec.Cmd     // nil in this process
}

var printedAddress = regexp.MustCompile(`Cổng Sở: (http\S+)\n`)

// startHere runs a command of the program in this process until the test ends, and waits for its address.
func startHere(t testing.TB, environ []string, args ...string) *running {
	t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	r := &running{out: &lockedBuffer{}, log: &lockedBuffer{}, stop: cancel, ended: make(chan struct{})}
	command := newCommand(environ)
	command.SetArgs(withListen(args))
	command.SetOut(r.out)
	command.SetErr(r.log)
	go func() {
		defer close(r.ended)
		r.err = command.ExecuteContext(ctx)
	}()
	t.Cleanup(func() { cancel(); <-r.ended })
	r.awaitAddress(t)
	return r
}

// startProcess runs the built program in a process of its own, killed at the end of the test, and waits for its address.
func startProcess(t testing.TB, environ []string, args ...string) *running {
	t.Helper()
	r := launch(t, environ, args...)
	r.awaitAddress(t)
	return r
}

// noSystemFile keeps the built program from the configuration of the machine that runs the tests.
const noSystemFile = "CONGSO_CONFIG="

// launch is startProcess without the wait.
func launch(t testing.TB, environ []string, args ...string) *running {
	t.Helper()
	return launchAsIs(t, environ, withListen(args)...)
}

// launchAsIs is launch without a free port for what listens.
func launchAsIs(t testing.TB, environ []string, args ...string) *running {
	t.Helper()
	return launchBy(t, environ, func(*exec.Cmd) {}, args...)
}

// launchBy is launchAsIs with a change to how the process is started.
func launchBy(t testing.TB, environ []string, change func(*exec.Cmd), args ...string) *running {
	t.Helper()
	r := &running{out: &lockedBuffer{}, log: &lockedBuffer{}, ended: make(chan struct{})}
	r.process = exec.Command(program(t), args...)
	r.process.Env = append([]string{"HOME=" + t.TempDir(), "PATH=" + os.Getenv("PATH"), "TMPDIR=" + os.Getenv("TMPDIR"), noSystemFile}, environ...)
	r.process.Stdout, r.process.Stderr = r.out, r.log
	change(r.process)
	r.stop = func() { r.signal(t, os.Interrupt) }
	if err := r.process.Start(); err != nil {
		t.Fatal(err)
	}
	go func() {
		defer close(r.ended)
		r.err = r.process.Wait()
	}()
	t.Cleanup(func() { r.signal(t, os.Kill); <-r.ended })
	return r
}

func (r *running) signal(t testing.TB, s os.Signal) {
	t.Helper()
	if err := r.process.Process.Signal(s); err != nil && !errors.Is(err, os.ErrProcessDone) {
		t.Errorf("signal %v: %v", s, err)
	}
}

// withListen adds a free port, unless args ask for one, to commands that listen.
func withListen(args []string) []string {
	asked := func(arg string) bool { return arg == "--listen" || strings.HasPrefix(arg, "--listen=") }
	if slices.ContainsFunc(args, asked) || args[0] != "serve" && args[0] != "demo" {
		return args
	}
	return append(slices.Clone(args), "--listen", "127.0.0.1:0")
}

// awaitAddress waits until the portal has printed its address. A demo makes its records first.
func (r *running) awaitAddress(t testing.TB) {
	t.Helper()
	found := eventually(patience, func() bool {
		select {
		case <-r.ended:
			return true
		default:
			return printedAddress.MatchString(r.out.String())
		}
	})
	match := printedAddress.FindStringSubmatch(r.out.String())
	if !found || match == nil {
		t.Fatalf("no address: %v\n%s%s", r.outcome(), r.out, r.log)
	}
	r.url = match[1]
}

func (r *running) outcome() error {
	select {
	case <-r.ended:
		return r.err
	default:
		return errors.New("still running")
	}
}

// wait waits for the end and returns how it went.
func (r *running) wait(t testing.TB) error {
	t.Helper()
	select {
	case <-r.ended:
	case <-time.After(patience):
		t.Fatalf("still running\n%s%s", r.out, r.log)
	}
	return r.err
}

// finish asks for the end, which must be a good one.
func (r *running) finish(t testing.TB) {
	t.Helper()
	r.stop()
	if err := r.wait(t); err != nil {
		t.Fatalf("end: %v\n%s%s", err, r.out, r.log)
	}
}

// browser is an agent that the counters count.
const browser = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"

// answer is what came for a request.
type answer struct {
	status int
	header http.Header
	body   string
}

// get asks for a path as a reader's browser does, without following redirects. change may alter the request.
func (r *running) get(t testing.TB, path string, change ...func(*http.Request)) answer {
	t.Helper()
	request, err := http.NewRequest(http.MethodGet, r.url+path, nil)
	if err != nil {
		t.Fatal(err)
	}
	request.Header.Set("User-Agent", browser)
	for _, c := range change {
		c(request)
	}
	client := http.Client{Transport: &http.Transport{DisableKeepAlives: true}, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	response, err := client.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	return answer{response.StatusCode, response.Header, string(body)}
}

// page is get for what must be a whole page.
func (r *running) page(t testing.TB, path string) string {
	t.Helper()
	a := r.get(t, path)
	if a.status != http.StatusOK {
		t.Fatalf("GET %s: %d\n%s", path, a.status, a.body)
	}
	return a.body
}

// patience is how long tests wait for what must come. How soon it comes is not theirs to judge: a machine may be busy with other work.
const patience = time.Minute

// eventually asks again and again whether ok holds, for at most so long.
func eventually(within time.Duration, ok func() bool) bool {
	for deadline := time.Now().Add(within); ; {
		if ok() {
			return true
		}
		if time.Now().After(deadline) {
			return false
		}
		time.Sleep(5 * time.Millisecond)
	}
}

// openStore opens the records of a folder that no portal holds. database is "" for SQLite.
func openStore(t testing.TB, folder, database string) *store.Store {
	t.Helper()
	s, err := store.Open(context.Background(), store.Options{Dir: folder, Database: database, Renderer: content.Renderer()})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// eachDatabase runs a test with the arguments for an empty data folder on SQLite, and again with those for PostgreSQL.
func eachDatabase(t *testing.T, run func(t *testing.T, folder, database string, args []string)) {
	t.Helper()
	t.Run("sqlite", func(t *testing.T) {
		folder := filepath.Join(t.TempDir(), "data")
		run(t, folder, "", []string{"--data", folder})
	})
	t.Run("postgres", func(t *testing.T) {
		folder, database := filepath.Join(t.TempDir(), "data"), storetest.Postgres(t)
		run(t, folder, database, []string{"--data", folder, "--database", database})
	})
}

func mustContain(t testing.TB, what, text string, parts ...string) {
	t.Helper()
	for _, part := range parts {
		if !strings.Contains(text, part) {
			t.Errorf("%s lacks %q", what, part)
		}
	}
}

func mustLack(t testing.TB, what, text string, parts ...string) {
	t.Helper()
	for _, part := range parts {
		if strings.Contains(text, part) {
			t.Errorf("%s holds %q", what, part)
		}
	}
}

// lockedBuffer may be written and read at the same time.
type lockedBuffer struct {
	mu     sync.Mutex
	buffer bytes.Buffer
}

func (b *lockedBuffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.buffer.Write(p)
}

func (b *lockedBuffer) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.buffer.String()
}
