package middleware

import (
	"strings"

	"github.com/labstack/echo/v4"
	"github.com/labstack/echo/v4/middleware"

	"congso/handlers/web"
)

// Compress packs pages, feeds and JSON. Files keep away from it: they answer ranges, are packed already or chosen among those that are.
func Compress() echo.MiddlewareFunc {
	pack := middleware.GzipWithConfig(middleware.GzipConfig{MinLength: 1024})
	return func(next echo.HandlerFunc) echo.HandlerFunc {
		packed := pack(next)
		return func(c echo.Context) error {
			if isFile(web.Plain(c.Request().URL.Path)) {
				return next(c)
			}
			h := c.Request().Header
			takes := web.Coding(h.Values(echo.HeaderAcceptEncoding), "gzip") != ""
			h.Del(echo.HeaderAcceptEncoding)
			if takes {
				h.Set(echo.HeaderAcceptEncoding, "gzip") // as the packer looks for it
			}
			return packed(c)
		}
	}
}

func isFile(path string) bool {
	return strings.HasPrefix(path, "/media/") || strings.HasPrefix(path, "/static/") || strings.HasPrefix(path, "/bai-viet/") && strings.Contains(path, ".")
}
