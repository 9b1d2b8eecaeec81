package middleware

import (
	"net/http"

	"github.com/labstack/echo/v4"
)

// Head keeps what becomes of a body that nobody gets from being an error: net/http's HTTP/2 ends the stream of a HEAD with its header, and
// as often as not says to the handler, which is still writing a body that is left out, that the stream has been closed under it.
func Head(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		if c.Request().Method == http.MethodHead {
			c.Response().Writer = headWriter{c.Response().Writer}
		}
		return next(c)
	}
}

type headWriter struct{ http.ResponseWriter }

// Write hands p on, since its length and kind may go into the header.
func (w headWriter) Write(p []byte) (int, error) {
	_, _ = w.ResponseWriter.Write(p)
	return len(p), nil
}

// Unwrap is for http.ResponseController.
func (w headWriter) Unwrap() http.ResponseWriter { return w.ResponseWriter }
