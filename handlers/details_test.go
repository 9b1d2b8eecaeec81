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

func TestSiteDetails(t *testing.T) {
	eachPortal(t, func(t *testing.T, p *portal) {
		login := p.login(t, model.RoleAdmin)
		page := p.page(t, "/admin/trang", login)
		checkAdminPage(t, "the form", page)
		contains(t, "the form", page, `value="Sở Nội vụ tỉnh Tân Giang"`, `value="1.000.000"`, `value="0257 3000 100"`)
		logo, banner := picture(t, p.store, 300, 201), picture(t, p.store, 900, 202)
		typed := []string{
			"name", "Sở Nội vụ mới", "name_en", "New Department", "parent", "UBND tỉnh", "address", "1 <Lê Lợi>", "email", "so@so.example.vn", "phone", "02573000.101",
			"hotline-1", "Một cửa", "hotline-1-phone", "1900 0000", "responsible", "Bà A", "license", "Giấy phép số 1", "logo", itoa(logo.ID),
			"banner", "http://so.example.vn/admin/tep/" + itoa(banner.ID), "banner_alt", "Cờ đỏ", "opening", "1.200.000",
		}
		if a := p.post("/admin/trang", fields(typed...), login); a.status != http.StatusSeeOther || a.header.Get("Location") != "/admin/trang" {
			t.Fatalf("saving: %d to %q", a.status, a.header.Get("Location"))
		}
		page = p.page(t, "/admin/trang", login)
		contains(t, "the form again", page, "Đã lưu thông tin đơn vị", `value="1.200.000"`, `name="hotline-0" type="text" value="Một cửa"`, "/admin/tep/"+itoa(logo.ID), logo.Hash)
		p.clock.Add(2 * time.Second)
		home := p.page(t, "/")
		contains(t, "the home page", home, "Sở Nội vụ mới", "1 &lt;Lê Lợi&gt;", "Một cửa:", "0257 3000 101", logo.Hash, banner.Hash, `alt="Cờ đỏ"`, "Giấy phép số 1")
		if a := p.get(banner.URL()); a.status != http.StatusOK {
			t.Errorf("the banner for an outsider: %d", a.status)
		}
		entries := p.trail(t, model.KindSetting)
		if want := "address,banner,email,hotlines,license,logo,name,name_en,opening,parent,phone,responsible"; strings.Join(entries[0].Fields, ",") != want {
			t.Errorf("fields %v, want %s", entries[0].Fields, want)
		}

		for what, c := range map[string]struct{ field, value, fault string }{
			"no name":          {"name", " ", "Chưa có tên"},
			"long name":        {"name", strings.Repeat("ă", 10_000), "Tên dài quá 200 ký tự"},
			"long licence":     {"license", strings.Repeat("ă", 301), "Dài quá 300 ký tự"},
			"e-mail":           {"email", "<script>", "thư điện tử không hợp lệ"},
			"phone":            {"phone", "12", "Số điện thoại không hợp lệ"},
			"hotline":          {"hotline-1-phone", "", "cần cả tên và số"},
			"bad hotline":      {"hotline-1-phone", "abc", `href="#f_hotline-1"`},
			"lower balance":    {"opening", "1.199.999", "không được nhỏ hơn 1.200.000"},
			"no number":        {"opening", "nhiều", "Hãy gõ một số nguyên"},
			"a huge number":    {"opening", strings.Repeat("9", 40), "Hãy gõ một số nguyên"},
			"no such picture":  {"logo", "99999", "Không có ảnh nào mang số này"},
			"no picture":       {"banner", "javascript:alert(1)", "Hãy gõ số của ảnh"},
			"a file as banner": {"banner", itoa(p.file.ID), "Không có ảnh nào mang số này"},
		} {
			values, err := url.ParseQuery(fields(typed...))
			must(t, err)
			values.Set(c.field, c.value)
			a := p.post("/admin/trang", values.Encode(), login)
			if a.status != http.StatusUnprocessableEntity {
				t.Errorf("%s: status %d", what, a.status)
			}
			checkAdminPage(t, what, a.body)
			contains(t, what, a.body, c.fault, "Xin xem lại", `value="New Department"`)
			lacks(t, what, a.body, "<script>")
		}
		site, err := p.store.Site(context.Background())
		if err != nil || site.Name != "Sở Nội vụ mới" || site.Opening != 1_200_000 {
			t.Errorf("after the refusals: %+v, error %v", site, err)
		}
		if a := p.post("/admin/trang", fields(typed...), login, with("Sec-Fetch-Site", "cross-site")); a.status != http.StatusForbidden {
			t.Errorf("from another origin: %d", a.status)
		}
	})
}
