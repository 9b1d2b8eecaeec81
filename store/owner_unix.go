//go:build unix

package store

import (
	"io/fs"
	"os"
	"syscall"
)

// ownAs gives path the owner of model, when root runs the program for another user.
func ownAs(model, path string) error {
	if os.Geteuid() != 0 {
		return nil
	}
	info, err := os.Stat(model)
	if err != nil {
		return err
	}
	if owner, ok := info.Sys().(*syscall.Stat_t); ok {
		return os.Lchown(path, int(owner.Uid), int(owner.Gid))
	}
	return nil
}

// ownDisk reports whether an entry of the folder is a link, or lies on another disk than the folder.
func ownDisk(folder string, entry fs.FileInfo) (bool, error) {
	info, err := os.Stat(folder)
	if err != nil {
		return false, err
	}
	here, ok := info.Sys().(*syscall.Stat_t)
	there, too := entry.Sys().(*syscall.Stat_t)
	return !entry.IsDir() || ok && too && here.Dev != there.Dev, nil
}
