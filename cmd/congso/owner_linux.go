package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"syscall"
	"unsafe"

	"golang.org/x/sys/unix"
)

// keptRights are root's that last when root becomes a folder's owner: to read and write any file, such as an archive in root's own folder,
// to hand files over, and to listen on 80 and 443.
const keptRights = 1<<unix.CAP_DAC_OVERRIDE | 1<<unix.CAP_DAC_READ_SEARCH | 1<<unix.CAP_FOWNER | 1<<unix.CAP_CHOWN | 1<<unix.CAP_NET_BIND_SERVICE

// actAsOwner makes a process of root work as the owner of the data folder from now on, for good: what root's commands leave there must be
// writable for the service, which runs as the owner. A folder that is still to be made belongs to whom the one above it does.
// For anybody but root, and for a folder of root's, it does nothing.
func actAsOwner(folder string) error {
	if os.Geteuid() != 0 {
		return nil
	}
	uid, gid, err := ownerOf(folder)
	if err != nil || uid == 0 {
		return err
	}
	if err := become(uid, gid); err != nil {
		return fmt.Errorf("work as user %d, the owner of %s: %w", uid, folder, err)
	}
	return nil
}

// ownerOf is the owner of the folder, or of the nearest one above it that exists.
func ownerOf(folder string) (uid, gid int, err error) {
	folder, err = filepath.Abs(folder)
	if err != nil {
		return 0, 0, err
	}
	info, err := os.Stat(folder)
	for errors.Is(err, fs.ErrNotExist) && folder != "/" {
		folder = filepath.Dir(folder)
		info, err = os.Stat(folder)
	}
	if err != nil {
		return 0, 0, fmt.Errorf("data folder: %w", err)
	}
	stat, ok := info.Sys().(*syscall.Stat_t)
	if !ok {
		return 0, 0, fmt.Errorf("data folder: no owner of %s", folder)
	}
	return int(stat.Uid), int(stat.Gid), nil
}

// become changes the user of every thread and keeps of root's rights those that last (capabilities(7)). A program linked with C
// cannot reach all its threads, and keeps none.
func become(uid, gid int) error {
	header := unix.CapUserHeader{Version: unix.LINUX_CAPABILITY_VERSION_3}
	var rights [2]unix.CapUserData // 64 bits in two halves
	if err := unix.Capget(&header, &rights[0]); err != nil {
		return err
	}
	if err := syscall.Setgroups([]int{gid}); err != nil {
		return err
	}
	if err := syscall.Setgid(gid); err != nil {
		return err
	}
	_, _, errno := syscall.AllThreadsSyscall6(unix.SYS_PRCTL, unix.PR_SET_KEEPCAPS, 1, 0, 0, 0, 0)
	if err := syscall.Setuid(uid); err != nil || errno == syscall.ENOTSUP {
		return err
	}
	had := rights[0].Permitted
	rights = [2]unix.CapUserData{{Permitted: had & keptRights, Effective: had & keptRights}}
	if errno == 0 {
		_, _, errno = syscall.AllThreadsSyscall(unix.SYS_CAPSET, uintptr(unsafe.Pointer(&header)), uintptr(unsafe.Pointer(&rights[0])), 0)
	}
	if errno != 0 {
		return errno
	}
	return nil
}
