//go:build long

package main

import (
	"context"
	"io"
	"path/filepath"
	"regexp"
	"strconv"
	"testing"
	"time"

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
		r := congsotest.LaunchAsIs(t, nil, "export", "static", dir, "--data", data)
		peak := congsotest.PeakOf(t, r, 15*time.Minute)
		state := r.Process.ProcessState
		t.Logf("%s%v of a processor, %d MB resident at most", r.Out, state.UserTime()+state.SystemTime(), peak/1e6)
		if peak > exportMemory {
			t.Errorf("%d MB are the most", exportMemory/1_000_000)
		}
		figures := reported.FindStringSubmatch(r.Out.String())
		if figures == nil {
			t.Fatalf("no report: %s", r.Out)
		}
		pages, _ = strconv.Atoi(figures[1])
		written, _ = strconv.Atoi(figures[3])
		return pages, written
	}
	if pages, _ := export(); pages < 2*longExported {
		t.Errorf("%d pages of %d items", pages, longExported)
	}
	if _, written := export(); written > 20 {
		t.Errorf("%d files were written again", written)
	}
}
