package middleware

import (
	"net/http"

	"github.com/labstack/echo/v4"

	"congso/handlers/web"
)

// Counter counts a view of the page at path, unless no person asked for it.
type Counter func(r *http.Request, address, path string)

// Hits counts page views: GET, answered 200 or 304, marked by the handler as a page, by nobody who is logged in. It does so before the answer
// leaves: a view that a reader has seen outlives a kill.
func Hits(count Counter) echo.MiddlewareFunc {
	return func(next echo.HandlerFunc) echo.HandlerFunc {
		return func(c echo.Context) error {
			c.Response().Before(func() {
				if web.Counts(c) && web.User(c).ID == 0 && Viewed(c.Request(), c.Response().Status) {
					count(c.Request(), c.RealIP(), web.Plain(c.Request().URL.Path))
				}
			})
			return next(c)
		}
	}
}

// Viewed reports whether a request for a page that was answered with status is a view.
func Viewed(r *http.Request, status int) bool {
	return r.Method == http.MethodGet && (status == http.StatusOK || status == http.StatusNotModified)
}
