//go:build long

package main

import (
	"context"
	"encoding/json"
	"io"
	"path/filepath"
	"testing"
	"time"

	"congso/cmd/congso/congsotest"
)

// TestLongScan: of twenty thousand clean items, with a page each, none is told of, and the memory does not grow with them.
func TestLongScan(t *testing.T) {
	const items, most = 20_000, 200 << 20
	folder := filepath.Join(t.TempDir(), "bench")
	fatalOn(t, fillBench(context.Background(), benchPlace{folder: folder}, items, io.Discard))
	scan := congsotest.LaunchAsIs(t, nil, "scan", "--json", "--data", folder)
	peak := congsotest.PeakOf(t, scan, 15*time.Minute)
	out, state := scan.Out.String(), scan.Process.ProcessState
	var d scannedOutput
	fatalOn(t, json.Unmarshal([]byte(out), &d))
	if d.Open != 0 || d.Records < items || d.Pages < items {
		t.Errorf("%d open, %d records, %d pages: %.500s", d.Open, d.Records, d.Pages, out)
	}
	t.Logf("%d pages in %v of processor time, %d MB resident at most", d.Pages, state.UserTime()+state.SystemTime(), peak>>20)
	if peak > most {
		t.Errorf("%d MB are the most", most>>20)
	}
}
