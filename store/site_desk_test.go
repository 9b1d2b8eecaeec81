package store_test

import (
	"strings"
	"testing"

	"congso/store"
	"congso/store/model"
	"congso/store/storetest"
)

func TestTheMenuIsReplacedAsAWhole(t *testing.T) {
	eachDesk(t, func(t *testing.T, d deskTest) {
		menu := func() []model.MenuItem {
			t.Helper()
			items, err := d.Menu(d.ctx)
			d.ok(err)
			return items
		}
		d.same("at first", menu(), []model.MenuItem{})
		first := []model.MenuItem{
			{Label: " Giới  thiệu ", LabelEN: "About", Href: "/bai-viet/gioi-thieu", Children: []model.MenuItem{{Label: "Chức năng", Href: "/bai-viet/chuc-nang"}, {Label: "Lịch sử", Href: "/bai-viet/lich-su"}}},
			{Label: "Tỉnh", Href: "https://tinh.example.vn"},
		}
		d.ok(d.PutMenu(d.ctx, d.editor.Actor(), first))
		first[0].Label = "Giới thiệu"
		d.same("two entries", menu(), first)
		for what, c := range map[string]struct {
			items []model.MenuItem
			field string
		}{
			"no label":     {[]model.MenuItem{{Label: "a", Href: "/"}, {Href: "/"}}, "label-1"},
			"script":       {[]model.MenuItem{{Label: "a", Href: "javascript:alert(1)"}}, "href-0"},
			"another host": {[]model.MenuItem{{Label: "a", Href: "//example.vn"}}, "href-0"},
			"child":        {[]model.MenuItem{{Label: "a", Href: "/", Children: []model.MenuItem{{Label: "b"}}}}, "href-0-0"},
			"third level":  {[]model.MenuItem{{Label: "a", Href: "/", Children: []model.MenuItem{{Label: "b", Href: "/", Children: make([]model.MenuItem, 1)}}}}, "items"},
			"too many":     {make([]model.MenuItem, 13), "items"},
			"long label":   {[]model.MenuItem{{Label: strings.Repeat("ă", 61), Href: "/"}}, "label-0"},
		} {
			d.fails(what, d.PutMenu(d.ctx, d.editor.Actor(), c.items), c.field)
		}
		d.same("after refusals", menu(), first)
		d.ok(d.PutMenu(d.ctx, d.editor.Actor(), first[1:]))
		d.same("one entry", menu(), first[1:])
		d.ok(d.PutMenu(d.ctx, d.editor.Actor(), nil))
		d.same("none", menu(), []model.MenuItem{})
		d.same("trail", d.trail(1), []string{"minh:update:items", "minh:update:items", "minh:update:items"})
	})
}

func TestSectionsAreDeletedOnlyWhenEmpty(t *testing.T) {
	eachDesk(t, func(t *testing.T, d deskTest) {
		by := d.editor.Actor()
		parent, bound, empty := storetest.Section(t, d.Store, "Cha"), storetest.Section(t, d.Store, "Giao"), storetest.Section(t, d.Store, "Trống")
		child := model.Section{Name: "Con", ParentID: parent.ID}
		d.ok(d.PutSection(d.ctx, by, &child))
		d.draft("Nháp")
		run(t, d.db, `INSERT INTO users_section (user_id, section_id) VALUES ($1, $2)`, d.author.ID, bound.ID)
		for _, held := range []model.Section{parent, bound, d.section} {
			d.fails(held.Name, d.DeleteSection(d.ctx, by, held.ID), "section")
		}
		d.ok(d.DeleteSection(d.ctx, by, empty.ID))
		d.fails("a second time", d.DeleteSection(d.ctx, by, empty.ID), model.ErrNotFound)
		_, err := d.SectionBySlug(d.ctx, "trong")
		d.fails("its page", err, model.ErrNotFound)
		if again := storetest.Section(t, d.Store, "Trống"); again.Slug != "trong-2" {
			t.Errorf("the slug was given away again: %+v", again)
		}
		if list, err := d.Sections(d.ctx); err != nil || len(list) != 5 {
			t.Errorf("sections %+v, error %v", list, err)
		}
	})
}

func TestSectionsAreOrdered(t *testing.T) {
	eachDesk(t, func(t *testing.T, d deskTest) {
		b, c := storetest.Section(t, d.Store, "B"), storetest.Section(t, d.Store, "C")
		entries := len(d.trail(0))
		d.ok(d.OrderSections(d.ctx, d.editor.Actor(), []int64{c.ID, d.section.ID}))
		list, err := d.Sections(d.ctx)
		d.ok(err)
		var names []string
		for _, s := range list {
			names = append(names, s.Name)
		}
		d.same("order", names, []string{"C", "Tin", "B"})
		d.same("trail", d.trail(entries), []string{"minh:update:position", "minh:update:position"})
		d.fails("unknown", d.OrderSections(d.ctx, d.editor.Actor(), []int64{99}), "order")
		d.fails("twice", d.OrderSections(d.ctx, d.editor.Actor(), []int64{b.ID, b.ID}), "order")
	})
}

func TestLinkedSitesAndRedirectsAreDeleted(t *testing.T) {
	eachDesk(t, func(t *testing.T, d deskTest) {
		by := d.editor.Actor()
		site := model.LinkedSite{Name: "Tỉnh", URL: "https://tinh.example.vn"}
		d.ok(d.PutLinkedSite(d.ctx, by, &site))
		d.ok(d.PutRedirect(d.ctx, by, "/cu_1.aspx?id=5%25", "/tin-tuc"))
		d.ok(d.PutRedirect(d.ctx, by, "/cux1.aspx", "/hoi-nghi"))
		for text, want := range map[string]int{"": 2, "CU_1": 1, "5%25": 1, "hoi-nghi": 1, "khong": 0} {
			list, total, err := d.Redirects(d.ctx, text, 1, 10)
			if err != nil || total != want || len(list) != want {
				t.Errorf("redirects with %q: %+v, total %d, error %v, want %d", text, list, total, err, want)
			}
		}
		list, total, err := d.Redirects(d.ctx, "", 2, 1)
		if err != nil || total != 2 || len(list) != 1 || list[0] != (model.Redirect{From: "/cux1.aspx", To: "/hoi-nghi", CreatedAt: d.clock.Now()}) {
			t.Errorf("second page %+v, total %d, error %v", list, total, err)
		}
		d.ok(d.DeleteLinkedSite(d.ctx, by, site.ID))
		if to, err := d.DeleteRedirect(d.ctx, by, "/cux1.aspx"); err != nil || to != "/hoi-nghi" {
			t.Errorf("it led to %q, %v", to, err)
		}
		d.fails("site again", d.DeleteLinkedSite(d.ctx, by, site.ID), model.ErrNotFound)
		_, err = d.DeleteRedirect(d.ctx, by, "/cux1.aspx")
		d.fails("redirect again", err, model.ErrNotFound)
		if sites, err := d.LinkedSites(d.ctx); err != nil || len(sites) != 0 {
			t.Errorf("sites %+v, error %v", sites, err)
		}
		_, err = d.Redirect(d.ctx, model.Viewer{}, "/cux1.aspx")
		d.fails("the deleted redirect", err, model.ErrNotFound)
		d.same("trail", d.trail(5), []string{"minh:delete:", "minh:delete:"})
	})
}

func TestTheDirectoryIsConfirmed(t *testing.T) {
	eachDesk(t, func(t *testing.T, d deskTest) {
		by := d.editor.Actor()
		unit := storetest.Unit(t, d.Store, "Phòng")
		storetest.Unit(t, d.Store, "Phòng cũ", func(u *model.Unit) { u.Until = "2020-01-01" })
		held := []model.Post{{UnitID: unit.ID, Title: "Trưởng phòng", Rank: 3}}
		first := storetest.Person(t, d.Store, "Y Bình", held, bothNumbers)
		second := storetest.Person(t, d.Store, "Y Chi", held)
		storetest.Person(t, d.Store, "Y Nghỉ", nil)
		names := func(before model.Day) []string {
			t.Helper()
			list, err := d.Unconfirmed(d.ctx, before)
			d.ok(err)
			var names []string
			for _, u := range list {
				names = append(names, string(u.Kind)+" "+u.Name+" "+string(u.ConfirmedOn))
			}
			return names
		}
		d.same("nobody confirmed", names("2026-01-01"), []string{"unit Phòng ", "person Y Bình ", "person Y Chi "})
		entries := len(d.trail(0))
		d.ok(d.ConfirmUnit(d.ctx, by, unit.ID, "2026-03-01"))
		d.ok(d.ConfirmPerson(d.ctx, by, first.ID, "2026-02-01"))
		d.ok(d.ConfirmPerson(d.ctx, by, second.ID, "2026-06-15"))
		d.same("trail", d.trail(entries), []string{"minh:confirm:confirmed_on", "minh:confirm:confirmed_on", "minh:confirm:confirmed_on"})
		d.same("before June", names("2026-06-01"), []string{"person Y Bình 2026-02-01", "unit Phòng 2026-03-01"})
		d.same("before March", names("2026-03-01"), []string{"person Y Bình 2026-02-01"})
		d.fails("tomorrow", d.ConfirmUnit(d.ctx, by, unit.ID, "2026-06-16"), "day")
		d.fails("no day", d.ConfirmPerson(d.ctx, by, first.ID, ""), "day")
		d.fails("unknown", d.ConfirmPerson(d.ctx, by, 99, "2026-06-15"), model.ErrNotFound)
		view, err := d.UnitBySlug(d.ctx, storetest.Staff(), "phong")
		if err != nil || view.Unit.ConfirmedOn != "2026-03-01" || len(view.People) != 2 || len(view.People[0].Numbers) != 2 {
			t.Errorf("the unit is %+v, error %v", view, err)
		}
		view.Unit.NameEN = "Office"
		d.ok(d.PutUnit(d.ctx, by, &view.Unit))
		if view.Unit.ConfirmedOn != "2026-03-01" {
			t.Errorf("a change made of the unit's confirmation %q", view.Unit.ConfirmedOn)
		}
	})
}

func TestAPersonIsArchivedByEndingPosts(t *testing.T) {
	eachDesk(t, func(t *testing.T, d deskTest) {
		unit := storetest.Unit(t, d.Store, "Phòng")
		p := storetest.Person(t, d.Store, "Y Bình", []model.Post{
			{UnitID: unit.ID, Title: "Trưởng phòng", Rank: 3, From: "2020-01-01"}, {UnitID: unit.ID, Title: "Phó", Rank: 4, From: "2018-01-01", Until: "2019-12-31"},
			{UnitID: unit.ID, Title: "Giám đốc", Rank: 1, From: "2026-12-01"}})
		d.ok(d.ArchivePerson(d.ctx, d.editor.Actor(), p.ID))
		d.same("trail", d.trail(3), []string{"minh:archive:posts"})
		d.clock.Add(24 * 3600e9)
		d.ok(d.IndexDirectory(d.ctx))
		got, err := d.PersonBySlug(d.ctx, storetest.Staff(), p.Slug)
		d.ok(err)
		if len(got.Posts) != 2 || got.Posts[0].Until != "2026-06-15" || got.Posts[1].Until != "2019-12-31" {
			t.Errorf("posts are %+v", got.Posts)
		}
		if list, err := d.Directory(d.ctx, storetest.Staff()); err != nil || len(list.People) != 0 || d.found("bình") != 0 {
			t.Errorf("the directory still has %+v, error %v", list.People, err)
		}
		d.fails("unknown", d.ArchivePerson(d.ctx, d.editor.Actor(), 99), model.ErrNotFound)
	})
}

func TestTheTaskBoard(t *testing.T) {
	eachDesk(t, func(t *testing.T, d deskTest) {
		by := d.editor.Actor()
		unit := storetest.Unit(t, d.Store, "Phòng Công chức")
		m := storetest.Meeting(t, d.Store, "Giao ban", func(m *model.Meeting) {
			m.Tasks = []model.Task{{Text: "Không hạn"}, {Text: "Rà soát đường dây", UnitID: unit.ID, Due: "2026-06-20"}, {Text: "Quá hạn", Due: "2026-06-01"}, {Text: "Xong", Done: true}}
		})
		storetest.Meeting(t, d.Store, "Họp kín", func(m *model.Meeting) {
			m.Visibility, m.Tasks = model.Internal, []model.Task{{Text: "Việc nội bộ", Due: "2026-06-10"}}
		})
		storetest.Meeting(t, d.Store, "Nháp", func(m *model.Meeting) { m.Status, m.Tasks = model.StatusDraft, []model.Task{{Text: "Chưa đăng"}} })
		texts := func(f store.TaskFilter) []string {
			t.Helper()
			list, err := d.Tasks(d.ctx, f)
			d.ok(err)
			var texts []string
			for _, task := range list {
				texts = append(texts, task.Text)
			}
			return texts
		}
		for what, c := range map[string]struct {
			f    store.TaskFilter
			want []string
		}{
			"open":    {store.TaskFilter{}, []string{"Quá hạn", "Việc nội bộ", "Rà soát đường dây", "Không hạn"}},
			"of unit": {store.TaskFilter{Unit: unit.ID}, []string{"Rà soát đường dây"}},
			"from":    {store.TaskFilter{From: "2026-06-10"}, []string{"Việc nội bộ", "Rà soát đường dây"}},
			"to":      {store.TaskFilter{To: "2026-06-10"}, []string{"Quá hạn", "Việc nội bộ"}},
			"text":    {store.TaskFilter{Text: "cong chuc DUONG"}, []string{"Rà soát đường dây"}},
			"meeting": {store.TaskFilter{Text: "họp"}, []string{"Việc nội bộ"}},
			"done":    {store.TaskFilter{Done: true}, []string{"Xong"}},
		} {
			d.same(what, texts(c.f), c.want)
		}
		list, err := d.Tasks(d.ctx, store.TaskFilter{Unit: unit.ID})
		d.ok(err)
		want := model.OpenTask{MeetingID: m.ID, MeetingSlug: m.Slug, MeetingTitle: "Giao ban", Revision: 1, Position: 1, Start: m.Start, Visibility: model.Public,
			Task: model.Task{Text: "Rà soát đường dây", UnitID: unit.ID, UnitSlug: unit.Slug, UnitName: unit.Name, Due: "2026-06-20"}}
		if list[0] != want {
			t.Errorf("the task is %+v\nwant %+v", list[0], want)
		}
		d.fails("without proof", d.CloseTask(d.ctx, by, m.ID, 1, 1, " "), "proof")
		d.fails("bad proof", d.CloseTask(d.ctx, by, m.ID, 1, 1, "javascript:x"), "proof")
		d.fails("no such task", d.CloseTask(d.ctx, by, m.ID, 1, 4, "/tin-tuc/xong"), model.ErrNotFound)
		entries := len(d.trail(0))
		d.ok(d.CloseTask(d.ctx, by, m.ID, 1, 1, "/tin-tuc/xong"))
		d.fails("an old revision", d.CloseTask(d.ctx, by, m.ID, 1, 0, "/tin-tuc/xong"), model.ErrConflict)
		shown, err := d.MeetingBySlug(d.ctx, model.Viewer{}, m.Slug)
		if err != nil || shown.Revision != 2 || !shown.Tasks[1].Done || shown.Tasks[1].Proof != "/tin-tuc/xong" || shown.Tasks[0].Done || len(texts(store.TaskFilter{})) != 3 {
			t.Errorf("closed: %+v, error %v", shown.Tasks, err)
		}
		d.ok(d.ReopenTask(d.ctx, by, m.ID, 2, 1))
		if got := texts(store.TaskFilter{}); len(got) != 4 {
			t.Errorf("open again: %q", got)
		}
		d.same("trail", d.trail(entries), []string{"minh:close_task:tasks", "minh:reopen_task:tasks"})
	})
}

func TestAuditPages(t *testing.T) {
	eachDesk(t, func(t *testing.T, d deskTest) {
		n := d.draft("Tin")
		d.clock.Add(24 * 3600e9)
		n = d.move(n, d.author, model.ActionSend, "")
		d.clock.Add(24 * 3600e9)
		d.move(n, d.editor, model.ActionPublish, "")
		for what, c := range map[string]struct {
			f    store.AuditFilter
			want string
		}{
			"all":       {store.AuditFilter{}, "publish send create create create create"},
			"user":      {store.AuditFilter{User: d.author.ID}, "send create"},
			"actor":     {store.AuditFilter{Actor: "seed"}, "create create create"},
			"action":    {store.AuditFilter{Action: "send"}, "send"},
			"kind":      {store.AuditFilter{Kind: model.KindSection}, "create"},
			"record":    {store.AuditFilter{Kind: model.KindNews, RecordID: n.ID}, "publish send create"},
			"from":      {store.AuditFilter{From: "2026-06-16"}, "publish send"},
			"to":        {store.AuditFilter{To: "2026-06-16"}, "send create create create create"},
			"one day":   {store.AuditFilter{From: "2026-06-16", To: "2026-06-16"}, "send"},
			"something": {store.AuditFilter{Actor: "x' OR 1=1"}, ""},
		} {
			entries, total, err := d.AuditPage(d.ctx, c.f, 1, 10)
			d.ok(err)
			var actions []string
			for _, e := range entries {
				actions = append(actions, e.Action)
			}
			d.same(what, strings.Join(actions, " "), c.want)
			if total != len(entries) {
				t.Errorf("%s: total %d of %d entries", what, total, len(entries))
			}
		}
		entries, total, err := d.AuditPage(d.ctx, store.AuditFilter{}, 2, 3)
		if err != nil || total != 6 || len(entries) != 3 || entries[0].Kind != model.KindSection || entries[0].Hash == "" || sprint(entries[0].Fields) != "[name slug]" {
			t.Errorf("the second page is %+v, total %d, error %v", entries, total, err)
		}
		if actions, err := d.AuditActions(d.ctx); err != nil || sprint(actions) != "[create publish send]" {
			t.Errorf("actions are %q, error %v", actions, err)
		}
	})
}
