package admin

import (
	"context"
	"errors"
	"net/http"
	"slices"

	"congso/content"
	"congso/handlers/web"
	"congso/store/model"
	"congso/views/adminpage"
)

// conflict answers for a text that would have gone over another with both, side by side.
func (w workDesk[T]) conflict(c web.Ctx, mine dossier[T]) error {
	ctx := c.Request().Context()
	theirs, err := w.open(c)
	if err != nil {
		return err
	}
	work, err := w.frame(c, theirs)
	if err != nil {
		return err
	}
	diff, err := w.compare(ctx, theirs.Form, mine.Form)
	if err != nil {
		return err
	}
	p, err := w.titled(c, theirs, "Hai bản khác nhau")
	if err != nil {
		return err
	}
	return web.Render(c, http.StatusConflict, adminpage.Conflict(p, work, diff, ownFields(mine.Form)))
}

// ownFields are the fields of the text itself.
func ownFields(form *web.Form) []adminpage.Kept {
	return slices.DeleteFunc(keep(form.Values), func(k adminpage.Kept) bool { return k.Name[:min(1, len(k.Name))] == pageField })
}

// compare sets the texts of two forms side by side.
func (w workDesk[T]) compare(ctx context.Context, before, after *web.Form) ([]adminpage.Diff, error) {
	left, err := w.sides(ctx, before)
	if err != nil {
		return nil, err
	}
	right, err := w.sides(ctx, after)
	if err != nil {
		return nil, err
	}
	list := make([]adminpage.Diff, len(left))
	for i := range left {
		list[i] = compared(left[i], right[i])
	}
	return list, nil
}

func compared(before, after adminpage.Side) adminpage.Diff {
	d := adminpage.Diff{Name: before.Name, Same: before.Text == after.Text}
	for _, row := range content.Compare(before.Text, after.Text) {
		d.Rows = append(d.Rows, adminpage.DiffRow{
			Before: spans(row.Before), After: spans(row.After), Changed: row.Changed(), BeforeLine: row.BeforeLine, AfterLine: row.AfterLine,
		})
	}
	return d
}

func spans(side []content.Segment) []model.Span {
	list := make([]model.Span, len(side))
	for i, s := range side {
		list[i] = model.Span{Text: s.Text, Mark: s.Changed}
	}
	return list
}

// prefer puts the user's text over the other one, which is kept elsewhere first.
func (w workDesk[T]) prefer(c web.Ctx) error {
	form, d, err := w.asked(c, model.ActionEdit)
	if err != nil {
		return err
	}
	told := "Đã dùng bản của bạn. Xin đọc lại một lượt."
	if theirs := d; d.may(model.ActionEdit) && d.Copy.Version == int(form.ID(fieldVersion)) && d.Copy.Version > 0 {
		apart, err := w.preserve(c.Request().Context(), &theirs)
		if err != nil {
			return err
		}
		if apart {
			told += " Bản của " + d.Copy.ByName + " được giữ thành một bản nháp riêng, mang cùng tên."
		}
		if theirs.Revision != d.Revision {
			form.Values.Set(fieldVersion, "0")
			form.Values.Set(fieldBase, itoa(theirs.Revision))
			if d, err = w.open(c); err != nil {
				return err
			}
		}
	}
	d.Form = form
	if !d.may(model.ActionEdit) {
		return w.tooLate(c, d)
	}
	if err := w.keep(c.Request().Context(), &d); err != nil {
		return w.unsaved(c, d, err)
	}
	return saved(c, w.path(d.ID), told)
}

// preserve keeps the working copy before another text replaces it: as a named revision of its record or, where it cannot become one, apart,
// as a draft of its own.
func (w workDesk[T]) preserve(ctx context.Context, d *dossier[T]) (apart bool, err error) {
	done, err := w.toVersion(ctx, d)
	if done || err != nil {
		return false, err
	}
	_, err = w.apart(ctx, *d, d.Form)
	return true, err
}

// toVersion makes the working copy a revision of its record, with a name. It reports whether that could be: readers must not see the
// record, the text must keep its rules, and must still be the one that was read.
func (w workDesk[T]) toVersion(ctx context.Context, d *dossier[T]) (bool, error) {
	if d.Status == model.StatusPublished {
		return false, nil
	}
	err := w.take(ctx, d, model.ActionEdit)
	invalid := model.Invalid{}
	if errors.As(err, &invalid) || errors.Is(err, model.ErrConflict) {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	d.facts = w.facts(d.Record)
	return true, w.Store.NameRevision(ctx, d.user.Actor(), w.kind, d.ID, d.Revision, "Bản của "+d.Copy.ByName)
}

// fork keeps the user's text as a draft of its own and leaves the record to the other one.
func (w workDesk[T]) fork(c web.Ctx) error {
	form, d, err := w.asked(c, model.ActionCreate)
	if err != nil {
		return err
	}
	id, err := w.apart(c.Request().Context(), d, form)
	if err != nil {
		d.Form = form
		return w.unsaved(c, d, err)
	}
	return saved(c, w.path(id), "Bản của bạn đã thành một bản nháp riêng, mở ở trang này. Bản kia giữ nguyên ở “"+d.Title+"”.")
}

// apart makes a draft that bears the record's title and has the form as its working copy.
func (w workDesk[T]) apart(ctx context.Context, d dossier[T], form *web.Form) (id int64, err error) {
	copied := model.WorkingCopy{Kind: w.kind, Base: 1}
	if copied.Data, err = encodeCopy(form); err != nil {
		return 0, err
	}
	if err := copied.Validate(); err != nil {
		return 0, err
	}
	if copied.RecordID, err = w.create(ctx, d.user, d.Title, d.Section); err != nil {
		return 0, err
	}
	return copied.RecordID, w.Store.SaveWorkingCopy(ctx, d.user.Actor(), &copied, w.media(form))
}
