package main

import (
	"bufio"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"testing"
	"time"

	"congso/cmd/congso/congsotest"
)

// bareServer is the least that answers: what a start is measured against.
const bareServer = `package main

import (
	"fmt"
	"net"
	"net/http"
)

func main() {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		panic(err)
	}
	fmt.Printf("http://%s\n", listener.Addr())
	panic(http.Serve(listener, http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { fmt.Fprintln(w, "ok") })))
}
`

// BenchmarkStart is a start on an existing folder, from exec to the first 200, beside one of a bare net/http server.
func BenchmarkStart(b *testing.B) {
	folder, bare := congsotest.DemoData(b), buildBare(b)
	congsotest.Program(b)
	var ours, theirs time.Duration
	for b.Loop() {
		ours += firstAnswer(b, congsotest.Program(b), "serve", "--data", folder, "--listen", "127.0.0.1:0")
		theirs += firstAnswer(b, bare)
	}
	b.ReportMetric(milliseconds(ours)/float64(b.N), "ms/start")
	b.ReportMetric(milliseconds(theirs)/float64(b.N), "ms/bare")
	b.ReportMetric(float64(ours)/float64(theirs), "ratio")
	b.ReportMetric(0, "ns/op") // both together: says nothing
}

// BenchmarkDemo is a demo's start on an empty folder, from exec to the first 200, and the CPU time of it.
func BenchmarkDemo(b *testing.B) {
	congsotest.Program(b)
	var wall, cpu time.Duration
	for i := 0; b.Loop(); i++ {
		folder := filepath.Join(b.TempDir(), fmt.Sprint(i))
		run := exec.Command(congsotest.Program(b), "demo", "--data", folder, "--listen", "127.0.0.1:0")
		wall += answered(b, run)
		cpu += run.ProcessState.UserTime() + run.ProcessState.SystemTime()
	}
	b.ReportMetric(milliseconds(wall)/float64(b.N), "ms/start")
	b.ReportMetric(milliseconds(cpu)/float64(b.N), "ms-cpu/start")
	b.ReportMetric(0, "ns/op")
}

func buildBare(b *testing.B) string {
	b.Helper()
	dir := b.TempDir()
	source, file := filepath.Join(dir, "main.go"), filepath.Join(dir, "bare.exe")
	if err := os.WriteFile(source, []byte(bareServer), 0o600); err != nil {
		b.Fatal(err)
	}
	if out, err := exec.Command("go", "build", "-o", file, source).CombinedOutput(); err != nil {
		b.Fatalf("%v: %s", err, out)
	}
	return file
}

func firstAnswer(b *testing.B, name string, args ...string) time.Duration {
	b.Helper()
	return answered(b, exec.Command(name, args...))
}

var localAddress = regexp.MustCompile(`http://[0-9.:]+`)

// answered is the time from exec to the first 200 at the address that the program prints. It ends the program.
func answered(b *testing.B, run *exec.Cmd) time.Duration {
	b.Helper()
	run.Env = []string{"HOME=" + os.TempDir()}
	out, err := run.StdoutPipe()
	if err != nil {
		b.Fatal(err)
	}
	began := time.Now()
	if err := run.Start(); err != nil {
		b.Fatal(err)
	}
	address := ""
	for lines := bufio.NewScanner(out); address == "" && lines.Scan(); {
		address = localAddress.FindString(lines.Text())
	}
	response, err := http.Get(address)
	if err != nil {
		b.Fatal(err)
	}
	if _, err := io.Copy(io.Discard, response.Body); err != nil || response.StatusCode != http.StatusOK {
		b.Fatalf("%d: %v", response.StatusCode, err)
	}
	took := time.Since(began)
	response.Body.Close()
	if err := run.Process.Signal(os.Interrupt); err != nil {
		b.Fatal(err)
	}
	if err := run.Wait(); err != nil && run.ProcessState.ExitCode() == 1 { // the bare one knows no signals
		b.Fatal(err)
	}
	return took
}
