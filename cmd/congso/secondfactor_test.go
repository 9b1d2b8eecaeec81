package main

import (
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
	"github.com/pquerna/otp/totp"
)

// TestSecondFactorInTheBrowser: the first administrator comes by the printed link, must set up a second factor, and logs in with its code
// and with a recovery code.
func TestSecondFactorInTheBrowser(t *testing.T) {
	t.Parallel()
	const name, password = "hoa.tran", "mưa rào tháng sáu"
	chrome := sharedBrowser(t)
	site := startHere(t, nil, "serve", "--data", filepath.Join(t.TempDir(), "data"))
	link := ""
	if !eventually(patience, func() bool { link = setupLink.FindString(site.out.String()); return link != "" }) {
		t.Fatalf("no link in %q", site.out)
	}
	b := open(t, chrome, site)
	b.visit(link, 200)
	b.write("#f_name", name)
	b.write("#f_full_name", "Trần Thị Hoa")
	b.write("#f_password", password)
	b.write("#f_password_again", password)
	b.click(`main form button[type="submit"]`)
	if got := b.text("h1"); got != "Thiết lập xác thực hai lớp" {
		t.Fatalf("after the set-up: %q at %s", got, b.path())
	}
	b.visit("/admin", 200)
	if got := b.path(); got == "/admin" {
		t.Error("somebody without the second factor that the role needs is let in")
	}
	b.visit("/admin/tai-khoan/xac-thuc", 200)
	secret := strings.Join(strings.Fields(b.text("p.secret")), "")
	began := time.Now()
	code := func(at time.Time) string {
		c, err := totp.GenerateCode(secret, at)
		if err != nil {
			t.Fatal(err)
		}
		return c
	}
	b.write("#f_code", code(began))
	b.click(`form[action="/admin/tai-khoan/xac-thuc"] button`)
	recovery := b.text("ul.secret li")
	if recovery == "" {
		t.Fatalf("no recovery codes: %q", b.text("main"))
	}
	b.click("main a.button")

	in := func(proof string) {
		t.Helper()
		b.follow("log out", chromedp.Click(chromedp.CSS(`.bar form button`)))
		b.visit("/admin/dang-nhap", 200)
		b.write("#f_name", name)
		b.write("#f_password", password)
		b.click(`main form button[type="submit"]`)
		if got := b.text("h1"); got != "Mã xác thực" {
			t.Fatalf("after the password: %q at %s", got, b.path())
		}
		b.write("#f_code", proof)
		b.click(`form[action="/admin/ma-xac-thuc"] button`)
		if got := b.text("h1"); got != "Chào Trần Thị Hoa" {
			t.Errorf("after the proof: %q at %s", got, b.path())
		}
	}
	in(code(began.Add(30 * time.Second))) // the next one: a code proves once
	in(recovery)
}
