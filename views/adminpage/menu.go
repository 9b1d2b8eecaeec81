package adminpage

import (
	"fmt"
	"net/url"

	"github.com/a-h/templ"

	"congso/store/model"
)

// MenuRow is a row of the menu's form: an entry, on top or below the one on top before it.
type MenuRow struct {
	Label, LabelEN, Href string
	Below                bool
}

// MenuValues are the rows as the form's fields: label-0, label_en-0, href-0, below-0.
func MenuValues(rows []MenuRow) url.Values {
	v := url.Values{}
	for i, r := range rows {
		at := fmt.Sprintf("-%d", i)
		v.Set("label"+at, r.Label)
		v.Set("label_en"+at, r.LabelEN)
		v.Set("href"+at, r.Href)
		if r.Below {
			v.Set("below"+at, "1")
		}
	}
	return v
}

// menuOrder is the order of the fields, for the summary of faults.
func menuOrder(rows int) []string {
	var order []string
	for i := range rows {
		order = append(order, menuName("label", i), menuName("href", i))
	}
	return order
}

func menuName(field string, row int) string { return fmt.Sprintf("%s-%d", field, row) }

// menuLabel is the field of a row's name, which takes the focus when one goes on typing there.
func menuLabel(row, focus int) Field {
	f := Field{Name: menuName("label", row), Label: "Tên", Max: model.MaxMenuLabel}
	if row == focus {
		f.More = templ.Attributes{"autofocus": true}
	}
	return f
}
