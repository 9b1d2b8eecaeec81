package store

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"slices"
	"strconv"
	"sync"
	"time"

	"congso/store/model"
)

// What can be wrong with a file of the media folder.
const (
	MediaMissing = "missing" // a record names it and it is not there
	MediaDamaged = "damaged" // it is not the file that was taken in
	MediaOrphan  = "orphan"  // no record knows it
	MediaSpool   = "spool"   // what a broken upload left behind
)

// Ages at which a file that no record knows is no upload under way.
const (
	orphanAge = time.Hour
	spoolAge  = 24 * time.Hour
)

// MediaFault is a file of the media folder that is not as the records say.
type MediaFault struct {
	Sort  string      // MediaMissing, …
	Path  string      // in the media folder, with slashes
	Media model.Media // the record, the zero Media when there is none
	Bytes int64       // of the file, 0 when it is not there
}

// MediaTotals is what a check has looked at.
type MediaTotals struct {
	Records, Files int
	Bytes          int64
}

// absent reports whether err says that there is no such file.
func absent(err error) bool { return errors.Is(err, fs.ErrNotExist) }

// mediaFiles are the places of the file of m and of its smaller sizes.
func mediaFiles(m model.Media) []string {
	places := []string{mediaPath(m.Hash, "", endingOf(m))}
	for _, width := range model.Widths() {
		if width < m.Width {
			places = append(places, mediaPath(m.Hash, strconv.Itoa(width), endingOf(m)))
		}
	}
	return places
}

// asksAtOnce is how many questions are put to the place of the files at once, when there are many.
const asksAtOnce = 8

// MissingFiles returns, by id, which of the files of those records are not there, by their names. model.ErrFilesAway says that nobody
// knows now.
func (s *Store) MissingFiles(ctx context.Context, records ...model.Media) (map[int64][]string, error) {
	var (
		mu      sync.Mutex
		asking  sync.WaitGroup
		missing = map[int64][]string{}
		failed  error
		free    = make(chan struct{}, asksAtOnce)
	)
	for _, m := range records {
		free <- struct{}{}
		asking.Go(func() {
			defer func() { <-free }()
			names, err := s.missingOf(ctx, m)
			mu.Lock()
			defer mu.Unlock()
			if len(names) > 0 {
				missing[m.ID] = names
			}
			if err != nil && failed == nil {
				failed = fmt.Errorf("media %d: %w", m.ID, err)
			}
		})
	}
	asking.Wait()
	return missing, failed
}

func (s *Store) missingOf(ctx context.Context, m model.Media) (missing []string, err error) {
	if s.media == nil {
		return mediaFiles(m), nil
	}
	there, err := s.media.has(ctx, m.Hash, mediaFiles(m))
	for _, place := range mediaFiles(m) {
		if err == nil && !there[place] {
			missing = append(missing, place)
		}
	}
	return missing, err
}

// CheckMedia compares the media folder with the records, one of its folders after the other, and calls found for each fault; hashes also
// reads every file whole. An upload under way is no fault.
func (s *Store) CheckMedia(ctx context.Context, hashes bool, found func(MediaFault)) (total MediaTotals, err error) {
	c := mediaCheck{Store: s, hashes: hashes, found: found}
	for prefix := range mediaFolders {
		if err := ctx.Err(); err != nil {
			return c.total, err
		}
		if err := c.folder(ctx, fmt.Sprintf("%02x", prefix)); err != nil {
			return c.total, fmt.Errorf("check media: %w", err)
		}
	}
	if err := c.others(ctx); err != nil {
		return c.total, fmt.Errorf("check media: %w", err)
	}
	return c.total, nil
}

type mediaCheck struct {
	*Store
	hashes bool
	found  func(MediaFault)
	total  MediaTotals
}

// folder checks the records whose hash begins so with the files of their folder.
func (c *mediaCheck) folder(ctx context.Context, prefix string) error {
	files, err := c.files(ctx, prefix)
	if err != nil {
		return err
	}
	records, err := queryAll(ctx, c.read, scanMedia, `SELECT `+mediaColumns+` FROM media WHERE hash >= $1 AND hash < $2 ORDER BY id`, prefix, prefix+"g")
	if err != nil {
		return err
	}
	c.total.Records += len(records)
	for _, m := range records {
		for i, place := range mediaFiles(m) {
			info, there := files[place]
			delete(files, place)
			if err := c.file(ctx, m, place, info, there, i == 0); err != nil {
				return err
			}
		}
	}
	for _, place := range sortedKeys(files) {
		if info := files[place]; time.Since(info.Modified) > orphanAge {
			c.found(MediaFault{Sort: MediaOrphan, Path: place, Bytes: info.Bytes})
		}
	}
	return nil
}

func sortedKeys[V any](files map[string]V) []string { return slices.Sorted(maps.Keys(files)) }

// files are the files of a folder by their places; none when it is not there.
func (c *mediaCheck) files(ctx context.Context, folder string) (map[string]mediaInfo, error) {
	files := map[string]mediaInfo{}
	if c.media == nil {
		return files, nil
	}
	return files, c.media.list(ctx, folder, func(info mediaInfo) error {
		files[info.Path] = info
		c.total.Files++
		c.total.Bytes += info.Bytes
		return nil
	})
}

// file checks one file of a record. Only the main one has its size and its hash in the record.
func (c *mediaCheck) file(ctx context.Context, m model.Media, place string, info mediaInfo, there, main bool) error {
	if !there {
		c.found(MediaFault{Sort: MediaMissing, Path: place, Media: m})
		return nil
	}
	damaged := info.Bytes == 0 || main && info.Bytes != m.Bytes
	if main && !damaged && c.hashes {
		hash, err := c.hash(ctx, place)
		if absent(err) {
			return nil // removed meanwhile, with its record
		}
		if err != nil {
			return err
		}
		damaged = hash != m.Hash
	}
	if damaged {
		c.found(MediaFault{Sort: MediaDamaged, Path: place, Media: m, Bytes: info.Bytes})
	}
	return nil
}

func (c *mediaCheck) hash(ctx context.Context, place string) (hash string, err error) {
	f, err := c.media.open(ctx, place, true)
	if err != nil {
		return "", err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	sum := sha256.New()
	if _, err := io.Copy(sum, f); err != nil {
		return "", err
	}
	return hex.EncodeToString(sum.Sum(nil)), nil
}

// others looks at what stands beside the folders of files, and at what uploads have left behind.
func (c *mediaCheck) others(ctx context.Context) error {
	if c.media == nil {
		return nil
	}
	if err := c.leftSpools(); err != nil {
		return err
	}
	return c.media.strays(ctx, func(info mediaInfo) error {
		c.found(MediaFault{Sort: MediaOrphan, Path: info.Path, Bytes: info.Bytes})
		return nil
	})
}

func (c *mediaCheck) leftSpools() error {
	return folder{c.spools}.list(context.Background(), spoolFolder, func(info mediaInfo) error {
		if time.Since(info.Modified) > spoolAge {
			c.found(MediaFault{Sort: MediaSpool, Path: info.Path, Bytes: info.Bytes})
		}
		return nil
	})
}
