package admin

import (
	"maps"
	"mime"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"congso/handlers/web"
	"congso/store/model"
	"congso/views/adminpage"
)

// guarded lets those to the route's handler who are logged in and may open its desk. Whoever gave the password and has something left to
// prove is led there.
func (a *Admin) guarded(r Route) web.Handler {
	return func(c web.Ctx) error {
		private(c)
		u, page := web.User(c), ""
		if u.ID == 0 {
			var err error
			if u, page, err = a.pending(c); err != nil {
				return err
			}
		}
		switch {
		case page != "" && r.early() && within(r.Path, page):
			return r.handler(c)
		case page != "" && r.Method == get:
			return web.SeeOther(c, leadBack(page, afterLogin(c.Request().URL.RequestURI())))
		case web.User(c).ID == 0 && r.Method == get:
			return web.SeeOther(c, toLogin(c.Request().URL.RequestURI()))
		case web.User(c).ID == 0:
			return a.expired(c)
		case !model.MayOpen(u, r.Desk, r.Action):
			return web.ErrForbidden
		}
		return r.handler(c)
	}
}

// toLogin is the address of the login page that leads back to a local path.
func toLogin(back string) string {
	return "/admin/dang-nhap?" + url.Values{"ve": {back}}.Encode()
}

// shownFrom is how long a text is that the page after an expired session shows, in bytes.
const shownFrom = 60

// expired answers a form that comes without a login with all that was typed, but for passwords.
func (a *Admin) expired(c web.Ctx) error {
	var kept []adminpage.Kept
	kind, _, _ := mime.ParseMediaType(c.Request().Header.Get("Content-Type"))
	files := kind == "multipart/form-data"
	if !files {
		form, err := web.ParseForm(c)
		if err != nil {
			return err
		}
		kept = keep(form.Values)
	}
	p, err := a.page(c, "Phiên làm việc đã kết thúc")
	if err != nil {
		return err
	}
	return web.Render(c, http.StatusUnauthorized, adminpage.Expired(p, c.Request().URL.RequestURI(), kept, files))
}

// unwritten is what the form of the request holds, when the status says that it could not be written for now. Files are not kept.
func unwritten(c web.Ctx, status int) []adminpage.Kept {
	r := c.Request()
	kind, _, _ := mime.ParseMediaType(r.Header.Get("Content-Type"))
	if r.Method != http.MethodPost || kind == "multipart/form-data" || wantsJSON(c) ||
		status != http.StatusServiceUnavailable && status != http.StatusInsufficientStorage {
		return nil
	}
	form, err := web.ParseForm(c)
	if err != nil { // the fault that is told is the other one
		return nil
	}
	return keep(form.Values)
}

// keep is what was typed, but for passwords and codes.
func keep(values url.Values) (kept []adminpage.Kept) {
	for _, name := range slices.Sorted(maps.Keys(values)) {
		if strings.Contains(name, "password") || name == "code" {
			continue
		}
		for _, v := range values[name] {
			kept = append(kept, adminpage.Kept{Name: name, Value: v, Long: len(v) >= shownFrom || strings.Contains(v, "\n")})
		}
	}
	return kept
}
