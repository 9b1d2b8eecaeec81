package admin

import (
	"cmp"
	"context"
	"errors"
	"net/http"
	"path"
	"strconv"
	"strings"

	"congso/handlers/web"
	"congso/store/model"
	"congso/views/adminpage"
)

// workDesk is a desk whose records go through review: news items, meetings. Its methods are the handlers that both share; the functions
// say what is the record's own.
type workDesk[T any] struct {
	*Admin
	kind model.Kind
	desk model.Desk
	root string // address of the desk, such as "/admin/tin-tuc"
	name string // of the desk: "Tin tức"
	noun string // what people call a record: "tin"

	load     func(context.Context, int64) (T, error)                         // the record as stored, or model.ErrNotFound
	facts    func(T) facts                                                   // what the workflow asks of it
	form     func(T) *web.Form                                               // the record as its form shows it
	media    func(*web.Form) []int64                                         // ids of the files that the form names
	read     func(context.Context, *T, *web.Form) error                      // puts the form into the record; model.Invalid for what cannot be read
	valid    func(*T) error                                                  // cleans and validates the record
	revision func(context.Context, int64, int) (T, error)                    // the record as it was
	put      func(context.Context, model.Actor, *T, int, model.Action) error // store.PutNewsFrom, store.PutMeetingFrom
	show     func(web.Ctx, int, dossier[T]) error                            // answers with the editor

	check func(context.Context, T) ([]adminpage.Finding, error)      // what should be looked at before it is published
	sides func(context.Context, *web.Form) ([]adminpage.Side, error) // the form as texts to compare, in a fixed order

	create func(ctx context.Context, by model.User, title string, section int64) (int64, error) // a draft with nothing but that
}

// facts are what records of all kinds have.
type facts struct {
	ID      int64
	Title   string
	Slug    string
	Section int64 // 0 where there is none
	model.Lifecycle
}

// dossier is a record at its desk: as stored, with the working copy beside it, and the form that its editor shows.
type dossier[T any] struct {
	facts
	Record   T
	Copy     model.WorkingCopy // Version 0 when there is none
	Form     *web.Form
	Findings []adminpage.Finding
	Confirm  string // what a person is asked to confirm, "" for nothing

	user model.User
	desk model.Desk
}

// open reads the record that the address names for the user of the request.
func (w workDesk[T]) open(c web.Ctx) (d dossier[T], err error) {
	ctx := c.Request().Context()
	number, err := id(c)
	if err != nil {
		return d, err
	}
	return w.dossier(ctx, web.User(c), number)
}

func (w workDesk[T]) dossier(ctx context.Context, u model.User, id int64) (d dossier[T], err error) {
	d.user, d.desk = u, w.desk
	if d.Record, err = w.load(ctx, id); err != nil {
		return d, err
	}
	d.facts = w.facts(d.Record)
	d.Copy, err = w.Store.WorkingCopy(ctx, w.kind, id)
	if errors.Is(err, model.ErrNotFound) {
		d.Copy, d.Form = model.WorkingCopy{}, w.form(d.Record)
		return d, nil
	}
	if err != nil {
		return d, err
	}
	d.Form, err = decodeCopy(d.Copy.Data)
	return d, err
}

func (w workDesk[T]) path(id int64) string { return w.root + "/" + strconv.FormatInt(id, 10) }

func itoa(n int) string { return strconv.Itoa(n) }

func (d dossier[T]) object() model.Object { return model.Object{Owner: d.Owner, Section: d.Section} }

// base is the revision that the text was made from.
func (d dossier[T]) base() int { return cmp.Or(d.Copy.Base, d.Revision) }

// stage is how far the text is that the editor shows: a published record's working copy has a way of its own.
func (d dossier[T]) stage() model.Status {
	if d.Status == model.StatusPublished && d.Copy.Version > 0 {
		return d.Copy.Status
	}
	return d.Status
}

// may reports whether the user may do that now.
func (d dossier[T]) may(a model.Action) bool {
	stage := d.stage()
	switch a {
	case model.ActionArchive, model.ActionRestore:
		stage = d.Status
	case model.ActionSend, model.ActionPublish:
		if stage == model.StatusPublished { // with what the form changes it has a working copy
			stage = model.StatusDraft
		}
	}
	return model.MayMove(d.user, d.desk, a, stage, d.object())
}

// stageName is what people call a status.
func stageName(s model.Status) string { return adminpage.StatusName(s) }

// edit shows the record's editor.
func (w workDesk[T]) edit(c web.Ctx) error {
	d, err := w.open(c)
	if err != nil {
		return err
	}
	return w.show(c, http.StatusOK, d)
}

// frame is what the editor's page shows besides the fields.
func (w workDesk[T]) frame(c web.Ctx, d dossier[T]) (adminpage.Work, error) {
	work := adminpage.Work{
		Path: w.path(d.ID), Desk: w.root, Noun: w.noun, Title: d.Title, Slug: d.Slug, Row: d.Lifecycle, Copy: d.Copy, Base: d.base(),
		Stage: d.stage(), Findings: d.Findings, Confirm: d.Confirm, May: map[model.Action]bool{}, Version: d.Copy.Version, Pressed: path.Base(c.Request().URL.Path),
	}
	for _, a := range []model.Action{model.ActionEdit, model.ActionSend, model.ActionWithdraw, model.ActionReturn, model.ActionPublish,
		model.ActionArchive, model.ActionRestore} {
		work.May[a] = d.may(a)
	}
	var err error
	if work.May[model.ActionEdit] {
		work.Editors, err = w.editors(c, d)
	}
	return work, err
}

// titled is the frame of a page about the record.
func (w workDesk[T]) titled(c web.Ctx, d dossier[T], title string) (web.AdminPage, error) {
	return w.page(c, title, web.Link{Name: w.name, Href: w.root}, web.Link{Name: shorten(d.Title), Href: w.path(d.ID)})
}

// shorten cuts a title for a line of crumbs.
func shorten(title string) string {
	const most = 60
	if runes := []rune(title); len(runes) > most {
		return strings.TrimSpace(string(runes[:most])) + "…"
	}
	return title
}

// save keeps what was typed: of a record that readers see, beside it.
func (w workDesk[T]) save(c web.Ctx, d dossier[T]) error {
	if d.Status == model.StatusPublished {
		if d.Copy.Version == 0 {
			return saved(c, w.path(d.ID), "Chưa có gì thay đổi so với bản đang đăng.")
		}
		return saved(c, w.path(d.ID), "Đã lưu bản sửa. Bạn đọc vẫn thấy bản cũ cho tới khi bản sửa được đăng.")
	}
	if err := w.take(c.Request().Context(), &d, model.ActionEdit); err != nil {
		return w.unsaved(c, d, err)
	}
	return saved(c, w.path(d.ID), "Đã lưu.")
}

// fill puts the form into the record.
func (w workDesk[T]) fill(ctx context.Context, d *dossier[T]) error {
	if err := w.read(ctx, &d.Record, d.Form); err != nil {
		return err
	}
	if section := w.facts(d.Record).Section; !model.May(d.user, w.desk, model.ActionEdit, model.Object{Owner: d.Owner, Section: section}) {
		return model.Invalid{"section": "Bạn chưa được giao chuyên mục này."}
	}
	return nil
}

// take puts the form into the record and writes it.
func (w workDesk[T]) take(ctx context.Context, d *dossier[T], action model.Action) error {
	if err := w.fill(ctx, d); err != nil {
		return err
	}
	return w.put(ctx, d.user.Actor(), &d.Record, d.Copy.Version, action)
}

// lookAt shows the text as readers would see it, on a page of its own.
func (w workDesk[T]) lookAt(c web.Ctx, d dossier[T]) error {
	return web.SeeOther(c, w.preview(d.ID))
}

// preview is the address of the record's preview.
func (w workDesk[T]) preview(id int64) string {
	return "/admin/preview" + strings.TrimPrefix(w.path(id), "/admin")
}

// send hands the text to whoever reviews it.
func (w workDesk[T]) send(c web.Ctx, d dossier[T]) error {
	ctx := c.Request().Context()
	if asked, err := w.checked(c, &d); asked || err != nil {
		return err
	}
	if d.Status != model.StatusPublished {
		if err := w.take(ctx, &d, model.ActionSend); err != nil {
			return w.unsaved(c, d, err)
		}
		return w.left(c, d, w.path(d.ID), "Đã gửi duyệt. Biên tập viên sẽ thấy bài trong danh sách chờ duyệt.")
	}
	if d.Copy.Version == 0 {
		return saved(c, w.path(d.ID), "Chưa có gì thay đổi so với bản đang đăng nên không có gì để gửi.")
	}
	if err := w.valid(&d.Record); err != nil {
		return w.unsaved(c, d, err)
	}
	if err := w.Store.MoveWorkingCopy(ctx, d.user.Actor(), w.kind, d.ID, d.Copy.Version, model.ActionSend, ""); err != nil {
		return w.unsaved(c, d, err)
	}
	return w.left(c, d, w.path(d.ID), "Đã gửi duyệt bản sửa. Bạn đọc vẫn thấy bản cũ cho tới khi bản sửa được đăng.")
}

// publish lets readers see the text, now or at its time.
func (w workDesk[T]) publish(c web.Ctx, d dossier[T]) error {
	if asked, err := w.checked(c, &d); asked || err != nil {
		return err
	}
	if d.Status == model.StatusPublished && d.Copy.Version == 0 {
		return saved(c, w.path(d.ID), "Chưa có gì thay đổi so với bản đang đăng.")
	}
	if err := w.take(c.Request().Context(), &d, model.ActionPublish); err != nil {
		return w.unsaved(c, d, err)
	}
	return saved(c, w.path(d.ID), w.published(d))
}

func (w workDesk[T]) published(d dossier[T]) string {
	if l := w.facts(d.Record).Lifecycle; l.PublishAt.After(w.Store.Now()) {
		return "Đã hẹn đăng lúc " + model.DateTime(l.PublishAt) + "."
	}
	return "Đã đăng. Bạn đọc thấy " + w.noun + " này ngay bây giờ."
}

// asked reads what a button without a text sends, and the record that it is about.
func (w workDesk[T]) asked(c web.Ctx, action model.Action) (*web.Form, dossier[T], error) {
	form, err := web.ParseForm(c)
	if err != nil {
		return nil, dossier[T]{}, err
	}
	d, err := w.open(c)
	if err == nil && !model.May(d.user, w.desk, action, d.object()) {
		err = web.ErrForbidden
	}
	return form, d, err
}

// moved is the handler of an action that needs no text but, for a return, a note.
func (w workDesk[T]) moved(action model.Action) web.Handler {
	return func(c web.Ctx) error {
		form, d, err := w.asked(c, action)
		if err != nil {
			return err
		}
		if !d.may(action) {
			return w.movedOn(c, d)
		}
		err = w.move(c.Request().Context(), d, form, action)
		switch {
		case errors.Is(err, model.ErrConflict):
			return w.movedOn(c, d)
		case d.Form.Refused(err):
			d.Form.Values.Set("note", form.Raw("note"))
			return w.show(c, refused, d)
		case err != nil:
			return err
		}
		return w.told(c, d, action)
	}
}

// move does the action to the record, or to the working copy of one that readers see. The form may say on which version it is based;
// without one it is done to what is there.
func (w workDesk[T]) move(ctx context.Context, d dossier[T], form *web.Form, action model.Action) error {
	by, note := d.user.Actor(), form.Raw("note")
	onCopy := action == model.ActionSend || action == model.ActionWithdraw || action == model.ActionReturn
	if d.Status == model.StatusPublished && onCopy {
		version := cmp.Or(int(form.ID(fieldVersion)), d.Copy.Version)
		return w.Store.MoveWorkingCopy(ctx, by, w.kind, d.ID, version, action, note)
	}
	_, err := w.Store.Move(ctx, by, w.kind, d.ID, d.Revision, action, note)
	return err
}

// told says what an action did, with a way back from an archive.
func (w workDesk[T]) told(c web.Ctx, d dossier[T], action model.Action) error {
	switch action {
	case model.ActionArchive:
		if err := web.FlashUndo(c, "Đã đưa “"+d.Title+"” vào Lưu trữ.", w.path(d.ID)+"/khoi-phuc"); err != nil {
			return err
		}
		return web.SeeOther(c, w.root)
	case model.ActionRestore:
		return saved(c, w.path(d.ID), "Đã khôi phục.")
	case model.ActionWithdraw:
		return saved(c, w.path(d.ID), "Đã rút lại. Bạn có thể sửa tiếp rồi gửi lại.")
	case model.ActionReturn:
		return w.left(c, d, w.root, "Đã trả lại “"+d.Title+"” cho người viết, kèm lý do.")
	}
	return saved(c, w.path(d.ID), "Xong.")
}

// left leads on from a record that is in other hands now: nobody should be told that the user still edits it.
func (w workDesk[T]) left(c web.Ctx, d dossier[T], address, message string) error {
	if err := w.Store.Leave(c.Request().Context(), w.kind, d.ID, d.user.ID); err != nil {
		return err
	}
	return saved(c, address, message)
}

// movedOn answers for a button pressed on a page that is no longer how things are.
func (w workDesk[T]) movedOn(c web.Ctx, d dossier[T]) error {
	if err := web.FlashWarning(c, "Chưa làm được: nội dung hoặc trạng thái vừa thay đổi ở nơi khác. Xin xem lại rồi bấm lần nữa."); err != nil {
		return err
	}
	return web.SeeOther(c, w.path(d.ID))
}
