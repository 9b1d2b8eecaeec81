package handlers_test

import (
	"context"
	"testing"
	"time"

	"congso/store/model"
)

// TestHomeShowsWhatAwaits follows a news item on the first pages of its author and of an editor.
func TestHomeShowsWhatAwaits(t *testing.T) {
	const title, note = "Lịch tập huấn quý bốn", "Thêm giúp địa điểm."
	eachPortal(t, func(t *testing.T, p *portal) {
		ctx, author, editor := context.Background(), p.user(t, model.RoleAuthor), p.user(t, model.RoleEditor)
		sections, err := p.store.Sections(ctx)
		must(t, err)
		n := model.News{Title: title, Section: sections[0], Lifecycle: model.Lifecycle{Status: model.StatusDraft, Visibility: model.Public}}
		must(t, p.store.PutNews(ctx, author.Actor(), &n))
		home := func(u model.User) string { return p.page(t, "/admin", p.loginAs(t, u)) }
		move := func(u model.User, action model.Action, note string) {
			t.Helper()
			moved, err := p.store.Move(ctx, u.Actor(), model.KindNews, n.ID, n.Revision, action, note)
			must(t, err)
			n.Lifecycle = moved
		}

		lacks(t, "the editor's home before review", home(editor), title)
		list := between(t, home(author), `id="p_ban-nhap"`, "</section>")
		contains(t, "the author's drafts", list, title, `href="/admin/tin-tuc/`, sections[0].Name)

		move(author, model.ActionSend, "")
		lacks(t, "the author's home during review", home(author), title)
		list = between(t, home(editor), `id="p_cho-duyet"`, "</section>")
		contains(t, "what waits for the editor", list, title, author.FullName)

		move(editor, model.ActionReturn, note)
		lacks(t, "the editor's home after the return", home(editor), title)
		list = between(t, home(author), `id="p_tra-lai"`, "</section>")
		contains(t, "what was returned to the author", list, title, note)
		lacks(t, "a colleague's home", home(p.user(t, model.RoleStaff)), title)
	})
}

// TestHomeShowsProposals follows a proposal for the directory on the first pages of an editor and of its author.
func TestHomeShowsProposals(t *testing.T) {
	const awaits, returned = "1 đề xuất cho danh bạ đang chờ bạn xem", "1 đề xuất của bạn cho danh bạ bị trả lại"
	eachPortal(t, func(t *testing.T, p *portal) {
		ctx, author, editor := context.Background(), p.user(t, model.RoleAuthor), p.user(t, model.RoleEditor)
		home := func(u model.User) string { return p.page(t, "/admin", p.loginAs(t, u)) }
		lacks(t, "the editor's home before", home(editor), awaits)

		proposal := model.Proposal{Kind: model.KindPerson, Name: "Trần Thị Mới", Data: "name=Tran"}
		must(t, p.store.Propose(ctx, author.Actor(), &proposal))
		contains(t, "the editor's home", home(editor), awaits, `href="/admin/danh-ba#p_de-xuat"`)
		lacks(t, "the author's home", home(author), returned, awaits)

		must(t, p.store.ReturnProposal(ctx, editor.Actor(), proposal.ID, proposal.Version, "Thiếu chức vụ."))
		lacks(t, "the editor's home after the return", home(editor), awaits)
		contains(t, "the author's home after the return", home(author), returned, `href="/admin/danh-ba#p_de-xuat"`)
		lacks(t, "the author's home after the return", home(author), "Không có việc nào")
		lacks(t, "a colleague's home", home(p.user(t, model.RoleStaff)), returned, awaits)
	})
}

// TestHomeShowsBackups: that backups fail or are late is told to administrators, and to whoever watches the readiness.
func TestHomeShowsBackups(t *testing.T) {
	eachPortal(t, func(t *testing.T, p *portal) {
		ctx, editor, admin := context.Background(), p.user(t, model.RoleEditor), p.user(t, model.RoleAdmin)
		now := p.store.Now()
		const failed, late = "không thành công", "Sao lưu theo lịch đã bị trễ"
		for _, c := range []struct {
			name         string
			state        model.BackupState
			shown, ready string
		}{
			{"nothing is known", model.BackupState{}, "", `"warnings":[]`},
			{"a good one", model.BackupState{At: now, Tried: now, Every: time.Hour, Since: now}, "", `"warnings":[]`},
			{"a failed one", model.BackupState{Tried: now, Error: "/srv/bi-mat: đầy đĩa"}, "Lần sao lưu lúc " + model.DateTime(now) + " không thành công. Chưa có bản sao lưu nào.", "backup: the last one"},
			{"a late one", model.BackupState{At: now.Add(-3 * time.Hour), Every: time.Hour, Since: now.AddDate(0, 0, -9)}, late + ". Bản sao lưu tốt gần nhất: " + model.DateTime(now.Add(-3*time.Hour)), "backup: none for more than twice"},
		} {
			must(t, p.store.PutBackupState(ctx, func(b *model.BackupState) { *b = c.state }))
			home, ready := p.page(t, "/admin", p.loginAs(t, admin)), p.page(t, "/readyz")
			contains(t, c.name+": the home of an administrator", home, c.shown)
			contains(t, c.name+": readiness", ready, c.ready, `"ready":true`)
			lacks(t, c.name+": pages", home+ready, "bi-mat")
			if c.shown == "" {
				lacks(t, c.name+": the home of an administrator", home, failed, late)
			}
			lacks(t, c.name+": the home of an editor", p.page(t, "/admin", p.loginAs(t, editor)), failed, late)
		}
	})
}
