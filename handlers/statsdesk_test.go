package handlers_test

import (
	"context"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"

	"congso/store"
	"congso/store/model"
	"congso/store/storetest"
)

// seedViews counts views of yesterday and today, and stores an item of the author's.
func (p *portal) seedViews(t *testing.T) model.News {
	t.Helper()
	ctx := context.Background()
	own := model.News{Title: "=Tin của tôi", Slug: "tin-cua-toi", Section: p.news.Section, Lifecycle: p.news.Lifecycle}
	own.Revision = 0
	must(t, p.store.PutNews(ctx, p.user(t, model.RoleAuthor).Actor(), &own))
	days := []model.DayHits{{Day: "2026-06-14", Views: 5_000, Visits: 900, Visitors: 800}, {Day: "2026-05-01", Views: 70, Visits: 7, Visitors: 6}}
	must(t, p.store.SeedHits(ctx, days, map[string]store.SeedPage{
		"/": {Views: 3000, Since: "2026-06-14"}, "/tin-tuc/" + p.news.Slug: {Views: 1400, Since: "2026-06-14"}, "/en/tin-tuc/tin-cua-toi": {Views: 21, Since: "2026-06-14"},
	}))
	return own
}

func TestStatisticsDesk(t *testing.T) {
	eachPortal(t, func(t *testing.T, p *portal) {
		p.seedViews(t)
		editor, author := p.login(t, model.RoleEditor), p.login(t, model.RoleAuthor)
		page := p.page(t, "/admin/thong-ke?ky=7", editor)
		checkAdminPage(t, "statistics", page)
		contains(t, "statistics", page, "<b>5.000</b>", "<b>900</b>", "Lượt xem từ 09/06/2026 đến 15/06/2026", "Mỗi cột là một ngày",
			"Trang chủ", "Sửa chữa đường Nguyễn Huệ", "=Tin của tôi (tiếng Anh)", "Cải cách hành chính", p.user(t, model.RoleAuthor).FullName, "Không rõ người viết")
		page = p.page(t, "/admin/thong-ke?tu-ngay=1/5/2026&den-ngay=2026-06-14", editor)
		contains(t, "two months", page, "<b>5.070</b>", "<b>45</b>", "Lượt xem từ 01/05/2026 đến 14/06/2026")
		page = p.page(t, "/admin/thong-ke?ky=365", editor)
		contains(t, "a year", page, "Mỗi cột là một tuần", "tuần từ 08/06/2026: 5.000")

		page = p.page(t, "/admin/thong-ke?ky=7", author)
		checkAdminPage(t, "own statistics", page)
		contains(t, "own statistics", page, "<b>21</b>", "=Tin của tôi", "Các tin và hội nghị của bạn")
		lacks(t, "own statistics", page, "Trang chủ</a>", "Sửa chữa đường Nguyễn Huệ", "<b>5.000</b>", "Người viết")
		for query, want := range map[string]string{
			"ky=8":                                   "từ 17/05/2026 đến 15/06/2026",
			"tu-ngay=mai":                            "Ngày không hợp lệ",
			"tu-ngay=2026-06-15&den-ngay=2026-06-01": "ở sau ngày kết thúc",
			"tu-ngay=2030-01-01":                     "ở sau hôm nay",
			"tu-ngay=1000-01-01":                     "Lượt xem từ 16/06/2016 đến 15/06/2026",
			"tu-ngay=" + strings.Repeat("9", 9000):   "Ngày không hợp lệ",
		} {
			contains(t, query[:min(len(query), 40)], p.page(t, "/admin/thong-ke?"+query, editor), want)
		}
	})
}

func TestStatisticsAsFiles(t *testing.T) {
	storetest.EachOptions(t, func(t *testing.T, o store.Options) {
		p := newPortal(t, o, seed)
		p.seedViews(t)
		editor, author := p.login(t, model.RoleEditor), p.login(t, model.RoleAuthor)
		a := p.get("/admin/thong-ke/tai/thong-ke.xlsx?ky=7", editor)
		if a.status != http.StatusOK || a.header.Get("Content-Disposition") != `attachment; filename="thong-ke-2026-06-09-2026-06-15.xlsx"` {
			t.Fatalf("workbook: %d, %q", a.status, a.header.Get("Content-Disposition"))
		}
		book, err := excelize.OpenReader(strings.NewReader(a.body))
		must(t, err)
		if got := strings.Join(book.GetSheetList(), ", "); got != "Theo ngày, Trang xem nhiều, Chuyên mục, Người viết" {
			t.Errorf("sheets %s", got)
		}
		rows, err := book.GetRows("Theo ngày", excelize.Options{RawCellValue: true})
		must(t, err)
		if len(rows) != 8 || strings.Join(rows[0], ",") != "Ngày,Lượt xem,Lượt ghé thăm,Người xem" || strings.Join(rows[6], ",") != "14/06/2026,5000,900,800" {
			t.Errorf("days: %q", rows)
		}
		rows, err = book.GetRows("Trang xem nhiều", excelize.Options{RawCellValue: true})
		must(t, err)
		if !slices.ContainsFunc(rows, func(row []string) bool { return strings.Join(row, ",") == "Trang chủ,"+base+"/,3000" }) {
			t.Errorf("pages: %q", rows)
		}
		for file, want := range map[string]string{
			"theo-ngay.csv":  "\uFEFFNgày,Lượt xem,Lượt ghé thăm,Người xem\r\n",
			"trang.csv":      "'=Tin của tôi (tiếng Anh)," + base + "/en/tin-tuc/tin-cua-toi,21\r\n",
			"chuyen-muc.csv": "Cải cách hành chính,",
			"nguoi-viet.csv": p.user(t, model.RoleAuthor).FullName + ",1,21\r\n",
		} {
			a := p.get("/admin/thong-ke/tai/"+file+"?ky=7", editor)
			contains(t, file, a.body, want)
			contains(t, file, a.header.Get("Content-Type"), "text/csv")
			checkAdminHeaders(t, file, a)
		}
		if a := p.get("/admin/thong-ke/tai/nguoi-viet.csv", author); a.status != http.StatusNotFound {
			t.Errorf("others' figures for an author: %d", a.status)
		}
		own := p.get("/admin/thong-ke/tai/theo-ngay.csv?ky=7", author).body
		contains(t, "own days", own, "Ngày,Lượt xem\r\n", "14/06/2026,21\r\n")
		lacks(t, "own days", own, "5000")
	})
}
