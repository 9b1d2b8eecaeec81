package handlers_test

import (
	"bytes"
	"fmt"
	"mime/multipart"
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
)

// deskForm is a form that stands on an admin page.
type deskForm struct {
	action string
	values url.Values
}

var digits = regexp.MustCompile(`/\d+`)

// crawl returns a form for each kind of address that the admin pages post to, and the pages with their filters, starting from these.
func (p *portal) crawl(t *testing.T, login func(*http.Request), queue ...string) (forms []deskForm, pages []string) {
	t.Helper()
	seen, shapes, posted := map[string]bool{}, map[string]int{}, map[string]bool{}
	for len(queue) > 0 {
		target := queue[0]
		queue = queue[1:]
		path, _, _ := strings.Cut(target, "?")
		shape := digits.ReplaceAllString(path, "/:id")
		if seen[target] || shapes[shape] >= 3 || !strings.HasPrefix(target, "/admin") {
			continue
		}
		seen[target] = true
		shapes[shape]++
		a := p.get(target, login)
		if !strings.HasPrefix(a.header.Get("Content-Type"), "text/html") {
			continue
		}
		pages = append(pages, path)
		doc := parse(t, a.body)
		queue = append(queue, htmlLinks(doc)...)
		for _, f := range find(doc, "form") {
			action := attr(f, "action")
			if kind := digits.ReplaceAllString(action, "/:id"); attr(f, "method") == "post" && !posted[kind] {
				posted[kind] = true
				forms = append(forms, deskForm{action, formFields(f)})
			}
		}
	}
	return forms, slices.Compact(slices.Sorted(slices.Values(pages)))
}

// formFields are the fields of a form with a value for each, the buttons' too.
func formFields(form *html.Node) url.Values {
	v := url.Values{}
	for n := range form.Descendants() {
		if name := attr(n, "name"); name != "" {
			v.Add(name, attr(n, "value"))
		}
	}
	return v
}

// broken is what no text of a record may hold as it is: a NUL, bytes that are no UTF-8, a script, an override of the direction.
const broken = "\x00a\xff\xfe<script>alert(1)</script>\"'><img src=x onerror=alert(2)>\u202e\xed\xa0\x80"

// TestBrokenBytesInEachField sends them in each field of each form that the admin pages have, then in all of one: never a 500, never
// a script on any page afterwards.
func TestBrokenBytesInEachField(t *testing.T) {
	eachPortal(t, func(t *testing.T, p *portal) {
		login := p.login(t, model.RoleAdmin)
		one := fmt.Sprintf("/admin/tin-tuc/%d", p.news.ID)
		forms, pages := p.crawl(t, login, "/admin", one, "/admin/dang-nhap", fmt.Sprintf("/admin/hoi-nghi/%d", p.meeting.ID), fmt.Sprintf("/admin/nhiem-vu/%d/1", p.meeting.ID))
		if len(forms) < 30 || len(pages) < 20 {
			t.Fatalf("%d forms on %d pages", len(forms), len(pages))
		}
		for _, f := range forms {
			all := url.Values{}
			for name := range f.values {
				all.Set(name, broken)
				p.sendBroken(t, f.action, change(f.values, name, broken), name, login)
			}
			p.sendBroken(t, f.action, all, "all fields", login)
		}
		login = p.login(t, model.RoleAdmin)
		for _, page := range append(pages, "/", "/tin-tuc", "/hoi-nghi", "/danh-ba", "/thong-ke", "/so-do", "/rss.xml", "/api/v1/contacts", "/sitemap.xml") {
			a := p.get(page, login)
			if a.status >= 500 {
				t.Errorf("GET %s afterwards: status %d", page, a.status)
			}
			lacks(t, page, a.body, "<script>alert", "<img src=x", "\x00")
		}
	})
}

func (p *portal) sendBroken(t *testing.T, target string, v url.Values, what string, login func(*http.Request)) {
	t.Helper()
	var b bytes.Buffer
	w := multipart.NewWriter(&b)
	for name, values := range v {
		for _, value := range values {
			must(t, w.WriteField(name, value))
		}
	}
	must(t, w.Close())
	for kind, change := range map[string]func(*http.Request){
		"urlencoded": form(v.Encode()),
		"multipart":  func(r *http.Request) { form(b.String())(r); r.Header.Set("Content-Type", w.FormDataContentType()) },
	} {
		a := p.do(http.MethodPost, target, change, login)
		if a.status == http.StatusUnauthorized { // the form before ended the session or closed the account
			a = p.do(http.MethodPost, target, change, p.login(t, model.RoleAdmin))
		}
		if a.status >= 500 {
			t.Errorf("POST %s, %s in %s: status %d", target, what, kind, a.status)
		}
		if strings.HasPrefix(a.header.Get("Content-Type"), "text/html") {
			lacks(t, "POST "+target+", "+what, a.body, "<script>alert", "<img src=x", "\x00")
		}
		if to := a.header.Get("Location"); to != "" && (!strings.HasPrefix(to, "/") || strings.HasPrefix(to, "//")) {
			t.Errorf("POST %s, %s in %s leads to %q", target, what, kind, to)
		}
	}
}

// TestBrokenBytesInEachQuery does that to the addresses of the pages.
func TestBrokenBytesInEachQuery(t *testing.T) {
	names := []string{"q", "tt", "muc", "ve", "tu", "den", "trang", "viec", "moi", "loai", "nam", "id", "ai", "tu-ngay", "den-ngay", "cua-toi", "don-vi", "han",
		"xep", "xong", "ma", "de-xuat", "nguoi", "kieu", "ban-ghi", "thieu-mo-ta"}
	eachPortal(t, func(t *testing.T, p *portal) {
		login := p.login(t, model.RoleAdmin)
		for _, r := range (&admin.Admin{}).Table() {
			if r.Method != http.MethodGet {
				continue
			}
			path := strings.NewReplacer(":id", "1", ":stt", "1", ":tep", "thong-ke.xlsx").Replace(r.Path)
			for _, value := range []string{broken, "99999999999999999999", "-1", "//evil.example", strings.Repeat("ắ", 5000)} {
				v := url.Values{}
				for _, name := range names {
					v.Set(name, value)
				}
				a := p.get(path+"?"+v.Encode(), login)
				if a.status >= 500 {
					t.Errorf("GET %s with %.20q: status %d", path, value, a.status)
				}
				if strings.HasPrefix(a.header.Get("Content-Type"), "text/html") {
					lacks(t, path, a.body, "<script>alert", "<img src=x", "\x00", `href="//evil`, `action="//evil`, `src="//evil`)
				}
			}
		}
	})
}

// TestCrossOriginWrites: no address takes a form that another site's page sends, whatever it calls its content.
func TestCrossOriginWrites(t *testing.T) {
	eachPortal(t, func(t *testing.T, p *portal) {
		login := p.login(t, model.RoleAdmin)
		for _, r := range (&admin.Admin{}).Table() {
			if r.Method != http.MethodPost {
				continue
			}
			target := strings.NewReplacer(":id", strconv.FormatInt(p.news.ID, 10), ":stt", "1", ":so", "1", ":key", "x").Replace(r.Path)
			for _, headers := range [][2]string{{"Origin", "https://evil.example"}, {"Origin", "null"}, {"Sec-Fetch-Site", "cross-site"}, {"Sec-Fetch-Site", "same-site"}} {
				for _, kind := range []string{"text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "application/json"} {
					a := p.do(http.MethodPost, target, form(""), login, func(r *http.Request) {
						r.Header = http.Header{"Cookie": r.Header["Cookie"], "Content-Type": {kind}, headers[0]: {headers[1]}}
					})
					if a.status != http.StatusForbidden {
						t.Errorf("POST %s from %s %s as %s: status %d", target, headers[0], headers[1], kind, a.status)
					}
				}
			}
		}
	})
}
