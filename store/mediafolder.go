package store

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"runtime"
	"slices"
	"strconv"

	"congso/store/model"
)

// folder keeps the files of the library in a folder, be it one that several machines share.
type folder struct{ root *os.Root }

func folderAt(name string) (folder, error) {
	root, err := os.OpenRoot(name)
	if err != nil {
		return folder{}, fmt.Errorf("media folder: %w", err)
	}
	return folder{root}, nil
}

func (f folder) name() string { return f.root.Name() }

// close leaves the root to the spools, which share it.
func (f folder) close() error { return nil }

func (f folder) open(_ context.Context, place string, _ bool) (MediaFile, error) {
	file, err := f.root.Open(place)
	if err != nil {
		return nil, err // not a file that is nil
	}
	return file, nil
}

// prepare sees to it that the files are on the disk.
func (f folder) prepare(_ context.Context, files []incoming) error {
	for _, file := range files {
		if err := errors.Join(file.Sync(), file.Close()); err != nil {
			return diskFull(err)
		}
	}
	return nil
}

// settle renames the files.
func (f folder) settle(_ context.Context, files []incoming) error {
	for _, file := range files {
		to := path.Dir(file.place)
		if err := f.root.MkdirAll(to, 0o700); err != nil {
			return diskFull(err)
		}
		if err := f.root.Rename(file.path, file.place); err != nil {
			return err
		}
		if err := errors.Join(f.sync(to), f.sync(".")); err != nil {
			return err
		}
	}
	return nil
}

// sync makes a rename survive a power cut; Windows has no such call and needs none.
func (f folder) sync(name string) error {
	if runtime.GOOS == "windows" {
		return nil
	}
	dir, err := f.root.Open(name)
	if err != nil {
		return err
	}
	return errors.Join(dir.Sync(), dir.Close())
}

func (f folder) remove(_ context.Context, hash string) error {
	variants := []string{""}
	for _, width := range model.Widths() {
		variants = append(variants, strconv.Itoa(width))
	}
	var failed error
	for _, variant := range variants {
		for _, ending := range []string{".jpg", ".png", ""} {
			if err := f.root.Remove(mediaPath(hash, variant, ending)); err != nil && !absent(err) {
				failed = errors.Join(failed, err)
			}
		}
	}
	return failed
}

func (f folder) discard(_ context.Context, place string) error { return f.root.Remove(place) }

func (f folder) has(_ context.Context, _ string, places []string) (map[string]bool, error) {
	there := map[string]bool{}
	for _, place := range places {
		_, err := f.root.Stat(place)
		if err != nil && !absent(err) {
			return nil, err
		}
		there[place] = err == nil
	}
	return there, nil
}

// folderPiece is how many entries of a folder are read at once.
const folderPiece = 1000

func (f folder) list(_ context.Context, name string, each func(mediaInfo) error) error {
	dir, err := f.root.Open(name)
	if absent(err) {
		return nil
	}
	if err != nil {
		return err
	}
	for err == nil {
		var entries []fs.DirEntry
		entries, err = dir.ReadDir(folderPiece)
		for _, entry := range entries {
			info, gone := entry.Info()
			if absent(gone) {
				continue // meanwhile
			}
			if gone == nil {
				gone = each(mediaInfo{Path: path.Join(name, entry.Name()), Bytes: info.Size(), Modified: info.ModTime()})
			}
			if gone != nil {
				return errors.Join(gone, dir.Close())
			}
		}
	}
	if err == io.EOF {
		err = nil
	}
	return errors.Join(err, dir.Close())
}

func (f folder) strays(ctx context.Context, each func(mediaInfo) error) error {
	return f.list(ctx, ".", func(info mediaInfo) error {
		if info.Path == spoolFolder || isMediaFolder(info.Path) {
			return nil
		}
		return each(mediaInfo{Path: info.Path, Modified: info.Modified})
	})
}

// empty reports whether no file has ever been put into the folder.
func (f folder) empty() (bool, error) {
	none := true
	err := f.list(context.Background(), ".", func(info mediaInfo) error {
		if none = !isMediaFolder(info.Path); !none {
			return fs.SkipAll
		}
		return nil
	})
	if errors.Is(err, fs.SkipAll) {
		err = nil
	}
	return none, err
}

// isMediaFolder reports whether files of the library have such a folder.
func isMediaFolder(name string) bool {
	return len(name) == 2 && !slices.ContainsFunc([]byte(name), func(b byte) bool { return (b < '0' || b > '9') && (b < 'a' || b > 'f') })
}

func (f folder) probe(context.Context) error {
	_, err := f.root.Stat(".")
	return err
}
