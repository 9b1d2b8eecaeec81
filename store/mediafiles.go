package store

import (
	"bytes"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"runtime"
	"slices"
	"strconv"
	"strings"

	"github.com/gabriel-vasile/mimetype"

	"congso/store/model"
)

// spoolFolder holds files on their way in; whatever is left there after a crash is rubbish.
const spoolFolder = "tmp"

// OpenMedia opens the file of that hash: the file itself for variant "", a picture's smaller size for one of model.Widths() as digits.
// Whatever is no such file is model.ErrNotFound. It does not ask who may see the file. The caller closes it.
func (s *Store) OpenMedia(hash, variant string) (*os.File, error) {
	if s.media == nil || !validHash(hash) || !validVariant(variant) {
		return nil, fmt.Errorf("media file: %w", model.ErrNotFound)
	}
	for _, ending := range []string{".jpg", ".png", ""} {
		file, err := s.media.Open(mediaPath(hash, variant, ending))
		if err == nil {
			return file, nil
		}
		if !absent(err) {
			return nil, fmt.Errorf("media file %s: %w", hash, err)
		}
	}
	return nil, fmt.Errorf("media file %s: %w", hash, model.ErrNotFound)
}

func validHash(hash string) bool {
	return len(hash) == 64 && strings.Trim(hash, "0123456789abcdef") == ""
}

func validVariant(variant string) bool {
	width, err := strconv.Atoi(variant)
	return variant == "" || err == nil && slices.Contains(model.Widths(), width) && variant == strconv.Itoa(width)
}

// mediaPath is where a file stands in the media folder: ab/abcd….jpg, ab/abcd…-320.jpg, and attachments without an ending.
func mediaPath(hash, variant, ending string) string {
	if variant != "" {
		variant = "-" + variant
	}
	return hash[:2] + "/" + hash + variant + ending
}

// removeFiles removes what is kept under that hash, in all sizes.
func (s *Store) removeFiles(hash string) error {
	variants := []string{""}
	for _, width := range model.Widths() {
		variants = append(variants, strconv.Itoa(width))
	}
	var failed error
	for _, variant := range variants {
		for _, ending := range []string{".jpg", ".png", ""} {
			if err := s.media.Remove(mediaPath(hash, variant, ending)); err != nil && !errors.Is(err, fs.ErrNotExist) {
				failed = errors.Join(failed, err)
			}
		}
	}
	return failed
}

// spooled is a file on its way in.
type spooled struct {
	*os.File
	path string // in the media folder
	size int64
	hash string
}

// spool copies data to a file of its own, so that a slow or broken upload holds nothing but disk. More than limit bytes, or none at all,
// is model.Invalid. The caller keeps or discards what it gets.
func (s *Store) spool(data io.Reader, limit int64) (*spooled, error) {
	if err := s.media.MkdirAll(spoolFolder, 0o700); err != nil {
		return nil, diskFull(err)
	}
	f := &spooled{path: spoolFolder + "/" + rand.Text()}
	var err error
	if f.File, err = s.media.OpenFile(f.path, os.O_CREATE|os.O_EXCL|os.O_RDWR, 0o600); err != nil {
		return nil, diskFull(err)
	}
	sum := sha256.New()
	f.size, err = io.Copy(io.MultiWriter(f, sum), io.LimitReader(data, limit+1))
	f.hash = hex.EncodeToString(sum.Sum(nil))
	if err == nil {
		err = checkSize(f.size, limit)
	}
	if err != nil {
		return nil, errors.Join(diskFull(err), s.discard(f))
	}
	return f, nil
}

func checkSize(size, limit int64) error {
	switch {
	case size == 0:
		return invalidFile("Tệp trống.")
	case size > limit:
		return invalidFile(fmt.Sprintf("Tệp lớn quá %d MB.", limit>>20))
	}
	return nil
}

func invalidFile(message string) error { return model.Invalid{"file": message} }

// dangerous says why a file that a browser would run is not taken, whatever it is called; nil for any other.
func dangerous(kind *mimetype.MIME) error {
	for ; kind != nil; kind = kind.Parent() {
		switch {
		case kind.Is("image/svg+xml"):
			return invalidFile("Không nhận ảnh SVG vì trong đó có thể có mã chạy được. Xin xuất ra PNG rồi gửi lại.")
		case kind.Is("text/html"), kind.Is("application/xhtml+xml"):
			return invalidFile("Không nhận trang web (HTML), kể cả khi đổi tên. Xin lưu thành PDF rồi gửi lại.")
		}
	}
	return nil
}

// sniff tells by the content what f is, and leaves it at its start.
func sniff(f io.ReadSeeker) (*mimetype.MIME, error) {
	if _, err := f.Seek(0, io.SeekStart); err != nil {
		return nil, err
	}
	kind, err := mimetype.DetectReader(f)
	if err != nil {
		return nil, err
	}
	_, err = f.Seek(0, io.SeekStart)
	return kind, err
}

// discard ends a file that is not kept.
func (s *Store) discard(f *spooled) error { return errors.Join(f.Close(), s.media.Remove(f.path)) }

// keep moves a spooled file to its place, once it is on the disk.
func (s *Store) keep(f *spooled, place string) error {
	if err := errors.Join(f.Sync(), f.Close()); err != nil {
		return errors.Join(diskFull(err), s.media.Remove(f.path))
	}
	folder := path.Dir(place)
	if err := s.media.MkdirAll(folder, 0o700); err != nil {
		return errors.Join(diskFull(err), s.media.Remove(f.path))
	}
	if err := s.media.Rename(f.path, place); err != nil {
		return errors.Join(err, s.media.Remove(f.path))
	}
	return errors.Join(s.syncFolder(folder), s.syncFolder("."))
}

// keepBytes writes a file of the given content to its place.
func (s *Store) keepBytes(content []byte, place string) error {
	f, err := s.spool(bytes.NewReader(content), int64(len(content)))
	if err != nil {
		return err
	}
	return s.keep(f, place)
}

// syncFolder makes a rename survive a power cut; Windows has no such call and needs none.
func (s *Store) syncFolder(folder string) error {
	if runtime.GOOS == "windows" {
		return nil
	}
	dir, err := s.media.Open(folder)
	if err != nil {
		return err
	}
	return errors.Join(dir.Sync(), dir.Close())
}
