package store

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"path"
	"regexp"
	"strings"
	"time"

	"github.com/gabriel-vasile/mimetype"

	"congso/store/model"
)

// ScannedFile is a file of the media folder that should not be there, or is not what it should be.
type ScannedFile struct {
	Path    string
	Unknown bool        // no record knows it
	Media   model.Media // the record that knows it
	Why     string      // what is wrong with what is in it, as a word that stays the same; "" for nothing
	Excerpt string
}

// ScanMedia looks through the place of the media for files that no record knows, and for such as are not what their names and records say or
// that a browser would run; full reads each file whole, which for a bucket is also the only way to look into files that records know. An
// upload under way is passed over. It returns how many files there are.
func (s *Store) ScanMedia(ctx context.Context, full bool, found func(ScannedFile) error) (files int, err error) {
	if s.media == nil {
		return 0, nil
	}
	m := mediaScan{mediaCheck: mediaCheck{Store: s}, full: full, told: found}
	for prefix := range mediaFolders {
		if err := ctx.Err(); err != nil {
			return m.total.Files, err
		}
		if err := m.folder(ctx, fmt.Sprintf("%02x", prefix)); err != nil {
			return m.total.Files, fmt.Errorf("scan media: %w", err)
		}
	}
	err = s.media.strays(ctx, func(info mediaInfo) error {
		return found(ScannedFile{Path: info.Path, Unknown: true, Excerpt: info.Path})
	})
	if err == nil {
		err = m.spooled()
	}
	if err != nil {
		return m.total.Files, fmt.Errorf("scan media: %w", err)
	}
	return m.total.Files, nil
}

// spoolName is what a file on its way in is called.
var spoolName = regexp.MustCompile(`^` + spoolFolder + `/[A-Z2-7]{26}$`)

// spooled looks among the files on their way in for such as no upload makes.
func (m *mediaScan) spooled() error {
	if _, ours := m.media.(folder); !ours {
		return nil
	}
	return folder{m.spools}.list(context.Background(), spoolFolder, func(info mediaInfo) error {
		if spoolName.MatchString(info.Path) {
			return nil
		}
		return m.told(ScannedFile{Path: info.Path, Unknown: true, Excerpt: info.Path})
	})
}

type mediaScan struct {
	mediaCheck
	full bool
	told func(ScannedFile) error
}

// folder looks at the files of one folder.
func (m *mediaScan) folder(ctx context.Context, prefix string) error {
	files, err := m.files(ctx, prefix)
	if err != nil {
		return err
	}
	records, err := queryAll(ctx, m.read, scanMedia, `SELECT `+mediaColumns+` FROM media WHERE hash >= $1 AND hash < $2 ORDER BY id`, prefix, prefix+"g")
	if err != nil {
		return err
	}
	for _, record := range records {
		for i, place := range mediaFiles(record) {
			info, there := files[place]
			delete(files, place)
			if !there || !record.Archived.IsZero() {
				continue // the doctor tells of what is not there; what was put away nobody gets
			}
			if err := m.known(ctx, record, info, i == 0); err != nil {
				return err
			}
		}
	}
	for _, place := range sortedKeys(files) {
		if err := m.unknown(ctx, files[place]); err != nil {
			return err
		}
	}
	return nil
}

// known looks at a file of a record.
func (m *mediaScan) known(ctx context.Context, record model.Media, info mediaInfo, main bool) error {
	f := ScannedFile{Path: info.Path, Media: record}
	if main && info.Bytes != record.Bytes {
		f.Why, f.Excerpt = "size", fmt.Sprintf("%s: %d bytes, not %d", record.Name, info.Bytes, record.Bytes)
	}
	_, slow := m.media.(inBucket)
	if f.Why == "" && (m.full || !slow) {
		if err := m.content(ctx, &f, record.IsPicture()); err != nil {
			return err
		}
	}
	if f.Why == "" && m.full && main {
		hash, err := m.hash(ctx, info.Path)
		if err != nil && !absent(err) {
			return err
		}
		if err == nil && hash != record.Hash {
			f.Why, f.Excerpt = "hash", record.Name+": not the file that was uploaded"
		}
	}
	if f.Why == "" {
		return nil
	}
	return m.told(f)
}

var ownName = regexp.MustCompile(`^[0-9a-f]{2}/[0-9a-f]{64}(-\d+)?(\.jpg|\.png)?$`)

// unknown looks at a file that no record knows. One that has just come and has a name of ours may be an upload under way.
func (m *mediaScan) unknown(ctx context.Context, info mediaInfo) error {
	if age := time.Since(info.Modified); age < orphanAge && age > -clockSkew && ownName.MatchString(info.Path) {
		return nil
	}
	f := ScannedFile{Path: info.Path, Unknown: true, Excerpt: path.Base(info.Path)}
	if err := m.content(ctx, &f, false); err != nil {
		return err
	}
	return m.told(f)
}

// marks of what a browser or a server would run.
var runs = regexp.MustCompile(`(?i)<script[\s>/]|<iframe[\s>/]|<\?php\b|<html[\s>]|<!doctype html|<svg[\s>]`)

const (
	headBytes = 4 << 10  // that tell what kind of file it is
	lookBytes = 64 << 10 // read at once; of a file that is not read whole, the first and the last
	joinBytes = 32       // of a piece that are looked at again with the next
)

// content looks into a file.
func (m *mediaScan) content(ctx context.Context, f *ScannedFile, picture bool) error {
	file, err := m.media.open(ctx, f.Path, m.full)
	if absent(err) {
		return nil
	}
	if err != nil {
		if f.Unknown { // a folder, or something that nobody may read: it is told as it is
			return nil
		}
		return err
	}
	err = m.contentOf(file, f, picture)
	return errors.Join(err, file.Close())
}

func (m *mediaScan) contentOf(file io.ReadSeeker, f *ScannedFile, picture bool) error {
	head := make([]byte, lookBytes)
	n, err := io.ReadFull(file, head)
	if err != nil && err != io.EOF && err != io.ErrUnexpectedEOF {
		if f.Unknown {
			return nil
		}
		return err
	}
	head = head[:n]
	kind := mimetype.Detect(head[:min(n, headBytes)])
	switch {
	case dangerous(kind) != nil:
		f.Why = "runs"
	case picture && !kind.Is(f.Media.MIME):
		f.Why = "kind"
	}
	if f.Why != "" {
		f.Excerpt = kind.String() + ": " + shownBytes(head)
		return nil
	}
	if !picture && !f.Unknown { // text of any kind may stand in a document
		head = head[:min(n, headBytes/4)]
		f.marks(head)
		return nil
	}
	if f.marks(head); f.Why != "" || n < lookBytes {
		return nil
	}
	return m.rest(file, head, f)
}

// rest looks at what comes after the head: all of it, or the end alone.
func (m *mediaScan) rest(file io.ReadSeeker, head []byte, f *ScannedFile) error {
	if !m.full {
		if _, err := file.Seek(-lookBytes, io.SeekEnd); err != nil {
			return err
		}
	}
	kept := append([]byte{}, head[len(head)-joinBytes:]...)
	piece := make([]byte, lookBytes)
	for {
		n, err := io.ReadFull(file, piece)
		if f.marks(append(kept, piece[:n]...)); f.Why != "" || err == io.EOF || err == io.ErrUnexpectedEOF {
			return nil
		}
		if err != nil {
			return err
		}
		kept = append(kept[:0], piece[n-joinBytes:n]...)
	}
}

// marks notes what in a piece of the file would be run.
func (f *ScannedFile) marks(piece []byte) {
	if at := runs.FindIndex(piece); at != nil {
		f.Why, f.Excerpt = "runs", shownBytes(piece[at[0]:])
	}
}

// shownBytes is the beginning of some bytes as text.
func shownBytes(data []byte) string {
	text := strings.ToValidUTF8(string(bytes.TrimSpace(data[:min(len(data), 200)])), "")
	return model.Clean(strings.Map(func(r rune) rune {
		if r < ' ' || r == 0x7f {
			return ' '
		}
		return r
	}, text))
}
