package store_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"congso/store"
	"congso/store/model"
	"congso/store/storetest"
)

// drafted are new items of one section, each with a tag and a word of its own.
func drafted(s *store.Store, section model.Section, count int) []*model.News {
	list := make([]*model.News, count)
	for i := range list {
		list[i] = &model.News{
			Title: fmt.Sprint("Thông báo số ", i+1), Summary: "Về việc nâng cấp đường.", Body: fmt.Sprintf("Nội dung mã%d.", i), Section: section,
			Tags:      []model.Tag{{Name: "đường bộ"}, {Name: fmt.Sprint("thẻ ", i%3)}},
			Lifecycle: model.Lifecycle{Status: model.StatusPublished, Visibility: model.Public, PublishAt: s.Now().AddDate(0, 0, -i)},
		}
	}
	return list
}

// TestPutManyNews holds that what is stored at once is what PutNews stores one by one: rows, revisions, audit trail, search.
func TestPutManyNews(t *testing.T) {
	ctx := context.Background()
	each(t, func(t *testing.T, s *store.Store, _ *storetest.Clock) {
		section := storetest.Section(t, s, "Thông báo")
		before, err := s.VerifyAudit(ctx)
		must(t, err)
		list := drafted(s, section, 30)
		list[7].Title = list[6].Title // takes the next free slug
		must(t, s.PutManyNews(ctx, storetest.Actor(), list))
		if list[7].Slug != list[6].Slug+"-2" || list[7].ID <= list[6].ID || list[29].Revision != 1 {
			t.Errorf("got %q with number %d after %q with %d, revision %d", list[7].Slug, list[7].ID, list[6].Slug, list[6].ID, list[29].Revision)
		}
		for i, n := range list {
			stored, err := s.NewsByID(ctx, storetest.Outsider(), n.ID)
			must(t, err)
			if diff := cmp.Diff(stored, *n); diff != "" {
				t.Fatalf("item %d (-stored +returned):\n%s", i, diff)
			}
			if got := refs(t, s, model.SearchQuery{Text: fmt.Sprintf("mã%d", i)}); len(got) != 1 || got[0] != n.Slug {
				t.Errorf("item %d is found as %v", i, got)
			}
			history, err := s.Revisions(ctx, model.KindNews, n.ID)
			if err != nil || len(history) != 1 || history[0].Action != "create" || history[0].By.Name != storetest.Actor().Name {
				t.Errorf("item %d: revisions %+v, %v", i, history, err)
			}
		}
		after, err := s.VerifyAudit(ctx)
		if err != nil || after != before+len(list) {
			t.Errorf("%d audit entries after %d: %v", after, before, err)
		}
	})
}

// TestPutManyNewsRefused holds that an item which is refused, by its rules or by what else is stored, leaves nothing of its list.
func TestPutManyNewsRefused(t *testing.T) {
	ctx := context.Background()
	for name, c := range map[string]struct {
		spoil   func(n *model.News)
		invalid bool // else a conflict
	}{
		"no title":            {func(n *model.News) { n.Title = "" }, true},
		"no such section":     {func(n *model.News) { n.Section.ID = 999 }, true},
		"no such cover":       {func(n *model.News) { n.Cover = model.Photo{Media: model.Media{ID: 999}, Alt: "ảnh"} }, true},
		"one that is not new": {func(n *model.News) { n.ID = 1 }, false},
	} {
		t.Run(name, func(t *testing.T) {
			each(t, func(t *testing.T, s *store.Store, _ *storetest.Clock) {
				list := drafted(s, storetest.Section(t, s, "Thông báo"), 5)
				trail, err := s.VerifyAudit(ctx)
				must(t, err)
				c.spoil(list[3])
				err = s.PutManyNews(ctx, storetest.Actor(), list)
				invalid := model.Invalid{}
				if errors.As(err, &invalid) != c.invalid || errors.Is(err, model.ErrConflict) == c.invalid || !strings.Contains(err.Error(), "number 4,") {
					t.Errorf("got %v, want a rule broken %v", err, c.invalid)
				}
				_, total, err := s.NewsPage(ctx, storetest.Staff(), store.NewsFilter{}, 1, 10)
				if err != nil || total != 0 {
					t.Errorf("%d items are stored: %v", total, err)
				}
				if got := refs(t, s, model.SearchQuery{Text: "nâng cấp"}); len(got) != 0 {
					t.Errorf("search finds %v", got)
				}
				if now, err := s.VerifyAudit(ctx); err != nil || now != trail {
					t.Errorf("%d audit entries after %d: %v", now, trail, err)
				}
			})
		})
	}
}
