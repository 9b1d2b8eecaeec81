//go:build long

package main

import (
	"os"
	"path/filepath"
	"runtime"
	"testing"
)

const (
	steadyItems  = 100_000
	steadyFor    = "6m"
	steadyMemory = 200 << 20 // bytes; 150 MB are aimed at, and machines differ
	steadySpare  = 40        // goroutines that may come and go
)

// TestLongSteadyLoad holds that a portal under mixed load answers all, counts each view once, and needs no more at the end than at the
// beginning. Times are told, not judged. CONGSO_TEST_STEADY is another time than six minutes.
func TestLongSteadyLoad(t *testing.T) {
	during := steadyFor
	if set := os.Getenv("CONGSO_TEST_STEADY"); set != "" {
		during = set
	}
	var r benchSteady
	runBench(t, filepath.Join(t.TempDir(), "bench"), &r, "--items", "100000", "--mixed", during, "--within", "45m", "--connections", "64")
	for i, m := range r.Minutes {
		t.Logf("minute %d: %.0f answers a second, p50 %.1f ms, p99 %.1f ms", i+1, m.PerSecond, m.P50, m.P99)
	}
	t.Logf("p99 of the last minute, to that of the second: %.2f; %d answers, %d texts written, at most %d MB", r.LastP99, r.Answers, r.Written, r.Busiest>>20)
	if r.Items != steadyItems || len(r.Minutes) < 4 || r.Answers == 0 || r.Written == 0 {
		t.Errorf("%d items, %d minutes, %d answers, %d written", r.Items, len(r.Minutes), r.Answers, r.Written)
	}
	if r.Counted != int64(r.Views) {
		t.Errorf("%d views counted of %d", r.Counted, r.Views)
	}
	most := [2]benchMemory{}
	for i, m := range r.Memory {
		half := &most[i*2/len(r.Memory)]
		half.Resident, half.Goroutines = max(half.Resident, m.Resident), max(half.Goroutines, m.Goroutines)
	}
	t.Logf("memory at most %d MB in the first half, %d MB in the second", most[0].Resident>>20, most[1].Resident>>20)
	if most[1].Goroutines > most[0].Goroutines+steadySpare {
		t.Errorf("%d goroutines at most in the first half, %d in the second", most[0].Goroutines, most[1].Goroutines)
	}
	if r.Busiest >= steadyMemory || r.Busiest == 0 && runtime.GOOS == "linux" {
		t.Errorf("%d bytes of memory", r.Busiest)
	}
}
