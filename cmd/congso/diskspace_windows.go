package main

import (
	"io/fs"
	"os"

	"golang.org/x/sys/windows"
)

// freeSpace is the room on the disk that holds folder: what is left is what the user may use.
func freeSpace(folder string) (d diskSpace, err error) {
	name, err := windows.UTF16PtrFromString(folder)
	if err != nil {
		return d, err
	}
	var free, total uint64
	if err := windows.GetDiskFreeSpaceEx(name, &free, &total, nil); err != nil {
		return d, &fs.PathError{Op: "free space", Path: folder, Err: err}
	}
	return diskSpace{Free: int64(free), Total: int64(total)}, nil
}

// owner is not asked here: rights are lists, and the numbers of users mean nothing.
func owner(fs.FileInfo) (uid int, known bool) { return 0, false }

// mayWriteIn reports whether folder can be opened at all; lists of rights are checked when something is written.
func mayWriteIn(folder string) error {
	f, err := os.Open(folder)
	if err != nil {
		return err
	}
	return f.Close()
}
