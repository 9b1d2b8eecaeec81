package content

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/url"
	"os"
	"path"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// OldFiles are the files in a folder beside an export. It is not safe for concurrent use.
type OldFiles struct {
	root    *os.Root
	folders map[string]map[string]string // names in the folders read last, by how they compare
}

// maxOldFolders is how many folders' lists of names are kept: exports go from one month's folder to the next.
const maxOldFolders = 16

// OpenOldFiles opens the folder. What lies outside of it, also through a symbolic link, is not found.
func OpenOldFiles(folder string) (*OldFiles, error) {
	root, err := os.OpenRoot(folder)
	if err != nil {
		return nil, fmt.Errorf("folder of files: %w", err)
	}
	return &OldFiles{root: root, folders: map[string]map[string]string{}}, nil
}

// Close releases the folder: its files can no longer be opened.
func (f *OldFiles) Close() error { return f.root.Close() }

// Find returns the file at a path below the folder, with slashes. Capitals, the form of Unicode and escapes make no difference where there is no file
// of just that name.
func (f *OldFiles) Find(name string) (OldFile, bool) {
	name = path.Clean(strings.TrimLeft(name, "/"))
	if name == "." || !fs.ValidPath(name) || strings.ContainsAny(name, "\\\x00") {
		return OldFile{}, false
	}
	info, err := f.root.Stat(name)
	if err != nil {
		if name, err = f.similar(name); err == nil {
			info, err = f.root.Stat(name)
		}
	}
	if err != nil || !info.Mode().IsRegular() {
		return OldFile{}, false
	}
	return OldFile{Name: path.Base(name), open: func() (io.ReadCloser, error) {
		file, err := f.root.Open(name)
		if err != nil {
			return nil, unreadable(err)
		}
		return besideFile{file}, nil
	}}, true
}

// besideFile is a file beside an export. What keeps it from being read is model.Invalid for the field "file": it stops nothing else.
type besideFile struct{ *os.File }

func (f besideFile) Read(p []byte) (int, error) {
	n, err := f.File.Read(p)
	if err != nil && err != io.EOF {
		err = unreadable(err)
	}
	return n, err
}

// unreadable says why a file cannot be read, without its path.
func unreadable(err error) error {
	if at := (*fs.PathError)(nil); errors.As(err, &at) {
		err = at.Err
	}
	return badFile("Không đọc được tệp (%v).", err)
}

// similar is the path of a file whose name compares as this one does.
func (f *OldFiles) similar(name string) (string, error) {
	at := "."
	for part := range strings.SplitSeq(name, "/") {
		names, err := f.names(at)
		if err != nil {
			return "", err
		}
		next, ok := names[comparedName(part)]
		if !ok {
			return "", fs.ErrNotExist
		}
		at = path.Join(at, next)
	}
	return at, nil
}

// names are those in a folder, by how they compare.
func (f *OldFiles) names(folder string) (map[string]string, error) {
	if names, ok := f.folders[folder]; ok {
		return names, nil
	}
	entries, err := fs.ReadDir(f.root.FS(), folder)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, err
	}
	names := make(map[string]string, len(entries))
	for _, entry := range entries {
		names[comparedName(entry.Name())] = entry.Name()
	}
	if len(f.folders) >= maxOldFolders {
		clear(f.folders)
	}
	f.folders[folder] = names
	return names, nil
}

func comparedName(name string) string { return strings.ToLower(norm.NFC.String(plainName(name))) }

// plainName is the name of a file that was saved from an address, with the letters of the address: programs leave all or some of them escaped.
func plainName(name string) string {
	if plain, err := url.PathUnescape(name); err == nil && utf8.ValidString(plain) {
		return plain
	}
	return name
}

// picture is the file as a picture, which is Missing when by its content it is none. The error, of a file that cannot be read, is model.Invalid.
func (f OldFile) picture() (p ImportedPicture, err error) {
	p = ImportedPicture{Name: f.Name}
	file, err := f.open()
	if err != nil {
		return p, err
	}
	head := make([]byte, 512)
	n, err := io.ReadFull(file, head)
	err = unlessShort(err)
	if closed := file.Close(); err == nil && closed != nil {
		err = unreadable(closed)
	}
	if err != nil {
		return p, err
	}
	if p.Mime = webPicture(head[:n]); p.Mime != "" {
		p.open = f.open
	}
	return p, nil
}

// unlessShort is the error of reading the head of a file that may be shorter.
func unlessShort(err error) error {
	if errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, io.EOF) {
		return nil
	}
	return err
}
