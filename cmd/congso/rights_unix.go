//go:build unix

package main

import (
	"io/fs"
	"os"
	"syscall"
)

// owner is the number of the user to whom the file belongs.
func owner(info fs.FileInfo) (uid int, known bool) {
	s, known := info.Sys().(*syscall.Stat_t)
	if !known {
		return 0, false
	}
	return int(s.Uid), true
}

// mayWriteIn reports whether files can be made in folder; it makes none.
func mayWriteIn(folder string) error {
	const writeAndSearch = 2 | 1 // access(2): W_OK, X_OK
	if err := syscall.Access(folder, writeAndSearch); err != nil {
		return &os.PathError{Op: "write in", Path: folder, Err: err}
	}
	return nil
}

// giveTo gives a file to the owner and the group that another one has.
func giveTo(name string, like fs.FileInfo) error {
	stat, ok := like.Sys().(*syscall.Stat_t)
	if !ok {
		return nil
	}
	return os.Chown(name, int(stat.Uid), int(stat.Gid))
}
