package handlers

import (
	"errors"
	"net/http"
	"strings"

	"github.com/labstack/echo/v4"

	"congso/handlers/web"
	"congso/store"
	"congso/store/model"
)

// moved leads addresses of the old site to their new ones. Old addresses may carry a query that is part of them.
func moved(s *store.Store) echo.MiddlewareFunc {
	return func(next echo.HandlerFunc) echo.HandlerFunc {
		return func(c echo.Context) error {
			r := c.Request()
			if r.Method != http.MethodGet && r.Method != http.MethodHead || ours(r.URL.Path) {
				return next(c)
			}
			to, err := redirect(c, s)
			switch {
			case errors.Is(err, model.ErrNotFound):
				return next(c)
			case err != nil:
				return err
			}
			return web.Redirect{Path: to}
		}
	}
}

func redirect(c echo.Context, s *store.Store) (string, error) {
	u := c.Request().URL
	if u.RawQuery != "" {
		if query := model.Clean(u.RawQuery); query == u.RawQuery {
			to, err := s.Redirect(c.Request().Context(), u.Path+"?"+query)
			if !errors.Is(err, model.ErrNotFound) {
				return to, err
			}
		}
	}
	return s.Redirect(c.Request().Context(), u.Path)
}

// ours reports whether path begins like the portal's own pages, which no old address can shadow.
func ours(path string) bool {
	first, _, _ := strings.Cut(strings.TrimPrefix(path, "/"), "/")
	switch first {
	case "", "en", "tin-tuc", "chuyen-muc", "hoi-nghi", "danh-ba", "bai-viet", "tim-kiem", "thong-ke", "so-do", "hien-thi", "admin",
		"static", "media", "api", "healthz", "readyz", "rss.xml", "sitemap.xml", "sitemap", "robots.txt", "favicon.ico", ".well-known":
		return true
	}
	return false
}

// tidyPath leads /tin-tuc/ and /Tin-Tuc to /tin-tuc: phones write capitals, and people add slashes.
func tidyPath(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		r := c.Request()
		path := strings.TrimRight(r.URL.Path, "/")
		if first, rest, _ := strings.Cut(strings.TrimPrefix(path, "/"), "/"); ours(strings.ToLower(first)) && strings.ToLower(first) != first {
			path = strings.TrimRight("/"+strings.ToLower(first)+"/"+rest, "/")
		}
		if path == "" || path == r.URL.Path || r.Method != http.MethodGet && r.Method != http.MethodHead {
			return next(c)
		}
		u := *r.URL
		u.Path = "/" + strings.TrimLeft(path, "/")
		return web.Redirect{Path: u.RequestURI()}
	}
}
