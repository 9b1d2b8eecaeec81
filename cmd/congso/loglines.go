package main

import (
	"bytes"
	"context"
	"io"
	"log/slog"
	"strconv"
	"sync"
	"time"

	"congso/handlers"
)

// How long and how much of the log may wait in memory: lines of requests only, each of which would cost a system call by itself.
const (
	linesFor  = time.Second
	linesMost = 64 << 10

	requestsMost = 128 // lines of requests that wait to be made into text
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
	return l.Handler.Handle(ctx, r)
}

// WriteLine takes the line of a request, unless it holds text that needs escaping.
func (l *lineLog) WriteLine(line handlers.Line) bool {
	if !l.plain || !plainText(line.Path) || !plainText(line.Method) {
		return false
	}
	l.lines.addRequest(line)
	return true
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

	mu       sync.Mutex
	waiting  []byte
	requests []handlers.Line // that stand after what is waiting: many are written faster together than each for itself
	second   secondText      // of the last of them
	timer    *time.Timer     // nil while nothing waits
}

// Write adds a line. The error is that of writing earlier ones.
func (b *lineBuffer) Write(line []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.appendRequests()
	b.waiting = append(b.waiting, line...)
	return len(line), b.added()
}

// addRequest adds the line of a request, whose texts are plain.
func (b *lineBuffer) addRequest(line handlers.Line) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.requests = append(b.requests, line)
	if len(b.requests) == requestsMost {
		b.appendRequests()
	}
	_ = b.added() // slog drops it too
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
	b.appendRequests()
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

// appendRequests puts the lines of requests behind what is waiting.
func (b *lineBuffer) appendRequests() {
	for i := range b.requests {
		b.waiting = b.appendRequest(b.waiting, &b.requests[i])
	}
	clear(b.requests) // their texts
	b.requests = b.requests[:0]
}

// appendRequest appends the line that slog.JSONHandler would write for the record of a request that went well.
func (b *lineBuffer) appendRequest(to []byte, l *handlers.Line) []byte {
	to = b.second.appendTime(append(to, `{"time":"`...), l.Start.Add(l.Took))
	to = append(append(to, `","level":"INFO","msg":"request","id":"`...), l.ID...)
	to = append(append(to, `","method":"`...), l.Method...)
	to = append(append(to, `","path":"`...), l.LoggedPath()...)
	to = strconv.AppendInt(append(to, `","status":`...), int64(l.Status), 10)
	to = strconv.AppendInt(append(to, `,"bytes":`...), l.Bytes, 10)
	micro := l.Took.Microseconds()
	to = strconv.AppendInt(append(to, `,"ms":`...), micro/1000, 10)
	return append(appendFraction(to, int(micro%1000), 3), "}\n"...)
}

// plainText reports whether text stands in JSON as it is.
func plainText(text string) bool {
	for i := range len(text) {
		if b := text[i]; b < ' ' || b >= 0x7f || b == '"' || b == '\\' {
			return false
		}
	}
	return true
}

// appendFraction appends so many digits after the point, without zeros at the end, and without a point when there are none.
func appendFraction(to []byte, rest, digits int) []byte {
	if rest == 0 {
		return to
	}
	var fraction [9]byte
	for i := digits; i > 0; i, rest = i-1, rest/10 {
		fraction[i-1] = '0' + byte(rest%10)
	}
	return append(append(to, '.'), bytes.TrimRight(fraction[:digits], "0")...)
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
	return append(appendFraction(append(line, s.date...), t.Nanosecond(), 9), s.tail...)
}
