package model

import "testing"

func TestMay(t *testing.T) {
	const section, elsewhere = 7, 8
	user := func(role Role, sections ...int64) User { return User{ID: 1, Role: role, Sections: sections} }
	own, others := Object{Owner: 1, Section: section}, Object{Owner: 2, Section: section}
	ownElsewhere := Object{Owner: 1, Section: elsewhere}
	cases := []struct {
		name   string
		user   User
		desk   Desk
		action Action
		object Object
		want   bool
	}{
		{"nobody sees nothing", User{}, DeskHome, ActionView, Object{}, false},
		{"nobody owns nothing", User{Role: RoleAuthor}, DeskNews, ActionEdit, Object{}, false},
		{"a disabled admin may nothing", User{ID: 1, Role: RoleAdmin, Disabled: true}, DeskHome, ActionView, Object{}, false},
		{"an unknown role may nothing", User{ID: 1, Role: "owner"}, DeskHome, ActionView, Object{}, false},
		{"staff see their own page", user(RoleStaff), DeskHome, ActionView, Object{}, true},
		{"staff do not write", user(RoleStaff), DeskNews, ActionCreate, Object{}, false},
		{"an author edits own text", user(RoleAuthor), DeskNews, ActionEdit, own, true},
		{"an author does not edit others' text", user(RoleAuthor), DeskNews, ActionEdit, others, false},
		{"an author sends own text", user(RoleAuthor), DeskNews, ActionSend, own, true},
		{"an author does not publish", user(RoleAuthor), DeskNews, ActionPublish, own, false},
		{"an author stays in the section", user(RoleAuthor, section), DeskNews, ActionEdit, ownElsewhere, false},
		{"an editor publishes own text", user(RoleEditor), DeskNews, ActionPublish, own, true},
		{"an editor stays in the section", user(RoleEditor, section), DeskNews, ActionPublish, ownElsewhere, false},
		{"an editor sees other sections", user(RoleEditor, section), DeskNews, ActionView, ownElsewhere, true},
		{"meetings have no section", user(RoleEditor, section), DeskMeetings, ActionPublish, Object{Owner: 2}, true},
		{"an admin is in every section", user(RoleAdmin, section), DeskNews, ActionPublish, ownElsewhere, true},
		{"an author proposes for the directory", user(RoleAuthor), DeskDirectory, ActionSend, Object{}, true},
		{"an author proposes to close a task", user(RoleAuthor), DeskTasks, ActionSend, Object{}, true},
		{"an author closes no task", user(RoleAuthor), DeskTasks, ActionEdit, Object{}, false},
		{"an author does not edit the directory", user(RoleAuthor), DeskDirectory, ActionEdit, Object{}, false},
		{"an author uploads", user(RoleAuthor), DeskMedia, ActionCreate, Object{}, true},
		{"an editor has no users", user(RoleEditor), DeskUsers, ActionView, Object{}, false},
		{"an editor reads statistics", user(RoleEditor), DeskStats, ActionView, Object{}, true},
		{"an author reads own statistics alone", user(RoleAuthor), DeskStats, ActionView, Object{}, false},
		{"an admin reads the audit", user(RoleAdmin), DeskAudit, ActionView, Object{}, true},
		{"an editor sees what the guard has found", user(RoleEditor, section), DeskScan, ActionView, Object{}, true},
		{"an editor decides nothing about it", user(RoleEditor), DeskScan, ActionEdit, Object{}, false},
		{"an author does not see it", user(RoleAuthor), DeskScan, ActionView, Object{}, false},
		{"an admin takes down what it has found", user(RoleAdmin), DeskScan, ActionArchive, Object{}, true},
		{"nobody edits the audit", user(RoleAdmin), DeskAudit, ActionEdit, Object{}, false},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			if got := May(c.user, c.desk, c.action, c.object); got != c.want {
				t.Errorf("May = %v, want %v", got, c.want)
			}
		})
	}
}

func TestNext(t *testing.T) {
	statuses := []Status{StatusDraft, StatusReview, StatusReturned, StatusPublished, StatusArchived}
	want := map[Action][]Status{ // for each of statuses, "" where the action does not lead out of it
		ActionEdit:     {StatusDraft, StatusReview, StatusReturned, StatusPublished, ""},
		ActionSend:     {StatusReview, "", StatusReview, "", ""},
		ActionWithdraw: {"", StatusDraft, "", "", ""},
		ActionReturn:   {"", StatusReturned, "", "", ""},
		ActionPublish:  {StatusPublished, StatusPublished, StatusPublished, "", ""},
		ActionArchive:  {StatusArchived, StatusArchived, StatusArchived, StatusArchived, ""},
		ActionRestore:  {"", "", "", "", StatusDraft},
		ActionView:     {"", "", "", "", ""},
	}
	for action, row := range want {
		for i, status := range statuses {
			next, ok := status.Next(action)
			if next != row[i] || ok != (row[i] != "") {
				t.Errorf("%s.Next(%s) = %q, %v; want %q", status, action, next, ok, row[i])
			}
		}
	}
}

func TestMayMoveFromReview(t *testing.T) {
	author, editor := User{ID: 1, Role: RoleAuthor}, User{ID: 2, Role: RoleEditor}
	own := Object{Owner: 1}
	if MayMove(author, DeskNews, ActionEdit, StatusReview, own) {
		t.Error("an author edits a text that waits for review")
	}
	if !MayMove(author, DeskNews, ActionWithdraw, StatusReview, own) || !MayMove(editor, DeskNews, ActionEdit, StatusReview, own) {
		t.Error("withdrawing by its author and editing by an editor are refused")
	}
}
