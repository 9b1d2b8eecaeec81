package middleware

import (
	"strconv"
	"strings"

	"github.com/labstack/echo/v4"
	"github.com/labstack/echo/v4/middleware"

	"congso/handlers/web"
)

// Compress packs pages, feeds and JSON. Files keep away from it: they answer ranges, and most are packed already. Whoever refuses gzip
// (gzip;q=0) asks for nothing packed after it, files neither.
func Compress() echo.MiddlewareFunc {
	pack := middleware.GzipWithConfig(middleware.GzipConfig{
		MinLength: 1024,
		Skipper: func(c echo.Context) bool {
			path := web.Plain(c.Request().URL.Path)
			return strings.HasPrefix(path, "/media/") || strings.HasPrefix(path, "/static/") || strings.HasPrefix(path, "/bai-viet/") && strings.Contains(path, ".")
		},
	})
	return func(next echo.HandlerFunc) echo.HandlerFunc {
		packed := pack(next)
		return func(c echo.Context) error {
			h, takes := c.Request().Header, takesGzip(c.Request().Header.Values(echo.HeaderAcceptEncoding))
			h.Del(echo.HeaderAcceptEncoding)
			if takes {
				h.Set(echo.HeaderAcceptEncoding, "gzip") // as the packers look for it
			}
			return packed(c)
		}
	}
}

// takesGzip reads the Accept-Encoding of a request (RFC 9110, 12.5.3): gzip must be named, with a weight above 0.
func takesGzip(headers []string) bool {
	for coding := range strings.SplitSeq(strings.Join(headers, ","), ",") {
		name, parameter, _ := strings.Cut(coding, ";")
		if !strings.EqualFold(strings.TrimSpace(name), "gzip") {
			continue
		}
		weight, given := strings.CutPrefix(strings.ToLower(strings.TrimSpace(parameter)), "q=")
		q, err := strconv.ParseFloat(weight, 64)
		return !given || err == nil && q > 0
	}
	return false
}
