package admin

import (
	"net/http"
	"slices"
	"strconv"

	"congso/handlers/web"
	"congso/store/model"
	"congso/views/adminpage"
)

const linksPath = "/admin/lien-ket"

// links lists the other sites that the foot of every page names.
func (a *Admin) links(c web.Ctx) error {
	list, err := a.Store.LinkedSites(c.Request().Context())
	if err != nil {
		return err
	}
	p, err := a.page(c, "Liên kết")
	if err != nil {
		return err
	}
	back, err := undo(c, linksPath)
	if err != nil {
		return err
	}
	return web.Render(c, http.StatusOK, adminpage.Links(p, list, back))
}

// linkOf is the linked site in the address, the zero one with the next position for a new one.
func (a *Admin) linkOf(c web.Ctx) (model.LinkedSite, error) {
	list, err := a.Store.LinkedSites(c.Request().Context())
	if err != nil {
		return model.LinkedSite{}, err
	}
	if c.Param("id") == "" {
		next := 1
		for _, l := range list {
			next = max(next, l.Position+1)
		}
		return model.LinkedSite{Position: next}, nil
	}
	n, err := id(c)
	if err != nil {
		return model.LinkedSite{}, err
	}
	i := slices.IndexFunc(list, func(l model.LinkedSite) bool { return l.ID == n })
	if i < 0 {
		return model.LinkedSite{}, model.ErrNotFound
	}
	return list[i], nil
}

// link shows the form of a linked site, or of a new one.
func (a *Admin) link(c web.Ctx) error {
	l, err := a.linkOf(c)
	if err != nil {
		return err
	}
	return a.showLink(c, http.StatusOK, l, linkForm(l))
}

func linkForm(l model.LinkedSite) *web.Form {
	return web.NewForm("name", l.Name, "url", l.URL, "position", strconv.Itoa(l.Position))
}

func (a *Admin) showLink(c web.Ctx, status int, l model.LinkedSite, form *web.Form) error {
	title := l.Name
	if l.ID == 0 {
		title = "Thêm liên kết"
	}
	p, err := a.page(c, title, web.Link{Name: "Liên kết", Href: linksPath})
	if err != nil {
		return err
	}
	return web.Render(c, status, adminpage.Link(p, form, l))
}

// putLink keeps a linked site, or makes a new one.
func (a *Admin) putLink(c web.Ctx) error {
	form, err := web.ParseForm(c)
	if err != nil {
		return err
	}
	l, err := a.linkOf(c)
	if err != nil {
		return err
	}
	next := model.LinkedSite{ID: l.ID, Name: form.Text("name"), URL: form.Text("url"), Position: l.Position}
	if text := form.Text("position"); text != "" {
		if next.Position, err = strconv.Atoi(text); err != nil || next.Position < 0 || next.Position > 9999 {
			form.Fail("position", "Thứ tự là một số từ 0 đến 9999.")
		}
	}
	if form.OK() {
		err = a.Store.PutLinkedSite(c.Request().Context(), web.User(c).Actor(), &next)
		if err == nil {
			return saved(c, linksPath, "Đã lưu liên kết “"+next.Name+"”.")
		}
		if !form.Refused(err) {
			return err
		}
	}
	return a.showLink(c, refused, l, form)
}

// deleteLink takes a linked site out; the list offers to bring it back.
func (a *Admin) deleteLink(c web.Ctx) error {
	l, err := a.linkOf(c)
	if err != nil {
		return err
	}
	if err := a.Store.DeleteLinkedSite(c.Request().Context(), web.User(c).Actor(), l.ID); err != nil {
		return err
	}
	return deleted(c, linksPath, linkForm(l))
}
