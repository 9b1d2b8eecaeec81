package store

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"regexp"
	"runtime/debug"
	"strconv"
)

// Sizes of the journal.
const (
	hitsName     = "hits"   // its folder in the data folder
	segmentBytes = 4 << 20  // of a segment
	journalBytes = 64 << 20 // of all segments; about 700,000 views
	pieceBytes   = 64 << 10 // that are read, or made ready for writing, at once
	segmentHead  = "congso hits 1\r\n\x00"
)

// errJournalFull: the database has not taken views for so long that the journal has no room left.
var errJournalFull = fmt.Errorf("the journal of views has reached %d MB", journalBytes>>20)

// hitSegment is a piece of the journal: a file of records, or views that are kept in memory since no file takes them. A position in it is an
// offset in the file; of views in memory it is 0 or 1, none or all.
type hitSegment struct {
	writer string // who began it; each start of the program is another one
	number int64  // larger than those of the writer's segments before
	done   int64  // the position up to which the database has it

	end    int64 // the position up to which it is written
	closed bool  // nothing more is written to it
	views  int64 // written by this program, and not in the database yet
	size   int64 // what it takes of the disk at most, in bytes

	path   string
	file   *os.File
	mapped []byte    // the file in memory, nil where it is written by calls
	ready  int64     // the position up to which the pages of mapped are there to be written
	memory *hitBatch // in place of the file
}

func segmentName(writer string, number int64) string {
	return fmt.Sprintf("%s-%06d.journal", writer, number)
}

func newSegment(dir, writer string, number int64) (g *hitSegment, err error) {
	if err := os.Mkdir(dir, 0o700); err != nil && !errors.Is(err, fs.ErrExist) {
		return nil, err
	}
	g = &hitSegment{writer: writer, number: number, size: segmentBytes, path: filepath.Join(dir, segmentName(writer, number))}
	if g.file, err = os.OpenFile(g.path, os.O_CREATE|os.O_EXCL|os.O_RDWR, 0o600); err != nil {
		return nil, err
	}
	if _, err = g.file.WriteAt([]byte(segmentHead), 0); err == nil {
		g.done, g.end = int64(len(segmentHead)), int64(len(segmentHead))
		g.mapped, err = mapFile(g.file, segmentBytes)
	}
	if err != nil {
		return nil, errors.Join(err, g.remove())
	}
	return g, nil
}

// append writes a record after the others. What fails leaves nothing that would be read.
func (g *hitSegment) append(record []byte) (err error) {
	if g.mapped == nil {
		_, err = g.file.WriteAt(record, g.end)
	} else {
		g.makeReady(g.end + int64(len(record)))
		err = fill(g.mapped[g.end:], record)
	}
	if err == nil {
		g.end += int64(len(record))
		g.views++
	}
	return err
}

// makeReady has the system bring the pages up to end, and some more. Each would be a fault of its own else, which takes as long as the rest of
// thirty views.
func (g *hitSegment) makeReady(end int64) {
	if end > g.ready {
		from := g.ready
		g.ready = min(from+pieceBytes, int64(len(g.mapped)))
		populate(g.mapped[from:g.ready])
	}
}

// fill copies into a mapped file. Its room was set aside, but a disk that fails, or somebody who cuts the file short, is told of by a fault
// alone, which would end the program.
func fill(to, from []byte) (err error) {
	defer debug.SetPanicOnFault(debug.SetPanicOnFault(true))
	defer func() {
		if fault := recover(); fault != nil {
			err = fmt.Errorf("the disk failed under the journal: %v", fault)
		}
	}()
	copy(to, from)
	return nil
}

// full reports whether a record of so many bytes has no room any more.
func (g *hitSegment) full(record int) bool { return g.end+int64(record) > segmentBytes }

// batch reads the views from done to end, a piece at a time. Damaged bytes are those that were to be views.
func (g *hitSegment) batch(end int64) (batch *hitBatch, damaged int64, err error) {
	if g.memory != nil {
		return g.memory, 0, nil
	}
	from := max(g.done, int64(len(segmentHead)))
	batch = newHitBatch()
	seed, piece := recordSeed(g.writer), make([]byte, min(max(end-from, 0), pieceBytes))
	for from < end {
		n, err := g.file.ReadAt(piece[:min(end-from, int64(len(piece)))], from)
		if err != nil && !errors.Is(err, io.EOF) {
			return nil, 0, fmt.Errorf("journal: %w", err)
		}
		last := err != nil || from+int64(n) == end
		read, bad := eachHit(piece[:n], seed, last, batch.add)
		from, damaged = from+read, damaged+bad
		if last {
			break
		}
	}
	return batch, damaged + max(end-from, 0), nil
}

// close gives up the file, which stays.
func (g *hitSegment) close() error {
	if g.file == nil {
		return nil
	}
	mapped, file := g.mapped, g.file
	g.mapped, g.file, g.closed = nil, nil, true
	return errors.Join(unmapFile(mapped), file.Close())
}

// remove takes the segment off the disk.
func (g *hitSegment) remove() error {
	if g.memory != nil {
		return nil
	}
	return errors.Join(g.close(), os.Remove(g.path))
}

var segmentPattern = regexp.MustCompile(`^([A-Z2-7]{26})-([0-9]{6,18})\.journal$`)

// leftSegments are those that earlier starts have left in the folder, each writer's in their order. What is none stays where it is, and is
// logged.
func leftSegments(dir string, log *slog.Logger) (left []*hitSegment, err error) {
	entries, err := os.ReadDir(dir) // sorted
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	for _, entry := range entries {
		g, err := leftSegment(dir, entry.Name())
		if err != nil {
			log.Warn("a file among the views is not counted", "file", filepath.Join(dir, entry.Name()), "error", err)
			continue
		}
		left = append(left, g)
	}
	return left, err
}

var errNoSegment = errors.New("it is no journal of views")

// leftSegment opens a file that an earlier start has left.
func leftSegment(dir, name string) (g *hitSegment, err error) {
	parts := segmentPattern.FindStringSubmatch(name)
	if parts == nil {
		return nil, errNoSegment
	}
	g = &hitSegment{writer: parts[1], path: filepath.Join(dir, name), closed: true}
	if g.number, err = strconv.ParseInt(parts[2], 10, 64); err != nil {
		return nil, err
	}
	if g.file, err = os.OpenFile(g.path, os.O_RDONLY, 0); err != nil {
		return nil, err
	}
	head := make([]byte, len(segmentHead))
	info, err := g.file.Stat()
	if err == nil {
		_, err = g.file.ReadAt(head, 0)
	}
	switch {
	case err == nil && info.Mode().IsRegular() && info.Size() <= segmentBytes && string(head) == segmentHead:
		g.end, g.size = info.Size(), info.Size()
		return g, nil
	case errors.Is(err, io.EOF) && info.Mode().IsRegular(): // ended while it was begun: there is no view in it
		return g, nil
	}
	return nil, errors.Join(errNoSegment, err, g.close())
}
