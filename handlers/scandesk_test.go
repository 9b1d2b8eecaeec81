package handlers_test

import (
	"context"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"congso/store"
	"congso/store/model"
	"congso/store/storetest"
)

// planted puts something to be found into each place that can be taken down, and scans.
func (p *portal) planted(t testing.TB, o store.Options) {
	t.Helper()
	ctx := context.Background()
	n := p.news
	n.Body = "Nhà cái uy tín, xem [ở đây](https://evil.example/)."
	must(t, p.store.PutNews(ctx, storetest.Actor(), &n))
	must(t, p.store.PutMenu(ctx, storetest.Actor(), []model.MenuItem{{Label: "Tin", Href: "/tin-tuc", Children: []model.MenuItem{{Label: "Vui", Href: "https://menu.example/"}}}}))
	must(t, p.store.PutRedirect(ctx, storetest.Actor(), "/khuyen-mai", "https://redirect.example/"))
	must(t, p.store.PutLinkedSite(ctx, storetest.Actor(), &model.LinkedSite{Name: "Go88", URL: "https://linked.example/"}))
	must(t, os.WriteFile(filepath.Join(o.Dir, "media", "la.php"), []byte("<?php ?>"), 0o600))
	section := p.news.Section
	section.Name = "Tài xỉu md5"
	must(t, p.store.PutSection(ctx, storetest.Actor(), &section))
	p.scan(t)
}

// found is the open finding with that value.
func (p *portal) found(t testing.TB, value string) model.Finding {
	t.Helper()
	list, _, err := p.store.Findings(context.Background(), store.FindingFilter{State: model.FindingOpen, Value: value}, 1, 10)
	must(t, err)
	if len(list) != 1 {
		t.Fatalf("%q: %d findings", value, len(list))
	}
	return list[0]
}

func TestScanDeskTakesDown(t *testing.T) {
	eachScanned(t, func(t *testing.T, p *portal, o store.Options, _ string) {
		p.planted(t, o)
		ctx, login := context.Background(), p.login(t, model.RoleAdmin)
		page := p.page(t, "/admin/ra-soat", login)
		contains(t, "list", page, "Từ ngữ cờ bạc, thuốc", "<mark>Nhà cái uy tín</mark>", "Liên kết tới máy chủ chưa duyệt", "<mark>evil.example</mark>",
			"/admin/tin-tuc/"+itoa(p.news.ID), "Cất tệp đi", "Bỏ lọc", "Duyệt máy chủ", "Mở nơi này để sửa")
		lacks(t, "list", page, `href="https://evil.example`)
		contains(t, "first page", p.page(t, "/admin", login), "chỗ nghi bị cài")
		contains(t, "readyz", p.page(t, "/readyz"), `"scan: `)
		lacks(t, "readyz", p.page(t, "/readyz"), "evil.example")

		for _, value := range []string{"nhà cái uy tín", "menu.example", "redirect.example", "go88", "la.php"} {
			a := p.post("/admin/ra-soat/"+itoa(p.found(t, value).ID)+"/go", "", login)
			if a.status != http.StatusSeeOther {
				t.Errorf("%s: status %d", value, a.status)
			}
		}
		if a := p.get("/tin-tuc/" + p.news.Slug); a.status != http.StatusGone {
			t.Errorf("the item: status %d", a.status)
		}
		if n, err := p.store.OpenFindings(ctx, store.FindingFilter{Place: model.KindNews}); n != 0 || err != nil {
			t.Errorf("%d findings of the archived item are open, %v", n, err)
		}
		items, err := p.store.Menu(ctx)
		must(t, err)
		if len(items) != 1 || len(items[0].Children) != 0 {
			t.Errorf("menu: %+v", items)
		}
		if a := p.get("/khuyen-mai"); a.status != http.StatusNotFound {
			t.Errorf("redirect: status %d", a.status)
		}
		sites, err := p.store.LinkedSites(ctx)
		must(t, err)
		if len(sites) != 1 {
			t.Errorf("linked sites: %+v", sites)
		}
		if _, err := os.Stat(filepath.Join(o.Dir, "media", "la.php")); !os.IsNotExist(err) {
			t.Errorf("file: %v", err)
		}
		byHand := p.found(t, "tài xỉu md5")
		if a := p.post("/admin/ra-soat/"+itoa(byHand.ID)+"/go", "", login); a.status != http.StatusSeeOther {
			t.Errorf("by hand: %d", a.status)
		}
		contains(t, "by hand", p.page(t, "/admin/ra-soat", login), "phải sửa bằng tay")
		if f := p.found(t, "tài xỉu md5"); f.State != model.FindingOpen {
			t.Errorf("by hand: %+v", f)
		}
		report := p.scan(t)
		if left := p.open(t); report.Open != 1 { // the section
			t.Errorf("after all was taken down: %q", left)
		}
		contains(t, "what was taken down", p.page(t, "/admin/ra-soat?trang-thai=down", login), "Đã gỡ xuống", "redirect.example")
		if entries := p.trail(t, model.KindFinding); len(entries) != 5 || entries[0].Action != "take_down" {
			t.Errorf("audit: %+v", entries)
		}
	})
}

func TestScanDeskApproves(t *testing.T) {
	eachScanned(t, func(t *testing.T, p *portal, o store.Options, _ string) {
		p.planted(t, o)
		ctx, login := context.Background(), p.login(t, model.RoleAdmin)
		contains(t, "hosts", p.page(t, "/admin/ra-soat/may-chu", login), `value="evil.example"`, `value="menu.example"`, "tangiang.example.vn", "Duyệt tất cả 3 tên trên")
		if a := p.post("/admin/ra-soat/may-chu", fields("host", "evil.example", "moi", "evil.example", "moi", "menu.example", "them", "https://www.Chinhphu.example/a\nhai.example"), login); a.status != http.StatusSeeOther {
			t.Fatalf("approve: %d", a.status)
		}
		for host, want := range map[string]bool{"evil.example": true, "chinhphu.example": true, "hai.example": true, "menu.example": false} {
			if got, err := p.store.HostApproved(ctx, host); got != want || err != nil {
				t.Errorf("%s: %t, %v", host, got, err)
			}
		}
		if a := p.post("/admin/ra-soat/may-chu", fields("moi", "menu.example", "moi", "redirect.example", "viec", "tatca"), login); a.status != http.StatusSeeOther {
			t.Errorf("approve all: %d", a.status)
		}
		for _, body := range []string{"", fields("them", "<b>"), fields("host", "x/y z")} {
			if a := p.post("/admin/ra-soat/may-chu", body, login); a.status != http.StatusUnprocessableEntity {
				t.Errorf("%q: status %d", body, a.status)
			}
		}
		word := p.found(t, "nhà cái uy tín")
		if a := p.post("/admin/ra-soat/"+itoa(word.ID)+"/khong-loi", "", login); a.status != http.StatusSeeOther {
			t.Errorf("no fault: %d", a.status)
		}
		p.scan(t)
		for _, s := range p.open(t) {
			if strings.HasPrefix(s, "host ") || s == "word news nhà cái uy tín" {
				t.Errorf("told again: %s", s)
			}
		}
		if a := p.post("/admin/ra-soat/"+itoa(word.ID)+"/mo-lai", "", login); a.status != http.StatusSeeOther {
			t.Errorf("again: %d", a.status)
		}
		p.found(t, "nhà cái uy tín")
		if a := p.post("/admin/ra-soat/may-chu/xoa", fields("host", "evil.example"), login); a.status != http.StatusSeeOther {
			t.Errorf("forget: %d", a.status)
		}
		p.found(t, "evil.example")
		if a := p.post("/admin/ra-soat/may-chu/xoa", fields("host", "never.example"), login); a.status != http.StatusNotFound {
			t.Errorf("forget what is none: %d", a.status)
		}
	})
}

// TestScanDeskOfEditors: an editor sees the findings of meetings and of the own sections, and decides nothing.
func TestScanDeskOfEditors(t *testing.T) {
	eachScanned(t, func(t *testing.T, p *portal, o store.Options, _ string) {
		p.planted(t, o)
		elsewhere := putSection(t, p.store, model.Section{Name: "Mục kia"})
		within := storetest.User(t, p.store, "bien.tap.day", model.RoleEditor, func(u *model.User) { u.Sections = []int64{p.news.Section.ID} })
		without := storetest.User(t, p.store, "bien.tap.kia", model.RoleEditor, func(u *model.User) { u.Sections = []int64{elsewhere.ID} })
		for name, c := range map[string]struct {
			user model.User
			sees bool
		}{"of the section": {within, true}, "of another": {without, false}} {
			login := p.loginAs(t, c.user)
			page := p.page(t, "/admin/ra-soat?trang-thai=moi", login)
			lacks(t, name, page, "redirect.example", "la.php", `/go"`, "Không phải lỗi", "/admin/ra-soat/tu-ngu", "/khong-loi")
			if strings.Contains(page, "evil.example") != c.sees {
				t.Errorf("%s: sees it %t", name, !c.sees)
			}
			if strings.Contains(p.page(t, "/admin", login), "chỗ nghi bị cài") != c.sees {
				t.Errorf("%s: told on the first page %t", name, !c.sees)
			}
		}
	})
}

func TestScanWordsDesk(t *testing.T) {
	eachScanned(t, func(t *testing.T, p *portal, _ store.Options, _ string) {
		login := p.login(t, model.RoleAdmin)
		contains(t, "shipped list", p.page(t, "/admin/ra-soat/tu-ngu", login), "nhà cái uy tín", "! triệt phá")
		if a := p.post("/admin/ra-soat/tu-ngu", fields("words", "kẹo lạc giá rẻ\n"), login); a.status != http.StatusSeeOther {
			t.Fatalf("save: %d", a.status)
		}
		n := p.news
		n.Body = "Kẹo lạc giá rẻ, nhà cái uy tín."
		must(t, p.store.PutNews(context.Background(), storetest.Actor(), &n))
		p.scan(t)
		if f := p.found(t, "kẹo lạc giá rẻ"); f.RecordID != n.ID || f.Field != "body" || f.Line != 1 {
			t.Errorf("%+v", f)
		}
		if list, _, err := p.store.Findings(context.Background(), store.FindingFilter{Value: "nhà cái uy tín"}, 1, 10); len(list) > 0 || err != nil {
			t.Errorf("the list that was replaced: %+v, %v", list, err)
		}
		if a := p.post("/admin/ra-soat/tu-ngu", fields("words", " \n"), login); a.status != http.StatusUnprocessableEntity {
			t.Errorf("an empty list: %d", a.status)
		}
		if a := p.post("/admin/ra-soat/tu-ngu", fields("viec", "macdinh", "words", "x"), login); a.status != http.StatusSeeOther {
			t.Errorf("the shipped list: %d", a.status)
		}
		contains(t, "shipped list again", p.page(t, "/admin/ra-soat/tu-ngu", login), "nhà cái uy tín")
	})
}

// TestChecklistAsksAboutPlantedWords: whoever writes is asked, and may go on.
func TestChecklistAsksAboutPlantedWords(t *testing.T) {
	eachPortal(t, func(t *testing.T, p *portal) {
		ctx, login := context.Background(), p.login(t, model.RoleEditor)
		n := model.News{Title: "Có lời lạ", Summary: "Có.", Section: p.news.Section, Lifecycle: model.Lifecycle{Status: model.StatusDraft, Visibility: model.Public},
			Body: "Dòng một.\n\nNhà cái uy tín <iframe src=x> [ở đây](https://evil.example/)."}
		must(t, p.store.PutNews(ctx, storetest.Actor(), &n))
		form := fields("title", n.Title, "summary", n.Summary, "body", n.Body, "section", itoa(n.Section.ID), "visibility", "public", "slug", n.Slug, "_version", "0", "_base", "1")
		a := p.post("/admin/tin-tuc/"+itoa(n.ID)+"/dang", form, login)
		if a.status != http.StatusUnprocessableEntity {
			t.Fatalf("status %d", a.status)
		}
		contains(t, "checklist", a.body, "“nhà cái uy tín” là lời hay bị cài", "mã của trang web", "Chưa ai duyệt cho cổng dẫn tới evil.example", "Vẫn đăng")
		must(t, p.store.ApproveHosts(ctx, storetest.Actor(), "evil.example"))
		a = p.post("/admin/tin-tuc/"+itoa(n.ID)+"/dang", form, login)
		contains(t, "approved", a.body, "“nhà cái uy tín” là lời hay bị cài")
		lacks(t, "approved", a.body, "Chưa ai duyệt")
	})
}
