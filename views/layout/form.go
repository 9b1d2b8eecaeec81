package layout

import (
	"errors"
	"maps"
	"net/url"
	"slices"
	"strconv"

	"congso/store/model"
)

// Form is a form as typed, with what is wrong with it. Fields bear the names that model.Invalid gives them. A nil Form is an empty one.
type Form struct {
	Values url.Values
	Errors model.Invalid // by field; "" for what no field alone is to blame for
}

// NewForm is a form with these values: field, value, field, value, …
func NewForm(pairs ...string) *Form {
	f := &Form{Values: url.Values{}}
	for i := 0; i < len(pairs); i += 2 {
		f.Values.Add(pairs[i], pairs[i+1])
	}
	return f
}

// Raw is the field as typed: for passwords, and for showing it again.
func (f *Form) Raw(field string) string {
	if f == nil {
		return ""
	}
	return f.Values.Get(field)
}

// Text is the field as one clean line.
func (f *Form) Text(field string) string { return model.Clean(f.Raw(field)) }

// Lines is the field as clean text of several lines.
func (f *Form) Lines(field string) string { return model.CleanLines(f.Raw(field)) }

// All are the clean values of a field that comes more than once, empty ones among them.
func (f *Form) All(field string) []string {
	if f == nil {
		return nil
	}
	list := make([]string, len(f.Values[field]))
	for i, v := range f.Values[field] {
		list[i] = model.Clean(v)
	}
	return list
}

// Has reports whether value is among those of the field: a checked box, a chosen option.
func (f *Form) Has(field, value string) bool { return slices.Contains(f.All(field), value) }

// Checked reports whether the box of the field is.
func (f *Form) Checked(field string) bool { return f.Raw(field) != "" }

// ID is the field as the id of a record, 0 for none or for what is no number.
func (f *Form) ID(field string) int64 {
	id, err := strconv.ParseInt(f.Text(field), 10, 64)
	if err != nil || id < 0 {
		return 0
	}
	return id
}

// IDs are the values of a field as ids of records, without what is none.
func (f *Form) IDs(field string) []int64 {
	var ids []int64
	for _, text := range f.All(field) {
		if id, err := strconv.ParseInt(text, 10, 64); err == nil && id > 0 {
			ids = append(ids, id)
		}
	}
	return ids
}

// Fail says what is wrong with a field, in Vietnamese. The first complaint about a field stays.
func (f *Form) Fail(field, message string) {
	if f.Errors == nil {
		f.Errors = model.Invalid{}
	}
	if _, taken := f.Errors[field]; !taken {
		f.Errors[field] = message
	}
}

// Refused takes over what err, a model.Invalid, says about fields. It reports whether err was one; any other error is not the form's.
func (f *Form) Refused(err error) bool {
	invalid := model.Invalid{}
	if !errors.As(err, &invalid) {
		return false
	}
	for field, message := range invalid {
		f.Fail(field, message)
	}
	return true
}

// OK reports whether nothing is wrong so far.
func (f *Form) OK() bool { return f == nil || len(f.Errors) == 0 }

// Error is what is wrong with the field, "" for nothing.
func (f *Form) Error(field string) string {
	if f == nil {
		return ""
	}
	return f.Errors[field]
}

// Faults are the fields with errors: those of order first, in it, then the rest by name.
func (f *Form) Faults(order ...string) []string {
	if f == nil {
		return nil
	}
	var list []string
	for _, field := range slices.Concat(order, slices.Sorted(maps.Keys(f.Errors))) {
		if f.Errors[field] != "" && !slices.Contains(list, field) {
			list = append(list, field)
		}
	}
	return list
}
