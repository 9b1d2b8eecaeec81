//go:build long

package congsotest

import (
	"errors"
	"fmt"
	"os"
	"strings"
	"syscall"
	"testing"
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
