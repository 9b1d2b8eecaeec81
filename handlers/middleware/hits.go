package middleware

import (
	"net/http"
	"strings"

	"github.com/labstack/echo/v4"
	"zgo.at/isbot"

	"congso/handlers/web"
)

// Counter counts a view of the page at path by whoever has this address and agent.
type Counter func(address, agent, path string)

// Hits counts page views: GET, answered 200 or 304, marked by the handler as a page, by no bot, no prefetch and nobody who is logged in.
func Hits(count Counter) echo.MiddlewareFunc {
	return func(next echo.HandlerFunc) echo.HandlerFunc {
		return func(c echo.Context) error {
			err := next(c)
			r := c.Request()
			status := c.Response().Status
			if err == nil && r.Method == http.MethodGet && (status == http.StatusOK || status == http.StatusNotModified) &&
				web.Counts(c) && web.User(c).ID == 0 && !automatic(r, c.RealIP()) {
				count(c.RealIP(), r.UserAgent(), web.Plain(r.URL.Path))
			}
			return err
		}
	}
}

// automatic reports whether no person asked for the page: a prefetch, or a program by its agent or its network.
func automatic(r *http.Request, address string) bool {
	return isbot.Prefetch(r.Header) || strings.Contains(r.Header.Get("Sec-Purpose"), "prefetch") ||
		isbot.Is(isbot.UserAgent(r.UserAgent())) || isbot.Is(isbot.IPRange(address))
}
