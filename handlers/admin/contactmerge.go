package admin

import (
	"errors"
	"net/http"
	"slices"
	"strconv"

	"congso/handlers/web"
	"congso/store/model"
	"congso/views/adminpage"
)

// mergeForm asks into which unit the unit goes over, and when.
func (a *Admin) mergeForm(c web.Ctx) error {
	id, err := id(c)
	if err != nil {
		return err
	}
	unit, err := a.Store.UnitByID(c.Request().Context(), id)
	if err != nil {
		return err
	}
	f := web.NewForm("revision", strconv.Itoa(unit.Revision), "day", a.Store.Today().Short(), "posts", "1")
	return a.showMerge(c, http.StatusOK, f, adminpage.MergeData{Unit: unit})
}

func (a *Admin) showMerge(c web.Ctx, status int, f *web.Form, d adminpage.MergeData) error {
	directory, err := a.Store.WholeDirectory(c.Request().Context(), web.Viewer(c))
	if err != nil {
		return err
	}
	_, _, choices := a.unitTree(directory)
	d.Choices = slices.DeleteFunc(choices, func(o adminpage.Option) bool { return o.Value == idText(d.Unit.ID) })
	p, err := a.page(c, "Sáp nhập "+d.Unit.Name, web.Link{Name: "Danh bạ", Href: directoryPath},
		web.Link{Name: d.Unit.Name, Href: adminpage.ContactHref(model.KindUnit, d.Unit.ID)})
	if err != nil {
		return err
	}
	p.Sheets = []string{"contacts.css"}
	return web.Render(c, status, adminpage.UnitMerge(p, f, d))
}

// merge shows what the merge would do, or does it.
func (a *Admin) merge(c web.Ctx) error {
	id, err := id(c)
	if err != nil {
		return err
	}
	f, err := web.ParseForm(c)
	if err != nil {
		return err
	}
	ctx := c.Request().Context()
	unit, err := a.Store.UnitByID(ctx, id)
	if err != nil {
		return err
	}
	d := adminpage.MergeData{Unit: unit}
	first, into, posts := day(f, "day", f.Text("day"), ""), f.ID("into"), f.Checked("posts")
	if !f.OK() {
		return a.showMerge(c, refused, f, d)
	}
	plan, err := a.Store.PlanMerge(ctx, id, into, first, posts)
	if f.Refused(err) {
		return a.showMerge(c, refused, f, d)
	}
	if err != nil {
		return err
	}
	if d.Plan = &plan; !f.Checked("merge") {
		return a.showMerge(c, http.StatusOK, f, d)
	}
	err = a.Store.MergeUnit(ctx, web.User(c).Actor(), id, into, revisionOf(f), first, posts)
	switch {
	case errors.Is(err, model.ErrConflict):
		f.Values.Set("revision", strconv.Itoa(unit.Revision))
		f.Fail("", "Có người đã sửa đơn vị này sau khi bạn mở. Xin xem lại những gì sẽ thay đổi rồi bấm lần nữa.")
		return a.showMerge(c, http.StatusConflict, f, d)
	case f.Refused(err):
		return a.showMerge(c, refused, f, d)
	case err != nil:
		return err
	}
	return saved(c, adminpage.ContactHref(model.KindUnit, id), "Đã sáp nhập "+unit.Name+" vào "+plan.Into.Name+".")
}
