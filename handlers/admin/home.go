package admin

import (
	"net/http"

	"congso/handlers/web"
	"congso/views/adminpage"
)

// home is the first page after the login.
func (a *Admin) home(c web.Ctx) error {
	p, err := a.page(c, "Trang đầu")
	if err != nil {
		return err
	}
	return web.Render(c, http.StatusOK, adminpage.Home(p))
}
