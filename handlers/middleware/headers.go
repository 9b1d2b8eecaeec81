// Package middleware holds what stands before every handler, one file each.
package middleware

import (
	"strings"

	"github.com/labstack/echo/v4"
)

// contentPolicy allows nothing inline and nothing from another host.
const contentPolicy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; connect-src 'self'; " +
	"form-action 'self'; frame-ancestors 'none'; base-uri 'none'; object-src 'none'"

// policy is contentPolicy, but that admin pages may frame previews, and that previews may be framed by them.
func policy(path string) string {
	switch {
	case strings.HasPrefix(path, "/admin/preview/"):
		return strings.Replace(contentPolicy, "frame-ancestors 'none'", "frame-ancestors 'self'", 1)
	case path == "/admin" || strings.HasPrefix(path, "/admin/"):
		return contentPolicy + "; frame-src 'self'"
	}
	return contentPolicy
}

// Headers sets the security headers of every answer, errors included.
func Headers(tls bool) echo.MiddlewareFunc {
	return func(next echo.HandlerFunc) echo.HandlerFunc {
		return func(c echo.Context) error {
			h := c.Response().Header()
			h.Set("Content-Security-Policy", policy(c.Request().URL.Path))
			h.Set("X-Content-Type-Options", "nosniff")
			h.Set("Referrer-Policy", "same-origin")
			h.Set("Cross-Origin-Resource-Policy", "same-origin")
			h.Set("Cross-Origin-Embedder-Policy", "require-corp")
			h.Set("Cross-Origin-Opener-Policy", "same-origin")
			h.Set("Permissions-Policy", "camera=(), geolocation=(), microphone=()")
			if tls {
				h.Set("Strict-Transport-Security", "max-age=31536000")
			}
			return next(c)
		}
	}
}
