package store_test

import (
	"context"
	"errors"
	"math"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"congso/store"
	"congso/store/model"
	"congso/store/storetest"
)

func TestMeetingComesBackAsItWasPut(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		ctx := context.Background()
		unit := storetest.Unit(t, s, "Phòng Tổ chức")
		person := storetest.Person(t, s, "Lê Văn Bình", []model.Post{{UnitID: unit.ID, Title: "Trưởng phòng", Rank: 3}})
		news := storetest.News(t, s, storetest.Section(t, s, "Tin"), "Tin về hội nghị")
		photo, file := storetest.Picture(t, s, 1), storetest.Picture(t, s, 2)
		want := model.Meeting{
			Title: "Hội nghị sơ kết", Kind: "hội nghị", Start: storetest.Start().Add(-48 * time.Hour), End: storetest.Start().Add(-46 * time.Hour),
			Place: "Hội trường", Summary: "Tóm tắt.", NewsID: news.ID,
			Participants: []model.Participant{
				{Name: "Lê Văn Bình", Position: "Phó trưởng phòng", Role: model.Chair, PersonSlug: person.Slug},
				{Name: "Y Moan", Role: model.Secretary},
			},
			Figures:     []model.Figure{{Label: "Lớp bồi dưỡng", Value: "3600", Unit: "học viên"}, {Label: "Tỷ lệ", Value: "71.5", Unit: "%"}},
			Conclusions: []string{"Thống nhất.", "Giao việc."},
			Tasks: []model.Task{{Text: "Báo cáo", UnitSlug: unit.Slug, Due: "2026-07-05", Proof: "/tin-tuc/x"},
				{Text: "Rà soát", Done: true}},
			Agreements: []model.Agreement{{Title: "Quy chế phối hợp", Parties: []string{"Sở Nội vụ", "Trường Chính trị"}},
				{Title: "Biên bản", Parties: []string{"Hai bên"}}},
			Photos:      []model.Photo{{Media: model.Media{ID: photo.ID}, Alt: "Toàn cảnh", Caption: "Quang cảnh hội nghị"}},
			Attachments: []model.Attachment{{Media: model.Media{ID: file.ID}, Title: "Báo cáo"}},
			Lifecycle:   model.Lifecycle{Status: model.StatusPublished, Visibility: model.Public, PublishAt: storetest.Start().Add(-time.Hour)},
		}
		put := want
		if err := s.PutMeeting(ctx, storetest.Actor(), &put); err != nil {
			t.Fatal(err)
		}
		want.ID, want.Slug, want.HTML, want.Participants[0].PersonID = put.ID, "hoi-nghi-so-ket", "<p>Tóm tắt.</p>\n", person.ID
		want.Tasks[0].UnitID, want.Tasks[0].UnitName = unit.ID, unit.Name
		want.Photos[0].Media, want.Attachments[0].Media = photo, file
		want.Revision, want.CreatedAt, want.UpdatedAt = 1, storetest.Start(), storetest.Start()
		got, err := s.MeetingBySlug(ctx, model.Viewer{}, want.Slug)
		if err != nil {
			t.Fatal(err)
		}
		for what, m := range map[string]model.Meeting{"read": got, "after the put": put} {
			if diff := cmp.Diff(want, m); diff != "" {
				t.Errorf("%s (-want +got):\n%s", what, diff)
			}
		}

		person.Posts[0].Title = "Giám đốc"
		if err := s.PutPerson(ctx, storetest.Actor(), &person); err != nil {
			t.Fatal(err)
		}
		around, err := s.AroundNews(ctx, model.Viewer{}, news, 8)
		ofNews := around.Meetings
		if err != nil || len(ofNews) != 1 || len(ofNews[0].Participants) != 1 || ofNews[0].Participants[0].Position != "Phó trưởng phòng" {
			t.Errorf("meetings of the item: %+v, error %v, want one with its chair as of that day", ofNews, err)
		}
		checkMeetingFound(t, s, "3.600", "3600", "71,5", "trường chính trị", "Quang cảnh", "Y Moan", "thống nhất", "rà soát")

		got.Participants, got.Tasks, got.Agreements, got.Figures = nil, nil, nil, nil
		if err := s.PutMeeting(ctx, storetest.Actor(), &got); err != nil {
			t.Fatal(err)
		}
		if again, err := s.MeetingBySlug(ctx, model.Viewer{}, want.Slug); err != nil || !cmp.Equal(again, got) || again.Revision != 2 {
			t.Errorf("second revision: %+v, error %v", again, err)
		}
	})
}

func checkMeetingFound(t *testing.T, s *store.Store, queries ...string) {
	t.Helper()
	for _, query := range queries {
		result, err := s.Search(context.Background(), model.Viewer{}, model.SearchQuery{Text: query, Lang: "en", Page: 1}, 10)
		if err != nil || !slices.ContainsFunc(result.Hits, func(h model.SearchHit) bool { return h.Kind == model.KindMeeting }) {
			t.Errorf("search %q: %+v, error %v, want the meeting", query, result.Hits, err)
		}
	}
}

func TestPutMeetingRefuses(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		good := storetest.Meeting(t, s, "Họp")
		for field, change := range map[string]func(*model.Meeting){
			"participants": func(m *model.Meeting) {
				m.Participants = []model.Participant{{Name: "A", Role: model.Chair, PersonSlug: "khong-co"}}
			},
			"tasks":  func(m *model.Meeting) { m.Tasks = []model.Task{{Text: "Việc", UnitID: 999}} },
			"news":   func(m *model.Meeting) { m.NewsID = 999 },
			"photos": func(m *model.Meeting) { m.Photos = []model.Photo{{Media: model.Media{ID: 999}, Alt: "Ảnh"}} },
			"end":    func(m *model.Meeting) { m.End = m.Start.Add(-time.Second) },
			"slug":   func(m *model.Meeting) { m.Slug = "lich" },
		} {
			m := good
			change(&m)
			var invalid model.Invalid
			if err := s.PutMeeting(context.Background(), storetest.Actor(), &m); !errors.As(err, &invalid) || invalid[field] == "" {
				t.Errorf("error %v, want Invalid for %s", err, field)
			}
		}
	})
}

func TestMeetingListsAndFilters(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		ctx := context.Background()
		add := func(title, kind, chair string, start time.Time, hours int) {
			storetest.Meeting(t, s, title, func(m *model.Meeting) {
				m.Kind, m.Start = kind, start
				if hours > 0 {
					m.End = start.Add(time.Duration(hours) * time.Hour)
				}
				m.Participants = []model.Participant{{Name: "Đặng Thị Ánh", Role: model.Attendee}, {Name: chair, Role: model.Chair}}
			})
		}
		day := func(s string) time.Time { return model.Day(s).Time() }
		add("Sơ kết 100% kế hoạch", "hội nghị", "Nguyễn Thị Hồng", day("2024-01-01"), 0) // still 2023 in UTC
		add("Giao ban quý", "giao ban", "Trần Đức Thắng", day("2023-12-31").Add(23*time.Hour), 0)
		add("Tập huấn", "ôn tập", "Đặng Thị Ánh", day("2021-05-01"), 0)
		add("Đang họp", "giao ban", "Y Moan", storetest.Start().Add(-time.Hour), 2)
		add("Đã bắt đầu", "giao ban", "Y Moan", storetest.Start().Add(-time.Hour), 0)
		add("Sắp họp", "giao ban", "Y Moan", storetest.Start().Add(time.Hour), 0)
		storetest.Meeting(t, s, "Nội bộ", func(m *model.Meeting) {
			m.Visibility, m.Start, m.Kind = model.Internal, day("2019-05-01"), "họp kín"
		})
		all := []string{"Sắp họp", "Đã bắt đầu", "Đang họp", "Sơ kết 100% kế hoạch", "Giao ban quý", "Tập huấn"}
		for _, c := range []struct {
			filter store.MeetingFilter
			want   []string
		}{
			{store.MeetingFilter{}, all},
			{store.MeetingFilter{Year: 2024}, all[3:4]},
			{store.MeetingFilter{Year: 2023}, all[4:5]},
			{store.MeetingFilter{Year: 2022}, nil},
			{store.MeetingFilter{Year: math.MaxInt}, nil},
			{store.MeetingFilter{Year: -1}, nil},
			{store.MeetingFilter{Kind: "giao ban", Year: 2023}, all[4:5]},
			{store.MeetingFilter{Kind: "giao"}, nil},
			{store.MeetingFilter{Chair: "đặng thị"}, all[5:]},
			{store.MeetingFilter{Chair: "dang"}, all[5:]},
			{store.MeetingFilter{Chair: "THANG"}, all[4:5]},
			{store.MeetingFilter{Text: "quy giao"}, all[4:5]},
			{store.MeetingFilter{Text: "100%"}, all[3:4]},
			{store.MeetingFilter{Text: "hồng kế hoạch"}, all[3:4]}, // a name and the title
			{store.MeetingFilter{Text: `% _ \`}, all},              // no word
			{store.MeetingFilter{Chair: "%"}, nil},
			{store.MeetingFilter{Chair: "_"}, nil},
			{store.MeetingFilter{Text: "\x00"}, all},
		} {
			list, err := s.MeetingsPage(ctx, model.Viewer{}, c.filter, 1, 100)
			if err != nil || !slices.Equal(meetingTitles(list.Items), c.want) || list.Total != len(c.want) || !list.Since.IsZero() {
				t.Errorf("%+v: got %q of %d since %v, error %v, want %q", c.filter, meetingTitles(list.Items), list.Total, list.Since, err, c.want)
			}
			for _, m := range list.Items {
				if len(m.Participants) != 1 || m.Participants[0].Role != model.Chair {
					t.Errorf("%q in a list: participants %+v, want its chair", m.Title, m.Participants)
				}
			}
		}
		toCome, err := s.MeetingsToCome(ctx, model.Viewer{}, 5)
		if want := []string{"Đang họp", "Sắp họp"}; err != nil || !slices.Equal(meetingTitles(toCome), want) {
			t.Errorf("to come: %q, error %v, want %q", meetingTitles(toCome), err, want)
		}
		years, err := s.MeetingYears(ctx, model.Viewer{})
		if want := []int{2026, 2024, 2023, 2021}; err != nil || !slices.Equal(years, want) {
			t.Errorf("years: %v, error %v, want %v", years, err, want)
		}
		if years, err = s.MeetingYears(ctx, storetest.Inside()); err != nil || !slices.Contains(years, 2019) {
			t.Errorf("years for the inside: %v, error %v, want 2019 too", years, err)
		}
		kinds, err := s.MeetingKinds(ctx, model.Viewer{})
		if want := []string{"giao ban", "hội nghị", "ôn tập"}; err != nil || !slices.Equal(kinds, want) {
			t.Errorf("kinds: %q, error %v, want %q", kinds, err, want)
		}
	})
}
