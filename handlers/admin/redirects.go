package admin

import (
	"net/http"

	"congso/handlers/web"
	"congso/store/model"
	"congso/views/adminpage"
)

const (
	redirectsPath    = "/admin/dia-chi-cu"
	redirectsPerPage = 50
)

// redirects lists the old addresses that are sent on.
func (a *Admin) redirects(c web.Ctx) error {
	d := adminpage.RedirectsData{Text: web.Query(c, "q", 200), Page: web.PageNumber(c, "trang")}
	var err error
	if d.List, d.Total, err = a.Store.Redirects(c.Request().Context(), d.Text, d.Page, redirectsPerPage); err != nil {
		return err
	}
	if d.Last = web.LastPage(d.Total, redirectsPerPage); d.Page > d.Last {
		return model.ErrNotFound
	}
	if d.Undo, err = undo(c, redirectsPath); err != nil {
		return err
	}
	p, err := a.page(c, "Địa chỉ cũ")
	if err != nil {
		return err
	}
	return web.Render(c, http.StatusOK, adminpage.Redirects(p, d))
}

// newRedirect asks for an old address and where it leads.
func (a *Admin) newRedirect(c web.Ctx) error {
	return a.showRedirect(c, http.StatusOK, web.NewForm())
}

func (a *Admin) showRedirect(c web.Ctx, status int, form *web.Form) error {
	p, err := a.page(c, "Thêm địa chỉ cũ", web.Link{Name: "Địa chỉ cũ", Href: redirectsPath})
	if err != nil {
		return err
	}
	return web.Render(c, status, adminpage.Redirect(p, form))
}

// putRedirect sends an old address on; one that is known already leads elsewhere from now on.
func (a *Admin) putRedirect(c web.Ctx) error {
	form, err := web.ParseForm(c)
	if err != nil {
		return err
	}
	err = a.Store.PutRedirect(c.Request().Context(), web.User(c).Actor(), form.Text("from"), form.Text("to"))
	if form.Refused(err) {
		return a.showRedirect(c, refused, form)
	}
	if err != nil {
		return err
	}
	return saved(c, redirectsPath, "Đã lưu: "+form.Text("from")+" dẫn sang "+form.Text("to")+".")
}

// deleteRedirect forgets the old address in the field from; the list offers to bring it back.
func (a *Admin) deleteRedirect(c web.Ctx) error {
	form, err := web.ParseForm(c)
	if err != nil {
		return err
	}
	ctx, from := c.Request().Context(), form.Text("from")
	to, err := a.Store.DeleteRedirect(ctx, web.User(c).Actor(), from)
	if err != nil {
		return err
	}
	return deleted(c, redirectsPath, web.NewForm("from", from, "to", to))
}
