package middleware

import (
	"strings"

	"github.com/labstack/echo/v4"
	"github.com/labstack/echo/v4/middleware"

	"congso/handlers/web"
)

// Compress packs pages, feeds and JSON. Files keep away from it: they answer ranges, and most are packed already.
func Compress() echo.MiddlewareFunc {
	return middleware.GzipWithConfig(middleware.GzipConfig{
		MinLength: 1024,
		Skipper: func(c echo.Context) bool {
			path := web.Plain(c.Request().URL.Path)
			return strings.HasPrefix(path, "/media/") || strings.HasPrefix(path, "/static/") || strings.HasPrefix(path, "/bai-viet/") && strings.Contains(path, ".")
		},
	})
}
