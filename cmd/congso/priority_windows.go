package main

import (
	"fmt"

	"golang.org/x/sys/windows"
)

// lowPriority lets every other program go first.
func lowPriority() error {
	if err := windows.SetPriorityClass(windows.CurrentProcess(), windows.BELOW_NORMAL_PRIORITY_CLASS); err != nil {
		return fmt.Errorf("priority: %w", err)
	}
	return nil
}
