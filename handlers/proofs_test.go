package handlers_test

import (
	"context"
	"net/http"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/pquerna/otp/totp"

	"congso/handlers"
	"congso/store"
	"congso/store/model"
	"congso/store/storetest"
)

// browserOf keeps the session's cookie from one answer to the next request, as a browser does.
type browserOf struct {
	*portal
	t      testing.TB
	cookie string
}

func (b *browserOf) keep(a answer) answer {
	for _, c := range (&http.Response{Header: a.header}).Cookies() {
		if c.Name == "congso" {
			b.cookie = c.Value
		}
	}
	return a
}

func (b *browserOf) get(target string) answer {
	return b.keep(b.portal.get(target, cookie("congso", b.cookie)))
}

func (b *browserOf) post(target string, pairs ...string) answer {
	return b.keep(b.portal.post(target, fields(pairs...), cookie("congso", b.cookie)))
}

// leads fails unless the answer sends the reader on to that address.
func (b *browserOf) leads(a answer, want string) {
	b.t.Helper()
	if got := a.header.Get("Location"); a.status != http.StatusSeeOther || got != want {
		b.t.Fatalf("status %d, Location %q, want 303, %q\n%.2000s", a.status, got, want, a.body)
	}
}

// shows fails unless the answer is a whole admin page with the texts.
func (b *browserOf) shows(a answer, status int, texts ...string) answer {
	b.t.Helper()
	if a.status != status {
		b.t.Fatalf("status %d, want %d; Location %q\n%.2000s", a.status, status, a.header.Get("Location"), a.body)
	}
	checkAdminPage(b.t, texts[0], a.body)
	checkAdminHeaders(b.t, texts[0], a)
	contains(b.t, "page", a.body, texts...)
	return a
}

func (b *browserOf) login(name, password, back string) answer {
	return b.post("/admin/dang-nhap", "name", name, "password", password, "ve", back)
}

// setFactor sets a second factor up on the page that asks for it, and returns its secret and the recovery codes.
func (b *browserOf) setFactor(pairs ...string) (secret string, codes []string) {
	b.t.Helper()
	page := b.shows(b.get("/admin/tai-khoan/xac-thuc"), http.StatusOK, "Thiết lập xác thực hai lớp").body
	secret = strings.ReplaceAll(between(b.t, page, `<p class="secret">`, "<"), " ", "")
	done := b.post("/admin/tai-khoan/xac-thuc", append(pairs, "code", b.codeOf(secret))...)
	b.shows(done, http.StatusOK, "Mã khôi phục", "chỉ hiện lần này")
	for _, m := range regexp.MustCompile(`<li>([a-z2-7]{4}-[a-z2-7]{4}-[a-z2-7]{4})</li>`).FindAllStringSubmatch(done.body, -1) {
		codes = append(codes, m[1])
	}
	if len(codes) != 10 {
		b.t.Fatalf("%d recovery codes, want 10", len(codes))
	}
	return secret, codes
}

func (b *browserOf) codeOf(secret string) string {
	b.t.Helper()
	code, err := totp.GenerateCode(secret, b.clock.Now())
	must(b.t, err)
	return code[:3] + " " + code[3:] // as apps show it
}

// TestSecondFactor: an editor sets one up at the first login, sees nothing before, and needs it at the next.
func TestSecondFactor(t *testing.T) {
	eachPortal(t, func(t *testing.T, p *portal) {
		p.withPassword(t, "bien.tap", model.RoleEditor)
		b := &browserOf{portal: p, t: t}
		b.leads(b.login("bien.tap", goodPassword, "/so-do"), "/admin/tai-khoan/xac-thuc?ve=%2Fso-do")
		before := b.cookie
		b.leads(b.get("/admin"), "/admin/tai-khoan/xac-thuc?ve=%2Fadmin")
		b.leads(b.get("/admin/tai-khoan"), "/admin/tai-khoan/xac-thuc?ve=%2Fadmin%2Ftai-khoan")
		b.leads(b.get("/admin/tai-khoan/xac-thuc/tat"), "/admin/tai-khoan/xac-thuc?ve=%2Fadmin%2Ftai-khoan%2Fxac-thuc%2Ftat")
		if a := b.get("/tin-tuc/tin-" + wordInternal); a.status != http.StatusNotFound {
			t.Errorf("internal item before the second factor: status %d, want 404", a.status)
		}
		if a := b.post("/admin/tai-khoan/phien/ket-thuc"); a.status != http.StatusUnauthorized {
			t.Errorf("a write before the second factor: status %d, want 401", a.status)
		}
		b.shows(b.post("/admin/tai-khoan/xac-thuc", "code", "000000"), http.StatusUnprocessableEntity, "Mã không đúng")
		qr := b.get("/admin/tai-khoan/xac-thuc/ma-qr.svg")
		if qr.status != http.StatusOK || qr.header.Get("Content-Type") != "image/svg+xml" || qr.header.Get("Cache-Control") != "no-store" || checkSVG(t, qr.body) < 200 {
			t.Errorf("QR code: status %d, %v", qr.status, qr.header)
		}
		secret, codes := b.setFactor("ve", "/so-do")
		if b.cookie == before {
			t.Error("the session has the id it had before all was proved")
		}
		contains(t, "home", b.get("/admin").body, "Nguyễn Thị bien.tap")

		again := &browserOf{portal: p, t: t}
		again.leads(again.login("bien.tap", goodPassword, "/so-do"), "/admin/ma-xac-thuc?ve=%2Fso-do")
		again.leads(again.get("/admin/tai-khoan/xac-thuc"), "/admin/ma-xac-thuc?ve=%2Fadmin%2Ftai-khoan%2Fxac-thuc")
		again.shows(again.post("/admin/ma-xac-thuc", "code", again.codeOf(secret)), http.StatusUnprocessableEntity, "Mã không đúng hoặc đã được dùng.") // it set the factor up
		p.clock.Add(30 * time.Second)
		code := again.codeOf(secret)
		again.leads(again.post("/admin/ma-xac-thuc", "code", code, "ve", "/so-do"), "/so-do")
		again.shows(again.get("/admin"), http.StatusOK, "Nguyễn Thị bien.tap")

		third := &browserOf{portal: p, t: t}
		third.login("bien.tap", goodPassword, "")
		third.shows(third.post("/admin/ma-xac-thuc", "code", code), http.StatusUnprocessableEntity, "Mã không đúng hoặc đã được dùng.")
		third.leads(third.post("/admin/ma-xac-thuc", "code", strings.ToUpper(codes[3])), "/admin")
		contains(t, "account", third.get("/admin/tai-khoan").body, "Còn 9 mã khôi phục", "phiên này")
		fourth := &browserOf{portal: p, t: t}
		fourth.login("bien.tap", goodPassword, "")
		fourth.shows(fourth.post("/admin/ma-xac-thuc", "code", codes[3]), http.StatusUnprocessableEntity, "Mã không đúng")
	})
}

// TestCodesAreSlowedDown: guessing codes is slowed as guessing passwords is, and a login half made ends by itself.
func TestCodesAreSlowedDown(t *testing.T) {
	eachPortal(t, func(t *testing.T, p *portal) {
		p.withPassword(t, "bien.tap", model.RoleEditor)
		b := &browserOf{portal: p, t: t}
		b.login("bien.tap", goodPassword, "")
		secret, _ := b.setFactor()
		b = &browserOf{portal: p, t: t}
		b.login("bien.tap", goodPassword, "")
		p.clock.Add(time.Minute)
		for range 4 {
			b.shows(b.post("/admin/ma-xac-thuc", "code", "123456"), http.StatusUnprocessableEntity, "Mã không đúng")
		}
		b.shows(b.post("/admin/ma-xac-thuc", "code", b.codeOf(secret)), http.StatusTooManyRequests, "thử lại sau 2 giây")
		p.clock.Add(31 * time.Minute)
		b.leads(b.post("/admin/ma-xac-thuc", "code", b.codeOf(secret)), "/admin/dang-nhap?ve=%2Fadmin")
	})
}

func TestTemporaryPassword(t *testing.T) {
	eachPortal(t, func(t *testing.T, p *portal) {
		admin := &browserOf{portal: p, t: t}
		admin.cookie = p.token(t, p.user(t, model.RoleAdmin))
		admin.shows(admin.post("/admin/nguoi-dung/moi", "name", "Sai Tên", "role", "author", "email", "không phải thư"), http.StatusUnprocessableEntity,
			"3 đến 40 chữ thường", "Chưa có họ tên.", "Địa chỉ thư điện tử không hợp lệ.", `value="Sai Tên"`, `value="không phải thư"`, `href="#f_full_name"`)
		made := admin.shows(admin.post("/admin/nguoi-dung/moi", "name", "moi.den", "full_name", "Trịnh Thị Mới", "role", "author"), http.StatusOK, "Mật khẩu tạm", "Trịnh Thị Mới")
		temporary := between(t, made.body, `<p class="secret">`, "<")
		admin.shows(admin.get("/admin/nguoi-dung?q=trinh+moi"), http.StatusOK, "Trịnh Thị Mới", "mật khẩu tạm", "1 tài khoản")

		b := &browserOf{portal: p, t: t}
		b.leads(b.login("moi.den", temporary, ""), "/admin/tai-khoan/mat-khau?ve=%2Fadmin")
		b.leads(b.get("/admin"), "/admin/tai-khoan/mat-khau?ve=%2Fadmin")
		b.shows(b.get("/admin/tai-khoan/mat-khau"), http.StatusOK, "Đổi mật khẩu", "mật khẩu tạm")
		for _, c := range []struct{ old, first, second, want string }{
			{"sai", goodPassword, goodPassword, "Mật khẩu hiện tại không đúng."},
			{temporary, goodPassword, goodPassword + ".", "không giống nhau"},
			{temporary, temporary, temporary, "phải khác mật khẩu cũ"},
			{temporary, "ngắn quá", "ngắn quá", "ít nhất 10 ký tự"},
			{temporary, "moi.den-2026", "moi.den-2026", "tên của chính bạn"},
			{temporary, "Anh yêu em 123", "Anh yêu em 123", "quá dễ đoán"},
		} {
			b.shows(b.post("/admin/tai-khoan/mat-khau", "old_password", c.old, "password", c.first, "password_again", c.second), http.StatusUnprocessableEntity, c.want)
		}
		b.leads(b.post("/admin/tai-khoan/mat-khau", "old_password", temporary, "password", goodPassword, "password_again", goodPassword, "ve", "/so-do"), "/so-do")
		b.shows(b.get("/admin"), http.StatusOK, "Trịnh Thị Mới")
		b.shows(b.login("moi.den", temporary, ""), http.StatusUnprocessableEntity, "không đúng")
	})
}

// token is the token of a new session of the account.
func (p *portal) token(t testing.TB, u model.User) string {
	t.Helper()
	token, err := p.store.StartSession(context.Background(), u.ID, true, browser, "")
	must(t, err)
	return token
}

func TestOwnSessions(t *testing.T) {
	eachPortal(t, func(t *testing.T, p *portal) {
		u := p.withPassword(t, "hoa.tran", model.RoleStaff)
		here, phone, third := &browserOf{portal: p, t: t, cookie: p.token(t, u)}, &browserOf{portal: p, t: t}, &browserOf{portal: p, t: t, cookie: p.token(t, u)}
		a := p.post("/admin/dang-nhap", fields("name", "hoa.tran", "password", goodPassword), with("User-Agent", "Mozilla/5.0 (Linux; Android 15) AppleWebKit/537.36 Chrome/140.0 Mobile Safari/537.36"))
		phone.keep(a)
		page := here.shows(here.get("/admin/tai-khoan"), http.StatusOK, "phiên này", "Chrome trên Android", "Firefox trên Linux").body
		action := between(t, page[strings.Index(page, "Chrome trên Android"):], `action="`, `"`)
		here.leads(here.post(action), "/admin/tai-khoan")
		contains(t, "account", here.get("/admin/tai-khoan").body, "Đã kết thúc phiên đăng nhập đó.")
		lacks(t, "account", here.get("/admin/tai-khoan").body, "Đã kết thúc phiên", "Chrome trên Android")
		phone.leads(phone.get("/admin"), "/admin/dang-nhap?ve=%2Fadmin")
		other := &browserOf{portal: p, t: t, cookie: p.token(t, p.user(t, model.RoleAuthor))}
		other.leads(other.post(strings.Replace(action, between(t, action, "phien/", "/ket"), here.keyOf(u), 1)), "/admin/tai-khoan")
		here.shows(here.get("/admin"), http.StatusOK, "Nguyễn Thị hoa.tran") // another account cannot end it
		here.leads(here.post("/admin/tai-khoan/phien/ket-thuc"), "/admin/tai-khoan")
		third.leads(third.get("/admin"), "/admin/dang-nhap?ve=%2Fadmin")
		here.shows(here.get("/admin"), http.StatusOK, "Nguyễn Thị hoa.tran")
	})
}

// keyOf is the key of one of the account's sessions.
func (p *portal) keyOf(u model.User) string {
	sessions, err := p.store.Sessions(context.Background(), u.ID)
	if err != nil || len(sessions) == 0 {
		return ""
	}
	return sessions[len(sessions)-1].Key
}

func TestUsersDesk(t *testing.T) {
	eachPortal(t, func(t *testing.T, p *portal) {
		admin := p.user(t, model.RoleAdmin)
		b := &browserOf{portal: p, t: t, cookie: p.token(t, admin)}
		author := storetest.User(t, p.store, "tac.gia", model.RoleAuthor, func(u *model.User) { u.FullName = "Đỗ Ước" })
		login := p.loginAs(t, author)
		page := "/admin/nguoi-dung/" + itoa(author.ID)
		b.shows(b.get("/admin/nguoi-dung?q=do+uoc&vai-tro=author"), http.StatusOK, "Đỗ Ước", page)
		b.shows(b.get("/admin/nguoi-dung?q=do+uoc&vai-tro=editor"), http.StatusOK, "Không có tài khoản nào")
		b.shows(b.get(page), http.StatusOK, "Đỗ Ước", "Firefox trên Linux", "Cải cách hành chính")
		section, err := p.store.SectionBySlug(context.Background(), "thong-bao")
		must(t, err)
		b.leads(b.post(page, "name", "tac.gia", "full_name", "Đỗ Thị Ước", "role", "author", "sections", itoa(section.ID)), "/admin/nguoi-dung")
		contains(t, "list", b.get("/admin/nguoi-dung").body, "Đã lưu tài khoản «tac.gia».", "Đỗ Thị Ước")
		contains(t, "form", b.get(page).body, `value="`+itoa(section.ID)+`" checked`)
		if a := p.get("/admin", login); a.status != http.StatusOK {
			t.Errorf("after another name: status %d", a.status)
		}
		b.leads(b.post(page+"/khoa"), page)
		if a := p.get("/admin", login); a.status != http.StatusSeeOther {
			t.Errorf("a disabled account: status %d, want 303", a.status)
		}
		b.shows(b.get(page), http.StatusOK, "Đã khóa tài khoản", "Mở lại tài khoản")
		b.leads(b.post(page+"/mo"), page)
		own := "/admin/nguoi-dung/" + itoa(admin.ID)
		b.leads(b.post(own+"/khoa"), own)
		contains(t, "own page", b.get(own).body, "không thể tự khóa")
		b.shows(b.post(own, "name", admin.Name, "full_name", "Tôi", "role", "staff"), http.StatusUnprocessableEntity, "quản trị viên cuối cùng")
		if a := b.post("/admin/nguoi-dung/999999/khoa"); a.status != http.StatusNotFound {
			t.Errorf("an account that is not there: status %d", a.status)
		}
		b.leads(b.post("/admin/nguoi-dung/xac-thuc", "roles", "admin"), "/admin/nguoi-dung")
		contains(t, "list", b.get("/admin/nguoi-dung").body, "cho chính bạn trước")
		editor := p.login(t, model.RoleEditor)
		b.leads(b.post("/admin/nguoi-dung/xac-thuc", "roles", "editor", "roles", "editor"), "/admin/nguoi-dung")
		if a := p.get("/admin", editor); a.status != http.StatusSeeOther {
			t.Errorf("an editor's session without the factor that is needed now: status %d, want 303", a.status)
		}
	})
}

func TestResetFactor(t *testing.T) {
	eachPortal(t, func(t *testing.T, p *portal) {
		p.withPassword(t, "bien.tap", model.RoleEditor)
		b := &browserOf{portal: p, t: t}
		b.login("bien.tap", goodPassword, "")
		_, codes := b.setFactor()
		u, err := p.store.UserByName(context.Background(), "bien.tap")
		must(t, err)
		admin := &browserOf{portal: p, t: t, cookie: p.token(t, p.user(t, model.RoleAdmin))}
		page := "/admin/nguoi-dung/" + itoa(u.ID)
		contains(t, "account", admin.get(page).body, "Xóa xác thực hai lớp")
		admin.leads(admin.post(page+"/xac-thuc"), page)
		b.leads(b.get("/admin"), "/admin/dang-nhap?ve=%2Fadmin")
		b.leads(b.login("bien.tap", goodPassword, ""), "/admin/tai-khoan/xac-thuc?ve=%2Fadmin")
		if err := p.store.CheckFactor(context.Background(), u, codes[0], outside); err == nil {
			t.Error("a recovery code outlived the reset")
		}
		b.setFactor()
		b.shows(b.post("/admin/tai-khoan/ma-khoi-phuc", "old_password", "sai"), http.StatusUnprocessableEntity, "Mật khẩu hiện tại không đúng.")
		b.shows(b.post("/admin/tai-khoan/ma-khoi-phuc", "old_password", goodPassword), http.StatusOK, "chỉ hiện lần này")
		b.leads(b.post("/admin/tai-khoan/xac-thuc/tat", "old_password", goodPassword), "/admin/tai-khoan")
		contains(t, "account", b.get("/admin/tai-khoan").body, "bắt buộc có xác thực hai lớp nên không tắt được", "đang bật")
		must(t, p.store.SetFactorRoles(context.Background(), storetest.Actor(), nil))
		b.leads(b.post("/admin/tai-khoan/xac-thuc/tat", "old_password", goodPassword), "/admin/tai-khoan")
		contains(t, "account", b.get("/admin/tai-khoan").body, "chưa bật")
	})
}

func TestSetup(t *testing.T) {
	storetest.EachOptions(t, func(t *testing.T, o store.Options) {
		p := newPortal(t, o, seed)
		ctx := context.Background()
		stale, err := p.store.NewSetup(ctx)
		must(t, err)
		code, err := p.store.NewSetup(ctx)
		must(t, err)
		b := &browserOf{portal: p, t: t}
		for _, wrong := range []string{"", stale, code + "A", strings.ToLower(code)} {
			b.shows(b.get("/admin/thiet-lap?ma="+wrong), http.StatusNotFound, "Liên kết không còn dùng được")
		}
		b.shows(b.get("/admin/thiet-lap?ma="+code), http.StatusOK, "Thiết lập lần đầu", code)
		b.shows(b.post("/admin/thiet-lap", "ma", code, "name", "X", "password", "ngắn", "password_again", "ngắn"), http.StatusUnprocessableEntity,
			"3 đến 40 chữ thường", "Chưa có họ tên.", "ít nhất 10 ký tự", code)
		p.clock.Add(30*time.Minute - time.Second)
		b.shows(b.get("/admin/thiet-lap?ma="+code), http.StatusOK, "Thiết lập lần đầu")
		p.clock.Add(time.Second)
		b.shows(b.get("/admin/thiet-lap?ma="+code), http.StatusNotFound, "30 phút")
		if code, err = p.store.NewSetup(ctx); err != nil {
			t.Fatal(err)
		}
		filled := []string{"ma", code, "name", "quan.tri", "full_name", "Quách Thị Trị", "password", goodPassword, "password_again", goodPassword}
		b.leads(b.post("/admin/thiet-lap", filled...), "/admin/tai-khoan/xac-thuc?ve=%2Fadmin")
		b.setFactor()
		b.shows(b.get("/admin/nguoi-dung"), http.StatusOK, "Quách Thị Trị", "Quản trị viên")
		b.shows(b.post("/admin/thiet-lap", filled...), http.StatusNotFound, "Liên kết không còn dùng được")
		if _, err := p.store.NewSetup(ctx); err == nil {
			t.Error("a link while there is an account")
		}
	})
}

// TestDemoAccounts: the login page of a demo names its accounts, and they need no second factor.
func TestDemoAccounts(t *testing.T) {
	eachPortal(t, func(t *testing.T, p *portal) {
		p.options.Demo, p.options.Accounts = true, []handlers.DemoAccount{{Name: "quantri", Password: goodPassword, Role: model.RoleAdmin}}
		p.server = handlers.New(p.options)
		p.withPassword(t, "quantri", model.RoleAdmin)
		b := &browserOf{portal: p, t: t}
		b.shows(b.get("/admin/dang-nhap"), http.StatusOK, "Dữ liệu mẫu.", "quantri", goodPassword, "miễn xác thực hai lớp")
		b.leads(b.login("quantri", goodPassword, ""), "/admin")
		b.shows(b.get("/admin/tai-khoan"), http.StatusOK, "được miễn xác thực hai lớp")
	})
}
