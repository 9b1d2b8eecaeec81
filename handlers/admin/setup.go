package admin

import (
	"errors"
	"net/http"

	"congso/handlers/web"
	"congso/store/model"
	"congso/views/adminpage"
)

// setupForm asks for the first account of an empty portal, by the link that the program printed.
func (a *Admin) setupForm(c web.Ctx) error {
	code := c.QueryParam("ma")
	err := a.Store.CheckSetup(c.Request().Context(), code)
	if errors.Is(err, model.ErrNotFound) {
		return a.showSetupOver(c)
	}
	if err != nil {
		return err
	}
	return a.showSetup(c, http.StatusOK, web.NewForm("ma", code))
}

func (a *Admin) showSetup(c web.Ctx, status int, form *web.Form) error {
	p, err := a.page(c, "Thiết lập lần đầu")
	if err != nil {
		return err
	}
	return web.Render(c, status, adminpage.Setup(p, form))
}

func (a *Admin) showSetupOver(c web.Ctx) error {
	p, err := a.page(c, "Thiết lập lần đầu")
	if err != nil {
		return err
	}
	return web.Render(c, http.StatusNotFound, adminpage.SetupOver(p))
}

// setup makes the first account and goes on as after its login.
func (a *Admin) setup(c web.Ctx) error {
	form, err := web.ParseForm(c)
	if err != nil {
		return err
	}
	u := model.User{Name: form.Text("name"), FullName: form.Text("full_name"), Email: form.Text("email")}
	sameTwice(form)
	if form.OK() {
		err = a.Store.SetUp(c.Request().Context(), form.Raw("ma"), &u, form.Raw("password"))
	}
	switch {
	case errors.Is(err, model.ErrNotFound):
		return a.showSetupOver(c)
	case form.Refused(err), err == nil && !form.OK():
		return a.showSetup(c, refused, form)
	case err != nil:
		return err
	}
	return a.admit(c, u, false, "/admin")
}

// sameTwice complains when the new password was typed in two ways.
func sameTwice(form *web.Form) {
	if form.Raw("password") != form.Raw("password_again") {
		form.Fail("password_again", "Hai lần nhập mật khẩu không giống nhau.")
	}
}
