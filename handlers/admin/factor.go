package admin

import (
	"crypto/rand"
	"fmt"
	"net/http"
	"net/url"
	"strings"

	"github.com/boombuler/barcode/qr"

	"congso/handlers/web"
	"congso/views/adminpage"
)

// newSecret is the key of a session's value: the secret of a second factor that is being set up.
const newSecret = "new_secret"

// secret is the secret that is being set up in this session, made at the first call: 160 bits in base32.
func (a *Admin) secret(c web.Ctx) (string, error) {
	s := web.Session(c)
	if kept, ok := s.Values[newSecret].(string); ok {
		return kept, nil
	}
	fresh := (rand.Text() + rand.Text())[:32]
	s.Values[newSecret] = fresh
	return fresh, s.Save(c.Request(), c.Response())
}

// factorForm shows the secret of a new second factor, for an app to take and prove.
func (a *Admin) factorForm(c web.Ctx) error {
	return a.showFactor(c, http.StatusOK, web.NewForm("ve", afterLogin(c.QueryParam("ve"))))
}

func (a *Admin) showFactor(c web.Ctx, status int, form *web.Form) error {
	secret, err := a.secret(c)
	if err != nil {
		return err
	}
	p, err := a.page(c, "Xác thực hai lớp", ownAccount())
	if err != nil {
		return err
	}
	return web.Render(c, status, adminpage.Factor(p, form, secret, web.User(c).ID == 0))
}

// factorQR draws the secret for the camera of a phone.
func (a *Admin) factorQR(c web.Ctx) error {
	secret, err := a.secret(c)
	if err != nil {
		return err
	}
	site, err := a.Store.Site(c.Request().Context())
	if err != nil {
		return err
	}
	code, err := qr.Encode(otpAddress(site.Name, web.Login(c).User.Name, secret), qr.M, qr.Unicode)
	if err != nil {
		return fmt.Errorf("QR code of a second factor: %w", err)
	}
	return c.Blob(http.StatusOK, "image/svg+xml", web.QR(code))
}

// otpAddress is what apps read: https://github.com/google/google-authenticator/wiki/Key-Uri-Format
func otpAddress(issuer, name, secret string) string {
	issuer = strings.ReplaceAll(issuer, ":", " ")
	if letters := []rune(issuer); len(letters) > 60 {
		issuer = string(letters[:60])
	}
	query := url.Values{"secret": {secret}, "issuer": {issuer}, "algorithm": {"SHA1"}, "digits": {"6"}, "period": {"30"}}
	return "otpauth://totp/" + url.PathEscape(issuer+":"+name) + "?" + strings.ReplaceAll(query.Encode(), "+", "%20")
}

// setFactor takes the secret over once an app has proved that it has it, and shows the recovery codes, this once.
func (a *Admin) setFactor(c web.Ctx) error {
	form, err := web.ParseForm(c)
	if err != nil {
		return err
	}
	login := web.Login(c)
	if login.Complete { // else the password was given just now
		if status, err := a.knowsPassword(c, form); err != nil {
			return err
		} else if status != 0 {
			return a.showFactor(c, status, form)
		}
	}
	secret, err := a.secret(c)
	if err != nil {
		return err
	}
	codes, err := a.Store.SetFactor(c.Request().Context(), login.User, secret, form.Raw("code"), web.Session(c).ID)
	if form.Refused(err) {
		return a.showFactor(c, refused, form)
	}
	if err != nil {
		return err
	}
	if err := web.StartSession(c, login.User.ID, true); err != nil {
		return err
	}
	return a.showCodes(c, codes, afterLogin(form.Raw("ve")))
}

// showCodes answers with recovery codes: a page that cannot be opened again.
func (a *Admin) showCodes(c web.Ctx, codes []string, next string) error {
	p, err := a.page(c, "Mã khôi phục", ownAccount())
	if err != nil {
		return err
	}
	return web.Render(c, http.StatusOK, adminpage.RecoveryCodes(p, codes, next))
}

// ask is a page that asks for the password before it does what it says.
func (a *Admin) ask(c web.Ctx, status int, form *web.Form, q adminpage.Question) error {
	p, err := a.page(c, q.Title, ownAccount())
	if err != nil {
		return err
	}
	return web.Render(c, status, adminpage.AskPassword(p, form, q))
}

// answered reports whether the password was given to a question; if not, it has answered with the question again.
func (a *Admin) answered(c web.Ctx, q adminpage.Question) (yes bool, err error) {
	form, err := web.ParseForm(c)
	if err != nil {
		return false, err
	}
	status, err := a.knowsPassword(c, form)
	if err != nil || status == 0 {
		return err == nil, err
	}
	return false, a.ask(c, status, form, q)
}

func newCodesQuestion() adminpage.Question {
	return adminpage.Question{
		Title: "Mã khôi phục mới", Text: "Mười mã mới sẽ thay cho các mã cũ; mã cũ không dùng được nữa.",
		Action: "/admin/tai-khoan/ma-khoi-phuc", Button: "Tạo mã mới",
	}
}

func (a *Admin) askNewCodes(c web.Ctx) error {
	return a.ask(c, http.StatusOK, nil, newCodesQuestion())
}

// newCodes replaces one's recovery codes.
func (a *Admin) newCodes(c web.Ctx) error {
	if yes, err := a.answered(c, newCodesQuestion()); !yes {
		return err
	}
	u := web.User(c)
	if !u.Factor {
		return web.SeeOther(c, factorPage)
	}
	codes, err := a.Store.NewRecoveryCodes(c.Request().Context(), u)
	if err != nil {
		return err
	}
	return a.showCodes(c, codes, "/admin/tai-khoan")
}

func dropQuestion() adminpage.Question {
	return adminpage.Question{
		Title: "Tắt xác thực hai lớp", Text: "Sau khi tắt, chỉ cần mật khẩu là đăng nhập được tài khoản này. Các phiên đăng nhập khác sẽ kết thúc.",
		Action: "/admin/tai-khoan/xac-thuc/tat", Button: "Tắt xác thực hai lớp",
	}
}

func (a *Admin) askDropFactor(c web.Ctx) error { return a.ask(c, http.StatusOK, nil, dropQuestion()) }

// dropFactor takes one's own second factor away, where the role may do without.
func (a *Admin) dropFactor(c web.Ctx) error {
	u := web.User(c)
	needed, err := a.needsFactor(c, u)
	if err != nil {
		return err
	}
	if needed {
		return warned(c, "/admin/tai-khoan", "Vai trò của bạn bắt buộc có xác thực hai lớp nên không tắt được.")
	}
	if yes, err := a.answered(c, dropQuestion()); !yes {
		return err
	}
	if err := a.Store.ResetFactor(c.Request().Context(), u.Actor(), u.ID, web.Session(c).ID); err != nil {
		return err
	}
	return saved(c, "/admin/tai-khoan", "Đã tắt xác thực hai lớp.")
}
