//go:build !windows

package main

import "syscall"

// errAddressInUse is what the system says of a port that somebody listens on.
const errAddressInUse = syscall.EADDRINUSE
