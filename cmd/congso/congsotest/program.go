// Package congsotest is for tests of the built program: it builds it, makes data folders, starts portals on them, and goes to their pages
// and desks as people and browsers do. The packages below it are such tests, by their subjects. Only tests import it.
package congsotest

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"testing"
)

// Shared is the folder of what the tests of a package share.
var Shared = sync.OnceValue(func() string {
	folder, err := os.MkdirTemp("", "congso-test-")
	if err != nil {
		panic(err) // no test can be run
	}
	return folder
})

// Main is a package's TestMain: it runs the tests, and removes what they shared.
func Main(m *testing.M) {
	os.Exit(func() int {
		defer os.RemoveAll(Shared())
		defer theBrowser.close()
		return m.Run()
	}())
}

var builtProgram = sync.OnceValues(func() (string, error) {
	file := filepath.Join(Shared(), "congso.exe") // a name that runs everywhere
	build := exec.Command("go", "build", "-o", file, "congso/cmd/congso")
	build.Env = append(os.Environ(), "CGO_ENABLED=0") // as what is given out
	if out, err := build.CombinedOutput(); err != nil {
		return "", fmt.Errorf("%w: %s", err, out)
	}
	return file, nil
})

// Program is the built program, made once.
func Program(t testing.TB) string {
	t.Helper()
	file, err := builtProgram()
	if err != nil {
		t.Fatal(err)
	}
	return file
}

// FilledDemo is a demo's folder after its first start, and what that start printed.
type FilledDemo struct{ Folder, Printed string }

// MadeDemo is a demo that the tests of a package share: nothing may be changed in it.
var MadeDemo = sync.OnceValues(func() (FilledDemo, error) {
	d := FilledDemo{Folder: filepath.Join(Shared(), "demo")}
	file, err := builtProgram()
	if err != nil {
		return d, err
	}
	var out, log Buffer
	command := exec.Command(file, "demo", "--data", d.Folder, "--listen", "127.0.0.1:0")
	command.Env = append(plainEnvironment(), "HOME="+Shared())
	command.Stdout, command.Stderr = &out, &log
	if err := command.Start(); err != nil {
		return d, err
	}
	serves := Eventually(Patience, func() bool { return PrintedAddress.MatchString(out.String()) })
	err = errors.Join(command.Process.Signal(os.Interrupt), command.Wait())
	if err == nil && !serves {
		err = errors.New("no address")
	}
	if err != nil {
		return d, fmt.Errorf("make a demo: %w\n%s%s", err, &out, &log)
	}
	d.Printed = out.String()
	return d, nil
})

// DemoData is a folder of the test's own with the demo's records, copied from one that is made once.
func DemoData(t testing.TB) string {
	t.Helper()
	d, err := MadeDemo()
	if err != nil {
		t.Fatal(err)
	}
	folder := filepath.Join(t.TempDir(), "demo")
	if err := os.CopyFS(folder, os.DirFS(d.Folder)); err != nil {
		t.Fatal(err)
	}
	return folder
}

// DemoLabel stands on every page with sample data.
const DemoLabel = "Dữ liệu mẫu."

// DemoPassword is that of all accounts of the demo.
const DemoPassword = "thu-viec-3-vai"
