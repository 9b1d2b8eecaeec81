package admin

import (
	"net/http"

	"congso/handlers/web"
	"congso/views/adminpage"
)

// account shows what is one's own: password, second factor, sessions.
func (a *Admin) account(c web.Ctx) error {
	ctx, login := c.Request().Context(), web.Login(c)
	d := adminpage.AccountData{Current: login.Key, Exempt: a.Demo}
	p, err := a.page(c, "Tài khoản của tôi")
	if err != nil {
		return err
	}
	if d.Sessions, err = a.Store.Sessions(ctx, login.User.ID); err != nil {
		return err
	}
	if d.CodesLeft, err = a.Store.RecoveryCodesLeft(ctx, login.User.ID); err != nil {
		return err
	}
	if d.Needed, err = a.needsFactor(c, login.User); err != nil {
		return err
	}
	return web.Render(c, http.StatusOK, adminpage.Account(p, d))
}

func ownAccount() web.Link {
	return web.Link{Name: "Tài khoản của tôi", Href: "/admin/tai-khoan"}
}

// passwordForm asks for another password.
func (a *Admin) passwordForm(c web.Ctx) error {
	return a.showPassword(c, http.StatusOK, web.NewForm("ve", afterLogin(c.QueryParam("ve"))))
}

func (a *Admin) showPassword(c web.Ctx, status int, form *web.Form) error {
	p, err := a.page(c, "Đổi mật khẩu", ownAccount())
	if err != nil {
		return err
	}
	return web.Render(c, status, adminpage.Password(p, form))
}

// changePassword sets another password for whoever knows the one before.
func (a *Admin) changePassword(c web.Ctx) error {
	form, err := web.ParseForm(c)
	if err != nil {
		return err
	}
	if status, err := a.knowsPassword(c, form); status != 0 || err != nil {
		if err != nil {
			return err
		}
		return a.showPassword(c, status, form)
	}
	sameTwice(form)
	if form.Raw("password") == form.Raw("old_password") {
		form.Fail("password", "Mật khẩu mới phải khác mật khẩu cũ.")
	}
	login := web.Login(c)
	if form.OK() {
		err = a.Store.SetPassword(c.Request().Context(), login.User.Actor(), login.User.ID, form.Raw("password"), web.Session(c).ID)
	}
	if form.Refused(err) || err == nil && !form.OK() {
		return a.showPassword(c, refused, form)
	}
	if err != nil {
		return err
	}
	if login.Complete {
		return saved(c, "/admin/tai-khoan", "Đã đổi mật khẩu. Các phiên đăng nhập khác của bạn đã kết thúc.")
	}
	u := login.User
	u.MustChange = false
	return a.admit(c, u, u.Factor, afterLogin(form.Raw("ve")))
}

// knowsPassword asks for one's own password before what must not be done in a browser left alone. status is 0 when it was given, else
// that of the answer, with the reason in the form.
func (a *Admin) knowsPassword(c web.Ctx, form *web.Form) (status int, err error) {
	err = a.Store.CheckOwnPassword(c.Request().Context(), web.Login(c).User, form.Raw("old_password"), c.RealIP())
	if status = loginFault(c, form, "old_password", "Mật khẩu hiện tại không đúng.", err); status != 0 {
		err = nil
	}
	return status, err
}

// endSession ends one of one's own sessions.
func (a *Admin) endSession(c web.Ctx) error {
	login := web.Login(c)
	if err := a.Store.EndUserSession(c.Request().Context(), login.User.ID, c.Param("key")); err != nil {
		return err
	}
	if c.Param("key") == login.Key {
		return web.SeeOther(c, "/admin/dang-nhap")
	}
	return saved(c, "/admin/tai-khoan", "Đã kết thúc phiên đăng nhập đó.")
}

// endOtherSessions ends all of one's own sessions but this one.
func (a *Admin) endOtherSessions(c web.Ctx) error {
	if err := a.Store.EndSessions(c.Request().Context(), web.User(c).ID, web.Session(c).ID); err != nil {
		return err
	}
	return saved(c, "/admin/tai-khoan", "Đã kết thúc mọi phiên đăng nhập khác.")
}
