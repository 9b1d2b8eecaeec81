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

// prefer puts the user's text over the other one. What it replaces goes into the history first, where the record is not in readers'
// sight and the other text can be stored at all.
func (w workDesk[T]) prefer(c web.Ctx) error {
	form, d, err := w.asked(c, model.ActionEdit)
	if err != nil {
		return err
	}
	if theirs := d; d.may(model.ActionEdit) && d.Copy.Version == int(form.ID(fieldVersion)) && d.Copy.Version > 0 && d.Status != model.StatusPublished {
		if err := w.preserve(c.Request().Context(), &theirs); err != nil {
			return err
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
	return saved(c, w.path(d.ID), "Đã dùng bản của bạn. Xin đọc lại một lượt.")
}

// preserve makes the working copy a revision of its record, with a name; a text that breaks the record's rules cannot become one.
func (w workDesk[T]) preserve(ctx context.Context, d *dossier[T]) error {
	err := w.take(ctx, d, model.ActionEdit)
	invalid := model.Invalid{}
	if errors.As(err, &invalid) || errors.Is(err, model.ErrConflict) {
		return nil
	}
	if err != nil {
		return err
	}
	d.facts = w.facts(d.Record)
	return w.Store.NameRevision(ctx, d.user.Actor(), w.kind, d.ID, d.Revision, "Bản của "+d.Copy.ByName)
}

// fork keeps the user's text as a draft of its own and leaves the record to the other one.
func (w workDesk[T]) fork(c web.Ctx) error {
	form, d, err := w.asked(c, model.ActionCreate)
	if err != nil {
		return err
	}
	ctx := c.Request().Context()
	data, err := encodeCopy(form)
	if err != nil {
		return err
	}
	copied := model.WorkingCopy{Kind: w.kind, Base: 1, Data: data}
	if err := copied.Validate(); err != nil {
		d.Form = form
		return w.unsaved(c, d, err)
	}
	if copied.RecordID, err = w.create(ctx, d.user, d.Title, d.Section); err != nil {
		return err
	}
	if err := w.Store.SaveWorkingCopy(ctx, d.user.Actor(), &copied, w.media(form)); err != nil {
		return err
	}
	return saved(c, w.path(copied.RecordID), "Bản của bạn đã thành một bản nháp riêng, mở ở trang này. Bản kia giữ nguyên ở “"+d.Title+"”.")
}
