package site

import (
	"net/http"

	"congso/handlers/web"
)

// display keeps the reader's display settings and leads back to the page that the form stood on.
func (s *Site) display(c web.Ctx) error {
	c.Request().Body = http.MaxBytesReader(c.Response(), c.Request().Body, 4096)
	if err := c.Request().ParseForm(); err != nil {
		return err
	}
	form := c.Request().PostForm
	web.SetDisplay(c, web.ParseDisplay(form.Get("nen"), form.Get("co")), s.Secure)
	c.Response().Header().Set("Cache-Control", "no-store")
	return web.SeeOther(c, web.LocalPath(form.Get("ve")))
}
