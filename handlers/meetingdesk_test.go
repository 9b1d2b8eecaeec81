package handlers_test

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"golang.org/x/net/html"

	"congso/store/model"
	"congso/store/storetest"
)

// soanForm is what the browser would send of the editor's form at target.
func (p *portal) soanForm(t *testing.T, target string, login func(*http.Request)) url.Values {
	t.Helper()
	return editorValues(t, p.page(t, target, login))
}

// editorValues are the fields of the editor's form in the page, without those of templates.
func editorValues(t *testing.T, page string) url.Values {
	t.Helper()
	values := url.Values{}
	var walk func(n *html.Node)
	walk = func(n *html.Node) {
		if n.Data == "template" {
			return
		}
		name := attr(n, "name")
		switch {
		case name == "" || n.Data == "button":
		case n.Data == "textarea":
			values.Add(name, strings.TrimPrefix(textOf(n), "\n"))
		case n.Data == "select":
			values.Add(name, chosenOf(n))
		case n.Data == "input" && (attr(n, "type") != "checkbox" || hasAttr(n, "checked")):
			values.Add(name, attr(n, "value"))
		}
		for child := range n.ChildNodes() {
			walk(child)
		}
	}
	for _, f := range find(parse(t, page), "form") {
		if attr(f, "id") == "soan" {
			walk(f)
			return values
		}
	}
	t.Fatal("the page has no editor")
	return nil
}

func textOf(n *html.Node) string {
	var b strings.Builder
	for child := range n.Descendants() {
		if child.Type == html.TextNode {
			b.WriteString(child.Data)
		}
	}
	return b.String()
}

func chosenOf(n *html.Node) string {
	options := find(n, "option")
	for _, o := range options {
		if hasAttr(o, "selected") {
			return attr(o, "value")
		}
	}
	if len(options) == 0 {
		return ""
	}
	return attr(options[0], "value")
}

// change returns v with these fields set: name, value, name, value, …
func change(v url.Values, pairs ...string) url.Values {
	next := url.Values{}
	for name, values := range v {
		next[name] = slices.Clone(values)
	}
	for i := 0; i < len(pairs); i += 2 {
		next.Set(pairs[i], pairs[i+1])
	}
	return next
}

// goes fails unless the form is taken and leads to want, a path without a fragment.
func (p *portal) goes(t *testing.T, target string, v url.Values, login func(*http.Request), want string) answer {
	t.Helper()
	a := p.post(target, v.Encode(), login)
	path, _, _ := strings.Cut(a.header.Get("Location"), "#")
	if a.status != http.StatusSeeOther || path != want {
		t.Fatalf("POST %s: status %d, Location %q, want 303 to %q\n%s", target, a.status, a.header.Get("Location"), want, faultsOf(a.body))
	}
	return a
}

var faultText = regexp.MustCompile(`(?s)<div class="summary-of-faults.*?</div>|<section class="checklist.*?</section>|<h1>.*?</h1>`)

func faultsOf(page string) string { return strings.Join(faultText.FindAllString(page, -1), "\n") }

// newMeeting begins a record as the form does and returns its address at the desk.
func (p *portal) newMeeting(t *testing.T, login func(*http.Request), title string) string {
	t.Helper()
	a := p.post("/admin/hoi-nghi/moi", fields("title", title, "kind", "hội nghị", "start", "2026-06-10T08:00"), login)
	path := a.header.Get("Location")
	if a.status != http.StatusSeeOther || !strings.HasPrefix(path, "/admin/hoi-nghi/") {
		t.Fatalf("new meeting: status %d, Location %q\n%s", a.status, path, faultsOf(a.body))
	}
	return path
}

// filled is the form of a record with a row of each kind.
func (p *portal) filled(t *testing.T, path string, login func(*http.Request)) url.Values {
	t.Helper()
	photo, file := picture(t, p.store, 650, 77), p.file
	return change(p.soanForm(t, path, login), "end", "2026-06-10T11:00", "place", "Hội trường B", "summary", "Hội nghị bàn hai việc.\n\n- một\n- hai",
		"participants", "0", "participants.0.name", "phạm thị ánh đào", "participants.0.role", "chair",
		"figures", "0", "figures.0.label", "Học viên", "figures.0.value", "3.600,5", "figures.0.unit", "người",
		"conclusions", "0", "conclusions.0.text", "Mở lớp ngay trong quý",
		"tasks", "0", "tasks.0.text", "Lập danh sách lớp", "tasks.0.unit", "van-phong", "tasks.0.due", "2026-07-05",
		"agreements", "0", "agreements.0.title", "Quy chế phối hợp", "agreements.0.parties", "Sở Nội vụ\r\nTỉnh đoàn\r\n",
		"photos", "0", "photos.0.media", fmt.Sprint(photo.ID), "photos.0.alt", "Toàn cảnh", "photos.0.caption", "Quang cảnh hội nghị",
		"attachments", "0", "attachments.0.media", fmt.Sprint(file.ID), "attachments.0.title", "Báo cáo sơ kết")
}

// TestMeetingFromDeskToReaders goes the whole way: an author fills in every kind of row, an editor returns it, the author sends it again,
// the editor publishes it, and readers have all of it; the position stays that of the day whatever the directory says later.
func TestMeetingFromDeskToReaders(t *testing.T) {
	eachPortal(t, func(t *testing.T, p *portal) {
		author, editor := p.login(t, model.RoleAuthor), p.login(t, model.RoleEditor)
		path := p.newMeeting(t, author, "Hội nghị giao chỉ tiêu")
		p.goes(t, path, p.filled(t, path, author), author, path)
		page := p.page(t, path, author)
		checkAdminPage(t, path, page)
		saved := editorValues(t, page)
		for name, want := range map[string]string{
			"participants.0.name": "Phạm Thị Ánh Đào", "participants.0.position": "Giám đốc", "participants.0.person": "pham-thi-anh-dao", "participants.0.role": "chair",
			"figures.0.value": "3.600,5", "tasks.0.unit": "van-phong", "tasks.0.due": "2026-07-05", "agreements.0.parties": "Sở Nội vụ\nTỉnh đoàn",
			"attachments.0.title": "Báo cáo sơ kết", "summary": "Hội nghị bàn hai việc.\n\n- một\n- hai", "start": "2026-06-10T08:00", "_version": "0", "_base": "2",
		} {
			if got := strings.ReplaceAll(saved.Get(name), "\r\n", "\n"); got != want {
				t.Errorf("%s is %q, want %q", name, got, want)
			}
		}
		contains(t, "preview", p.page(t, "/admin/preview"+strings.TrimPrefix(path, "/admin"), author), "Mở lớp ngay trong quý", "Văn phòng", "Quang cảnh hội nghị", "Giám đốc")

		p.goes(t, path+"/gui", saved, author, path)
		if a := p.post(path+"/dang", saved.Encode(), author); a.status != http.StatusForbidden {
			t.Errorf("an author publishes: status %d", a.status)
		}
		if a := p.post(path, saved.Encode(), author); a.status != http.StatusConflict {
			t.Errorf("an author saves what is in review: status %d", a.status)
		}
		p.goes(t, path+"/tra-lai", url.Values{"note": {"Thiếu kết luận thứ hai."}}, editor, "/admin/hoi-nghi")
		contains(t, "returned", p.page(t, path, author), "Thiếu kết luận thứ hai.")
		second := p.soanForm(t, path, author)
		second["conclusions"] = []string{"0", "7"}
		p.goes(t, path+"/gui", change(second, "conclusions.7.text", "Báo cáo mỗi quý"), author, path)
		p.goes(t, path+"/dang", p.soanForm(t, path, editor), editor, path)

		public := p.page(t, "/hoi-nghi/hoi-nghi-giao-chi-tieu")
		contains(t, "readers", public, "Giám đốc", "Phạm Thị Ánh Đào", "3.600,5", "Mở lớp ngay trong quý", "Báo cáo mỗi quý", "Lập danh sách lớp", "Quy chế phối hợp",
			"Tỉnh đoàn", "Quang cảnh hội nghị", "Báo cáo sơ kết", "Hội trường B")
		lacks(t, "readers", public, "Thiếu kết luận")
		person, err := p.store.PersonBySlug(context.Background(), storetest.Staff(), "pham-thi-anh-dao")
		must(t, err)
		person.Posts[0].Title = "Nguyên Giám đốc"
		must(t, p.store.PutPerson(context.Background(), storetest.Actor(), &person))
		p.goes(t, path+"/dang", change(p.soanForm(t, path, editor), "place", "Hội trường C"), editor, path)
		public = p.page(t, "/hoi-nghi/hoi-nghi-giao-chi-tieu")
		contains(t, "readers later", public, "Hội trường C", ">Giám đốc<")
		lacks(t, "readers later", public, "Nguyên Giám đốc")
	})
}

// TestMeetingRowsWithoutScript: each button keeps all that is typed, valid or not, and leads back to its row.
func TestMeetingRowsWithoutScript(t *testing.T) {
	eachPortal(t, func(t *testing.T, p *portal) {
		login := p.login(t, model.RoleAuthor)
		path := p.newMeeting(t, login, "Họp giao ban")
		press := func(order string, want string, pairs ...string) url.Values {
			t.Helper()
			v := change(p.soanForm(t, path, login), append(pairs, "_viec", order)...)
			a := p.goes(t, path+"/hang", v, login, path)
			if _, anchor, _ := strings.Cut(a.header.Get("Location"), "#"); anchor != want {
				t.Errorf("%s leads to %q, want %q", order, anchor, want)
			}
			page := p.page(t, path, login)
			checkAdminPage(t, path, page)
			if want != "" && !strings.Contains(page, `id="`+want+`"`) {
				t.Errorf("%s: the page has no %q", order, want)
			}
			return editorValues(t, page)
		}
		press("them:tasks", "r_tasks.0", "title", "Tên đang gõ dở", "start", "")
		press("them:tasks", "r_tasks.1", "tasks.0.text", "việc đầu", "tasks.0.due", "không phải ngày")
		v := press("len:tasks:1", "r_tasks.1", "tasks.1.text", "việc sau")
		if got := v["tasks"]; !slices.Equal(got, []string{"1", "0"}) {
			t.Errorf("rows %q", got)
		}
		for name, want := range map[string]string{"title": "Tên đang gõ dở", "start": "", "tasks.0.text": "việc đầu", "tasks.0.due": "không phải ngày", "tasks.1.text": "việc sau"} {
			if v.Get(name) != want {
				t.Errorf("%s is %q, want %q", name, v.Get(name), want)
			}
		}
		press("xuong:tasks:1", "r_tasks.1")
		v = press("xoa:tasks:0", "r_tasks.1")
		if got := v["tasks"]; !slices.Equal(got, []string{"1"}) || v.Get("tasks.0.text") != "" {
			t.Errorf("rows %q, the removed one %q", got, v.Get("tasks.0.text"))
		}
		press("xoa:tasks:1", "f_tasks")
		press("xoa:users:1", "")
		for _, kind := range []string{"participants", "figures", "conclusions", "agreements", "photos", "attachments"} {
			press("them:"+kind, "r_"+kind+".0")
		}
		if _, err := p.store.MeetingBySlug(context.Background(), storetest.Staff(), "ten-dang-go-do"); err == nil {
			t.Error("a button of a row has changed the record itself")
		}
	})
}

// TestRefusedMeetingKeepsAll: what cannot be stored comes back as typed, each fault at its field.
func TestRefusedMeetingKeepsAll(t *testing.T) {
	eachPortal(t, func(t *testing.T, p *portal) {
		login := p.login(t, model.RoleEditor)
		path := p.newMeeting(t, login, "Họp")
		long := strings.Repeat("a", 10_000)
		v := change(p.filled(t, path, login), "title", long, "start", "chiều mai", "figures.0.value", "rất nhiều", "tasks.0.due", "31/02/2026",
			"tasks.0.proof", "javascript:alert(1)", "agreements.0.parties", "", "photos.0.media", "999999", "participants.0.name", "<script>alert(1)</script>")
		for _, target := range []string{path, path + "/gui", path + "/dang"} {
			a := p.post(target, change(v, "_version", p.soanForm(t, path, login).Get("_version")).Encode(), login)
			if a.status != http.StatusUnprocessableEntity {
				t.Fatalf("%s: status %d, want 422", target, a.status)
			}
			checkAdminPage(t, target, a.body)
			for _, field := range []string{"start", "figures.0.value", "tasks.0.due", "tasks.0.proof", "agreements.0.parties", "photos.0.media"} {
				contains(t, target, a.body, `href="#f_`+field+`"`, `id="e_`+field+`"`)
			}
			contains(t, target, a.body, long, "chiều mai", "31/02/2026", "&lt;script&gt;alert(1)")
			lacks(t, target, a.body, "<script>alert(1)")
		}
		a := p.post("/admin/hoi-nghi/moi", fields("title", "", "kind", "họp kín", "start", "hôm nay"), login)
		if a.status != http.StatusUnprocessableEntity {
			t.Errorf("new: status %d", a.status)
		}
		contains(t, "new", a.body, "họp kín", "hôm nay", `id="e_start"`)
	})
}

// TestMeetingChecklist: what blocks cannot be confirmed, what asks can, and each finding leads to its row.
func TestMeetingChecklist(t *testing.T) {
	eachPortal(t, func(t *testing.T, p *portal) {
		login := p.login(t, model.RoleEditor)
		path := p.newMeeting(t, login, "Họp bàn việc")
		v := change(p.filled(t, path, login), "summary", "Xem [trang cũ](/tin-tuc/khong-co).", "photos.0.caption", "")
		a := p.post(path+"/dang", v.Encode(), login)
		if a.status != http.StatusUnprocessableEntity || strings.Contains(a.body, "Vẫn đăng") {
			t.Errorf("a dead link: status %d", a.status)
		}
		contains(t, "checklist", a.body, `href="#f_summary"`, `href="#f_photos-1"`, `id="f_photos-1"`)
		v = change(editorValues(t, a.body), "summary", "Không có liên kết.")
		a = p.post(path+"/dang", v.Encode(), login)
		if a.status != http.StatusUnprocessableEntity {
			t.Fatalf("a photo without a caption: status %d", a.status)
		}
		confirm := regexp.MustCompile(`name="_confirmed" value="(\w+)"`).FindStringSubmatch(a.body)
		if confirm == nil {
			t.Fatal("nothing to confirm")
		}
		p.goes(t, path+"/dang", change(editorValues(t, a.body), "_confirmed", confirm[1]), login, path)
		p.page(t, "/hoi-nghi/hop-ban-viec")
	})
}

// TestMeetingReadFromText: only what is ticked comes into the form, and nothing by itself.
func TestMeetingReadFromText(t *testing.T) {
	eachPortal(t, func(t *testing.T, p *portal) {
		login := p.login(t, model.RoleAuthor)
		path := p.newMeeting(t, login, "Họp cũ")
		doc := path + "/doc"
		checkAdminPage(t, doc, p.page(t, doc, login))
		if a := p.post(doc, fields("text", " \n"), login); a.status != http.StatusUnprocessableEntity {
			t.Errorf("without a text: status %d", a.status)
		}
		text := "Sáng ngày 10 tháng 6 năm 2026, tại Hội trường A, Sở Nội vụ tổ chức Hội nghị sơ kết công tác. Đồng chí Phạm Thị Ánh Đào, Giám đốc Sở Nội vụ chủ trì hội nghị. " +
			"Đã mở 42 lớp bồi dưỡng cho 3.600 học viên.\n\nKết luận hội nghị:\n1. Thống nhất kế hoạch mở lớp.\n\nGiao Văn phòng lập danh sách học viên trước ngày 20/7/2026.\n"
		a := p.post(doc, fields("text", text), login)
		if a.status != http.StatusOK {
			t.Fatalf("read: status %d", a.status)
		}
		checkAdminPage(t, doc, a.body)
		contains(t, "proposals", a.body, "<mark>", "Phạm Thị Ánh Đào", "3.600")
		lacks(t, "proposals", a.body, "checked")
		offers := map[string]string{} // what the table says by key
		for _, row := range find(parse(t, a.body), "tr") {
			for _, input := range find(row, "input") {
				if attr(input, "name") == "lay" {
					offers[attr(input, "value")] = attr(input, "aria-label")
				}
			}
		}
		var taken []string
		for key, label := range offers {
			if strings.Contains(label, "Ánh Đào") || strings.Contains(label, "3.600") {
				taken = append(taken, key)
			}
		}
		if len(taken) != 2 || len(offers) < 4 {
			t.Fatalf("offers %v", offers)
		}
		if a := p.post(doc, fields("text", text, "_viec", "nhan"), login); a.status != http.StatusUnprocessableEntity {
			t.Errorf("nothing ticked: status %d", a.status)
		}
		if v := p.soanForm(t, path, login); len(v["participants"]) != 0 || v.Get("_version") != "0" {
			t.Errorf("taken by itself: %v", v)
		}
		p.goes(t, doc, url.Values{"text": {text}, "_viec": {"nhan"}, "lay": taken}, login, path)
		v := p.soanForm(t, path, login)
		if len(v["participants"]) != 1 || v.Get("participants.0.role") != "chair" || len(v["figures"]) != 1 || len(v["tasks"]) != 0 || v.Get("title") != "Họp cũ" {
			t.Errorf("form after two were taken: %v", v)
		}
		contains(t, "again", p.post(doc, fields("text", text), login).body, "Đã có")
	})
}

// TestNewsDraftedFromMeeting: one press makes the draft, opens it and names it in the record; readers see it once both are published.
func TestNewsDraftedFromMeeting(t *testing.T) {
	eachPortal(t, func(t *testing.T, p *portal) {
		login := p.login(t, model.RoleEditor)
		path := p.newMeeting(t, login, "Hội nghị tập huấn một cửa")
		v := p.filled(t, path, login)
		if v.Get("_section") == "" {
			t.Fatal("no section is chosen")
		}
		a := p.post(path+"/viet-tin", v.Encode(), login)
		item := a.header.Get("Location")
		if a.status != http.StatusSeeOther || !strings.HasPrefix(item, "/admin/tin-tuc/") {
			t.Fatalf("draft: status %d, Location %q\n%s", a.status, item, faultsOf(a.body))
		}
		page := p.page(t, item, login)
		contains(t, "draft", page, "Hội nghị tập huấn một cửa", "Phạm Thị Ánh Đào, Giám đốc chủ trì hội nghị", "## Kết luận", "| Lập danh sách lớp | Văn phòng | 05/07/2026 |",
			"Sở Nội vụ và Tỉnh đoàn đã ký quy chế phối hợp", "Bản nháp", "Báo cáo sơ kết")
		if got := p.soanForm(t, path, login).Get("news"); "/admin/tin-tuc/"+got != item {
			t.Errorf("the record names the item %q, not %s", got, item)
		}
		again := p.goes(t, path+"/viet-tin", p.soanForm(t, path, login), login, item)
		if rows, total := p.deskTitles(t, "tập huấn một cửa"); total != 1 {
			t.Errorf("pressed twice: %q (%s)", rows, again.header.Get("Location"))
		}
		p.goes(t, path+"/dang", p.soanForm(t, path, login), login, path)
		lacks(t, "meeting before the item is published", p.page(t, "/hoi-nghi/hoi-nghi-tap-huan-mot-cua"), "/tin-tuc/hoi-nghi-tap-huan-mot-cua")
		p.confirm(t, item+"/dang", p.soanForm(t, item, login), login, item)
		contains(t, "meeting", p.page(t, "/hoi-nghi/hoi-nghi-tap-huan-mot-cua"), "/tin-tuc/hoi-nghi-tap-huan-mot-cua")
		if a := p.post(path+"/viet-tin", change(p.soanForm(t, path, login), "news", "", "_section", "9999").Encode(), login); a.status != http.StatusUnprocessableEntity {
			t.Errorf("a section that is none: status %d", a.status)
		}
	})
}

// deskTitles are the titles of the news desk's items with these words.
func (p *portal) deskTitles(t *testing.T, query string) (titles []string, total int) {
	t.Helper()
	page := p.page(t, "/admin/tin-tuc?q="+url.QueryEscape(query), p.login(t, model.RoleEditor))
	for _, body := range find(parse(t, page), "tbody") {
		for _, row := range find(body, "tr") {
			titles = append(titles, words(find(row, "a")[0]))
		}
	}
	return titles, len(titles)
}

// confirm presses a button and says yes to what it asks.
func (p *portal) confirm(t *testing.T, target string, v url.Values, login func(*http.Request), want string) {
	t.Helper()
	a := p.post(target, v.Encode(), login)
	if yes := regexp.MustCompile(`name="_confirmed" value="(\w+)"`).FindStringSubmatch(a.body); a.status == http.StatusUnprocessableEntity && yes != nil {
		p.goes(t, target, change(editorValues(t, a.body), "_confirmed", yes[1]), login, want)
		return
	}
	if a.status != http.StatusSeeOther {
		t.Fatalf("POST %s: status %d\n%s", target, a.status, faultsOf(a.body))
	}
}

// TestMeetingDeskList: filters, tabs, bulk actions.
func TestMeetingDeskList(t *testing.T) {
	eachPortal(t, func(t *testing.T, p *portal) {
		login := p.login(t, model.RoleEditor)
		storetest.Meeting(t, p.store, "Họp kiểm điểm", func(m *model.Meeting) {
			m.Kind, m.Start, m.Status, m.Place = "kiểm điểm", time.Date(2019, 1, 1, 0, 0, 0, 0, model.Zone()), model.StatusDraft, "Phòng Hải Âu"
		})
		list := func(query string) (titles []string) {
			t.Helper()
			for _, body := range find(parse(t, p.page(t, "/admin/hoi-nghi"+query, login)), "tbody") {
				for _, row := range find(body, "tr") {
					titles = append(titles, words(find(row, "a")[0]))
				}
			}
			return titles
		}
		only := []string{"Họp kiểm điểm"}
		for _, query := range []string{"?nam=2019", "?loai=ki%E1%BB%83m+%C4%91i%E1%BB%83m", "?q=kiem+diem", "?q=hai+au"} {
			if got := list(query); !slices.Equal(got, only) {
				t.Errorf("%s: %q", query, got)
			}
		}
		if got := list("?tt=nhap"); len(got) != 2 || !slices.Contains(got, only[0]) || !slices.Contains(got, "Họp "+wordDraft) {
			t.Errorf("drafts: %q", got)
		}
		if got := list("?tt=dang&nam=2019"); got != nil {
			t.Errorf("published in 2019: %q", got)
		}
		if got := list("?cua-toi=1"); got != nil {
			t.Errorf("mine: %q", got)
		}
		contains(t, "filter", p.page(t, "/admin/hoi-nghi", login), "<option value=\"2019\">", "<option value=\"kiểm điểm\">")
		if a := p.get("/admin/hoi-nghi?trang=99", login); a.status != http.StatusNotFound {
			t.Errorf("a page beyond the last: status %d", a.status)
		}
		id := fmt.Sprint(p.meeting.ID)
		a := p.goes(t, "/admin/hoi-nghi/hang-loat", url.Values{"viec": {"luu-tru"}, "id": {id, "99999"}, "ve": {"/admin/hoi-nghi?nam=2026"}}, login, "/admin/hoi-nghi?nam=2026")
		contains(t, "bulk", p.page(t, a.header.Get("Location"), login), "Đã đưa vào Lưu trữ 1 trong 2", "Không còn biên bản số 99999")
		if a := p.get("/hoi-nghi/" + p.meeting.Slug); a.status != http.StatusGone {
			t.Errorf("archived: status %d", a.status)
		}
		p.goes(t, "/admin/hoi-nghi/"+id+"/khoi-phuc", url.Values{}, login, "/admin/hoi-nghi/"+id)
		p.page(t, "/hoi-nghi/"+p.meeting.Slug)
	})
}

// TestMeetingConflictKeepsBoth: the second save over a newer text is refused and shows both; nothing is lost.
func TestMeetingConflictKeepsBoth(t *testing.T) {
	eachPortal(t, func(t *testing.T, p *portal) {
		first, second := p.login(t, model.RoleEditor), p.login(t, model.RoleAdmin)
		path := fmt.Sprintf("/admin/hoi-nghi/%d", p.meeting.ID)
		mine, theirs := p.soanForm(t, path, first), p.soanForm(t, path, second)
		p.goes(t, path, change(theirs, "conclusions.0.text", "Kết luận của người kia"), second, path)
		a := p.post(path, change(mine, "conclusions.0.text", "Kết luận của tôi").Encode(), first)
		if a.status != http.StatusConflict {
			t.Fatalf("status %d, want 409", a.status)
		}
		checkAdminPage(t, "conflict", a.body)
		contains(t, "conflict", words(parse(t, a.body)), "người kia", "của tôi", "Kết luận")
		contains(t, "conflict", a.body, `name="conclusions.0.text" value="Kết luận của tôi"`)
		if got := p.soanForm(t, path, first).Get("conclusions.0.text"); got != "Kết luận của người kia" {
			t.Errorf("the form has %q", got)
		}
		lacks(t, "readers", p.page(t, "/hoi-nghi/"+p.meeting.Slug), "Kết luận của")
		contains(t, "history", p.page(t, path+"/lich-su", first), "Đang soạn")
		contains(t, "comparison", words(parse(t, p.page(t, path+"/so-sanh?tu=1&den=0", first))), "Mở lớp đầu tiên", "người kia")
	})
}

// TestWorkOnMeetingsLeaksNowhere: neither drafts nor working copies reach anybody outside.
func TestWorkOnMeetingsLeaksNowhere(t *testing.T) {
	eachPortal(t, func(t *testing.T, p *portal) {
		login := p.login(t, model.RoleAuthor)
		const word = "quanhapmoi"
		path := p.newMeeting(t, login, "Họp "+word)
		p.goes(t, path+"/hang", change(p.soanForm(t, path, login), "_viec", "them:tasks", "summary", "Tóm tắt "+word), login, path)
		editor := p.login(t, model.RoleEditor)
		shown := fmt.Sprintf("/admin/hoi-nghi/%d", p.meeting.ID)
		p.goes(t, shown, change(p.soanForm(t, shown, editor), "place", "Nơi "+word, "conclusions.0.text", "Bí mật "+word), editor, shown)
		for _, target := range []string{"/", "/hoi-nghi", "/hoi-nghi/" + p.meeting.Slug, "/hoi-nghi/" + p.meeting.Slug + ".json", "/hoi-nghi/lich.ics", "/api/v1/meetings",
			"/sitemap.xml", "/rss.xml", "/tim-kiem?q=" + word, "/hoi-nghi?q=" + word, "/thong-ke"} {
			for _, address := range []string{outside, inside} {
				body := strings.ReplaceAll(p.get(target, from(address)).body, "q="+word, "")
				for _, said := range []string{"Họp " + word, "Tóm tắt " + word, "Nơi " + word, "Bí mật " + word} {
					lacks(t, target, body, said)
				}
			}
		}
		for _, target := range []string{path, path + "/doc", path + "/lich-su", "/admin/preview" + strings.TrimPrefix(path, "/admin")} {
			if a := p.get(target); a.status != http.StatusSeeOther {
				t.Errorf("GET %s by nobody: status %d", target, a.status)
			}
		}
		if a := p.get("/hoi-nghi/hop-" + word); a.status != http.StatusNotFound {
			t.Errorf("the draft's address: status %d", a.status)
		}
	})
}
