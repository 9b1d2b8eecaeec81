package admin

import (
	"cmp"
	"errors"

	"congso/handlers/web"
	"congso/store/model"
)

// fieldSection is the section that the drafted news item goes to.
const fieldSection = "_section"

// meetingToNews drafts the news item that reports the meeting and names it in the meeting's form: readers get the link once both are
// published.
func (a *Admin) meetingToNews(c web.Ctx, d dossier[model.Meeting]) error {
	ctx, w := c.Request().Context(), a.meetings()
	if id := d.Form.ID("news"); id != 0 {
		return saved(c, a.news().path(id), "Cuộc họp đã có tin này. Muốn viết tin khác, hãy bỏ chọn tin trong biên bản trước.")
	}
	m, err := a.asTyped(ctx, d)
	if err != nil {
		return err
	}
	n, err := a.draftNews(c, d, m)
	if d.Form.Refused(err) {
		return w.show(c, refused, d)
	}
	if err != nil {
		return err
	}
	d.Form.Values.Set("news", idText(n.ID))
	if err := w.keepAgain(ctx, &d); err != nil && !errors.Is(err, model.ErrConflict) {
		return err
	} else if err != nil {
		return saved(c, a.news().path(n.ID), "Đã viết tin nháp, nhưng biên bản vừa được người khác sửa: hãy chọn tin này trong biên bản.")
	}
	return saved(c, a.news().path(n.ID), "Đã viết tin nháp từ biên bản. Tin được dẫn từ trang cuộc họp khi cả hai đã đăng.")
}

// draftNews stores the draft. The error is model.Invalid for the field "_section", or "" for what the record itself does not allow.
func (a *Admin) draftNews(c web.Ctx, d dossier[model.Meeting], m model.Meeting) (model.News, error) {
	ctx := c.Request().Context()
	n := newsFromMeeting(m)
	n.Byline, n.Section.ID = d.user.FullName, d.Form.ID(fieldSection)
	if n.Cover.Alt == "" {
		n.Cover = model.Photo{}
	}
	if n.Section.ID == 0 || !model.May(d.user, model.DeskNews, model.ActionCreate, model.Object{Section: n.Section.ID}) {
		return n, model.Invalid{fieldSection: "Hãy chọn chuyên mục cho tin."}
	}
	err := a.Store.PutNews(ctx, d.user.Actor(), &n)
	invalid := model.Invalid{}
	if errors.As(err, &invalid) {
		return n, model.Invalid{"": "Chưa viết được tin từ biên bản này: " + cmp.Or(invalid["title"], firstOf(invalid))}
	}
	return n, err
}
