package model

// Desk is a part of the admin pages.
type Desk string

// The desks.
const (
	DeskHome      Desk = "home" // what awaits one, one's account and sessions
	DeskNews      Desk = "news"
	DeskMeetings  Desk = "meetings"
	DeskTasks     Desk = "tasks" // tasks of all meetings
	DeskDirectory Desk = "directory"
	DeskMedia     Desk = "media"
	DeskStats     Desk = "stats"
	DeskSite      Desk = "site" // sections, menu, linked sites, site details, redirects
	DeskUsers     Desk = "users"
	DeskAudit     Desk = "audit"
	DeskScan      Desk = "scan" // what the guard against planted links has found
)

// Action is what a person does to a record.
type Action string

// The actions. Those from ActionSend on move a news item or meeting, or the working copy beside it, through its workflow.
const (
	ActionView     Action = "view" // see the desk, its lists and what it keeps
	ActionCreate   Action = "create"
	ActionEdit     Action = "edit"
	ActionSend     Action = "send"     // for review
	ActionWithdraw Action = "withdraw" // from review
	ActionReturn   Action = "return"   // from review, with a note
	ActionPublish  Action = "publish"
	ActionArchive  Action = "archive" // what the desks call delete
	ActionRestore  Action = "restore" // undo of archive
)

// rights says from which role on an action is allowed at a desk; own is the role from which it is allowed on one's own records.
// What is not in it is allowed to nobody. Rights per section come on top (see May).
func rights() map[Desk]map[Action]right {
	workflow := map[Action]right{
		ActionView:     {any: RoleAuthor},
		ActionCreate:   {any: RoleAuthor},
		ActionEdit:     {own: RoleAuthor, any: RoleEditor},
		ActionSend:     {own: RoleAuthor, any: RoleEditor},
		ActionWithdraw: {own: RoleAuthor, any: RoleEditor},
		ActionReturn:   {any: RoleEditor},
		ActionPublish:  {any: RoleEditor},
		ActionArchive:  {any: RoleEditor},
		ActionRestore:  {any: RoleEditor},
	}
	all := func(view, edit Role) map[Action]right {
		return map[Action]right{ActionView: {any: view}, ActionCreate: {any: edit}, ActionEdit: {any: edit}, ActionArchive: {any: edit}, ActionRestore: {any: edit}}
	}
	propose := func(table map[Action]right) map[Action]right { // send a proposal that an editor takes over or returns
		table[ActionSend] = right{any: RoleAuthor}
		return table
	}
	return map[Desk]map[Action]right{
		DeskHome:      {ActionView: {any: RoleStaff}},
		DeskNews:      workflow,
		DeskMeetings:  workflow,
		DeskTasks:     propose(all(RoleAuthor, RoleEditor)),
		DeskDirectory: propose(all(RoleAuthor, RoleEditor)),
		DeskMedia: {
			ActionView: {any: RoleAuthor}, ActionCreate: {any: RoleAuthor}, ActionEdit: {own: RoleAuthor, any: RoleEditor},
			ActionArchive: {any: RoleEditor}, ActionRestore: {any: RoleEditor},
		},
		DeskStats: {ActionView: {own: RoleAuthor, any: RoleEditor}},
		DeskSite:  all(RoleAdmin, RoleAdmin),
		DeskUsers: all(RoleAdmin, RoleAdmin),
		DeskAudit: {ActionView: {any: RoleAdmin}},
		DeskScan:  all(RoleEditor, RoleAdmin),
	}
}

// right names the least role for an action: on one's own records, on any. An empty role allows nobody.
type right struct{ own, any Role }

// Object is what an action is done to. The zero Object is the desk itself.
type Object struct {
	Owner   int64 // the user whose record it is, 0 for nobody's
	Section int64 // of a news item, 0 where there is none
}

// May reports whether u may do that at the desk to that object. A disabled account may nothing.
// Rights in sections bind authors and editors: what lies in a section of others they may see, not change.
func May(u User, desk Desk, action Action, o Object) bool {
	if u.ID == 0 || u.Disabled {
		return false
	}
	r := rights()[desk][action]
	if action != ActionView && o.Section != 0 && !u.InSection(o.Section) {
		return false
	}
	return u.Role.AtLeast(r.any) || o.Owner == u.ID && u.Role.AtLeast(r.own)
}

// MayOpen reports whether u may enter the desk at all, be it for records of u's own.
func MayOpen(u User, desk Desk, action Action) bool {
	return May(u, desk, action, Object{}) || May(u, desk, action, Object{Owner: u.ID})
}

// Next is the status that a record or working copy in status s has after the action; ok is false when the action does not lead out of s.
// Editing keeps the status; restoring leads to the status before archiving, which the caller knows: here StatusDraft stands for it.
func (s Status) Next(a Action) (next Status, ok bool) {
	moves := map[Action]map[Status]Status{
		ActionEdit:     {StatusDraft: StatusDraft, StatusReturned: StatusReturned, StatusReview: StatusReview, StatusPublished: StatusPublished},
		ActionSend:     {StatusDraft: StatusReview, StatusReturned: StatusReview},
		ActionWithdraw: {StatusReview: StatusDraft},
		ActionReturn:   {StatusReview: StatusReturned},
		ActionPublish:  {StatusDraft: StatusPublished, StatusReview: StatusPublished, StatusReturned: StatusPublished},
		ActionArchive:  {StatusDraft: StatusArchived, StatusReview: StatusArchived, StatusReturned: StatusArchived, StatusPublished: StatusArchived},
		ActionRestore:  {StatusArchived: StatusDraft},
	}
	next, ok = moves[a][s]
	return next, ok
}

// MayMove reports whether u may do that to a news item or meeting in status s: the table of rights and the workflow together.
// An author's own text in review is not edited: it is withdrawn first.
func MayMove(u User, desk Desk, a Action, s Status, o Object) bool {
	if _, ok := s.Next(a); !ok || !May(u, desk, a, o) {
		return false
	}
	return a != ActionEdit || s != StatusReview || u.Role.AtLeast(RoleEditor)
}
