package store_test

import (
	"context"
	"errors"
	"strings"
	"testing"

	"congso/store"
	"congso/store/model"
	"congso/store/storetest"
)

// A newer renderer that shouts, and refuses one text.
func shouting(version int) model.Renderer {
	return model.Renderer{Version: version, Render: func(markdown string) (model.Rendered, error) {
		if strings.Contains(markdown, "hỏng") {
			return model.Rendered{}, errors.New("too many brackets")
		}
		text := strings.ReplaceAll(markdown, "nội dung", "chữ mới")
		return model.Rendered{HTML: "<p>" + strings.ToUpper(text) + "</p>", Text: text}, nil
	}}
}

func TestStaleRowsAreRenderedAgain(t *testing.T) {
	storetest.EachOptions(t, func(t *testing.T, o store.Options) {
		ctx := context.Background()
		old := storetest.Open(t, o)
		section := storetest.Section(t, old, "Tin")
		picture := storetest.Picture(t, old, 1)
		body := func(text string) func(*model.News) { return func(n *model.News) { n.Body = text } }
		n := storetest.News(t, old, section, "Một", body("nội dung một ![]("+picture.URL()+")"))
		broken := storetest.News(t, old, section, "Hai", body("nội dung hỏng"))
		for range 45 { // more than two batches
			storetest.News(t, old, section, "Nhiều", body("nội dung nhiều"))
		}
		storetest.News(t, old, section, "Nháp", func(n *model.News) { n.Body, n.Status = "nội dung nháp", model.StatusDraft })
		m := storetest.Meeting(t, old, "Họp", func(m *model.Meeting) { m.Summary = "nội dung họp" })

		o.Renderer = shouting(2)
		s := storetest.Open(t, o)
		count, err := s.RerenderStale(ctx)
		if count != 48 || err == nil || !strings.Contains(err.Error(), "too many brackets") {
			t.Errorf("rendered %d again, error %v, want 48 and the one that cannot be", count, err)
		}
		again, err := s.NewsByID(ctx, model.Viewer{}, n.ID)
		if err != nil || !strings.HasPrefix(again.HTML, "<p>CHỮ MỚI MỘT") || again.Revision != 1 || !again.UpdatedAt.Equal(n.UpdatedAt) {
			t.Errorf("the item is now %+v, error %v", again, err)
		}
		if kept, err := s.NewsByID(ctx, model.Viewer{}, broken.ID); err != nil || kept.HTML != broken.HTML {
			t.Errorf("the item that cannot be rendered has %q, error %v, want %q", kept.HTML, err, broken.HTML)
		}
		if meeting, err := s.MeetingBySlug(ctx, model.Viewer{}, m.Slug); err != nil || meeting.HTML != "<p>CHỮ MỚI HỌP</p>" {
			t.Errorf("the meeting has %q, error %v", meeting.HTML, err)
		}
		if _, err := s.MediaPublic(ctx, model.Viewer{}, picture.Hash); !errors.Is(err, model.ErrNotFound) {
			t.Errorf("a picture that the new HTML does not show: error %v", err)
		}
		for text, want := range map[string]int{`"chữ mới một"`: 1, `"nội dung một"`: 0, `"chữ mới nháp"`: 0, `"nội dung hỏng"`: 1, `"chữ mới họp"`: 1} {
			result, err := s.Search(ctx, model.Viewer{}, model.SearchQuery{Text: text, Lang: "vi", Page: 1}, 10)
			if err != nil || result.Total != want {
				t.Errorf("search %s: %d, error %v, want %d", text, result.Total, err, want)
			}
		}
		if count, err := s.RerenderStale(ctx); count != 0 || err == nil {
			t.Errorf("a second time: %d, error %v, want none but the one that cannot be", count, err)
		}
	})
}

func TestPutReturnsTheRenderersError(t *testing.T) {
	storetest.EachOptions(t, func(t *testing.T, o store.Options) {
		o.Renderer = shouting(1)
		s := storetest.Open(t, o)
		section := storetest.Section(t, s, "Tin")
		n := model.News{Title: "Tin", Section: section, Body: "hỏng", Lifecycle: model.Lifecycle{Status: model.StatusDraft, Visibility: model.Public}}
		if err := s.PutNews(context.Background(), storetest.Actor(), &n); err == nil || !strings.Contains(err.Error(), "too many brackets") || n.ID != 0 {
			t.Errorf("error %v, ID %d", err, n.ID)
		}
	})
}

// An editor saves while the old text is being rendered again: the editor's text stays.
func TestRenderingAgainLeavesANewerRevisionAlone(t *testing.T) {
	storetest.EachOptions(t, func(t *testing.T, o store.Options) {
		ctx := context.Background()
		old := storetest.Open(t, o)
		n := storetest.News(t, old, storetest.Section(t, old, "Tin"), "Tin", func(n *model.News) { n.Body = "cũ" })
		o.Renderer = shouting(2)
		render := o.Renderer.Render
		o.Renderer.Render = func(markdown string) (model.Rendered, error) {
			if markdown == "cũ" {
				n.Body = "mới"
				if err := old.PutNews(ctx, storetest.Actor(), &n); err != nil {
					t.Error(err)
				}
			}
			return render(markdown)
		}
		s := storetest.Open(t, o)
		if count, err := s.RerenderStale(ctx); err != nil || count != 0 {
			t.Errorf("rendered %d, error %v, want none", count, err)
		}
		if got, err := s.NewsByID(ctx, model.Viewer{}, n.ID); err != nil || got.Body != "mới" || got.HTML != "<p>mới</p>\n" {
			t.Errorf("the item has %q and %q, error %v", got.Body, got.HTML, err)
		}
	})
}
