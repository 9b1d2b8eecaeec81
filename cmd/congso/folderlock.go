package main

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"github.com/gofrs/flock"

	"congso/store"
)

var errInUse = errors.New("in use by another congso")

// lockFolder makes the folder and holds it against a second process. Root works as the folder's owner from then on.
func lockFolder(folder string) (*flock.Flock, error) {
	if err := actAsOwner(folder); err != nil {
		return nil, err
	}
	if err := os.MkdirAll(folder, 0o700); err != nil {
		return nil, fmt.Errorf("data folder: %w", err)
	}
	lock := flock.New(filepath.Join(folder, "lock"))
	held, err := lock.TryLock()
	if err != nil {
		return nil, fmt.Errorf("the data folder cannot be written: %w", err)
	}
	if !held {
		return nil, fmt.Errorf("the data folder %s is %w: stop that one first, as a service with 'systemctl stop congso'", folder, errInUse)
	}
	if err := store.FinishRestore(folder); err != nil {
		return nil, errors.Join(err, lock.Unlock())
	}
	return lock, nil
}
