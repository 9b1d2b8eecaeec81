package sitecopy

import (
	"bufio"
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/gofrs/flock"
)

// Files of the folder that are about the copy itself.
const (
	manifestName = ".congso-copy"      // what the last export that came to its end has left
	journalName  = ".congso-copy.part" // what the one under way has written
	tempName     = ".congso-copy.tmp"  // the file that is being written
	lockName     = ".congso-copy.lock" // held by the export under way
)

const manifestHead = "congso copy 1 "

// ErrForeign is the error for a folder that has files in it and is no copy.
var ErrForeign = errors.New("the folder has files in it that are no copy of a portal")

// ErrBusy is the error for a folder into which another export writes.
var ErrBusy = errors.New("another export is writing into the folder")

// Entry is a file of the copy.
type Entry struct {
	Tag  string // of its content, as the caller knows it; no spaces in it
	Size int64
	At   time.Time // when it was written, in seconds
}

// Folder is a copy in files. It is not safe for concurrent use.
type Folder struct {
	Files, Written, Removed int   // of this export
	Bytes, BytesWritten     int64 // of all files, and of those written

	root    *os.Root
	lock    *flock.Flock
	version string
	full    bool
	before  map[string]Entry // by name
	now     map[string]Entry
	journal *os.File // nil after Finish
}

// Open opens a copy in the folder at name, or begins one where there is none, or an empty folder. version is of whatever makes the files: one
// made by another version is written anew, as with full.
func Open(name, version string, full bool) (f *Folder, err error) {
	if err := os.MkdirAll(name, 0o755); err != nil {
		return nil, err
	}
	root, err := os.OpenRoot(name)
	if err != nil {
		return nil, err
	}
	f = &Folder{root: root, version: version, full: full, before: map[string]Entry{}, now: map[string]Entry{}}
	defer func() {
		if err != nil {
			err = errors.Join(err, root.Close())
		}
	}()
	if err := f.readBefore(); err != nil { // before anything is left in a folder that is none of ours
		return nil, err
	}
	f.lock = flock.New(filepath.Join(name, lockName))
	if held, err := f.lock.TryLock(); err != nil || !held {
		return nil, cmp.Or(err, ErrBusy)
	}
	if err = f.begin(); err != nil {
		err = errors.Join(err, f.lock.Unlock())
	}
	return f, err
}

// begin reads once more what is there, now that no other export can change it, and begins the journal.
func (f *Folder) begin() (err error) {
	clear(f.before)
	if err := f.readBefore(); err != nil {
		return err
	}
	f.journal, err = f.root.OpenFile(journalName, os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o644)
	return err
}

// Has reports whether the file is in the folder with that tag, and so need not be written. It counts as one of the copy from then on.
func (f *Folder) Has(name, tag string) bool {
	e, ok := f.now[name]
	if !ok {
		e, ok = f.before[name]
	}
	if !ok || e.Tag != tag {
		return false
	}
	info, err := f.root.Stat(name)
	if err != nil || info.Size() != e.Size || !info.Mode().IsRegular() {
		return false
	}
	f.keep(name, e)
	return true
}

// Keep leaves a file as the last export wrote it, whatever is there now. It reports whether there is one.
func (f *Folder) Keep(name string) bool {
	e, ok := f.before[name]
	if info, err := f.root.Stat(name); !ok || err != nil || !info.Mode().IsRegular() {
		return false
	}
	f.keep(name, e)
	return true
}

func (f *Folder) keep(name string, e Entry) {
	if was, ok := f.now[name]; ok {
		f.Bytes -= was.Size
	} else {
		f.Files++
	}
	f.Bytes += e.Size
	f.now[name] = e
}

// Put writes a file unless it is there with that tag.
func (f *Folder) Put(name, tag string, data []byte, at time.Time) error {
	if f.Has(name, tag) {
		return nil
	}
	return f.Write(name, tag, at, func(w io.Writer) error {
		_, err := w.Write(data)
		return err
	})
}

// Write writes a file with what fill gives it. At no moment is half of it at its place.
func (f *Folder) Write(name, tag string, at time.Time, fill func(io.Writer) error) (err error) {
	if !filepath.IsLocal(filepath.FromSlash(name)) {
		return fmt.Errorf("file %q: no name within the folder", name)
	}
	if _, err := fmt.Fprintln(f.journal, name); err != nil {
		return err
	}
	size, err := f.writeTemp(fill)
	if err == nil {
		err = f.root.MkdirAll(path.Dir(name), 0o755)
	}
	if err == nil {
		err = f.root.Rename(tempName, name)
	}
	if err != nil {
		return fmt.Errorf("file %q: %w", name, err)
	}
	if _, again := f.now[name]; !again {
		f.Written++
	}
	f.BytesWritten += size
	f.keep(name, Entry{tag, size, at})
	return nil
}

func (f *Folder) writeTemp(fill func(io.Writer) error) (size int64, err error) {
	file, err := f.root.OpenFile(tempName, os.O_CREATE|os.O_TRUNC|os.O_WRONLY, 0o644)
	if err != nil {
		return 0, err
	}
	count := &counter{w: file}
	buffered := bufio.NewWriterSize(count, 1<<16)
	err = fill(buffered)
	if err == nil {
		err = buffered.Flush()
	}
	return count.n, errors.Join(err, file.Close())
}

type counter struct {
	w io.Writer
	n int64
}

func (c *counter) Write(data []byte) (int, error) {
	n, err := c.w.Write(data)
	c.n += int64(n)
	return n, err
}

// Again begins the export once more: what it has written so far counts as written before.
func (f *Folder) Again() {
	maps.Copy(f.before, f.now)
	f.now, f.Files, f.Bytes = map[string]Entry{}, 0, 0
}

// Finish removes the files of the last export that are none of this one, and writes down which files there are. It is the last thing that an
// export does.
func (f *Folder) Finish() error {
	small := map[string]string{}
	for name := range f.now {
		small[strings.ToLower(name)] = name
	}
	for _, name := range slices.Sorted(maps.Keys(f.before)) {
		if _, still := f.now[name]; still || f.same(name, small[strings.ToLower(name)]) {
			continue
		}
		if err := f.remove(name); err != nil {
			return err
		}
	}
	var b bytes.Buffer
	fmt.Fprintln(&b, manifestHead+f.version)
	for _, name := range slices.Sorted(maps.Keys(f.now)) {
		e := f.now[name]
		fmt.Fprintf(&b, "%s %d %d %s\n", e.Tag, e.Size, e.At.Unix(), name)
	}
	if err := f.writeManifest(b.Bytes()); err != nil {
		return err
	}
	err := f.journal.Close() // Windows cannot cut short a file to which is only appended
	f.journal = nil
	return errors.Join(err, f.root.Remove(journalName))
}

// same reports whether two names are of one file, on a disk that takes capitals for small letters.
func (f *Folder) same(name, other string) bool {
	if other == "" {
		return false
	}
	one, failed := f.root.Stat(name)
	two, err := f.root.Stat(other)
	return failed == nil && err == nil && os.SameFile(one, two)
}

// remove removes a file, and the folders that are empty without it.
func (f *Folder) remove(name string) error {
	err := f.root.Remove(name)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	f.Removed++
	for dir := path.Dir(name); dir != "."; dir = path.Dir(dir) {
		list, err := fs.ReadDir(f.root.FS(), dir)
		if err != nil || len(list) > 0 {
			return err
		}
		if err := f.root.Remove(dir); err != nil {
			return err
		}
	}
	return nil
}

// Close gives the folder up. After Finish, nothing is left in it but the copy.
func (f *Folder) Close() (err error) {
	if f.journal != nil {
		err = f.journal.Close()
	}
	return errors.Join(err, f.lock.Unlock(), f.root.Close())
}
