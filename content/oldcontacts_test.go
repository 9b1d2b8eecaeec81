package content_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"congso/content"
	"congso/store/model"
)

// TestOldPageContacts reads boxes of contacts in the forms that portals have.
func TestOldPageContacts(t *testing.T) {
	for name, c := range map[string]struct {
		box  string
		want []model.ContactRow
	}{
		"one line": {`<p>Ông Lê Văn An - Giám đốc - 0257 3000.101 - 0900.000.102</p>`,
			[]model.ContactRow{{Name: "Lê Văn An", Honorific: "Ông", Title: "Giám đốc", Unit: "Ban Giám đốc", Office: "0257 3000 101", Mobile: "0900 000 102"}}},
		"labels": {`<p><b>Lê Văn An</b><br>Chức danh: Phó Trưởng phòng Tổ chức<br>ĐT: (0257) 3000103; DĐ: 0900 000 102<br>Fax: 0257 3000 104<br>Email: an@so.example</p>`,
			[]model.ContactRow{{Name: "Lê Văn An", Title: "Phó Trưởng phòng Tổ chức", Unit: "Phòng Tổ chức", Office: "0257 3000 103", Mobile: "0900 000 102", Fax: "0257 3000 104", Email: "an@so.example"}}},
		"a table": {`<table><tr><th>Họ tên</th><th>Chức vụ</th><th>Điện thoại</th></tr><tr><td>Lê Văn An</td><td>Chuyên viên</td><td>0257-3000-103</td></tr><tr><td>Trần Bình</td><td>Văn thư</td><td>0257 3000 104</td></tr></table>`,
			[]model.ContactRow{{Name: "Lê Văn An", Title: "Chuyên viên", Unit: "Sở Mẫu", Office: "0257 3000 103"}, {Name: "Trần Bình", Title: "Văn thư", Unit: "Sở Mẫu", Office: "0257 3000 104"}}},
		"an extension":             {`<p><b>Phòng Một</b>: 0257 3000 103 - máy lẻ 12</p>`, []model.ContactRow{{Unit: "Phòng Một", Office: "0257 3000 103 (máy lẻ 12)"}}},
		"a comma in a unit's name": {`<p>Phòng Văn hóa, Thể thao<br>0257 3000 103</p>`, []model.ContactRow{{Unit: "Phòng Văn hóa, Thể thao", Office: "0257 3000 103"}}},
		"a hotline":                {`<p>Tổ Một cửa</p><p>Đường dây nóng: 1900 0000</p>`, []model.ContactRow{{Unit: "Tổ Một cửa", Hotline: "1900 0000"}}},
		"a heading without numbers": {`<p><b>DANH BẠ ĐIỆN THOẠI</b></p><p><b>Lê Văn An</b>, Trưởng phòng Nội vụ: 0257 3000 103</p>`,
			[]model.ContactRow{{Name: "Lê Văn An", Title: "Trưởng phòng Nội vụ", Unit: "Phòng Nội vụ", Office: "0257 3000 103"}}},
		"very many numbers": {"<p>Tổ Một cửa</p>" + strings.Repeat("<p>1900 0000</p>", 10_000), []model.ContactRow{{Unit: "Tổ Một cửa", Hotline: "1900 0000" + strings.Repeat("; 1900 0000", 19)}}},
		"no number":         {`<p>Lê Văn An - Giám đốc</p>`, nil},
		"hidden":            {`<p style="display:none">Lê Văn An 0257 3000 103</p><p>12345</p>`, nil},
	} {
		t.Run(name, func(t *testing.T) {
			page := `<h1>Tin</h1><div class="noi-dung"><p>Chữ.</p></div><div class="danh-ba">` + c.box + `</div>`
			read := readPages(t, filepath.Join(savedPages(t, map[string]string{"a.html": page}), "a.html"), content.OldPagesOptions{Address: "https://so-cu.example", Unit: "Sở Mẫu"})
			for i := range read.contacts {
				read.contacts[i].Notes, read.contacts[i].Line = nil, 0
			}
			if diff := cmp.Diff(c.want, read.contacts); diff != "" {
				t.Errorf("-want +got:\n%s", diff)
			}
		})
	}
}

// FuzzOldPage holds that any page gives an item that the portal takes, or a fault.
func FuzzOldPage(f *testing.F) {
	sample, err := os.ReadFile("testdata/legacy-page.html")
	if err != nil {
		f.Fatal(err)
	}
	f.Add(sample)
	f.Add([]byte(`<div id="news-bodyhtml"><p align=right><b>A<b></p><a href="javascript:history.back()">x</a></div><div class=danhba><p>A - B - 0257 3000.101, máy lẻ 1`))
	f.Add([]byte("\xff\xfe<\x00h\x001\x00>\x00"))
	f.Add([]byte(`<meta charset=windows-1258><h1>H\xf4\xcci</h1><div class="noidung">Há»™i nghá»‹ vÃ  Ã </div>`))
	f.Add([]byte(`<div class="danh-ba"><table><td>ĐT: <td>İ İ 0900.000.102 <td>: : -`))
	f.Fuzz(func(t *testing.T, data []byte) {
		place := filepath.Join(savedPages(t, map[string]string{"a.html": "<!-- -->" + string(data)}), "a.html")
		read := readPages(t, place, content.OldPagesOptions{Address: "https://so-cu.example"})
		for _, item := range read.items {
			n := model.News{Title: item.Title, Summary: item.Summary, Body: item.Place(nil), Slug: "bai", Byline: item.Byline, Source: item.Source}
			n.Section.ID, n.Status, n.Visibility = 1, model.StatusDraft, model.Public
			if err := n.Validate(); err != nil && item.Title != "" {
				t.Errorf("%v: %+v", err, n)
			}
		}
		plan := model.PlanContacts(model.Directory{}, read.contacts, true, "2026-06-15")
		if len(plan.Rows) != len(read.contacts) {
			t.Errorf("%d rows of %d", len(plan.Rows), len(read.contacts))
		}
	})
}
