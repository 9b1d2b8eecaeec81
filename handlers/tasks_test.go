package handlers_test

import (
	"context"
	"encoding/csv"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"

	ics "github.com/arran4/golang-ical"

	"congso/store/model"
	"congso/store/storetest"
)

// boardTasks are the texts of the tasks that the board at target shows, in its order.
func (p *portal) boardTasks(t *testing.T, target string, login func(*http.Request)) []string {
	t.Helper()
	var list []string
	for _, table := range find(parse(t, p.page(t, target, login)), "tbody") {
		for _, cell := range find(table, "th") {
			list = append(list, strings.TrimSpace(cell.FirstChild.Data))
		}
	}
	return list
}

func TestTaskBoard(t *testing.T) {
	eachPortal(t, func(t *testing.T, p *portal) {
		login := p.login(t, model.RoleAuthor)
		storetest.Meeting(t, p.store, "Giao ban nội bộ", func(m *model.Meeting) {
			m.Visibility = model.Internal
			m.Tasks = []model.Task{{Text: "=SUM(A1) rà soát"}, {Text: "Báo cáo năm", UnitSlug: "van-phong", Due: "2027-01-01"},
				{Text: "Việc rất muộn", Due: "2026-05-01"}}
		})
		storetest.Meeting(t, p.store, "Cuộc họp còn soạn", func(m *model.Meeting) {
			m.Status, m.Tasks = model.StatusDraft, []model.Task{{Text: "Việc chưa đăng"}}
		})
		all := []string{"Việc rất muộn", "Lập danh sách học viên", "Chọn giảng viên", "Báo cáo năm", "=SUM(A1) rà soát"}
		office, err := p.store.UnitBySlug(context.Background(), storetest.Staff(), "van-phong")
		must(t, err)
		for query, want := range map[string][]string{
			"":                    all,
			"?han=qua-han":        all[:2],
			"?han=7":              all[2:3],
			"?han=30":             all[2:3],
			"?q=DANH+SACH":        all[1:2],
			"?q=noi+bo":           {all[0], all[3], all[4]},
			"?xong=1":             {"In tài liệu"},
			"?xep=don-vi":         {all[1], all[3], all[0], all[2], all[4]},
			"?han=x&don-vi=khong": all,
			fmt.Sprintf("?don-vi=%d", office.Unit.ID): {all[1], all[3]},
			"?don-vi=999999": nil,
		} {
			if got := p.boardTasks(t, "/admin/nhiem-vu"+query, login); !slices.Equal(got, want) {
				t.Errorf("%s: %q, want %q", query, got, want)
			}
		}
		page := p.page(t, "/admin/nhiem-vu", login)
		contains(t, "board", page, "5 nhiệm vụ chưa xong", "2 đã qua hạn", "Quá hạn 45 ngày", "Quá hạn 1 ngày", "Hạn hôm nay", "Không ghi hạn", "Nội bộ")
		lacks(t, "board of an author", page, "Đóng", "Việc chưa đăng")
		contains(t, "board of an editor", p.page(t, "/admin/nhiem-vu?q=muon", p.login(t, model.RoleEditor)), "Đóng", "ve=%2Fadmin%2Fnhiem-vu%3Fq%3Dmuon")
		p.checkTaskFiles(t, all, login)
	})
}

// checkTaskFiles fails unless CSV and calendar hold the tasks, in this order.
func (p *portal) checkTaskFiles(t *testing.T, want []string, login func(*http.Request)) {
	t.Helper()
	text, marked := strings.CutPrefix(p.page(t, "/admin/nhiem-vu.csv", login), "\uFEFF")
	rows, err := csv.NewReader(strings.NewReader(text)).ReadAll()
	if err != nil || !marked || len(rows) != len(want)+1 {
		t.Fatalf("CSV: %q, mark %t, error %v", rows, marked, err)
	}
	for i, name := range want {
		if got := strings.TrimPrefix(rows[i+1][0], "'"); got != name || strings.HasPrefix(rows[i+1][0], "=") {
			t.Errorf("row %d of the CSV: %q, want %q", i, rows[i+1], name)
		}
	}
	second := []string{"Lập danh sách học viên", "Văn phòng", "14/06/2026", "Quá hạn 1 ngày", "", p.meeting.Title, "05/06/2026", base + "/hoi-nghi/" + p.meeting.Slug}
	if !slices.Equal(rows[2], second) {
		t.Errorf("CSV: %q, want %q", rows[2], second)
	}
	calendar, err := ics.ParseCalendar(strings.NewReader(p.page(t, "/admin/nhiem-vu.ics?han=qua-han", login)))
	must(t, err)
	events := calendar.Events()
	if len(events) != 2 {
		t.Fatalf("%d events, want the 2 that are overdue", len(events))
	}
	for property, want := range map[ics.ComponentProperty]string{
		ics.ComponentPropertySummary: "Văn phòng: Lập danh sách học viên", ics.ComponentPropertyDtStart: "20260614",
		ics.ComponentPropertyDtEnd: "20260615", ics.ComponentPropertyUniqueId: fmt.Sprintf("nhiem-vu-%d-1@%s", p.meeting.ID, host),
		ics.ComponentPropertyUrl: base + "/hoi-nghi/" + p.meeting.Slug,
	} {
		if got := events[1].GetProperty(property); got == nil || got.Value != want {
			t.Errorf("%s of the event: %+v, want %q", property, got, want)
		}
	}
	whole, err := ics.ParseCalendar(strings.NewReader(p.page(t, "/admin/nhiem-vu.ics", login)))
	if must(t, err); len(whole.Events()) != len(want)-1 {
		t.Errorf("%d events in the whole calendar, want all but the task without a day", len(whole.Events()))
	}
}

func TestTasksAreClosedByWhatProvesThem(t *testing.T) {
	eachPortal(t, func(t *testing.T, p *portal) {
		login := p.login(t, model.RoleEditor)
		task := fmt.Sprintf("/admin/nhiem-vu/%d/1", p.meeting.ID)
		page := p.page(t, task+"?ve=/admin/nhiem-vu%3Fq%3Ddanh", login)
		checkAdminPage(t, task, page)
		contains(t, task, page, "Lập danh sách học viên", `value="/tin-tuc/`+p.news.Slug+`"`, "Quá hạn 1 ngày")
		keys := func(revision int, more ...string) string {
			return fields(append([]string{"revision", fmt.Sprint(revision), "text", "Lập danh sách học viên", "ve", "/admin/nhiem-vu?q=danh"}, more...)...)
		}
		for proof, want := range map[string]string{"": "Hãy dẫn tin", "javascript:alert(1)": "phải là địa chỉ trên cổng", "//la.example/x": "phải là địa chỉ trên cổng", "/tin-tuc/khong-co": "không có trang nào ở địa chỉ này"} {
			a := p.post(task+"/dong", keys(1, "proof", proof), login)
			if a.status != http.StatusUnprocessableEntity {
				t.Errorf("proof %q: status %d, want 422", proof, a.status)
			}
			contains(t, "proof "+proof, a.body, want, `value="`+proof+`"`)
		}
		a := p.post(task+"/dong", keys(7, "proof", "/danh-ba"), login)
		if a.status != http.StatusConflict {
			t.Errorf("another revision: status %d, want 409", a.status)
		}
		contains(t, "conflict", a.body, "/danh-ba", "vừa được người khác sửa", `name="revision" value="1"`)
		a = p.post(task+"/dong", keys(1, "proof", base+"/tin-tuc/"+p.news.Slug), login)
		if a.status != http.StatusSeeOther || a.header.Get("Location") != "/admin/nhiem-vu?q=danh" {
			t.Fatalf("close: status %d, Location %q\n%.300s", a.status, a.header.Get("Location"), a.body)
		}
		if got := p.boardTasks(t, "/admin/nhiem-vu?xong=1", login); !slices.Contains(got, "Lập danh sách học viên") {
			t.Errorf("closed tasks: %q", got)
		}
		public := p.page(t, "/hoi-nghi/"+p.meeting.Slug)
		if strings.Count(public, `class="proof" href="/tin-tuc/`+p.news.Slug+`"`) != 2 {
			t.Error("the meeting's page does not show the proof")
		}
		a = p.post(task+"/mo-lai", keys(2), login)
		if got := p.boardTasks(t, "/admin/nhiem-vu", login); a.status != http.StatusSeeOther || !slices.Contains(got, "Lập danh sách học viên") {
			t.Errorf("open again: status %d, board %q", a.status, got)
		}
		for _, path := range []string{fmt.Sprintf("/admin/nhiem-vu/%d/9", p.meeting.ID), fmt.Sprintf("/admin/nhiem-vu/%d/x", p.meeting.ID), "/admin/nhiem-vu/99999/1"} {
			if a := p.get(path, login); a.status != http.StatusNotFound {
				t.Errorf("GET %s: status %d, want 404", path, a.status)
			}
		}
	})
}

// TestAClosedTaskFollowsIntoTheWorkingCopy: a meeting that somebody is at work on can be published after one of its tasks was closed, and
// stays closed.
func TestAClosedTaskFollowsIntoTheWorkingCopy(t *testing.T) {
	eachPortal(t, func(t *testing.T, p *portal) {
		login := p.login(t, model.RoleEditor)
		path := fmt.Sprintf("/admin/hoi-nghi/%d", p.meeting.ID)
		p.goes(t, path, change(p.soanForm(t, path, login), "place", "Nhà văn hóa"), login, path)
		close := fields("revision", "1", "text", "Chọn giảng viên", "proof", "/tin-tuc/"+p.news.Slug)
		if a := p.post(fmt.Sprintf("/admin/nhiem-vu/%d/2/dong", p.meeting.ID), close, login); a.status != http.StatusSeeOther {
			t.Fatalf("close: status %d", a.status)
		}
		v := p.soanForm(t, path, login)
		if v.Get("tasks.1.done") != "1" || v.Get("tasks.1.proof") != "/tin-tuc/"+p.news.Slug || v.Get("tasks.0.done") != "" || v.Get("place") != "Nhà văn hóa" {
			t.Errorf("the copy: %v", v)
		}
		p.confirm(t, path+"/dang", v, login, path)
		contains(t, "readers", p.page(t, "/hoi-nghi/"+p.meeting.Slug), "Nhà văn hóa")
		if got := p.boardTasks(t, "/admin/nhiem-vu?xong=1", login); !slices.Contains(got, "Chọn giảng viên") {
			t.Errorf("closed tasks: %q", got)
		}
	})
}
