package load

import (
	"fmt"
	"time"

	"golang.org/x/sys/windows"
)

// CPU is the time that this process has had of the processor, the system's work for it too.
func CPU() (time.Duration, error) {
	var made, ended, kernel, user windows.Filetime
	if err := windows.GetProcessTimes(windows.CurrentProcess(), &made, &ended, &kernel, &user); err != nil {
		return 0, fmt.Errorf("time of the processor: %w", err)
	}
	return 100 * time.Nanosecond * time.Duration(ticks(kernel)+ticks(user)), nil
}

// ticks of 100 ns. Filetime.Nanoseconds counts from 1970, which a span of time does not.
func ticks(t windows.Filetime) int64 { return int64(t.HighDateTime)<<32 | int64(t.LowDateTime) }
