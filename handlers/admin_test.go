package handlers_test

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"golang.org/x/net/html"

	"congso/handlers/admin"
	"congso/store/model"
	"congso/store/storetest"
)

// user is the account of the tests with that role, made when it is first asked for. It has no password: see login.
func (p *portal) user(t testing.TB, role model.Role) model.User {
	t.Helper()
	name := "thu." + string(role)
	u, err := p.store.UserByName(context.Background(), name)
	if errors.Is(err, model.ErrNotFound) {
		return storetest.User(t, p.store, name, role)
	}
	must(t, err)
	return u
}

// login lets requests come from a browser in which the account of that role is logged in. Each call is a session of its own.
func (p *portal) login(t testing.TB, role model.Role) func(*http.Request) {
	t.Helper()
	return p.loginAs(t, p.user(t, role))
}

// loginAs is login for any account.
func (p *portal) loginAs(t testing.TB, u model.User) func(*http.Request) {
	t.Helper()
	token, err := p.store.StartSession(context.Background(), u.ID, true, browser, "")
	must(t, err)
	return cookie("congso", token)
}

func cookie(name, value string) func(*http.Request) {
	return func(r *http.Request) { r.AddCookie(&http.Cookie{Name: name, Value: value}) }
}

// fields is the body of a form: name, value, name, value, …
func fields(pairs ...string) string {
	values := url.Values{}
	for i := 0; i < len(pairs); i += 2 {
		values.Add(pairs[i], pairs[i+1])
	}
	return values.Encode()
}

// post sends a form as the portal's own page does.
func (p *portal) post(target, body string, change ...func(*http.Request)) answer {
	return p.do(http.MethodPost, target, append([]func(*http.Request){form(body)}, change...)...)
}

// The roles that may use a route, as routes name them below.
const (
	everybody = "staff author editor admin"
	authors   = "author editor admin"
	editors   = "editor admin"
	admins    = "admin"
)

// allowed names for each route behind the login who may use it. A route that is missing fails the test: add a line for each new one.
var allowed = map[string]string{
	"GET /admin": everybody,

	"GET /admin/danh-ba":                      authors,
	"POST /admin/danh-ba/xac-nhan":            editors,
	"GET /admin/danh-ba/xuat/:tep":            authors,
	"GET /admin/danh-ba/nhap":                 editors,
	"POST /admin/danh-ba/nhap":                editors,
	"GET /admin/danh-ba/nhap/:id":             editors,
	"POST /admin/danh-ba/nhap/:id":            editors,
	"GET /admin/danh-ba/don-vi/moi":           authors,
	"POST /admin/danh-ba/don-vi/moi":          authors,
	"GET /admin/danh-ba/don-vi/:id":           authors,
	"POST /admin/danh-ba/don-vi/:id":          authors,
	"POST /admin/danh-ba/don-vi/:id/xac-nhan": editors,
	"GET /admin/danh-ba/don-vi/:id/sap-nhap":  editors,
	"POST /admin/danh-ba/don-vi/:id/sap-nhap": editors,
	"GET /admin/danh-ba/nguoi/moi":            authors,
	"POST /admin/danh-ba/nguoi/moi":           authors,
	"GET /admin/danh-ba/nguoi/:id":            authors,
	"POST /admin/danh-ba/nguoi/:id":           authors,
	"POST /admin/danh-ba/nguoi/:id/xac-nhan":  editors,
	"POST /admin/danh-ba/nguoi/:id/luu-tru":   editors,
	"POST /admin/danh-ba/nguoi/:id/khoi-phuc": editors,
	"GET /admin/danh-ba/de-xuat/:id":          authors,
	"POST /admin/danh-ba/de-xuat/:id/tra-lai": editors,
	"POST /admin/danh-ba/de-xuat/:id/bo":      authors,

	"GET /admin/ra-soat":                editors,
	"POST /admin/ra-soat/:id/go":        admins,
	"POST /admin/ra-soat/:id/khong-loi": admins,
	"POST /admin/ra-soat/:id/mo-lai":    admins,
	"GET /admin/ra-soat/may-chu":        admins,
	"POST /admin/ra-soat/may-chu":       admins,
	"POST /admin/ra-soat/may-chu/xoa":   admins,
	"GET /admin/ra-soat/tu-ngu":         admins,
	"POST /admin/ra-soat/tu-ngu":        admins,

	"GET /admin/tai-khoan":                      everybody,
	"GET /admin/tai-khoan/mat-khau":             everybody,
	"POST /admin/tai-khoan/mat-khau":            everybody,
	"GET /admin/tai-khoan/xac-thuc":             everybody,
	"POST /admin/tai-khoan/xac-thuc":            everybody,
	"GET /admin/tai-khoan/xac-thuc/ma-qr.svg":   everybody,
	"GET /admin/tai-khoan/xac-thuc/tat":         everybody,
	"POST /admin/tai-khoan/xac-thuc/tat":        everybody,
	"GET /admin/tai-khoan/ma-khoi-phuc":         everybody,
	"POST /admin/tai-khoan/ma-khoi-phuc":        everybody,
	"POST /admin/tai-khoan/phien/ket-thuc":      everybody,
	"POST /admin/tai-khoan/phien/:key/ket-thuc": everybody,

	"GET /admin/nguoi-dung":                         admins,
	"POST /admin/nguoi-dung/xac-thuc":               admins,
	"GET /admin/nguoi-dung/moi":                     admins,
	"POST /admin/nguoi-dung/moi":                    admins,
	"GET /admin/nguoi-dung/:id":                     admins,
	"POST /admin/nguoi-dung/:id":                    admins,
	"POST /admin/nguoi-dung/:id/khoa":               admins,
	"POST /admin/nguoi-dung/:id/mo":                 admins,
	"POST /admin/nguoi-dung/:id/mat-khau":           admins,
	"POST /admin/nguoi-dung/:id/xac-thuc":           admins,
	"POST /admin/nguoi-dung/:id/phien":              admins,
	"GET /admin/tep":                                authors,
	"GET /admin/tep/moi":                            authors,
	"POST /admin/tep/tai-len":                       authors,
	"GET /admin/tep/chon":                           authors,
	"GET /admin/tep/mo-ta":                          authors,
	"POST /admin/tep/mo-ta":                         authors,
	"POST /admin/tep/luu-tru":                       editors,
	"GET /admin/tep/:id":                            authors,
	"POST /admin/tep/:id":                           authors,
	"POST /admin/tep/:id/thay":                      editors,
	"POST /admin/tep/:id/luu-tru":                   editors,
	"POST /admin/tep/:id/khoi-phuc":                 editors,
	"GET /admin/tin-tuc":                            authors,
	"POST /admin/tin-tuc/hang-loat":                 authors,
	"GET /admin/tin-tuc/moi":                        authors,
	"POST /admin/tin-tuc/moi":                       authors,
	"POST /admin/tin-tuc/moi/word":                  authors,
	"POST /admin/tin-tuc/moi/dan":                   authors,
	"POST /admin/tin-tuc/:id/dan":                   authors,
	"POST /admin/tin-tuc/:id/word":                  authors,
	"GET /admin/tin-tuc/:id/bang-ma":                authors,
	"GET /admin/tin-tuc/:id":                        authors,
	"POST /admin/tin-tuc/:id":                       authors,
	"POST /admin/tin-tuc/:id/luu-tam":               authors,
	"POST /admin/tin-tuc/:id/dang-sua":              authors,
	"POST /admin/tin-tuc/:id/xem-truoc":             authors,
	"POST /admin/tin-tuc/:id/gui":                   authors,
	"POST /admin/tin-tuc/:id/dang":                  editors,
	"POST /admin/tin-tuc/:id/rut":                   authors,
	"POST /admin/tin-tuc/:id/tra-lai":               editors,
	"POST /admin/tin-tuc/:id/luu-tru":               editors,
	"POST /admin/tin-tuc/:id/khoi-phuc":             editors,
	"POST /admin/tin-tuc/:id/bo":                    authors,
	"POST /admin/tin-tuc/:id/giu":                   authors,
	"POST /admin/tin-tuc/:id/tach":                  authors,
	"GET /admin/tin-tuc/:id/lich-su":                authors,
	"GET /admin/tin-tuc/:id/so-sanh":                authors,
	"POST /admin/tin-tuc/:id/lich-su/:so/ten":       authors,
	"POST /admin/tin-tuc/:id/lich-su/:so/khoi-phuc": authors,
	"GET /admin/preview/tin-tuc/:id":                authors,

	"GET /admin/chuyen-muc":            admins,
	"GET /admin/chuyen-muc/moi":        admins,
	"POST /admin/chuyen-muc/moi":       admins,
	"GET /admin/chuyen-muc/:id":        admins,
	"POST /admin/chuyen-muc/:id":       admins,
	"POST /admin/chuyen-muc/:id/len":   admins,
	"POST /admin/chuyen-muc/:id/xuong": admins,
	"POST /admin/chuyen-muc/:id/xoa":   admins,
	"GET /admin/lien-ket":              admins,
	"GET /admin/lien-ket/moi":          admins,
	"POST /admin/lien-ket/moi":         admins,
	"GET /admin/lien-ket/:id":          admins,
	"POST /admin/lien-ket/:id":         admins,
	"POST /admin/lien-ket/:id/xoa":     admins,
	"GET /admin/dia-chi-cu":            admins,
	"GET /admin/dia-chi-cu/moi":        admins,
	"POST /admin/dia-chi-cu/moi":       admins,
	"POST /admin/dia-chi-cu/xoa":       admins,
	"GET /admin/trinh-don":             admins,
	"POST /admin/trinh-don":            admins,
	"GET /admin/trang":                 admins,
	"POST /admin/trang":                admins,

	"GET /admin/thong-ke":          authors,
	"GET /admin/thong-ke/tai/:tep": authors,

	"GET /admin/nhat-ky":                             admins,
	"GET /admin/nhiem-vu":                            authors,
	"GET /admin/nhiem-vu.csv":                        authors,
	"GET /admin/nhiem-vu.ics":                        authors,
	"GET /admin/nhiem-vu/:id/:stt":                   authors,
	"POST /admin/nhiem-vu/:id/:stt/dong":             editors,
	"POST /admin/nhiem-vu/:id/:stt/mo-lai":           editors,
	"POST /admin/nhiem-vu/:id/:stt/de-xuat":          authors,
	"POST /admin/nhiem-vu/:id/:stt/tra-lai":          editors,
	"POST /admin/nhiem-vu/:id/:stt/bo":               authors,
	"GET /admin/hoi-nghi":                            authors,
	"POST /admin/hoi-nghi/hang-loat":                 authors,
	"GET /admin/hoi-nghi/moi":                        authors,
	"POST /admin/hoi-nghi/moi":                       authors,
	"GET /admin/hoi-nghi/:id":                        authors,
	"POST /admin/hoi-nghi/:id":                       authors,
	"POST /admin/hoi-nghi/:id/hang":                  authors,
	"GET /admin/hoi-nghi/:id/doc":                    authors,
	"POST /admin/hoi-nghi/:id/doc":                   authors,
	"POST /admin/hoi-nghi/:id/viet-tin":              authors,
	"POST /admin/hoi-nghi/:id/luu-tam":               authors,
	"POST /admin/hoi-nghi/:id/dang-sua":              authors,
	"POST /admin/hoi-nghi/:id/xem-truoc":             authors,
	"POST /admin/hoi-nghi/:id/gui":                   authors,
	"POST /admin/hoi-nghi/:id/dang":                  editors,
	"POST /admin/hoi-nghi/:id/rut":                   authors,
	"POST /admin/hoi-nghi/:id/tra-lai":               editors,
	"POST /admin/hoi-nghi/:id/luu-tru":               editors,
	"POST /admin/hoi-nghi/:id/khoi-phuc":             editors,
	"POST /admin/hoi-nghi/:id/bo":                    authors,
	"POST /admin/hoi-nghi/:id/giu":                   authors,
	"POST /admin/hoi-nghi/:id/tach":                  authors,
	"GET /admin/hoi-nghi/:id/lich-su":                authors,
	"GET /admin/hoi-nghi/:id/so-sanh":                authors,
	"POST /admin/hoi-nghi/:id/lich-su/:so/ten":       authors,
	"POST /admin/hoi-nghi/:id/lich-su/:so/khoi-phuc": authors,
	"GET /admin/preview/hoi-nghi/:id":                authors,
}

// TestEveryRouteByEveryRole: nobody is sent to the login, a role without the right gets 403, one with it does not.
func TestEveryRouteByEveryRole(t *testing.T) {
	eachPortal(t, func(t *testing.T, p *portal) {
		logins := map[model.Role]func(*http.Request){}
		for _, role := range model.Roles() {
			logins[role] = p.login(t, role)
		}
		seen := map[string]bool{}
		for _, r := range (&admin.Admin{}).Table() {
			name := r.Method + " " + r.Path
			seen[name] = true
			who, known := allowed[name]
			if !known {
				t.Errorf("%s is not in the table of this test", name)
				continue
			}
			target := strings.ReplaceAll(regexp.MustCompile(`:\w+`).ReplaceAllString(r.Path, "999999"), "*", "x")
			p.checkNobody(t, r.Method, target)
			for _, role := range model.Roles() {
				may := slices.Contains(strings.Fields(who), string(role))
				a := p.do(r.Method, target, form(""), p.login(t, role))
				if got := a.status != http.StatusForbidden; got != may || a.status >= 500 || a.status == http.StatusMethodNotAllowed {
					t.Errorf("%s by %s: status %d, allowed: %t", name, role, a.status, may)
				}
				checkAdminHeaders(t, name, a)
			}
		}
		for name := range allowed {
			if !seen[name] {
				t.Errorf("%s is in the table of this test, but is no route", name)
			}
		}
	})
}

// checkNobody fails unless somebody who is not logged in is sent to the login, or keeps what was typed.
func (p *portal) checkNobody(t *testing.T, method, target string) {
	t.Helper()
	if method == http.MethodGet {
		a := p.get(target + "?q=a")
		if want := "/admin/dang-nhap?ve=" + url.QueryEscape(target+"?q=a"); a.status != http.StatusSeeOther || a.header.Get("Location") != want {
			t.Errorf("GET %s by nobody: status %d, Location %q, want 303, %q", target, a.status, a.header.Get("Location"), want)
		}
		return
	}
	a := p.post(target, fields("title", "Đã gõ <rất> dài", "password", "bimatlam"))
	if a.status != http.StatusUnauthorized {
		t.Errorf("POST %s by nobody: status %d, want 401", target, a.status)
	}
	contains(t, target, a.body, "Đã gõ &lt;rất&gt; dài", `action="`+target+`"`)
	lacks(t, target, a.body, "bimatlam")
}

// checkAdminHeaders fails unless the answer is for one reader only and carries the policy of admin pages.
func checkAdminHeaders(t testing.TB, what string, a answer) {
	t.Helper()
	for name, want := range map[string]string{"Cache-Control": "no-store", "X-Robots-Tag": "noindex", "X-Content-Type-Options": "nosniff"} {
		if got := a.header.Get(name); got != want {
			t.Errorf("%s: %s is %q, want %q", what, name, got, want)
		}
	}
	frames := "frame-src 'self'"
	if strings.Contains(what, "/admin/preview/") {
		frames = "frame-ancestors 'self'"
	}
	contains(t, what, a.header.Get("Content-Security-Policy"), "default-src 'none'; script-src 'self';", frames)
}

// checkAdminPage holds what is true of every admin page: nothing inline, ids once, one title, one main heading, a label for each field.
func checkAdminPage(t testing.TB, what, page string) {
	t.Helper()
	doc := parse(t, page)
	ids, labels := map[string]bool{}, map[string]bool{}
	for n := range doc.Descendants() {
		for _, fault := range elementFaults(n) {
			t.Errorf("%s: <%s>: %s", what, n.Data, fault)
		}
		if id := attr(n, "id"); id != "" {
			if ids[id] {
				t.Errorf("%s: id %q twice", what, id)
			}
			ids[id] = true
		}
		if n.Data == "label" {
			labels[attr(n, "for")] = true
		}
	}
	for _, name := range []string{"h1", "main", "title"} {
		list := slices.DeleteFunc(find(doc, name), func(n *html.Node) bool { return n.Namespace == "svg" })
		if n := len(list); n != 1 {
			t.Errorf("%s: %d × %s, want 1", what, n, name)
		}
	}
	for _, name := range []string{"input", "select", "textarea"} {
		for _, n := range find(doc, name) {
			if kind := attr(n, "type"); kind != "hidden" && !labels[attr(n, "id")] && n.Parent.Data != "label" && attr(n, "aria-label") == "" {
				t.Errorf("%s: <%s name=%q> has no label", what, name, attr(n, "name"))
			}
		}
	}
	lacks(t, what, page, "%!")
}

// TestAdminPagesAreWhole visits each page that a link or a form on an admin page leads to, as each role.
func TestAdminPagesAreWhole(t *testing.T) {
	eachPortal(t, func(t *testing.T, p *portal) {
		for _, role := range model.Roles() {
			queue, seen, login := []string{"/admin", "/admin/dang-nhap"}, map[string]bool{}, p.login(t, role)
			for len(queue) > 0 {
				target := queue[0]
				queue = queue[1:]
				if seen[target] {
					continue
				}
				seen[target] = true
				a := p.get(target, login)
				if a.status == http.StatusSeeOther {
					continue
				}
				if a.status != http.StatusOK {
					t.Errorf("GET %s by %s: status %d", target, role, a.status)
				}
				if !strings.HasPrefix(a.header.Get("Content-Type"), "text/html") {
					continue
				}
				checkAdminPage(t, target, a.body)
				for _, link := range htmlLinks(parse(t, a.body)) {
					if strings.HasPrefix(link, "/admin") {
						queue = append(queue, link)
					}
				}
			}
			if len(seen) < 2 {
				t.Errorf("%s saw %d pages", role, len(seen))
			}
		}
	})
}

func TestStaffSeeInternalThingsOnThePublicPages(t *testing.T) {
	eachPortal(t, func(t *testing.T, p *portal) {
		login := p.login(t, model.RoleStaff)
		before := p.stats(t)
		a := p.get("/tin-tuc/tin-"+wordInternal, login)
		if a.status != http.StatusOK || a.header.Get("Cache-Control") != "no-store" {
			t.Errorf("internal item: status %d, Cache-Control %q", a.status, a.header.Get("Cache-Control"))
		}
		contains(t, "internal item", a.body, "Tin "+wordInternal, `href="/admin"`, "Quản trị · "+p.user(t, model.RoleStaff).FullName)
		digits := separators.ReplaceAllString(p.page(t, "/danh-ba/nguoi/pham-thi-anh-dao", login), "")
		contains(t, "directory", digits, personalNumbers[0])
		must(t, p.hits.Flush(context.Background()))
		if after := p.stats(t); after.Total != before.Total {
			t.Errorf("views %d, before the login %d: a login's own views do not count", after.Total, before.Total)
		}
		a = p.get("/tin-tuc/tin-" + wordInternal)
		if a.status != http.StatusNotFound {
			t.Errorf("internal item without a login: status %d", a.status)
		}
		for target, back := range map[string]string{"/tin-tuc/tin-" + wordInternal: "%2Ftin-tuc%2Ftin-" + wordInternal, "/khong-co": "%2Fkhong-co"} {
			contains(t, target, p.get(target).body, `href="/admin/dang-nhap?ve=`+back+`"`)
		}
		lacks(t, "front page", p.page(t, "/"), "/admin")
	})
}

// TestForms: what is too large or broken is refused before anything is read.
func TestLoginFormsOutOfBounds(t *testing.T) {
	eachPortal(t, func(t *testing.T, p *portal) {
		for name, c := range map[string]struct {
			body   string
			change func(*http.Request)
			want   int
		}{
			"2 MB":                {"name=" + strings.Repeat("a", 2<<20), with("X", "y"), http.StatusRequestEntityTooLarge},
			"broken":              {"name=%zz", with("X", "y"), http.StatusBadRequest},
			"from another origin": {"name=a", with("Sec-Fetch-Site", "cross-site"), http.StatusForbidden},
			"empty":               {"", with("X", "y"), http.StatusUnprocessableEntity},
			"NUL":                 {"name=a%00b&password=%00%ff", with("X", "y"), http.StatusUnprocessableEntity},
			"huge password":       {"name=a&password=" + strings.Repeat("x", 1<<20), with("X", "y"), http.StatusUnprocessableEntity},
		} {
			if a := p.post("/admin/dang-nhap", c.body, c.change, from("198.51.100."+strconv.Itoa(len(name)))); a.status != c.want {
				t.Errorf("%s: status %d, want %d", name, a.status, c.want)
			}
		}
	})
}

// TestWhoMayFrame: admin pages may frame previews, previews may be framed by them, public pages neither.
func TestWhoMayFrame(t *testing.T) {
	eachPortal(t, func(t *testing.T, p *portal) {
		for target, want := range map[string][2]bool{"/": {false, false}, "/administrator": {false, false}, "/admin": {false, true}, "/admin/dang-nhap": {false, true}, "/admin/preview/x": {true, false}} {
			policy := p.get(target).header.Get("Content-Security-Policy")
			got := [2]bool{strings.Contains(policy, "frame-ancestors 'self'"), strings.Contains(policy, "frame-src 'self'")}
			if got != want {
				t.Errorf("%s: may be framed, may frame: %v, want %v", target, got, want)
			}
		}
	})
}

func itoa(n int64) string { return strconv.FormatInt(n, 10) }
