package middleware

import (
	"crypto/rand"
	"log/slog"
	"time"

	"github.com/labstack/echo/v4"
)

// RequestID gives every request an id that the answer carries, the error page shows and the log names.
func RequestID(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		c.Response().Header().Set(echo.HeaderXRequestID, rand.Text()[:12])
		return next(c)
	}
}

// Log writes one line for each request: no address, no query, no agent, so no personal data.
func Log(log *slog.Logger) echo.MiddlewareFunc {
	return func(next echo.HandlerFunc) echo.HandlerFunc {
		return func(c echo.Context) error {
			start := time.Now()
			if err := next(c); err != nil {
				c.Error(err) // the error handler answers and logs the cause; the line below tells the status
			}
			log.LogAttrs(c.Request().Context(), slog.LevelInfo, "request",
				slog.String("id", c.Response().Header().Get(echo.HeaderXRequestID)),
				slog.String("method", c.Request().Method),
				slog.String("path", c.Request().URL.Path),
				slog.Int("status", c.Response().Status),
				slog.Int64("bytes", c.Response().Size),
				slog.Duration("time", time.Since(start)))
			return nil
		}
	}
}
