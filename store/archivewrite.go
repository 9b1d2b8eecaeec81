package store

import (
	"archive/tar"
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"hash"
	"io"
	"os"
	"time"

	"github.com/klauspost/compress/gzip"
)

// tarBlock is the size of which all parts of a tar file are multiples.
const tarBlock = 512

// archiveWriter writes a tar file, in one pass, and notes what it has written.
type archiveWriter struct {
	file *os.File
	work *work
	list []ArchivedFile
}

// tarHeader is the head of an entry. GNU's format has room for any size in one block.
func tarHeader(name string, size int64, at time.Time) ([]byte, error) {
	var b bytes.Buffer
	err := tar.NewWriter(&b).WriteHeader(&tar.Header{Typeflag: tar.TypeReg, Name: name, Size: size, Mode: 0o600, ModTime: at.Truncate(time.Second), Format: tar.FormatGNU})
	return b.Bytes(), err
}

// add writes an entry of size bytes, and returns what it is.
func (a *archiveWriter) add(name string, size int64, at time.Time, from io.Reader) (ArchivedFile, error) {
	head, err := tarHeader(name, size, at)
	if err != nil {
		return ArchivedFile{}, err
	}
	if _, err := a.file.Write(head); err != nil {
		return ArchivedFile{}, err
	}
	sum := sha256.New()
	n, err := a.work.copy(from, a.file, sum)
	if err == nil && n != size {
		err = fmt.Errorf("%s changed while it was read", name)
	}
	if err != nil {
		return ArchivedFile{}, err
	}
	done := ArchivedFile{name, size, hexSum(sum)}
	a.list = append(a.list, done)
	return done, a.pad(size)
}

func hexSum(sum hash.Hash) string { return hex.EncodeToString(sum.Sum(nil)) }

// pad fills the last block of an entry.
func (a *archiveWriter) pad(size int64) error {
	_, err := a.file.Write(make([]byte, (tarBlock-size%tarBlock)%tarBlock))
	return err
}

// addPacked writes an entry with what from has, compressed, and returns what it is uncompressed. The size in its head is put in afterwards.
func (a *archiveWriter) addPacked(name, unpacked string, at time.Time, from io.Reader) (raw ArchivedFile, err error) {
	start, err := a.file.Seek(0, io.SeekCurrent)
	if err != nil {
		return raw, err
	}
	if _, err := a.file.Write(make([]byte, tarBlock)); err != nil {
		return raw, err
	}
	packed, whole := &counted{to: a.file, sum: sha256.New()}, sha256.New()
	zip, err := gzip.NewWriterLevel(packed, gzip.BestSpeed)
	if err != nil {
		return raw, err
	}
	n, err := a.work.copy(from, zip, whole)
	if err := errors.Join(err, zip.Close()); err != nil {
		return raw, err
	}
	if err := a.pad(packed.n); err != nil {
		return raw, err
	}
	head, err := tarHeader(name, packed.n, at)
	if err != nil {
		return raw, err
	}
	a.list = append(a.list, ArchivedFile{name, packed.n, hexSum(packed.sum)})
	_, err = a.file.WriteAt(head, start)
	return ArchivedFile{unpacked, n, hexSum(whole)}, err
}

// finish writes the manifest and the end.
func (a *archiveWriter) finish(m *Manifest) error {
	if len(a.list) > maxEntries {
		return fmt.Errorf("%d files are more than an archive may have, %d: back up by copying the data folder of a stopped server", len(a.list), maxEntries)
	}
	m.Files = a.list
	text, err := m.encode()
	if err != nil {
		return err
	}
	if _, err := a.add(manifestName, int64(len(text)), m.At, bytes.NewReader(text)); err != nil {
		return err
	}
	_, err = a.file.Write(make([]byte, 2*tarBlock))
	return err
}

// counted counts and hashes what goes through it.
type counted struct {
	to  io.Writer
	sum hash.Hash
	n   int64
}

func (c *counted) Write(p []byte) (int, error) {
	n, err := c.to.Write(p)
	c.sum.Write(p[:n]) // never fails
	c.n += int64(n)
	return n, err
}
