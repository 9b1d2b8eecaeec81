package main

import "golang.org/x/sys/windows"

// errAddressInUse is what the system says of a port that somebody listens on.
const errAddressInUse = windows.WSAEADDRINUSE
