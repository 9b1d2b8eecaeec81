package admin

import (
	"fmt"
	"net/http"
	"strconv"
	"strings"

	"congso/handlers/web"
	"congso/store/model"
	"congso/views/adminpage"
)

const detailsPath = "/admin/trang"

// details shows what the portal says of the department, to be changed.
func (a *Admin) details(c web.Ctx) error {
	site, err := a.Store.Site(c.Request().Context())
	if err != nil {
		return err
	}
	return a.showDetails(c, http.StatusOK, detailsForm(site))
}

func (a *Admin) showDetails(c web.Ctx, status int, form *web.Form) error {
	p, err := a.page(c, "Thông tin đơn vị")
	if err != nil {
		return err
	}
	p.Scripts, p.Sheets = []string{"photos.js"}, []string{"editor.css"}
	var d adminpage.DetailsData
	if d.Logo, err = a.pictureChosen(c, pickedNumber(form.Text("logo"))); err != nil {
		return err
	}
	if d.Banner, err = a.pictureChosen(c, pickedNumber(form.Text("banner"))); err != nil {
		return err
	}
	return web.Render(c, status, adminpage.Details(p, form, d))
}

func detailsForm(s model.Site) *web.Form {
	form := web.NewForm("name", s.Name, "name_en", s.NameEN, "parent", s.Parent, "parent_en", s.ParentEN, "address", s.Address, "address_en", s.AddressEN,
		"email", s.Email, "phone", model.ShowPhone(s.Phone), "responsible", s.Responsible, "license", s.License, "banner_alt", s.Banner.Alt,
		"opening", model.Group(s.Opening), "logo", pickedText(s.Logo.ID), "banner", pickedText(s.Banner.Media.ID))
	for i, h := range s.Hotlines {
		form.Values.Set(fmt.Sprintf("hotline-%d", i), h.Label)
		form.Values.Set(fmt.Sprintf("hotline-%d-phone", i), model.ShowPhone(h.Phone))
	}
	return form
}

// typedDetails reads the form; what cannot be read is said in it.
func typedDetails(f *web.Form) model.Site {
	s := model.Site{
		Name: f.Text("name"), NameEN: f.Text("name_en"), Parent: f.Text("parent"), ParentEN: f.Text("parent_en"), Address: f.Text("address"),
		AddressEN: f.Text("address_en"), Email: f.Text("email"), Phone: f.Text("phone"), Responsible: f.Text("responsible"), License: f.Text("license"),
	}
	for i := range model.MaxHotlines {
		field := fmt.Sprintf("hotline-%d", i)
		h := model.Hotline{Label: f.Text(field), Phone: f.Text(field + "-phone")}
		s.Hotlines = append(s.Hotlines, h) // empty ones too: faults are told by place
	}
	s.Logo.ID, s.Banner.Media.ID, s.Banner.Alt = pickedID(f, "logo"), pickedID(f, "banner"), f.Text("banner_alt")
	var err error
	if s.Opening, err = wholeNumber(f.Text("opening")); err != nil {
		f.Fail("opening", "Hãy gõ một số nguyên, ví dụ 1.284.506.")
	}
	return s
}

// putDetails keeps what the portal says of the department.
func (a *Admin) putDetails(c web.Ctx) error {
	form, err := web.ParseForm(c)
	if err != nil {
		return err
	}
	site := typedDetails(form)
	if places := closeHotlines(&site); form.OK() {
		err = a.Store.PutSite(c.Request().Context(), web.User(c).Actor(), &site)
		if moveFaults(form, err, places) {
			return a.showDetails(c, refused, form)
		}
		if err != nil {
			return err
		}
		return saved(c, detailsPath, "Đã lưu thông tin đơn vị.")
	}
	return a.showDetails(c, refused, form)
}

// closeHotlines takes out the empty rows and returns the place on the form of each that is left.
func closeHotlines(s *model.Site) (places []int) {
	var kept []model.Hotline
	for i, h := range s.Hotlines {
		if h != (model.Hotline{}) {
			kept, places = append(kept, h), append(places, i)
		}
	}
	s.Hotlines = kept
	return places
}

// moveFaults is form.Refused for a record whose hotlines stand at those places of the form.
func moveFaults(form *web.Form, err error, places []int) bool {
	told := &web.Form{}
	if !told.Refused(err) {
		return false
	}
	for field, message := range told.Errors {
		if n, is := strings.CutPrefix(field, "hotline-"); is {
			if i, err := strconv.Atoi(n); err == nil && i < len(places) {
				field = fmt.Sprintf("hotline-%d", places[i])
			}
		}
		form.Fail(field, message)
	}
	return true
}

// pickedText is how a form shows which picture is chosen.
func pickedText(id int64) string {
	if id == 0 {
		return ""
	}
	return strconv.FormatInt(id, 10)
}

// pickedID is the picture that was typed, by its number or by the address of its page; 0 for none.
func pickedID(f *web.Form, field string) int64 {
	text := f.Text(field)
	if text == "" {
		return 0
	}
	id := pickedNumber(text)
	if id == 0 {
		f.Fail(field, "Hãy gõ số của ảnh trong thư viện tệp, hoặc dán địa chỉ trang của ảnh.")
	}
	return id
}

// pickedNumber is the number in the text, which may be the address of a picture's page; 0 when there is none.
func pickedNumber(text string) int64 {
	id, err := strconv.ParseInt(text[strings.LastIndexByte(text, '/')+1:], 10, 64)
	if err != nil || id < 0 {
		return 0
	}
	return id
}

// wholeNumber reads a number that may have dots or spaces between its thousands; 0 for an empty text.
func wholeNumber(text string) (int64, error) {
	text = strings.NewReplacer(".", "", " ", "").Replace(text)
	if text == "" {
		return 0, nil
	}
	return strconv.ParseInt(text, 10, 64)
}
