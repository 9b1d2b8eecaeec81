package admin

import (
	"context"
	"net/http"
	"strconv"

	"congso/handlers/web"
	"congso/store/model"
	"congso/views/adminpage"
)

// history lists the versions of a record.
func (w workDesk[T]) history(c web.Ctx) error {
	d, err := w.open(c)
	if err != nil {
		return err
	}
	return w.showHistory(c, http.StatusOK, d, web.NewForm())
}

func (w workDesk[T]) showHistory(c web.Ctx, status int, d dossier[T], form *web.Form) error {
	list, err := w.Store.Revisions(c.Request().Context(), w.kind, d.ID)
	if err != nil {
		return err
	}
	work, err := w.frame(c, d)
	if err != nil {
		return err
	}
	p, err := w.titled(c, d, "Lịch sử")
	if err != nil {
		return err
	}
	p.Sheets = []string{"editor.css"}
	return web.Render(c, status, adminpage.History(p, work, list, form))
}

// versions shows two versions side by side: "tu" and "den" are their numbers, 0 for what is being edited now.
func (w workDesk[T]) versions(c web.Ctx) error {
	d, err := w.open(c)
	if err != nil {
		return err
	}
	ctx := c.Request().Context()
	from, to := number(c, "tu"), number(c, "den")
	before, err := w.version(ctx, d, from)
	if err != nil {
		return err
	}
	after, err := w.version(ctx, d, to)
	if err != nil {
		return err
	}
	diff, err := w.compare(ctx, before, after)
	if err != nil {
		return err
	}
	work, err := w.frame(c, d)
	if err != nil {
		return err
	}
	p, err := w.titled(c, d, "So sánh hai phiên bản")
	if err != nil {
		return err
	}
	p.Crumbs = append(p.Crumbs, web.Link{Name: "Lịch sử", Href: w.path(d.ID) + "/lich-su"})
	p.Wide, p.Sheets = true, []string{"editor.css"}
	return web.Render(c, http.StatusOK, adminpage.Versions(p, work, diff, from, to))
}

func number(c web.Ctx, name string) int {
	n, err := strconv.Atoi(c.QueryParam(name))
	if err != nil || n < 0 {
		return 0
	}
	return n
}

// version is a revision as the form would show it, or what is being edited for 0.
func (w workDesk[T]) version(ctx context.Context, d dossier[T], number int) (*web.Form, error) {
	if number == 0 {
		return d.Form, nil
	}
	record, err := w.revision(ctx, d.ID, number)
	if err != nil {
		return nil, err
	}
	return w.form(record), nil
}

// revisionNumber is the number of a version in the address, model.ErrNotFound when it is none.
func revisionNumber(c web.Ctx) (int, error) {
	n, err := strconv.Atoi(c.Param("so"))
	if err != nil || n < 1 {
		return 0, model.ErrNotFound
	}
	return n, nil
}

// nameVersion gives a version a name.
func (w workDesk[T]) nameVersion(c web.Ctx) error {
	form, d, err := w.asked(c, model.ActionEdit)
	if err != nil {
		return err
	}
	n, err := revisionNumber(c)
	if err != nil {
		return err
	}
	err = w.Store.NameRevision(c.Request().Context(), d.user.Actor(), w.kind, d.ID, n, form.Raw("name"))
	if form.Refused(err) {
		form.Values.Set("of", itoa(n))
		return w.showHistory(c, refused, d, form)
	}
	if err != nil {
		return err
	}
	return saved(c, w.path(d.ID)+"/lich-su", "Đã đặt tên phiên bản "+itoa(n)+".")
}

// restoreVersion puts an old version into the working copy, where it is looked at before it goes further.
func (w workDesk[T]) restoreVersion(c web.Ctx) error {
	_, d, err := w.asked(c, model.ActionEdit)
	if err != nil {
		return err
	}
	n, err := revisionNumber(c)
	if err != nil {
		return err
	}
	ctx := c.Request().Context()
	old, err := w.version(ctx, d, n)
	if err != nil {
		return err
	}
	if !d.may(model.ActionEdit) {
		return w.movedOn(c, d)
	}
	if d.Copy.Version > 0 {
		if d, err = w.cleared(c, d); err != nil {
			return err
		}
	}
	if d.Copy.Version > 0 {
		if err := web.FlashWarning(c, "Đang có một bản soạn dở chưa đăng. Hãy đăng hoặc bỏ bản đó trước, rồi khôi phục phiên bản cũ."); err != nil {
			return err
		}
		return web.SeeOther(c, w.path(d.ID))
	}
	old.Values.Set("slug", d.Slug) // addresses stay
	old.Values.Set(fieldBase, itoa(d.Revision))
	d.Form = old
	if err := w.keep(ctx, &d); err != nil {
		return w.unsaved(c, d, err)
	}
	return saved(c, w.path(d.ID), "Nội dung của phiên bản "+itoa(n)+" đã được đưa vào ô soạn. Xin xem lại rồi lưu hoặc đăng.")
}

// cleared makes room for another text: what is being written becomes a version of its own where that is possible.
func (w workDesk[T]) cleared(c web.Ctx, d dossier[T]) (dossier[T], error) {
	if done, err := w.toVersion(c.Request().Context(), &d); !done || err != nil {
		return d, err
	}
	return w.open(c)
}
