package model

import "fmt"

// Limits of the menu.
const (
	MaxMenu      = 12 // entries on top, and below each of them
	MaxMenuLabel = 60 // characters of a label
)

// MenuItem is an entry of the menu on top of every page, with those below it. Entries go one level down.
type MenuItem struct {
	Label    string
	LabelEN  string // "" for Label in English too
	Href     string // path on this site, or http(s) address
	Children []MenuItem
}

// ValidateMenu cleans the texts of the entries and returns Invalid when a rule is broken: for the field "label-2" or "href-2" of the third
// entry, "label-2-0" of the first below it, or "items".
func ValidateMenu(items []MenuItem) error {
	v := Invalid{}
	v.check(len(items) <= MaxMenu, "items", fmt.Sprintf("Trình đơn có nhiều nhất %d mục.", MaxMenu))
	for i := range items {
		at := fmt.Sprintf("-%d", i)
		items[i].clean(v, at)
		v.check(len(items[i].Children) <= MaxMenu, "items", fmt.Sprintf("Mỗi mục có nhiều nhất %d mục con.", MaxMenu))
		for j := range items[i].Children {
			child := &items[i].Children[j]
			child.clean(v, fmt.Sprintf("%s-%d", at, j))
			v.check(len(child.Children) == 0, "items", "Trình đơn chỉ có hai cấp.")
		}
	}
	return v.err()
}

func (m *MenuItem) clean(v Invalid, at string) {
	m.Label, m.LabelEN, m.Href = Clean(m.Label), Clean(m.LabelEN), Clean(m.Href)
	v.check(m.Label != "", "label"+at, "Mục trình đơn chưa có tên.")
	checkLength(v, "label"+at, m.Label, MaxMenuLabel)
	checkLength(v, "label"+at, m.LabelEN, MaxMenuLabel)
	checkLength(v, "href"+at, m.Href, maxAddress)
	v.check(m.Href != "" && localOrWeb(m.Href), "href"+at, "Địa chỉ phải bắt đầu bằng / hoặc https://.")
}
