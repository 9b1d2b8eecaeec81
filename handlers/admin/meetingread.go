package admin

import (
	"context"
	"errors"
	"slices"
	"strings"
	"time"

	"congso/handlers/web"
	"congso/store/model"
)

// meetingReader puts a form into a meeting and gathers what cannot be read, by field.
type meetingReader struct {
	*Admin
	form   *web.Form
	m      *model.Meeting
	faults *web.Form // its errors only
}

// readMeeting puts the form into m: the texts and rows as typed, people and files looked up. The error is model.Invalid for what cannot
// be read; m then holds all the rest. The rules of the record itself are model.Meeting.Validate's.
func (a *Admin) readMeeting(ctx context.Context, m *model.Meeting, form *web.Form) error {
	r := meetingReader{Admin: a, form: form, m: m, faults: &web.Form{}}
	m.Slug = meetingSlug(*m, form)
	m.Title, m.Kind, m.Place, m.Summary = form.Text("title"), form.Text("kind"), form.Text("place"), form.Lines("summary")
	m.NewsID = form.ID("news")
	m.Visibility = model.Visibility(form.Text("visibility"))
	for field, t := range map[string]*time.Time{"start": &m.Start, "end": &m.End, "publish_at": &m.PublishAt, "expire_at": &m.ExpireAt} {
		read, err := readMoment(form, field, *t)
		if *t = read; err != nil && !r.faults.Refused(err) {
			return err
		}
	}
	if err := r.participants(ctx); err != nil {
		return err
	}
	r.figures()
	r.conclusions()
	r.tasks()
	r.agreements()
	if err := r.files(ctx); err != nil {
		return err
	}
	if !r.faults.OK() {
		return r.faults.Errors
	}
	return nil
}

func (r meetingReader) participants(ctx context.Context) error {
	people, err := r.attendance(ctx, r.m.Start)
	if err != nil {
		return err
	}
	r.m.Participants = nil
	for _, row := range rowsOf(r.form, "participants") {
		p := people.participant(row)
		if p.Name == "" {
			r.faults.Fail(row.name("name"), "Người dự họp chưa có tên.")
		}
		r.m.Participants = append(r.m.Participants, p)
	}
	return nil
}

func (r meetingReader) figures() {
	r.m.Figures = nil
	for _, row := range rowsOf(r.form, "figures") {
		value, err := model.ParseDecimal(row.text("value"))
		if err != nil {
			r.faults.Fail(row.name("value"), err.Error())
		}
		if row.text("label") == "" {
			r.faults.Fail(row.name("label"), "Số liệu chưa có tên.")
		}
		r.m.Figures = append(r.m.Figures, model.Figure{Label: row.text("label"), Value: value, Unit: row.text("unit")})
	}
}

func (r meetingReader) conclusions() {
	r.m.Conclusions = nil
	for _, row := range rowsOf(r.form, "conclusions") {
		r.m.Conclusions = append(r.m.Conclusions, row.text("text"))
	}
}

func (r meetingReader) tasks() {
	r.m.Tasks = nil
	for _, row := range rowsOf(r.form, "tasks") {
		due, err := model.ParseDay(row.text("due"))
		if err != nil {
			r.faults.Fail(row.name("due"), err.Error())
		}
		t := model.Task{Text: row.text("text"), UnitSlug: row.text("unit"), Due: due, Done: row.text("done") != "", Proof: r.ownAddress(row.text("proof"))}
		if t.Text == "" {
			r.faults.Fail(row.name("text"), "Nhiệm vụ còn trống.")
		}
		if invalid := (model.Invalid{}); t.Proof != "" && errors.As(model.CheckProof(t.Proof), &invalid) {
			r.faults.Fail(row.name("proof"), invalid["proof"])
		}
		r.m.Tasks = append(r.m.Tasks, t)
	}
}

func (r meetingReader) agreements() {
	r.m.Agreements = nil
	for _, row := range rowsOf(r.form, "agreements") {
		a := model.Agreement{Title: row.text("title")}
		for _, line := range strings.Split(row.lines("parties"), "\n") {
			if party := model.Clean(line); party != "" {
				a.Parties = append(a.Parties, party)
			}
		}
		if a.Title == "" {
			r.faults.Fail(row.name("title"), "Văn bản ký kết chưa có tên.")
		}
		if len(a.Parties) == 0 {
			r.faults.Fail(row.name("parties"), "Chưa ghi các bên ký kết.")
		}
		r.m.Agreements = append(r.m.Agreements, a)
	}
}

// files looks photos and attachments up, so that the preview has what the page will have.
func (r meetingReader) files(ctx context.Context) error {
	r.m.Photos, r.m.Attachments = nil, nil
	for _, row := range rowsOf(r.form, "photos") {
		media, err := r.file(ctx, row, model.Media.IsPicture, "Không có ảnh này trong thư viện tệp.")
		if err != nil {
			return err
		}
		photo := model.Photo{Media: media, Alt: row.text("alt"), Caption: row.text("caption")}
		if photo.Alt == "" && media.ID != 0 {
			r.faults.Fail(row.name("alt"), "Ảnh chưa có lời mô tả cho người không nhìn thấy.")
		}
		r.m.Photos = append(r.m.Photos, photo)
	}
	for _, row := range rowsOf(r.form, "attachments") {
		media, err := r.file(ctx, row, func(model.Media) bool { return true }, "Không có tệp này trong thư viện tệp.")
		if err != nil {
			return err
		}
		if row.text("title") == "" {
			r.faults.Fail(row.name("title"), "Tệp đính kèm chưa có tên.")
		}
		r.m.Attachments = append(r.m.Attachments, model.Attachment{Media: media, Title: row.text("title")})
	}
	return nil
}

// file is the file that the row names, the zero Media with a fault for one that cannot be had.
func (r meetingReader) file(ctx context.Context, row formRow, fits func(model.Media) bool, missing string) (model.Media, error) {
	id := r.form.ID(row.name("media"))
	var media model.Media
	err := model.ErrNotFound
	if id != 0 {
		media, err = r.Store.MediaByID(ctx, id)
	}
	if errors.Is(err, model.ErrNotFound) || err == nil && !fits(media) {
		r.faults.Fail(row.name("media"), missing)
		return model.Media{}, nil
	}
	return media, err
}

// meetingMedia are the ids of the files that the form names.
func meetingMedia(f *web.Form) []int64 {
	var ids []int64
	for _, kind := range []string{"photos", "attachments"} {
		for _, row := range rowsOf(f, kind) {
			if id := f.ID(row.name("media")); id != 0 && !slices.Contains(ids, id) {
				ids = append(ids, id)
			}
		}
	}
	return ids
}

// meetingSlug is newSlug for a meeting.
func meetingSlug(m model.Meeting, form *web.Form) string {
	return newSlug(model.News{Title: m.Title, Slug: m.Slug, Lifecycle: m.Lifecycle}, form)
}
