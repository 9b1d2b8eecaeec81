package main

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
)

// replaceFile writes a file beside its place and moves it there, so that at no moment half of it is seen. Its owner and
// group are those of another file, or without one those of whoever runs this.
func replaceFile(name string, data []byte, mode fs.FileMode, like fs.FileInfo) (err error) {
	file, err := os.CreateTemp(filepath.Dir(name), "."+filepath.Base(name)+".*")
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, os.Remove(file.Name()))
		}
	}()
	_, err = file.Write(data)
	err = errors.Join(err, file.Chmod(mode), file.Sync(), file.Close())
	if err == nil && like != nil {
		err = giveTo(file.Name(), like)
	}
	if err != nil {
		return err
	}
	return os.Rename(file.Name(), name)
}
