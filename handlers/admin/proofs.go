package admin

import (
	"net/http"
	"net/url"
	"slices"

	"congso/handlers/web"
	"congso/store/model"
	"congso/views/adminpage"
)

// Pages where somebody who gave the password proves, or sets up, what is still missing.
const (
	codePage     = "/admin/ma-xac-thuc"
	passwordPage = "/admin/tai-khoan/mat-khau"
	factorPage   = "/admin/tai-khoan/xac-thuc"
)

// factorPassed is the key of a session's value: the code of the second factor was given.
const factorPassed = "factor"

// missing is the page to which somebody who gave the password must go before anything else, "" when nothing is missing. The accounts of a
// demo need no second factor.
func (a *Admin) missing(c web.Ctx, u model.User, passed bool) (page string, err error) {
	switch {
	case u.Factor && !passed:
		return codePage, nil
	case u.MustChange:
		return passwordPage, nil
	case u.Factor:
		return "", nil
	}
	needed, err := a.needsFactor(c, u)
	if needed {
		page = factorPage
	}
	return page, err
}

// needsFactor reports whether u's role must have a second factor.
func (a *Admin) needsFactor(c web.Ctx, u model.User) (bool, error) {
	if a.Demo {
		return false, nil
	}
	roles, err := a.Store.FactorRoles(c.Request().Context())
	return slices.Contains(roles, u.Role), err
}

// admit lets u in, under a new session, or leads to what is still missing.
func (a *Admin) admit(c web.Ctx, u model.User, passed bool, back string) error {
	page, err := a.missing(c, u, passed)
	if err != nil {
		return err
	}
	if err := web.StartSession(c, u.ID, page == ""); err != nil {
		return err
	}
	if page == "" {
		a.Log.Info("login", "user", u.ID)
		return web.SeeOther(c, back)
	}
	if passed {
		s := web.Session(c)
		s.Values[factorPassed] = true
		if err := s.Save(c.Request(), c.Response()); err != nil {
			return err
		}
	}
	return web.SeeOther(c, leadBack(page, back))
}

// pending is who gave the password and still has something to prove, with the page for it; the zero User when there is nobody.
func (a *Admin) pending(c web.Ctx) (u model.User, page string, err error) {
	login := web.Login(c)
	if login.Key == "" || login.Complete {
		return model.User{}, "", nil
	}
	passed := web.Session(c).Values[factorPassed] == true
	page, err = a.missing(c, login.User, passed)
	return login.User, page, err
}

// leadBack is page with the local path to open after it.
func leadBack(page, back string) string { return page + "?" + url.Values{"ve": {back}}.Encode() }

// codeForm asks for the code of the second factor.
func (a *Admin) codeForm(c web.Ctx) error {
	_, page, err := a.pending(c)
	if err != nil {
		return err
	}
	back := afterLogin(c.QueryParam("ve"))
	if page != codePage {
		return web.SeeOther(c, toLogin(back))
	}
	return a.showCode(c, http.StatusOK, nil, back)
}

func (a *Admin) showCode(c web.Ctx, status int, form *web.Form, back string) error {
	p, err := a.page(c, "Mã xác thực")
	if err != nil {
		return err
	}
	return web.Render(c, status, adminpage.Code(p, form, back))
}

// code lets in whoever gives a good code after the password.
func (a *Admin) code(c web.Ctx) error {
	form, err := web.ParseForm(c)
	if err != nil {
		return err
	}
	back := afterLogin(form.Raw("ve"))
	u, page, err := a.pending(c)
	if err != nil {
		return err
	}
	if page != codePage {
		return web.SeeOther(c, toLogin(back))
	}
	err = a.Store.CheckFactor(c.Request().Context(), u, form.Raw("code"), c.RealIP())
	if status := loginFault(c, form, "code", "Mã không đúng hoặc đã được dùng.", err); status != 0 {
		return a.showCode(c, status, form, back)
	}
	if err != nil {
		return err
	}
	return a.admit(c, u, true, back)
}
