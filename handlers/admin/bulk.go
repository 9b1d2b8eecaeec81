package admin

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"congso/handlers/web"
	"congso/store/model"
)

// bulkMost is how many records one press may move.
const bulkMost = 100

// bulk does one action to all records that are ticked, one after the other, and says of each that refused why.
func (w workDesk[T]) bulk(c web.Ctx) error {
	form, err := web.ParseForm(c)
	if err != nil {
		return err
	}
	action, known := map[string]model.Action{"gui": model.ActionSend, "dang": model.ActionPublish, "luu-tru": model.ActionArchive}[form.Raw("viec")]
	if !known {
		return model.ErrNotFound
	}
	ids := form.IDs("id")
	done := 0
	for _, id := range ids[:min(len(ids), bulkMost)] {
		why, err := w.bulkOne(c.Request().Context(), web.User(c), id, action)
		if err != nil {
			return err
		}
		if why == "" {
			done++
			continue
		}
		if err := web.FlashWarning(c, why); err != nil {
			return err
		}
	}
	if err := web.Flash(c, w.bulkDone(done, len(ids), action)); err != nil {
		return err
	}
	back := web.LocalPath(form.Raw("ve"))
	if !within(strings.SplitN(back, "?", 2)[0], w.root) {
		back = w.root
	}
	return web.SeeOther(c, back)
}

func (w workDesk[T]) bulkDone(done, chosen int, action model.Action) string {
	if chosen == 0 {
		return "Chưa chọn bài nào."
	}
	verb := map[model.Action]string{model.ActionSend: "gửi duyệt", model.ActionPublish: "đăng", model.ActionArchive: "đưa vào Lưu trữ"}[action]
	text := fmt.Sprintf("Đã %s %d trong %d %s.", verb, done, min(chosen, bulkMost), w.noun)
	if chosen > bulkMost {
		text += fmt.Sprintf(" Mỗi lần làm được nhiều nhất %d.", bulkMost)
	}
	return text
}

// bulkOne does the action to one record and returns why not, "" when it is done. Nothing is confirmed here that a person should look at.
func (w workDesk[T]) bulkOne(ctx context.Context, u model.User, id int64, action model.Action) (why string, err error) {
	d, err := w.dossier(ctx, u, id)
	if errors.Is(err, model.ErrNotFound) {
		return fmt.Sprintf("Không còn %s số %d.", w.noun, id), nil
	}
	if err != nil {
		return "", err
	}
	refuse := func(reason string) (string, error) { return "“" + shorten(d.Title) + "”: " + reason, nil }
	switch {
	case !model.May(u, w.desk, action, d.object()):
		return refuse("bạn không có quyền làm việc này.")
	case !d.may(action):
		return refuse("không làm được khi đang ở trạng thái " + strings.ToLower(stageName(d.stage())) + ".")
	case d.Status == model.StatusPublished && d.Copy.Version == 0 && action != model.ActionArchive:
		return refuse("không có bản sửa nào.")
	}
	err = w.bulkMove(ctx, &d, action)
	invalid := model.Invalid{}
	switch {
	case errors.As(err, &invalid):
		return refuse(firstOf(invalid) + " Hãy mở bài để xem lại.")
	case errors.Is(err, model.ErrConflict):
		return refuse("vừa thay đổi ở nơi khác. Hãy mở bài để xem lại.")
	}
	return "", err
}

// bulkMove does the action with the text that is kept of the record.
func (w workDesk[T]) bulkMove(ctx context.Context, d *dossier[T], action model.Action) error {
	if action == model.ActionArchive {
		return w.move(ctx, *d, d.Form, action)
	}
	if err := w.fill(ctx, d); err != nil {
		return err
	}
	found, err := w.check(ctx, d.Record)
	if err != nil {
		return err
	}
	if len(found) > 0 {
		return model.Invalid{"": found[0].Message}
	}
	if action == model.ActionSend && d.Status == model.StatusPublished {
		if err := w.valid(&d.Record); err != nil {
			return err
		}
		return w.Store.MoveWorkingCopy(ctx, d.user.Actor(), w.kind, d.ID, d.Copy.Version, action, "")
	}
	return w.put(ctx, d.user.Actor(), &d.Record, d.Copy.Version, action)
}

// firstOf is one of the complaints, always the same.
func firstOf(invalid model.Invalid) string {
	form := web.Form{Errors: invalid}
	return invalid[form.Faults()[0]]
}
