package store

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
)

// journalName is the file in the data folder that says that a swap has begun. From when it is on the disk the new state holds: whoever
// gets the lock next finishes the swap.
const journalName = "restoring"

// ErrRestoring: a restore was ended in the middle of its swap.
var ErrRestoring = errors.New("a restore was interrupted: the next start of the server, or another restore, finishes it")

// swapping is the journal: first all of Old moves from the data folder to Kept, then all of New from Stage to the data folder. Each is a
// rename, and none is ever undone, so that doing it all again does what is left.
type swapping struct {
	Stage string   `json:"stage"`
	Kept  string   `json:"kept"`
	Old   []string `json:"old"`
	New   []string `json:"new"`
}

// begin writes the journal.
func (s *swapping) begin(dir string) error {
	text, err := json.Marshal(s)
	if err != nil {
		return err
	}
	path := filepath.Join(dir, journalName)
	file, err := os.OpenFile(path+partEnding, os.O_CREATE|os.O_TRUNC|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	if _, err = file.Write(text); err == nil {
		err = file.Sync()
	}
	if err == nil {
		err = ownAs(dir, path+partEnding) // who finishes may be another one than root
	}
	if err = errors.Join(err, file.Close()); err != nil {
		return errors.Join(err, os.Remove(path+partEnding))
	}
	if err := os.Rename(path+partEnding, path); err != nil {
		return err
	}
	return syncFolder(dir)
}

// Restoring reports whether a restore of the data folder was ended in the middle of its swap.
func Restoring(dir string) (bool, error) {
	_, err := os.Lstat(filepath.Join(dir, journalName))
	if errors.Is(err, fs.ErrNotExist) {
		return false, nil
	}
	return err == nil, err
}

// FinishRestore finishes a swap of the data folder that had begun, and removes what a restore that had not come so far has left. The
// caller holds the folder's lock and has nothing in it open.
func FinishRestore(dir string) error {
	text, err := os.ReadFile(filepath.Join(dir, journalName))
	if err == nil {
		err = finishSwap(dir, text)
	} else if errors.Is(err, fs.ErrNotExist) {
		err = removeAll(filepath.Join(dir, journalName+partEnding))
	}
	if err == nil {
		err = removeStages(dir)
	}
	if err != nil {
		return fmt.Errorf("restore: %w", err)
	}
	return nil
}

func finishSwap(dir string, journal []byte) error {
	var s swapping
	if err := json.Unmarshal(journal, &s); err != nil {
		return fmt.Errorf("%s: %w", journalName, err)
	}
	kept, stage := filepath.Join(dir, s.Kept), filepath.Join(dir, s.Stage)
	if len(s.Old) > 0 {
		if err := os.MkdirAll(kept, 0o700); err != nil {
			return err
		}
		if err := ownAs(dir, kept); err != nil {
			return err
		}
	}
	if err := moveAll(s.Old, dir, kept); err != nil {
		return err
	}
	if err := moveAll(s.New, stage, dir); err != nil {
		return err
	}
	if err := os.RemoveAll(stage); err != nil {
		return err
	}
	if err := os.Remove(filepath.Join(dir, journalName)); err != nil {
		return err
	}
	return syncFolder(dir)
}

// moveAll moves entries from one folder to another. One that is there already was moved before.
func moveAll(names []string, from, to string) error {
	for _, name := range names {
		source, target := filepath.Join(from, filepath.FromSlash(name)), filepath.Join(to, filepath.FromSlash(name))
		_, err := os.Lstat(target)
		if err == nil {
			continue
		}
		if !errors.Is(err, fs.ErrNotExist) {
			return err
		}
		if err := os.MkdirAll(filepath.Dir(target), 0o700); err != nil {
			return err
		}
		if err := os.Rename(source, target); err != nil {
			return err
		}
	}
	if len(names) == 0 {
		return nil
	}
	return errors.Join(syncFolder(from), syncFolder(to))
}
