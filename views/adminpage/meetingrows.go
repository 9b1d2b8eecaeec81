package adminpage

import (
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/a-h/templ"

	"congso/store/model"
	"congso/views/layout"
)

// RowKind is a kind of rows that a meeting's record has. The form holds, under Name, the keys of its rows in their order, and under
// Name.key.cell what stands in each: so rows are added, moved and removed without touching the others.
type RowKind struct {
	Name  string
	Title string // of the group
	One   string // what one row is, in the middle of a sentence
	Hint  string
	Cells []RowCell
}

// RowCell is one field of a row.
type RowCell struct {
	Name  string
	Label string
	Type  string // "text" when empty, "area", "select", "check", "date", "hidden", "media"
	Class string // width: "" for a half, "short", "most", "wide" for all
	Max   int
	List  string // id of the datalist that helps to fill it
	Hint  string
}

// The cells of participants that only the program fills.
const (
	CellPerson = "person" // slug of the person in the directory that the row is linked to
	CellLinked = "linked" // the name that the row had when it was linked
)

// RowKinds are all kinds of rows, in the order of the form.
func RowKinds() []RowKind {
	return []RowKind{
		{Name: "participants", Title: "Thành phần", One: "người dự", Hint: "Chọn tên trong danh bạ thì chức vụ vào ngày họp được điền sẵn; sau đó danh bạ có đổi, biên bản vẫn giữ nguyên.", Cells: []RowCell{
			{Name: "name", Label: "Họ tên", Class: "most", Max: 120, List: "p_danh-ba"}, {Name: "role", Label: "Vai trò", Type: "select", Class: "short"},
			{Name: "position", Label: "Chức vụ vào ngày họp", Class: "wide", Max: 300}, {Name: "outside", Label: "Không phải người trong danh bạ", Type: "check"},
			{Name: CellPerson, Type: "hidden"}, {Name: CellLinked, Type: "hidden"},
		}},
		{Name: "figures", Title: "Số liệu", One: "số liệu", Cells: []RowCell{
			{Name: "label", Label: "Tên số liệu", Class: "wide", Max: 200}, {Name: "value", Label: "Giá trị", Class: "short", Max: 40},
			{Name: "unit", Label: "Đơn vị tính", Class: "short", Max: 60},
		}},
		{Name: "conclusions", Title: "Kết luận", One: "kết luận", Cells: []RowCell{{Name: "text", Label: "Kết luận", Type: "area", Class: "wide"}}},
		{Name: "tasks", Title: "Nhiệm vụ", One: "nhiệm vụ", Cells: []RowCell{
			{Name: "text", Label: "Việc phải làm", Type: "area", Class: "wide"}, {Name: "unit", Label: "Đơn vị chủ trì", Type: "select"},
			{Name: "due", Label: "Hạn", Type: "date"}, {Name: "proof", Label: "Liên kết chứng minh", Class: "most", Max: 1000}, {Name: "done", Label: "Đã xong", Type: "check"},
		}},
		{Name: "agreements", Title: "Văn bản ký kết", One: "văn bản", Cells: []RowCell{
			{Name: "title", Label: "Tên văn bản", Class: "wide", Max: 300}, {Name: "parties", Label: "Các bên, mỗi bên một dòng", Type: "area", Class: "wide"},
		}},
		{Name: "photos", Title: "Ảnh", One: "ảnh", Hint: "Tải ảnh lên ở Thư viện tệp, rồi ghi số của ảnh vào đây.", Cells: []RowCell{
			{Name: "media", Label: "Số của ảnh", Type: "media", Class: "short"},
			{Name: "alt", Label: "Mô tả cho người không nhìn thấy", Class: "wide", Max: 500}, {Name: "caption", Label: "Chú thích", Class: "wide", Max: 500},
		}},
		{Name: "attachments", Title: "Tệp đính kèm", One: "tệp", Hint: "Tải tệp lên ở Thư viện tệp, rồi ghi số của tệp vào đây.", Cells: []RowCell{
			{Name: "media", Label: "Số của tệp", Type: "media", Class: "short"}, {Name: "title", Label: "Tên hiện cho bạn đọc", Class: "wide", Max: 300},
		}},
	}
}

// CellName is the form's name of a cell.
func CellName(kind, key, cell string) string { return kind + "." + key + "." + cell }

// maxKey is the most digits that the key of a row has.
const maxKey = 6

// RowKeys are the keys of the rows of one kind that the form holds, in order. What is none, or comes twice, is left out.
func RowKeys(f *layout.Form, kind string) []string {
	seen := map[string]bool{}
	var keys []string
	for _, key := range f.All(kind) {
		if key != "" && len(key) <= maxKey && strings.Trim(key, "0123456789") == "" && !seen[key] {
			seen[key] = true
			keys = append(keys, key)
		}
	}
	return keys
}

// RoleOptions are the roles of participants; a new row has the first.
func RoleOptions() []Option {
	return []Option{{string(model.Attendee), "Dự họp"}, {string(model.Chair), "Chủ trì"}, {string(model.Secretary), "Thư ký"}, {string(model.Signer), "Ký kết"}}
}

// RowID is the id of a row's element.
func RowID(kind, key string) string { return "r_" + kind + "." + key }

// RowFilled reports whether somebody has typed something in the row: its role alone is nothing.
func RowFilled(f *layout.Form, kind, key string) bool {
	prefix := CellName(kind, key, "")
	for name := range f.Values {
		if cell, own := strings.CutPrefix(name, prefix); own && cell != "role" && f.Text(name) != "" {
			return true
		}
	}
	return false
}

func cellField(kind, key string, c RowCell) Field {
	i := Field{Name: CellName(kind, key, c.Name), Label: c.Label, Hint: c.Hint, Class: c.Class, Max: c.Max, Rows: 2, More: templ.Attributes{"data-cell": c.Name}}
	switch c.Type {
	case "date":
		i.Type = "date"
	case "media":
		i.More["inputmode"] = "numeric"
	}
	if c.List != "" {
		i.More["list"] = c.List
	}
	return i
}

// cellOptions are the options of a select: what stands in the cell is among them, even if it is none any more.
func cellOptions(f *layout.Form, c RowCell, name string, lists MeetingLists) []Option {
	if c.Name == "role" {
		return RoleOptions()
	}
	options := append([]Option{{"", "Chưa giao"}}, lists.Units...)
	value := f.Raw(name)
	for _, o := range options {
		if o.Value == value {
			return options
		}
	}
	return append(options, Option{value, value})
}

// capital is text with its first letter as a capital.
func capital(text string) string {
	first, size := utf8.DecodeRuneInString(text)
	return string(unicode.ToUpper(first)) + text[size:]
}

// RowMark is the name under which the checklist's findings lead to the nth row, from 1, in which something stands.
func RowMark(kind string, n int) string { return kind + "-" + strconv.Itoa(n) }

// IsRowKind reports whether field is the name of a kind of rows.
func IsRowKind(field string) bool {
	return slices.ContainsFunc(RowKinds(), func(k RowKind) bool { return k.Name == field })
}
