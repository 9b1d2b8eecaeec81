package adminpage

import (
	"slices"
	"strconv"

	"congso/store/model"
)

// SectionsData are the sections in their order.
type SectionsData struct {
	Sections []model.Section
	Items    map[int64]int // news of each section, of any status
}

// name is that of the section with the id.
func (d SectionsData) name(id int64) string {
	i := slices.IndexFunc(d.Sections, func(s model.Section) bool { return s.ID == id })
	if i < 0 {
		return ""
	}
	return d.Sections[i].Name
}

// empty reports whether nothing in the lists hangs on the section.
func (d SectionsData) empty(s model.Section) bool {
	return d.Items[s.ID] == 0 && !slices.ContainsFunc(d.Sections, func(c model.Section) bool { return c.ParentID == s.ID })
}

// sectionHref is the page of a section, or that of a new one.
func sectionHref(s model.Section) string {
	if s.ID == 0 {
		return "/admin/chuyen-muc/moi"
	}
	return "/admin/chuyen-muc/" + strconv.FormatInt(s.ID, 10)
}

// parentOptions are the sections that s may stand below.
func parentOptions(s model.Section, all []model.Section) []Option {
	list := []Option{{"0", "Không có"}}
	for _, o := range all {
		if o.ID != s.ID {
			list = append(list, Option{strconv.FormatInt(o.ID, 10), o.Name})
		}
	}
	return list
}
