//go:build unix

package main

import (
	"io/fs"
	"os"
	"syscall"
)

// giveTo gives a file to the owner and the group that another one has.
func giveTo(name string, like fs.FileInfo) error {
	stat, ok := like.Sys().(*syscall.Stat_t)
	if !ok {
		return nil
	}
	return os.Chown(name, int(stat.Uid), int(stat.Gid))
}
