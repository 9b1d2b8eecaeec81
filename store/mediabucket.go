package store

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path"
	"path/filepath"
	"strings"

	"congso/store/bucket"
	"congso/store/model"
)

// inBucket keeps the files of the library in a bucket, which several copies of the portal share.
type inBucket struct{ *bucket.Bucket }

// bucketAt opens a bucket, and the folder in the data folder in which files are spooled on their way to it. The bucket may be away.
func bucketAt(m Media, dir string) (mediaPlace, *os.Root, error) {
	address, err := bucket.ParseAddress(m.Place)
	if err != nil {
		return nil, nil, fmt.Errorf("media: %w", err)
	}
	b, err := bucket.New(address, m.Key, m.Secret)
	if err != nil {
		return nil, nil, fmt.Errorf("media: %w", err)
	}
	folder := filepath.Join(dir, mediaName)
	if err := os.MkdirAll(folder, 0o700); err != nil {
		return nil, nil, fmt.Errorf("data folder: %w", err)
	}
	spools, err := os.OpenRoot(folder)
	if err != nil {
		return nil, nil, fmt.Errorf("media folder: %w", err)
	}
	return inBucket{b}, spools, nil
}

// said is the error of a bucket as the portal knows it.
func said(err error) error {
	switch {
	case errors.Is(err, bucket.ErrFull):
		return fmt.Errorf("%w: %w", model.ErrDiskFull, err)
	case errors.Is(err, bucket.ErrAway):
		return filesAway{err}
	}
	return err
}

// filesAway is model.ErrFilesAway in the words of the bucket, which says the same.
type filesAway struct{ error }

func (f filesAway) Unwrap() []error { return []error{model.ErrFilesAway, f.error} }

func (b inBucket) name() string { return b.Name() }

func (b inBucket) close() error {
	b.Bucket.Close()
	return nil
}

func (b inBucket) open(ctx context.Context, place string, whole bool) (MediaFile, error) {
	file, err := b.Open(ctx, place, whole)
	if err != nil {
		return nil, said(err) // not a file that is nil
	}
	return file, nil
}

// prepare puts the files, the last ones first.
func (b inBucket) prepare(ctx context.Context, files []incoming) error {
	for _, file := range files {
		if err := b.put(ctx, file); err != nil {
			return err
		}
	}
	return nil
}

func (b inBucket) put(ctx context.Context, file incoming) error {
	if _, err := file.Seek(0, io.SeekStart); err != nil {
		return err
	}
	return said(b.Put(ctx, file.place, file.File, file.size, file.hash))
}

// settle puts those again that another copy of the portal, which did not know yet that they are wanted, has removed.
func (b inBucket) settle(ctx context.Context, files []incoming) error {
	there, err := b.sizes(ctx, path.Base(files[0].place)[:hashLength])
	if err != nil {
		return err
	}
	for _, file := range files {
		if there[file.place] == file.size {
			continue
		}
		if err := b.put(ctx, file); err != nil {
			return err
		}
	}
	return nil
}

// sizes are those of the files of a hash, by their places.
func (b inBucket) sizes(ctx context.Context, hash string) (map[string]int64, error) {
	there := map[string]int64{}
	err := b.List(ctx, mediaPath(hash, "", ""), func(info mediaInfo) error {
		there[info.Path] = info.Bytes
		return nil
	})
	return there, said(err)
}

func (b inBucket) has(ctx context.Context, hash string, _ []string) (map[string]bool, error) {
	sizes, err := b.sizes(ctx, hash)
	there := map[string]bool{}
	for place := range sizes {
		there[place] = true
	}
	return there, err
}

func (b inBucket) remove(ctx context.Context, hash string) error {
	there, err := b.sizes(ctx, hash)
	for place := range there {
		err = errors.Join(err, said(b.Remove(ctx, place)))
	}
	return err
}

func (b inBucket) discard(ctx context.Context, place string) error { return said(b.Remove(ctx, place)) }

func (b inBucket) list(ctx context.Context, folder string, each func(mediaInfo) error) error {
	return said(b.List(ctx, folder+"/", each))
}

func (b inBucket) strays(ctx context.Context, each func(mediaInfo) error) error {
	return said(b.Folders(ctx, func(info mediaInfo) error {
		if name := strings.TrimSuffix(info.Path, "/"); name == info.Path || !isMediaFolder(name) {
			return each(info)
		}
		return nil
	}))
}

func (b inBucket) probe(ctx context.Context) error { return said(b.Probe(ctx)) }
