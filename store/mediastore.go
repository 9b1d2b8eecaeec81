package store

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"congso/store/bucket"
	"congso/store/model"
)

// Media says where the files of the library are. The zero value is the folder media in the data folder.
type Media struct {
	Place  string // "", a folder that is there, or s3://bucket/prefix?endpoint=https://host:port&region=…&path-style=true
	Key    string // of a bucket
	Secret string // of the key
}

// Bucket reports whether the files are in a bucket.
func (m Media) Bucket() bool { return strings.HasPrefix(m.Place, bucket.Scheme) }

// Check says what is wrong with the place as it is written; nothing is asked of it.
func (m Media) Check() error {
	switch {
	case m.Place == "":
		return nil
	case m.Bucket():
		if _, err := bucket.ParseAddress(m.Place); err != nil {
			return err
		}
		if m.Key == "" || m.Secret == "" {
			return errors.New("a bucket needs a key and its secret")
		}
		return nil
	case !filepath.IsAbs(m.Place):
		return errors.New("it is neither a folder's path from the root nor s3://…")
	}
	return nil
}

// MaxBucketFile is how large a file in a bucket may be, in bytes.
const MaxBucketFile = bucket.MaxBytes

// mediaPlace keeps the files of the library, each under a name that says what is in it (see mediaPath), so that to put one twice does no
// harm. Its errors are fs.ErrNotExist, model.ErrDiskFull, model.ErrFilesAway for a bucket that cannot be used, and those of a folder's disk.
type mediaPlace interface {
	// open opens a file for reading, until ctx ends. whole says that all of it will be read.
	open(ctx context.Context, place string, whole bool) (MediaFile, error)
	// prepare does what takes its time for files that settle is to put in their places, without which they count for nothing.
	prepare(ctx context.Context, files []incoming) error
	// settle makes sure that the files of one hash are in their places, whatever happened since prepare. What was spooled may be moved away.
	settle(ctx context.Context, files []incoming) error
	// remove removes all files of that hash.
	remove(ctx context.Context, hash string) error
	// discard removes one file, whatever its name is.
	discard(ctx context.Context, place string) error
	// has reports which of these files of one hash are there.
	has(ctx context.Context, hash string, places []string) (map[string]bool, error)
	// list calls each for the files in a folder, one of those that mediaPath names; there are none in one that is not there.
	list(ctx context.Context, folder string, each func(mediaInfo) error) error
	// strays calls each for what stands beside those folders.
	strays(ctx context.Context, each func(mediaInfo) error) error
	// probe is nil when files could be read and listed now.
	probe(ctx context.Context) error
	name() string
	close() error
}

// MediaFile is a file of the library that is open for reading.
type MediaFile interface{ io.ReadSeekCloser }

// mediaInfo is what is known of a file without reading it.
type mediaInfo = bucket.Info

// incoming is a spooled file with its place.
type incoming struct {
	*spooled
	place string
}

// mediaAt opens the place. A folder in the data folder is made when absent; any other must be there, since one that is not mounted must not
// be taken for an empty one.
func mediaAt(m Media, dir string) (place mediaPlace, spools *os.Root, made bool, err error) {
	if m.Bucket() {
		place, spools, err = bucketAt(m, dir)
		return place, spools, false, err
	}
	folder := m.Place
	if folder == "" {
		folder = filepath.Join(dir, mediaName)
		_, absent := os.Stat(folder)
		made = absent != nil
		if err := os.MkdirAll(folder, 0o700); err != nil {
			return nil, nil, false, fmt.Errorf("data folder: %w", err)
		}
	}
	f, err := folderAt(folder)
	if err != nil {
		return nil, nil, false, err
	}
	if m.Place != "" {
		made, err = f.empty()
	}
	return f, f.root, made, err
}

// openMedia opens the place of the files; lost reports whether it is a folder without any.
func (s *Store) openMedia(o Options) (lost bool, err error) {
	s.media, s.spools, lost, err = mediaAt(o.Media, o.Dir)
	return lost, err
}

// lookAtMedia opens the place of the files for reading alone. A folder that is absent is one without files.
func (s *Store) lookAtMedia(o Options) error {
	folder := o.Media.Place
	if folder == "" {
		folder = filepath.Join(o.Dir, mediaName)
	}
	if !o.Media.Bucket() {
		if _, err := os.Stat(folder); absent(err) {
			return nil
		}
	}
	o.Media.Place = folder
	_, err := s.openMedia(o)
	return err
}

func (s *Store) closeMedia() error {
	var failed []error
	if s.media != nil {
		failed = append(failed, s.media.close())
	}
	if s.spools != nil {
		failed = append(failed, s.spools.Close())
	}
	return errors.Join(failed...)
}

// tellLostMedia logs that the media folder has no files although records know some.
func (s *Store) tellLostMedia(ctx context.Context) error {
	files, err := queryOne(ctx, s.read, value[int], `SELECT COUNT(*) FROM media`)
	if err != nil {
		return fmt.Errorf("media folder: %w", err)
	}
	if files > 0 {
		s.log.Error("the media folder was not there and has been made anew, or is empty: is its disk mounted? congso doctor names the files that are missing",
			"files", files, "folder", s.media.name())
	}
	return nil
}

// MediaPlace names where the files are, without anything secret.
func (s *Store) MediaPlace() string {
	if s.media == nil {
		return "nowhere"
	}
	return s.media.name()
}

// OpenMedia opens the file of m: the file itself for variant "", a picture's smaller size for one of model.Widths() as digits. whole says that
// all of it is about to be read; a part can be read either way. Whatever is no such file is model.ErrNotFound; model.ErrFilesAway says that
// nobody knows now. It does not ask who may see the file. The caller closes it, before ctx ends.
func (s *Store) OpenMedia(ctx context.Context, m model.Media, variant string, whole bool) (MediaFile, error) {
	if s.media == nil || !validHash(m.Hash) || !validVariant(variant) {
		return nil, fmt.Errorf("media file: %w", model.ErrNotFound)
	}
	file, err := s.media.open(ctx, mediaPath(m.Hash, variant, endingOf(m)), whole)
	if absent(err) {
		err = model.ErrNotFound
	}
	if err != nil {
		return nil, fmt.Errorf("media file %s: %w", m.Hash, err)
	}
	return file, nil
}

// endingOf is how the names of the files of m end.
func endingOf(m model.Media) string {
	if m.IsPicture() {
		return m.Ext()
	}
	return ""
}
