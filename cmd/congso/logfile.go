package main

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"congso/store/model"
)

// maxLogFile is how large a file of the log becomes before another one is begun within the day, in bytes.
const maxLogFile = 100 << 20

// logFile is the log in a file that is put aside when a day in Vietnam is over or it is large, as name-2026-06-15.log beside it, and
// thrown away when so many days are over. Files have mode 0600. What cannot be written to the file goes to spare. It is safe for
// concurrent use.
type logFile struct {
	path  string
	days  int
	most  int64
	now   func() time.Time
	spare io.Writer

	mu   sync.Mutex
	file *os.File // nil when it could not be opened
	day  model.Day
	size int64
}

// openLogFile goes on with the file at path, or begins it.
func openLogFile(path string, days int, spare io.Writer, now func() time.Time) (*logFile, error) {
	l := &logFile{path: path, days: days, most: maxLogFile, now: now, spare: spare}
	if err := l.open(); err != nil {
		return nil, fmt.Errorf("log file: %w", err)
	}
	return l, nil
}

// Write appends lines. They are not lost when the file fails: spare gets them, with the reason.
func (l *logFile) Write(lines []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	written, err := 0, l.ready(int64(len(lines)))
	if err == nil {
		written, err = l.file.Write(lines)
		l.size += int64(written)
	}
	if err == nil {
		return written, nil
	}
	fmt.Fprintf(l.spare, "log file: %v\n", err)
	n, err := l.spare.Write(lines[written:])
	return written + n, err
}

// ready sees to it that the file is open, of today, and takes that many bytes more.
func (l *logFile) ready(more int64) error {
	if l.file == nil {
		return l.open()
	}
	if l.day == model.DayOf(l.now()) && (l.size == 0 || l.size+more <= l.most) {
		return nil
	}
	if err := l.Close(); err != nil {
		return err
	}
	if err := os.Rename(l.path, l.free()); err != nil && !errors.Is(err, os.ErrNotExist) {
		return err
	}
	return l.open()
}

// open opens the file and throws old ones away.
func (l *logFile) open() (err error) {
	if l.file, err = os.OpenFile(l.path, os.O_CREATE|os.O_WRONLY|os.O_APPEND, 0o600); err != nil {
		l.file = nil
		return err
	}
	err = l.file.Chmod(0o600) // whoever made it
	var info os.FileInfo
	if err == nil {
		info, err = l.file.Stat()
	}
	if err != nil {
		return errors.Join(err, l.Close())
	}
	l.size, l.day = info.Size(), model.DayOf(l.now())
	if l.size > 0 {
		l.day = model.DayOf(info.ModTime())
	}
	return l.forget()
}

// Close ends the file; the next Write opens it again.
func (l *logFile) Close() error {
	if l.file == nil {
		return nil
	}
	err := l.file.Close()
	l.file = nil
	return err
}

// parts are what stands before and after the day in the names of files put aside.
func (l *logFile) parts() (before, after string) {
	after = filepath.Ext(l.path)
	return strings.TrimSuffix(l.path, after) + "-", after
}

// free is the name under which the file is put aside: of its day, with a number when there is one already.
func (l *logFile) free() string {
	before, after := l.parts()
	for n := 1; ; n++ {
		name := before + string(l.day) + after
		if n > 1 {
			name = fmt.Sprintf("%s%s.%d%s", before, l.day, n, after)
		}
		if _, err := os.Lstat(name); errors.Is(err, os.ErrNotExist) {
			return name
		}
	}
}

// forget throws files away whose day is longer ago than the days that are kept.
func (l *logFile) forget() error {
	before, after := l.parts()
	first := model.DayOf(l.now().AddDate(0, 0, -l.days))
	entries, err := os.ReadDir(filepath.Dir(l.path))
	if err != nil {
		return err
	}
	var failed []error
	for _, e := range entries {
		name, begins := strings.CutPrefix(e.Name(), filepath.Base(before))
		name, ends := strings.CutSuffix(name, after)
		if !begins || !ends || len(name) < len(first) {
			continue
		}
		day, err := model.ParseDay(name[:len(first)])
		if rest := name[len(first):]; err != nil || day == "" || rest != "" && rest[0] != '.' || day >= first {
			continue
		}
		failed = append(failed, os.Remove(filepath.Join(filepath.Dir(l.path), e.Name())))
	}
	return errors.Join(failed...)
}
