package store_test

import (
	"strings"
	"testing"
	"time"

	"congso/store/model"
	"congso/store/storetest"
)

func TestTheHistoryKeepsEachVersion(t *testing.T) {
	eachDesk(t, func(t *testing.T, d deskTest) {
		picture := storetest.Picture(t, d.Store, 1)
		n := d.draft("Bản một")
		began := d.clock.Now()
		d.clock.Add(time.Minute)
		n.Title, n.Body, n.Tags, n.Cover = "Bản hai", "Thân *hai*", []model.Tag{{Name: "Thẻ"}}, model.Photo{Media: picture, Alt: "Ảnh"}
		d.ok(d.PutNewsFrom(d.ctx, d.editor.Actor(), &n, 0, model.ActionSend))
		d.ok(d.NameRevision(d.ctx, d.editor.Actor(), model.KindNews, n.ID, 1, "  Trước khi sửa "))
		list, err := d.Revisions(d.ctx, model.KindNews, n.ID)
		d.ok(err)
		d.same("revisions", list, []model.Revision{
			{Number: 2, Action: "send", By: d.editor.Actor(), ByName: "Trần Minh", At: d.clock.Now()},
			{Number: 1, Name: "Trước khi sửa", Action: "create", By: d.author.Actor(), ByName: "Nguyễn Thị Lan", At: began},
		})
		first, err := d.RevisionNews(d.ctx, n.ID, 1)
		d.ok(err)
		if first.Title != "Bản một" || first.Body != "Nội dung." || first.Revision != 1 || first.Section.ID != d.section.ID || first.Status != model.StatusDraft {
			t.Errorf("the first version is %+v", first)
		}
		second, err := d.RevisionNews(d.ctx, n.ID, 2)
		d.ok(err)
		n.HTML, second.Cover.Media.CreatedAt = "", second.Cover.Media.CreatedAt.In(model.Zone())
		d.same("the second version", second, n)
		if list, err := d.Revisions(d.ctx, model.KindNews, n.ID); err != nil || list[0].Name != "" || d.trail(4)[0] != "minh:name:revision" {
			t.Errorf("named the wrong one, or without a trace: %+v, %q, error %v", list, d.trail(4), err)
		}
	})
}

func TestVersionsThatAreRefused(t *testing.T) {
	eachDesk(t, func(t *testing.T, d deskTest) {
		n := d.draft("Tin")
		_, err := d.RevisionNews(d.ctx, n.ID, 2)
		d.fails("an unknown version", err, model.ErrNotFound)
		_, err = d.RevisionMeeting(d.ctx, n.ID, 1)
		d.fails("another kind", err, model.ErrNotFound)
		_, err = d.Revisions(d.ctx, model.KindNews, n.ID+1)
		d.fails("an unknown record", err, model.ErrNotFound)
		d.fails("name of an unknown version", d.NameRevision(d.ctx, d.editor.Actor(), model.KindNews, n.ID, 2, "x"), model.ErrNotFound)
		d.fails("a long name", d.NameRevision(d.ctx, d.editor.Actor(), model.KindNews, n.ID, 1, strings.Repeat("ă", 101)), "name")
	})
}

func TestVersionsOfAnOlderProgramCanBeRead(t *testing.T) {
	eachDesk(t, func(t *testing.T, d deskTest) {
		n := d.draft("Tin")
		run(t, d.db, `UPDATE revision SET data = '{"Title": "Cũ", "Body": "Thân", "Featured": "yes", "Gone": {"x": 1}, "Section": {"ID": 5, "Name": "Mục cũ"}}' WHERE record_id = $1`, n.ID)
		old, err := d.RevisionNews(d.ctx, n.ID, 1)
		if err != nil || old.ID != n.ID || old.Title != "Cũ" || old.Body != "Thân" || old.Section.Name != "Mục cũ" || old.Featured {
			t.Errorf("got %+v, error %v", old, err)
		}
		run(t, d.db, `UPDATE revision SET data = '{broken' WHERE record_id = $1`, n.ID)
		if _, err := d.RevisionNews(d.ctx, n.ID, 1); err == nil {
			t.Error("a broken version is no error")
		}
	})
}

func TestVersionsOfMeetings(t *testing.T) {
	eachDesk(t, func(t *testing.T, d deskTest) {
		m := storetest.Meeting(t, d.Store, "Họp", func(m *model.Meeting) {
			m.Tasks, m.Conclusions = []model.Task{{Text: "Việc một", Due: "2026-07-01"}}, []string{"Kết luận"}
		})
		want := m
		want.HTML = ""
		m.Title, m.Tasks = "Họp sửa", nil
		d.ok(d.PutMeeting(d.ctx, d.editor.Actor(), &m))
		got, err := d.RevisionMeeting(d.ctx, m.ID, 1)
		d.ok(err)
		d.same("the first version", got, want)
	})
}
