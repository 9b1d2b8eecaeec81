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

// maxAddress is the longest address, path and query together, that is read.
const maxAddress = 8 << 10

// Address refuses requests whose address no page can have: too long, no valid UTF-8, a NUL. It also makes routing
// see the decoded path only, so that each page has one address however its letters were encoded.
func Address(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		r := c.Request()
		if len(r.RequestURI) > maxAddress {
			return echo.NewHTTPError(http.StatusRequestURITooLong)
		}
		if !utf8.ValidString(r.URL.Path) || strings.ContainsRune(r.URL.Path, 0) {
			return echo.NewHTTPError(http.StatusBadRequest)
		}
		r.URL.RawPath = ""
		return next(c)
	}
}

// Host refuses requests for another host than the public address names. The health checks answer under any.
func Host(public *url.URL) echo.MiddlewareFunc {
	return func(next echo.HandlerFunc) echo.HandlerFunc {
		return func(c echo.Context) error {
			path := c.Request().URL.Path
			if public == nil || strings.EqualFold(c.Request().Host, public.Host) || path == "/healthz" || path == "/readyz" {
				return next(c)
			}
			return echo.NewHTTPError(http.StatusBadRequest)
		}
	}
}

// Access notes what the reader may see: internal records are for the networks given.
func Access(internal []netip.Prefix) echo.MiddlewareFunc {
	return func(next echo.HandlerFunc) echo.HandlerFunc {
		return func(c echo.Context) error {
			if address, err := netip.ParseAddr(c.RealIP()); err == nil {
				for _, network := range internal {
					if network.Contains(address.Unmap()) {
						web.SetViewer(c, model.Viewer{Internal: true})
					}
				}
			}
			return next(c)
		}
	}
}
