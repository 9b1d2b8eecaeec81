package admin

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"congso/handlers/web"
	"congso/store/model"
	"congso/views/adminpage"
)

// moment is how forms write a time: what the input of that type sends.
const moment = "2006-01-02T15:04"

func showMoment(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.In(model.Zone()).Format(moment)
}

// readMoment reads a time of a form; before is what the field showed, whose seconds are kept.
func readMoment(form *web.Form, field string, before time.Time) (time.Time, error) {
	text := form.Text(field)
	if text == "" {
		return time.Time{}, nil
	}
	if text == showMoment(before) {
		return before, nil
	}
	for _, layout := range []string{moment, "2006-01-02T15:04:05", "02/01/2006 15:04", "15:04 02/01/2006", "02/01/2006"} {
		if t, err := time.ParseInLocation(layout, text, model.Zone()); err == nil && t.Year() > 1900 && t.Year() < 3000 {
			return t, nil
		}
	}
	return time.Time{}, model.Invalid{field: "Ngày giờ không đọc được. Hãy ghi như 05/12/2026 08:30."}
}

// newsForm is the item as its form shows it.
func newsForm(n model.News) *web.Form {
	f := web.NewForm(
		"title", n.Title, "summary", n.Summary, "body", n.Body, "section", idText(n.Section.ID), "byline", n.Byline, "source", n.Source,
		"cover", idText(n.Cover.Media.ID), "cover_alt", n.Cover.Alt, "cover_caption", n.Cover.Caption, "tags", tagLine(n.Tags),
		"visibility", string(n.Visibility), "publish_at", showMoment(n.PublishAt), "expire_at", showMoment(n.ExpireAt), "slug", n.Slug,
	)
	if n.Featured {
		f.Values.Set("featured", "1")
	}
	for _, at := range n.Attachments {
		f.Values.Add("attachment", idText(at.Media.ID))
		f.Values.Add("attachment_title", at.Title)
	}
	return f
}

func idText(id int64) string {
	if id == 0 {
		return ""
	}
	return strconv.FormatInt(id, 10)
}

func tagLine(tags []model.Tag) string {
	names := make([]string, len(tags))
	for i, t := range tags {
		names[i] = t.Name
	}
	return strings.Join(names, ", ")
}

// newsMedia are the files that the form names.
func newsMedia(form *web.Form) []int64 { return append(form.IDs("cover"), form.IDs("attachment")...) }

// readNews puts the form into the item, as typed.
func (a *Admin) readNews(ctx context.Context, n *model.News, form *web.Form) error {
	bad := &web.Form{}
	n.Slug = newSlug(*n, form)
	n.Title, n.Summary, n.Byline, n.Source = form.Raw("title"), form.Raw("summary"), form.Raw("byline"), form.Raw("source")
	n.Body = strings.ReplaceAll(form.Raw("body"), "\r\n", "\n")
	n.Section = model.Section{ID: form.ID("section")}
	n.Tags, n.Featured, n.Visibility = splitTags(form.Raw("tags")), form.Checked("featured"), model.Visibility(form.Raw("visibility"))
	var faults [4]error
	n.PublishAt, faults[0] = readMoment(form, "publish_at", n.PublishAt)
	n.ExpireAt, faults[1] = readMoment(form, "expire_at", n.ExpireAt)
	n.Cover, faults[2] = a.readCover(ctx, form)
	n.Attachments, faults[3] = a.readAttachments(ctx, form)
	for _, err := range faults {
		if err != nil && !bad.Refused(err) {
			return err
		}
	}
	if !bad.OK() {
		return bad.Errors
	}
	return nil
}

// newSlug is the slug that the form asks for. Until readers have seen an item its slug follows its title, unless somebody chose another.
func newSlug(n model.News, form *web.Form) string {
	slug := form.Text("slug")
	unseen := n.Status != model.StatusPublished && n.Status != model.StatusArchived
	if unseen && slug == n.Slug && strings.HasPrefix(slug, model.Slug(n.Title)) && model.Clean(form.Raw("title")) != n.Title {
		return ""
	}
	return slug
}

func (a *Admin) readCover(ctx context.Context, form *web.Form) (model.Photo, error) {
	p := model.Photo{Alt: form.Raw("cover_alt"), Caption: form.Raw("cover_caption")}
	id := form.ID("cover")
	if id == 0 {
		return p, nil
	}
	m, err := a.Store.MediaByID(ctx, id)
	if errors.Is(err, model.ErrNotFound) || err == nil && !m.IsPicture() {
		return p, model.Invalid{"cover": "Ảnh bìa không còn trong thư viện. Hãy chọn ảnh khác."}
	}
	p.Media = m
	return p, err
}

func (a *Admin) readAttachments(ctx context.Context, form *web.Form) (list []model.Attachment, err error) {
	titles := form.Values["attachment_title"]
	for i, text := range form.Values["attachment"] {
		id, err := strconv.ParseInt(text, 10, 64)
		if err != nil || id <= 0 {
			continue
		}
		m, err := a.Store.MediaByID(ctx, id)
		if errors.Is(err, model.ErrNotFound) {
			return list, model.Invalid{"attachments": "Có tệp đính kèm không còn trong thư viện."}
		}
		if err != nil {
			return list, err
		}
		at := model.Attachment{Media: m, Title: m.Name}
		if i < len(titles) && model.Clean(titles[i]) != "" {
			at.Title = titles[i]
		}
		list = append(list, at)
	}
	return list, nil
}

// newsSides are the form's texts for comparing.
func (a *Admin) newsSides(ctx context.Context, form *web.Form) ([]adminpage.Side, error) {
	sections, err := a.Store.Sections(ctx)
	if err != nil {
		return nil, err
	}
	section := ""
	for _, s := range sections {
		if s.ID == form.ID("section") {
			section = s.Name
		}
	}
	files := strings.Join(form.Values["attachment_title"], "\n")
	cover := ""
	if form.ID("cover") != 0 {
		cover = fmt.Sprintf("Ảnh số %s\n%s\n%s", form.Raw("cover"), form.Raw("cover_alt"), form.Raw("cover_caption"))
	}
	visible := map[string]string{string(model.Public): "Mọi người", string(model.Internal): "Nội bộ"}[form.Raw("visibility")]
	featured := map[bool]string{true: "Có", false: "Không"}[form.Checked("featured")]
	return []adminpage.Side{
		{Name: "Tiêu đề", Text: form.Text("title")}, {Name: "Tóm tắt", Text: form.Lines("summary")}, {Name: "Nội dung", Text: form.Lines("body")},
		{Name: "Chuyên mục", Text: section}, {Name: "Bút danh", Text: form.Text("byline")}, {Name: "Nguồn", Text: form.Text("source")},
		{Name: "Ảnh bìa", Text: cover}, {Name: "Thẻ", Text: form.Text("tags")}, {Name: "Tệp đính kèm", Text: files},
		{Name: "Ai xem được", Text: visible}, {Name: "Thời điểm đăng", Text: form.Text("publish_at")},
		{Name: "Hết hạn", Text: form.Text("expire_at")}, {Name: "Tin nổi bật", Text: featured}, {Name: "Đường dẫn", Text: form.Text("slug")},
	}, nil
}
