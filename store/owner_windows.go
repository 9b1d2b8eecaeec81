package store

import "io/fs"

// ownAs does nothing: what is made in a folder inherits its rights there.
func ownAs(model, path string) error { return nil }

// ownDisk reports whether an entry of a folder is a link, or a disk of its own.
func ownDisk(folder string, entry fs.FileInfo) (bool, error) { return !entry.IsDir(), nil }
