package adminpage

import (
	"fmt"

	"congso/store/model"
	"congso/views/layout"
)

// DetailsData is what stands around the form of the department.
type DetailsData struct {
	Logo, Banner model.Media // as chosen in the form, zero for none
}

// detailsOrder is the order of the fields, for the summary of faults.
func detailsOrder() []string {
	order := []string{"name", "name_en", "parent", "parent_en", "address", "address_en", "email", "phone"}
	for i := range model.MaxHotlines {
		order = append(order, hotlineField(i))
	}
	return append(order, "responsible", "license", "logo", "banner", "banner_alt", "opening")
}

func hotlineField(i int) string { return fmt.Sprintf("hotline-%d", i) }

// phoneField is the second field of a hotline: its faults are told at the first.
func phoneField(f *layout.Form, i int) Field {
	field := Field{Name: hotlineField(i) + "-phone", Label: fmt.Sprintf("Số %d", i+1), Class: "short", Type: "tel", Max: 40}
	if f.Error(hotlineField(i)) != "" {
		field.More = map[string]any{"aria-invalid": "true", "aria-describedby": "e_" + hotlineField(i)}
	}
	return field
}
