package store_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"congso/store"
	"congso/store/model"
	"congso/store/storetest"
)

// TestSearchBudget ends the time of a search between two of its steps: each asks the clock once.
func TestSearchBudget(t *testing.T) {
	for name, c := range map[string]struct {
		steps int // that are done when the time is over
		refs  int
		more  bool
	}{"at once": {0, 0, false}, "before the order": {1, 2, true}, "never": {100, 2, false}} {
		t.Run(name, func(t *testing.T) {
			storetest.EachOptions(t, func(t *testing.T, o store.Options) {
				ctx, cancel := context.WithCancel(context.Background())
				steps, armed := 0, false
				o.Now = func() time.Time {
					if steps++; armed && steps > c.steps {
						cancel()
					}
					return storetest.Start()
				}
				s := storetest.Open(t, o)
				index(t, s, article("a", "Hộ khẩu", "", "", ""), article("b", "Việc khác", "", "Sổ hộ khẩu.", ""))
				steps, armed = 0, true
				result, err := s.Search(ctx, model.Viewer{}, model.SearchQuery{Text: "hộ khẩu"}, 10)
				if c.refs == 0 {
					if !errors.Is(err, model.ErrUnavailable) {
						t.Errorf("got %+v, %v, want unavailable", result, err)
					}
					return
				}
				if err != nil || len(result.Hits) != c.refs || result.Total != c.refs || result.More != c.more || result.Cut != c.more || !c.more && result.Hits[0].Ref != "a" {
					t.Errorf("got %+v, %v, want %d hits, more and cut %v", result, err, c.refs, c.more)
				}
			})
		})
	}
}

// TestArticleBecomesInternalInSearch holds that who may find an article changes with it, though its text stays.
func TestArticleBecomesInternalInSearch(t *testing.T) {
	each(t, func(t *testing.T, s *store.Store, _ *storetest.Clock) {
		a := article("a", "Bảng lương", "", "", "")
		for _, visibility := range []model.Visibility{model.Public, model.Internal, model.Public} {
			a.Visibility = visibility
			index(t, s, a)
			if found := len(refs(t, s, model.SearchQuery{Text: "lương", Lang: "vi"})) == 1; found != (visibility == model.Public) {
				t.Errorf("%s: an outsider finds it: %v", visibility, found)
			}
		}
	})
}
