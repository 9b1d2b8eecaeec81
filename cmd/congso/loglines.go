package main

import (
	"bytes"
	"context"
	"io"
	"log/slog"
	"strconv"
	"sync"
	"time"
)

// How long and how much of the log may wait in memory: lines of requests only, each of which would cost a system call by itself.
const (
	linesFor  = time.Second
	linesMost = 64 << 10
)

// lineLog writes the log in JSON, as slog.JSONHandler does. Lines of requests that went well wait for others; whatever else is told is
// written at once, after what waited. A killed process loses at most a second of such lines.
type lineLog struct {
	slog.Handler // writes into lines
	lines        *lineBuffer
	plain        bool // without attributes or groups of its own
}

func newLineLog(lines *lineBuffer) *lineLog {
	return &lineLog{slog.NewJSONHandler(lines, nil), lines, true}
}

// Handle writes one line.
func (l *lineLog) Handle(ctx context.Context, r slog.Record) error {
	if r.Level != slog.LevelInfo || r.Message != "request" {
		return l.atOnce(ctx, r)
	}
	if l.plain && l.lines.addRequest(r) {
		return nil
	}
	return l.Handler.Handle(ctx, r)
}

func (l *lineLog) atOnce(ctx context.Context, r slog.Record) error {
	if err := l.Handler.Handle(ctx, r); err != nil {
		return err
	}
	return l.lines.Flush()
}

// WithAttrs is slog.Handler's.
func (l *lineLog) WithAttrs(attrs []slog.Attr) slog.Handler {
	return &lineLog{l.Handler.WithAttrs(attrs), l.lines, false}
}

// WithGroup is slog.Handler's.
func (l *lineLog) WithGroup(name string) slog.Handler {
	return &lineLog{l.Handler.WithGroup(name), l.lines, false}
}

// lineBuffer keeps whole lines in memory for a second, or until they are many. It is safe for concurrent use.
type lineBuffer struct {
	out io.Writer

	mu      sync.Mutex
	second  secondText // of the last line
	waiting []byte
	timer   *time.Timer // nil while nothing waits
}

// Write adds a line. The error is that of writing earlier ones.
func (b *lineBuffer) Write(line []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.waiting = append(b.waiting, line...)
	return len(line), b.added()
}

// addRequest adds the line of a request, unless something in it is not as simple as usual: then nothing is added.
func (b *lineBuffer) addRequest(r slog.Record) bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	before := len(b.waiting)
	lines, ok := b.appendRecord(b.waiting, r)
	if !ok {
		b.waiting = lines[:before]
		return false
	}
	b.waiting = lines
	_ = b.added() // slog drops it too
	return true
}

// added sees to it that what waits is written in time.
func (b *lineBuffer) added() error {
	if len(b.waiting) >= linesMost {
		return b.flush()
	}
	if b.timer == nil {
		b.timer = time.AfterFunc(linesFor, func() { _ = b.Flush() }) // nobody is there to be told
	}
	return nil
}

// Flush writes what waits.
func (b *lineBuffer) Flush() error {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.flush()
}

func (b *lineBuffer) flush() error {
	if b.timer != nil {
		b.timer.Stop()
		b.timer = nil
	}
	if len(b.waiting) == 0 {
		return nil
	}
	_, err := b.out.Write(b.waiting)
	b.waiting = b.waiting[:0] // out has its own place for what it cannot write
	return err
}

// appendRecord appends the line that slog.JSONHandler would write. ok is false for what only that can write: values of other kinds, and text
// that needs escaping.
func (b *lineBuffer) appendRecord(line []byte, r slog.Record) (_ []byte, ok bool) {
	line = append(line, `{"time":"`...)
	line = b.second.appendTime(line, r.Time)
	line = append(line, `","level":"`...)
	line = append(line, r.Level.String()...)
	line = append(line, `","msg":`...)
	line, ok = appendText(line, r.Message)
	r.Attrs(func(a slog.Attr) bool {
		if ok {
			line, ok = appendText(append(line, ','), a.Key)
		}
		if ok {
			line, ok = appendValue(append(line, ':'), a.Value)
		}
		return ok
	})
	return append(line, "}\n"...), ok
}

func appendValue(line []byte, v slog.Value) (_ []byte, ok bool) {
	switch v.Kind() {
	case slog.KindString:
		return appendText(line, v.String())
	case slog.KindInt64:
		return strconv.AppendInt(line, v.Int64(), 10), true
	case slog.KindFloat64:
		f := v.Float64()
		return strconv.AppendFloat(line, f, 'f', -1, 64), f == 0 || f >= 1e-6 && f < 1e21 // beyond, JSON has exponents
	}
	return line, false
}

// appendText appends text that stands in JSON as it is.
func appendText(line []byte, text string) (_ []byte, ok bool) {
	for i := range len(text) {
		if b := text[i]; b < ' ' || b >= 0x7f || b == '"' || b == '\\' {
			return line, false
		}
	}
	return append(append(append(line, '"'), text...), '"'), true
}

// secondText is a second as RFC 3339 writes it. Many lines are of the same one, and a time's calendar and zone take longer than all else in a
// line.
type secondText struct {
	unix       int64
	zone       *time.Location // nil before there is a second
	date, tail string         // what stands before and after the fraction
}

// appendTime appends t as time.RFC3339Nano has it.
func (s *secondText) appendTime(line []byte, t time.Time) []byte {
	if s.zone == nil || s.unix != t.Unix() || s.zone != t.Location() {
		text := t.Truncate(time.Second).Format(time.RFC3339)
		s.unix, s.zone = t.Unix(), t.Location()
		s.date, s.tail = text[:len("2006-01-02T15:04:05")], text[len("2006-01-02T15:04:05"):]
	}
	line = append(line, s.date...)
	if rest := t.Nanosecond(); rest > 0 {
		var fraction [10]byte
		for i := 9; i > 0; i, rest = i-1, rest/10 {
			fraction[i] = '0' + byte(rest%10)
		}
		fraction[0] = '.'
		line = append(line, bytes.TrimRight(fraction[:], "0")...)
	}
	return append(line, s.tail...)
}
