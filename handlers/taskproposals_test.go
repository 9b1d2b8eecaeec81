package handlers_test

import (
	"context"
	"fmt"
	"net/http"
	"testing"

	"congso/store/model"
	"congso/store/storetest"
)

// closingKeys are the fields with which a page changes the task at the meeting's first revision.
func closingKeys(text string, more ...string) string {
	return fields(append([]string{"revision", "1", "text", text}, more...)...)
}

// answers fails unless the post has the status, and returns the page.
func (p *portal) answers(t *testing.T, status int, path, form string, login func(*http.Request)) string {
	t.Helper()
	a := p.post(path, form, login)
	if a.status != status {
		t.Fatalf("%s with %s: status %d, want %d\n%s", path, form, a.status, status, faultsOf(a.body))
	}
	return a.body
}

// TestAuthorsProposeToCloseTasks follows a proposal from its author to an editor, back with a note, and to the closed task.
func TestAuthorsProposeToCloseTasks(t *testing.T) {
	const text, note = "Lập danh sách học viên", "Dẫn tin tổng kết."
	const awaits, returned = "1 đề xuất đóng nhiệm vụ đang chờ bạn xem", "1 đề xuất đóng nhiệm vụ của bạn bị trả lại"
	eachPortal(t, func(t *testing.T, p *portal) {
		ctx, user := context.Background(), p.user(t, model.RoleAuthor)
		author, editor := p.loginAs(t, user), p.login(t, model.RoleEditor)
		other := p.loginAs(t, storetest.User(t, p.store, "nguoi.khac", model.RoleAuthor))
		task, board, proof := fmt.Sprintf("/admin/nhiem-vu/%d/1", p.meeting.ID), "/admin/nhiem-vu", "/tin-tuc/"+p.news.Slug
		page := p.page(t, task, author)
		checkAdminPage(t, task, page)
		contains(t, "an author's page", page, "Gửi đề xuất", `value="`+proof+`"`)
		lacks(t, "an author's page", page, "Đóng nhiệm vụ", "Có đề xuất đóng")
		contains(t, "an author's board", p.page(t, board, author), "Đề xuất đóng", `href="`+task+`?ve=`)

		for bad, want := range map[string]string{"": "Hãy dẫn tin", "//la.example/x": "phải là địa chỉ trên cổng", "/tin-tuc/khong-co": "không có trang nào ở địa chỉ này"} {
			body := p.answers(t, http.StatusUnprocessableEntity, task+"/de-xuat", closingKeys(text, "proof", bad), author)
			contains(t, "proof "+bad, body, want, `value="`+bad+`"`)
		}
		stale := fields("revision", "7", "text", text, "proof", "/danh-ba")
		contains(t, "conflict", p.answers(t, http.StatusConflict, task+"/de-xuat", stale, author), "vừa được người khác sửa", `value="/danh-ba"`)
		done := fmt.Sprintf("/admin/nhiem-vu/%d/3/de-xuat", p.meeting.ID)
		contains(t, "a closed task", p.answers(t, http.StatusUnprocessableEntity, done, closingKeys("In tài liệu", "proof", proof), author), "đã đóng")
		lacks(t, "an editor's home before", p.page(t, "/admin", editor), awaits)

		p.answers(t, http.StatusSeeOther, task+"/de-xuat", closingKeys(text, "proof", base+"/hoi-nghi"), author)
		contains(t, "an editor's home", p.page(t, "/admin", editor), awaits, `href="/admin/nhiem-vu#p_de-xuat"`)
		page = p.page(t, board, editor)
		checkAdminPage(t, board, page)
		contains(t, "an editor's board", page, "Đề xuất đang chờ", "Có đề xuất đóng", user.FullName)
		page = p.page(t, task, editor)
		checkAdminPage(t, task, page)
		contains(t, "an editor's page", page, "Có đề xuất đóng", user.FullName, `value="/hoi-nghi"`, "Đóng nhiệm vụ", "Trả lại")
		page = p.page(t, task, other)
		contains(t, "a colleague's page", page, "Có đề xuất đóng")
		lacks(t, "a colleague's page", page, "Gửi đề xuất", "Bỏ đề xuất")
		body := p.answers(t, http.StatusUnprocessableEntity, task+"/de-xuat", closingKeys(text, "proof", proof), other)
		contains(t, "a second proposal", body, "đang chờ xem")
		p.answers(t, http.StatusNotFound, task+"/bo", closingKeys(text, "version", "1"), other)

		body = p.answers(t, http.StatusUnprocessableEntity, task+"/tra-lai", closingKeys(text, "version", "1", "note", " "), editor)
		contains(t, "no note", body, "Hãy ghi lý do trả lại.", `value="/hoi-nghi"`)
		p.answers(t, http.StatusConflict, task+"/tra-lai", closingKeys(text, "version", "9", "note", note), editor)
		p.answers(t, http.StatusSeeOther, task+"/tra-lai", closingKeys(text, "version", "1", "note", note), editor)
		p.answers(t, http.StatusConflict, task+"/tra-lai", closingKeys(text, "version", "2", "note", note), editor)
		contains(t, "the author's home", p.page(t, "/admin", author), returned)
		contains(t, "the author's board", p.page(t, board, author), "Đề xuất của bạn", "đã trả lại")
		contains(t, "the author's page", p.page(t, task, author), note, `value="/hoi-nghi"`, "Gửi đề xuất")
		lacks(t, "a colleague's page", p.page(t, task, other), note)
		lacks(t, "an editor's home after the return", p.page(t, "/admin", editor), awaits)
		lacks(t, "an editor's board after the return", p.page(t, board, editor), "Có đề xuất đóng")

		p.answers(t, http.StatusSeeOther, task+"/de-xuat", closingKeys(text, "proof", proof), author)
		contains(t, "sent again", p.page(t, task, editor), `value="`+proof+`"`)
		lacks(t, "sent again", p.page(t, task, author), note)
		p.answers(t, http.StatusSeeOther, task+"/dong", closingKeys(text, "proof", proof), editor)
		list, err := p.store.TaskProposals(ctx, 0)
		m, meetingErr := p.store.MeetingForDesk(ctx, p.meeting.ID)
		if err != nil || meetingErr != nil || len(list) != 0 || !m.Tasks[0].Done || m.Tasks[0].Proof != proof {
			t.Errorf("closed: %+v, proposals %+v, errors %v, %v", m.Tasks[0], list, err, meetingErr)
		}
		if _, err := p.store.VerifyAudit(ctx); err != nil {
			t.Error(err)
		}
	})
}

// TestAProposalFollowsItsTask through changes of the meeting, and ends with it.
func TestAProposalFollowsItsTask(t *testing.T) {
	const text = "Chọn giảng viên"
	eachPortal(t, func(t *testing.T, p *portal) {
		ctx, author, by := context.Background(), p.login(t, model.RoleAuthor), p.user(t, model.RoleEditor).Actor()
		path := func(number int) string { return fmt.Sprintf("/admin/nhiem-vu/%d/%d", p.meeting.ID, number) }
		at := func(want ...int) {
			t.Helper()
			list, err := p.store.TaskProposals(ctx, p.meeting.ID)
			must(t, err)
			got := []int{}
			for _, one := range list {
				got = append(got, one.Position)
			}
			if fmt.Sprint(got) != fmt.Sprint(want) {
				t.Errorf("proposals for the tasks at %v, want %v", got, want)
			}
		}
		p.answers(t, http.StatusSeeOther, path(2)+"/de-xuat", closingKeys(text, "proof", "/hoi-nghi"), author)
		p.answers(t, http.StatusSeeOther, path(2)+"/bo", closingKeys(text, "version", "1"), author)
		at()
		p.answers(t, http.StatusSeeOther, path(2)+"/de-xuat", closingKeys(text, "proof", "/hoi-nghi"), author)
		at(1)

		p.answers(t, http.StatusSeeOther, path(2)+"/tra-lai", closingKeys(text, "version", "1", "note", "Dẫn tin."), p.login(t, model.RoleEditor))
		author = p.loginAs(t, storetest.User(t, p.store, "nguoi.khac", model.RoleAuthor))
		p.answers(t, http.StatusSeeOther, path(2)+"/de-xuat", closingKeys(text, "proof", "/danh-ba"), author)
		at(1) // in place of what was returned to somebody else

		directory := model.Proposal{Kind: model.KindPerson, Name: "Trần Thị Mới", Data: "name=Tran"}
		must(t, p.store.Propose(ctx, by, &directory))
		at(1)
		closings, err := p.store.TaskProposals(ctx, 0)
		must(t, err)
		if a := p.get(fmt.Sprintf("/admin/danh-ba/de-xuat/%d", closings[0].ID), author); a.status != http.StatusNotFound {
			t.Errorf("a task's proposal at the directory's desk: status %d", a.status)
		}
		lacks(t, "the directory's desk", p.page(t, "/admin/danh-ba", author), text)

		m, err := p.store.MeetingForDesk(ctx, p.meeting.ID)
		must(t, err)
		m.Tasks = append([]model.Task{{Text: "Việc mới"}}, m.Tasks...)
		must(t, p.store.PutMeeting(ctx, by, &m))
		at(2)
		contains(t, "the task's new page", p.page(t, path(3), author), text, "Có đề xuất đóng")
		moved, err := p.store.Move(ctx, by, model.KindMeeting, m.ID, m.Revision, model.ActionArchive, "")
		must(t, err)
		at()
		m.Lifecycle = moved
		m.Lifecycle, err = p.store.Move(ctx, by, model.KindMeeting, m.ID, m.Revision, model.ActionRestore, "")
		must(t, err)
		if m, err = p.store.MeetingForDesk(ctx, m.ID); err != nil || m.Status != model.StatusPublished {
			t.Fatalf("restored: %s, %v", m.Status, err)
		}
		at(2)
		m.Tasks[2].Text += " lần hai"
		must(t, p.store.PutMeeting(ctx, by, &m))
		at()
	})
}
