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
	"sync"
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

// TestFieldsThatAreNoFields: a form cannot set what the workflow and the accounts keep to themselves.
func TestFieldsThatAreNoFields(t *testing.T) {
	extra := []string{"status", "published", "Status", "published", "owner", "1", "owner_id", "1", "revision", "99", "role", "admin", "id", "1", "html", "<b>x</b>",
		"note", "x", "created_at", "0", "disabled", "", "must_change", ""}
	eachDesk(t, func(t *testing.T, p *portal, section model.Section, author, editor somebody) {
		path := author.begins("Không tự đăng", section)
		for _, action := range []string{"", "/luu-tam", "/xem-truoc"} {
			a := p.post(path+action, changed(author.opens(path, "body", "Thử "+action), extra...).Encode(), author.login)
			if a.status >= 400 {
				t.Errorf("POST %s: status %d", action, a.status)
			}
		}
		n := p.item(t, path)
		if n.Status != model.StatusDraft || n.Owner != author.user.ID || n.Revision > 4 || n.Note != "" || strings.Contains(n.HTML, "<b>x</b>") {
			t.Errorf("after the forms: %+v", n)
		}
		p.post("/admin/tai-khoan/mat-khau", fields(extra...), author.login)
		u, err := p.store.UserByID(t.Context(), author.user.ID)
		must(t, err)
		if u.Role != model.RoleAuthor {
			t.Errorf("role %s", u.Role)
		}
	})
}

// TestPublishedOnce: of many who press the same button at once one publishes, and there is one revision more.
func TestPublishedOnce(t *testing.T) {
	eachDesk(t, func(t *testing.T, p *portal, section model.Section, _, editor somebody) {
		path := editor.begins("Bấm hai lần", section)
		form := editor.opens(path, "summary", "Có.", "body", "Có.")
		before := p.item(t, path).Revision
		var all sync.WaitGroup
		codes := make([]int, 8)
		for i := range codes {
			all.Go(func() { codes[i] = p.post(path+"/dang", form.Encode(), editor.login).status })
		}
		all.Wait()
		if n := p.item(t, path); n.Status != model.StatusPublished || n.Revision != before+1 {
			t.Errorf("status %s, revision %d after %d; answers %v", n.Status, n.Revision, before, codes)
		}
		for _, code := range codes {
			if code != http.StatusSeeOther && code != http.StatusConflict {
				t.Errorf("answers %v", codes)
			}
		}
	})
}

// TestForkRefusedKeepsTheText: a text that cannot become a draft of its own comes back, and no empty draft is left.
func TestForkRefusedKeepsTheText(t *testing.T) {
	eachDesk(t, func(t *testing.T, p *portal, section model.Section, author, editor somebody) {
		path := author.begins("Bài lớn quá", section)
		a := p.post(path+"/tach", author.opens(path, "summary", "Câu không được mất", "body", strings.Repeat("dai ", 270_000)).Encode(), author.login)
		if a.status != http.StatusUnprocessableEntity {
			t.Errorf("status %d", a.status)
		}
		contains(t, "refused", a.body, "Câu không được mất")
		if rows, total := p.deskTitles(t, "Bài lớn quá"); total != 1 {
			t.Errorf("%d items: %q", total, rows)
		}
	})
}

// TestPreviewHasNoScriptLinks: a link that could not be stored is none in the preview of what is being typed.
func TestPreviewHasNoScriptLinks(t *testing.T) {
	eachPortal(t, func(t *testing.T, p *portal) {
		login := p.login(t, model.RoleAuthor)
		path := p.newMeeting(t, login, "Họp thử")
		for _, proof := range []string{"javascript:alert(1)", "JaVaScRiPt:alert(1)", "data:text/html,x", "//evil.example", "/\\evil.example"} {
			v := change(p.filled(t, path, login), "tasks.0.proof", proof, "tasks.0.done", "1")
			if a := p.post(path+"/luu-tam", v.Encode(), login); a.status != http.StatusOK {
				t.Fatalf("autosave: status %d", a.status)
			}
			page := p.page(t, "/admin/preview"+strings.TrimPrefix(path, "/admin"), login)
			contains(t, "preview", page, "Lập danh sách lớp")
			for _, a := range find(parse(t, page), "a") {
				if href := attr(a, "href"); strings.EqualFold(href, proof) {
					t.Errorf("the preview links to %q", href)
				}
			}
		}
	})
}
