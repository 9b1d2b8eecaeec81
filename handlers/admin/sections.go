package admin

import (
	"net/http"
	"slices"
	"strconv"

	"congso/handlers/web"
	"congso/store/model"
	"congso/views/adminpage"
)

const sectionsPath = "/admin/chuyen-muc"

func sectionsDesk() web.Link { return web.Link{Name: "Chuyên mục", Href: sectionsPath} }

// sections lists the sections in their order.
func (a *Admin) sections(c web.Ctx) error {
	d := adminpage.SectionsData{}
	var err error
	if d.Sections, err = a.Store.Sections(c.Request().Context()); err != nil {
		return err
	}
	if d.Items, err = a.Store.SectionItems(c.Request().Context()); err != nil {
		return err
	}
	p, err := a.page(c, "Chuyên mục")
	if err != nil {
		return err
	}
	return web.Render(c, http.StatusOK, adminpage.Sections(p, d))
}

// askedSection is the section in the address, the zero Section for a new one, with all others.
func (a *Admin) askedSection(c web.Ctx) (section model.Section, all []model.Section, err error) {
	if all, err = a.Store.Sections(c.Request().Context()); err != nil || c.Param("id") == "" {
		return model.Section{Position: len(all)}, all, err
	}
	n, err := id(c)
	if err != nil {
		return section, all, err
	}
	i := slices.IndexFunc(all, func(s model.Section) bool { return s.ID == n })
	if i < 0 {
		return section, all, model.ErrNotFound
	}
	return all[i], all, nil
}

// section shows the form of a section, or of a new one.
func (a *Admin) section(c web.Ctx) error {
	s, all, err := a.askedSection(c)
	if err != nil {
		return err
	}
	form := web.NewForm("name", s.Name, "name_en", s.NameEN, "slug", s.Slug, "parent", strconv.FormatInt(s.ParentID, 10))
	if s.Notice {
		form.Values.Set("notice", "1")
	}
	return a.showSection(c, http.StatusOK, form, s, all)
}

func (a *Admin) showSection(c web.Ctx, status int, form *web.Form, s model.Section, all []model.Section) error {
	title := s.Name
	if s.ID == 0 {
		title = "Thêm chuyên mục"
	}
	p, err := a.page(c, title, sectionsDesk())
	if err != nil {
		return err
	}
	return web.Render(c, status, adminpage.Section(p, form, s, all))
}

// putSection keeps a section, or makes a new one at the end of the list.
func (a *Admin) putSection(c web.Ctx) error {
	form, err := web.ParseForm(c)
	if err != nil {
		return err
	}
	s, all, err := a.askedSection(c)
	if err != nil {
		return err
	}
	next := s
	next.Name, next.NameEN, next.Slug = form.Text("name"), form.Text("name_en"), form.Text("slug")
	next.ParentID, next.Notice = form.ID("parent"), form.Checked("notice")
	err = a.Store.PutSection(c.Request().Context(), web.User(c).Actor(), &next)
	if form.Refused(err) {
		return a.showSection(c, refused, form, s, all)
	}
	if err != nil {
		return err
	}
	return saved(c, sectionsPath, "Đã lưu chuyên mục “"+next.Name+"”.")
}

// moveSection changes the section's place with that of the one before it (step -1) or after it (1).
func (a *Admin) moveSection(step int) web.Handler {
	return func(c web.Ctx) error {
		s, all, err := a.askedSection(c)
		if err != nil {
			return err
		}
		ids := make([]int64, len(all))
		for i := range all {
			ids[i] = all[i].ID
		}
		from := slices.Index(ids, s.ID)
		if to := from + step; to >= 0 && to < len(ids) {
			ids[from], ids[to] = ids[to], ids[from]
		}
		if err := a.Store.OrderSections(c.Request().Context(), web.User(c).Actor(), ids); err != nil {
			return err
		}
		return saved(c, sectionsPath, "Đã chuyển chỗ chuyên mục “"+s.Name+"”.")
	}
}

// deleteSection removes a section that nothing hangs on.
func (a *Admin) deleteSection(c web.Ctx) error {
	s, _, err := a.askedSection(c)
	if err != nil {
		return err
	}
	told := &web.Form{}
	err = a.Store.DeleteSection(c.Request().Context(), web.User(c).Actor(), s.ID)
	if told.Refused(err) {
		return warned(c, sectionsPath, "Chưa xóa “"+s.Name+"”. "+told.Error("section"))
	}
	if err != nil {
		return err
	}
	return saved(c, sectionsPath, "Đã xóa chuyên mục “"+s.Name+"”. Địa chỉ của nó không được cấp lại.")
}
