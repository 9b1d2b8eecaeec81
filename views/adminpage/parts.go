// Package adminpage holds the pages behind the login, one file per desk.
package adminpage

import (
	"cmp"
	"maps"
	"strconv"
	"strings"

	"github.com/a-h/templ"

	"congso/store/model"
	"congso/views/layout"
)

// Field says how a field of a form looks. Name is that of the value and of its error.
type Field struct {
	Name     string
	Label    string
	Hint     string
	Type     string // of an input: "text" when empty, "password", "email", "datetime-local", …
	Class    string // "short" or none
	Complete string // the autocomplete attribute, "off" when empty
	Rows     int    // of an area, 6 when 0
	Max      int    // letters, none when 0
	Required bool
	More     templ.Attributes // what a script of the page needs, and the like
}

// Option is one of several values to choose from.
type Option struct{ Value, Label string }

func (i Field) kind() string { return cmp.Or(i.Type, "text") }
func (i Field) rows() int    { return cmp.Or(i.Rows, 6) }

// attributes ties the field to its hint and its error.
func (i Field) attributes(f *layout.Form) templ.Attributes {
	a := templ.Attributes{"autocomplete": cmp.Or(i.Complete, "off")}
	var about []string
	if i.Hint != "" {
		about = append(about, "h_"+i.Name)
	}
	if f.Error(i.Name) != "" {
		about = append(about, "e_"+i.Name)
		a["aria-invalid"] = "true"
	}
	if len(about) > 0 {
		a["aria-describedby"] = strings.Join(about, " ")
	}
	if i.Max > 0 {
		a["maxlength"] = itoa(i.Max)
	}
	if i.Required {
		a["required"] = true
	}
	maps.Copy(a, i.More)
	return a
}

// box is attributes for a box, which nothing completes.
func (i Field) box(f *layout.Form) templ.Attributes {
	a := i.attributes(f)
	delete(a, "autocomplete")
	return a
}

func itoa(n int) string { return strconv.Itoa(n) }

func number64(n int64) string { return strconv.FormatInt(n, 10) }

// RoleName is what people call a role.
func RoleName(r model.Role) string {
	return map[model.Role]string{
		model.RoleStaff: "Nhân viên", model.RoleAuthor: "Người viết", model.RoleEditor: "Biên tập viên", model.RoleAdmin: "Quản trị viên",
	}[r]
}
