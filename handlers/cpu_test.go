//go:build unix

package handlers_test

import (
	"syscall"
	"testing"
	"time"
)

// cpuTime is what the program has had of the processors: on a busy machine the clock tells nothing.
func cpuTime(t testing.TB) time.Duration {
	t.Helper()
	var used syscall.Rusage
	must(t, syscall.Getrusage(syscall.RUSAGE_SELF, &used))
	return time.Duration(used.Utime.Nano() + used.Stime.Nano())
}
