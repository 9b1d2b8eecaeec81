package store

import (
	"context"
	"io"
	"strings"
	"time"
)

// Progress is told how far long work has come: what is being done, and how many bytes of how many are done, or records where CountsRecords says
// so. It must be quick.
type Progress func(what string, done, total int64)

// What is done with records one by one.
const (
	copyingRecords   = "Copying the records"
	comparingRecords = "Comparing the records"
	writingLines     = "Writing the lines of " // and of what
	readingLines     = "Reading the lines of "
	copyingMedia     = "Copying pictures and attachments" // by their records
	indexingRecords  = "Indexing for the search"

	ScanningRecords = "Reading the records"
	ScanningPages   = "Looking at the pages"
)

// ImportingRecords is what a program tells of that takes records over by itself, with ImportNews and the like.
const ImportingRecords = "Importing"

// CountsRecords reports whether work of that name tells of records, and not of bytes.
func CountsRecords(what string) bool {
	switch what {
	case ImportingRecords, copyingRecords, comparingRecords, indexingRecords, copyingMedia, ScanningRecords, ScanningPages:
		return true
	}
	return strings.HasPrefix(what, writingLines) || strings.HasPrefix(what, readingLines)
}

// workPiece is how many bytes long work does at once.
const workPiece = 1 << 20

// restsAtMost is how long gentle work rests at once: on a machine that is overloaded anyway it must come to an end too.
const restsAtMost = 50 * time.Millisecond

// work is long work beside readers. Gentle work rests after each piece as long as the piece took, so that it takes half of one core and
// half of the disk at most.
type work struct {
	ctx      context.Context
	progress Progress
	gentle   bool

	what        string
	done, total int64
	began       time.Time // of the piece under way
}

func (w *work) begin(what string, total int64) {
	w.what, w.done, w.total, w.began = what, 0, total, time.Now()
	w.tell()
}

func (w *work) tell() {
	if w.progress != nil {
		w.progress(w.what, w.done, w.total)
	}
}

// add notes that n more bytes are done, and rests. The error is that of the context, once it has ended.
func (w *work) add(n int64) error {
	w.done += n
	w.tell()
	if took := time.Since(w.began); w.gentle && took > time.Millisecond {
		select {
		case <-time.After(min(took, restsAtMost)):
		case <-w.ctx.Done():
		}
	}
	w.began = time.Now()
	return w.ctx.Err()
}

// copy copies what from has to all of to, in pieces.
func (w *work) copy(from io.Reader, to ...io.Writer) (n int64, err error) {
	piece, all := make([]byte, workPiece), io.MultiWriter(to...)
	for {
		got, err := io.ReadFull(from, piece)
		if got > 0 {
			if _, err := all.Write(piece[:got]); err != nil {
				return n, err
			}
			n += int64(got)
			if err := w.add(int64(got)); err != nil {
				return n, err
			}
		}
		switch err {
		case nil:
		case io.EOF, io.ErrUnexpectedEOF: // the last piece is a short one
			return n, nil
		default:
			return n, err
		}
	}
}
