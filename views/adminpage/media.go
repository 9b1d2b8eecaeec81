package adminpage

import (
	"cmp"
	"net/url"
	"strconv"
	"strings"

	"github.com/a-h/templ"

	"congso/store/model"
	"congso/views/layout"
	"congso/views/ui"
)

// MediaQuery is what list of files is asked for, as the address says it.
type MediaQuery struct {
	model.MediaFilter
	Mine bool // the filter's UploadedBy is whoever asks
}

// values is the query of the list's address.
func (q MediaQuery) values() url.Values {
	v := url.Values{}
	if q.Text != "" {
		v.Set("q", q.Text)
	}
	switch q.Kind {
	case model.MediaPhotos:
		v.Set("loai", "anh")
	case model.MediaFiles:
		v.Set("loai", "tep")
	}
	for name, on := range map[string]bool{"thieu-mo-ta": q.MissingAlt, "chua-dung": q.Unused, "cua-toi": q.Mine, "luu-tru": q.Archived} {
		if on {
			v.Set(name, "1")
		}
	}
	return v
}

func (q MediaQuery) href(path string, page int) string {
	v := q.values()
	if page > 1 {
		v.Set("trang", itoa(page))
	}
	if len(v) == 0 {
		return path
	}
	return path + "?" + v.Encode()
}

// MediaList is a page of the list of files.
type MediaList struct {
	Query             MediaQuery
	Items             []model.MediaItem
	Lost              map[int64]bool // of whose files some are not there
	Away              bool           // nobody knows now
	Total, Page, Last int
	MayArchive        bool
}

func (l MediaList) pages(path string) ui.Pages {
	return ui.Pages{Current: l.Page, Last: l.Last, Href: func(page int) string { return l.Query.href(path, page) }}
}

// MediaLimits are the limits of uploads: bytes of a photo and of any other file, and pixels.
type MediaLimits struct{ Photo, File, Pixels int64 }

func (l MediaLimits) text() string {
	return "Ảnh JPEG, PNG, WebP, GIF: tối đa " + model.FileSize(l.Photo) + " và " + model.Group(l.Pixels/1_000_000) + " triệu điểm ảnh. " +
		"Tệp PDF, Word, Excel, PowerPoint, OpenDocument, CSV, TXT, ZIP: tối đa " + model.FileSize(l.File) + "."
}

// MediaFile is what the page of one file shows.
type MediaFile struct {
	Media       model.Media
	By          string       // who brought it, "" for the program
	Words       *layout.Form // alt, caption, credit
	Replacement *layout.Form // file
	Uses        []MediaPlace
	Lost        []string // files that are not there
	Away        bool     // nobody knows now
	Limits      MediaLimits
	MayEdit     bool
	MayArchive  bool
}

// MediaPlace is a place where a file is used. Desk and Public are addresses, "" where there is none for whoever asks.
type MediaPlace struct {
	model.MediaUse
	Desk, Public string
}

func (p MediaPlace) kind() string {
	name := map[model.Kind]string{model.KindNews: "Tin", model.KindMeeting: "Hội nghị", model.KindPerson: "Danh bạ"}[p.Kind]
	if p.Copy {
		name += ", bản đang sửa"
	}
	return name
}

// MediaPath is the address of the file's page.
func MediaPath(id int64) string { return "/admin/tep/" + mediaNumber(id) }

// WordField is the name of a word's field in a form for several files.
func WordField(field string, id int64) string { return field + "_" + mediaNumber(id) }

// wordsOrder is the order in which the faults of such a form are told.
func wordsOrder(list []model.Media) (order []string) {
	for _, m := range list {
		for _, field := range []string{"alt", "caption", "credit"} {
			order = append(order, WordField(field, m.ID))
		}
	}
	return order
}

// fileKind is what people call the type of a file: "PDF", "DOCX".
func fileKind(m model.Media) string { return strings.ToUpper(strings.TrimPrefix(m.Ext(), ".")) }

// fileFacts are the measures of a file in a line.
func fileFacts(m model.Media) string {
	facts := fileKind(m) + ", " + model.FileSize(m.Bytes)
	if m.IsPicture() {
		facts += ", " + itoa(m.Width) + " × " + itoa(m.Height)
	}
	return facts
}

// thumbSize is the size of a picture within a square of 320 pixels, for the element's attributes.
func thumbSize(m model.Media) (width, height string) {
	w, h := m.Width, m.Height
	if w > 320 {
		w, h = 320, max(1, h*320/w)
	}
	return itoa(w), itoa(h)
}

func mediaNumber(n int64) string { return strconv.FormatInt(n, 10) }

// mediaText is text, or a dash where there is none.
func mediaText(text string) string { return cmp.Or(text, "—") }

// fileAttributes tie the field of a file to its hint and its error.
func fileAttributes(f *layout.Form, hint string) templ.Attributes {
	a := Field{Name: "file", Hint: hint}.attributes(f)
	delete(a, "autocomplete") // means nothing to such a field
	return a
}
