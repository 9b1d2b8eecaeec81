package store

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
)

// ErrLost: the data folder has files of records but no database. To begin anew in it would hide the loss.
var ErrLost = errors.New("files of a portal are here, but not its database")

// notLost is ErrLost for a data folder that once had a database file, as its snapshots or media show, and has none now or an empty one.
func notLost(dir string) error {
	path := filepath.Join(dir, databaseName)
	info, err := os.Stat(path)
	if err != nil && !errors.Is(err, fs.ErrNotExist) || err == nil && info.Size() > 0 {
		return err
	}
	for _, sign := range []string{snapshotFolder + "/*", mediaName + "/[0-9a-f][0-9a-f]"} {
		found, err := fs.Glob(os.DirFS(dir), sign)
		if err != nil {
			return err
		}
		if len(found) > 0 {
			return fmt.Errorf("%s is absent or empty although there is %s: %w: bring it back with 'congso restore FILE', name the database with --database, or use another data folder",
				path, filepath.Join(dir, found[0]), ErrLost)
		}
	}
	return nil
}
