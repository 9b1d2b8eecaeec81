package middleware

import (
	"crypto/rand"
	"log/slog"
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
		c.Response().Header().Set(echo.HeaderXRequestID, rand.Text()[:12])
		return next(c)
	}
}

// Log writes one line for each request: no address, no query, no agent, so no personal data. What failed in the server is an error, with its
// cause.
func Log(log *slog.Logger) echo.MiddlewareFunc {
	return func(next echo.HandlerFunc) echo.HandlerFunc {
		return func(c echo.Context) error {
			start := time.Now()
			if err := next(c); err != nil {
				c.Error(err) // the error handler answers and notes the cause
			}
			path := c.Request().URL.Path
			attrs := append(make([]slog.Attr, 0, 7),
				slog.String("id", c.Response().Header().Get(echo.HeaderXRequestID)),
				slog.String("method", c.Request().Method),
				slog.String("path", strings.ToValidUTF8(path[:min(len(path), maxLoggedPath)], "")),
				slog.Int("status", c.Response().Status),
				slog.Int64("bytes", c.Response().Size),
				slog.Float64("ms", float64(time.Since(start).Microseconds())/1000)) // not "time", which is when
			level := slog.LevelInfo
			if c.Response().Status >= http.StatusInternalServerError {
				level = slog.LevelError
			}
			if cause := web.Cause(c); cause != nil { // also after an answer that began well
				level, attrs = slog.LevelError, append(attrs, slog.Any("error", cause))
			}
			log.LogAttrs(c.Request().Context(), level, "request", attrs...)
			return nil
		}
	}
}
