package store_test

import (
	"errors"
	"testing"
	"time"

	"congso/store/model"
	"congso/store/storetest"
)

func (d deskTest) sweep(holder string) int {
	d.Helper()
	n, err := d.Sweep(d.ctx, holder)
	d.ok(err)
	return n
}

func TestTheSweepTurnsTimesIntoRecords(t *testing.T) {
	eachDesk(t, func(t *testing.T, d deskTest) {
		soon := d.clock.Now().Add(time.Minute)
		n := storetest.News(t, d.Store, d.section, "Tin hết hạn", func(n *model.News) { n.ExpireAt = soon })
		m := storetest.Meeting(t, d.Store, "Họp hết hạn", func(m *model.Meeting) { m.ExpireAt = soon })
		later := storetest.News(t, d.Store, d.section, "Tin hẹn giờ", func(n *model.News) { n.PublishAt = soon })
		storetest.Meeting(t, d.Store, "Họp hẹn giờ", func(m *model.Meeting) { m.PublishAt = soon })
		storetest.News(t, d.Store, d.section, "Tin thường")
		storetest.News(t, d.Store, d.section, "Nháp hẹn giờ", func(n *model.News) { n.Status, n.PublishAt, n.ExpireAt = model.StatusDraft, soon, soon.Add(1) })
		entries := len(d.trail(0))
		if n := d.sweep("a"); n != 0 || len(d.trail(entries)) != 0 {
			t.Errorf("before the time: %d records, %q", n, d.trail(entries))
		}
		d.clock.Set(soon)
		if n := d.sweep("a"); n != 4 {
			t.Errorf("swept %d records, want 4", n)
		}
		d.same("trail", d.trail(entries), []string{"congso:publish:publish_at", "congso:archive:status", "congso:publish:publish_at", "congso:archive:status"})
		if got, err := d.NewsForDesk(d.ctx, n.ID); err != nil || got.Status != model.StatusArchived || got.Revision != 2 {
			t.Errorf("the expired item: %+v, error %v", got.Lifecycle, err)
		}
		if got, err := d.MeetingForDesk(d.ctx, m.ID); err != nil || got.Status != model.StatusArchived || got.Revision != 2 {
			t.Errorf("the expired meeting: %+v, error %v", got.Lifecycle, err)
		}
		if _, err := d.NewsBySlug(d.ctx, model.Viewer{}, n.Slug); !errors.Is(err, model.ErrGone) || d.found(`"tin hết hạn"`) != 0 {
			t.Errorf("the expired item for readers: error %v, found %d times", err, d.found(`"tin hết hạn"`))
		}
		if got, err := d.NewsBySlug(d.ctx, model.Viewer{}, later.Slug); err != nil || got.Revision != 1 || got.Corrected() {
			t.Errorf("what has come out: %+v, error %v", got.Lifecycle, err)
		}
		if n := d.sweep("a"); n != 0 || len(d.trail(entries)) != 4 {
			t.Errorf("a second time: %d records, %q", n, d.trail(entries))
		}
		if _, err := d.VerifyAudit(d.ctx); err != nil {
			t.Error(err)
		}
	})
}

func TestPublishingEarlierTakesTheLaterTimeBack(t *testing.T) {
	eachDesk(t, func(t *testing.T, d deskTest) {
		n := storetest.News(t, d.Store, d.section, "Tin hẹn giờ", func(n *model.News) { n.PublishAt = d.clock.Now().Add(time.Minute) })
		n.PublishAt = d.clock.Now()
		d.ok(d.PutNewsFrom(d.ctx, d.editor.Actor(), &n, 0, model.ActionPublish))
		d.clock.Add(time.Hour)
		if n := d.sweep("a"); n != 0 {
			t.Errorf("swept %d records, want none", n)
		}
	})
}

func TestOneOfSeveralCopiesSweeps(t *testing.T) {
	eachDesk(t, func(t *testing.T, d deskTest) {
		expiring := func() {
			t.Helper()
			storetest.News(t, d.Store, d.section, "Tin", func(n *model.News) { n.ExpireAt = d.clock.Now().Add(time.Second) })
			d.clock.Add(time.Second)
		}
		for _, step := range []struct {
			holder string
			wait   time.Duration
			want   int
		}{{"a", 0, 1}, {"b", 0, 0}, {"a", 0, 2}, {"b", 28 * time.Second, 0}, {"b", 2 * time.Second, 2}, {"a", 0, 0}} {
			expiring()
			d.clock.Add(step.wait)
			if n := d.sweep(step.holder); n != step.want {
				t.Errorf("%s after %v swept %d records, want %d", step.holder, step.wait, n, step.want)
			}
		}
	})
}

func TestWhoIsEditing(t *testing.T) {
	eachDesk(t, func(t *testing.T, d deskTest) {
		n := d.draft("Tin")
		touch := func(u model.User) { t.Helper(); d.ok(d.Touch(d.ctx, model.KindNews, n.ID, u.ID)) }
		editors := func(except int64) []model.Editor {
			t.Helper()
			list, err := d.Editors(d.ctx, model.KindNews, n.ID, except)
			d.ok(err)
			return list
		}
		touch(d.author)
		began := d.clock.Now()
		d.clock.Add(80 * time.Second)
		touch(d.author)
		touch(d.editor)
		d.same("for a third", editors(0), []model.Editor{{UserID: d.author.ID, Name: "Nguyễn Thị Lan", Since: began}, {UserID: d.editor.ID, Name: "Trần Minh", Since: d.clock.Now()}})
		now, err := d.EditorsNow(d.ctx, model.KindNews)
		d.ok(err)
		d.same("of all news", now, map[int64][]model.Editor{n.ID: editors(0)})
		d.same("for Minh", editors(d.editor.ID), []model.Editor{{UserID: d.author.ID, Name: "Nguyễn Thị Lan", Since: began}})
		d.ok(d.Leave(d.ctx, model.KindNews, n.ID, d.author.ID))
		d.same("after Lan left", editors(0), []model.Editor{{UserID: d.editor.ID, Name: "Trần Minh", Since: d.clock.Now()}})
		touch(d.author)
		d.clock.Add(91 * time.Second)
		d.same("after 91 seconds", editors(0), []model.Editor{})
		now, err = d.EditorsNow(d.ctx, model.KindNews)
		d.ok(err)
		d.same("of all news after 91 seconds", now, map[int64][]model.Editor{})
		touch(d.author)
		d.same("back again", editors(0), []model.Editor{{UserID: d.author.ID, Name: "Nguyễn Thị Lan", Since: d.clock.Now()}})
		d.sweep("a")
		d.same("left in the table", column(t, d.db, `SELECT user_id FROM editing`), d.author.ID)
		d.same("trail", d.trail(2), []string{})
	})
}
