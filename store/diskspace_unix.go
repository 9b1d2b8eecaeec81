//go:build !windows

package store

import (
	"io/fs"

	system "golang.org/x/sys/unix"
)

// RoomOn is the room on the disk that holds folder: what is left is what this user may use.
func RoomOn(folder string) (Room, error) {
	var disk system.Statfs_t
	if err := system.Statfs(folder, &disk); err != nil {
		return Room{}, &fs.PathError{Op: "statfs", Path: folder, Err: err}
	}
	return Room{Free: int64(disk.Bavail) * int64(disk.Bsize), Total: int64(disk.Blocks) * int64(disk.Bsize)}, nil
}
