//go:build !windows

package store

import system "golang.org/x/sys/unix"

// FreeSpace is how many bytes this user may still write on the disk of folder.
func FreeSpace(folder string) (int64, error) {
	var disk system.Statfs_t
	if err := system.Statfs(folder, &disk); err != nil {
		return 0, err
	}
	return int64(disk.Bavail) * int64(disk.Bsize), nil
}
