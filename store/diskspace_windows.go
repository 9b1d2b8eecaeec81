package store

import (
	"io/fs"

	"golang.org/x/sys/windows"
)

// RoomOn is the room on the disk that holds folder: what is left is what this user may use.
func RoomOn(folder string) (Room, error) {
	name, err := windows.UTF16PtrFromString(folder)
	if err != nil {
		return Room{}, err
	}
	var free, total uint64
	if err := windows.GetDiskFreeSpaceEx(name, &free, &total, nil); err != nil {
		return Room{}, &fs.PathError{Op: "free space", Path: folder, Err: err}
	}
	return Room{Free: int64(free), Total: int64(total)}, nil
}
