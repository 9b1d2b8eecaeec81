package handlers_test

import (
	"context"
	"net/http"
	"strings"
	"testing"
	"time"

	"congso/content"
	"congso/handlers"
	"congso/store"
	"congso/store/model"
	"congso/store/storetest"
)

// threeDoors are three copies of the portal on one PostgreSQL database, each with a data folder and a door of its own.
func threeDoors(t *testing.T, database string) (doors []*portal) {
	t.Helper()
	o := store.Options{Dir: t.TempDir(), Database: database}
	doors = []*portal{newPortal(t, o, seed)}
	for range 2 {
		o.Dir = t.TempDir()
		doors = append(doors, newPortal(t, o, func(testing.TB, *store.Store, *storetest.Clock) fixture { return doors[0].fixture }))
	}
	return doors
}

func advance(doors []*portal, d time.Duration) {
	for _, p := range doors {
		p.clock.Add(d)
	}
}

// TestALoginHoldsAtAllCopies: whoever logs in at one copy is logged in at the others, and out at all of them at once; so is a disabled account.
func TestALoginHoldsAtAllCopies(t *testing.T) {
	doors := threeDoors(t, storetest.Postgres(t))
	u := doors[0].withPassword(t, "hoa.tran", model.RoleStaff)
	b := &browserOf{t: t}
	at := func(door int) *browserOf { b.portal = doors[door]; return b }
	inAt := func(when string, want bool) {
		t.Helper()
		for i, p := range doors {
			if a := p.get("/admin", cookie("congso", b.cookie)); a.status == http.StatusOK != want {
				t.Errorf("%s, copy %d: status %d", when, i, a.status)
			}
		}
	}
	at(0).leads(b.login("hoa.tran", goodPassword, "/so-do"), "/so-do")
	inAt("logged in at the first", true)
	at(1).leads(b.portal.post("/admin/dang-xuat", "", cookie("congso", b.cookie)), "/admin/dang-nhap")
	inAt("logged out at the second", false)
	at(2).leads(b.login("hoa.tran", goodPassword, "/so-do"), "/so-do")
	u.Disabled = true
	must(t, doors[0].store.PutUser(t.Context(), storetest.Actor(), &u))
	inAt("disabled at the first", false)
}

// TestWhatIsGoodOnceIsSoAtAllCopies: the link for the first account, and a code of the second factor.
func TestWhatIsGoodOnceIsSoAtAllCopies(t *testing.T) {
	doors := threeDoors(t, storetest.Postgres(t))
	code, err := doors[0].store.NewSetup(t.Context())
	must(t, err)
	filled := []string{"ma", code, "name", "quan.tri", "full_name", "Quách Thị Trị", "password", goodPassword, "password_again", goodPassword}
	b := &browserOf{portal: doors[1], t: t}
	b.leads(b.post("/admin/thiet-lap", filled...), "/admin/tai-khoan/xac-thuc?ve=%2Fadmin")
	other := &browserOf{portal: doors[2], t: t}
	other.shows(other.post("/admin/thiet-lap", filled...), http.StatusNotFound, "Liên kết không còn dùng được")

	b.portal = doors[2]
	secret, codes := b.setFactor()
	advance(doors, 30*time.Second)
	proof := b.codeOf(secret)
	for i, p := range doors {
		again := &browserOf{portal: p, t: t}
		again.leads(again.login("quan.tri", goodPassword, ""), "/admin/ma-xac-thuc?ve=%2Fadmin")
		if i == 0 {
			again.leads(again.post("/admin/ma-xac-thuc", "code", proof), "/admin")
			continue
		}
		again.shows(again.post("/admin/ma-xac-thuc", "code", proof), http.StatusUnprocessableEntity, "Mã không đúng hoặc đã được dùng.")
		if i == 1 {
			again.leads(again.post("/admin/ma-xac-thuc", "code", codes[0]), "/admin")
			continue
		}
		again.shows(again.post("/admin/ma-xac-thuc", "code", codes[0]), http.StatusUnprocessableEntity, "Mã không đúng hoặc đã được dùng.")
	}
}

// TestEditorsAtTwoCopies: two people who edit one item at two copies are told of each other and of each other's text, as at one copy.
func TestEditorsAtTwoCopies(t *testing.T) {
	doors := threeDoors(t, storetest.Postgres(t))
	section := putSection(t, doors[0].store, model.Section{Name: "Bàn tin"})
	first := doors[0].somebody(t, "bien.tap", model.RoleEditor)
	second := doors[1].somebody(t, "bien.tap.hai", model.RoleEditor)
	path := first.begins("Khai trương một cửa", section)
	mine, theirs := first.opens(path, "body", "Chữ của người thứ nhất."), second.opens(path, "body", "Chữ của người thứ hai.")
	first.sends(path+"/luu-tam", mine, http.StatusOK)
	for _, each := range []struct{ who, other somebody }{{first, second}, {second, first}} {
		list := said(t, each.who.sends(path+"/dang-sua", nil, http.StatusOK)).Editors
		if len(list) != 1 || !strings.HasPrefix(list[0], each.other.user.FullName) {
			t.Errorf("%s is told of editors %q", each.who.user.Name, list)
		}
	}
	refused := second.sends(path+"/luu-tam", theirs, http.StatusConflict)
	if got := said(t, refused); got.Version != 1 || !strings.Contains(got.By, first.user.FullName) {
		t.Errorf("the second is told %+v", got)
	}
	contains(t, "saved all the same", second.sends(path, theirs, http.StatusConflict).body, "<del>nhất</del>", "<ins>hai</ins>", `value="Chữ của người thứ hai."`)
	contains(t, "at the third copy", somebody{doors[2], t, second.user, second.login}.opens(path).Get("body"), "Chữ của người thứ nhất.")
}

// TestTakenDownAtAnotherCopy: what was taken down at one copy another does not show instead of a page that it cannot make, neither when it has
// heard of that, nor when it hears nothing any more.
func TestTakenDownAtAnotherCopy(t *testing.T) {
	o := store.Options{Dir: t.TempDir(), Database: storetest.Postgres(t)}
	first := newPortal(t, o, seed)
	o.Dir, o.Now, o.Renderer = t.TempDir(), first.clock.Now, content.Renderer()
	s, err := store.Open(t.Context(), o) // apart from storetest, which would close it twice
	must(t, err)
	own := first.options
	own.Store, own.Hits, own.PageAge = s, store.NewHitBuffer(s), 0
	second := &portal{clock: first.clock, store: s, hits: own.Hits, log: first.log, options: own, server: handlers.New(own)}
	flushed := func() {
		t.Helper()
		must(t, own.Hits.Flush(t.Context()))
	}
	announce := func(s *store.Store, name string) {
		t.Helper()
		must(t, s.AnnounceCopy(t.Context(), store.Copy{Name: name, Since: s.Now()}))
	}
	announce(first.store, "may-1")
	announce(s, "may-2")
	flushed()

	item, other := "/tin-tuc/"+first.news.Slug, "/tin-tuc/"+first.corrected.Slug
	for _, target := range []string{item, other} {
		second.page(t, target)
	}
	n := first.news
	n.Status = model.StatusArchived
	must(t, first.store.PutNews(t.Context(), storetest.Actor(), &n))
	flushed() // each second, as a copy does
	second.page(t, other)
	first.clock.Add(2 * time.Second)
	second.page(t, other)
	must(t, s.Close())
	first.clock.Add(2 * time.Second)
	if a := second.get(other); a.status != http.StatusOK || a.header.Get("Cache-Status") != "congso; hit; detail=failed" {
		t.Errorf("what nobody has changed, right after the last word of the database: status %d, %q", a.status, a.header.Get("Cache-Status"))
	}
	if a := second.get(item); a.status != http.StatusServiceUnavailable || strings.Contains(a.body, n.Title) {
		t.Errorf("taken down, as it has heard: status %d", a.status)
	}
	for until := time.Now().Add(10 * time.Second); s.ChangesKnown() && time.Now().Before(until); {
		time.Sleep(10 * time.Millisecond)
	}
	m := first.corrected
	m.Status = model.StatusArchived
	must(t, first.store.PutNews(t.Context(), storetest.Actor(), &m))
	first.clock.Add(time.Second)
	if a := second.get(other); a.status != http.StatusServiceUnavailable || strings.Contains(a.body, m.Title) {
		t.Errorf("taken down when it hears nothing: status %d, %q", a.status, a.header.Get("Cache-Status"))
	}
}

// TestReadinessTellsOfOtherCopies: a copy with other articles or another program says so, and is ready all the same.
func TestReadinessTellsOfOtherCopies(t *testing.T) {
	doors := threeDoors(t, storetest.Postgres(t))
	announce := func(i int, program, content string) {
		t.Helper()
		must(t, doors[i].store.AnnounceCopy(context.Background(), store.Copy{Name: string(rune('a' + i)), Program: program, Content: content, Since: time.Now()}))
	}
	ready := func(i int) string { t.Helper(); return doors[i].page(t, "/readyz") }
	contains(t, "alone", ready(0), `"ready":true`, `"content":"`+doors[0].options.Content.Version(), `"warnings":[]`)
	announce(0, "1", "cũ")
	announce(1, "1", "mới")
	announce(2, "2", "mới")
	announce(0, "1", "cũ")
	contains(t, "the first", ready(0), `"ready":true`, "copies: 1 of 2 others run another version of the program", "copies: 2 of 2 others have other articles")
	contains(t, "with the clock of a test", ready(0), "clock: ", " s behind the database's clock")
	must(t, doors[2].store.LeaveCopies(context.Background()))
	announce(0, "1", "mới")
	lacks(t, "once all are alike", ready(0), "copies:")
}
