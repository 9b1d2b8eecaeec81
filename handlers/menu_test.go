package handlers_test

import (
	"context"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"congso/store/model"
)

// menuForm is the body of the menu's form: what is pressed, then label, English label, address and "1" for what lies below, row by row.
func menuForm(pressed string, rows ...[4]string) []string {
	pairs := []string{"viec", pressed, "rows", itoa(int64(len(rows)))}
	for i, r := range rows {
		at := "-" + itoa(int64(i))
		pairs = append(pairs, "label"+at, r[0], "label_en"+at, r[1], "href"+at, r[2])
		if r[3] != "" {
			pairs = append(pairs, "below"+at, "1")
		}
	}
	return pairs
}

func TestMenuDesk(t *testing.T) {
	eachPortal(t, func(t *testing.T, p *portal) {
		login, ctx := p.login(t, model.RoleAdmin), context.Background()
		contains(t, "at first", p.page(t, "/admin/trinh-don", login), "Cổng đang dùng trình đơn có sẵn", "Bắt đầu từ trình đơn có sẵn")
		rows := [][4]string{
			{"Giới <thiệu>", "About", "/bai-viet/gioi-thieu", ""}, {"Danh bạ", "", "/danh-ba", "1"}, {"", "", "", "1"}, {"Tỉnh", "", "https://tinh.example.vn/?a=b&c", ""},
		}
		p.sent(t, "/admin/trinh-don", login, menuForm("luu", rows...)...)
		want := []model.MenuItem{
			{Label: "Giới <thiệu>", LabelEN: "About", Href: "/bai-viet/gioi-thieu", Children: []model.MenuItem{{Label: "Danh bạ", Href: "/danh-ba"}}},
			{Label: "Tỉnh", Href: "https://tinh.example.vn/?a=b&c"},
		}
		menu, err := p.store.Menu(ctx)
		if diff := cmp.Diff(want, menu); err != nil || diff != "" {
			t.Fatalf("error %v (-want +got)\n%s", err, diff)
		}
		p.clock.Add(2 * time.Second)
		for target, texts := range map[string][]string{
			"/danh-ba":     {`<summary class="current">Giới &lt;thiệu&gt;</summary>`, `<a href="/danh-ba" aria-current="page">Danh bạ</a>`, `href="https://tinh.example.vn/?a=b&amp;c" rel="noopener"`},
			"/en/contacts": {`<summary class="current">About</summary>`, `<a href="/en/contacts" aria-current="page">Danh bạ</a>`, `href="/en/bai-viet/gioi-thieu"`},
		} {
			contains(t, target, between(t, p.page(t, target), `<nav class="main"`, "</nav>"), texts...)
		}

		// Buttons move, add and take out rows without keeping anything.
		for pressed, want := range map[string]string{
			"len-1": "Danh bạ, Giới <thiệu>, , Tỉnh", "xuong-0": "Danh bạ, Giới <thiệu>, , Tỉnh", "xoa-0": "Danh bạ, , Tỉnh", "xoa-3": "Giới <thiệu>, Danh bạ, ",
			"them": "Giới <thiệu>, Danh bạ, , Tỉnh, ", "len-0": "Giới <thiệu>, Danh bạ, , Tỉnh", "xuong-3": "Giới <thiệu>, Danh bạ, , Tỉnh", "xoa-99": "Giới <thiệu>, Danh bạ, , Tỉnh",
			"len-x": "Giới <thiệu>, Danh bạ, , Tỉnh", "macdinh": "Trang chủ, Tin tức, Hội nghị, Danh bạ, Bài viết, Tìm kiếm",
		} {
			a := p.post("/admin/trinh-don", fields(menuForm(pressed, rows...)...), login)
			checkAdminPage(t, pressed, a.body)
			var labels []string
			for _, n := range find(parse(t, a.body), "input") {
				if strings.HasPrefix(attr(n, "name"), "label-") {
					labels = append(labels, attr(n, "value"))
				}
			}
			if got := strings.Join(labels, ", "); a.status != http.StatusOK || got != want {
				t.Errorf("%s: status %d, rows %q, want %q", pressed, a.status, got, want)
			}
		}
		for _, c := range []struct {
			fault, at string
			rows      [][4]string
		}{
			{"chưa có tên", "href=\"#f_label-1\"", [][4]string{{"A", "", "/", ""}, {"", "", "/b", "1"}}},
			{"phải bắt đầu bằng / hoặc", "href=\"#f_href-2\"", [][4]string{{"A", "", "/", ""}, {"B", "", "/b", "1"}, {"C", "", "javascript:alert(1)", "1"}}},
			{"phải bắt đầu bằng / hoặc", "href=\"#f_href-0\"", [][4]string{{"A", "", "//khac.example.vn", ""}}},
			{"Dài quá 60 ký tự", "href=\"#f_label-0\"", [][4]string{{strings.Repeat("ă", 10_000), "", "/", ""}}},
			{"Dòng đầu không thể là mục con", "href=\"#f_label-0\"", [][4]string{{"A", "", "/", "1"}}},
			{"nhiều nhất 12 mục", "href=\"#f_items\"", make13()},
		} {
			p.refused(t, "/admin/trinh-don", login, c.fault, menuForm("luu", c.rows...)...)
			contains(t, c.fault, p.post("/admin/trinh-don", fields(menuForm("luu", c.rows...)...), login).body, c.at)
		}
		if menu, err = p.store.Menu(ctx); err != nil || !cmp.Equal(menu, want) {
			t.Errorf("after all that: %+v, error %v", menu, err)
		}
		p.refused(t, "/admin/trinh-don", login, "không đầy đủ")
		p.refused(t, "/admin/trinh-don", login, "không đầy đủ", "viec", "luu")
		if menu, err = p.store.Menu(ctx); err != nil || !cmp.Equal(menu, want) {
			t.Errorf("after half a form: %+v, error %v", menu, err)
		}
		p.sent(t, "/admin/trinh-don", login, menuForm("luu")...)
		p.clock.Add(2 * time.Second)
		contains(t, "without a menu", p.page(t, "/"), `<a href="/tin-tuc">Tin tức</a>`)
	})
}

func make13() (rows [][4]string) {
	for range 13 {
		rows = append(rows, [4]string{"A", "", "/", ""})
	}
	return rows
}
