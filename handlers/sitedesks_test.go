package handlers_test

import (
	"context"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"congso/store/model"
)

// sent posts a form that must be taken and returns where it leads.
func (p *portal) sent(t testing.TB, target string, login func(*http.Request), pairs ...string) string {
	t.Helper()
	a := p.post(target, fields(pairs...), login)
	if a.status != http.StatusSeeOther {
		t.Fatalf("POST %s: status %d\n%.300s", target, a.status, a.body)
	}
	return a.header.Get("Location")
}

// refused posts a form that must be sent back with the fault, and with what was typed.
func (p *portal) refused(t testing.TB, target string, login func(*http.Request), fault string, pairs ...string) {
	t.Helper()
	a := p.post(target, fields(pairs...), login)
	if a.status != http.StatusUnprocessableEntity {
		t.Errorf("POST %s: status %d, want 422 for %q", target, a.status, fault)
		return
	}
	checkAdminPage(t, target, a.body)
	contains(t, target, a.body, "Xin xem lại", fault)
	lacks(t, target, a.body, "<script>")
}

func TestSectionsDesk(t *testing.T) {
	eachPortal(t, func(t *testing.T, p *portal) {
		login := p.login(t, model.RoleAdmin)
		contains(t, "the list", p.page(t, "/admin/chuyen-muc", login), "Cải cách hành chính", "thông báo", "/chuyen-muc/cong-tac-thanh-nien")
		p.sent(t, "/admin/chuyen-muc/moi", login, "name", "Đào tạo <b>", "name_en", "Training", "notice", "1", "parent", itoa(p.news.Section.ID))
		all, err := p.store.Sections(context.Background())
		must(t, err)
		made := all[len(all)-1]
		if made.Name != "Đào tạo <b>" || made.Slug != "dao-tao-b" || made.NameEN != "Training" || !made.Notice || made.ParentID != p.news.Section.ID {
			t.Fatalf("made %+v", made)
		}
		at := "/admin/chuyen-muc/" + itoa(made.ID)
		contains(t, "the form", p.page(t, at, login), `value="Đào tạo &lt;b&gt;"`, `value="dao-tao-b"`, "checked")
		p.sent(t, at, login, "name", "Đào tạo", "slug", "dao-tao", "parent", "0")
		contains(t, "the list after a change", p.page(t, "/admin/chuyen-muc", login), "Đã lưu chuyên mục “Đào tạo”", "/chuyen-muc/dao-tao")
		if a := p.get("/chuyen-muc/dao-tao-b"); a.status != http.StatusMovedPermanently {
			t.Errorf("the old address: %d", a.status)
		}
		p.sent(t, at+"/len", login)
		moved, err := p.store.Sections(context.Background())
		if must(t, err); moved[len(moved)-2].ID != made.ID {
			t.Errorf("after a move up: %+v", moved)
		}
		p.sent(t, at+"/xuong", login)
		p.sent(t, at+"/xuong", login) // the last one stays where it is
		if moved, err = p.store.Sections(context.Background()); err != nil || moved[len(moved)-1].ID != made.ID {
			t.Errorf("after moves down: %+v, error %v", moved, err)
		}
		for what, c := range map[string]struct{ fault, name, slug, parent string }{
			"no name":      {"Chưa có tên", " ", "", ""},
			"long":         {"Tên dài quá 200 ký tự", strings.Repeat("ă", 10_000), "", ""},
			"script":       {"chữ không dấu", "A", "<script>", ""},
			"taken":        {"đã được dùng", "A", "thong-bao", ""},
			"below itself": {"Cấp trên không hợp lệ", "A", "dao-tao", itoa(made.ID)},
			"below none":   {"Cấp trên không hợp lệ", "A", "dao-tao", "99999"},
		} {
			t.Log(what)
			p.refused(t, at, login, c.fault, "name", c.name, "slug", c.slug, "parent", c.parent)
		}
		p.sent(t, "/admin/chuyen-muc/"+itoa(p.news.Section.ID)+"/xoa", login)
		contains(t, "a section with news", p.page(t, "/admin/chuyen-muc", login), "Chưa xóa “Cải cách hành chính”", "còn tin")
		p.sent(t, at+"/xoa", login)
		lacks(t, "after the deletion", p.page(t, "/admin/chuyen-muc", login), "/chuyen-muc/dao-tao<")
		for _, target := range []string{at, at + "/xoa", at + "/len"} {
			if a := p.post(target, "", login); a.status != http.StatusNotFound {
				t.Errorf("POST %s of what is gone: %d", target, a.status)
			}
		}
	})
}

func TestLinksDesk(t *testing.T) {
	eachPortal(t, func(t *testing.T, p *portal) {
		login := p.login(t, model.RoleAdmin)
		p.sent(t, "/admin/lien-ket/moi", login, "name", "Chính phủ", "url", "https://cp.example.vn/a?b=c&d", "position", "0")
		list, err := p.store.LinkedSites(context.Background())
		if must(t, err); len(list) != 2 || list[1].Name != "Chính phủ" || list[1].URL != "https://cp.example.vn/a?b=c&d" {
			t.Fatalf("links %+v", list)
		}
		at := "/admin/lien-ket/" + itoa(list[1].ID)
		p.sent(t, at, login, "name", "Cổng Chính phủ", "url", "https://cp.example.vn", "position", "7")
		contains(t, "the list", p.page(t, "/admin/lien-ket", login), "Cổng Chính phủ", "Đã lưu liên kết")
		p.clock.Add(2 * time.Second)
		contains(t, "the foot", p.page(t, "/"), `href="https://cp.example.vn"`)
		for _, c := range [][4]string{
			{"Chưa có tên", "", "https://a.example.vn", "1"}, {"Địa chỉ liên kết không hợp lệ", "A", "javascript:alert(1)", "1"},
			{"Địa chỉ liên kết không hợp lệ", "A", "<script>", "1"}, {"đã có trong danh sách", "A", "https://tangiang.example.vn/", "1"},
			{"Thứ tự là một số", "A", "https://a.example.vn", "một"}, {"Thứ tự là một số", "A", "https://a.example.vn", "-1"},
			{"Tên dài quá 200 ký tự", strings.Repeat("ă", 10_000), "https://a.example.vn", "1"}, {"Địa chỉ liên kết dài quá", "A", "https://a.example.vn/" + strings.Repeat("a", 10_000), "1"},
		} {
			p.refused(t, at, login, c[0], "name", c[1], "url", c[2], "position", c[3])
		}
		back := p.sent(t, at+"/xoa", login)
		page := p.page(t, back, login)
		checkAdminPage(t, "after the deletion", page)
		contains(t, "after the deletion", page, "Đã xóa liên kết “Cổng Chính phủ”", "Hoàn tác")
		lacks(t, "a second look", p.page(t, back, login), "Hoàn tác")
		p.sent(t, "/admin/lien-ket/moi", login, hiddenFields(t, page, "/admin/lien-ket/moi")...)
		list, err = p.store.LinkedSites(context.Background())
		if must(t, err); len(list) != 2 || list[1].Name != "Cổng Chính phủ" || list[1].Position != 7 {
			t.Errorf("after the undo: %+v", list)
		}
	})
}

func TestRedirectsDesk(t *testing.T) {
	eachPortal(t, func(t *testing.T, p *portal) {
		login := p.login(t, model.RoleAdmin)
		p.sent(t, "/admin/dia-chi-cu/moi", login, "from", "/Default.aspx?tabid=15&id=<a>", "to", "/danh-ba")
		page := p.page(t, "/admin/dia-chi-cu?q=TABID", login)
		checkAdminPage(t, "found", page)
		contains(t, "found", page, "/Default.aspx?tabid=15", "1 địa chỉ", "/danh-ba", "15/06/2026")
		lacks(t, "found", page, "/index.php")
		if a := p.get("/Default.aspx?tabid=15&id=%3Ca%3E"); a.status != http.StatusMovedPermanently || a.header.Get("Location") != "/danh-ba" {
			t.Errorf("the old address: %d to %q", a.status, a.header.Get("Location"))
		}
		for _, c := range [][3]string{
			{"bắt đầu bằng một dấu /", "cu.html", "/a"}, {"bắt đầu bằng / hoặc https://", "/cu.html", "javascript:alert(1)"}, {"đang là một trang", "/tin-tuc", "/a"},
			{"phải khác", "/a", "/a"}, {"Địa chỉ quá dài", "/" + strings.Repeat("x", 10_000), "/a"}, {"bắt đầu bằng / hoặc", "/x", "<script>"},
		} {
			p.refused(t, "/admin/dia-chi-cu/moi", login, c[0], "from", c[1], "to", c[2])
		}
		if a := p.get("/admin/dia-chi-cu?trang=9", login); a.status != http.StatusNotFound {
			t.Errorf("a page too far: %d", a.status)
		}
		back := p.sent(t, "/admin/dia-chi-cu/xoa", login, "from", "/cu/bao-cao.html")
		if a := p.get("/cu/bao-cao.html"); a.status != http.StatusNotFound {
			t.Errorf("the deleted address: %d", a.status)
		}
		page = p.page(t, back, login)
		contains(t, "after the deletion", page, "Đã xóa /cu/bao-cao.html", "Hoàn tác")
		p.sent(t, "/admin/dia-chi-cu/moi", login, hiddenFields(t, page, "/admin/dia-chi-cu/moi")...)
		if a := p.get("/cu/bao-cao.html"); a.header.Get("Location") != "/hoi-nghi" {
			t.Errorf("after the undo: %d to %q", a.status, a.header.Get("Location"))
		}
		if a := p.post("/admin/dia-chi-cu/xoa", fields("from", "/khong-co"), login); a.status != http.StatusNotFound {
			t.Errorf("an address that is not there: %d", a.status)
		}
		if a := p.get("/admin/dia-chi-cu?q="+url.QueryEscape(`"><script>`), login); a.status != http.StatusOK || strings.Contains(a.body, "<script>") {
			t.Errorf("script in the search: %d", a.status)
		}
	})
}

// hiddenFields are the hidden fields of the page's form with that action.
func hiddenFields(t testing.TB, page, action string) (pairs []string) {
	t.Helper()
	for _, f := range find(parse(t, page), "form") {
		if attr(f, "action") != action {
			continue
		}
		for _, i := range find(f, "input") {
			if attr(i, "type") == "hidden" {
				pairs = append(pairs, attr(i, "name"), attr(i, "value"))
			}
		}
	}
	return pairs
}
