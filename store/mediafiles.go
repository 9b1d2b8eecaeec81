package store

import (
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"slices"
	"strconv"
	"strings"

	"github.com/gabriel-vasile/mimetype"

	"congso/store/model"
)

// spoolFolder holds files on their way in; whatever is left there after a crash is rubbish.
const spoolFolder = "tmp"

// hashLength is how many digits a SHA-256 has.
const hashLength = 64

func validHash(hash string) bool {
	return len(hash) == hashLength && strings.Trim(hash, "0123456789abcdef") == ""
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

// spooled is a file on its way in.
type spooled struct {
	*os.File
	path string // in the folder of spools
	size int64
	hash string
}

// spool copies data to a file of its own, so that a slow or broken upload holds nothing but disk. More than limit bytes, or none at all,
// is model.Invalid. The caller discards what it gets.
func (s *Store) spool(data io.Reader, limit int64) (*spooled, error) {
	f, err := newSpool(s.spools)
	if err != nil {
		return nil, err
	}
	if err = f.fill(io.LimitReader(data, limit+1)); err == nil {
		err = checkSize(f.size, limit)
	}
	if err != nil {
		return nil, errors.Join(diskFull(err), s.discard(f))
	}
	return f, nil
}

// newSpool is an empty file in the folder of spools.
func newSpool(root *os.Root) (*spooled, error) {
	if err := root.MkdirAll(spoolFolder, 0o700); err != nil {
		return nil, diskFull(err)
	}
	f := &spooled{path: spoolFolder + "/" + rand.Text()}
	var err error
	if f.File, err = root.OpenFile(f.path, os.O_CREATE|os.O_EXCL|os.O_RDWR, 0o600); err != nil {
		return nil, diskFull(err)
	}
	return f, nil
}

// fill copies data to f.
func (f *spooled) fill(data io.Reader) (err error) {
	sum := sha256.New()
	f.size, err = io.Copy(io.MultiWriter(f, sum), data)
	f.hash = hex.EncodeToString(sum.Sum(nil))
	return err
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

// discard ends files on their way in, whether or not they have arrived.
func (s *Store) discard(files ...*spooled) error { return discardIn(s.spools, files...) }

func discardIn(root *os.Root, files ...*spooled) error {
	var failed error
	for _, f := range files {
		if err := f.Close(); err != nil && !errors.Is(err, fs.ErrClosed) {
			failed = errors.Join(failed, err)
		}
		if err := root.Remove(f.path); err != nil && !absent(err) {
			failed = errors.Join(failed, err)
		}
	}
	return failed
}
