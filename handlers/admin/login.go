package admin

import (
	"errors"
	"fmt"
	"math"
	"net/http"
	"strconv"
	"strings"

	"congso/handlers/web"
	"congso/store/model"
	"congso/views/adminpage"
)

// loginForm asks for name and password; whoever is logged in goes on.
func (a *Admin) loginForm(c web.Ctx) error {
	back := afterLogin(c.QueryParam("ve"))
	if web.User(c).ID != 0 {
		return web.SeeOther(c, back)
	}
	return a.showLogin(c, http.StatusOK, nil, back)
}

func (a *Admin) showLogin(c web.Ctx, status int, form *web.Form, back string) error {
	p, err := a.page(c, "Đăng nhập")
	if err != nil {
		return err
	}
	return web.Render(c, status, adminpage.Login(p, form, back, a.Accounts))
}

// afterLogin is the local path to open after a login; the first page for what is none, or is the login itself.
func afterLogin(path string) string {
	path = web.LocalPath(path)
	if bare, _, _ := strings.Cut(path, "?"); bare == "/" || within(bare, "/admin/dang-nhap") {
		return "/admin"
	}
	return path
}

// login begins a session for whoever gives the name and password of an account.
func (a *Admin) login(c web.Ctx) error {
	form, err := web.ParseForm(c)
	if err != nil {
		return err
	}
	back := afterLogin(form.Raw("ve"))
	user, err := a.Store.Login(c.Request().Context(), form.Text("name"), form.Raw("password"), c.RealIP())
	if status := loginFault(c, form, "", "Tên đăng nhập hoặc mật khẩu không đúng.", err); status != 0 {
		return a.showLogin(c, status, form, back)
	}
	if err != nil {
		return err
	}
	return a.admit(c, user, false, back)
}

// loginFault says in the form why nobody was let in, of wrong credentials in the field with the message, and returns the status of the
// answer: 0 when err is nil or no fault of the form.
func loginFault(c web.Ctx, form *web.Form, field, message string, err error) int {
	var soon model.TooSoon
	switch {
	case errors.Is(err, model.ErrCredentials):
		form.Fail(field, message)
		return http.StatusUnprocessableEntity
	case errors.As(err, &soon):
		seconds := int(math.Ceil(soon.Wait.Seconds()))
		form.Fail("", fmt.Sprintf("Đã có nhiều lần nhập sai. Xin thử lại sau %d giây.", seconds))
		c.Response().Header().Set("Retry-After", strconv.Itoa(seconds))
		return http.StatusTooManyRequests
	}
	return 0
}

// logout ends the session.
func (a *Admin) logout(c web.Ctx) error {
	if err := web.EndSession(c); err != nil {
		return err
	}
	return web.SeeOther(c, "/admin/dang-nhap")
}
