package layout_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/a-h/templ"
	"github.com/google/go-cmp/cmp"

	"congso/store/model"
	"congso/views/layout"
)

// partFrame has something in each part of a frame.
func partFrame() layout.Frame {
	numbers := []model.Number{{E164: "+842573000100"}}
	return layout.Frame{
		Site:    model.Site{Name: "Sở Nội vụ", NameEN: "Home Affairs", Parent: "UBND tỉnh", Address: "12 Lê Lợi", Phone: "+842573000100", Email: "a@so.example.vn"},
		Leaders: []model.QuickEntry{{Name: "Trần Văn Ân", Path: "nguoi/tran-van-an", Post: "Giám đốc", PostEN: "Director", Numbers: numbers}},
		Units:   []model.QuickEntry{{Name: "Văn phòng", NameEN: "Office", Path: "van-phong"}},
		Links:   []model.LinkedSite{{Name: "Cổng tỉnh", URL: "https://tinh.example.vn/"}},
		Items: []model.MenuItem{
			{Label: "Trang chủ", LabelEN: "Home", Href: "/"}, {Label: "Tin", LabelEN: "News", Href: "/tin-tuc"},
			{Label: "Khác", LabelEN: "More", Href: "/bai-viet", Children: []model.MenuItem{{Label: "Danh bạ", LabelEN: "Contacts", Href: "/danh-ba"}}},
		},
	}
}

// TestPartsAreWhatPagesRender: whichever page of a frame comes first, each is the same as without kept parts.
func TestPartsAreWhatPagesRender(t *testing.T) {
	paths := []string{"/", "/tin-tuc", "/tin-tuc/mot", "/chuyen-muc/hai", "/danh-ba", "/danh-ba/van-phong", "/bai-viet/ba", "/khong-co"}
	displays := []layout.Display{{}, {Theme: "dark"}, {Size: "large"}, {Theme: "dark", Size: "large"}}
	for _, lang := range []string{"vi", "en"} {
		for _, own := range []bool{false, true} {
			kept := partFrame()
			if !own {
				kept.Items = nil
			}
			kept.Parts = &layout.Parts{}
			for range 2 {
				for _, path := range paths {
					for _, display := range displays {
						p := layout.Page{Frame: &kept, Lang: lang, Path: layout.Href(lang, path), Base: "https://so.example.vn", Display: display, Aside: true}
						with := rendered(t, p)
						alone := kept
						alone.Parts, p.Frame = nil, &alone
						if without := rendered(t, p); with != without {
							t.Errorf("%s %s %+v: %s", lang, path, display, cmp.Diff(without, with))
						}
						if marks := strings.Count(with, `aria-current="page"`); path == "/khong-co" && marks != 0 || path == "/tin-tuc/mot" && marks != 1 {
							t.Errorf("%s %s: %d entries of the menu are marked", lang, path, marks)
						}
					}
				}
			}
		}
	}
}

// TestPartsAreBounded: parts of pages, of which there could be any number, are kept up to a bound, and right beyond it.
func TestPartsAreBounded(t *testing.T) {
	p := layout.Page{Frame: &layout.Frame{Parts: &layout.Parts{}}, Lang: "vi"}
	made := 0
	part := func(text string) {
		t.Helper()
		got, err := p.Part(text, func(layout.Page) templ.Component { made++; return templ.Raw(text) })
		if err != nil || got != text {
			t.Fatalf("%q, %v, want %q", got, err, text)
		}
	}
	for range 2 {
		for i := range 1000 {
			part(fmt.Sprint("phần ", i))
		}
	}
	if made <= 1000 || made >= 2000 {
		t.Errorf("%d parts were made, want each of a thousand once, and those twice that are beyond the bound", made)
	}
}

func rendered(t *testing.T, p layout.Page) string {
	t.Helper()
	var b strings.Builder
	if err := layout.Site(p).Render(t.Context(), &b); err != nil {
		t.Fatal(err)
	}
	return b.String()
}
