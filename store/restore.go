package store

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	"congso/store/model"
)

// Beginnings of folders in the data folder.
const (
	stagePrefix = "restore-" // what an archive held, until it takes its place
	keptPrefix  = "before-restore-"
)

// Restored says what a restore has done.
type Restored struct {
	Manifest
	Kept string // the folder with what was there before, "" when there was nothing
}

// Restore puts the records, media and articles of an archive in the place of those of the data folder, whose lock the caller holds. All
// of the archive is verified before anything there is touched; then it takes its place as a whole, also when the program is killed at any
// moment (see FinishRestore). What was there is kept in a folder beside. The error is ErrBadArchive for an archive that is not whole,
// model.ErrDiskFull when there is no room for it beside what is there; the data folder is as it was then.
func Restore(ctx context.Context, dir, file string, at time.Time, progress Progress) (r Restored, err error) {
	if err := FinishRestore(dir); err != nil {
		return r, err
	}
	if err := renamable(dir, mediaName); err != nil {
		return r, fmt.Errorf("restore: %w", err)
	}
	moment := at.In(model.Zone()).Format(backupTime)
	stage := filepath.Join(dir, stagePrefix+moment+partEnding)
	if err := os.Mkdir(stage, 0o700); err != nil {
		return r, fmt.Errorf("restore: %w", diskFull(err))
	}
	a, err := checkInto(ctx, file, progress, func(name string) string { return filepath.Join(stage, filepath.FromSlash(name)) })
	if err != nil {
		return r, fmt.Errorf("restore %s: %w", file, errors.Join(diskFull(err), os.RemoveAll(stage)))
	}
	r = Restored{Manifest: a.manifest}
	if r.Kept, err = takePlace(ctx, dir, stage, moment, a.manifest); err != nil {
		return r, fmt.Errorf("restore %s: %w", file, err)
	}
	return r, FinishRestore(dir)
}

// takePlace begins to put what is in the stage in the place of what is in the data folder, and returns the folder in which that is kept, "" when
// there was nothing; FinishRestore does it. Nothing stays of the stage when it fails.
func takePlace(ctx context.Context, dir, stage, moment string, m Manifest) (kept string, err error) {
	defer func() {
		if err != nil {
			err = errors.Join(diskFull(err), os.RemoveAll(stage))
		}
	}()
	if err := settle(stage, dir); err != nil {
		return "", err
	}
	if err := unheld(ctx, filepath.Join(dir, databaseName)); err != nil {
		return "", err
	}
	swap := swapping{Stage: filepath.Base(stage)}
	if swap.Kept, err = unused(dir, keptPrefix+moment); err != nil {
		return "", err
	}
	if err := swap.plan(dir, m); err != nil {
		return "", err
	}
	if len(swap.Old) > 0 {
		kept = filepath.Join(dir, swap.Kept)
	}
	return kept, swap.begin(dir)
}

// renamable holds that a folder which is to be swapped can be: one that is a disk of its own cannot be renamed, and media behind a link are not
// swapped with it.
func renamable(dir, name string) error {
	path := filepath.Join(dir, filepath.FromSlash(name))
	info, err := os.Lstat(path)
	if errors.Is(err, os.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	if own, err := ownDisk(dir, info); err != nil || own {
		return errors.Join(err, fmt.Errorf("%s is a disk of its own, or a link to elsewhere, and cannot be swapped: restore into an empty data folder", path))
	}
	return nil
}

// settle gives what was extracted to the data folder's owner, and makes sure that it is on the disk.
func settle(stage, dir string) error {
	if err := os.MkdirAll(filepath.Join(stage, mediaName), 0o700); err != nil {
		return err
	}
	if err := ownAs(dir, filepath.Join(dir, "lock")); err != nil && !errors.Is(err, os.ErrNotExist) {
		return err
	}
	return filepath.WalkDir(stage, func(path string, entry os.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if err := ownAs(dir, path); err != nil {
			return err
		}
		if !entry.IsDir() {
			return nil // synced when it was written
		}
		return syncFolder(path)
	})
}

// plan notes what takes the place of what.
func (s *swapping) plan(dir string, m Manifest) error {
	names := []string{databaseName, databaseName + "-wal", databaseName + "-shm", mediaName, demoName, hitsName} // views that the old database had not got stay with it
	if m.Content != "" {
		names = append(names, m.Content)
	}
	return s.list(dir, names)
}

// list notes which of the names are in the data folder, and which in the stage. A folder that is a disk of its own is refused.
func (s *swapping) list(dir string, names []string) error {
	for _, name := range names {
		for _, side := range []struct {
			in   string
			list *[]string
		}{{dir, &s.Old}, {filepath.Join(dir, s.Stage), &s.New}} {
			info, err := os.Lstat(filepath.Join(side.in, filepath.FromSlash(name)))
			if errors.Is(err, os.ErrNotExist) {
				continue
			}
			if err == nil && info.IsDir() {
				err = renamable(side.in, name)
			}
			if err != nil {
				return err
			}
			*side.list = append(*side.list, name)
		}
	}
	return nil
}

// unused is the name, or the first with a number after it, that nothing in the folder has.
func unused(dir, name string) (string, error) {
	for i, found := 2, name; ; i++ {
		_, err := os.Lstat(filepath.Join(dir, found))
		if errors.Is(err, os.ErrNotExist) {
			return found, nil
		}
		if err != nil {
			return "", err
		}
		found = fmt.Sprintf("%s-%d", name, i)
	}
}

// removeStages removes what restores that were ended before their end had extracted.
func removeStages(dir string) error {
	entries, err := os.ReadDir(dir)
	if errors.Is(err, os.ErrNotExist) {
		return nil
	}
	for _, entry := range entries {
		if strings.HasPrefix(entry.Name(), stagePrefix) && strings.HasSuffix(entry.Name(), partEnding) {
			err = errors.Join(err, os.RemoveAll(filepath.Join(dir, entry.Name())))
		}
	}
	return err
}
