package middleware

import (
	"context"
	"log/slog"
	"math/rand/v2"
	"net/http"
	"strings"
	"time"

	"github.com/labstack/echo/v4"

	"congso/handlers/web"
)

// maxLoggedPath is how much of a path the log keeps, in bytes: the rest is nonsense that somebody sent.
const maxLoggedPath = 300

// RequestID gives every request an id that the answer carries, the error page shows and the log names.
func RequestID(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		c.Response().Header().Set(echo.HeaderXRequestID, NewRequestID())
		return next(c)
	}
}

// NewRequestID is an id of 12 letters and digits that no other request has and nobody can guess: 60 bits of the runtime's ChaCha8.
func NewRequestID() string {
	const digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"
	var id [12]byte
	for i, bits := 0, rand.Uint64(); i < len(id); i, bits = i+1, bits>>5 {
		id[i] = digits[bits&31]
	}
	return string(id[:])
}

// Line is what the log tells of a request: no address, no query, no agent, so no personal data.
type Line struct {
	ID, Method, Path string
	Status           int
	Start            time.Time // by the machine's clock
	Bytes            int64     // of the answer, before compression and without headers
	Took             time.Duration
	Cause            error // why the server failed to answer as it should; nil when nothing failed
}

// LineWriter is the handler of a log that takes lines of requests that went well as they are, which is faster than a record.
type LineWriter interface {
	// WriteLine writes what a record of the line would become, or nothing, and reports which.
	WriteLine(line Line) bool
}

// LoggedPath is what the log tells of the path.
func (l *Line) LoggedPath() string {
	return strings.ToValidUTF8(l.Path[:min(len(l.Path), maxLoggedPath)], "")
}

// Write writes the line. What failed in the server is an error, with its cause. Where in the program the line was written says nothing, so
// it is not found out.
func (l Line) Write(ctx context.Context, log *slog.Logger) {
	handler := log.Handler()
	failed := l.Status >= http.StatusInternalServerError || l.Cause != nil // also after an answer that began well
	if w, ok := handler.(LineWriter); ok && !failed && w.WriteLine(l) {
		return
	}
	level := slog.LevelInfo
	if failed {
		level = slog.LevelError
	}
	if handler.Enabled(ctx, level) {
		_ = handler.Handle(ctx, l.record(level)) // as slog itself: a log that fails has nowhere to tell
	}
}

func (l *Line) record(level slog.Level) slog.Record {
	record := slog.NewRecord(l.Start.Add(l.Took), level, "request", 0)
	record.AddAttrs(
		slog.String("id", l.ID),
		slog.String("method", l.Method),
		slog.String("path", l.LoggedPath()),
		slog.Int("status", l.Status),
		slog.Int64("bytes", l.Bytes),
		slog.Float64("ms", float64(l.Took.Microseconds())/1000)) // not "time", which is when
	if l.Cause != nil {
		record.AddAttrs(slog.Any("error", l.Cause))
	}
	return record
}

// Log writes one line for each request.
func Log(log *slog.Logger) echo.MiddlewareFunc {
	return func(next echo.HandlerFunc) echo.HandlerFunc {
		return func(c echo.Context) error {
			start := time.Now()
			if err := next(c); err != nil {
				c.Error(err) // the error handler answers and notes the cause
			}
			answer := c.Response()
			Line{
				ID: answer.Header().Get(echo.HeaderXRequestID), Method: c.Request().Method, Path: c.Request().URL.Path,
				Status: answer.Status, Start: start, Bytes: answer.Size, Took: time.Since(start), Cause: web.Cause(c),
			}.Write(c.Request().Context(), log)
			return nil
		}
	}
}
