//go:build long

package main

import (
	"context"
	"encoding/json"
	"io"
	"os/exec"
	"path/filepath"
	"syscall"
	"testing"

	"congso/cmd/congso/congsotest"
)

// TestLongScan: of twenty thousand clean items, with a page each, none is told of, and the memory does not grow with them.
func TestLongScan(t *testing.T) {
	const items, most = 20_000, 200 << 20
	folder := filepath.Join(t.TempDir(), "bench")
	fatalOn(t, fillBench(context.Background(), benchPlace{folder: folder}, items, io.Discard))
	scan := exec.Command(congsotest.Program(t), "scan", "--json", "--data", folder)
	out, err := scan.Output()
	fatalOn(t, err)
	var d scannedOutput
	fatalOn(t, json.Unmarshal(out, &d))
	if d.Open != 0 || d.Records < items || d.Pages < items {
		t.Errorf("%d open, %d records, %d pages: %.500s", d.Open, d.Records, d.Pages, out)
	}
	usage := scan.ProcessState.SysUsage().(*syscall.Rusage)
	t.Logf("%d pages in %v of processor time, %d kB at most", d.Pages, scan.ProcessState.UserTime()+scan.ProcessState.SystemTime(), usage.Maxrss)
	if usage.Maxrss<<10 > most {
		t.Errorf("%d kB", usage.Maxrss)
	}
}
