package desks

import (
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
	"github.com/pquerna/otp/totp"

	"congso/cmd/congso/congsotest"
)

// TestSecondFactorInTheBrowser: the first administrator comes by the printed link, must set up a second factor, and logs in with its code
// and with a recovery code.
func TestSecondFactorInTheBrowser(t *testing.T) {
	t.Parallel()
	const name, password = "hoa.tran", "mưa rào tháng sáu"
	chrome := congsotest.SharedBrowser(t)
	site := congsotest.Start(t, nil, "serve", "--data", filepath.Join(t.TempDir(), "data"))
	link := ""
	if !congsotest.Eventually(congsotest.Patience, func() bool { link = congsotest.SetupLink.FindString(site.Out.String()); return link != "" }) {
		t.Fatalf("no link in %q", site.Out)
	}
	b := congsotest.Open(t, chrome, site)
	b.Visit(link, 200)
	write(b, "#f_name", name)
	write(b, "#f_full_name", "Trần Thị Hoa")
	write(b, "#f_password", password)
	write(b, "#f_password_again", password)
	b.Click(`main form button[type="submit"]`)
	if got := b.Text("h1"); got != "Thiết lập xác thực hai lớp" {
		t.Fatalf("after the set-up: %q at %s", got, b.Path())
	}
	b.Visit("/admin", 200)
	if got := b.Path(); got == "/admin" {
		t.Error("somebody without the second factor that the role needs is let in")
	}
	b.Visit("/admin/tai-khoan/xac-thuc", 200)
	secret := strings.Join(strings.Fields(b.Text("p.secret")), "")
	began := time.Now()
	code := func(at time.Time) string {
		c, err := totp.GenerateCode(secret, at)
		if err != nil {
			t.Fatal(err)
		}
		return c
	}
	write(b, "#f_code", code(began))
	b.Click(`form[action="/admin/tai-khoan/xac-thuc"] button`)
	recovery := b.Text("ul.secret li")
	if recovery == "" {
		t.Fatalf("no recovery codes: %q", b.Text("main"))
	}
	b.Click("main a.button")

	in := func(proof string) {
		t.Helper()
		b.Follow("log out", chromedp.Click(chromedp.CSS(`.bar form button`)))
		b.Visit("/admin/dang-nhap", 200)
		write(b, "#f_name", name)
		write(b, "#f_password", password)
		b.Click(`main form button[type="submit"]`)
		if got := b.Text("h1"); got != "Mã xác thực" {
			t.Fatalf("after the password: %q at %s", got, b.Path())
		}
		write(b, "#f_code", proof)
		b.Click(`form[action="/admin/ma-xac-thuc"] button`)
		if got := b.Text("h1"); got != "Chào Trần Thị Hoa" {
			t.Errorf("after the proof: %q at %s", got, b.Path())
		}
	}
	in(code(began.Add(30 * time.Second))) // the next one: a code proves once
	in(recovery)
}
