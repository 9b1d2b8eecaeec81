package store

import (
	"bufio"
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"hash"
	"io"
	"os"
	"path/filepath"
)

// jsonLineMost is how long a line may be, in bytes: a text of the largest size and its revisions take less than a tenth.
const jsonLineMost = 64 << 20

// lineReader reads the lines of a file.
type lineReader struct {
	from   *bufio.Reader
	number int // of the line that next has returned, from 1
	text   []byte
}

func newLineReader(from io.Reader) *lineReader {
	return &lineReader{from: bufio.NewReaderSize(from, 1<<16)}
}

// next is the next line that has something on it, good until the one after it, or io.EOF.
func (r *lineReader) next() ([]byte, error) {
	for {
		r.text = r.text[:0]
		r.number++
		for {
			piece, err := r.from.ReadSlice('\n')
			r.text = append(r.text, piece...)
			if len(r.text) > jsonLineMost {
				return nil, fmt.Errorf("it is longer than %d MB", jsonLineMost>>20)
			}
			if err == nil || errors.Is(err, io.EOF) && len(r.text) > 0 {
				break
			}
			if !errors.Is(err, bufio.ErrBufferFull) {
				return nil, err
			}
		}
		text := bytes.TrimSpace(r.text)
		if r.number == 1 {
			text = bytes.TrimPrefix(text, []byte("\uFEFF"))
		}
		if len(text) > 0 {
			return text, nil
		}
	}
}

// linesWriter writes a file of lines, and knows its hash.
type linesWriter struct {
	name  string
	file  *os.File
	out   *bufio.Writer
	sum   hash.Hash
	bytes int64
	lines int64
}

func (e *jsonExport) lines(name string) (*linesWriter, error) {
	file, err := os.OpenFile(filepath.Join(e.dir, name), os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if err != nil {
		return nil, err
	}
	return &linesWriter{name: name, file: file, out: bufio.NewWriterSize(file, 1<<16), sum: sha256.New()}, nil
}

// line writes one; text is changed.
func (w *linesWriter) line(text []byte) error {
	text = append(text, '\n')
	w.sum.Write(text)
	w.bytes, w.lines = w.bytes+int64(len(text)), w.lines+1
	_, err := w.out.Write(text)
	return err
}

// close ends the file and lists it.
func (e *jsonExport) close(w *linesWriter) error {
	err := w.out.Flush()
	if err == nil {
		err = w.file.Sync()
	}
	if closed := w.file.Close(); err == nil {
		err = closed
	}
	e.portal.Files = append(e.portal.Files, ArchivedFile{Name: w.name, Bytes: w.bytes, SHA256: hex.EncodeToString(w.sum.Sum(nil))})
	return err
}
