package adminpage

import (
	"path"
	"slices"
	"strconv"
	"strings"
	"time"

	"congso/store/model"
	"congso/views/layout"
)

// Work is what the pages of a news item or meeting at its desk show besides the record's own fields.
type Work struct {
	Desk     string // address of the desk
	Path     string // address of the record at its desk
	Noun     string // what people call the record: "tin"
	Title    string
	Slug     string
	Row      model.Lifecycle
	Copy     model.WorkingCopy // Version 0 when there is none
	Version  int               // of the copy that the form was filled from
	Base     int               // revision that it was filled from
	Stage    model.Status      // of what the form shows
	Editors  []model.Editor    // who else has it open
	May      map[model.Action]bool
	Findings []Finding
	Confirm  string // the value that says yes to all findings, "" when there is nothing to say yes to
	Pressed  string // the last part of the address that a form was sent to
}

// Finding is something that should be looked at before publishing.
type Finding struct {
	Blocks  bool
	Message string
	Field   string
	Line    int // from 1, 0 for none
	Excerpt string
}

// Href leads to the field that the finding is about.
func (f Finding) Href() string { return "#f_" + f.Field }

// Where says in words where the finding is.
func (f Finding) Where() string {
	if f.Line > 0 {
		return "dòng " + strconv.Itoa(f.Line)
	}
	return ""
}

// pictured reports whether the finding is about a picture of the library, which says more than its address.
func (f Finding) pictured() bool {
	return strings.HasPrefix(f.Excerpt, "/media/") && slices.Contains([]string{".jpg", ".png", ".webp", ".gif"}, path.Ext(f.Excerpt))
}

// Side is one field of a text that is compared with another.
type Side struct{ Name, Text string }

// Diff is one field of two texts side by side.
type Diff struct {
	Name string
	Same bool
	Rows []DiffRow
}

// DiffRow is a line of both texts; a side without spans has no such line.
type DiffRow struct {
	Before, After         []model.Span
	BeforeLine, AfterLine int // from 1, 0 for none
	Changed               bool
}

// Blocked reports whether a finding keeps the text from being published.
func (w Work) Blocked() bool {
	for _, f := range w.Findings {
		if f.Blocks {
			return true
		}
	}
	return false
}

// Published reports whether the record is before readers, so that the form edits a copy.
func (w Work) Published() bool { return w.Row.Status == model.StatusPublished }

// HasCopy reports whether something was typed that the record does not say yet.
func (w Work) HasCopy() bool { return w.Copy.Version > 0 }

// Note is why the text was returned.
func (w Work) Note() string {
	if w.Stage != model.StatusReturned {
		return ""
	}
	if w.Published() {
		return w.Copy.Note
	}
	return w.Row.Note
}

// Public is the address of the record for readers, "" while they cannot see it.
func (w Work) Public(now time.Time) string {
	if !w.Published() || w.Row.PublishAt.After(now) {
		return ""
	}
	return strings.TrimPrefix(w.Desk, "/admin") + "/" + w.Slug
}

// Preview is the address of the preview.
func (w Work) Preview() string { return "/admin/preview" + strings.TrimPrefix(w.Path, "/admin") }

// Framed is the address of the preview beside the form, or, for whoever may only read, of the text alone.
func (w Work) Framed() string {
	if w.May[model.ActionEdit] {
		return w.Preview()
	}
	return w.Preview() + "?gon=1"
}

// StatusName is what people call a status.
func StatusName(s model.Status) string {
	return map[model.Status]string{
		model.StatusDraft: "Bản nháp", model.StatusReview: "Chờ duyệt", model.StatusReturned: "Bị trả lại",
		model.StatusPublished: "Đã đăng", model.StatusArchived: "Lưu trữ",
	}[s]
}

// statusBadge is the kind and the words of the badge for a record.
func statusBadge(l model.Lifecycle, now time.Time) (kind, text string) {
	switch {
	case l.Status == model.StatusPublished && l.PublishAt.After(now):
		return "busy", "Hẹn đăng " + model.DateTime(l.PublishAt)
	case l.Status == model.StatusPublished && !l.ExpireAt.IsZero() && !l.ExpireAt.After(now):
		return "late", "Hết hạn " + model.ShortDate(l.ExpireAt)
	}
	return stageKind(l.Status), StatusName(l.Status)
}

func stageKind(s model.Status) string {
	return map[model.Status]string{
		model.StatusReview: "busy", model.StatusReturned: "late", model.StatusPublished: "good", model.StatusArchived: "calm",
	}[s]
}

// copyBadge is what a list says of the working copy of a record; "" for nothing worth saying.
func copyBadge(r model.DeskRow) (kind, text string) {
	if r.Copy.Version == 0 {
		return "", ""
	}
	if r.Status != model.StatusPublished {
		return "calm", "Có chữ chưa lưu"
	}
	return revisionBadge(r.Copy.Status)
}

// revisionBadge is the badge for the working copy, at that stage, of what is published.
func revisionBadge(s model.Status) (kind, text string) {
	switch s {
	case model.StatusReview:
		return "busy", "Bản sửa chờ duyệt"
	case model.StatusReturned:
		return "late", "Bản sửa bị trả lại"
	}
	return "calm", "Đang sửa lại (chưa gửi)"
}

// actionName is what people call what made a version.
func actionName(action string) string {
	if name, ok := map[string]string{
		"create": "Tạo", "update": "Lưu", "edit": "Lưu", "send": "Gửi duyệt", "withdraw": "Rút lại", "return": "Trả lại", "publish": "Đăng",
		"archive": "Lưu trữ", "restore": "Khôi phục", "expire": "Hết hạn", "release": "Đến giờ đăng",
	}[action]; ok {
		return name
	}
	return "Lưu"
}

func clockTime(t time.Time) string { return t.In(model.Zone()).Format("15:04") }

// sameNames names the fields in which two texts agree.
func sameNames(list []Diff) string {
	var names []string
	for _, d := range list {
		if d.Same {
			names = append(names, strings.ToLower(d.Name))
		}
	}
	return strings.Join(names, ", ")
}

func versionLabel(number int) string {
	if number == 0 {
		return "Bản đang soạn"
	}
	return "Phiên bản " + strconv.Itoa(number)
}

// versionName is the name of a version, or what was typed for it and refused.
func versionName(f *layout.Form, r model.Revision) string {
	if f.Raw("of") == strconv.Itoa(r.Number) {
		return f.Raw("name")
	}
	return r.Name
}
