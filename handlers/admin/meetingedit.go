package admin

import (
	"context"
	"errors"
	"strings"

	"congso/handlers/web"
	"congso/store"
	"congso/store/model"
	"congso/views/adminpage"
)

// showMeeting answers with the editor of a meeting, or with the meeting alone to whoever may not edit it now.
func (a *Admin) showMeeting(c web.Ctx, status int, d dossier[model.Meeting]) error {
	w := a.meetings()
	work, err := w.frame(c, d)
	if err != nil {
		return err
	}
	data := adminpage.MeetingEditData{Work: work, Form: d.Form}
	if work.May[model.ActionEdit] {
		if err := a.helpMeeting(c, d, &data); err != nil {
			return err
		}
	}
	p, err := a.page(c, d.Title, web.Link{Name: w.name, Href: w.root})
	if err != nil {
		return err
	}
	p.Wide, p.Sheets = true, []string{"editor.css", "meetings.css"}
	if work.May[model.ActionEdit] {
		p.Scripts = []string{"rows.js"}
	}
	return web.Render(c, status, adminpage.MeetingEdit(p, data))
}

// helpMeeting gathers what helps to fill the form in.
func (a *Admin) helpMeeting(c web.Ctx, d dossier[model.Meeting], data *adminpage.MeetingEditData) error {
	ctx := c.Request().Context()
	start, err := readMoment(d.Form, "start", d.Record.Start)
	if err != nil { // what is typed there is no time: the form says so elsewhere
		start = d.Record.Start
	}
	people, err := a.attendance(ctx, start)
	if err != nil {
		return err
	}
	data.Lists.People = people.options()
	if data.Lists.Kinds, err = a.meetingKinds(c); err != nil {
		return err
	}
	if data.Lists.Units, err = a.unitOptions(ctx, d.Record.Tasks); err != nil {
		return err
	}
	if data.News, err = a.newsOptions(ctx, d.Form.ID("news")); err != nil {
		return err
	}
	sections, err := a.ownSections(ctx, d.user)
	for _, s := range sections {
		data.Sections = append(data.Sections, adminpage.Option{Value: idText(s.ID), Label: s.Name})
	}
	return err
}

// unitOptions are the units that stand today and those of the tasks, by slug.
func (a *Admin) unitOptions(ctx context.Context, tasks []model.Task) ([]adminpage.Option, error) {
	directory, err := a.Store.Directory(ctx, model.Viewer{Internal: true, Staff: true})
	if err != nil {
		return nil, err
	}
	var options []adminpage.Option
	there := map[string]bool{"": true}
	for _, u := range directory.Units {
		there[u.Slug] = true
		options = append(options, adminpage.Option{Value: u.Slug, Label: u.Name})
	}
	for _, t := range tasks {
		if !there[t.UnitSlug] {
			there[t.UnitSlug] = true
			options = append(options, adminpage.Option{Value: t.UnitSlug, Label: t.UnitName + " (không còn)"})
		}
	}
	return options, nil
}

// newsOptions are the latest news, which one of them may report the meeting, and the one that is chosen.
func (a *Admin) newsOptions(ctx context.Context, chosen int64) ([]adminpage.Option, error) {
	rows, _, err := a.Store.Desk(ctx, model.KindNews, store.DeskFilter{}, 1, deskPage)
	if err != nil {
		return nil, err
	}
	options, there := []adminpage.Option{{Value: "", Label: "Chưa có"}}, chosen == 0
	for _, r := range rows {
		there = there || r.ID == chosen
		options = append(options, adminpage.Option{Value: idText(r.ID), Label: shorten(r.Title)})
	}
	if there {
		return options, nil
	}
	n, err := a.Store.NewsForDesk(ctx, chosen)
	if errors.Is(err, model.ErrNotFound) {
		return options, nil
	}
	return append(options, adminpage.Option{Value: idText(chosen), Label: shorten(n.Title)}), err
}

// meetingPreview is the public page of the meeting as its editor has it.
func (a *Admin) meetingPreview(c web.Ctx) error {
	d, err := a.meetings().open(c)
	if err != nil {
		return err
	}
	m, err := a.asTyped(c.Request().Context(), d)
	if err != nil {
		return err
	}
	rendered, err := a.Render.Render(m.Summary)
	if err != nil {
		return err
	}
	m.HTML = rendered.HTML
	return a.PreviewMeeting(c, m)
}

// asTyped is the meeting that the form says, as far as it can be read.
func (a *Admin) asTyped(ctx context.Context, d dossier[model.Meeting]) (model.Meeting, error) {
	m, faults := d.Record, &web.Form{}
	if err := a.readMeeting(ctx, &m, d.Form); err != nil && !faults.Refused(err) {
		return m, err
	}
	if err := m.Validate(); err != nil && !faults.Refused(err) {
		return m, err
	}
	if m.PublishAt.IsZero() {
		m.PublishAt = a.Store.Now()
	}
	for i := range m.Tasks {
		if model.CheckProof(m.Tasks[i].Proof) != nil { // what is typed there is shown as a link
			m.Tasks[i].Proof = ""
		}
	}
	m.Photos = withFiles(m.Photos, func(p model.Photo) model.Media { return p.Media })
	m.Attachments = withFiles(m.Attachments, func(at model.Attachment) model.Media { return at.Media })
	return m, a.nameUnits(ctx, m.Tasks)
}

// withFiles are the rows whose file is there.
func withFiles[T any](rows []T, file func(T) model.Media) []T {
	var kept []T
	for _, row := range rows {
		if file(row).ID != 0 {
			kept = append(kept, row)
		}
	}
	return kept
}

// nameUnits gives the tasks the names of the units whose slugs they have.
func (a *Admin) nameUnits(ctx context.Context, tasks []model.Task) error {
	for i, t := range tasks {
		if t.UnitSlug == "" {
			continue
		}
		view, err := a.Store.UnitBySlug(ctx, model.Viewer{Internal: true, Staff: true}, t.UnitSlug)
		if moved := (model.Moved{}); err != nil && !errors.Is(err, model.ErrNotFound) && !errors.As(err, &moved) {
			return err
		}
		tasks[i].UnitName = view.Unit.Name
	}
	return nil
}

// meetingSides are the form's texts for comparing.
func (a *Admin) meetingSides(ctx context.Context, form *web.Form) ([]adminpage.Side, error) {
	news := ""
	if id := form.ID("news"); id != 0 {
		n, err := a.Store.NewsForDesk(ctx, id)
		if err != nil && !errors.Is(err, model.ErrNotFound) {
			return nil, err
		}
		news = n.Title
	}
	sides := []adminpage.Side{
		{Name: "Tên", Text: form.Text("title")}, {Name: "Loại", Text: form.Text("kind")},
		{Name: "Thời gian", Text: strings.TrimSpace(form.Text("start") + "\n" + form.Text("end"))}, {Name: "Địa điểm", Text: form.Text("place")},
		{Name: "Tóm tắt", Text: form.Lines("summary")},
	}
	for _, kind := range adminpage.RowKinds() {
		sides = append(sides, adminpage.Side{Name: kind.Title, Text: rowLines(form, kind)})
	}
	return append(sides, adminpage.Side{Name: "Tin đưa về cuộc họp", Text: news},
		adminpage.Side{Name: "Ai xem được", Text: form.Text("visibility")},
		adminpage.Side{Name: "Thời điểm đăng, hết hạn", Text: strings.TrimSpace(form.Text("publish_at") + "\n" + form.Text("expire_at"))},
		adminpage.Side{Name: "Đường dẫn", Text: form.Text("slug")}), nil
}

// rowLines is a line for each row of the kind.
func rowLines(form *web.Form, kind adminpage.RowKind) string {
	var lines []string
	for _, row := range rowsOf(form, kind.Name) {
		var cells []string
		for _, c := range kind.Cells {
			if text := cellText(row, c); text != "" {
				cells = append(cells, text)
			}
		}
		lines = append(lines, strings.Join(cells, " · "))
	}
	return strings.Join(lines, "\n")
}

// cellText is what a person would say stands in the cell.
func cellText(row formRow, c adminpage.RowCell) string {
	text := row.text(c.Name)
	switch {
	case text == "" || c.Type == "hidden":
		return ""
	case c.Type == "check":
		return c.Label
	case c.Name == "role":
		for _, o := range adminpage.RoleOptions() {
			if o.Value == text {
				return o.Label
			}
		}
	}
	return text
}
