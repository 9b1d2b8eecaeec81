package store

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	"congso/store/model"
)

// The name that a backup gets in a folder is made of its time in Vietnam, so that the order of names is that of time.
const (
	backupPrefix = "congso-"
	backupTime   = "20060102-150405"
	backupEnding = ".tar"
)

// BackupName is the name in a folder of a backup begun at the time.
func BackupName(at time.Time) string {
	return backupPrefix + at.In(model.Zone()).Format(backupTime) + backupEnding
}

// isBackupName reports whether BackupName makes such a name.
func isBackupName(name string) bool {
	middle, ours := strings.CutPrefix(name, backupPrefix)
	middle, whole := strings.CutSuffix(middle, backupEnding)
	_, err := time.Parse(backupTime, middle)
	return ours && whole && err == nil
}

// Backups are the paths of the backups in the folder that have a name of BackupName's, the oldest first. Other files are not looked at.
func Backups(folder string) ([]string, error) {
	entries, err := os.ReadDir(folder) // sorted
	if err != nil {
		return nil, fmt.Errorf("backups: %w", err)
	}
	var found []string
	for _, entry := range entries {
		if entry.Type().IsRegular() && isBackupName(entry.Name()) {
			found = append(found, filepath.Join(folder, entry.Name()))
		}
	}
	return found, nil
}

// PruneBackups removes the oldest of the folder's Backups but for keep of them, and returns which.
func PruneBackups(folder string, keep int) (removed []string, err error) {
	found, err := Backups(folder)
	if err != nil {
		return nil, err
	}
	found = found[:max(0, len(found)-keep)]
	for i, path := range found {
		if err := os.Remove(path); err != nil {
			return found[:i], fmt.Errorf("old backup: %w", err)
		}
	}
	return found, nil
}

// removeLeft removes what dead backups left in the folder. The caller holds its lock.
func removeLeft(folder string) error {
	entries, err := os.ReadDir(folder)
	for _, entry := range entries {
		name, part := strings.CutSuffix(strings.TrimSuffix(entry.Name(), ".db"), partEnding)
		if part && isBackupName(name) {
			err = errors.Join(err, os.Remove(filepath.Join(folder, entry.Name())))
		}
	}
	return err
}
