package store

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"slices"
	"strconv"
	"strings"
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
	ending := ""
	if m.IsPicture() {
		ending = m.Ext()
	}
	places := []string{mediaPath(m.Hash, "", ending)}
	for _, width := range model.Widths() {
		if width < m.Width {
			places = append(places, mediaPath(m.Hash, strconv.Itoa(width), ending))
		}
	}
	return places
}

// MissingFiles returns which of the files of m are not on the disk, by their places in the media folder.
func (s *Store) MissingFiles(m model.Media) ([]string, error) {
	var missing []string
	for _, place := range mediaFiles(m) {
		if s.media == nil {
			missing = append(missing, place)
			continue
		}
		_, err := s.media.Stat(place)
		if absent(err) {
			missing = append(missing, place)
		} else if err != nil {
			return nil, fmt.Errorf("media %d: %w", m.ID, err)
		}
	}
	return missing, nil
}

// tellLostMedia logs that the media folder was not there although records know files.
func (s *Store) tellLostMedia(ctx context.Context) error {
	files, err := queryOne(ctx, s.read, value[int], `SELECT COUNT(*) FROM media`)
	if err != nil {
		return fmt.Errorf("media folder: %w", err)
	}
	if files > 0 {
		s.log.Error("the media folder was not there and has been made anew: is its disk mounted? congso doctor names the files that are missing", "files", files)
	}
	return nil
}

// CheckMedia compares the media folder with the records, one of its folders after the other, and calls found for each fault; hashes also
// reads every file whole. An upload under way is no fault.
func (s *Store) CheckMedia(ctx context.Context, hashes bool, found func(MediaFault)) (total MediaTotals, err error) {
	c := mediaCheck{Store: s, hashes: hashes, found: found}
	for prefix := range 256 {
		if err := ctx.Err(); err != nil {
			return c.total, err
		}
		if err := c.folder(ctx, fmt.Sprintf("%02x", prefix)); err != nil {
			return c.total, fmt.Errorf("check media: %w", err)
		}
	}
	if err := c.others(); err != nil {
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
	files, err := c.files(prefix)
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
			if err := c.file(m, place, info, there, i == 0); err != nil {
				return err
			}
		}
	}
	for _, place := range sortedKeys(files) {
		if info := files[place]; time.Since(info.ModTime()) > orphanAge {
			c.found(MediaFault{Sort: MediaOrphan, Path: place, Bytes: info.Size()})
		}
	}
	return nil
}

func sortedKeys(files map[string]fs.FileInfo) []string {
	list := make([]string, 0, len(files))
	for place := range files {
		list = append(list, place)
	}
	slices.Sort(list)
	return list
}

// files are the files of a folder by their places; none when it is not there.
func (c *mediaCheck) files(folder string) (map[string]fs.FileInfo, error) {
	files := map[string]fs.FileInfo{}
	if c.media == nil {
		return files, nil
	}
	entries, err := fs.ReadDir(c.media.FS(), folder)
	if err != nil && !absent(err) {
		return nil, err
	}
	for _, entry := range entries {
		info, err := entry.Info()
		if absent(err) {
			continue // gone meanwhile
		}
		if err != nil {
			return nil, err
		}
		files[folder+"/"+entry.Name()] = info
		c.total.Files++
		c.total.Bytes += info.Size()
	}
	return files, nil
}

// file checks one file of a record. Only the main one has its size and its hash in the record.
func (c *mediaCheck) file(m model.Media, place string, info fs.FileInfo, there, main bool) error {
	if !there {
		c.found(MediaFault{Sort: MediaMissing, Path: place, Media: m})
		return nil
	}
	damaged := info.Size() == 0 || main && info.Size() != m.Bytes
	if main && !damaged && c.hashes {
		hash, err := c.hash(place)
		if absent(err) {
			return nil // removed meanwhile, with its record
		}
		if err != nil {
			return err
		}
		damaged = hash != m.Hash
	}
	if damaged {
		c.found(MediaFault{Sort: MediaDamaged, Path: place, Media: m, Bytes: info.Size()})
	}
	return nil
}

func (c *mediaCheck) hash(place string) (hash string, err error) {
	f, err := c.media.Open(place)
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

// others looks at what stands in the media folder beside the folders of files.
func (c *mediaCheck) others() error {
	if c.media == nil {
		return nil
	}
	spool, err := c.files(spoolFolder)
	if err != nil {
		return err
	}
	for _, place := range sortedKeys(spool) {
		if info := spool[place]; time.Since(info.ModTime()) > spoolAge {
			c.found(MediaFault{Sort: MediaSpool, Path: place, Bytes: info.Size()})
		}
	}
	entries, err := fs.ReadDir(c.media.FS(), ".")
	for _, entry := range entries {
		name := entry.Name()
		if name != spoolFolder && (len(name) != 2 || strings.Trim(name, "0123456789abcdef") != "") {
			c.found(MediaFault{Sort: MediaOrphan, Path: name})
		}
	}
	return err
}
