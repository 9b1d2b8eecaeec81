package main

import (
	"net/http"
	"strings"
	"testing"

	"congso/cmd/congso/congsotest"
)

// TestWayIn: a server without accounts prints a link for the first one. Accounts made from the shell beside it end the link.
func TestWayIn(t *testing.T) {
	congsotest.EachDatabase(t, func(t *testing.T, folder, database string, args []string) {
		r := startHere(t, nil, append([]string{"serve"}, args...)...)
		link := ""
		if !congsotest.Eventually(congsotest.Patience, func() bool { link = congsotest.SetupLink.FindString(r.Out.String()); return link != "" }) {
			t.Fatalf("no link in %q", r.Out)
		}
		congsotest.MustContain(t, "the page of the link", r.Page(t, link), "Thiết lập lần đầu")
		congsotest.MustLack(t, "the log", r.Log.String(), strings.TrimPrefix(link, "/admin/thiet-lap?ma="))

		user := func(input, want string, words ...string) {
			t.Helper()
			out, err := run(input, append(append([]string{"user"}, words...), args...)...)
			if err != nil {
				out += err.Error()
			}
			congsotest.MustContain(t, "user "+strings.Join(words, " "), out, want)
		}
		user("mưa rào tháng sáu\n", "Added hoa.tran (staff).", "add", "hoa.tran", "--role", "staff", "--full-name", "Trần Thị Hoa", "--email", "hoa@so.example.vn")
		if a := r.Get(t, link); a.Status != http.StatusNotFound {
			t.Errorf("the link when there is an account: %d", a.Status)
		}
		user("mưa rào tháng bảy", "Tên đăng nhập này đã có", "add", "hoa.tran")
		user("ngắn\n", "ít nhất 10 ký tự", "passwd", "hoa.tran")
		user("x", `no account "ai.do"`, "passwd", "ai.do")
		user("", "staff, author, editor and admin", "add", "minh.le", "--role", "root")
		user("", "Trần Thị Hoa", "list")

		if status := r.Login(t, "hoa.tran", "mưa rào tháng sáu"); status != http.StatusSeeOther {
			t.Errorf("login: %d", status)
		}
		user("một mùa hè khác", "Changed the password", "passwd", "hoa.tran")
		user("", "Disabled hoa.tran", "disable", "hoa.tran")
		user("", "disabled", "list")
		if status := r.Login(t, "hoa.tran", "một mùa hè khác"); status != http.StatusUnprocessableEntity {
			t.Errorf("login of a disabled account: %d", status)
		}
		user("", "Enabled hoa.tran", "enable", "hoa.tran")
		if status := r.Login(t, "hoa.tran", "một mùa hè khác"); status != http.StatusSeeOther {
			t.Errorf("login of an enabled account: %d", status)
		}
		r.Finish(t)
		user("một mùa đông nữa", "Changed the password", "passwd", "hoa.tran") // without a server
		r = startHere(t, nil, append([]string{"serve"}, args...)...)
		r.Page(t, "/")
		congsotest.MustLack(t, "what a start with accounts prints", r.Out.String(), "thiet-lap")
	})
}

func TestDemoAccounts(t *testing.T) {
	r := startHere(t, nil, "demo", "--data", congsotest.DemoData(t))
	if !congsotest.Eventually(congsotest.Patience, func() bool { return strings.Contains(r.Out.String(), "quantri") }) {
		t.Fatalf("no accounts in %q", r.Out)
	}
	if demoPassword != congsotest.DemoPassword {
		t.Errorf("the tests log in with %q", congsotest.DemoPassword)
	}
	congsotest.MustContain(t, "what the start prints", r.Out.String(), r.URL+"/admin", demoPassword, "tacgia", "bientap", "quantri")
	congsotest.MustContain(t, "login page", r.Page(t, "/admin/dang-nhap"), congsotest.DemoLabel, demoPassword, "tacgia", "bientap", "quantri")
	for _, u := range demoUsers() {
		if status := r.Login(t, u.Name, demoPassword); status != http.StatusSeeOther {
			t.Errorf("login of %s: %d", u.Name, status)
		}
	}
}
