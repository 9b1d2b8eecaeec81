package store

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path"
	"path/filepath"
	"sync"
	"time"
)

// MediaCopied says what a copy of the library's files has done.
type MediaCopied struct {
	Files, Copied int   // that the source has, and that the target had not yet
	Bytes         int64 // of those that were copied
	Damaged       []string
}

// copiesAtOnce is how many files are copied at once: to ask a bucket takes longer than to send it a picture.
const copiesAtOnce = 8

// CopyMedia copies the files of the library from one place to another, of which either may be a folder or a bucket with the same key. Files
// that the target has in the same size are left as they are, so that a copy that was ended goes on where it was. Each file's content is held
// against the SHA-256 that is its name; one that is not what it was is named and not copied. Smaller sizes of pictures have no such name: a
// bucket compares what it gets with the hash of what was read. Nothing is removed. dir is the data folder, for what is on its way.
func CopyMedia(ctx context.Context, from, to Media, dir string, progress Progress) (done MediaCopied, err error) {
	c := mediaCopy{work: &work{ctx: ctx, progress: progress}, free: make(chan struct{}, copiesAtOnce)}
	source, sourceSpools, err := c.place(from, dir)
	if err != nil {
		return done, fmt.Errorf("copy media from %s: %w", from.Place, err)
	}
	defer func() { err = errors.Join(err, source.close(), sourceSpools.Close()) }()
	target, spools, err := c.place(to, dir)
	if err != nil {
		return done, fmt.Errorf("copy media to %s: %w", to.Place, err)
	}
	defer func() { err = errors.Join(err, target.close(), spools.Close()) }()
	if source.name() == target.name() {
		return done, fmt.Errorf("copy media: %s is where they are already", source.name())
	}
	c.source, c.target, c.spools = source, target, spools
	if err := c.all(); err != nil {
		return c.done, fmt.Errorf("copy media: %w", err)
	}
	return c.done, nil
}

// all counts what there is, and copies it.
func (c *mediaCopy) all() error {
	var total int64
	c.work.begin("Listing the files", 1)
	for prefix := range mediaFolders {
		err := c.source.list(c.work.ctx, fmt.Sprintf("%02x", prefix), func(info mediaInfo) error {
			total += info.Bytes
			return c.work.ctx.Err()
		})
		if err != nil {
			return err
		}
	}
	c.work.begin("Copying the files", total)
	for prefix := range mediaFolders {
		if err := c.folder(fmt.Sprintf("%02x", prefix)); err != nil {
			return err
		}
	}
	return c.work.ctx.Err()
}

// mediaFolders is how many folders the files are in.
const mediaFolders = 256

// mediaCopy is a copy under way.
type mediaCopy struct {
	work           *work
	source, target mediaPlace
	spools         *os.Root // of the target
	free           chan struct{}

	mu     sync.Mutex
	done   MediaCopied
	failed error // the first
}

// place opens a place; one that nobody named is the folder in the data folder.
func (c *mediaCopy) place(m Media, dir string) (mediaPlace, *os.Root, error) {
	place, spools, _, err := mediaAt(m, dir)
	return place, spools, err
}

// folder copies what one folder has.
func (c *mediaCopy) folder(name string) error {
	there := map[string]int64{}
	err := c.target.list(c.work.ctx, name, func(info mediaInfo) error {
		there[info.Path] = info.Bytes
		return nil
	})
	if err != nil {
		return err
	}
	var copying sync.WaitGroup
	err = c.source.list(c.work.ctx, name, func(info mediaInfo) error {
		if !isMediaPath(info.Path) {
			return nil
		}
		if size, known := there[info.Path]; known && size == info.Bytes {
			return c.passed(info)
		}
		c.free <- struct{}{}
		copying.Go(func() {
			defer func() { <-c.free }()
			c.note(info, c.file(info))
		})
		return c.halted()
	})
	copying.Wait()
	if failed := c.halted(); failed != nil {
		return failed
	}
	return err
}

// halted is the first error of any file's.
func (c *mediaCopy) halted() error {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.failed
}

// passed counts a file that is done with. The error is the first of any file's.
func (c *mediaCopy) passed(info mediaInfo) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.done.Files++
	if err := c.work.add(info.Bytes); c.failed == nil {
		c.failed = err
	}
	return c.failed
}

// errNotItself: a file's content is not what its name says.
var errNotItself = errors.New("is not what it was")

// note writes down how the copy of a file has gone.
func (c *mediaCopy) note(info mediaInfo, err error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.done.Files++
	switch {
	case err == nil:
		c.done.Copied++
		c.done.Bytes += info.Bytes
	case errors.Is(err, errNotItself):
		c.done.Damaged = append(c.done.Damaged, info.Path)
	case absent(err): // removed meanwhile
	case c.failed == nil:
		c.failed = fmt.Errorf("%s: %w", info.Path, err)
	}
	if err := c.work.add(info.Bytes); c.failed == nil {
		c.failed = err
	}
}

func (c *mediaCopy) file(info mediaInfo) (err error) {
	ctx := c.work.ctx
	from, err := c.source.open(ctx, info.Path, true)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, from.Close()) }()
	f, err := spoolIn(c.spools, from)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, discardIn(c.spools, f)) }()
	if name := path.Base(info.Path); f.size != info.Bytes || isMainFile(name) && f.hash != name[:hashLength] {
		return errNotItself
	}
	files := []incoming{{f, info.Path}}
	if err := c.target.prepare(ctx, files); err != nil {
		return err
	}
	return c.target.settle(ctx, files)
}

// isMainFile reports whether a file of that name is one that the hash in the name is of.
func isMainFile(name string) bool { return len(name) == hashLength || name[hashLength] == '.' }

// MoveRestored copies the files that a restore has put into the data folder to where they belong, and takes those there away. They stay
// when that is the same folder by another path, such as a link, or when some are not what they were, which were so in the archive.
func MoveRestored(ctx context.Context, dir string, to Media, progress Progress) (done MediaCopied, err error) {
	restored := filepath.Join(dir, mediaName)
	if none, err := nothingToMove(restored, to); err != nil || none {
		return done, err
	}
	if done, err = CopyMedia(ctx, Media{Place: restored}, to, dir, progress); err != nil || len(done.Damaged) > 0 {
		return done, err
	}
	for prefix := range mediaFolders {
		if err := os.RemoveAll(filepath.Join(restored, fmt.Sprintf("%02x", prefix))); err != nil {
			return done, fmt.Errorf("media: %w", err)
		}
	}
	return done, nil
}

// nothingToMove reports whether the place is that folder, whatever the paths, or there is no such folder.
func nothingToMove(folder string, place Media) (bool, error) {
	here, err := os.Stat(folder)
	if absent(err) || place.Bucket() {
		return absent(err), nil
	}
	there, failed := os.Stat(place.Place)
	if err := errors.Join(err, failed); err != nil {
		return false, fmt.Errorf("media folder: %w", err)
	}
	return os.SameFile(here, there), nil
}

// errNoMedia: the records name no file at all, as those of another portal may, or new ones.
var errNoMedia = errors.New("the records know no file at all: are these files theirs? nothing is removed")

// CleanMedia removes the files of the library that no record knows, and that are older than an hour: an upload under way is left alone. It
// calls removed for each hash. Records that name no file at all are not taken at their word.
func (s *Store) CleanMedia(ctx context.Context, removed func(hash string)) error {
	known, err := queryOne(ctx, s.read, value[int64], `SELECT COUNT(*) FROM media`)
	if err != nil {
		return fmt.Errorf("clean media: %w", err)
	}
	for prefix := range mediaFolders {
		hashes, err := s.unrecorded(ctx, fmt.Sprintf("%02x", prefix))
		if err == nil && known == 0 && len(hashes) > 0 {
			err = errNoMedia
		}
		if err != nil {
			return fmt.Errorf("clean media: %w", err)
		}
		for _, hash := range hashes {
			if err := s.dropUnrecorded(ctx, hash); err != nil {
				return fmt.Errorf("clean media %s: %w", hash, err)
			}
			removed(hash)
		}
	}
	return nil
}

// unrecorded are the hashes in a folder that no record has, by their order.
func (s *Store) unrecorded(ctx context.Context, folder string) ([]string, error) {
	newest := map[string]time.Time{}
	err := s.media.list(ctx, folder, func(info mediaInfo) error {
		if isMediaPath(info.Path) {
			hash := path.Base(info.Path)[:hashLength]
			if info.Modified.After(newest[hash]) {
				newest[hash] = info.Modified
			}
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	known, err := queryAll(ctx, s.read, value[string], `SELECT hash FROM media WHERE hash >= $1 AND hash < $2`, folder, folder+"g")
	for _, hash := range known {
		delete(newest, hash)
	}
	for hash, at := range newest {
		if time.Since(at) < orphanAge {
			delete(newest, hash)
		}
	}
	return sortedKeys(newest), err
}

// spoolIn copies all of data to a file of its own.
func spoolIn(root *os.Root, data io.Reader) (f *spooled, err error) {
	if f, err = newSpool(root); err != nil {
		return nil, err
	}
	if err := f.fill(data); err != nil {
		return nil, errors.Join(diskFull(err), discardIn(root, f))
	}
	return f, nil
}
