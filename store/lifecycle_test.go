package store_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"congso/store"
	"congso/store/model"
	"congso/store/storetest"
)

// cell is one combination of what decides whether a record shows.
type cell struct {
	status     model.Status
	visibility model.Visibility
	publish    string // past, now, future, never
	expire     string // never, future, now, past
}

func (c cell) title() string {
	return fmt.Sprintf("Tin %s %s đăng %s hết %s", c.status, c.visibility, c.publish, c.expire)
}

func cells() []cell {
	var list []cell
	for _, status := range []model.Status{model.StatusDraft, model.StatusReview, model.StatusReturned, model.StatusPublished, model.StatusArchived} {
		for _, visibility := range []model.Visibility{model.Public, model.Internal} {
			for _, times := range [][2]string{{"past", "never"}, {"past", "future"}, {"past", "now"}, {"past", "past"}, {"now", "never"},
				{"future", "never"}, {"future", "future"}} {
				list = append(list, cell{status, visibility, times[0], times[1]})
			}
			if status != model.StatusPublished {
				list = append(list, cell{status, visibility, "never", "never"})
			}
		}
	}
	return list
}

func (c cell) lifecycle() model.Lifecycle {
	at := map[string]time.Time{
		"past": storetest.Start().Add(-time.Hour), "now": storetest.Start(), "future": storetest.Start().Add(time.Hour), "never": {},
	}
	l := model.Lifecycle{Status: c.status, Visibility: c.visibility, PublishAt: at[c.publish], ExpireAt: at[c.expire]}
	if c.expire == "future" {
		l.ExpireAt = l.ExpireAt.Add(time.Hour)
	}
	if c.expire == "past" {
		l.ExpireAt = l.ExpireAt.Add(time.Minute)
	}
	return l
}

// answer is what the viewer gets, said once more in the words of the design: nil, ErrNotFound or ErrGone.
func (c cell) answer(v model.Viewer) error {
	mayKnow := c.visibility == model.Public || v.Internal
	begun := c.publish == "past" || c.publish == "now"
	over := c.expire == "past" || c.expire == "now"
	switch {
	case !mayKnow || !begun:
		return model.ErrNotFound
	case c.status == model.StatusArchived, c.status == model.StatusPublished && over:
		return model.ErrGone
	case c.status == model.StatusPublished:
		return nil
	}
	return model.ErrNotFound
}

func viewers() map[string]model.Viewer {
	return map[string]model.Viewer{"outsider": storetest.Outsider(), "inside": storetest.Inside(), "staff": storetest.Staff()}
}

func TestWhoSeesWhatWhen(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		section := storetest.Section(t, s, "Tin hoạt động")
		pictures := map[string]model.Media{}
		for i, c := range cells() {
			picture := storetest.Picture(t, s, uint8(i))
			pictures[c.title()] = picture
			n := storetest.News(t, s, section, c.title(), func(n *model.News) {
				n.Lifecycle = c.lifecycle()
				n.Tags = []model.Tag{{Name: "Chung"}}
				n.Cover = model.Photo{Media: picture, Alt: "Ảnh"}
			})
			storetest.Meeting(t, s, c.title(), func(m *model.Meeting) {
				m.Lifecycle, m.NewsID = c.lifecycle(), n.ID
				m.Start = storetest.Start().Add(time.Hour)
			})
		}
		for name, v := range viewers() {
			t.Run(name, func(t *testing.T) {
				var shown []string
				for _, c := range cells() {
					if c.answer(v) == nil {
						shown = append(shown, c.title())
					}
					checkCell(t, s, v, c, pictures[c.title()])
				}
				slices.Sort(shown)
				checkLists(t, s, v, section, shown)
			})
		}
		checkPublicPaths(t, s)
	})
}

func checkCell(t *testing.T, s *store.Store, v model.Viewer, c cell, picture model.Media) {
	t.Helper()
	ctx, slug := context.Background(), model.Slug(c.title())
	n, newsErr := s.NewsBySlug(ctx, v, slug)
	m, meetingErr := s.MeetingBySlug(ctx, v, slug)
	for what, err := range map[string]error{"news": newsErr, "meeting": meetingErr} {
		if want := c.answer(v); !errors.Is(err, want) || want == nil && err != nil {
			t.Errorf("%s %q: error %v, want %v", what, c.title(), err, want)
		}
	}
	if c.answer(v) == nil && (n.Title != c.title() || m.Title != c.title() || n.HTML == "") {
		t.Errorf("%q: got news %q with HTML %q and meeting %q", c.title(), n.Title, n.HTML, m.Title)
	}
	_, err := s.MediaPublic(ctx, v, picture.Hash)
	seen := c.answer(v) == nil || v.Staff // whoever is logged in may see what is not public yet
	if seen && err != nil || !seen && !errors.Is(err, model.ErrNotFound) {
		t.Errorf("picture of %q: error %v", c.title(), err)
	}
}

func checkLists(t *testing.T, s *store.Store, v model.Viewer, section model.Section, shown []string) {
	t.Helper()
	ctx := context.Background()
	check := func(what string, titles []string, err error) {
		t.Helper()
		slices.Sort(titles)
		if err != nil || !slices.Equal(titles, shown) {
			t.Errorf("%s: error %v\n got %q\nwant %q", what, err, titles, shown)
		}
	}
	for what, f := range map[string]store.NewsFilter{"all": {}, "section": {Section: section.ID}, "tag": {Tag: "chung"}} {
		news, total, err := s.NewsPage(ctx, v, f, 1, 100)
		check("news of "+what, newsTitles(news), err)
		if total != len(shown) {
			t.Errorf("news of %s: total %d, want %d", what, total, len(shown))
		}
	}
	around, err := s.AroundNews(ctx, v, model.News{Section: section}, 100)
	check("other news", linkTitles(around.Others), err)
	meetings, err := s.MeetingsPage(ctx, v, store.MeetingFilter{}, 1, 100)
	check("meetings", meetingTitles(meetings.Items), err)
	if meetings.Total != len(shown) {
		t.Errorf("meetings: total %d, want %d", meetings.Total, len(shown))
	}
	toCome, err := s.MeetingsToCome(ctx, v, 100)
	check("meetings to come", meetingTitles(toCome), err)
	var found []string
	result, err := s.Search(ctx, v, model.SearchQuery{Text: "tin", Kind: model.KindNews, Lang: "vi", Page: 1}, 100)
	for _, hit := range result.Hits {
		found = append(found, spans(hit.Title))
	}
	check("search", found, err)
}

func spans(list []model.Span) string {
	var b strings.Builder
	for _, s := range list {
		b.WriteString(s.Text)
	}
	return b.String()
}

func newsTitles(list []model.News) []string {
	var titles []string
	for _, n := range list {
		titles = append(titles, n.Title)
	}
	return titles
}

func linkTitles(list []model.NewsLink) []string {
	var titles []string
	for _, n := range list {
		titles = append(titles, n.Title)
	}
	return titles
}

func meetingTitles(list []model.Meeting) []string {
	var titles []string
	for _, m := range list {
		titles = append(titles, m.Title)
	}
	return titles
}

func checkPublicPaths(t *testing.T, s *store.Store) {
	t.Helper()
	want := []string{"/chuyen-muc/tin-hoat-dong"}
	for _, folder := range []string{"/tin-tuc/", "/hoi-nghi/"} {
		for _, c := range cells() {
			if c.answer(storetest.Outsider()) == nil {
				want = append(want, folder+model.Slug(c.title()))
			}
		}
	}
	entries, err := s.SitemapPage(context.Background(), 1, 1000)
	var paths []string
	for _, e := range entries {
		paths = append(paths, e.Path)
	}
	if err != nil || !slices.Equal(paths, want) {
		t.Errorf("sitemap: error %v\n got %q\nwant %q", err, paths, want)
	}
}

func TestNeighboursStandInTheSectionAmongWhatTheViewerSees(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		ctx := context.Background()
		section, other := storetest.Section(t, s, "Tin"), storetest.Section(t, s, "Khác")
		at := func(hours int, visibility model.Visibility) func(*model.News) {
			return func(n *model.News) {
				n.PublishAt, n.Visibility = storetest.Start().Add(time.Duration(-hours)*time.Hour), visibility
			}
		}
		oldest := storetest.News(t, s, section, "Một", at(5, model.Public))
		twin := storetest.News(t, s, section, "Hai", at(5, model.Public))
		storetest.News(t, s, section, "Nội bộ", at(4, model.Internal))
		storetest.News(t, s, other, "Mục khác", at(4, model.Public))
		newest := storetest.News(t, s, section, "Ba", at(3, model.Public))
		for _, c := range []struct {
			of           model.News
			viewer       model.Viewer
			newer, older string
		}{
			{oldest, storetest.Outsider(), "Hai", ""},
			{twin, storetest.Outsider(), "Ba", "Một"},
			{twin, storetest.Inside(), "Nội bộ", "Một"},
			{newest, storetest.Outsider(), "", "Hai"},
		} {
			around, err := s.AroundNews(ctx, c.viewer, c.of, 1)
			newer, older := around.Newer, around.Older
			if err != nil || newer.Title != c.newer || older.Title != c.older || (newer.ID == 0) != (c.newer == "") {
				t.Errorf("%q: got %q and %q, error %v, want %q and %q", c.of.Title, newer.Title, older.Title, err, c.newer, c.older)
			}
		}
	})
}
