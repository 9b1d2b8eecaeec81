package admin

import (
	"context"
	"net/http"
	"net/url"
	"strconv"

	"congso/content"
	"congso/handlers/web"
	"congso/store"
	"congso/store/model"
	"congso/views/adminpage"
)

const meetingsPath = "/admin/hoi-nghi"

// meetings is the desk of meetings.
func (a *Admin) meetings() workDesk[model.Meeting] {
	return workDesk[model.Meeting]{
		Admin: a, kind: model.KindMeeting, desk: model.DeskMeetings, root: meetingsPath, name: "Hội nghị", noun: "biên bản",
		load: a.Store.MeetingForDesk, facts: meetingFacts, form: meetingForm, media: meetingMedia, read: a.readMeeting,
		valid: (*model.Meeting).Validate, revision: a.Store.RevisionMeeting, put: a.Store.PutMeetingFrom, show: a.showMeeting,
		check: a.checkMeeting, sides: a.meetingSides, create: a.createMeeting,
	}
}

func meetingFacts(m model.Meeting) facts {
	return facts{ID: m.ID, Title: m.Title, Slug: m.Slug, Lifecycle: m.Lifecycle}
}

// meetingList lists the meetings of the desk.
func (a *Admin) meetingList(c web.Ctx) error {
	ctx := c.Request().Context()
	d := adminpage.MeetingListData{Query: meetingQuery(c)}
	number := web.PageNumber(c, "trang")
	filter := meetingFilter(d.Query, web.User(c).ID)
	var err error
	if d.Rows, d.Total, err = a.Store.Desk(ctx, model.KindMeeting, filter, number, deskPage); err != nil {
		return err
	}
	last := web.LastPage(d.Total, deskPage)
	if number > last {
		return model.ErrNotFound
	}
	d.Pages.Current, d.Pages.Last = number, last
	d.Pages.Href = func(n int) string { return meetingPage(d.Query, n) }
	if d.Counts, err = a.Store.DeskCounts(ctx, model.KindMeeting, filter); err != nil {
		return err
	}
	if d.Kinds, d.Years, err = a.Store.MeetingsKept(ctx); err != nil {
		return err
	}
	if d.Editors, err = a.Store.EditorsNow(ctx, model.KindMeeting); err != nil {
		return err
	}
	p, err := a.page(c, "Hội nghị")
	if err != nil {
		return err
	}
	p.Sheets = []string{"editor.css", "meetings.css"}
	return web.Render(c, http.StatusOK, adminpage.MeetingDesk(p, d))
}

func meetingQuery(c web.Ctx) adminpage.MeetingQuery {
	year, err := strconv.Atoi(c.QueryParam("nam"))
	if err != nil || year < 0 {
		year = 0
	}
	return adminpage.MeetingQuery{
		Text: web.Query(c, "q", 200), Status: adminpage.ParseTab(c.QueryParam("tt")), Kind: web.Query(c, "loai", 60), Year: year,
		Mine: c.QueryParam("cua-toi") != "",
	}
}

func meetingFilter(q adminpage.MeetingQuery, user int64) store.DeskFilter {
	f := store.DeskFilter{Text: q.Text, Held: q.Kind, Year: q.Year}
	if q.Status == adminpage.TabCopies {
		f.HasCopy = true
	} else {
		f.Status = model.Status(q.Status)
	}
	if q.Mine {
		f.Owner = user
	}
	return f
}

// meetingPage is the address of page n of the same list.
func meetingPage(q adminpage.MeetingQuery, n int) string {
	v := q.Values()
	if n > 1 {
		v.Set("trang", strconv.Itoa(n))
	}
	return address(meetingsPath, v)
}

// checkMeeting looks at the meeting as readers would get it. The rows of a finding are those that the form shows with something in them.
func (a *Admin) checkMeeting(ctx context.Context, m model.Meeting) ([]adminpage.Finding, error) {
	if m.PublishAt.IsZero() {
		m.PublishAt = a.Store.Now()
	}
	know, err := a.known(ctx)
	if err != nil {
		return nil, err
	}
	found, err := content.CheckMeeting(m, know)
	shown := shownFindings(found)
	for i, f := range shown {
		if adminpage.IsRowKind(f.Field) && f.Line > 0 {
			shown[i].Field, shown[i].Line = adminpage.RowMark(f.Field, f.Line), 0
		}
	}
	return shown, err
}

// createMeeting makes a draft with a title, of a meeting that begins now: the editor asks for the rest.
func (a *Admin) createMeeting(ctx context.Context, by model.User, title string, _ int64) (int64, error) {
	m := model.Meeting{Title: title, Kind: "hội nghị", Start: a.Store.Now()}
	err := a.putDraft(ctx, by, &m)
	return m.ID, err
}

func (a *Admin) putDraft(ctx context.Context, by model.User, m *model.Meeting) error {
	m.Status, m.Visibility = model.StatusDraft, model.Public
	return a.Store.PutMeeting(ctx, by.Actor(), m)
}

// meetingNew asks for what a record cannot be without.
func (a *Admin) meetingNew(c web.Ctx) error {
	return a.showMeetingNew(c, http.StatusOK, web.NewForm("kind", "hội nghị"))
}

func (a *Admin) showMeetingNew(c web.Ctx, status int, form *web.Form) error {
	p, err := a.page(c, "Thêm biên bản cuộc họp", web.Link{Name: "Hội nghị", Href: meetingsPath})
	if err != nil {
		return err
	}
	kinds, err := a.meetingKinds(c)
	if err != nil {
		return err
	}
	return web.Render(c, status, adminpage.MeetingNew(p, form, kinds))
}

func (a *Admin) meetingKinds(c web.Ctx) ([]adminpage.Option, error) {
	kinds, _, err := a.Store.MeetingsKept(c.Request().Context())
	options := make([]adminpage.Option, len(kinds))
	for i, kind := range kinds {
		options[i].Value = kind
	}
	return options, err
}

// meetingCreate makes the draft, so that every later keystroke has a home.
func (a *Admin) meetingCreate(c web.Ctx) error {
	form, err := web.ParseForm(c)
	if err != nil {
		return err
	}
	m := model.Meeting{Title: form.Text("title"), Kind: form.Text("kind")}
	m.Start, err = readMoment(form, "start", m.Start)
	if err == nil {
		err = a.putDraft(c.Request().Context(), web.User(c), &m)
	}
	if form.Refused(err) {
		return a.showMeetingNew(c, refused, form)
	}
	if err != nil {
		return err
	}
	path := meetingsPath + "/" + strconv.FormatInt(m.ID, 10)
	if form.Raw("_tiep") == "doc" {
		path += "/doc"
	}
	return web.SeeOther(c, path)
}

// meetingRows does what a row's button says, with all else that was typed kept, and leads back to the row.
func (a *Admin) meetingRows(c web.Ctx, d dossier[model.Meeting]) error {
	w := a.meetings()
	anchor := changeRows(d.Form, d.Form.Raw(fieldRow))
	if err := w.keepAgain(c.Request().Context(), &d); err != nil {
		return w.unsaved(c, d, err)
	}
	return web.SeeOther(c, (&url.URL{Path: w.path(d.ID), Fragment: anchor}).String())
}

// keepAgain keeps a form that was changed here, after what a person had typed was kept.
func (w workDesk[T]) keepAgain(ctx context.Context, d *dossier[T]) error {
	d.Form.Values.Set(fieldVersion, itoa(d.Copy.Version))
	d.Form.Values.Set(fieldBase, itoa(d.base()))
	return w.keep(ctx, d)
}
