// Package static holds the files that pages load: style sheet, script, pictures. They are embedded and
// served under addresses that carry a hash of their content, so that browsers may keep them for good.
package static

import (
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"io/fs"
	"path"
	"strings"
	"sync"
)

//go:generate go run ./pack

//go:embed css js img
var files embed.FS

// Prefix is the path under which the files are served.
const Prefix = "/static/"

// File is an embedded file. Nothing in it may be changed.
type File struct {
	Name string // such as css/site.css
	Type string // its media type
	Hash string // of Data, as in its address
	Data []byte

	brotli, gzip func() []byte // nil when that saves too little
}

// URL is the address under which the file may be kept for good.
func (f *File) URL() string { return Prefix + f.Hash + "/" + f.Name }

var all = sync.OnceValue(func() map[string]*File {
	table := map[string]*File{}
	err := fs.WalkDir(files, ".", func(name string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		data, err := files.ReadFile(name)
		sum := sha256.Sum256(data)
		f := &File{Name: name, Type: mediaTypes[path.Ext(name)], Hash: hex.EncodeToString(sum[:6]), Data: data}
		f.brotli, f.gzip = sync.OnceValue(f.packed), sync.OnceValue(f.gzipped)
		table[name] = f
		return err
	})
	if err != nil {
		panic(err) // embedded: cannot fail
	}
	return table
})

// mediaTypes are by endings, whatever lists of types the machine has.
var mediaTypes = map[string]string{".css": "text/css; charset=utf-8", ".js": "text/javascript; charset=utf-8", ".svg": "image/svg+xml"}

// URL is the address of a file such as "css/site.css". It panics for a name that is not embedded: a mistake in a view.
func URL(name string) string {
	f, ok := all()[name]
	if !ok {
		panic("static: no file " + name)
	}
	return f.URL()
}

// Open returns the file at an address that URL made, or fs.ErrNotExist.
// An address with an outdated hash gives the current file with current = false.
func Open(address string) (f *File, current bool, err error) {
	hash, name, _ := strings.Cut(strings.TrimPrefix(address, Prefix), "/")
	f, ok := all()[name]
	if !ok { // a folder too
		return nil, false, fs.ErrNotExist
	}
	return f, hash == f.Hash, nil
}
