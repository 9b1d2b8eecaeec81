package admin

import (
	"cmp"
	"net/http"
	"regexp"
	"strconv"
	"strings"
	"unicode/utf8"

	"congso/content"
	"congso/handlers/web"
	"congso/store/model"
	"congso/views/adminpage"
)

// fieldTaken names the proposals that a person has ticked.
const fieldTaken = "lay"

// offer is one thing that a report says, and how it comes into the form.
type offer struct {
	adminpage.Offer
	take func(f *web.Form)
}

// meetingDoc asks for a report.
func (a *Admin) meetingDoc(c web.Ctx) error {
	d, err := a.meetings().open(c)
	if err != nil {
		return err
	}
	return a.showDoc(c, http.StatusOK, d, web.NewForm(), nil, false)
}

func (a *Admin) showDoc(c web.Ctx, status int, d dossier[model.Meeting], form *web.Form, offers []offer, cut bool) error {
	w := a.meetings()
	if !d.may(model.ActionEdit) {
		return w.movedOn(c, d)
	}
	p, err := w.titled(c, d, "Đọc từ văn bản")
	if err != nil {
		return err
	}
	p.Sheets = []string{"meetings.css"}
	data := adminpage.MeetingDocData{Path: w.path(d.ID), Title: d.Title, Form: form, Cut: cut}
	for _, o := range offers {
		data.Offers = append(data.Offers, o.Offer)
	}
	return web.Render(c, status, adminpage.MeetingDoc(p, data))
}

// readDoc shows what a report says, or takes what was ticked of it into the form. Nothing is taken by itself.
func (a *Admin) readDoc(c web.Ctx) error {
	w := a.meetings()
	form, d, err := w.asked(c, model.ActionEdit)
	if err != nil {
		return err
	}
	if form.Lines("text") == "" {
		form.Fail("text", "Hãy dán nội dung báo cáo hoặc biên bản vào đây.")
		return a.showDoc(c, refused, d, form, nil, false)
	}
	directory, err := a.Store.Directory(c.Request().Context(), web.Viewer(c))
	if err != nil {
		return err
	}
	proposal := content.ReadReport(form.Raw("text"), directory.Units)
	offers := offersOf(proposal, d.Form)
	if form.Raw("_viec") != "nhan" {
		return a.showDoc(c, http.StatusOK, d, form, offers, proposal.Cut)
	}
	if !d.may(model.ActionEdit) {
		return w.movedOn(c, d)
	}
	taken := 0
	for _, o := range offers {
		if form.Has(fieldTaken, o.Key) {
			o.take(d.Form)
			taken++
		}
	}
	if taken == 0 {
		form.Fail("", "Chưa đánh dấu mục nào để lấy.")
		return a.showDoc(c, refused, d, form, offers, proposal.Cut)
	}
	if err := w.keepAgain(c.Request().Context(), &d); err != nil {
		return w.unsaved(c, d, err)
	}
	return saved(c, w.path(d.ID), "Đã đưa "+itoa(taken)+" mục vào ô soạn. Xin xem lại rồi lưu.")
}

// offersOf are the proposals in the order of the form, each with the words of the report around it. What the form says already is marked.
func offersOf(p content.Proposal, f *web.Form) []offer {
	b := offerBook{text: p.Text, form: f}
	b.field("title", "Tên cuộc họp", p.Title.Value, p.Title.Value, p.Title.Start, p.Title.End)
	b.field("kind", "Loại", p.Kind.Value, p.Kind.Value, p.Kind.Start, p.Kind.End)
	b.field("start", "Bắt đầu", model.DateTime(p.Start.Value), showMoment(p.Start.Value), p.Start.Start, p.Start.End)
	b.field("end", "Kết thúc", model.DateTime(p.End.Value), showMoment(p.End.Value), p.End.Start, p.End.End)
	b.field("place", "Địa điểm", p.Place.Value, p.Place.Value, p.Place.Start, p.Place.End)
	for _, one := range p.Participants {
		v := one.Value
		role := string(cmp.Or(v.Role, model.Attendee))
		b.row("participants", "name", roleName(role)+": "+strings.TrimSuffix(v.Name+", "+v.Position, ", "), one.Start, one.End,
			"name", v.Name, "position", v.Position, "role", role)
	}
	for _, one := range p.Figures {
		v := one.Value
		b.row("figures", "label", v.Label+": "+strings.TrimSpace(v.Value.Show()+" "+v.Unit), one.Start, one.End,
			"label", v.Label, "value", v.Value.Show(), "unit", v.Unit)
	}
	for _, one := range p.Conclusions {
		b.row("conclusions", "text", one.Value, one.Start, one.End, "text", one.Value)
	}
	for _, one := range p.Tasks {
		v := one.Value
		said := v.Text
		if v.UnitName != "" {
			said += " – " + v.UnitName
		}
		if v.Due != "" {
			said += " – hạn " + v.Due.Short()
		}
		b.row("tasks", "text", said, one.Start, one.End, "text", v.Text, "unit", v.UnitSlug, "due", string(v.Due))
	}
	for _, one := range p.Agreements {
		v := one.Value
		b.row("agreements", "title", strings.TrimPrefix(v.Title+": "+strings.Join(v.Parties, ", "), ": "), one.Start, one.End,
			"title", v.Title, "parties", strings.Join(v.Parties, "\n"))
	}
	return b.offers
}

func roleName(role string) string {
	for _, o := range adminpage.RoleOptions() {
		if o.Value == role {
			return o.Label
		}
	}
	return role
}

// offerBook gathers offers.
type offerBook struct {
	text   string
	form   *web.Form
	offers []offer
}

// field offers a value for one field, shown as said.
func (b *offerBook) field(name, what, said, value string, start, end int) {
	if end == 0 || value == "" {
		return
	}
	o := offer{Offer: b.excerpt(name, what, said, start, end), take: func(f *web.Form) { f.Values.Set(name, value) }}
	o.There = model.Fold(b.form.Text(name)) == model.Fold(model.Clean(value))
	b.offers = append(b.offers, o)
}

// row offers a new row; it is there already when a row has the same words in the leading cell.
func (b *offerBook) row(kind, leading, said string, start, end int, cells ...string) {
	o := offer{Offer: b.excerpt(kind+"."+strconv.Itoa(len(b.offers)), rowTitle(kind), said, start, end)}
	o.take = func(f *web.Form) { newRow(f, kind, cells...) }
	for i := 0; i < len(cells); i += 2 {
		for _, row := range rowsOf(b.form, kind) {
			o.There = o.There || cells[i] == leading && model.Fold(row.text(leading)) == model.Fold(model.Clean(cells[i+1]))
		}
	}
	b.offers = append(b.offers, o)
}

func rowTitle(kind string) string {
	for _, k := range adminpage.RowKinds() {
		if k.Name == kind {
			return k.Title
		}
	}
	return kind
}

// around is how many bytes of the report stand before and after what an offer is about.
const around = 90

var blanks = regexp.MustCompile(`\s+`)

func (b *offerBook) excerpt(key, what, said string, start, end int) adminpage.Offer {
	from, to := max(0, start-around), min(len(b.text), end+around)
	for from > 0 && !utf8.RuneStart(b.text[from]) {
		from--
	}
	for to < len(b.text) && !utf8.RuneStart(b.text[to]) {
		to++
	}
	line := func(text string) string { return blanks.ReplaceAllString(text, " ") }
	o := adminpage.Offer{Key: key, What: what, Said: said, Before: line(b.text[from:start]), Match: line(b.text[start:end]), After: line(b.text[end:to])}
	if from > 0 {
		o.Before = "…" + o.Before
	}
	if to < len(b.text) {
		o.After += "…"
	}
	return o
}
