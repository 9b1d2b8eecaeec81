package handlers_test

import (
	"encoding/json"
	"strings"
	"sync/atomic"
	"testing"

	"congso/store"
	"congso/store/model"
	"congso/store/storetest"
)

// TestPageShowsOneMoment: of an item that is archived between two queries of a list, the list says one thing, whether it still has it or not.
func TestPageShowsOneMoment(t *testing.T) {
	storetest.EachOptions(t, func(t *testing.T, o store.Options) {
		var left atomic.Int64 // queries until archive is called
		var archive func()
		o.Trace = func(query string) {
			if strings.HasPrefix(query, "BEGIN") || query == "ROLLBACK" || left.Load() <= 0 {
				return
			}
			if left.Add(-1) == 0 {
				archive()
			}
		}
		p := newPortal(t, o, seed)
		between := 0
		for after := int64(1); ; after++ {
			n := storetest.News(t, p.store, p.corrected.Section, "Tin thoáng qua")
			archive = func() {
				n.Status = model.StatusArchived
				must(t, p.store.PutNews(t.Context(), storetest.Actor(), &n))
			}
			left.Store(after)
			var list struct {
				Total int
				Items []struct{ Title string }
			}
			must(t, json.Unmarshal([]byte(p.get("/api/v1/news?section="+n.Section.Slug).body), &list))
			if left.Swap(0) > 0 {
				break // the list asks less often
			}
			if list.Total != len(list.Items) {
				t.Errorf("archived before query %d: the list counts %d items and shows %d", after, list.Total, len(list.Items))
			}
			between++
		}
		if between < 2 {
			t.Errorf("the list was asked for in %d queries: nothing can come between", between)
		}
	})
}
