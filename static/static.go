// Package static holds the files that pages load: style sheet, script, pictures. They are embedded and
// served under addresses that carry a hash of their content, so that browsers may keep them for good.
package static

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"io/fs"
	"strings"
	"sync"
)

//go:embed css js img
var files embed.FS

// Prefix is the path under which the files are served.
const Prefix = "/static/"

var hashes = sync.OnceValue(func() map[string]string {
	table := map[string]string{}
	err := fs.WalkDir(files, ".", func(name string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		data, err := files.ReadFile(name)
		sum := sha256.Sum256(data)
		table[name] = hex.EncodeToString(sum[:6])
		return err
	})
	if err != nil {
		panic(err) // embedded: cannot fail
	}
	return table
})

// URL is the address of a file such as "css/site.css". It panics for a name that is not embedded: a mistake in a view.
func URL(name string) string {
	hash, ok := hashes()[name]
	if !ok {
		panic("static: no file " + name)
	}
	return Prefix + hash + "/" + name
}

// Open returns the content of the file at an address that URL made, or fs.ErrNotExist.
// An address with an outdated hash gives the current file with current = false.
func Open(address string) (name string, data []byte, current bool, err error) {
	hash, name, _ := strings.Cut(strings.TrimPrefix(address, Prefix), "/")
	known, ok := hashes()[name]
	if !ok { // a folder too
		return name, nil, false, fs.ErrNotExist
	}
	data, err = files.ReadFile(name)
	return name, data, hash == known, err
}

var packed = sync.OnceValue(func() map[string][]byte {
	table := map[string][]byte{}
	for name := range hashes() {
		data, err := files.ReadFile(name)
		if err != nil {
			panic(err) // embedded: cannot fail
		}
		var b bytes.Buffer
		w, _ := gzip.NewWriterLevel(&b, gzip.BestCompression) // the level is valid
		if _, err := w.Write(data); err != nil {
			panic(err) // memory: cannot fail
		}
		if err := w.Close(); err != nil {
			panic(err)
		}
		if b.Len() < len(data)*9/10 {
			table[name] = b.Bytes()
		}
	}
	return table
})

// Gzip is the file compressed, made once at its first use; nil when that would not make it smaller.
func Gzip(name string) []byte { return packed()[name] }
