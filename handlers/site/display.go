package site

import (
	"errors"
	"net/http"

	"github.com/labstack/echo/v4"

	"congso/handlers/web"
)

// maxDisplayForm is the largest form in bytes; it holds the address of its page, whose query is escaped twice.
const maxDisplayForm = 32 << 10

// display keeps the reader's display settings and leads back to the page that the form stood on.
func (s *Site) display(c web.Ctx) error {
	c.Request().Body = http.MaxBytesReader(c.Response(), c.Request().Body, maxDisplayForm)
	if err := c.Request().ParseForm(); err != nil {
		if tooLarge := (*http.MaxBytesError)(nil); errors.As(err, &tooLarge) {
			return err
		}
		return echo.NewHTTPError(http.StatusBadRequest).SetInternal(err) // no form, or a broken one
	}
	form := c.Request().PostForm
	web.SetDisplay(c, web.ParseDisplay(form.Get("nen"), form.Get("co")), s.Secure)
	c.Response().Header().Set("Cache-Control", "no-store")
	return web.SeeOther(c, web.LocalPath(form.Get("ve")))
}
