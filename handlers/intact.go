package handlers

import (
	"strings"

	"github.com/labstack/echo/v4"

	"congso/store"
)

// intact answers 503 for everything that comes out of the database, once that is known to be damaged: what can still be read in it need not
// be what was written.
func intact(s *store.Store) echo.MiddlewareFunc {
	return func(next echo.HandlerFunc) echo.HandlerFunc {
		return func(c echo.Context) error {
			if err := s.Damage(); err != nil && !withoutRecords(c.Request().URL.Path) {
				return err
			}
			return next(c)
		}
	}
}

// withoutRecords reports whether a path is answered without the database, or tells of its state.
func withoutRecords(path string) bool {
	return path == "/healthz" || path == "/readyz" || strings.HasPrefix(path, "/static/")
}
