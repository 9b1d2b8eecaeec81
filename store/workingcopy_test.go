package store_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"congso/store/model"
	"congso/store/storetest"
)

func sprint(v any) string { return fmt.Sprintf("%v", v) }

func TestAWorkingCopyKeepsWhatIsTyped(t *testing.T) {
	eachDesk(t, func(t *testing.T, d deskTest) {
		n := d.draft("Tin")
		before := d.trail(0)
		if _, err := d.WorkingCopy(d.ctx, model.KindNews, n.ID); !errors.Is(err, model.ErrNotFound) {
			t.Errorf("no copy: error %v", err)
		}
		w := d.copyOf(n, d.author, `{"title": ""}`)
		d.clock.Add(time.Minute)
		w.Data = `{"title": "dở`
		d.ok(d.SaveWorkingCopy(d.ctx, d.editor.Actor(), &w, nil))
		want := model.WorkingCopy{Kind: model.KindNews, RecordID: n.ID, Base: 1, Version: 2, Status: model.StatusDraft, Data: `{"title": "dở`,
			Owner: d.author.ID, OwnerName: "Nguyễn Thị Lan", By: d.editor.Actor(), ByName: "Trần Minh", UpdatedAt: d.clock.Now()}
		if got, err := d.WorkingCopy(d.ctx, model.KindNews, n.ID); err != nil || got != want || w != want {
			t.Errorf("the copy is %+v, error %v\nwant %+v", got, err, want)
		}
		if row, err := d.NewsForDesk(d.ctx, n.ID); err != nil || row.Title != "Tin" || row.Revision != 1 {
			t.Errorf("the row is %+v, error %v", row, err)
		}
		d.same("trail", d.trail(0), before)
	})
}

func TestASaveOverSomeonesNewerVersionShowsIt(t *testing.T) {
	eachDesk(t, func(t *testing.T, d deskTest) {
		n := d.draft("Tin")
		theirs := d.copyOf(n, d.editor, "của Minh")
		for _, version := range []int{0, 2} {
			mine := model.WorkingCopy{Kind: model.KindNews, RecordID: n.ID, Base: 1, Version: version, Data: "của Lan"}
			err := d.SaveWorkingCopy(d.ctx, d.author.Actor(), &mine, nil)
			var overtaken model.Overtaken
			if !errors.Is(err, model.ErrConflict) || !errors.As(err, &overtaken) || overtaken.Theirs != theirs || mine.Data != "của Lan" {
				t.Errorf("save on version %d: error %v with %+v", version, err, overtaken.Theirs)
			}
		}
		d.ok(d.DropWorkingCopy(d.ctx, d.editor.Actor(), model.KindNews, n.ID, 1))
		err := d.SaveWorkingCopy(d.ctx, d.editor.Actor(), &theirs, nil)
		var overtaken model.Overtaken
		if !errors.As(err, &overtaken) || overtaken.Theirs.Version != 0 {
			t.Errorf("save of what was discarded: error %v with %+v", err, overtaken.Theirs)
		}
		d.fails("discard twice", d.DropWorkingCopy(d.ctx, d.editor.Actor(), model.KindNews, n.ID, 1), model.ErrConflict)
		d.same("trail", d.trail(2), []string{"minh:discard:working_copy"})
	})
}

func TestWorkingCopiesThatAreRefused(t *testing.T) {
	eachDesk(t, func(t *testing.T, d deskTest) {
		n := d.draft("Tin")
		for what, c := range map[string]struct {
			w    model.WorkingCopy
			want any
		}{
			"too large":      {model.WorkingCopy{Kind: model.KindNews, RecordID: n.ID, Base: 1, Data: strings.Repeat("a", model.MaxCopy+1)}, "data"},
			"broken letters": {model.WorkingCopy{Kind: model.KindNews, RecordID: n.ID, Base: 1, Data: "\xff"}, "data"},
			"NUL":            {model.WorkingCopy{Kind: model.KindNews, RecordID: n.ID, Base: 1, Data: "a\x00b"}, "data"},
			"no base":        {model.WorkingCopy{Kind: model.KindNews, RecordID: n.ID}, "base"},
			"base ahead":     {model.WorkingCopy{Kind: model.KindNews, RecordID: n.ID, Base: 2}, "base"},
			"unknown record": {model.WorkingCopy{Kind: model.KindNews, RecordID: n.ID + 1, Base: 1}, model.ErrNotFound},
			"another kind":   {model.WorkingCopy{Kind: "users", RecordID: d.author.ID, Base: 1}, model.ErrNotFound},
		} {
			d.fails(what, d.SaveWorkingCopy(d.ctx, d.author.Actor(), &c.w, nil), c.want)
		}
		largest := d.copyOf(n, d.author, strings.Repeat("a", model.MaxCopy))
		if len(largest.Data) != model.MaxCopy {
			t.Errorf("kept %d bytes of the largest copy", len(largest.Data))
		}
	})
}

// The way of a correction: the published text stays until the copy is published, in one step.
func TestACorrectionGoesThroughReview(t *testing.T) {
	eachDesk(t, func(t *testing.T, d deskTest) {
		n := storetest.News(t, d.Store, d.section, "Lịch nghỉ lễ")
		w := d.copyOf(n, d.author, "đang sửa")
		move := func(by model.User, action model.Action, note string) error {
			err := d.MoveWorkingCopy(d.ctx, by.Actor(), model.KindNews, n.ID, w.Version, action, note)
			if err == nil {
				w, err = d.WorkingCopy(d.ctx, model.KindNews, n.ID)
			}
			return err
		}
		d.ok(move(d.author, model.ActionSend, ""))
		d.fails("return without a note", move(d.editor, model.ActionReturn, ""), "note")
		d.fails("publish without its text", move(d.editor, model.ActionPublish, ""), "status")
		d.fails("send twice", move(d.author, model.ActionSend, ""), "status")
		d.ok(move(d.editor, model.ActionReturn, "Sai ngày."))
		if w.Status != model.StatusReturned || w.Note != "Sai ngày." || w.Version != 3 {
			t.Errorf("returned copy: %+v", w)
		}
		d.ok(move(d.author, model.ActionSend, ""))
		if shown, err := d.NewsBySlug(d.ctx, model.Viewer{}, n.Slug); err != nil || shown.Title != "Lịch nghỉ lễ" || shown.Revision != 1 {
			t.Errorf("meanwhile readers see %+v, error %v", shown, err)
		}
		next := n
		next.Title, next.Summary, next.Body, next.PublishAt = "Lịch nghỉ Tết", "", "", time.Time{}
		d.fails("save what is published", d.PutNewsFrom(d.ctx, d.editor.Actor(), &next, w.Version, model.ActionEdit), "status")
		d.fails("an older version", d.PutNewsFrom(d.ctx, d.editor.Actor(), &next, w.Version-1, model.ActionPublish), model.ErrConflict)
		d.fails("no version", d.PutNewsFrom(d.ctx, d.editor.Actor(), &next, 0, model.ActionPublish), model.ErrConflict)
		d.ok(d.PutNewsFrom(d.ctx, d.editor.Actor(), &next, w.Version, model.ActionPublish))
		if next.Revision != 2 || next.Status != model.StatusPublished || !next.PublishAt.Equal(n.PublishAt) {
			t.Errorf("corrected: %+v", next.Lifecycle)
		}
		if _, err := d.WorkingCopy(d.ctx, model.KindNews, n.ID); !errors.Is(err, model.ErrNotFound) {
			t.Errorf("the copy after publishing: error %v", err)
		}
		if d.found("tết") != 1 || d.found("lễ") != 0 {
			t.Errorf("search finds the new title %d and the old one %d times", d.found("tết"), d.found("lễ"))
		}
		d.same("trail", d.trail(2), []string{"lan:send:working_copy", "minh:return:working_copy", "lan:send:working_copy", "minh:publish:body,summary,title"})
		if _, err := d.VerifyAudit(d.ctx); err != nil {
			t.Error(err)
		}
	})
}

func TestACopyOfAnOlderRevisionIsAConflictAndStays(t *testing.T) {
	eachDesk(t, func(t *testing.T, d deskTest) {
		n := storetest.News(t, d.Store, d.section, "Tin")
		w := d.copyOf(n, d.author, "sửa")
		other := n
		other.Title = "Tin khác"
		d.ok(d.PutNews(d.ctx, d.editor.Actor(), &other))
		mine := other // even with the newest row in hand
		mine.Title = "Tin của tôi"
		d.fails("publish", d.PutNewsFrom(d.ctx, d.author.Actor(), &mine, w.Version, model.ActionPublish), model.ErrConflict)
		if kept, err := d.WorkingCopy(d.ctx, model.KindNews, n.ID); err != nil || kept.Data != "sửa" {
			t.Errorf("the copy is %+v, error %v", kept, err)
		}
		w.Base = other.Revision // both were shown, and the editor goes on from there
		d.ok(d.SaveWorkingCopy(d.ctx, d.author.Actor(), &w, nil))
		d.ok(d.PutNewsFrom(d.ctx, d.editor.Actor(), &mine, w.Version, model.ActionPublish))
		if mine.Title != "Tin của tôi" || mine.Revision != 3 {
			t.Errorf("published %+v", mine)
		}
	})
}

// Moves of the row change no text: a copy follows them, whatever base an open editor still sends.
func TestACopyFollowsMovesOfItsRow(t *testing.T) {
	eachDesk(t, func(t *testing.T, d deskTest) {
		n := storetest.News(t, d.Store, d.section, "Tin")
		w := d.copyOf(n, d.author, "sửa")
		n = d.move(n, d.editor, model.ActionArchive, "")
		n = d.move(n, d.editor, model.ActionRestore, "")
		d.ok(d.SaveWorkingCopy(d.ctx, d.author.Actor(), &w, nil))
		if w.Base != 3 {
			t.Errorf("the copy's base is %d, want 3", w.Base)
		}
		n.Title = "Tin sửa"
		d.ok(d.PutNewsFrom(d.ctx, d.editor.Actor(), &n, w.Version, model.ActionPublish))
	})
}

func TestSavingADraftEndsItsCopy(t *testing.T) {
	eachDesk(t, func(t *testing.T, d deskTest) {
		n := d.draft("Tin")
		w := d.copyOf(n, d.author, "soạn")
		d.fails("the copy of a draft has no way of its own",
			d.MoveWorkingCopy(d.ctx, d.author.Actor(), model.KindNews, n.ID, w.Version, model.ActionSend, ""), "status")
		broken := n
		broken.Title = ""
		d.fails("a form that breaks the rules", d.PutNewsFrom(d.ctx, d.author.Actor(), &broken, w.Version, model.ActionEdit), "title")
		if _, err := d.WorkingCopy(d.ctx, model.KindNews, n.ID); err != nil {
			t.Errorf("the copy after a refusal: %v", err)
		}
		n.Title = "Tin soạn xong"
		d.ok(d.PutNewsFrom(d.ctx, d.author.Actor(), &n, w.Version, model.ActionEdit))
		if _, err := d.WorkingCopy(d.ctx, model.KindNews, n.ID); !errors.Is(err, model.ErrNotFound) || n.Title != "Tin soạn xong" || n.Status != model.StatusDraft {
			t.Errorf("saved: %+v; the copy: error %v", n, err)
		}
		meeting := storetest.Meeting(t, d.Store, "Họp", func(m *model.Meeting) { m.Status, m.PublishAt = model.StatusDraft, time.Time{} })
		mw := model.WorkingCopy{Kind: model.KindMeeting, RecordID: meeting.ID, Base: 1, Data: "x"}
		d.ok(d.SaveWorkingCopy(d.ctx, d.author.Actor(), &mw, nil))
		meeting.Place = "Phòng 2"
		d.ok(d.PutMeetingFrom(d.ctx, d.author.Actor(), &meeting, 1, model.ActionEdit))
		if _, err := d.WorkingCopy(d.ctx, model.KindMeeting, meeting.ID); !errors.Is(err, model.ErrNotFound) || meeting.Revision != 2 {
			t.Errorf("saved meeting: %+v; the copy: error %v", meeting, err)
		}
	})
}

func TestFilesOfACopyCountAsUsedButAreNotPublic(t *testing.T) {
	eachDesk(t, func(t *testing.T, d deskTest) {
		n := storetest.News(t, d.Store, d.section, "Tin")
		cover, inText := storetest.Picture(t, d.Store, 1), storetest.Picture(t, d.Store, 2)
		uses := `SELECT kind || ':' || record_id || ':' || media_id FROM media_use ORDER BY media_id`
		w := model.WorkingCopy{Kind: model.KindNews, RecordID: n.ID, Base: 1, Data: `{"body":"![](` + inText.URL() + `) ![](/media/` + strings.Repeat("0", 64) + `)"}`}
		d.ok(d.SaveWorkingCopy(d.ctx, d.author.Actor(), &w, []int64{cover.ID, 0, 999}))
		d.same("in use", column(t, d.db, uses), fmt.Sprintf("copy_news:%d:%d copy_news:%d:%d", n.ID, cover.ID, n.ID, inText.ID))
		for _, v := range viewers() {
			if _, err := d.MediaPublic(d.ctx, v, inText.Hash); errors.Is(err, model.ErrNotFound) == v.Staff { // whoever is logged in sees every file
				t.Errorf("a file of the copy for %+v: error %v", v, err)
			}
		}
		w.Data = "{}"
		d.ok(d.SaveWorkingCopy(d.ctx, d.author.Actor(), &w, []int64{cover.ID}))
		d.same("in use", column(t, d.db, uses), fmt.Sprintf("copy_news:%d:%d", n.ID, cover.ID))
		d.ok(d.DropWorkingCopy(d.ctx, d.author.Actor(), model.KindNews, n.ID, w.Version))
		d.same("in use", column(t, d.db, uses), "")
	})
}
