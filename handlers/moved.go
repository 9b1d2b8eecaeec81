package handlers

import (
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/labstack/echo/v4"

	"congso/handlers/web"
	"congso/store"
	"congso/store/model"
)

// moved leads addresses of the old site to their new ones. Old addresses may carry a query that is part of them, and may look like ours:
// whatever no page answers is looked up, and before any page answers, a query that no page of ours has. So our own pages cost no query.
func moved(s *store.Store) echo.MiddlewareFunc {
	return func(next echo.HandlerFunc) echo.HandlerFunc {
		return func(c echo.Context) error {
			r := c.Request()
			if r.Method != http.MethodGet && r.Method != http.MethodHead || model.DeskPage(r.URL.Path) {
				return next(c)
			}
			if foreignQuery(r.URL) {
				if err := redirectQuery(c, s, r.URL); !errors.Is(err, model.ErrNotFound) {
					return err
				}
			}
			err := next(c)
			if err == nil || c.Response().Committed || !unanswered(err) {
				return err
			}
			return instead(c, s, err)
		}
	}
}

// foreignQuery reports whether u has a query with anything in it that no page of ours reads.
func foreignQuery(u *url.URL) bool {
	values, err := url.ParseQuery(u.RawQuery)
	for name := range values {
		if !model.PageParameter(name) {
			return true
		}
	}
	return err != nil
}

// unanswered reports whether err says that there is no page at the address, or not at this one.
func unanswered(err error) bool {
	switch status(err) {
	case http.StatusNotFound, http.StatusGone, http.StatusMovedPermanently, http.StatusFound:
		return true
	}
	return false
}

// instead is the redirect of the request's address, path and query before path alone, or the answer itself where there is none.
func instead(c echo.Context, s *store.Store, answer error) error {
	u := c.Request().URL
	err := model.ErrNotFound
	if u.RawQuery != "" {
		err = redirectQuery(c, s, u)
	}
	if errors.Is(err, model.ErrNotFound) {
		err = redirect(c, s, u.Path)
	}
	switch {
	case errors.As(err, new(web.Redirect)):
		return err
	case errors.Is(err, model.ErrNotFound), errors.As(answer, new(web.Redirect)): // which is right without a database too
		return answer
	}
	return err
}

// redirectQuery is where an old address with a query leads, as redirect: also when a network of friends has added to it who came from there.
func redirectQuery(c echo.Context, s *store.Store, u *url.URL) error {
	err := redirect(c, s, u.Path+"?"+u.RawQuery)
	if own := ownQuery(u.RawQuery); errors.Is(err, model.ErrNotFound) && own != "" && own != u.RawQuery {
		err = redirect(c, s, u.Path+"?"+own)
	}
	return err
}

// ownQuery is a query without what Facebook, Zalo, Google and newsletters add to links.
func ownQuery(query string) string {
	parts := slices.DeleteFunc(strings.Split(query, "&"), func(part string) bool {
		name, _, _ := strings.Cut(part, "=")
		return slices.Contains([]string{"fbclid", "zarsrc", "gclid"}, name) || strings.HasPrefix(name, "utm_")
	})
	return strings.Join(parts, "&")
}

// redirect is where an old address leads, as an error, or model.ErrNotFound.
func redirect(c echo.Context, s *store.Store, address string) error {
	if model.Clean(address) != address {
		return model.ErrNotFound // none is stored like that
	}
	to, err := s.Redirect(c.Request().Context(), web.Viewer(c), address)
	if err != nil {
		return err
	}
	return web.Redirect{Path: to}
}

// tidyPath leads /tin-tuc/ and /Tin-Tuc to /tin-tuc: phones write capitals, and people add slashes.
func tidyPath(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		r := c.Request()
		path := smallFolder(strings.TrimRight(r.URL.Path, "/"))
		if path == "" || path == r.URL.Path || r.Method != http.MethodGet && r.Method != http.MethodHead {
			return next(c)
		}
		u := *r.URL
		u.Path = "/" + strings.TrimLeft(path, "/")
		return web.Redirect{Path: u.RequestURI()}
	}
}

// smallFolder is path with its folder, after the language's, in small letters when that is one of ours.
func smallFolder(path string) string {
	parts := strings.Split(path, "/")
	folder := min(2, len(parts))
	if len(parts) > 2 && strings.EqualFold(parts[1], "en") {
		folder = 3
	}
	small := strings.ToLower(strings.Join(parts[:folder], "/"))
	if !model.FixedPage(small) {
		return path
	}
	return strings.Join(append([]string{small}, parts[folder:]...), "/")
}
