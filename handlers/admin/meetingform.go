package admin

import (
	"strconv"
	"strings"

	"congso/handlers/web"
	"congso/store/model"
	"congso/views/adminpage"
)

// meetingForm is the meeting as its form shows it; readMeeting reads it back.
func meetingForm(m model.Meeting) *web.Form {
	f := web.NewForm("title", m.Title, "slug", m.Slug, "kind", m.Kind, "start", showMoment(m.Start), "end", showMoment(m.End), "place", m.Place,
		"summary", m.Summary, "visibility", string(m.Visibility), "publish_at", showMoment(m.PublishAt), "expire_at", showMoment(m.ExpireAt))
	if m.NewsID != 0 {
		f.Values.Set("news", idText(m.NewsID))
	}
	for _, p := range m.Participants {
		row := newRow(f, "participants", "name", p.Name, "position", p.Position, "role", string(p.Role))
		if p.PersonSlug != "" {
			row.set(adminpage.CellPerson, p.PersonSlug, adminpage.CellLinked, p.Name)
		}
	}
	for _, n := range m.Figures {
		newRow(f, "figures", "label", n.Label, "value", n.Value.Show(), "unit", n.Unit)
	}
	for _, text := range m.Conclusions {
		newRow(f, "conclusions", "text", text)
	}
	for _, t := range m.Tasks {
		newRow(f, "tasks", "text", t.Text, "unit", t.UnitSlug, "due", string(t.Due), "done", box(t.Done), "proof", t.Proof)
	}
	for _, a := range m.Agreements {
		newRow(f, "agreements", "title", a.Title, "parties", strings.Join(a.Parties, "\n"))
	}
	for _, p := range m.Photos {
		newRow(f, "photos", "media", idText(p.Media.ID), "alt", p.Alt, "caption", p.Caption)
	}
	for _, a := range m.Attachments {
		newRow(f, "attachments", "media", idText(a.Media.ID), "title", a.Title)
	}
	return f
}

func box(checked bool) string {
	if checked {
		return "1"
	}
	return ""
}

// formRow is a row of a form; see adminpage.RowKind.
type formRow struct {
	form      *web.Form
	kind, key string
}

// newRow adds a row at the end, with these cells: name, value, name, value, …
func newRow(f *web.Form, kind string, cells ...string) formRow {
	next := 0
	for _, key := range adminpage.RowKeys(f, kind) {
		if n, err := strconv.Atoi(key); err == nil {
			next = max(next, n+1)
		}
	}
	r := formRow{f, kind, strconv.Itoa(next)}
	f.Values.Add(kind, r.key)
	r.set(cells...)
	return r
}

func (r formRow) set(cells ...string) {
	for i := 0; i < len(cells); i += 2 {
		if cells[i+1] != "" {
			r.form.Values.Set(r.name(cells[i]), cells[i+1])
		}
	}
}

func (r formRow) name(cell string) string  { return adminpage.CellName(r.kind, r.key, cell) }
func (r formRow) text(cell string) string  { return r.form.Text(r.name(cell)) }
func (r formRow) lines(cell string) string { return r.form.Lines(r.name(cell)) }

// rowsOf are the rows of a kind in which somebody has typed something.
func rowsOf(f *web.Form, kind string) []formRow {
	var rows []formRow
	for _, key := range adminpage.RowKeys(f, kind) {
		if adminpage.RowFilled(f, kind, key) {
			rows = append(rows, formRow{f, kind, key})
		}
	}
	return rows
}
