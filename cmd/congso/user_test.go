package main

import (
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"
)

// run runs a command to its end with the input, and returns what it printed and its error.
func run(input string, args ...string) (string, error) {
	command := newCommand(nil)
	var out lockedBuffer
	command.SetArgs(args)
	command.SetIn(strings.NewReader(input))
	command.SetOut(&out)
	command.SetErr(&out)
	err := command.Execute()
	return out.String(), err
}

var setupLink = regexp.MustCompile(`/admin/thiet-lap\?ma=[A-Z2-7]+`)

// TestWayIn: a server without accounts prints a link for the first one. Accounts made from the shell beside it end the link.
func TestWayIn(t *testing.T) {
	eachDatabase(t, func(t *testing.T, folder, database string, args []string) {
		r := startHere(t, nil, append([]string{"serve"}, args...)...)
		link := ""
		if !eventually(patience, func() bool { link = setupLink.FindString(r.out.String()); return link != "" }) {
			t.Fatalf("no link in %q", r.out)
		}
		mustContain(t, "the page of the link", r.page(t, link), "Thiết lập lần đầu")
		mustLack(t, "the log", r.log.String(), strings.TrimPrefix(link, "/admin/thiet-lap?ma="))

		user := func(input, want string, words ...string) {
			t.Helper()
			out, err := run(input, append(append([]string{"user"}, words...), args...)...)
			if err != nil {
				out += err.Error()
			}
			mustContain(t, "user "+strings.Join(words, " "), out, want)
		}
		user("mưa rào tháng sáu\n", "Added hoa.tran (staff).", "add", "hoa.tran", "--role", "staff", "--full-name", "Trần Thị Hoa", "--email", "hoa@so.example.vn")
		if a := r.get(t, link); a.status != http.StatusNotFound {
			t.Errorf("the link when there is an account: %d", a.status)
		}
		user("mưa rào tháng bảy", "Tên đăng nhập này đã có", "add", "hoa.tran")
		user("ngắn\n", "ít nhất 10 ký tự", "passwd", "hoa.tran")
		user("x", `no account "ai.do"`, "passwd", "ai.do")
		user("", "staff, author, editor and admin", "add", "minh.le", "--role", "root")
		user("", "Trần Thị Hoa", "list")

		if status := r.login(t, "hoa.tran", "mưa rào tháng sáu"); status != http.StatusSeeOther {
			t.Errorf("login: %d", status)
		}
		user("một mùa hè khác", "Changed the password", "passwd", "hoa.tran")
		user("", "Disabled hoa.tran", "disable", "hoa.tran")
		user("", "disabled", "list")
		if status := r.login(t, "hoa.tran", "một mùa hè khác"); status != http.StatusUnprocessableEntity {
			t.Errorf("login of a disabled account: %d", status)
		}
		user("", "Enabled hoa.tran", "enable", "hoa.tran")
		if status := r.login(t, "hoa.tran", "một mùa hè khác"); status != http.StatusSeeOther {
			t.Errorf("login of an enabled account: %d", status)
		}
		r.finish(t)
		user("một mùa đông nữa", "Changed the password", "passwd", "hoa.tran") // without a server
		r = startHere(t, nil, append([]string{"serve"}, args...)...)
		r.page(t, "/")
		mustLack(t, "what a start with accounts prints", r.out.String(), "thiet-lap")
	})
}

// login sends the login form and returns the status of the answer.
func (r *running) login(t testing.TB, name, password string) int {
	t.Helper()
	return r.sendLogin(t, name, password).StatusCode
}

// session logs in and lets requests carry the cookie.
func (r *running) session(t testing.TB, name, password string) func(*http.Request) {
	t.Helper()
	response := r.sendLogin(t, name, password)
	if response.StatusCode != http.StatusSeeOther || len(response.Cookies()) != 1 {
		t.Fatalf("login of %s: %d, cookies %v", name, response.StatusCode, response.Cookies())
	}
	return func(request *http.Request) { request.AddCookie(response.Cookies()[0]) }
}

func (r *running) sendLogin(t testing.TB, name, password string) *http.Response {
	t.Helper()
	form := url.Values{"name": {name}, "password": {password}}
	client := http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	response, err := client.PostForm(r.url+"/admin/dang-nhap", form)
	if err != nil {
		t.Fatal(err)
	}
	if err := response.Body.Close(); err != nil {
		t.Fatal(err)
	}
	return response
}

func TestDemoAccounts(t *testing.T) {
	r := startHere(t, nil, "demo", "--data", demoData(t))
	if !eventually(patience, func() bool { return strings.Contains(r.out.String(), "quantri") }) {
		t.Fatalf("no accounts in %q", r.out)
	}
	mustContain(t, "what the start prints", r.out.String(), r.url+"/admin", demoPassword, "tacgia", "bientap", "quantri")
	mustContain(t, "login page", r.page(t, "/admin/dang-nhap"), demoLabel, demoPassword, "tacgia", "bientap", "quantri")
	for _, u := range demoUsers() {
		if status := r.login(t, u.Name, demoPassword); status != http.StatusSeeOther {
			t.Errorf("login of %s: %d", u.Name, status)
		}
	}
}
