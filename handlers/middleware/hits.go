package middleware

import (
	"net/http"
	"strings"

	"github.com/labstack/echo/v4"
	"zgo.at/isbot"

	"congso/handlers/web"
	"congso/views/layout"
)

// Counter counts a view of the page at path by whoever has this address and agent.
type Counter func(address, agent, path string)

// Hits counts page views: GET, answered 200 or 304, marked by the handler as a page, by no bot and no prefetch.
func Hits(count Counter) echo.MiddlewareFunc {
	return func(next echo.HandlerFunc) echo.HandlerFunc {
		return func(c echo.Context) error {
			err := next(c)
			r := c.Request()
			status := c.Response().Status
			if err == nil && r.Method == http.MethodGet && (status == http.StatusOK || status == http.StatusNotModified) &&
				web.Counts(c) && !prefetch(r) && !isbot.Is(isbot.Bot(r)) {
				count(c.RealIP(), r.UserAgent(), layout.Plain(r.URL.Path))
			}
			return err
		}
	}
}

func prefetch(r *http.Request) bool {
	purpose := r.Header.Get("Purpose") + r.Header.Get("Sec-Purpose") + r.Header.Get("X-Moz")
	return strings.Contains(strings.ToLower(purpose), "prefetch") || strings.Contains(strings.ToLower(purpose), "preview")
}
