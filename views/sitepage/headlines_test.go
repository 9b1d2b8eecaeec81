package sitepage_test

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"congso/store/model"
	"congso/views/layout"
	"congso/views/sitepage"
)

// TestHeadlinesAreThePagesOwn: whatever pages of one frame show below their items, each shows its own: no title, address, date or way of the
// reader of another.
func TestHeadlinesAreThePagesOwn(t *testing.T) {
	at := time.Date(2026, time.June, 15, 9, 0, 0, 0, model.Zone())
	links := func(change func(list []model.NewsLink)) []model.NewsLink {
		list := []model.NewsLink{{ID: 1, Slug: "mot", Title: "Một", PublishAt: at}, {ID: 2, Slug: "hai", Title: "Hai", PublishAt: at}}
		change(list)
		return list
	}
	shown := []sitepage.NewsData{}
	for _, from := range []string{"?tu=tin-tuc", "?tu=tin-tuc&trang=2"} {
		for _, list := range [][]model.NewsLink{
			links(func([]model.NewsLink) {}),
			links(func(l []model.NewsLink) { l[1].Title = "Ba" }),
			links(func(l []model.NewsLink) { l[1].Slug = "ba" }),
			links(func(l []model.NewsLink) { l[0].PublishAt = at.AddDate(0, 0, -1) }),
			links(func(l []model.NewsLink) { l[0], l[1] = l[1], l[0] }),
			links(func([]model.NewsLink) {})[:1],
		} {
			shown = append(shown, sitepage.NewsData{From: from, Around: model.AroundNews{Others: list}})
		}
	}
	for _, lang := range []string{"vi", "en"} {
		kept := layout.Page{Frame: &layout.Frame{Parts: &layout.Parts{}}, Lang: lang, Path: "/tin-tuc/tin"}
		alone := kept
		alone.Frame = &layout.Frame{}
		for range 2 {
			for i, d := range shown {
				if diff := cmp.Diff(newsMarkup(t, alone, d), newsMarkup(t, kept, d)); diff != "" {
					t.Errorf("%s, page %d: %s", lang, i, diff)
				}
			}
		}
	}
}

func newsMarkup(t *testing.T, p layout.Page, d sitepage.NewsData) string {
	t.Helper()
	var b strings.Builder
	if err := sitepage.News(p, d).Render(t.Context(), &b); err != nil {
		t.Fatal(err)
	}
	return b.String()
}
