package adminpage

import (
	"net/url"
	"strconv"

	"congso/store/model"
	"congso/views/layout"
	"congso/views/ui"
)

// NewsQuery is what the list of the news desk was asked for.
type NewsQuery struct {
	Text     string
	Status   string // a model.Status, TabCopies, "" for all
	Section  int64  // 0 for all
	Mine     bool
	Featured bool
}

// TabCopies is the tab of what has a working copy.
const TabCopies = "copies"

// tab is one of the tabs above a desk's list.
type tab struct{ Status, Value, Name string }

func tabs() []tab {
	return []tab{
		{"", "", "Tất cả"}, {string(model.StatusReview), "cho-duyet", "Chờ duyệt"}, {string(model.StatusDraft), "nhap", "Bản nháp"},
		{string(model.StatusReturned), "tra-lai", "Bị trả lại"}, {string(model.StatusPublished), "dang", "Đã đăng"},
		{TabCopies, "sua", "Đang sửa dở"}, {string(model.StatusArchived), "luu-tru", "Lưu trữ"},
	}
}

// ParseTab is the status of the tab that an address names, "" for none of them.
func ParseTab(value string) string {
	for _, t := range tabs() {
		if t.Value == value {
			return t.Status
		}
	}
	return ""
}

// Values are the parameters that stand for q in an address.
func (q NewsQuery) Values() url.Values {
	v := url.Values{}
	set := func(name, value string) {
		if value != "" {
			v.Set(name, value)
		}
	}
	set("q", q.Text)
	for _, t := range tabs() {
		if t.Status == q.Status {
			set("tt", t.Value)
		}
	}
	if q.Section > 0 {
		set("muc", strconv.FormatInt(q.Section, 10))
	}
	if q.Mine {
		set("cua-toi", "1")
	}
	if q.Featured {
		set("noi-bat", "1")
	}
	return v
}

// at is the address of the list with another tab.
func (q NewsQuery) at(status string) string {
	q.Status = status
	if v := q.Values(); len(v) > 0 {
		return "/admin/tin-tuc?" + v.Encode()
	}
	return "/admin/tin-tuc"
}

// NewsListData is a page of the news desk's list.
type NewsListData struct {
	Query    NewsQuery
	Rows     []model.DeskRow
	Total    int
	Counts   model.DeskCounts
	Sections []model.Section
	Editors  map[int64][]model.Editor
	Pages    ui.Pages
}

// onTab is the figure on a tab of a desk's list.
func onTab(counts model.DeskCounts, status string) string {
	n := counts.Status[model.Status(status)]
	switch status {
	case "":
		n = counts.All
	case TabCopies:
		n = counts.Copies
	}
	return model.Group(int64(n))
}

// NewsEditData is the editor of a news item.
type NewsEditData struct {
	Work     Work
	Form     *layout.Form
	Section  model.Section   // as stored
	Sections []model.Section // that the user may choose
	Cover    model.Media     // ID 0 when the form names none that is there
	Files    []model.Media
}

// options are the sections to choose from: the user's, and the one that the item is in.
func (d NewsEditData) options() []Option {
	list := chooseSection(d.Sections)
	for _, o := range list {
		if o.Value == strconv.FormatInt(d.Section.ID, 10) {
			return list
		}
	}
	if d.Section.ID != 0 {
		list = append(list, Option{strconv.FormatInt(d.Section.ID, 10), d.Section.Name})
	}
	return list
}

func chooseSection(sections []model.Section) []Option {
	list := []Option{{"", "— Chọn chuyên mục —"}}
	for _, s := range sections {
		list = append(list, Option{strconv.FormatInt(s.ID, 10), s.Name})
	}
	return list
}

// file is the file of that number in the form, with ID 0 when it is gone.
func (d NewsEditData) file(id string) model.Media {
	for _, m := range d.Files {
		if strconv.FormatInt(m.ID, 10) == id {
			return m
		}
	}
	return model.Media{}
}

// attachment is a row of the form.
type attachment struct {
	ID    string
	Title string
	File  model.Media
}

func (d NewsEditData) attachments() (list []attachment) {
	titles := d.Form.Values["attachment_title"]
	for i, id := range d.Form.Values["attachment"] {
		if id == "" {
			continue
		}
		row := attachment{ID: id, File: d.file(id)}
		if i < len(titles) {
			row.Title = titles[i]
		}
		list = append(list, row)
	}
	return list
}

// newsFields is the order of the fields for the summary of faults.
func newsFields() []string {
	return []string{"title", "summary", "body", "section", "byline", "source", "cover", "tags", "attachments", "visibility", "publish_at",
		"expire_at", "slug", "note"}
}
