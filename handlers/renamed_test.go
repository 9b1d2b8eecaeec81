package handlers_test

import (
	"context"
	"testing"

	"congso/store/storetest"
)

// TestRenamedNewsKeepsItsViews holds that an item's views stay its own under each slug that it gets.
func TestRenamedNewsKeepsItsViews(t *testing.T) {
	eachPortal(t, func(t *testing.T, p *portal) {
		ctx := context.Background()
		see := func(times int, shown string) {
			t.Helper()
			for range times {
				p.page(t, "/tin-tuc/"+p.news.Slug)
			}
			must(t, p.hits.Flush(ctx))
			contains(t, p.news.Slug, p.page(t, "/tin-tuc/"+p.news.Slug), shown)
		}
		first := p.news.Slug
		see(3, "3 lượt xem")
		for i, slug := range []string{"ten-moi", "ten-moi-nua", first} {
			p.news.Slug = slug
			must(t, p.store.PutNews(ctx, storetest.Actor(), &p.news))
			see(1, []string{"5 lượt xem", "7 lượt xem", "9 lượt xem"}[i])
		}
		other := storetest.News(t, p.store, p.news.Section, "Ten moi")
		lacks(t, "another item", p.page(t, "/tin-tuc/"+other.Slug), "9 lượt xem")
	})
}
