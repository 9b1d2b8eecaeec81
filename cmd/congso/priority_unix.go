//go:build unix

package main

import (
	"fmt"
	"os"
	"strconv"
	"syscall"
)

// lowPriority lets every other program go first. Linux keeps a priority for each thread; a new one has that of the thread that made it.
func lowPriority() error {
	const lower = 10
	threads, err := os.ReadDir("/proc/self/task")
	if err != nil { // not Linux: one call is for all threads
		return os.NewSyscallError("setpriority", syscall.Setpriority(syscall.PRIO_PROCESS, 0, lower))
	}
	for _, thread := range threads {
		id, err := strconv.Atoi(thread.Name())
		if err == nil {
			err = syscall.Setpriority(syscall.PRIO_PROCESS, id, lower)
		}
		if err != nil && err != syscall.ESRCH { // it has ended
			return fmt.Errorf("priority: %w", err)
		}
	}
	return nil
}
