package admin

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"congso/handlers/web"
	"congso/store/model"
	"congso/views/adminpage"
)

// Fields of the editors' forms whose names begin with this are the page's own: they are no part of the text.
const pageField = "_"

const (
	fieldVersion = "_version" // of the working copy that the form was filled from, 0 for none
	fieldBase    = "_base"    // revision of the record that it was filled from
)

// encodeCopy is the text of a form as a working copy keeps it: the same for two forms that say the same.
func encodeCopy(form *web.Form) (string, error) {
	kept := url.Values{}
	for name, values := range form.Values {
		list := make([]string, len(values))
		for i, v := range values {
			list[i] = strings.ReplaceAll(web.Wholesome(v), "\r\n", "\n")
		}
		if !strings.HasPrefix(name, pageField) && slices.ContainsFunc(list, func(v string) bool { return v != "" }) {
			kept[name] = list
		}
	}
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(kept); err != nil {
		return "", fmt.Errorf("working copy: %w", err)
	}
	return b.String(), nil
}

// decodeCopy is the form that encodeCopy was given.
func decodeCopy(data string) (*web.Form, error) {
	values := url.Values{}
	if err := json.Unmarshal([]byte(data), &values); err != nil {
		return nil, fmt.Errorf("working copy: %w", err)
	}
	return &web.Form{Values: values}, nil
}

// keep makes sure that what d.Form holds is in the working copy, unless it is what the record says anyway. It fails with
// model.Overtaken when the form was filled from another version than the one that is there, and with model.ErrConflict when it was
// filled from a record that has moved on.
func (w workDesk[T]) keep(ctx context.Context, d *dossier[T]) error {
	data, err := encodeCopy(d.Form)
	if err != nil {
		return err
	}
	version, base := int(d.Form.ID(fieldVersion)), int(d.Form.ID(fieldBase))
	switch {
	case version == d.Copy.Version && version > 0 && data == d.Copy.Data:
		return nil
	case version == 0 && d.Copy.Version == 0:
		if base != d.Revision {
			return model.ErrConflict
		}
		stored, err := encodeCopy(w.form(d.Record))
		if err != nil || stored == data {
			return err
		}
	}
	next := model.WorkingCopy{Kind: w.kind, RecordID: d.ID, Base: base, Version: version, Data: data}
	if err := w.Store.SaveWorkingCopy(ctx, d.user.Actor(), &next, w.media(d.Form)); err != nil {
		return err
	}
	d.Copy = next
	return nil
}

// typed lets to then what the form of the request holds, once it is safe in the working copy. Whoever may not do the action is refused;
// a text that came too late, over somebody else's or after its record had moved on, is answered with both.
func (w workDesk[T]) typed(action model.Action, then func(web.Ctx, dossier[T]) error) web.Handler {
	return func(c web.Ctx) error {
		form, err := web.ParseForm(c)
		if err != nil {
			return err
		}
		d, err := w.open(c)
		if err != nil {
			return err
		}
		adminpage.PutPictureWords(form)
		d.Form = form
		if !model.May(d.user, w.desk, action, d.object()) || !model.May(d.user, w.desk, model.ActionEdit, d.object()) {
			return web.ErrForbidden
		}
		if !d.may(model.ActionEdit) {
			return w.tooLate(c, d)
		}
		if err := w.keep(c.Request().Context(), &d); err != nil {
			return w.unsaved(c, d, err)
		}
		if !d.may(action) {
			return w.tooLate(c, d)
		}
		return then(c, d)
	}
}

// tooLate answers for a form whose record can no longer take it: what was typed stays on the page.
func (w workDesk[T]) tooLate(c web.Ctx, d dossier[T]) error {
	d.Form.Fail("", "Chưa lưu được: trong lúc bạn soạn, trạng thái của bài đã đổi ("+stageName(d.stage())+"). Nội dung bạn gõ vẫn còn trên trang này, xin chép lại nếu cần.")
	return w.show(c, http.StatusConflict, d)
}

// unsaved answers for a form that could not be kept, or not be taken over into its record.
func (w workDesk[T]) unsaved(c web.Ctx, d dossier[T], err error) error {
	switch {
	case errors.Is(err, model.ErrConflict):
		return w.conflict(c, d)
	case d.Form.Refused(err):
		for _, field := range []string{"data", "status", "base"} { // no fields of the form
			if message := d.Form.Error(field); message != "" {
				delete(d.Form.Errors, field)
				d.Form.Fail("", message)
			}
		}
		return w.show(c, refused, d)
	}
	return err
}

// kept is the answer to the script that saves while somebody types.
type kept struct {
	Version int      `json:"version"`
	Base    int      `json:"base"`
	At      string   `json:"at,omitempty"` // when the copy was saved: "09:12"
	By      string   `json:"by,omitempty"` // who saved it
	Message string   `json:"message,omitempty"`
	Editors []string `json:"editors"`
}

// autosave keeps what is being typed. The record itself is not touched.
func (w workDesk[T]) autosave(c web.Ctx) error {
	form, err := web.ParseForm(c)
	if err != nil {
		return err
	}
	d, err := w.open(c)
	if err != nil {
		return err
	}
	d.Form = form
	if !model.May(d.user, w.desk, model.ActionEdit, d.object()) {
		return web.ErrForbidden
	}
	if !d.may(model.ActionEdit) {
		return w.tell(c, http.StatusConflict, d, "Trạng thái của bài đã đổi: "+stageName(d.stage())+".")
	}
	err = w.keep(c.Request().Context(), &d)
	invalid := model.Invalid{}
	switch {
	case errors.Is(err, model.ErrConflict):
		if d, err = w.open(c); err != nil {
			return err
		}
		return w.tell(c, http.StatusConflict, d, "Nội dung này vừa được lưu ở nơi khác.")
	case errors.As(err, &invalid):
		return w.tell(c, refused, d, invalid["data"])
	case err != nil:
		return err
	}
	return w.tell(c, http.StatusOK, d, "")
}

// present says that the user has the record open, and answers who else has.
func (w workDesk[T]) present(c web.Ctx) error {
	d, err := w.open(c)
	if err != nil {
		return err
	}
	if !model.May(d.user, w.desk, model.ActionEdit, d.object()) {
		return web.ErrForbidden
	}
	return w.tell(c, http.StatusOK, d, "")
}

func (w workDesk[T]) tell(c web.Ctx, status int, d dossier[T], message string) error {
	editors, err := w.editors(c, d)
	if err != nil {
		return err
	}
	answer := kept{Version: d.Copy.Version, Base: d.base(), By: d.Copy.ByName, Message: message, Editors: []string{}}
	if d.Copy.Version > 0 {
		answer.At = d.Copy.UpdatedAt.In(model.Zone()).Format("15:04")
	}
	for _, e := range editors {
		answer.Editors = append(answer.Editors, e.Name+" đang sửa mục này từ "+e.Since.In(model.Zone()).Format("15:04"))
	}
	return c.JSON(status, answer)
}

// editors notes that the user has the record open and returns who else has.
func (w workDesk[T]) editors(c web.Ctx, d dossier[T]) ([]model.Editor, error) {
	ctx := c.Request().Context()
	err := w.Store.Touch(ctx, w.kind, d.ID, d.user.ID)
	if errors.Is(err, model.ErrDiskFull) { // the text can still be read, and copied
		w.Log.Warn("who is editing is not written down", "error", err)
	} else if err != nil {
		return nil, err
	}
	return w.Store.Editors(ctx, w.kind, d.ID, d.user.ID)
}

// discard throws the working copy away. Whoever may not write in it now, an author while it is reviewed, may not do that either.
func (w workDesk[T]) discard(c web.Ctx) error {
	form, d, err := w.asked(c, model.ActionEdit)
	if err != nil {
		return err
	}
	if !d.may(model.ActionEdit) {
		return w.movedOn(c, d)
	}
	err = w.Store.DropWorkingCopy(c.Request().Context(), d.user.Actor(), w.kind, d.ID, int(form.ID(fieldVersion)))
	if errors.Is(err, model.ErrConflict) {
		return w.movedOn(c, d)
	}
	if err != nil {
		return err
	}
	return saved(c, w.path(d.ID), "Đã bỏ bản đang soạn. Trang này hiện nội dung đã lưu trước đó.")
}
