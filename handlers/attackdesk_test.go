package handlers_test

import (
	"net/http"
	"strings"
	"sync"
	"testing"

	"congso/store/model"
)

// TestFieldsThatAreNoFields: a form cannot set what the workflow and the accounts keep to themselves.
func TestFieldsThatAreNoFields(t *testing.T) {
	extra := []string{"status", "published", "Status", "published", "owner", "1", "owner_id", "1", "revision", "99", "role", "admin", "id", "1", "html", "<b>x</b>",
		"note", "x", "created_at", "0", "disabled", "", "must_change", ""}
	eachDesk(t, func(t *testing.T, p *portal, section model.Section, author, editor somebody) {
		path := author.begins("Không tự đăng", section)
		for _, action := range []string{"", "/luu-tam", "/xem-truoc"} {
			a := p.post(path+action, changed(author.opens(path, "body", "Thử "+action), extra...).Encode(), author.login)
			if a.status >= 400 {
				t.Errorf("POST %s: status %d", action, a.status)
			}
		}
		n := p.item(t, path)
		if n.Status != model.StatusDraft || n.Owner != author.user.ID || n.Revision > 4 || n.Note != "" || strings.Contains(n.HTML, "<b>x</b>") {
			t.Errorf("after the forms: %+v", n)
		}
		p.post("/admin/tai-khoan/mat-khau", fields(extra...), author.login)
		u, err := p.store.UserByID(t.Context(), author.user.ID)
		must(t, err)
		if u.Role != model.RoleAuthor {
			t.Errorf("role %s", u.Role)
		}
	})
}

// TestPublishedOnce: of many who press the same button at once one publishes, and there is one revision more.
func TestPublishedOnce(t *testing.T) {
	eachDesk(t, func(t *testing.T, p *portal, section model.Section, _, editor somebody) {
		path := editor.begins("Bấm hai lần", section)
		form := editor.opens(path, "summary", "Có.", "body", "Có.")
		before := p.item(t, path).Revision
		var all sync.WaitGroup
		codes := make([]int, 8)
		for i := range codes {
			all.Go(func() { codes[i] = p.post(path+"/dang", form.Encode(), editor.login).status })
		}
		all.Wait()
		if n := p.item(t, path); n.Status != model.StatusPublished || n.Revision != before+1 {
			t.Errorf("status %s, revision %d after %d; answers %v", n.Status, n.Revision, before, codes)
		}
		for _, code := range codes {
			if code != http.StatusSeeOther && code != http.StatusConflict {
				t.Errorf("answers %v", codes)
			}
		}
	})
}

// TestForkRefusedKeepsTheText: a text that cannot become a draft of its own comes back, and no empty draft is left.
func TestForkRefusedKeepsTheText(t *testing.T) {
	eachDesk(t, func(t *testing.T, p *portal, section model.Section, author, editor somebody) {
		path := author.begins("Bài lớn quá", section)
		a := p.post(path+"/tach", author.opens(path, "summary", "Câu không được mất", "body", strings.Repeat("dai ", 270_000)).Encode(), author.login)
		if a.status != http.StatusUnprocessableEntity {
			t.Errorf("status %d", a.status)
		}
		contains(t, "refused", a.body, "Câu không được mất")
		if rows, total := p.deskTitles(t, "Bài lớn quá"); total != 1 {
			t.Errorf("%d items: %q", total, rows)
		}
	})
}

// TestPreviewHasNoScriptLinks: a link that could not be stored is none in the preview of what is being typed.
func TestPreviewHasNoScriptLinks(t *testing.T) {
	eachPortal(t, func(t *testing.T, p *portal) {
		login := p.login(t, model.RoleAuthor)
		path := p.newMeeting(t, login, "Họp thử")
		for _, proof := range []string{"javascript:alert(1)", "JaVaScRiPt:alert(1)", "data:text/html,x", "//evil.example", "/\\evil.example"} {
			v := change(p.filled(t, path, login), "tasks.0.proof", proof, "tasks.0.done", "1")
			if a := p.post(path+"/luu-tam", v.Encode(), login); a.status != http.StatusOK {
				t.Fatalf("autosave: status %d", a.status)
			}
			page := p.page(t, "/admin/preview"+strings.TrimPrefix(path, "/admin"), login)
			contains(t, "preview", page, "Lập danh sách lớp")
			for _, a := range find(parse(t, page), "a") {
				if href := attr(a, "href"); strings.EqualFold(href, proof) {
					t.Errorf("the preview links to %q", href)
				}
			}
		}
	})
}
