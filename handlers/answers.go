package handlers

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"

	"github.com/labstack/echo/v4"

	"congso/handlers/web"
	"congso/store"
	"congso/store/model"
)

// answers tells whether the site has a page, a file or a redirect at a path, for whoever may see internal things. It asks the page
// itself, as a request would, without counting a view.
func answers(e *echo.Echo, s *store.Store) func(context.Context, string) (bool, error) {
	return func(ctx context.Context, path string) (bool, error) {
		r, err := http.NewRequestWithContext(ctx, http.MethodHead, (&url.URL{Path: path}).String(), nil)
		if err != nil {
			return false, nil // no request can be for such a path
		}
		c := e.NewContext(r, &unread{header: http.Header{}})
		web.SetViewer(c, model.Viewer{Internal: true, Staff: true})
		e.Router().Find(http.MethodHead, r.URL.EscapedPath(), c)
		err = c.Handler()(c)
		switch code := status(err); {
		case err == nil:
			return true, nil
		case code >= http.StatusInternalServerError:
			return false, fmt.Errorf("answer at %q: %w", path, err)
		case code != http.StatusNotFound && code != http.StatusGone:
			return true, nil
		}
		_, err = s.Redirect(ctx, model.Viewer{Internal: true, Staff: true}, path)
		if errors.Is(err, model.ErrNotFound) {
			return false, nil
		}
		return err == nil, err
	}
}

// Answers tells, without a server, whether the portal that o describes has a page, a file or a redirect at a path, for whoever may see
// internal things. No view is counted.
func Answers(o Options) func(ctx context.Context, path string) (bool, error) {
	return answers(New(o).Echo, o.Store)
}

// unread is an answer that nobody reads.
type unread struct{ header http.Header }

func (u *unread) Header() http.Header            { return u.header }
func (u *unread) WriteHeader(int)                {}
func (u *unread) Write(data []byte) (int, error) { return len(data), nil }
