package handlers_test

import (
	"context"
	"testing"

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
