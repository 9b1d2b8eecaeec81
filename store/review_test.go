package store_test

import (
	"context"
	"database/sql"
	"errors"
	"strings"
	"testing"
	"time"

	"congso/store"
	"congso/store/model"
	"congso/store/storetest"
)

// deskTest is a store with two accounts and a section.
type deskTest struct {
	*testing.T
	*store.Store
	ctx            context.Context
	clock          *storetest.Clock
	db             *sql.DB
	author, editor model.User
	section        model.Section
	began          int // entries of the audit trail before the section's
}

func eachDesk(t *testing.T, run func(t *testing.T, d deskTest)) {
	t.Helper()
	storetest.EachOptions(t, func(t *testing.T, o store.Options) {
		clock := storetest.NewClock()
		o.Now = clock.Now
		s := storetest.Open(t, o)
		called := func(name string) func(*model.User) { return func(u *model.User) { u.FullName = name } }
		d := deskTest{T: t, Store: s, ctx: context.Background(), clock: clock, db: raw(t, o),
			author: storetest.User(t, s, "lan", model.RoleAuthor, called("Nguyễn Thị Lan")), editor: storetest.User(t, s, "minh", model.RoleEditor, called("Trần Minh"))}
		d.began = len(d.trail(0))
		d.section = storetest.Section(t, s, "Tin")
		run(t, d)
	})
}

// draft stores an author's draft.
func (d deskTest) draft(title string) model.News {
	d.Helper()
	n := model.News{Title: title, Section: d.section, Body: "Nội dung.", Lifecycle: model.Lifecycle{Visibility: model.Public}}
	d.ok(d.PutNewsFrom(d.ctx, d.author.Actor(), &n, 0, model.ActionEdit))
	return n
}

func (d deskTest) ok(err error) {
	d.Helper()
	if err != nil {
		d.Fatal(err)
	}
}

// fails checks that err is the wanted error; Invalid is given by its field.
func (d deskTest) fails(what string, err error, want any) {
	d.Helper()
	switch want := want.(type) {
	case error:
		if !errors.Is(err, want) {
			d.Errorf("%s: error %v, want %v", what, err, want)
		}
	case string:
		var invalid model.Invalid
		if !errors.As(err, &invalid) || invalid[want] == "" {
			d.Errorf("%s: error %v, want one for the field %q", what, err, want)
		}
	}
}

func (d deskTest) move(n model.News, by model.User, action model.Action, note string) model.News {
	d.Helper()
	l, err := d.Move(d.ctx, by.Actor(), model.KindNews, n.ID, n.Revision, action, note)
	d.ok(err)
	n.Lifecycle = l
	return n
}

func (d deskTest) copyOf(n model.News, by model.User, data string) model.WorkingCopy {
	d.Helper()
	w := model.WorkingCopy{Kind: model.KindNews, RecordID: n.ID, Base: n.Revision, Data: data}
	d.ok(d.SaveWorkingCopy(d.ctx, by.Actor(), &w, nil))
	return w
}

// trail is the audit trail, "actor:action:fields", from the entry on; that of the section is the first.
func (d deskTest) trail(from int) []string {
	d.Helper()
	all := strings.Split(column(d.T, d.db, `SELECT actor || ':' || action || ':' || fields FROM audit ORDER BY id`), " ")
	return all[min(d.began+from, len(all)):]
}

func (d deskTest) found(text string) int {
	d.Helper()
	result, err := d.Search(d.ctx, model.Viewer{}, model.SearchQuery{Text: text, Lang: "vi", Page: 1}, 10)
	d.ok(err)
	return result.Total
}

func (d deskTest) same(what string, got, want any) {
	d.Helper()
	if strings.TrimSpace(sprint(got)) != strings.TrimSpace(sprint(want)) {
		d.Errorf("%s:\n got %v\nwant %v", what, got, want)
	}
}

func TestADraftGoesThroughReviewToItsReaders(t *testing.T) {
	eachDesk(t, func(t *testing.T, d deskTest) {
		n := d.draft("Thông báo tuyển dụng")
		if n.Status != model.StatusDraft || n.Owner != d.author.ID || n.Revision != 1 {
			t.Fatalf("a new draft is %+v", n.Lifecycle)
		}
		n = d.move(n, d.author, model.ActionSend, "")
		_, err := d.Move(d.ctx, d.editor.Actor(), model.KindNews, n.ID, n.Revision, model.ActionReturn, " \n ")
		d.fails("return without a note", err, "note")
		n = d.move(n, d.editor, model.ActionReturn, "Thiếu hạn nộp.")
		if n.Status != model.StatusReturned || n.Note != "Thiếu hạn nộp." {
			t.Errorf("returned: %+v", n.Lifecycle)
		}
		n.Summary = "Hạn nộp 15/7."
		d.ok(d.PutNewsFrom(d.ctx, d.author.Actor(), &n, 0, model.ActionEdit))
		if n.Status != model.StatusReturned || n.Note != "Thiếu hạn nộp." || n.Owner != d.author.ID {
			t.Errorf("corrected: %+v", n.Lifecycle)
		}
		n = d.move(n, d.author, model.ActionSend, "")
		if n.Note != "" || d.found("tuyển dụng") != 0 {
			t.Errorf("in review: note %q, found %d times", n.Note, d.found("tuyển dụng"))
		}
		n = d.move(n, d.editor, model.ActionPublish, "")
		if n.Status != model.StatusPublished || !n.PublishAt.Equal(d.clock.Now()) || n.Corrected() || d.found("tuyển dụng") != 1 {
			t.Errorf("published: %+v, found %d times", n.Lifecycle, d.found("tuyển dụng"))
		}
		d.same("trail", d.trail(1), []string{"lan:create:body,owner,section,slug,status,title,visibility", "lan:send:status",
			"minh:return:note,status", "lan:update:summary", "lan:send:note,status", "minh:publish:publish_at,status"})
		if _, err := d.VerifyAudit(d.ctx); err != nil {
			t.Error(err)
		}
	})
}

func TestWhoPublishesAnOwnTextIsNamedSo(t *testing.T) {
	eachDesk(t, func(t *testing.T, d deskTest) {
		n := model.News{Title: "Tự đăng", Section: d.section, Lifecycle: model.Lifecycle{Visibility: model.Public}}
		d.ok(d.PutNewsFrom(d.ctx, d.editor.Actor(), &n, 0, model.ActionPublish))
		other := d.move(d.draft("Của Lan"), d.editor, model.ActionPublish, "")
		for _, writes := range []model.User{d.author, d.editor} {
			w := d.copyOf(other, writes, "x")
			other.Title += " sửa"
			d.ok(d.PutNewsFrom(d.ctx, d.editor.Actor(), &other, w.Version, model.ActionPublish))
		}
		d.same("trail", d.trail(1), []string{"minh:create:owner,publish_at,section,slug,status,title,visibility", "minh:publish:status,own",
			"lan:create:body,owner,section,slug,status,title,visibility", "minh:publish:publish_at,status",
			"minh:publish:title", "minh:publish:title,own"})
	})
}

func TestMovesThatAreRefused(t *testing.T) {
	eachDesk(t, func(t *testing.T, d deskTest) {
		n := d.draft("Tin")
		refused := func(what string, revision int, action model.Action, note string, want any) {
			t.Helper()
			_, err := d.Move(d.ctx, d.editor.Actor(), model.KindNews, n.ID, revision, action, note)
			d.fails(what, err, want)
		}
		refused("return a draft", 1, model.ActionReturn, "vì sao", "status")
		refused("withdraw a draft", 1, model.ActionWithdraw, "", "status")
		refused("restore a draft", 1, model.ActionRestore, "", "status")
		refused("edit by a move", 1, model.ActionEdit, "", "status")
		refused("an old revision", 0, model.ActionSend, "", model.ErrConflict)
		_, err := d.Move(d.ctx, d.editor.Actor(), model.KindNews, n.ID+1, 1, model.ActionSend, "")
		d.fails("an unknown item", err, model.ErrNotFound)
		_, err = d.Move(d.ctx, d.editor.Actor(), model.KindUnit, 1, 1, model.ActionSend, "")
		d.fails("a unit", err, model.ErrNotFound)
		n.ExpireAt = d.clock.Now().Add(time.Minute)
		d.ok(d.PutNewsFrom(d.ctx, d.author.Actor(), &n, 0, model.ActionEdit))
		d.clock.Add(time.Hour)
		refused("publish what is over", n.Revision, model.ActionPublish, "", "expire_at")
		if got, err := d.NewsForDesk(d.ctx, n.ID); err != nil || got.Revision != n.Revision || got.Status != model.StatusDraft {
			t.Errorf("after all that: %+v, error %v", got.Lifecycle, err)
		}
	})
}

func TestPublishingKeepsATimeThatLiesAhead(t *testing.T) {
	eachDesk(t, func(t *testing.T, d deskTest) {
		n := d.draft("Tin")
		n.PublishAt = d.clock.Now().Add(time.Hour)
		d.ok(d.PutNewsFrom(d.ctx, d.author.Actor(), &n, 0, model.ActionSend))
		if n.Status != model.StatusReview {
			t.Errorf("saved and sent: %+v", n.Lifecycle)
		}
		n = d.move(n, d.editor, model.ActionPublish, "")
		if !n.PublishAt.Equal(d.clock.Now().Add(time.Hour)) {
			t.Errorf("to come out at %v", n.PublishAt)
		}
		if _, err := d.NewsBySlug(d.ctx, model.Viewer{}, n.Slug); !errors.Is(err, model.ErrNotFound) {
			t.Errorf("before its time: error %v", err)
		}
	})
}

func TestRestoringLeadsBackToWhereItWas(t *testing.T) {
	eachDesk(t, func(t *testing.T, d deskTest) {
		published := storetest.News(t, d.Store, d.section, "Đã đăng", func(n *model.News) { n.ExpireAt = d.clock.Now().Add(time.Hour) })
		inReview := d.move(d.draft("Chờ duyệt"), d.author, model.ActionSend, "")
		for _, c := range []struct {
			item model.News
			want model.Status
		}{{published, model.StatusPublished}, {inReview, model.StatusReview}} {
			n := d.move(c.item, d.editor, model.ActionArchive, "")
			if n.Status != model.StatusArchived || d.found(`"`+n.Title+`"`) != 0 {
				t.Errorf("archived: %+v", n.Lifecycle)
			}
			d.clock.Add(2 * time.Hour)
			n = d.move(n, d.editor, model.ActionRestore, "")
			if n.Status != c.want || !n.ExpireAt.IsZero() {
				t.Errorf("restored: %+v, want %s without an expiry", n.Lifecycle, c.want)
			}
		}
		if d.found(`"đã đăng"`) != 1 || d.found(`"chờ duyệt"`) != 0 {
			t.Error("search does not find what was restored to its readers, or finds the other")
		}
		alone := storetest.News(t, d.Store, d.section, "Nhập vào đã lưu trữ", func(n *model.News) { n.Status = model.StatusArchived })
		if n := d.move(alone, d.editor, model.ActionRestore, ""); n.Status != model.StatusDraft {
			t.Errorf("restored what was never anything else: %+v", n.Lifecycle)
		}
	})
}

func TestMeetingsMoveToo(t *testing.T) {
	eachDesk(t, func(t *testing.T, d deskTest) {
		m := model.Meeting{Title: "Họp giao ban", Kind: "giao ban", Start: d.clock.Now(), Tasks: []model.Task{{Text: "Rà soát hồ sơ"}},
			Lifecycle: model.Lifecycle{Visibility: model.Public}}
		d.ok(d.PutMeetingFrom(d.ctx, d.author.Actor(), &m, 0, model.ActionSend))
		l, err := d.Move(d.ctx, d.editor.Actor(), model.KindMeeting, m.ID, m.Revision, model.ActionPublish, "")
		d.ok(err)
		shown, err := d.MeetingBySlug(d.ctx, model.Viewer{}, m.Slug)
		if err != nil || shown.Revision != l.Revision || shown.Owner != d.author.ID || len(shown.Tasks) != 1 || d.found("rà soát") != 1 {
			t.Errorf("published: %+v, error %v, found %d times", shown, err, d.found("rà soát"))
		}
	})
}
