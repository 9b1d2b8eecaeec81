//go:build !linux

package load

import "os/exec"

// Cores tells of none: only on Linux can a process be kept on one.
func Cores() ([]int, error) { return nil, nil }

// StartOn starts the command, wherever the system lets it run.
func StartOn(_ int, command *exec.Cmd) error { return command.Start() }

// Stay does nothing here.
func Stay(int) error { return nil }
