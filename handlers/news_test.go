package handlers_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"golang.org/x/net/html"

	"congso/store"
	"congso/store/model"
	"congso/store/storetest"
)

// somebody is a person at a desk.
type somebody struct {
	*portal
	t     testing.TB
	user  model.User
	login func(*http.Request)
}

func (p *portal) somebody(t testing.TB, name string, role model.Role, change ...func(*model.User)) somebody {
	t.Helper()
	u := storetest.User(t, p.store, name, role, change...)
	return somebody{p, t, u, p.loginAs(t, u)}
}

// sees is the page at path, which must be answered with that status.
func (s somebody) sees(path string, status int) string {
	s.t.Helper()
	a := s.get(path, s.login)
	if a.status != status {
		s.t.Fatalf("GET %s by %s: status %d, want %d\n%.600s", path, s.user.Name, a.status, status, a.body)
	}
	if strings.HasPrefix(a.header.Get("Content-Type"), "text/html") && strings.HasPrefix(path, "/admin") && !strings.HasPrefix(path, "/admin/preview") {
		checkAdminPage(s.t, path, a.body)
	}
	return a.body
}

// sends a form, which must be answered with that status.
func (s somebody) sends(path string, values url.Values, status int, change ...func(*http.Request)) answer {
	s.t.Helper()
	a := s.post(path, values.Encode(), append(change, s.login)...)
	if a.status != status {
		s.t.Fatalf("POST %s by %s: status %d, want %d\n%.900s", path, s.user.Name, a.status, status, a.body)
	}
	if strings.HasPrefix(a.header.Get("Content-Type"), "text/html") && status != http.StatusSeeOther {
		checkAdminPage(s.t, path, a.body)
	}
	return a
}

// begins a draft and returns its address at the desk.
func (s somebody) begins(title string, section model.Section) string {
	s.t.Helper()
	a := s.sends("/admin/tin-tuc/moi", url.Values{"title": {title}, "section": {strconv.FormatInt(section.ID, 10)}}, http.StatusSeeOther)
	return a.header.Get("Location")
}

// opens the editor at path and returns the form that stands in it, with the changes: field, value, …
func (s somebody) opens(path string, changes ...string) url.Values {
	s.t.Helper()
	return changed(formIn(s.t, s.sees(path, http.StatusOK)), changes...)
}

func changed(form url.Values, changes ...string) url.Values {
	for i := 0; i < len(changes); i += 2 {
		form.Set(changes[i], changes[i+1])
	}
	return form
}

// formIn is what the browser would send of the editor's form on a page.
func formIn(t testing.TB, page string) url.Values {
	t.Helper()
	values := url.Values{}
	for _, form := range find(parse(t, page), "form") {
		if attr(form, "id") != "soan" {
			continue
		}
		for n := range form.Descendants() {
			name := attr(n, "name")
			switch {
			case name == "" || n.Data == "button":
			case n.Data == "textarea":
				if n.FirstChild != nil {
					values.Add(name, n.FirstChild.Data)
				} else {
					values.Add(name, "")
				}
			case n.Data == "select":
				values.Add(name, chosen(n))
			case attr(n, "type") != "checkbox" || hasAttr(n, "checked"):
				values.Add(name, attr(n, "value"))
			}
		}
		return values
	}
	t.Fatalf("no editor on the page\n%.600s", page)
	return nil
}

func chosen(list *html.Node) string {
	for _, o := range find(list, "option") {
		if hasAttr(o, "selected") {
			return attr(o, "value")
		}
	}
	return ""
}

// item is the item as stored whose place at the desk is path.
func (p *portal) item(t testing.TB, path string) model.News {
	t.Helper()
	n, err := p.store.NewsForDesk(context.Background(), recordID(t, path))
	must(t, err)
	return n
}

func recordID(t testing.TB, path string) int64 {
	t.Helper()
	id, err := strconv.ParseInt(path[strings.LastIndexByte(path, '/')+1:], 10, 64)
	must(t, err)
	return id
}

func (p *portal) copyOf(t testing.TB, path string) (model.WorkingCopy, bool) {
	t.Helper()
	w, err := p.store.WorkingCopy(context.Background(), model.KindNews, recordID(t, path))
	if errors.Is(err, model.ErrNotFound) {
		return w, false
	}
	must(t, err)
	return w, true
}

// saidAs is what the script is told.
type saidAs struct {
	Version, Base   int
	At, By, Message string
	Editors         []string
}

func said(t testing.TB, a answer) (s saidAs) {
	t.Helper()
	must(t, json.Unmarshal([]byte(a.body), &s))
	return s
}

// eachDesk runs the test on a portal on each database, with a section, an author and an editor.
func eachDesk(t *testing.T, run func(t *testing.T, p *portal, section model.Section, author, editor somebody)) {
	eachPortal(t, func(t *testing.T, p *portal) {
		section := putSection(t, p.store, model.Section{Name: "Bàn tin"})
		run(t, p, section, p.somebody(t, "tac.gia", model.RoleAuthor), p.somebody(t, "bien.tap", model.RoleEditor))
	})
}

func TestNewsFromDraftToReaders(t *testing.T) {
	eachDesk(t, func(t *testing.T, p *portal, section model.Section, author, editor somebody) {
		path := author.begins("Khai trương một cửa", section)
		form := author.opens(path, "body", "Sáng nay, **xã** khai trương.")
		if got := said(t, author.sends(path+"/luu-tam", form, http.StatusOK)); got.Version != 1 || got.Base != 1 || got.At != "09:00" {
			t.Errorf("autosave: %+v", got)
		}
		if n := p.item(t, path); n.Body != "" || n.Revision != 1 {
			t.Errorf("autosave touched the record: %+v", n)
		}
		form = author.opens(path)
		if form.Get("body") != "Sáng nay, **xã** khai trương." || form.Get("_version") != "1" {
			t.Errorf("opened again: %v", form)
		}
		a := author.sends(path+"/gui", form, http.StatusUnprocessableEntity)
		contains(t, "checklist", a.body, "Chưa có tóm tắt", `href="#f_summary"`, "Vẫn gửi duyệt")
		form.Set("summary", "Xã có bộ phận một cửa mới.")
		form.Set("_version", formIn(t, a.body).Get("_version"))
		author.sends(path+"/gui", form, http.StatusSeeOther)
		if n := p.item(t, path); n.Status != model.StatusReview || n.Summary != "Xã có bộ phận một cửa mới." || n.Owner != author.user.ID {
			t.Errorf("sent: %+v", n)
		}
		if _, there := p.copyOf(t, path); there {
			t.Error("the working copy is left after it was sent")
		}
		lacks(t, "an author's page of a text in review", author.sees(path, http.StatusOK), `id="soan"`)
		a = author.sends(path, form, http.StatusConflict)
		contains(t, "too late", a.body, "Sáng nay, **xã** khai trương.", "Chờ duyệt")
		p.returnAndPublish(t, path, author, editor)
		p.correctAndArchive(t, path, author, editor)
	})
}

func (p *portal) returnAndPublish(t *testing.T, path string, author, editor somebody) {
	t.Helper()
	contains(t, "queue", editor.sees("/admin/tin-tuc?tt=cho-duyet", http.StatusOK), "Khai trương một cửa")
	author.sends(path+"/tra-lai", url.Values{"note": {"x"}}, http.StatusForbidden)
	a := editor.sends(path+"/tra-lai", url.Values{"note": {" "}}, http.StatusUnprocessableEntity)
	contains(t, "return without a note", a.body, "Hãy ghi lý do trả lại.", `href="#f_note"`)
	editor.sends(path+"/tra-lai", url.Values{"note": {"Thêm ngày khai trương"}}, http.StatusSeeOther)
	contains(t, "returned", author.sees(path, http.StatusOK), "Thêm ngày khai trương", "Bị trả lại")
	author.sends(path+"/dang", author.opens(path), http.StatusForbidden)
	author.sends(path+"/gui", author.opens(path, "body", "Sáng 15/6, xã khai trương."), http.StatusSeeOther)
	author.sends(path+"/rut", nil, http.StatusSeeOther)
	if n := p.item(t, path); n.Status != model.StatusDraft {
		t.Errorf("withdrawn: %s", n.Status)
	}
	author.sends(path+"/gui", author.opens(path), http.StatusSeeOther)
	editor.sends(path+"/dang", editor.opens(path), http.StatusSeeOther)
	n := p.item(t, path)
	if n.Status != model.StatusPublished || !n.PublishAt.Equal(p.clock.Now()) {
		t.Errorf("published: %s at %s", n.Status, n.PublishAt)
	}
	contains(t, "public page", p.page(t, "/tin-tuc/"+n.Slug), "Khai trương một cửa", "Sáng 15/6, xã khai trương.")
}

func (p *portal) correctAndArchive(t *testing.T, path string, author, editor somebody) {
	t.Helper()
	public := "/tin-tuc/" + p.item(t, path).Slug
	p.clock.Add(time.Hour)
	author.sends(path, author.opens(path, "body", "Sáng 16/6, xã khai trương."), http.StatusSeeOther)
	contains(t, "public page beside a copy", p.page(t, public), "Sáng 15/6")
	author.sends(path+"/gui", author.opens(path), http.StatusSeeOther)
	if w, _ := p.copyOf(t, path); w.Status != model.StatusReview {
		t.Errorf("copy sent: %+v", w)
	}
	sent := author.sees(path, http.StatusOK)
	contains(t, "the author's page of it", sent, "Bản sửa chờ duyệt", `src="/admin/preview`+strings.TrimPrefix(path, "/admin")+`?gon=1"`)
	bare := author.sees("/admin/preview"+strings.TrimPrefix(path, "/admin")+"?gon=1", http.StatusOK)
	contains(t, "the text alone", bare, "Sáng 16/6, xã khai trương.", "<h1")
	lacks(t, "the text alone", bare, "<footer", `class="main"`, `class="crumbs`, `class="top"`)
	contains(t, "copy in review", editor.sees("/admin/tin-tuc?tt=sua", http.StatusOK), "Bản sửa chờ duyệt")
	contains(t, "the editor's page of it", editor.sees(path, http.StatusOK), "Bản sửa chờ duyệt", ">Lưu trữ</button>")
	editor.sends(path+"/dang", editor.opens(path), http.StatusSeeOther)
	contains(t, "corrected", p.page(t, public), "Sáng 16/6, xã khai trương.")
	author.sends(path+"/luu-tru", nil, http.StatusForbidden)
	editor.sends(path+"/luu-tru", nil, http.StatusSeeOther)
	if a := p.get(public); a.status != http.StatusGone {
		t.Errorf("archived: status %d", a.status)
	}
	contains(t, "undo", editor.sees("/admin/tin-tuc", http.StatusOK), "Hoàn tác", `action="`+path+`/khoi-phuc"`)
	editor.sends(path+"/khoi-phuc", nil, http.StatusSeeOther)
	contains(t, "restored", p.page(t, public), "Sáng 16/6, xã khai trương.")
}

// TestWhoHandedOnEditsNoLonger: neither who sent an item nor who returned it is named as editing it.
func TestWhoHandedOnEditsNoLonger(t *testing.T) {
	eachDesk(t, func(t *testing.T, p *portal, section model.Section, author, editor somebody) {
		path := author.begins("Bàn giao", section)
		author.opens(path)
		const here = " đang sửa mục này từ "
		contains(t, "while the author writes", editor.sees(path, http.StatusOK), author.user.FullName+here)
		form := author.opens(path, "summary", "Tóm tắt.", "body", "Nội dung của bài.")
		author.sends(path+"/gui", form, http.StatusSeeOther)
		page := editor.sees(path, http.StatusOK)
		lacks(t, "sent", page, author.user.FullName+here)
		contains(t, "sent", page, `href="#tra-lai"`)
		editor.sends(path+"/tra-lai", url.Values{"note": {"Thêm ngày."}}, http.StatusSeeOther)
		page = author.sees(path, http.StatusOK)
		lacks(t, "returned", page, editor.user.FullName+here, `href="#tra-lai"`)
	})
}

func TestTwoPeopleInOneItem(t *testing.T) {
	eachDesk(t, func(t *testing.T, p *portal, section model.Section, _, editor somebody) {
		other := p.somebody(t, "thu.hai", model.RoleEditor)
		path := editor.begins("Cùng sửa", section)
		mine, theirs := other.opens(path, "body", "Câu của người thứ hai."), editor.opens(path, "body", "Câu của người thứ nhất.")
		contains(t, "presence", other.sees(path, http.StatusOK), "Nguyễn Thị bien.tap đang sửa mục này từ 09:00")
		editor.sends(path+"/luu-tam", theirs, http.StatusOK)
		got := said(t, other.sends(path+"/luu-tam", mine, http.StatusConflict))
		if got.By != "Nguyễn Thị bien.tap" || got.Version != 1 || got.Message == "" {
			t.Errorf("overtaken: %+v", got)
		}
		if list := said(t, other.sends(path+"/dang-sua", nil, http.StatusOK)).Editors; len(list) != 1 || !strings.HasPrefix(list[0], "Nguyễn Thị bien.tap") {
			t.Errorf("editors %q", list)
		}
		for _, action := range []string{"", "/gui", "/dang", "/xem-truoc"} {
			a := other.sends(path+action, mine, http.StatusConflict)
			contains(t, "both texts", a.body, "<del>nhất</del>", "<ins>hai</ins>", "Dùng bản của tôi", `value="Câu của người thứ hai."`, "Nguyễn Thị bien.tap")
		}
		if w, _ := p.copyOf(t, path); !strings.Contains(w.Data, "thứ nhất") {
			t.Errorf("the other's text was overwritten: %s", w.Data)
		}
		a := other.sends(path+"/tach", changed(mine, "_version", "1"), http.StatusSeeOther)
		if apart := other.opens(a.header.Get("Location")); apart.Get("body") != "Câu của người thứ hai." {
			t.Errorf("the text of its own: %v", apart)
		}
		other.sends(path+"/giu", changed(mine, "_version", "1"), http.StatusSeeOther)
		if body := other.opens(path).Get("body"); body != "Câu của người thứ hai." {
			t.Errorf("after taking mine: %q", body)
		}
		contains(t, "history", other.sees(path+"/lich-su", http.StatusOK), `value="Bản của Nguyễn Thị bien.tap"`)
		contains(t, "both versions", other.sees(path+"/so-sanh?tu=2&den=0", http.StatusOK), "<del>nhất</del>", "<ins>hai</ins>")
	})
}

// TestTheOtherTextIsKept: what somebody's text goes over, and what can be no version of the item itself, stays as a draft of its own.
func TestTheOtherTextIsKept(t *testing.T) {
	const theirs = "Câu của người thứ nhất."
	eachDesk(t, func(t *testing.T, p *portal, section model.Section, _, editor somebody) {
		other := p.somebody(t, "thu.hai", model.RoleEditor)
		for name, c := range map[string]struct {
			published bool
			title     string // as the first one typed it
		}{
			"a correction of what readers see":    {true, "Cùng sửa"},
			"a text that breaks the item's rules": {false, ""},
		} {
			path := editor.begins("Cùng sửa "+name, section)
			if c.published {
				editor.sends(path+"/dang", editor.opens(path, "summary", "Tóm tắt.", "body", "Câu đầu.", "_confirmed", ""), http.StatusSeeOther)
			}
			mine := other.opens(path, "body", "Câu của người thứ hai.")
			editor.sends(path+"/luu-tam", editor.opens(path, "title", c.title, "body", theirs), http.StatusOK)
			other.sends(path, mine, http.StatusConflict)
			a := other.sends(path+"/giu", changed(mine, "_version", "1"), http.StatusSeeOther)
			contains(t, name, other.sees(a.header.Get("Location"), http.StatusOK), "bản nháp riêng")
			if body := other.opens(path).Get("body"); body != "Câu của người thứ hai." {
				t.Errorf("%s: after taking mine: %q", name, body)
			}
			rows, _, err := p.store.Desk(context.Background(), model.KindNews, store.DeskFilter{Text: name}, 1, 10)
			must(t, err)
			found := 0
			for _, r := range rows {
				if other.opens(fmt.Sprintf("/admin/tin-tuc/%d", r.ID)).Get("body") == theirs {
					found++
				}
			}
			if found != 1 {
				t.Errorf("%s: the other's text stands in %d of %d items, want 1", name, found, len(rows))
			}
		}
	})
}

func TestRefusedNewsFormsKeepAll(t *testing.T) {
	const script = `<script>alert(1)</script>"'`
	long, tags := strings.Repeat("dài ", 2500), strings.TrimSuffix(strings.Repeat("thẻ, ", 500), ", ")
	eachDesk(t, func(t *testing.T, p *portal, section model.Section, author, _ somebody) {
		for name, c := range map[string]struct{ field, value, link, message string }{
			"no title":       {"title", "", "#f_title", "Tin chưa có tiêu đề."},
			"title":          {"title", long, "#f_title", "Dài quá 300 ký tự."},
			"tags":           {"tags", tags, "#f_tags", "Nhiều nhất 20 thẻ."},
			"date":           {"publish_at", "31/02/2026 lúc tám giờ", "#f_publish_at", "Ngày giờ không đọc được."},
			"year":           {"expire_at", "9999999-01-01T00:00", "#f_expire_at", "Ngày giờ không đọc được."},
			"section":        {"section", "424242", "#f_section", "Chuyên mục không còn nữa."},
			"visibility":     {"visibility", "world", "#f_visibility", "Phạm vi hiển thị không hợp lệ."},
			"cover":          {"cover", "424242", "#f_cover", "Ảnh bìa không còn trong thư viện."},
			"attachment":     {"attachment", "424242", "#f_attachments", "Có tệp đính kèm không còn"},
			"slug":           {"slug", "Không Phải", "#f_slug", ""},
			"tangled":        {"body", strings.Repeat("[a](", 30000), "#f_body", ""},
			"expiry in past": {"expire_at", "2020-01-01T00:00", "#f_expire_at", ""},
		} {
			path := author.begins("Tin "+name, section)
			form := author.opens(path, "summary", "Đã gõ "+script, "byline", "Bút "+script, "source", "Nguồn "+script, "publish_at", "2026-06-20T08:00", c.field, c.value)
			a := author.sends(path, form, http.StatusUnprocessableEntity)
			contains(t, name, a.body, `href="`+c.link+`"`, c.message, "faulty")
			lacks(t, name, a.body, "<script>alert")
			kept := formIn(t, a.body)
			for _, field := range []string{"summary", "byline", "source", c.field} {
				if kept.Get(field) != form.Get(field) && field != "section" && field != "visibility" {
					t.Errorf("%s: %s became %.80q", name, field, kept.Get(field))
				}
			}
			if again := author.opens(path); again.Get("summary") != "Đã gõ "+script {
				t.Errorf("%s: the text is gone at the next opening", name)
			}
		}
	})
}

func TestScriptInEachFieldIsText(t *testing.T) {
	const script = `<script>alert(1)</script>`
	eachDesk(t, func(t *testing.T, p *portal, section model.Section, _, editor somebody) {
		path := editor.begins("Tin "+script, section)
		form := editor.opens(path, "summary", script, "body", script+"\n\n[x](javascript:alert(1))", "byline", script, "source", script, "tags", "a "+script, "cover_alt", script)
		lacks(t, "editor", editor.sends(path+"/dang", form, http.StatusUnprocessableEntity).body, "<script>alert")
		form.Set("body", script)
		a := editor.sends(path+"/dang", form, http.StatusConflict) // the copy was saved meanwhile
		lacks(t, "conflict", a.body, "<script>alert")
		form.Set("_version", "1")
		asked := editor.sends(path+"/dang", form, http.StatusUnprocessableEntity) // whether they have written that themselves
		lacks(t, "question", asked.body, "<script>alert")
		editor.sends(path+"/dang", changed(formIn(t, asked.body), "_confirmed", between(t, asked.body, `name="_confirmed" value="`, `"`)), http.StatusSeeOther)
		public := "/tin-tuc/" + p.item(t, path).Slug
		lacks(t, public, p.page(t, public), "<script>alert")
		for _, page := range []string{path, path + "/lich-su", path + "/so-sanh?tu=1&den=2", "/admin/tin-tuc", "/admin/preview" + strings.TrimPrefix(path, "/admin")} {
			lacks(t, page, editor.sees(page, http.StatusOK), "<script>alert")
		}
	})
}

func TestPreviewIsThePublicPage(t *testing.T) {
	eachDesk(t, func(t *testing.T, p *portal, section model.Section, author, editor somebody) {
		path := editor.begins("Xem trước", section)
		form := editor.opens(path, "summary", "Tóm tắt.", "body", "## Đề mục\n\nChữ **đậm**.\n\n| a | b |\n|---|--:|\n| 1 | 2 |", "tags", "thẻ mới, thẻ khác")
		a := editor.sends(path+"/xem-truoc", form, http.StatusSeeOther)
		preview := a.header.Get("Location")
		before := between(t, editor.sees(preview, http.StatusOK), "<article", "</article>")
		contains(t, "preview", before, "<strong>đậm</strong>", `class="align-right"`)
		contains(t, "mark", editor.sees(preview, http.StatusOK), "Xem trước.", `content="noindex"`)
		editor.sends(path+"/dang", editor.opens(path), http.StatusSeeOther)
		after := between(t, p.page(t, "/tin-tuc/"+p.item(t, path).Slug), "<article", "</article>")
		if before != after {
			t.Errorf("the preview was\n%s\nthe page is\n%s", before, after)
		}
		if a := p.get(preview); a.status != http.StatusSeeOther {
			t.Errorf("preview for nobody: status %d", a.status)
		}
		if a := p.get(preview, p.login(t, model.RoleStaff)); a.status != http.StatusForbidden {
			t.Errorf("preview for staff: status %d", a.status)
		}
		author.sees(preview, http.StatusOK)
	})
}

// TestDraftsAndCopiesLeakNowhere: what is only typed stands on no public page.
func TestDraftsAndCopiesLeakNowhere(t *testing.T) {
	const secret = "quebansoan"
	eachDesk(t, func(t *testing.T, p *portal, section model.Section, _, editor somebody) {
		draft := editor.begins("Nháp "+secret, section)
		editor.sends(draft, editor.opens(draft, "body", secret, "tags", secret, "featured", "1"), http.StatusSeeOther)
		path := editor.begins("Đang đăng", section)
		editor.sends(path+"/dang", editor.opens(path, "summary", "Có.", "body", "Có."), http.StatusSeeOther)
		copied := editor.opens(path, "title", "Sửa "+secret, "summary", secret, "body", secret, "tags", secret, "slug", "moi-"+secret)
		editor.sends(path, copied, http.StatusSeeOther)
		slug := p.item(t, path).Slug
		for _, page := range []string{"/", "/en", "/tin-tuc", "/en/tin-tuc", "/chuyen-muc/" + section.Slug, "/chuyen-muc/" + section.Slug + "/rss.xml", "/rss.xml",
			"/sitemap.xml", "/api/v1/news", "/so-do", "/thong-ke", "/tin-tuc/" + slug, "/tim-kiem?q=soan", "/tin-tuc/sua-chua-duong-nguyen-hue"} {
			lacks(t, page, p.page(t, page), secret)
		}
		found := p.page(t, "/tim-kiem?q="+secret)
		lacks(t, "search", found, "Nháp "+secret, "Sửa "+secret)
		for _, gone := range []string{"/tin-tuc/nhap-" + secret, "/tin-tuc/moi-" + secret, "/tin-tuc?the=" + secret} {
			if a := p.get(gone); a.status != http.StatusNotFound {
				t.Errorf("GET %s: status %d", gone, a.status)
			}
		}
	})
}

func TestNewsRightsInSections(t *testing.T) {
	eachDesk(t, func(t *testing.T, p *portal, section model.Section, author, _ somebody) {
		elsewhere := putSection(t, p.store, model.Section{Name: "Chỗ khác"})
		bound := p.somebody(t, "bi.buoc", model.RoleEditor, func(u *model.User) { u.Sections = []int64{elsewhere.ID} })
		path := author.begins("Của mục này", section)
		a := bound.sends("/admin/tin-tuc/moi", url.Values{"title": {"x"}, "section": {strconv.FormatInt(section.ID, 10)}}, http.StatusUnprocessableEntity)
		contains(t, "another's section", a.body, "Bạn chưa được giao chuyên mục này.")
		form := author.opens(path, "summary", "Có.", "body", "Có.")
		for _, action := range []string{"", "/luu-tam", "/gui", "/dang", "/luu-tru", "/bo", "/giu", "/dan", "/dang-sua"} {
			bound.sends(path+action, form, http.StatusForbidden)
		}
		own := bound.begins("Của mục kia", elsewhere)
		moved := bound.opens(own, "section", strconv.FormatInt(section.ID, 10))
		contains(t, "moved out", bound.sends(own, moved, http.StatusUnprocessableEntity).body, "Bạn chưa được giao chuyên mục này.")
		second := p.somebody(t, "nguoi.khac", model.RoleAuthor)
		second.sends(path, form, http.StatusForbidden)
		contains(t, "another author's page", second.sees(path, http.StatusOK), "Xem trước")
		lacks(t, "another author's page", second.sees(path, http.StatusOK), `id="soan"`, "/luu-tru")
	})
}

func TestNewsInBulk(t *testing.T) {
	eachDesk(t, func(t *testing.T, p *portal, section model.Section, author, editor somebody) {
		ready, bare := author.begins("Đủ cả", section), author.begins("Thiếu tóm tắt", section)
		author.sends(ready, author.opens(ready, "summary", "Có.", "body", "Có."), http.StatusSeeOther)
		ids := []string{strconv.FormatInt(recordID(t, ready), 10), strconv.FormatInt(recordID(t, bare), 10), "999999"}
		author.sends("/admin/tin-tuc/hang-loat", url.Values{"viec": {"gui"}, "id": ids}, http.StatusSeeOther)
		contains(t, "sent", author.sees("/admin/tin-tuc", http.StatusOK), "Đã gửi duyệt 1 trong 3 tin.", "“Thiếu tóm tắt”: Chưa có tóm tắt", "Không còn tin số 999999")
		author.sends("/admin/tin-tuc/hang-loat", url.Values{"viec": {"dang"}, "id": ids[:1]}, http.StatusSeeOther)
		contains(t, "refused", author.sees("/admin/tin-tuc", http.StatusOK), "“Đủ cả”: bạn không có quyền làm việc này.")
		editor.sends("/admin/tin-tuc/hang-loat", url.Values{"viec": {"dang"}, "id": ids[:1], "ve": {"/admin/tin-tuc?tt=dang"}}, http.StatusSeeOther)
		p.page(t, "/tin-tuc/"+p.item(t, ready).Slug)
		editor.sends("/admin/tin-tuc/hang-loat", url.Values{"viec": {"luu-tru"}, "id": ids[:2]}, http.StatusSeeOther)
		contains(t, "archived", editor.sees("/admin/tin-tuc?tt=luu-tru", http.StatusOK), "Đã đưa vào Lưu trữ 2 trong 2 tin.", "Đủ cả", "Thiếu tóm tắt")
		editor.sends("/admin/tin-tuc/hang-loat", url.Values{"viec": {"khac"}, "id": ids}, http.StatusNotFound)

		var gone []string
		for i := range 60 {
			gone = append(gone, strconv.Itoa(800_000+i))
		}
		for range 2 {
			editor.sends("/admin/tin-tuc/hang-loat", url.Values{"viec": {"dang"}, "id": gone}, http.StatusSeeOther)
		}
		page := editor.sees("/admin/tin-tuc", http.StatusOK)
		contains(t, "many refused", page, "Không còn tin số 800059", "Không còn tin số 800041", "Đã đăng 0 trong 60 tin.")
		lacks(t, "the older messages", page, "Không còn tin số 800040")
	})
}

// TestNewsPictureWords types the words for pictures beside the text, as whoever has no scripts does.
func TestNewsPictureWords(t *testing.T) {
	eachDesk(t, func(t *testing.T, p *portal, section model.Section, author, _ somebody) {
		path := author.begins("Có ảnh", section)
		a, b := picture(t, p.store, 300, 211).URL(), picture(t, p.store, 300, 212).URL()
		author.sends(path, author.opens(path, "body", "Đầu.\n\n![Cũ]("+a+" \"Chú [1]\")\n\n![]("+b+")\n\n![Cũ]("+a+")\n\n![Hai\ndòng]("+b+")\n"), http.StatusSeeOther)
		form := author.opens(path)
		if want := []string{a, b, a, b}; !slices.Equal(form["picture"], want) {
			t.Fatalf("pictures %v, want %v", form["picture"], want)
		}
		form["picture_alt"] = []string{"Băng [mới]\nkhánh thành", "Quầy", "Cũ", "Hai dòng"}
		author.sends(path, form, http.StatusSeeOther)
		want := "Đầu.\n\n![Băng \\[mới\\] khánh thành](" + a + " \"Chú [1]\")\n\n![Quầy](" + b + ")\n\n![Cũ](" + a + ")\n\n![Hai\ndòng](" + b + ")"
		form = author.opens(path)
		if got := strings.ReplaceAll(form.Get("body"), "\r\n", "\n"); got != want {
			t.Errorf("body %q, want %q", got, want)
		}
		form["picture_alt"][1] = "Quầy một"
		form.Set("body", "Chỉ còn chữ.")
		author.sends(path, form, http.StatusSeeOther)
		if got := author.opens(path).Get("body"); got != "Chỉ còn chữ." {
			t.Errorf("words for a picture that is gone: %q", got)
		}
	})
}

func TestNewsHistory(t *testing.T) {
	eachDesk(t, func(t *testing.T, p *portal, section model.Section, author, editor somebody) {
		path := author.begins("Có lịch sử", section)
		only := author.sees(path+"/lich-su", http.StatusOK)
		contains(t, "a single version", only, "Có lịch sử", "Đặt tên")
		lacks(t, "a single version", only, "So sánh", `type="radio"`)
		author.sends(path, author.opens(path, "body", "Bản một."), http.StatusSeeOther)
		author.sends(path, author.opens(path, "body", "Bản hai.", "title", "Có lịch sử dài"), http.StatusSeeOther)
		author.sends(path+"/luu-tam", author.opens(path, "body", "Gõ dở."), http.StatusOK)
		page := author.sees(path+"/lich-su", http.StatusOK)
		if n := strings.Count(page, `name="tu"`); n != 3 {
			t.Errorf("%d versions, want 3: an autosave is none", n)
		}
		contains(t, "compare", author.sees(path+"/so-sanh?tu=2&den=3", http.StatusOK), "<del>một</del>", "<ins>hai</ins>", "<h2>Tiêu đề</h2>", "Giống nhau: tóm tắt")
		author.sends(path+"/lich-su/2/ten", url.Values{"name": {"Bản gửi sếp"}}, http.StatusSeeOther)
		contains(t, "named", author.sees(path+"/lich-su", http.StatusOK), `value="Bản gửi sếp"`)
		a := author.sends(path+"/lich-su/2/ten", url.Values{"name": {strings.Repeat("x", 101)}}, http.StatusUnprocessableEntity)
		contains(t, "too long a name", a.body, strings.Repeat("x", 101), "Tên phiên bản dài quá")
		author.sends(path+"/lich-su/2/khoi-phuc", nil, http.StatusSeeOther)
		if form := author.opens(path); form.Get("body") != "Bản một." {
			t.Errorf("restored: %v", form)
		}
		contains(t, "what was being typed", author.sees(path+"/so-sanh?tu=4&den=0", http.StatusOK), "<del>Gõ dở.</del>")
		for _, bad := range []string{"/lich-su/99/khoi-phuc", "/lich-su/x/ten", "/lich-su/99/ten"} {
			author.sends(path+bad, url.Values{"name": {"a"}}, http.StatusNotFound)
		}
		author.sees(path+"/so-sanh?tu=99&den=1", http.StatusNotFound)
		editor.sends(path+"/bo", url.Values{"_version": {"77"}}, http.StatusSeeOther)
		if _, there := p.copyOf(t, path); !there {
			t.Error("a working copy of another version was thrown away")
		}
		editor.sends(path+"/bo", url.Values{"_version": {"1"}}, http.StatusSeeOther)
		if _, there := p.copyOf(t, path); there {
			t.Error("the working copy is still there")
		}
	})
}

// TestExpiredSessionKeepsTheText: what is sent after the end of a session comes back in a form that sends it again.
func TestExpiredSessionKeepsTheText(t *testing.T) {
	eachDesk(t, func(t *testing.T, p *portal, section model.Section, author, _ somebody) {
		path := author.begins("Hết phiên", section)
		form := author.opens(path, "body", "Đã gõ cả buổi.\n\nDòng hai")
		p.clock.Add(9 * 24 * time.Hour)
		a := author.sends(path, form, http.StatusUnauthorized)
		contains(t, "expired", a.body, "Đã gõ cả buổi.", `action="`+path+`"`, `name="_version"`)
		author.login = p.loginAs(t, author.user)
		author.sends(path, form, http.StatusSeeOther)
		if n := p.item(t, path); n.Body != "Đã gõ cả buổi.\n\nDòng hai" {
			t.Errorf("sent again: %q", n.Body)
		}
	})
}

func TestScheduledNews(t *testing.T) {
	eachDesk(t, func(t *testing.T, p *portal, section model.Section, _, editor somebody) {
		path := editor.begins("Hẹn giờ", section)
		editor.sends(path+"/dang", editor.opens(path, "summary", "Có.", "body", "Có.", "publish_at", "2026-06-15T10:00"), http.StatusSeeOther)
		public := "/tin-tuc/" + p.item(t, path).Slug
		if a := p.get(public); a.status != http.StatusNotFound {
			t.Errorf("before its time: status %d", a.status)
		}
		contains(t, "badge", editor.sees("/admin/tin-tuc", http.StatusOK), "Hẹn đăng 10:00 ngày 15/06/2026")
		p.clock.Add(time.Hour)
		p.page(t, public)
	})
}

// TestChecklistAsksTheSite: a link within the site is dead unless some page, file or redirect answers there; a site never linked is asked about.
func TestChecklistAsksTheSite(t *testing.T) {
	eachDesk(t, func(t *testing.T, p *portal, section model.Section, _, editor somebody) {
		for link, want := range map[string]string{
			"/tin-tuc/sua-chua-duong-nguyen-hue": "", "/en/tin-tuc/sua-chua-duong-nguyen-hue": "", "/danh-ba": "", "/cu/bao-cao.html": "",
			"/tin-tuc/lich-tiep-dan": "", "/tin-tuc/tin-" + wordInternal: "", p.file.URL(): "", base + "/hoi-nghi": "",
			"/tin-tuc/khong-he-co": "/tin-tuc/khong-he-co", "/tin-tuc/tin-" + wordArchived: wordArchived, "/media/" + strings.Repeat("0", 64) + "/a.txt": "/a.txt",
			"https://la-hoac.example.com/x": "la-hoac.example.com", "https://tangiang.example.vn/tin": "",
		} {
			path := editor.begins("Liên kết", section)
			a := editor.post(path+"/gui", editor.opens(path, "summary", "Có.", "body", "Xem [ở đây]("+link+").").Encode(), editor.login)
			if want == "" && a.status != http.StatusSeeOther || want != "" && a.status != http.StatusUnprocessableEntity {
				t.Errorf("%s: status %d", link, a.status)
			}
			if want != "" {
				contains(t, link, between(t, a.body, `class="checklist"`, "</section>"), want, `href="#f_body" data-line="1"`)
			}
		}
		before := p.stats(t)
		must(t, p.hits.Flush(context.Background()))
		if after := p.stats(t); after.Total != before.Total {
			t.Errorf("%d views, before the checks %d", after.Total, before.Total)
		}
	})
}

// TestConfirmedQuestions: a yes holds for the questions that were shown, not for others.
func TestConfirmedQuestions(t *testing.T) {
	eachDesk(t, func(t *testing.T, p *portal, section model.Section, _, editor somebody) {
		path := editor.begins("Hỏi lại", section)
		a := editor.sends(path+"/dang", editor.opens(path, "body", "Có."), http.StatusUnprocessableEntity)
		yes := between(t, a.body, `name="_confirmed" value="`, `"`)
		changedText := changed(formIn(t, a.body), "body", "Xem [đây](https://moi-tinh.example.com).", "_confirmed", yes)
		a = editor.sends(path+"/dang", changedText, http.StatusUnprocessableEntity)
		contains(t, "another question", a.body, "moi-tinh.example.com")
		blocked := changed(formIn(t, a.body), "body", "![](/media/x.jpg)", "_confirmed", between(t, a.body, `name="_confirmed" value="`, `"`))
		a = editor.sends(path+"/dang", blocked, http.StatusUnprocessableEntity)
		lacks(t, "what blocks", a.body, "Vẫn đăng")
		a = editor.sends(path+"/dang", changed(formIn(t, a.body), "body", "Có."), http.StatusUnprocessableEntity)
		editor.sends(path+"/dang", changed(formIn(t, a.body), "_confirmed", between(t, a.body, `name="_confirmed" value="`, `"`)), http.StatusSeeOther)
		p.page(t, "/tin-tuc/"+p.item(t, path).Slug)
	})
}
