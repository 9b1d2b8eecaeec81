package store

import (
	"errors"
	"fmt"
	"runtime"
	"syscall"

	"github.com/jackc/pgx/v5/pgconn"
	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"

	"congso/store/model"
)

// Room is the room on a disk, in bytes.
type Room struct{ Free, Total int64 }

// diskFull makes err model.ErrDiskFull when a file or the database says that there is no space left.
func diskFull(err error) error {
	if noSpace(err) || noSpaceForFile(err) {
		return fmt.Errorf("%w: %w", model.ErrDiskFull, err)
	}
	return err
}

// noSpace reports whether the database has no room left on its disk.
func noSpace(err error) bool {
	var (
		postgres *pgconn.PgError
		file     *sqlite.Error
	)
	return errors.As(err, &postgres) && postgres.Code == "53100" || // disk_full
		errors.As(err, &file) && (file.Code()&0xff == sqlite3.SQLITE_FULL || file.Code() == sqlite3.SQLITE_IOERR_SHMSIZE) // -shm cannot grow
}

func noSpaceForFile(err error) bool {
	const windowsHandleFull, windowsFull = 39, 112 // winerror.h: ERROR_HANDLE_DISK_FULL, ERROR_DISK_FULL
	var code syscall.Errno
	return errors.As(err, &code) && (code == syscall.ENOSPC || code == syscall.EDQUOT ||
		runtime.GOOS == "windows" && (code == windowsHandleFull || code == windowsFull))
}
