package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"time"
)

// Bounds of what is said about room.
const (
	spareBytes   = 1 << 30   // less free than this is a warning
	lastBytes    = 100 << 20 // less free than this is a problem
	largeLog     = 256 << 20 // a larger log of the database is a warning
	wastedBytes  = 100 << 20 // more empty pages than this, and than a quarter, are worth knowing
	sparePercent = 10        // a smaller share free is a warning,
	plentyBytes  = 10 << 30  // unless it is more than this
)

func (e *examination) space(context.Context) (string, error) {
	d, err := e.free(e.config.Data)
	if err != nil {
		return "", err
	}
	share := d.Free * 100 / max(d.Total, 1)
	left := fmt.Sprintf("%s of %s free (%d %%)", fileSize(d.Free), fileSize(d.Total), share)
	database := e.fileBytes("congso.db")
	const cure = "free space on this disk or give it more: old backups, logs and files of others first; the portal goes on by itself"
	switch {
	case d.Free < lastBytes:
		e.note("disk-space", levelProblem, e.config.Data, left+": saving is about to fail", cure)
	case d.Free < spareBytes || share < sparePercent && d.Free < plentyBytes:
		e.note("disk-space", levelWarning, e.config.Data, left, cure)
	case d.Free < 2*database:
		e.note("disk-space", levelWarning, e.config.Data, left+", but the database has "+fileSize(database)+": an upgrade copies it first", cure)
	}
	return left, nil
}

// fileBytes is the size of an entry of the data folder, 0 when there is none.
func (e *examination) fileBytes(name string) int64 {
	info, err := os.Stat(filepath.Join(e.config.Data, name))
	if err != nil {
		return 0
	}
	return info.Size()
}

// rights looks at who may read and write the data folder.
func (e *examination) rights(context.Context) (string, error) {
	folder, err := os.Stat(e.config.Data)
	if err != nil {
		return "", err
	}
	if err := mayWriteIn(e.config.Data); err != nil {
		e.note("not-writable", levelProblem, e.config.Data, "nothing can be written here: "+err.Error(),
			"mount the disk for writing, or run the portal and this as the user to whom the folder belongs")
	}
	for name, most := range map[string]fs.FileMode{".": 0o700, "media": 0o700, "congso.db": 0o600} {
		e.right(folder, name, most)
	}
	for _, name := range []string{"congso.db-wal", "congso.db-shm", "lock", "lock.media"} { // SQLite gives its files the database's rights; the locks are empty
		e.right(folder, name, fs.ModePerm)
	}
	for _, name := range []string{e.config.file, e.config.CertKey} {
		e.secret(name)
	}
	if runtime.GOOS == "windows" {
		return "the folder can be opened; who else may is in its properties, under Security", nil
	}
	return "only the folder's owner may read and write it", nil
}

// right looks at one entry of the data folder; one that is absent has no rights.
func (e *examination) right(folder fs.FileInfo, name string, most fs.FileMode) {
	path := filepath.Join(e.config.Data, name)
	info, err := os.Stat(path)
	if errors.Is(err, fs.ErrNotExist) {
		return
	}
	if err != nil {
		e.note("rights", levelProblem, path, err.Error(), "run this as the user of the service")
		return
	}
	if mode := info.Mode().Perm(); runtime.GOOS != "windows" && mode&^most != 0 {
		e.note("rights", levelWarning, path, fmt.Sprintf("others of this machine may open it (mode %04o): it holds personal numbers and hashes of passwords", mode),
			fmt.Sprintf("chmod %04o %q", most, path))
	}
	mine, known := owner(info)
	if theirs, _ := owner(folder); known && mine != theirs {
		e.note("owner", levelProblem, path, fmt.Sprintf("it belongs to user %d, the folder to user %d: the portal may not be able to write it", mine, theirs),
			fmt.Sprintf("chown --reference=%q %q", e.config.Data, path))
	}
}

// secret looks at who may read a file that holds a key or a password, "" for none. Its group may: that is how the service does.
func (e *examination) secret(path string) {
	info, err := os.Stat(path)
	if path == "" || errors.Is(err, fs.ErrNotExist) || runtime.GOOS == "windows" {
		return
	}
	switch {
	case err != nil:
		e.note("rights", levelProblem, path, err.Error(), "run this as the user of the service")
	case info.Mode().Perm()&0o037 != 0:
		e.note("rights", levelWarning, path, fmt.Sprintf("others of this machine may open it (mode %04o): it may hold a key or a password", info.Mode().Perm()), fmt.Sprintf("chmod 0640 %q", path))
	}
}

// leftovers looks for what an interrupted command left behind.
func (e *examination) leftovers(context.Context) (string, error) {
	entries, err := os.ReadDir(e.config.Data)
	if err != nil {
		return "", err
	}
	for _, entry := range entries {
		name, path := entry.Name(), filepath.Join(e.config.Data, entry.Name())
		switch {
		case name == "restoring":
			e.note("restore-interrupted", levelProblem, path, "a restore was interrupted between two states", "start the portal, or run congso restore again: either finishes or undoes it")
		case strings.HasSuffix(name, ".migrating") && e.old(entry):
			e.note("leftover", levelNote, path, "an interrupted upgrade left a copy of the database; the database itself is as it was", "start the portal: it removes the copy and upgrades")
		case strings.HasSuffix(name, ".part") && e.old(entry):
			e.note("leftover", levelNote, path, "an interrupted command left a file or folder that is not whole", "delete it")
		case strings.HasPrefix(name, "before-restore-") || strings.HasPrefix(name, "before-rollback-"):
			e.note("kept-state", levelNote, path, "the records as they were before "+strings.Split(name, "-")[1]+" are still kept", "delete it once you are sure that nothing in it is missing")
		}
	}
	return "nothing of interrupted commands", nil
}

// old reports whether nobody can still be at work on the entry.
func (e *examination) old(entry fs.DirEntry) bool {
	info, err := entry.Info()
	return err == nil && e.now().Sub(info.ModTime()) > time.Hour
}

// databaseLog looks at SQLite's log beside the database.
func (e *examination) databaseLog(context.Context) (string, error) {
	if e.config.Database != "" {
		return "PostgreSQL keeps its own", nil
	}
	size := e.fileBytes("congso.db-wal")
	if size > largeLog {
		e.note("database-log", levelWarning, "congso.db-wal", fileSize(size)+": the log of the database is not moved into it, or was once very large",
			"restart the portal; if it grows again, look for a program that keeps the database open, such as a copy under way")
	}
	return fileSize(size), nil
}
