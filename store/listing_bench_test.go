package store_test

import (
	"fmt"
	"testing"

	"congso/store"
	"congso/store/model"
	"congso/store/storetest"
)

// BenchmarkPage is what a page of a list costs among so many records: the first, the second and one in the middle.
func BenchmarkPage(b *testing.B) {
	for _, records := range []int{1000, 100_000, 1_000_000} {
		s := storetest.Open(b, store.Options{Dir: b.TempDir()})
		fillLists(b, s, records)
		for _, page := range []int{1, 2, records * 6 / 10 / 15} {
			for what, read := range map[string]func(page int) error{
				"news": func(page int) error {
					_, _, err := s.NewsPage(b.Context(), model.Viewer{}, store.NewsFilter{}, page, 15)
					return err
				},
				"section": func(page int) error {
					_, _, err := s.NewsPage(b.Context(), storetest.Inside(), store.NewsFilter{Section: s.MinSection(b)}, 1+page/3, 15)
					return err
				},
				"tag": func(page int) error {
					_, _, err := s.NewsPage(b.Context(), model.Viewer{}, store.NewsFilter{Tag: "nhan"}, 1+page/8, 15)
					return err
				},
				"meetings": func(page int) error {
					_, err := s.MeetingsPage(b.Context(), model.Viewer{}, store.MeetingFilter{Kind: "loại 1"}, 1+page/2, 15)
					return err
				},
			} {
				b.Run(fmt.Sprintf("%d/%s/%d", records, what, page), func(b *testing.B) {
					for b.Loop() {
						must(b, read(page))
					}
				})
			}
		}
	}
}
