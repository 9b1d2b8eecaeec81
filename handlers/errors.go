package handlers

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/url"
	"strconv"
	"syscall"

	"github.com/labstack/echo/v4"

	"congso/handlers/admin"
	"congso/handlers/site"
	"congso/handlers/web"
	"congso/store/model"
)

// status is the answer to an error.
func status(err error) int {
	var (
		echoed   *echo.HTTPError
		tooLarge *http.MaxBytesError
		invalid  model.Invalid
		move     web.Redirect
	)
	switch {
	case errors.As(err, &move):
		return move.Code()
	case errors.Is(err, web.ErrHost):
		return http.StatusBadRequest
	case errors.Is(err, web.ErrForbidden):
		return http.StatusForbidden
	case errors.Is(err, model.ErrNotFound):
		return http.StatusNotFound
	case errors.Is(err, model.ErrGone):
		return http.StatusGone
	case errors.Is(err, model.ErrConflict):
		return http.StatusConflict
	case errors.Is(err, model.ErrDiskFull):
		return http.StatusInsufficientStorage
	case errors.Is(err, model.ErrUnavailable):
		return http.StatusServiceUnavailable
	case errors.As(err, &invalid):
		return http.StatusUnprocessableEntity
	case errors.As(err, &tooLarge):
		return http.StatusRequestEntityTooLarge
	case errors.As(err, &echoed):
		return echoed.Code
	}
	return http.StatusInternalServerError
}

// answerError is the one place where an error becomes an answer: a page for people, with the cause in the log only.
func answerError(s *site.Site, a *admin.Admin, log *slog.Logger) echo.HTTPErrorHandler {
	return func(err error, c echo.Context) {
		if gone(c, err) {
			return
		}
		id := c.Response().Header().Get(echo.HeaderXRequestID)
		code := status(err)
		if code >= 500 {
			web.SetCause(c, err)
			s.Store.NoteDamage(err)
		}
		if c.Response().Committed {
			return
		}
		page := recoverPanic(func(c echo.Context) error { return answer(s, a, c, err, code) })
		if failed := page(c); failed != nil {
			log.Error("error page failed", "id", id, "error", errors.Join(failed, answerBarely(c, id)))
		}
	}
}

func answer(s *site.Site, a *admin.Admin, c echo.Context, err error, code int) error {
	if move := (web.Redirect{}); errors.As(err, &move) {
		path := move.Path
		if u, err := url.Parse(path); err == nil {
			path = u.String() // escaped, however it was typed
		}
		return c.Redirect(move.Code(), path)
	}
	key := strconv.Itoa(code)
	switch {
	case errors.Is(err, model.ErrDamaged):
		return s.Fault(c, code, "damaged")
	case later(code):
		web.ComeAgain(c)
		key = strconv.Itoa(http.StatusServiceUnavailable) // readers are not told why
	case errors.Is(err, web.ErrHost):
		key = "host"
	}
	if model.DeskPage(c.Request().URL.Path) && (web.User(c).ID != 0 || later(code) && web.Session(c) == nil) {
		return a.Fault(c, code)
	}
	return s.Fault(c, code, key)
}

// later reports whether the same request may well be answered in a while.
func later(code int) bool {
	return code == http.StatusServiceUnavailable || code == http.StatusInsufficientStorage
}

// answerBarely answers when even the page for an error has failed.
func answerBarely(c echo.Context, id string) error {
	if c.Response().Committed {
		return nil
	}
	c.Response().Header().Set("Cache-Control", "no-store")
	return c.String(http.StatusInternalServerError, "Có lỗi xảy ra, xin thử lại sau. Mã yêu cầu: "+id+"\n")
}

// gone reports whether the reader went away before the answer was whole, and not a database or a bucket that it was made from.
func gone(c echo.Context, err error) bool {
	return errors.Is(err, context.Canceled) && c.Request().Context().Err() != nil ||
		c.Response().Committed && !errors.Is(err, model.ErrUnavailable) && (errors.Is(err, syscall.EPIPE) || errors.Is(err, syscall.ECONNRESET))
}

// recoverPanic turns a panic of a handler into an error.
func recoverPanic(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) (err error) {
		defer func() {
			if cause := recover(); cause != nil {
				if cause == http.ErrAbortHandler {
					panic(cause)
				}
				err = fmt.Errorf("panic: %v\n%s", cause, stack())
			}
		}()
		return next(c)
	}
}
