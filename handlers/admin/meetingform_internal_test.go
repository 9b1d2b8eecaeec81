package admin

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"congso/handlers/web"
	"congso/store"
	"congso/store/model"
	"congso/store/storetest"
	"congso/views/adminpage"
)

// TestMeetingFormKeepsTheRecord: a record put into its form and read back is the same record, with rows of every kind.
func TestMeetingFormKeepsTheRecord(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		a, ctx := &Admin{Store: s, Base: "http://so.example.vn"}, context.Background()
		unit := storetest.Unit(t, s, "Phòng Tổ chức")
		person := storetest.Person(t, s, "Lê Văn Bình", []model.Post{{UnitID: unit.ID, Title: "Trưởng phòng", Rank: 3}})
		news := storetest.News(t, s, storetest.Section(t, s, "Tin"), "Tin về hội nghị")
		photo, file := storetest.Picture(t, s, 1), storetest.Picture(t, s, 2)
		want := storetest.Meeting(t, s, "Hội nghị sơ kết", func(m *model.Meeting) {
			m.End, m.Summary, m.NewsID, m.ExpireAt = m.Start.Add(2*time.Hour), "Mở đầu.\n\n- một\n- hai", news.ID, s.Now().AddDate(1, 0, 0)
			m.Participants = []model.Participant{
				{Name: "Lê Văn Bình", Position: "Phó trưởng phòng", Role: model.Chair, PersonSlug: person.Slug},
				{Name: "Y Moan", Role: model.Secretary}, {Name: "H'Bia Êban", Position: "Chủ tịch", Role: model.Signer}, {Name: "An", Role: model.Attendee},
			}
			m.Figures = []model.Figure{{Label: "Học viên", Value: "3600", Unit: "người"}, {Label: "Tỷ lệ", Value: "-71.5", Unit: "%"}}
			m.Conclusions = []string{"Thống nhất.", "Giao việc."}
			m.Tasks = []model.Task{{Text: "Báo cáo", UnitSlug: unit.Slug, Due: "2026-07-05"}, {Text: "Rà soát", Done: true, Proof: "/tin-tuc/x"}}
			m.Agreements = []model.Agreement{{Title: "Quy chế", Parties: []string{"Sở Nội vụ", "Trường Chính trị"}}, {Title: "Biên bản", Parties: []string{"Hai bên"}}}
			m.Photos = []model.Photo{{Media: model.Media{ID: photo.ID}, Alt: "Toàn cảnh", Caption: "Quang cảnh"}}
			m.Attachments = []model.Attachment{{Media: model.Media{ID: file.ID}, Title: "Báo cáo"}}
		})
		got := model.Meeting{Lifecycle: want.Lifecycle, ID: want.ID, HTML: want.HTML, Conclusions: []string{"cũ"}, Photos: want.Photos}
		form := meetingForm(want)
		must(t, a.readMeeting(ctx, &got, form))
		must(t, s.PutMeeting(ctx, storetest.Actor(), &got))
		want.Revision, want.UpdatedAt = 2, s.Now()
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("(-want +got):\n%s", diff)
		}
		if ids := meetingMedia(form); !slices.Equal(ids, []int64{photo.ID, file.ID}) {
			t.Errorf("files of the form: %v", ids)
		}
	})
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// TestMeetingFormSaysWhichCellIsWrong: each fault is at its cell, and all the rest is read.
func TestMeetingFormSaysWhichCellIsWrong(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		a := &Admin{Store: s}
		file := model.Media{Name: "a.txt"}
		must(t, s.AddAttachment(context.Background(), storetest.Actor(), &file, strings.NewReader("văn bản")))
		f := web.NewForm("title", "Họp", "start", "mai", "end", "25:00 05/07/2026", "publish_at", "2026-13-01T00:00")
		newRow(f, "participants", "position", "Giám đốc")
		newRow(f, "participants", "role", "attendee") // nothing typed: no row
		newRow(f, "figures", "value", "mười")
		newRow(f, "tasks", "due", "31/02/2026", "proof", "javascript:alert(1)")
		newRow(f, "agreements", "parties", " \n\u00a0\n")
		newRow(f, "agreements", "title", "Quy chế")
		newRow(f, "photos", "media", "999")
		newRow(f, "photos", "media", idText(file.ID))
		newRow(f, "attachments", "title", "Báo cáo")
		newRow(f, "attachments", "media", idText(file.ID))
		var m model.Meeting
		invalid := model.Invalid{}
		if err := a.readMeeting(context.Background(), &m, f); !errors.As(err, &invalid) {
			t.Fatalf("error %v", err)
		}
		var fields []string
		for field := range invalid {
			fields = append(fields, field)
		}
		slices.Sort(fields)
		want := []string{"agreements.1.parties", "attachments.0.media", "attachments.1.title", "end", "figures.0.label", "figures.0.value",
			"participants.0.name", "photos.0.media", "photos.1.alt", "photos.1.media", "publish_at", "start", "tasks.0.due", "tasks.0.proof", "tasks.0.text"}
		want = slices.DeleteFunc(want, func(field string) bool { return field == "photos.1.alt" }) // without a picture nothing to describe
		if diff := cmp.Diff(want, fields); diff != "" {
			t.Errorf("(-want +got):\n%s", diff)
		}
		if m.Title != "Họp" || len(m.Participants) != 1 || len(m.Agreements) != 1 || len(m.Attachments) != 2 {
			t.Errorf("read: %+v", m)
		}
	})
}

// TestPositionsAreThoseOfTheDay: an empty position is filled from the posts on the meeting's day; a typed one stays.
func TestPositionsAreThoseOfTheDay(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		a := &Admin{Store: s}
		board, office := storetest.Unit(t, s, "Ban Giám đốc"), storetest.Unit(t, s, "Văn phòng")
		division := storetest.Unit(t, s, "Phòng Tổ chức")
		post := func(u model.Unit, title string, rank int, from, until model.Day) model.Post {
			return model.Post{UnitID: u.ID, Title: title, Rank: rank, From: from, Until: until}
		}
		storetest.Person(t, s, "Phạm Thị Đào", []model.Post{post(board, "Phó Giám đốc", 2, "2025-01-01", ""), post(division, "Trưởng phòng", 4, "2020-01-01", "2024-12-31")})
		storetest.Person(t, s, "Bùi An", []model.Post{post(office, "Chánh Văn phòng", 5, "2020-01-01", "2025-12-31")})
		storetest.Person(t, s, "Lê Vân", []model.Post{post(office, "Chuyên viên", 9, "2020-01-01", "")})
		second := storetest.Person(t, s, "Lê Vân", []model.Post{post(division, "Chuyên viên", 9, "2020-01-01", "")})
		for _, c := range []struct {
			day   string
			cells []string
			want  model.Participant
		}{
			{"2026-05-01", []string{"name", "phạm  thị đào"}, model.Participant{Name: "Phạm Thị Đào", Position: "Phó Giám đốc", PersonSlug: "pham-thi-dao"}},
			{"2024-05-01", []string{"name", "Phạm Thị Đào"}, model.Participant{Name: "Phạm Thị Đào", Position: "Trưởng phòng, Phòng Tổ chức", PersonSlug: "pham-thi-dao"}},
			{"2026-05-01", []string{"name", "Phạm Thị Đào", "position", "Quyền Giám đốc"}, model.Participant{Name: "Phạm Thị Đào", Position: "Quyền Giám đốc", PersonSlug: "pham-thi-dao"}},
			{"2026-05-01", []string{"name", "Phạm Thị Đào", "outside", "1"}, model.Participant{Name: "Phạm Thị Đào"}},
			{"2025-05-01", []string{"name", "Bùi An"}, model.Participant{Name: "Bùi An", Position: "Chánh Văn phòng", PersonSlug: "bui-an"}},
			{"2026-05-01", []string{"name", "Bùi An"}, model.Participant{Name: "Bùi An"}},
			{"2026-05-01", []string{"name", "Bùi An", "person", "bui-an", "linked", "Bùi An"}, model.Participant{Name: "Bùi An", PersonSlug: "bui-an"}},
			{"2026-05-01", []string{"name", "Y Moan", "person", "bui-an", "linked", "Bùi An"}, model.Participant{Name: "Y Moan"}},
			{"2026-05-01", []string{"name", "Lê Vân"}, model.Participant{Name: "Lê Vân"}},
			{"2026-05-01", []string{"name", "Lê Vân (Phòng Tổ chức)"}, model.Participant{Name: "Lê Vân", Position: "Chuyên viên, Phòng Tổ chức", PersonSlug: second.Slug}},
			{"2026-05-01", []string{"name", "Lê Vân", "person", second.Slug, "linked", "Lê Vân"}, model.Participant{Name: "Lê Vân", Position: "Chuyên viên, Phòng Tổ chức", PersonSlug: second.Slug}},
		} {
			f := web.NewForm("start", c.day+"T08:00")
			newRow(f, "participants", append(c.cells, "role", "chair")...)
			c.want.Role = model.Chair
			var m model.Meeting
			must(t, a.readMeeting(context.Background(), &m, f))
			if diff := cmp.Diff([]model.Participant{c.want}, m.Participants); diff != "" {
				t.Errorf("%s %q (-want +got):\n%s", c.day, c.cells, diff)
			}
		}
	})
}

func TestRowButtons(t *testing.T) {
	table := func() *web.Form {
		f := web.NewForm("tasks", "4", "tasks", "1", "tasks", "x", "tasks", "4", "tasks.4.text", "bốn", "tasks.1.text", "một", "tasks.14.text", "khác")
		return f
	}
	for order, want := range map[string]struct {
		keys   []string
		anchor string
	}{
		"them:tasks":        {[]string{"4", "1", "5"}, "r_tasks.5"},
		"them:figures":      {[]string{"4", "1"}, "r_figures.0"},
		"xoa:tasks:4":       {[]string{"1"}, "r_tasks.1"},
		"xoa:tasks:1":       {[]string{"4"}, "r_tasks.4"},
		"len:tasks:1":       {[]string{"1", "4"}, "r_tasks.1"},
		"len:tasks:4":       {[]string{"4", "1"}, "r_tasks.4"},
		"xuong:tasks:4":     {[]string{"1", "4"}, "r_tasks.4"},
		"xuong:tasks:1":     {[]string{"4", "1"}, "r_tasks.1"},
		"xoa:tasks:9":       {[]string{"4", "1"}, "f_tasks"},
		"xoa:users:1":       {[]string{"4", "1"}, ""},
		"":                  {[]string{"4", "1"}, ""},
		"len:tasks:1:extra": {[]string{"4", "1"}, "f_tasks"},
	} {
		f := table()
		anchor := changeRows(f, order)
		if keys := adminpage.RowKeys(f, "tasks"); anchor != want.anchor || !slices.Equal(keys, want.keys) {
			t.Errorf("%q: rows %q, anchor %q, want %q, %q", order, keys, anchor, want.keys, want.anchor)
		}
		if gone := f.Raw("tasks.4.text") == ""; gone != (order == "xoa:tasks:4") || f.Raw("tasks.14.text") != "khác" {
			t.Errorf("%q: cells %v", order, f.Values)
		}
	}
}
