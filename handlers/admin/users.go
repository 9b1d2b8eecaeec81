package admin

import (
	"net/http"
	"slices"
	"strconv"

	"congso/handlers/web"
	"congso/store"
	"congso/store/model"
	"congso/views/adminpage"
)

const usersPerPage = 25

func usersDesk() web.Link { return web.Link{Name: "Người dùng", Href: "/admin/nguoi-dung"} }

// users lists the accounts.
func (a *Admin) users(c web.Ctx) error {
	ctx := c.Request().Context()
	d := adminpage.UsersData{Words: web.Query(c, "q", 100), Role: model.Role(c.QueryParam("vai-tro")), Page: web.PageNumber(c, "trang"), Exempt: a.Demo}
	if !d.Role.Valid() {
		d.Role = ""
	}
	var err error
	if d.Users, d.Total, err = a.Store.Users(ctx, store.UserFilter{Words: d.Words, Role: d.Role}, d.Page, usersPerPage); err != nil {
		return err
	}
	d.Last = web.LastPage(d.Total, usersPerPage)
	if d.Page > d.Last {
		return model.ErrNotFound
	}
	if d.FactorRoles, err = a.Store.FactorRoles(ctx); err != nil {
		return err
	}
	p, err := a.page(c, "Người dùng")
	if err != nil {
		return err
	}
	return web.Render(c, http.StatusOK, adminpage.Users(p, d))
}

// newUser asks for a new account.
func (a *Admin) newUser(c web.Ctx) error {
	return a.showUser(c, http.StatusOK, model.User{}, web.NewForm("role", string(model.RoleAuthor)))
}

// user shows an account, to be changed.
func (a *Admin) user(c web.Ctx) error {
	u, err := a.userOf(c)
	if err != nil {
		return err
	}
	form := web.NewForm("name", u.Name, "full_name", u.FullName, "email", u.Email, "role", string(u.Role))
	for _, section := range u.Sections {
		form.Values.Add("sections", strconv.FormatInt(section, 10))
	}
	return a.showUser(c, http.StatusOK, u, form)
}

func (a *Admin) showUser(c web.Ctx, status int, u model.User, form *web.Form) error {
	title := u.FullName
	if u.ID == 0 {
		title = "Thêm người dùng"
	}
	p, err := a.page(c, title, usersDesk())
	if err != nil {
		return err
	}
	d := adminpage.UserData{User: u, Form: form}
	if d.Sections, err = a.Store.Sections(c.Request().Context()); err != nil {
		return err
	}
	if u.ID != 0 {
		if d.Sessions, err = a.Store.Sessions(c.Request().Context(), u.ID); err != nil {
			return err
		}
	}
	return web.Render(c, status, adminpage.User(p, d))
}

// userOf is the account that the address names.
func (a *Admin) userOf(c web.Ctx) (model.User, error) {
	n, err := id(c)
	if err != nil {
		return model.User{}, err
	}
	return a.Store.UserByID(c.Request().Context(), n)
}

// fill takes over what the form says of an account.
func fill(u *model.User, form *web.Form) {
	u.Name, u.FullName, u.Email = form.Text("name"), form.Text("full_name"), form.Text("email")
	u.Role, u.Sections = model.Role(form.Raw("role")), form.IDs("sections")
}

// addUser makes an account and shows its first password, this once.
func (a *Admin) addUser(c web.Ctx) error {
	form, err := web.ParseForm(c)
	if err != nil {
		return err
	}
	var u model.User
	fill(&u, form)
	err = a.Store.PutUser(c.Request().Context(), web.User(c).Actor(), &u)
	if form.Refused(err) {
		return a.showUser(c, refused, model.User{}, form)
	}
	if err != nil {
		return err
	}
	return a.giveTemporary(c, u)
}

// changeUser changes an account.
func (a *Admin) changeUser(c web.Ctx) error {
	form, err := web.ParseForm(c)
	if err != nil {
		return err
	}
	before, err := a.userOf(c)
	if err != nil {
		return err
	}
	u := before
	fill(&u, form)
	err = a.Store.PutUser(c.Request().Context(), web.User(c).Actor(), &u)
	if form.Refused(err) {
		return a.showUser(c, refused, before, form)
	}
	if err != nil {
		return err
	}
	return saved(c, "/admin/nguoi-dung", "Đã lưu tài khoản «"+u.Name+"».")
}

// disableUser keeps an account from being used; enableUser undoes it.
func (a *Admin) disableUser(c web.Ctx) error { return a.turnUser(c, true) }
func (a *Admin) enableUser(c web.Ctx) error  { return a.turnUser(c, false) }

func (a *Admin) turnUser(c web.Ctx, disabled bool) error {
	u, err := a.userOf(c)
	if err != nil {
		return err
	}
	page := adminpage.UserHref(u)
	if disabled && u.ID == web.User(c).ID {
		return warned(c, page, "Bạn không thể tự khóa tài khoản của mình.")
	}
	u.Disabled = disabled
	err = a.Store.PutUser(c.Request().Context(), web.User(c).Actor(), &u)
	form := web.NewForm()
	if form.Refused(err) {
		return warned(c, page, form.Error(form.Faults()[0]))
	}
	if err != nil {
		return err
	}
	if disabled {
		return saved(c, page, "Đã khóa tài khoản và kết thúc mọi phiên đăng nhập của tài khoản này.")
	}
	return saved(c, page, "Đã mở lại tài khoản.")
}

// resetPassword gives an account a password by chance and shows it, this once.
func (a *Admin) resetPassword(c web.Ctx) error {
	u, err := a.userOf(c)
	if err != nil {
		return err
	}
	return a.giveTemporary(c, u)
}

func (a *Admin) giveTemporary(c web.Ctx, u model.User) error {
	temporary, err := a.Store.ResetPassword(c.Request().Context(), web.User(c).Actor(), u.ID)
	if err != nil {
		return err
	}
	p, err := a.page(c, "Mật khẩu tạm", usersDesk())
	if err != nil {
		return err
	}
	return web.Render(c, http.StatusOK, adminpage.Temporary(p, u, temporary))
}

// resetFactor takes the second factor of whoever lost it away.
func (a *Admin) resetFactor(c web.Ctx) error {
	u, err := a.userOf(c)
	if err != nil {
		return err
	}
	if err := a.Store.ResetFactor(c.Request().Context(), web.User(c).Actor(), u.ID, ""); err != nil {
		return err
	}
	return saved(c, adminpage.UserHref(u), "Đã xóa xác thực hai lớp của tài khoản; lần đăng nhập tới phải thiết lập lại nếu vai trò bắt buộc.")
}

// endUserSessions ends all sessions of an account.
func (a *Admin) endUserSessions(c web.Ctx) error {
	u, err := a.userOf(c)
	if err != nil {
		return err
	}
	keep := ""
	if u.ID == web.User(c).ID {
		keep = web.Session(c).ID
	}
	if err := a.Store.EndSessions(c.Request().Context(), u.ID, keep); err != nil {
		return err
	}
	return saved(c, adminpage.UserHref(u), "Đã kết thúc các phiên đăng nhập của tài khoản.")
}

// setFactorRoles says which roles must have a second factor.
func (a *Admin) setFactorRoles(c web.Ctx) error {
	form, err := web.ParseForm(c)
	if err != nil {
		return err
	}
	u := web.User(c)
	var roles []model.Role
	for _, text := range form.All("roles") {
		roles = append(roles, model.Role(text))
	}
	if slices.Contains(roles, u.Role) && !u.Factor {
		return warned(c, "/admin/nguoi-dung", "Xin thiết lập xác thực hai lớp cho chính bạn trước khi bắt buộc với vai trò của mình.")
	}
	if err := a.Store.SetFactorRoles(c.Request().Context(), u.Actor(), roles); err != nil {
		return err
	}
	return saved(c, "/admin/nguoi-dung", "Đã lưu quy định xác thực hai lớp.")
}
