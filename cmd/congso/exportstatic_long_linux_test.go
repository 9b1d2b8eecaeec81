//go:build long

package main

import (
	"context"
	"io"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"syscall"
	"testing"

	"congso/cmd/congso/congsotest"
)

// longExported is how many news items the portal has that is exported, and exportMemory what the program may have resident meanwhile, in bytes.
const (
	longExported = 5_000
	exportMemory = 200_000_000
)

var reported = regexp.MustCompile(`(\d+) pages and (\d+) other files, .*; (\d+) written now .*, (\d+) removed`)

// TestLongExportStatic exports a large portal: every item is there in both languages, no link is dead, and the second time only a few files are
// written.
func TestLongExportStatic(t *testing.T) {
	data, dir := filepath.Join(t.TempDir(), "data"), filepath.Join(t.TempDir(), "copy")
	if err := fillBench(context.Background(), benchPlace{folder: data}, longExported, io.Discard); err != nil {
		t.Fatal(err)
	}
	export := func() (pages, written int) {
		t.Helper()
		command := exec.Command(congsotest.Program(t), "export", "static", dir, "--data", data)
		command.Env = append(command.Environ(), congsotest.NoSystemFile)
		out, err := command.CombinedOutput()
		if err != nil {
			t.Fatalf("%v\n%s", err, out)
		}
		usage := command.ProcessState.SysUsage().(*syscall.Rusage)
		t.Logf("%s%v of a processor, %v in all, %d kB resident", out, command.ProcessState.UserTime()+command.ProcessState.SystemTime(), command.ProcessState, usage.Maxrss)
		if usage.Maxrss*1024 > exportMemory {
			t.Errorf("%d kB were resident", usage.Maxrss)
		}
		figures := reported.FindSubmatch(out)
		if figures == nil {
			t.Fatalf("no report: %s", out)
		}
		pages, _ = strconv.Atoi(string(figures[1]))
		written, _ = strconv.Atoi(string(figures[3]))
		return pages, written
	}
	if pages, _ := export(); pages < 2*longExported {
		t.Errorf("%d pages of %d items", pages, longExported)
	}
	if _, written := export(); written > 20 {
		t.Errorf("%d files were written again", written)
	}
}
