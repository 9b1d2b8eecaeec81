package handlers_test

import (
	"context"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"congso/handlers"
	"congso/store"
	"congso/store/model"
	"congso/store/storetest"
)

const goodPassword = "Cầu treo đỏ 7 nhịp"

// withPassword is an account that can log in with goodPassword.
func (p *portal) withPassword(t testing.TB, name string, role model.Role) model.User {
	t.Helper()
	u := storetest.User(t, p.store, name, role)
	must(t, p.store.SetPassword(context.Background(), storetest.Actor(), u.ID, goodPassword, ""))
	return u
}

// setCookie is the session's cookie in an answer.
func setCookie(t testing.TB, a answer, name string) *http.Cookie {
	t.Helper()
	for _, c := range (&http.Response{Header: a.header}).Cookies() {
		if c.Name == name {
			return c
		}
	}
	t.Fatalf("no cookie %q in an answer of status %d: %v\n%.300s", name, a.status, a.header, a.body)
	return nil
}

func TestLogin(t *testing.T) {
	eachPortal(t, func(t *testing.T, p *portal) {
		p.withPassword(t, "hoa.tran", model.RoleStaff)
		old := setCookie(t, p.post("/admin/dang-nhap", fields("name", "hoa.tran", "password", goodPassword)), "congso")
		a := p.post("/admin/dang-nhap", fields("name", " hoa.tran ", "password", goodPassword, "ve", "/danh-ba?q=a"), cookie("congso", old.Value))
		if a.status != http.StatusSeeOther || a.header.Get("Location") != "/danh-ba?q=a" {
			t.Fatalf("status %d, Location %q", a.status, a.header.Get("Location"))
		}
		c := setCookie(t, a, "congso")
		if !c.HttpOnly || c.Secure || c.SameSite != http.SameSiteLaxMode || c.Path != "/" || c.Domain != "" || c.MaxAge != 0 || len(c.Value) != 43 {
			t.Errorf("cookie %s", c)
		}
		if c.Value == old.Value {
			t.Error("the second login has the id of the first")
		}
		contains(t, "home", p.page(t, "/admin", cookie("congso", c.Value)), "Nguyễn Thị hoa.tran")
		for name, value := range map[string]string{"the session before": old.Value, "an invented one": strings.Repeat("A", 43), "an empty one": ""} {
			if a := p.get("/admin", cookie("congso", value)); a.status != http.StatusSeeOther {
				t.Errorf("%s: status %d, want 303", name, a.status)
			}
		}
		if a := p.get("/admin/dang-nhap?ve=/so-do", cookie("congso", c.Value)); a.status != http.StatusSeeOther || a.header.Get("Location") != "/so-do" {
			t.Errorf("login page when logged in: status %d, Location %q", a.status, a.header.Get("Location"))
		}
		out := p.post("/admin/dang-xuat", "", cookie("congso", c.Value))
		if got := setCookie(t, out, "congso"); out.status != http.StatusSeeOther || got.MaxAge >= 0 || got.Value != "" {
			t.Errorf("logout: status %d, cookie %s", out.status, got)
		}
		if a := p.get("/admin", cookie("congso", c.Value)); a.status != http.StatusSeeOther {
			t.Errorf("after the logout: status %d, want 303", a.status)
		}
	})
}

func TestLoginUnderTLS(t *testing.T) {
	eachPortal(t, func(t *testing.T, p *portal) {
		p.options.Public, p.options.Base = &url.URL{Scheme: "https", Host: host}, "https://"+host
		p.server = handlers.New(p.options)
		p.withPassword(t, "hoa.tran", model.RoleStaff)
		c := setCookie(t, p.post("/admin/dang-nhap", fields("name", "hoa.tran", "password", goodPassword), with("Origin", "https://"+host)), "__Host-congso")
		if !c.Secure || !c.HttpOnly || c.Path != "/" || c.Domain != "" {
			t.Errorf("cookie %s", c)
		}
		if a := p.get("/admin", cookie("congso", c.Value)); a.status != http.StatusSeeOther {
			t.Errorf("the cookie without its prefix: status %d, want 303", a.status)
		}
		p.page(t, "/admin", cookie("__Host-congso", c.Value))
	})
}

// TestRefusedLogins: a wrong password, an unknown name and a disabled account are answered alike.
func TestRefusedLogins(t *testing.T) {
	eachPortal(t, func(t *testing.T, p *portal) {
		p.withPassword(t, "hoa.tran", model.RoleStaff)
		gone := p.withPassword(t, "minh.le", model.RoleStaff)
		gone.Disabled = true
		must(t, p.store.PutUser(context.Background(), storetest.Actor(), &gone))
		storetest.User(t, p.store, "chua.co", model.RoleAdmin)
		var bodies []string
		for i, try := range [][2]string{{"hoa.tran", "sai mật khẩu"}, {"khong.co.ai", goodPassword}, {"minh.le", goodPassword}, {"chua.co", ""}, {"hoa.tran' OR 1=1 --", "x"}} {
			a := p.post("/admin/dang-nhap", fields("name", try[0], "password", try[1], "ve", "/so-do"), from("198.51.100."+string(rune('1'+i))))
			if a.status != http.StatusUnprocessableEntity || len(a.header.Values("Set-Cookie")) != 0 {
				t.Errorf("%v: status %d, cookies %v", try, a.status, a.header.Values("Set-Cookie"))
			}
			checkAdminPage(t, try[0], a.body)
			contains(t, try[0], a.body, "Tên đăng nhập hoặc mật khẩu không đúng.", `value="/so-do"`)
			if try[1] != "" && try[1] != "x" {
				lacks(t, try[0], a.body, try[1])
			}
			bodies = append(bodies, between(t, a.body, "<main", `id="f_name"`))
		}
		for _, b := range bodies {
			if b != bodies[0] {
				t.Errorf("answers differ:\n%s\n%s", bodies[0], b)
			}
		}
	})
}

// TestLoginIsSlowedDown: guesses at an account from one address are slowed; its owner elsewhere is not, nor after the wait.
func TestLoginIsSlowedDown(t *testing.T) {
	eachPortal(t, func(t *testing.T, p *portal) {
		p.withPassword(t, "hoa.tran", model.RoleStaff)
		try := func(password, address string) answer {
			return p.post("/admin/dang-nhap", fields("name", "hoa.tran", "password", password), from(address))
		}
		for range 4 {
			if a := try("đoán mò", outside); a.status != http.StatusUnprocessableEntity {
				t.Fatalf("guess: status %d", a.status)
			}
		}
		a := try(goodPassword, outside)
		if a.status != http.StatusTooManyRequests || a.header.Get("Retry-After") != "2" {
			t.Errorf("after 4 guesses: status %d, Retry-After %q", a.status, a.header.Get("Retry-After"))
		}
		contains(t, "slowed", a.body, "thử lại sau 2 giây", `value="hoa.tran"`)
		if a := try(goodPassword, "198.51.100.7"); a.status != http.StatusSeeOther {
			t.Errorf("from elsewhere: status %d, want 303", a.status)
		}
		p.clock.Add(2 * time.Second)
		if a := try(goodPassword, outside); a.status != http.StatusSeeOther {
			t.Errorf("after the wait: status %d, want 303", a.status)
		}
		if a := try("đoán mò", outside); a.status != http.StatusUnprocessableEntity {
			t.Errorf("first guess after a login: status %d, want 422", a.status)
		}
	})
}

func TestSessionsExpire(t *testing.T) {
	storetest.EachOptions(t, func(t *testing.T, o store.Options) {
		o.SessionIdle, o.SessionMax = time.Hour, 3*time.Hour
		p := newPortal(t, o, seed)
		login := p.login(t, model.RoleStaff)
		for i, step := range []struct {
			wait time.Duration
			want int
		}{{59 * time.Minute, 200}, {59 * time.Minute, 200}, {59 * time.Minute, 200}, {3 * time.Minute, 303}} { // 177 minutes, then the absolute end
			p.clock.Add(step.wait)
			if a := p.get("/admin", login); a.status != step.want {
				t.Errorf("step %d: status %d, want %d", i, a.status, step.want)
			}
		}
		idle := p.login(t, model.RoleStaff)
		p.clock.Add(time.Hour)
		if a := p.get("/admin", idle); a.status != http.StatusSeeOther {
			t.Errorf("after an idle hour: status %d, want 303", a.status)
		}
	})
}

func TestSessionsEndWithTheAccount(t *testing.T) {
	eachPortal(t, func(t *testing.T, p *portal) {
		for name, change := range map[string]func(u *model.User) error{
			"disabled": func(u *model.User) error {
				u.Disabled = true
				return p.store.PutUser(t.Context(), storetest.Actor(), u)
			},
			"another role": func(u *model.User) error {
				u.Role = model.RoleAuthor
				return p.store.PutUser(t.Context(), storetest.Actor(), u)
			},
			"new password": func(u *model.User) error {
				return p.store.SetPassword(t.Context(), storetest.Actor(), u.ID, goodPassword, "")
			},
		} {
			u := storetest.User(t, p.store, model.Slug(name), model.RoleStaff)
			login := p.loginAs(t, u)
			p.page(t, "/admin", login)
			must(t, change(&u))
			if a := p.get("/admin", login); a.status != http.StatusSeeOther {
				t.Errorf("%s: status %d, want 303", name, a.status)
			}
		}
	})
}

// TestSessionsWithoutADatabase: a session that cannot be looked up is no reason to ask for a login.
func TestSessionsWithoutADatabase(t *testing.T) {
	storetest.EachOptions(t, func(t *testing.T, o store.Options) {
		p := closed(t, o)
		for _, target := range []string{"/admin", "/admin/dang-nhap", "/", "/khong-co"} {
			a := p.get(target, cookie("congso", strings.Repeat("A", 43)))
			if a.status != http.StatusServiceUnavailable || a.header.Get("Retry-After") != "10" {
				t.Errorf("GET %s: status %d, Retry-After %q", target, a.status, a.header.Get("Retry-After"))
			}
		}
		if a := p.get(styleSheet(t, p), cookie("congso", "x")); a.status != http.StatusOK {
			t.Errorf("style sheet: status %d", a.status)
		}
	})
}

// TestLoginLeadsNowhereElse: the address to open after a login is one of this site.
func TestLoginLeadsNowhereElse(t *testing.T) {
	eachPortal(t, func(t *testing.T, p *portal) {
		login := p.login(t, model.RoleStaff)
		for back, want := range map[string]string{
			"": "/admin", "/": "/admin", "//evil.example": "/admin", `/\evil.example`: "/admin", "https://evil.example/": "/admin", "javascript:alert(1)": "/admin",
			"/%5cevil.example": "/admin", "/%2fevil.example": "/admin", "evil": "/admin", "/admin/dang-nhap?ve=/x": "/admin", "/danh-ba?q=%C4%91": "/danh-ba?q=%C4%91",
		} {
			a := p.get("/admin/dang-nhap?ve="+url.QueryEscape(back), login)
			if got := a.header.Get("Location"); a.status != http.StatusSeeOther || got != want {
				t.Errorf("ve=%q: status %d, Location %q, want %q", back, a.status, got, want)
			}
		}
	})
}
