//go:build long

package congsotest

import (
	"errors"
	"fmt"
	"os"
	"strings"
	"syscall"
	"testing"
	"time"
)

// Memory is what a process has resident now and had at most, in kB of 1,024 bytes (proc(5)): 0 for one that has ended.
func Memory(t testing.TB, pid int) (resident, peak int) {
	t.Helper()
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	if errors.Is(err, os.ErrNotExist) || errors.Is(err, syscall.ESRCH) {
		return 0, 0
	}
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(string(text)) {
		for name, into := range map[string]*int{"VmRSS:": &resident, "VmHWM:": &peak} {
			if rest, ok := strings.CutPrefix(line, name); ok {
				if _, err := fmt.Sscanf(rest, "%d kB", into); err != nil {
					t.Fatal(err)
				}
			}
		}
	}
	return resident, peak
}

// PeakOf waits for the end of a program and returns how many bytes it had resident at most, looking each 50 ms: what the kernel tells after
// the end counts the memory of the test too, which was the program's own until it was the program. The test ends when the program fails, or
// takes longer than patience.
func PeakOf(t testing.TB, r *Running, patience time.Duration) (peak int) {
	t.Helper()
	for end := time.Now().Add(patience); time.Now().Before(end); {
		select {
		case <-r.Ended:
			if r.Err != nil {
				t.Fatalf("%v\n%s%s", r.Err, r.Out, r.Log)
			}
			return peak
		case <-time.After(50 * time.Millisecond):
			_, now := Memory(t, r.Process.Process.Pid)
			peak = max(peak, now<<10)
		}
	}
	t.Fatalf("still running\n%s%s", r.Out, r.Log)
	return 0
}
