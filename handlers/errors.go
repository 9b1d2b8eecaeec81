package handlers

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"

	"github.com/labstack/echo/v4"

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
	)
	switch {
	case errors.Is(err, model.ErrNotFound):
		return http.StatusNotFound
	case errors.Is(err, model.ErrGone):
		return http.StatusGone
	case errors.Is(err, model.ErrConflict):
		return http.StatusConflict
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
func answerError(s *site.Site, log *slog.Logger) echo.HTTPErrorHandler {
	return func(err error, c echo.Context) {
		if errors.Is(err, context.Canceled) && c.Request().Context().Err() != nil {
			return // the reader has gone
		}
		id := c.Response().Header().Get(echo.HeaderXRequestID)
		code := status(err)
		if code >= 500 {
			log.Error("request failed", "id", id, "status", code, "error", err)
		}
		if c.Response().Committed {
			return
		}
		if failed := answer(s, c, err, code); failed != nil {
			log.Error("error page failed", "id", id, "error", failed)
		}
	}
}

func answer(s *site.Site, c echo.Context, err error, code int) error {
	if move := (web.Redirect{}); errors.As(err, &move) {
		return c.Redirect(move.Code(), move.Path)
	}
	if code == http.StatusServiceUnavailable {
		c.Response().Header().Set("Retry-After", "10")
	}
	return s.Fault(c, code)
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
