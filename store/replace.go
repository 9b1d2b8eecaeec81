package store

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"time"

	"congso/store/model"
)

// replace puts the file fresh, which nobody has open, in the place of the held database and releases that. The held one stays, as it is, in
// a folder under parent named after prefix and the time, whose path is returned. A failure before the new file is in its place changes nothing, and one after it is
// made good by the next start.
func (h held) replace(ctx context.Context, fresh, parent, prefix string, at time.Time) (kept string, err error) {
	if err := os.MkdirAll(parent, 0o700); err != nil {
		return "", err
	}
	if kept, err = keptName(parent, prefix, at); err != nil {
		return "", err
	}
	if err := h.keep(ctx, kept+partEnding); err != nil {
		return "", err
	}
	if runtime.GOOS == "windows" { // where a file that is open cannot be replaced
		if err := h.release(); err != nil {
			return "", err
		}
	}
	if err := os.Rename(fresh, h.path); err != nil {
		return "", errors.Join(err, os.RemoveAll(kept+partEnding))
	}
	if err := errors.Join(syncFolder(filepath.Dir(h.path)), h.release()); err != nil {
		return "", err
	}
	return kept, seal(ctx, kept)
}

// keptName is a path that nothing has yet, with the time to the second, or with one of the next seconds.
func keptName(parent, prefix string, at time.Time) (string, error) {
	for ; ; at = at.Add(time.Second) {
		name := filepath.Join(parent, prefix+at.In(model.Zone()).Format(stampFormat))
		if _, err := os.Lstat(name); errors.Is(err, fs.ErrNotExist) {
			return name, nil
		} else if err != nil {
			return "", err
		}
	}
}

// keep gives the held file a second name, in folder. Where the disk knows no such names it is copied.
func (h held) keep(ctx context.Context, folder string) error {
	if err := os.RemoveAll(folder); err != nil {
		return err
	}
	if err := os.Mkdir(folder, 0o700); err != nil {
		return err
	}
	file := filepath.Join(folder, databaseName)
	if err := os.Link(h.path, file); err != nil {
		if err := cloneDatabase(ctx, h.db, file, nil); err != nil {
			return errors.Join(fmt.Errorf("copy of the database: %w", err), os.RemoveAll(folder))
		}
	}
	return errors.Join(syncFolder(folder), syncFolder(filepath.Dir(folder)))
}

// seal writes down what the kept database is and gives its folder the final name.
func seal(ctx context.Context, kept string) error {
	file := filepath.Join(kept+partEnding, databaseName)
	s, err := describe(ctx, file)
	if err != nil {
		return fmt.Errorf("%s: %w", kept, err)
	}
	s.Name = filepath.Base(kept)
	if s.Taken, err = takenAt(s.Name); err != nil {
		return fmt.Errorf("%s: %w", kept, err)
	}
	if s.SHA256, s.Bytes, err = hashFile(file); err != nil {
		return fmt.Errorf("%s: %w", kept, err)
	}
	text, err := json.MarshalIndent(s, "", "  ")
	if err != nil {
		return err
	}
	note := filepath.Join(kept+partEnding, snapshotNote)
	if err := errors.Join(os.WriteFile(note, append(text, '\n'), 0o600), syncFile(note), syncFolder(kept+partEnding)); err != nil {
		return fmt.Errorf("%s: %w", kept, err)
	}
	return errors.Join(os.Rename(kept+partEnding, kept), syncFolder(filepath.Dir(kept)))
}

// settleUpgrade ends what an interrupted upgrade or rollback has left in the data folder. The caller holds the folder's lock.
func settleUpgrade(ctx context.Context, dir string) error {
	for _, name := range []string{migratingFile, rollbackFile} {
		if err := removeDatabase(filepath.Join(dir, name)); err != nil {
			return fmt.Errorf("left by an interrupted upgrade: %w", err)
		}
	}
	for _, pattern := range []string{filepath.Join(snapshotFolder, "*"), rolledFolder + "*"} {
		parts, err := fs.Glob(os.DirFS(dir), filepath.ToSlash(pattern+partEnding))
		if err != nil {
			return err
		}
		for _, part := range parts {
			if err := settlePart(ctx, filepath.Join(dir, databaseName), filepath.Join(dir, filepath.FromSlash(part))); err != nil {
				return fmt.Errorf("left by an interrupted upgrade: %w", err)
			}
		}
	}
	return nil
}

// settlePart keeps what stands in part when another file has taken its place, and takes it away when that did not come about.
func settlePart(ctx context.Context, live, part string) error {
	now, err := os.Stat(live)
	if err != nil {
		return err
	}
	then, err := os.Stat(filepath.Join(part, databaseName))
	if errors.Is(err, fs.ErrNotExist) {
		return os.RemoveAll(part)
	}
	if err != nil {
		return err
	}
	if os.SameFile(now, then) {
		return os.RemoveAll(part)
	}
	return seal(ctx, strings.TrimSuffix(part, partEnding))
}
