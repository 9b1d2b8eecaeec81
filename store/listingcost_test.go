package store_test

import (
	"fmt"
	"testing"

	"congso/store"
	"congso/store/model"
	"congso/store/storetest"
)

// A page in the middle of a list, and what stands around an item in the middle of its section, look at no more of the file in ten times as
// many records: a level more in each index, where walking there would look at ten times as much. SQLite alone, which counts that.
func TestDeepPagesCostTheSame(t *testing.T) {
	few, many := deepCosts(t, 2000), deepCosts(t, 20_000)
	for what, pages := range few {
		t.Logf("%s: %d pages, %d in ten times as many records", what, pages, many[what])
		if many[what] > 2*pages {
			t.Errorf("%s looks at %d pages, and at %d in ten times as many records", what, pages, many[what])
		}
	}
}

// deepCosts are the pages of the file looked at for each of many ways to ask, with n news and n meetings, of which the middle third of
// the news is internal.
func deepCosts(t *testing.T, n int) map[string]int {
	t.Helper()
	s := storetest.Open(t, store.Options{Dir: t.TempDir(), Now: storetest.NewClock().Now})
	fillLists(t, s, n)
	s.OneReader()
	costs := map[string]int{}
	measure := func(what string, ask func() error) {
		before := s.PagesRead(t)
		must(t, ask())
		costs[what] = s.PagesRead(t) - before
	}
	for who, v := range map[string]model.Viewer{"outsider": storetest.Outsider(), "inside": storetest.Inside()} {
		for of, f := range map[string]store.NewsFilter{"all": {}, "of a section": {Section: 1}, "with a tag": {Tag: "nhan"}} {
			_, total, err := s.NewsPage(t.Context(), v, f, 1, 15)
			must(t, err)
			measure(fmt.Sprintf("%s, news %s", who, of), func() error {
				list, _, err := s.NewsPage(t.Context(), v, f, total/30, 15)
				if len(list) != 15 {
					t.Errorf("%d items on a page in the middle", len(list))
				}
				return err
			})
		}
		measure(who+", meetings", func() error {
			_, err := s.MeetingsPage(t.Context(), v, store.MeetingFilter{}, n/30, 15)
			return err
		})
	}
	statements(t, s, fmt.Sprintf(`UPDATE news SET visibility = 'internal' WHERE id BETWEEN %d AND %d`, n/3, 2*n/3))
	for who, v := range map[string]model.Viewer{"outsider": storetest.Outsider(), "inside": storetest.Inside()} {
		for at, next := range map[string]string{"just newer than the internal ones": "> (%d, %d) ORDER BY publish_at, id", "just older than these": "< (%d, %d) ORDER BY publish_at DESC, id DESC"} {
			item, err := s.NewsByID(t.Context(), v, s.ID(t, `SELECT id FROM news WHERE visibility = 'public' AND section_id = 1 AND (publish_at, id) `+
				fmt.Sprintf(next, s.ID(t, fmt.Sprintf(`SELECT publish_at FROM news WHERE id = %d`, n/2/3*3)), n/2/3*3)))
			must(t, err)
			measure(fmt.Sprintf("%s, around an item %s", who, at), func() error {
				around, err := s.AroundNews(t.Context(), v, item, 5)
				if around.Newer.ID == 0 || around.Older.ID == 0 || len(around.Others) != 5 {
					t.Errorf("around item %d: %+v", item.ID, around)
				}
				return err
			})
		}
	}
	return costs
}
