package middleware

import (
	"net/http"
	"net/netip"
	"net/url"
	"strings"
	"unicode/utf8"

	"github.com/labstack/echo/v4"

	"congso/handlers/web"
	"congso/store/model"
)

// maxPath is the longest path, in bytes, that any page has. Queries end with the limit on headers.
const maxPath = 8 << 10

// Address refuses requests whose address no page can have: too long, no valid UTF-8, a NUL. It also makes routing
// see the decoded path only, so that each page has one address however its letters were encoded.
func Address(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		r := c.Request()
		if len(r.URL.Path) > maxPath {
			return echo.NewHTTPError(http.StatusRequestURITooLong)
		}
		if !utf8.ValidString(r.URL.Path) || strings.ContainsRune(r.URL.Path, 0) {
			return echo.NewHTTPError(http.StatusBadRequest)
		}
		r.URL.RawPath = ""
		return next(c)
	}
}

// Host refuses requests for another host than the public address names. The health checks answer under any, and what the
// refusal's page loads.
func Host(public *url.URL) echo.MiddlewareFunc {
	return func(next echo.HandlerFunc) echo.HandlerFunc {
		return func(c echo.Context) error {
			path := c.Request().URL.Path
			if RightHost(c.Request().Host, public) || path == "/healthz" || path == "/readyz" || strings.HasPrefix(path, "/static/") {
				return next(c)
			}
			return web.ErrHost
		}
	}
}

// RightHost reports whether a Host header means the public address, or there is none to mean.
func RightHost(host string, public *url.URL) bool {
	return public == nil || host == public.Host || names(host, public)
}

// names reports whether a Host header means the public address: with the port that its scheme implies or
// without, and with the root's dot or without.
func names(host string, public *url.URL) bool {
	if public.Port() == "" {
		host = strings.TrimSuffix(host, map[string]string{"http": ":80", "https": ":443"}[public.Scheme])
	}
	return strings.EqualFold(strings.TrimSuffix(host, "."), public.Host)
}

// Access notes what the reader may see: internal records are for the networks given.
func Access(internal []netip.Prefix) echo.MiddlewareFunc {
	return func(next echo.HandlerFunc) echo.HandlerFunc {
		return func(c echo.Context) error {
			if v := ViewerAt(c.RealIP(), internal); v != (model.Viewer{}) {
				web.SetViewer(c, v)
			}
			return next(c)
		}
	}
}

// ViewerAt is what a reader at that address may see without a login.
func ViewerAt(address string, internal []netip.Prefix) model.Viewer {
	if len(internal) == 0 {
		return model.Viewer{}
	}
	ip, err := netip.ParseAddr(address)
	if err != nil {
		return model.Viewer{}
	}
	for _, network := range internal {
		if network.Contains(ip.Unmap()) {
			return model.Viewer{Internal: true}
		}
	}
	return model.Viewer{}
}
