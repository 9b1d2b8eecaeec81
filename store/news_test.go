package store_test

import (
	"context"
	"errors"
	"fmt"
	"math"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"congso/store"
	"congso/store/model"
	"congso/store/storetest"
)

func TestNewsComesBackAsItWasPut(t *testing.T) {
	storetest.EachClock(t, func(t *testing.T, s *store.Store, clock *storetest.Clock) {
		ctx, section := context.Background(), storetest.Section(t, s, "Tin")
		cover, inBody, file := storetest.Picture(t, s, 1), storetest.Picture(t, s, 2), storetest.Picture(t, s, 3)
		want := model.News{
			Title: " Công bố  quyết định ", Summary: "Tóm tắt", Body: "Ảnh ![](" + inBody.URL() + ")\n\nHết <b>.", Section: section, Byline: "Minh Anh",
			Source: "Văn phòng", Featured: true, Cover: model.Photo{Media: model.Media{ID: cover.ID}, Alt: "Toàn cảnh", Caption: "Hội trường"},
			Tags:        []model.Tag{{Name: "Tổ chức"}, {Name: "Cán bộ"}, {Name: "tổ chức"}},
			Attachments: []model.Attachment{{Media: model.Media{ID: file.ID}, Title: "Quyết định 12"}},
			Lifecycle: model.Lifecycle{Status: model.StatusPublished, Visibility: model.Public,
				PublishAt: storetest.Start().Add(-time.Hour), ExpireAt: storetest.Start().Add(time.Hour)},
		}
		put := want
		if err := s.PutNews(ctx, storetest.Actor(), &put); err != nil {
			t.Fatal(err)
		}
		want.ID, want.Slug, want.Title = put.ID, "cong-bo-quyet-dinh", "Công bố quyết định"
		want.HTML = "<p>Ảnh ![](" + inBody.URL() + ")</p>\n<p>Hết &lt;b&gt;.</p>\n"
		want.Tags = []model.Tag{{Slug: "to-chuc", Name: "Tổ chức"}, {Slug: "can-bo", Name: "Cán bộ"}}
		want.Cover.Media, want.Attachments[0].Media = cover, file
		want.Revision, want.CreatedAt, want.UpdatedAt = 1, storetest.Start(), storetest.Start()
		got, err := s.NewsByID(ctx, model.Viewer{}, want.ID)
		if err != nil {
			t.Fatal(err)
		}
		shown, err := s.NewsBySlug(ctx, model.Viewer{}, want.Slug)
		if err != nil {
			t.Fatal(err)
		}
		onPage := want // what no page shows left out
		onPage.Body, onPage.Featured, onPage.CreatedAt = "", false, time.Time{}
		if diff := cmp.Diff(onPage, shown); diff != "" {
			t.Errorf("by its slug (-want +got):\n%s", diff)
		}
		for what, n := range map[string]model.News{"read": got, "after the put": put} {
			if diff := cmp.Diff(want, n); diff != "" {
				t.Errorf("%s (-want +got):\n%s", what, diff)
			}
		}
		for _, m := range []model.Media{cover, inBody, file} {
			if public, err := s.MediaPublic(ctx, model.Viewer{}, m.Hash); err != nil || public != m {
				t.Errorf("media %d: got %v, error %v", m.ID, public, err)
			}
		}
		list, _, err := s.NewsPage(ctx, model.Viewer{}, store.NewsFilter{}, 1, 10)
		inList := model.News{ID: want.ID, Slug: want.Slug, Title: want.Title, Summary: want.Summary, Byline: want.Byline, Cover: want.Cover, Section: section,
			Lifecycle: model.Lifecycle{Visibility: want.Visibility, PublishAt: want.PublishAt, Revision: 1, UpdatedAt: want.UpdatedAt}}
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff([]model.News{inList}, list); diff != "" {
			t.Errorf("list (-want +got):\n%s", diff)
		}

		clock.Add(10 * time.Minute)
		got.Body, got.Tags, got.Attachments, got.Cover = "Mới", nil, nil, model.Photo{}
		if err := s.PutNews(ctx, storetest.Actor(), &got); err != nil {
			t.Fatal(err)
		}
		again, err := s.NewsByID(ctx, model.Viewer{}, want.ID)
		if err != nil || again.Revision != 2 || again.HTML != "<p>Mới</p>\n" || len(again.Tags)+len(again.Attachments) != 0 || again.Cover.Media.ID != 0 ||
			!again.CreatedAt.Equal(storetest.Start()) || !again.UpdatedAt.Equal(clock.Now()) || !again.Corrected() {
			t.Errorf("after the second revision: %+v, error %v", again, err)
		}
		if _, err := s.MediaPublic(ctx, model.Viewer{}, inBody.Hash); !errors.Is(err, model.ErrNotFound) {
			t.Errorf("a picture that no text uses any more: error %v, want not found", err)
		}
	})
}

func TestPutNewsRefuses(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		ctx, section := context.Background(), storetest.Section(t, s, "Tin")
		good := storetest.News(t, s, section, "Tin")
		for field, change := range map[string]func(*model.News){
			"title":       func(n *model.News) { n.Title = "\u200b" },
			"section":     func(n *model.News) { n.Section.ID = 999 },
			"cover":       func(n *model.News) { n.Cover = model.Photo{Media: model.Media{ID: 999}, Alt: "Ảnh"} },
			"attachments": func(n *model.News) { n.Attachments = []model.Attachment{{Media: model.Media{ID: 999}, Title: "Tệp"}} },
			"status":      func(n *model.News) { n.Status = "lost" },
			"publish_at":  func(n *model.News) { n.PublishAt = time.Time{} },
		} {
			for _, id := range []int64{0, good.ID} {
				n := good
				n.ID = id
				change(&n)
				var invalid model.Invalid
				if err := s.PutNews(ctx, storetest.Actor(), &n); !errors.As(err, &invalid) || invalid[field] == "" {
					t.Errorf("id %d: error %v, want Invalid for %s", id, err, field)
				}
			}
		}
		unknown := good
		unknown.ID = 999
		if err := s.PutNews(ctx, storetest.Actor(), &unknown); !errors.Is(err, model.ErrNotFound) {
			t.Errorf("unknown id: error %v, want not found", err)
		}
		if got, err := s.NewsByID(ctx, model.Viewer{}, good.ID); err != nil || !cmp.Equal(got, good) {
			t.Errorf("refused changes left %+v, error %v", got, err)
		}
		if _, total, err := s.NewsPage(ctx, model.Viewer{}, store.NewsFilter{}, 1, 10); err != nil || total != 1 {
			t.Errorf("refused items left %d in all, error %v, want 1", total, err)
		}
	})
}

func TestOnlyTheFirstOfTwoEditorsWins(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		ctx := context.Background()
		n := storetest.News(t, s, storetest.Section(t, s, "Tin"), "Tin")
		m := storetest.Meeting(t, s, "Họp")
		one, two, oneMeeting, twoMeeting := n, n, m, m
		one.Summary, two.Summary, oneMeeting.Place, twoMeeting.Place = "một", "hai", "Phòng một", "Phòng hai"
		for what, err := range map[string]error{
			"news": s.PutNews(ctx, storetest.Actor(), &one), "meeting": s.PutMeeting(ctx, storetest.Actor(), &oneMeeting),
		} {
			if err != nil {
				t.Errorf("first %s: %v", what, err)
			}
		}
		for what, err := range map[string]error{
			"news": s.PutNews(ctx, storetest.Actor(), &two), "meeting": s.PutMeeting(ctx, storetest.Actor(), &twoMeeting),
		} {
			if !errors.Is(err, model.ErrConflict) {
				t.Errorf("second %s: error %v, want conflict", what, err)
			}
		}
		two.Revision = 3
		if err := s.PutNews(ctx, storetest.Actor(), &two); !errors.Is(err, model.ErrConflict) {
			t.Errorf("a revision that is not there yet: error %v, want conflict", err)
		}
		got, err := s.NewsByID(ctx, model.Viewer{}, n.ID)
		if err != nil || got.Summary != "một" || got.Revision != 2 {
			t.Errorf("kept %q at revision %d, error %v", got.Summary, got.Revision, err)
		}
	})
}

func TestNewsPagesAndFilters(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		ctx, section := context.Background(), storetest.Section(t, s, "Tin")
		notices := model.Section{Name: "Thông báo", Slug: "thong-bao", Notice: true}
		if err := s.PutSection(ctx, storetest.Actor(), &notices); err != nil {
			t.Fatal(err)
		}
		for i := range 5 {
			storetest.News(t, s, section, fmt.Sprintf("Tin %d", i), func(n *model.News) {
				n.PublishAt, n.Featured = storetest.Start().Add(time.Duration(i/2-10)*time.Hour), i == 3
			})
		}
		storetest.News(t, s, notices, "Thông báo", func(n *model.News) {
			n.PublishAt, n.Tags = storetest.Start().Add(-20*time.Hour), []model.Tag{{Name: "Nghỉ lễ"}}
		})
		all := []string{"Tin 4", "Tin 3", "Tin 2", "Tin 1", "Tin 0", "Thông báo"}
		for _, c := range []struct {
			filter     store.NewsFilter
			page, size int
			want       []string
			total      int
		}{
			{store.NewsFilter{}, 1, 10, all, 6},
			{store.NewsFilter{}, 1, 4, all[:4], 6},
			{store.NewsFilter{}, 2, 4, all[4:], 6},
			{store.NewsFilter{}, 3, 4, nil, 6},
			{store.NewsFilter{}, 2, 3, all[3:], 6},
			{store.NewsFilter{}, 3, 3, nil, 6},
			{store.NewsFilter{}, 0, 3, nil, 6},
			{store.NewsFilter{}, -1, 3, nil, 6},
			{store.NewsFilter{}, math.MaxInt, math.MaxInt, nil, 6},
			{store.NewsFilter{}, math.MaxInt, 1, nil, 6},
			{store.NewsFilter{}, 1, math.MaxInt, all, 6},
			{store.NewsFilter{Section: section.ID}, 1, 10, all[:5], 5},
			{store.NewsFilter{Section: 999}, 1, 10, nil, 0},
			{store.NewsFilter{Section: notices.ID}, 1, 10, all[5:], 1},
			{store.NewsFilter{Featured: true}, 1, 10, []string{"Tin 3"}, 1},
			{store.NewsFilter{Tag: "nghi-le"}, 1, 10, all[5:], 1},
			{store.NewsFilter{Tag: "nghi"}, 1, 10, nil, 0},
			{store.NewsFilter{Tag: "nghỉ\x00"}, 1, 10, nil, 0},
		} {
			list, total, err := s.NewsPage(ctx, model.Viewer{}, c.filter, c.page, c.size)
			if err != nil || total != c.total || !slices.Equal(newsTitles(list), c.want) {
				t.Errorf("%+v page %d of %d: got %q of %d, error %v, want %q of %d", c.filter, c.page, c.size, newsTitles(list), total, err, c.want, c.total)
			}
			if c.page != 1 || c.size < 1 {
				continue
			}
			if list, err := s.NewestNews(ctx, model.Viewer{}, c.filter, c.size); err != nil || !slices.Equal(newsTitles(list), c.want) {
				t.Errorf("%+v, newest %d: got %q, error %v, want %q", c.filter, c.size, newsTitles(list), err, c.want)
			}
		}
	})
}

func TestManyWritersAtOnce(t *testing.T) {
	const writers, each = 8, 25
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		ctx, section := context.Background(), storetest.Section(t, s, "Tin")
		var group sync.WaitGroup
		failed := make(chan error, writers*each)
		for w := range writers {
			group.Go(func() {
				for range each {
					n := model.News{Title: "Cùng một tên", Section: section, Tags: []model.Tag{{Name: "Chung"}, {Name: fmt.Sprintf("Người %d", w)}},
						Lifecycle: model.Lifecycle{Status: model.StatusPublished, Visibility: model.Public, PublishAt: storetest.Start()}}
					failed <- s.PutNews(ctx, storetest.Actor(), &n)
				}
			})
		}
		group.Wait()
		close(failed)
		for err := range failed {
			if err != nil {
				t.Error(err)
			}
		}
		list, total, err := s.NewsPage(ctx, model.Viewer{}, store.NewsFilter{Tag: "chung"}, 1, 1000)
		slugs := map[string]bool{}
		for _, n := range list {
			slugs[n.Slug] = true
		}
		if err != nil || total != writers*each || len(slugs) != writers*each || !slugs[fmt.Sprintf("cung-mot-ten-%d", writers*each)] {
			t.Errorf("%d items with %d slugs, error %v, want %d of both", total, len(slugs), err, writers*each)
		}
		if count, err := s.VerifyAudit(ctx); err != nil || count != writers*each+1 {
			t.Errorf("audit: %d entries, error %v, want %d", count, err, writers*each+1)
		}
	})
}
