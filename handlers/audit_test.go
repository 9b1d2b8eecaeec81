package handlers_test

import (
	"context"
	"database/sql"
	"net/http"
	"net/url"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"congso/store"
	"congso/store/model"
	"congso/store/storetest"
)

// TestAuditDesk: the trail is filtered and paged, records and people are named, and nothing typed is more than text.
func TestAuditDesk(t *testing.T) {
	eachPortal(t, func(t *testing.T, p *portal) {
		login := p.login(t, model.RoleAdmin)
		by := p.user(t, model.RoleEditor)
		section := model.Section{Name: "Chuyên mục thử nhật ký", Slug: "thu-nhat-ky"}
		must(t, p.store.PutSection(context.Background(), by.Actor(), &section))
		rows := func(query string) []string {
			t.Helper()
			page := p.page(t, "/admin/nhat-ky?"+query, login)
			checkAdminPage(t, query, page)
			var list []string
			for _, body := range find(parse(t, page), "tbody") {
				for _, tr := range find(body, "tr") {
					list = append(list, words(tr))
				}
			}
			return list
		}
		one := rows("nguoi=" + by.Name)
		if len(one) != 1 {
			t.Fatalf("entries of %s: %q", by.Name, one)
		}
		contains(t, "the entry", one[0], "09:00 ngày 15/06/2026", by.FullName, by.Name, "Tạo", "Chuyên mục", "Chuyên mục thử nhật ký", "tên, địa chỉ")
		for query, want := range map[string]int{
			"nguoi=ai.do":                                             0,
			"nguoi=" + by.Name + "&viec=create":                       1,
			"nguoi=" + by.Name + "&viec=update":                       0,
			"nguoi=" + by.Name + "&loai=section":                      1,
			"nguoi=" + by.Name + "&loai=news":                         0,
			"loai=section&so=" + itoa(section.ID):                     1,
			"nguoi=" + by.Name + "&tu-ngay=15/6/2026":                 1,
			"nguoi=" + by.Name + "&tu-ngay=2026-06-16":                0,
			"nguoi=" + by.Name + "&den-ngay=2026-06-14":               0,
			"nguoi=" + by.Name + "&so=abc&tu-ngay=mai":                1,
			"nguoi=" + url.QueryEscape(`"><script>alert(1)</script>`): 0,
			"viec=" + strings.Repeat("x", 10_000):                     0,
		} {
			if got := rows(query); len(got) != want {
				t.Errorf("%.60s: %d entries, want %d", query, len(got), want)
			}
		}
		contains(t, "a bad day", p.page(t, "/admin/nhat-ky?tu-ngay=mai", login), "Ngày không hợp lệ")
		first := p.page(t, "/admin/nhat-ky", login)
		contains(t, "the first page", first, "/admin/nhat-ky?trang=2")
		if n := len(rows("trang=2")); n == 0 || n > 50 {
			t.Errorf("%d entries on the second page", n)
		}
		if a := p.get("/admin/nhat-ky?trang=99999", login); a.status != http.StatusNotFound {
			t.Errorf("a page too far: %d", a.status)
		}
	})
}

// TestAuditChain: the page says how far the chain holds and which entry does not fit.
func TestAuditChain(t *testing.T) {
	storetest.EachOptions(t, func(t *testing.T, o store.Options) {
		p := newPortal(t, o, seed)
		login := p.login(t, model.RoleAdmin)
		page := p.page(t, "/admin/nhat-ky?kiem-tra=0", login)
		entries, total, err := p.store.AuditPage(context.Background(), store.AuditFilter{}, 1, 2)
		must(t, err)
		contains(t, "whole", page, "Chuỗi băm nguyên vẹn", "Đây là mục mới nhất", model.Group(int64(total))+" mục", entries[0].Hash)
		page = p.page(t, "/admin/nhat-ky?kiem-tra="+itoa(entries[1].ID), login)
		contains(t, "the last", page, "Chuỗi băm nguyên vẹn", "Đã kiểm tra 1 mục", "đứng sau mục "+model.Group(entries[1].ID)+", tới mục")
		if a := p.get("/admin/nhat-ky?kiem-tra=999999", login); a.status != http.StatusNotFound {
			t.Errorf("from an entry that is not there: %d", a.status)
		}
		lacks(t, "not asked", p.page(t, "/admin/nhat-ky?kiem-tra=x", login), "Chuỗi băm nguyên vẹn")
		behind(t, o, `UPDATE audit SET fields = 'name' WHERE id = 7`)
		page = p.page(t, "/admin/nhat-ky?kiem-tra=0", login)
		contains(t, "broken", page, "Chuỗi băm bị đứt", "Mục 7 không khớp", "6 mục trước đó")
		lacks(t, "broken", page, "nguyên vẹn</h2>")
		behind(t, o, `DELETE FROM audit WHERE id >= 7`)
		contains(t, "cut", p.page(t, "/admin/nhat-ky?kiem-tra=0", login), "Chuỗi băm bị đứt", "sau mục 6, đã bị lấy đi")
	})
}

// behind changes the database behind the store's back.
func behind(t *testing.T, o store.Options, statement string) {
	t.Helper()
	driver, address := "sqlite", "file:"+filepath.Join(o.Dir, "congso.db")+"?_pragma=busy_timeout(5000)"
	if o.Database != "" {
		driver, address = "pgx", o.Database
	}
	db, err := sql.Open(driver, address)
	must(t, err)
	_, err = db.Exec(statement)
	must(t, err)
	must(t, db.Close())
}

// trail are the newest entries about records of that kind.
func (p *portal) trail(t testing.TB, kind model.Kind) []model.Audit {
	t.Helper()
	entries, _, err := p.store.AuditPage(context.Background(), store.AuditFilter{Kind: kind}, 1, 20)
	must(t, err)
	return entries
}

// TestAuditDeskAfterPruning: the page says from when on the trail is there, shows the anchor, and the chain holds, in one go and in pieces.
func TestAuditDeskAfterPruning(t *testing.T) {
	eachPortal(t, func(t *testing.T, p *portal) {
		ctx := context.Background()
		login := p.login(t, model.RoleAdmin)
		lacks(t, "before", p.page(t, "/admin/nhat-ky", login), "Nhật ký có từ", "Dọn mục cũ")
		_, total, err := p.store.AuditPage(ctx, store.AuditFilter{}, 1, 1)
		must(t, err)
		p.clock.Add(24 * time.Hour)
		login = p.login(t, model.RoleAdmin)
		section := model.Section{Name: "Chuyên mục mới", Slug: "chuyen-muc-moi"}
		must(t, p.store.PutSection(ctx, model.Actor{Name: "x"}, &section))
		oldest, _, err := p.store.AuditPage(ctx, store.AuditFilter{From: p.store.Today()}, 1, 50)
		must(t, err)
		first := oldest[len(oldest)-1]
		removed, err := p.store.PruneAudit(ctx, "a", time.Hour)
		if err != nil || removed != int64(total) {
			t.Fatalf("%d removed, error %v, want %d", removed, err, total)
		}
		page := p.page(t, "/admin/nhat-ky?kiem-tra=0", login)
		checkAdminPage(t, "/admin/nhat-ky", page)
		contains(t, "after", page, "Nhật ký có từ 09:00 ngày 16/06/2026 (mục "+model.Group(first.ID)+")", "Chuỗi băm nguyên vẹn", "Đây là mục mới nhất",
			"Dọn mục cũ", model.Group(removed)+" mục, tới mục "+model.Group(first.ID-1)+", mã băm "+first.Previous[:12])
		contains(t, "by action", p.page(t, "/admin/nhat-ky?viec=prune&loai=audit", login), "Dọn mục cũ", "congso")
		piece, err := p.store.CheckAudit(ctx, 0, 1)
		if err != nil || piece.Count != 1 || piece.Last != first.ID || !piece.More {
			t.Errorf("a piece: %+v, error %v", piece, err)
		}
		rest, err := p.store.CheckAudit(ctx, piece.Last, 0)
		if err != nil || rest.More || rest.Count != len(oldest) {
			t.Errorf("the rest: %+v, error %v", rest, err)
		}
	})
}
