package adminpage

import (
	"maps"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"congso/store/model"
	"congso/views/layout"
	"congso/views/ui"
)

// MeetingQuery is what the list of the meetings' desk was asked for.
type MeetingQuery struct {
	Text   string
	Status string // a model.Status, TabCopies, "" for all
	Kind   string // as records have it, "" for all
	Year   int    // 0 for all
	Mine   bool
}

// Values are the parameters that stand for q in an address.
func (q MeetingQuery) Values() url.Values {
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
	set("loai", q.Kind)
	if q.Year > 0 {
		set("nam", strconv.Itoa(q.Year))
	}
	if q.Mine {
		set("cua-toi", "1")
	}
	return v
}

// at is the address of the list with another tab.
func (q MeetingQuery) at(status string) string {
	q.Status = status
	if v := q.Values(); len(v) > 0 {
		return "/admin/hoi-nghi?" + v.Encode()
	}
	return "/admin/hoi-nghi"
}

// MeetingListData is a page of the desk's list.
type MeetingListData struct {
	Query   MeetingQuery
	Rows    []model.DeskRow
	Total   int
	Counts  model.DeskCounts
	Kinds   []string
	Years   []int
	Editors map[int64][]model.Editor
	Pages   ui.Pages
}

// MeetingEditData is the editor of a meeting.
type MeetingEditData struct {
	Work     Work
	Form     *layout.Form
	Lists    MeetingLists
	News     []Option // that may report it
	Sections []Option // to which the user may write the news item
}

// rowsAt is the address to which the buttons of the rows post.
func (d MeetingEditData) rowsAt() string { return d.Work.Path + "/hang" }

// fields is the order of the fields for the summary of faults.
func (d MeetingEditData) fields() []string {
	list := []string{"title", "kind", "start", "end", "place", "summary"}
	for _, k := range RowKinds() {
		list = append(list, k.Name)
		for _, key := range RowKeys(d.Form, k.Name) {
			for _, c := range k.Cells {
				list = append(list, CellName(k.Name, key, c.Name))
			}
		}
	}
	return append(list, "news", "_section", "visibility", "publish_at", "expire_at", "slug", "note")
}

// MeetingDocData is a report that was pasted, and what it says.
type MeetingDocData struct {
	Path   string // of the meeting at its desk
	Title  string
	Form   *layout.Form
	Offers []Offer
	Cut    bool // the report was longer than can be read
}

// Offer is one thing that a report says.
type Offer struct {
	Key                  string
	What                 string // kind of thing
	Said                 string // as it will stand in the record
	Before, Match, After string // the words of the report
	There                bool   // the record says it already
}

// typedLines is what a form holds, for a person to copy, a line for each field with something in it.
func typedLines(f *layout.Form) string {
	var b strings.Builder
	for _, name := range slices.Sorted(maps.Keys(f.Values)) {
		if value := f.Lines(name); value != "" && !strings.HasPrefix(name, "_") && !IsRowKind(name) {
			b.WriteString(value + "\n")
		}
	}
	return b.String()
}
