package handlers

import (
	"log/slog"
	"net/http"
	"net/url"
	"strings"

	"github.com/labstack/echo/v4"

	"congso/handlers/middleware"
	"congso/handlers/web"
)

// Redirect is what answers plain HTTP beside HTTPS: it leads every request to the same path of the public address, whatever host the
// request names, and serves nothing itself but /healthz. Without a public address it cannot know where to lead, and answers 400.
func Redirect(public *url.URL, log *slog.Logger) *echo.Echo {
	e := echo.New()
	e.HideBanner, e.HidePort = true, true
	lead := func(c web.Ctx) error {
		r := c.Request()
		switch path := r.URL.RequestURI(); {
		case r.URL.Path == "/healthz":
			c.Response().Header().Set("Cache-Control", "no-store")
			return c.String(http.StatusOK, "ok\n")
		case public == nil || !strings.HasPrefix(path, "/"):
			return c.String(http.StatusBadRequest, "Cổng này chỉ phục vụ qua HTTPS. Hãy mở lại trang với địa chỉ bắt đầu bằng https://\n")
		case r.Method == http.MethodGet || r.Method == http.MethodHead:
			return c.Redirect(http.StatusMovedPermanently, "https://"+public.Host+path)
		default: // a form that was sent is sent again
			return c.Redirect(http.StatusPermanentRedirect, "https://"+public.Host+path)
		}
	}
	e.Pre(middleware.RequestID, middleware.Log(log), middleware.Headers(false), func(echo.HandlerFunc) echo.HandlerFunc { return lead })
	return e
}
