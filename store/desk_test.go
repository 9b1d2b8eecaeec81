package store_test

import (
	"context"
	"testing"
	"time"

	"congso/store"
	"congso/store/model"
	"congso/store/storetest"
)

func titles(rows []model.DeskRow) []string {
	var list []string
	for _, r := range rows {
		list = append(list, r.Title)
	}
	return list
}

// deskRecords are five items of two sections and two meetings, one change a minute.
func deskRecords(t *testing.T, d deskTest) (second model.Section) {
	t.Helper()
	second = storetest.Section(t, d.Store, "Thông báo")
	next := func() { d.clock.Add(time.Minute) }
	storetest.News(t, d.Store, d.section, "Đường Hùng Vương")
	next()
	corrected := storetest.News(t, d.Store, second, "Lịch nghỉ", func(n *model.News) { n.Summary = "Nghỉ Tết dương lịch" })
	w := d.copyOf(corrected, d.author, "x")
	d.ok(d.MoveWorkingCopy(d.ctx, d.author.Actor(), model.KindNews, corrected.ID, w.Version, model.ActionSend, ""))
	next()
	d.draft("Nháp của Lan")
	next()
	d.move(d.draft("Chờ duyệt"), d.author, model.ActionSend, "")
	next()
	returned := d.move(d.draft("Bị trả lại"), d.author, model.ActionSend, "")
	d.move(returned, d.editor, model.ActionReturn, "Thiếu ảnh.")
	next()
	gone := storetest.News(t, d.Store, d.section, "Đã cất")
	d.copyOf(gone, d.author, "x")
	d.move(gone, d.editor, model.ActionArchive, "")
	next()
	m := model.Meeting{Title: "Họp chờ duyệt", Kind: "họp", Start: d.clock.Now(), Place: "Phòng 2", Lifecycle: model.Lifecycle{Visibility: model.Internal}}
	d.ok(d.PutMeetingFrom(d.ctx, d.author.Actor(), &m, 0, model.ActionSend))
	next()
	storetest.Meeting(t, d.Store, "Họp giao ban")
	return second
}

func TestDeskLists(t *testing.T) {
	eachDesk(t, func(t *testing.T, d deskTest) {
		second := deskRecords(t, d)
		for what, c := range map[string]struct {
			kind model.Kind
			f    store.DeskFilter
			want []string
		}{
			"all":                     {model.KindNews, store.DeskFilter{}, []string{"Đã cất", "Bị trả lại", "Chờ duyệt", "Nháp của Lan", "Lịch nghỉ", "Đường Hùng Vương"}},
			"status":                  {model.KindNews, store.DeskFilter{Status: model.StatusPublished}, []string{"Lịch nghỉ", "Đường Hùng Vương"}},
			"section":                 {model.KindNews, store.DeskFilter{Section: second.ID}, []string{"Lịch nghỉ"}},
			"sections":                {model.KindNews, store.DeskFilter{Sections: []int64{second.ID, 99}}, []string{"Lịch nghỉ"}},
			"owner":                   {model.KindNews, store.DeskFilter{Owner: d.author.ID}, []string{"Bị trả lại", "Chờ duyệt", "Nháp của Lan"}},
			"with a copy":             {model.KindNews, store.DeskFilter{HasCopy: true}, []string{"Đã cất", "Lịch nghỉ"}},
			"in review, or by a copy": {model.KindNews, store.DeskFilter{Stage: model.StatusReview}, []string{"Chờ duyệt", "Lịch nghỉ"}},
			"drafts of Lan":           {model.KindNews, store.DeskFilter{Stage: model.StatusDraft, Owner: d.author.ID}, []string{"Nháp của Lan"}},
			"title without accents":   {model.KindNews, store.DeskFilter{Text: "duong"}, []string{"Lịch nghỉ", "Đường Hùng Vương"}},
			"two words":               {model.KindNews, store.DeskFilter{Text: "tết nghi"}, []string{"Lịch nghỉ"}},
			"no such word":            {model.KindNews, store.DeskFilter{Text: "100%_"}, nil},
			"meetings":                {model.KindMeeting, store.DeskFilter{}, []string{"Họp giao ban", "Họp chờ duyệt"}},
			"meetings by place":       {model.KindMeeting, store.DeskFilter{Text: "phong 2"}, []string{"Họp chờ duyệt"}},
			"meetings in review":      {model.KindMeeting, store.DeskFilter{Stage: model.StatusReview, Sections: []int64{second.ID}}, []string{"Họp chờ duyệt"}},
		} {
			rows, total, err := d.Desk(d.ctx, c.kind, c.f, 1, 20)
			d.ok(err)
			d.same(what, titles(rows), c.want)
			if total != len(c.want) {
				t.Errorf("%s: total %d, want %d", what, total, len(c.want))
			}
		}
		rows, total, err := d.Desk(d.ctx, model.KindNews, store.DeskFilter{}, 2, 4)
		d.ok(err)
		d.same("second page", titles(rows), []string{"Lịch nghỉ", "Đường Hùng Vương"})
		if total != 6 {
			t.Errorf("total %d, want 6", total)
		}
		_, _, err = d.Desk(d.ctx, model.KindUnit, store.DeskFilter{}, 1, 4)
		d.fails("a kind without a desk", err, model.ErrNotFound)
	})
}

func TestADeskRowSaysAllThatItsListShows(t *testing.T) {
	eachDesk(t, func(t *testing.T, d deskTest) {
		n := d.draft("Tin cũ")
		n.Slug = "tin-cua-lan"
		d.ok(d.PutNewsFrom(d.ctx, d.author.Actor(), &n, 0, model.ActionEdit))
		n = d.move(n, d.editor, model.ActionPublish, "")
		w := d.copyOf(n, d.editor, "x")
		run(t, d.db, `INSERT INTO hit_page_total (path, views) VALUES ('/tin-tuc/tin-cua-lan', 5), ('/tin-tuc/tin-cu', 2), ('/tin-tuc/tin', 100), ('/hoi-nghi/hop', 3)`)
		m := storetest.Meeting(t, d.Store, "Họp")
		rows, _, err := d.Desk(d.ctx, model.KindNews, store.DeskFilter{}, 1, 1)
		d.ok(err)
		want := model.DeskRow{Kind: model.KindNews, ID: n.ID, Slug: n.Slug, Title: n.Title, Section: model.Section{ID: d.section.ID, Name: "Tin"},
			OwnerName: "Nguyễn Thị Lan", Views: 7, Lifecycle: n.Lifecycle,
			Copy: model.CopyState{Version: 1, Status: model.StatusDraft, Owner: d.editor.ID, OwnerName: "Trần Minh", UpdatedAt: w.UpdatedAt}}
		if len(rows) != 1 || rows[0] != want {
			t.Errorf("the row is %+v\nwant %+v", rows, want)
		}
		rows, _, err = d.Desk(d.ctx, model.KindMeeting, store.DeskFilter{}, 1, 1)
		d.ok(err)
		if want := (model.DeskRow{Kind: model.KindMeeting, ID: m.ID, Slug: "hop", Title: "Họp", Start: m.Start, Views: 3, Lifecycle: m.Lifecycle}); rows[0] != want {
			t.Errorf("the row is %+v\nwant %+v", rows[0], want)
		}
	})
}

func TestTabsAndWhatAwaitsWhom(t *testing.T) {
	eachDesk(t, func(t *testing.T, d deskTest) {
		second := deskRecords(t, d)
		counts, err := d.DeskCounts(d.ctx, model.KindNews, store.DeskFilter{Status: model.StatusDraft})
		d.ok(err)
		if counts.All != 6 || counts.Copies != 2 || counts.Status[model.StatusPublished] != 2 || counts.Status[model.StatusReturned] != 1 {
			t.Errorf("counts are %+v", counts)
		}
		counts, err = d.DeskCounts(d.ctx, model.KindNews, store.DeskFilter{Sections: []int64{second.ID}})
		d.ok(err)
		if counts.All != 1 || counts.Copies != 1 {
			t.Errorf("counts of a section are %+v", counts)
		}
		inSecond, admin := d.editor, d.editor
		inSecond.Sections = []int64{second.ID}
		admin.Role, admin.Sections = model.RoleAdmin, inSecond.Sections
		for what, c := range map[string]struct {
			user                     model.User
			review, returned, drafts []string
		}{
			"editor":            {d.editor, []string{"Họp chờ duyệt", "Chờ duyệt", "Lịch nghỉ"}, nil, nil},
			"editor of section": {inSecond, []string{"Họp chờ duyệt", "Lịch nghỉ"}, nil, nil},
			"admin":             {admin, []string{"Họp chờ duyệt", "Chờ duyệt", "Lịch nghỉ"}, nil, nil},
			"author":            {d.author, nil, []string{"Bị trả lại"}, []string{"Nháp của Lan"}},
			"nobody":            {model.User{}, nil, nil, nil},
		} {
			a, err := d.Awaiting(d.ctx, c.user)
			d.ok(err)
			d.same(what+": review", titles(a.Review), c.review)
			d.same(what+": returned", titles(a.Returned), c.returned)
			d.same(what+": drafts", titles(a.Drafts), c.drafts)
		}
	})
}

func TestWhatAnOlderProgramWroteIsFoundAtTheDesk(t *testing.T) {
	eachDesk(t, func(t *testing.T, d deskTest) {
		storetest.News(t, d.Store, d.section, "Đường sá")
		run(t, d.db, `UPDATE news SET text_fold = ''`)
		found := func() int {
			t.Helper()
			_, total, err := d.Desk(context.Background(), model.KindNews, store.DeskFilter{Text: "duong"}, 1, 1)
			d.ok(err)
			return total
		}
		if found() != 0 {
			t.Fatal("found before it was folded")
		}
		if _, err := d.RerenderStale(d.ctx); err != nil || found() != 1 {
			t.Errorf("found %d times, error %v", found(), err)
		}
	})
}
