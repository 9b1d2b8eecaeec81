package store_test

import (
	"bytes"
	"context"
	"fmt"
	"strings"
	"testing"

	"congso/store"
	"congso/store/model"
	"congso/store/storetest"
)

const sentence = "Sở Nội vụ thông báo tuyển dụng 20 chỉ tiêu viên chức năm 2023, hồ sơ nộp trực tiếp tại đường Hùng Vương trước ngày 15 tháng 7. "

// benchArticle is an article of about 6 KB.
func benchArticle(i int) model.Article {
	title := fmt.Sprintf("Thông báo số %d về nâng cấp đường", i)
	return article(fmt.Sprint("bai-", i), title, sentence, strings.Repeat(sentence, 35)+fmt.Sprint("mã", i), model.DayOf(noon().AddDate(0, 0, -i%5000)))
}

func BenchmarkIndex(b *testing.B) {
	eachBench(b, func(b *testing.B, s *store.Store) {
		b.Run("tokens", func(b *testing.B) {
			text := benchArticle(1).Text
			b.SetBytes(int64(len(text)))
			for b.Loop() {
				model.Tokens(text)
			}
		})
		b.Run("100 documents", func(b *testing.B) {
			list := make([]model.Article, 100)
			round := 0
			b.SetBytes(int64(len(list) * len(benchArticle(1).Text)))
			for b.Loop() {
				round++
				for i := range list {
					list[i] = benchArticle(i)
					list[i].Hash = fmt.Sprint(round)
				}
				index(b, s, list...)
			}
		})
	})
}

func BenchmarkSearch(b *testing.B) {
	for _, records := range []int{1000, 10_000} {
		eachBench(b, func(b *testing.B, s *store.Store) {
			list := make([]model.Article, records)
			for i := range list {
				list[i] = benchArticle(i)
			}
			index(b, s, list...)
			benchmarkQueries(b, s, records)
		})
	}
}

func benchmarkQueries(b *testing.B, s *store.Store, records int) {
	for name, text := range map[string]string{"common title": "duong", "common body": "tuyen dung", "accented": "tuyển dụng", "rare": "ma77", "nothing": "khongco"} {
		b.Run(fmt.Sprintf("%d/%s", records, name), func(b *testing.B) {
			for b.Loop() {
				if _, err := s.Search(context.Background(), model.Viewer{}, model.SearchQuery{Text: text}, 10); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

func BenchmarkPicture(b *testing.B) {
	eachBench(b, func(b *testing.B, s *store.Store) {
		content := encoded(b, photo(4000, 3000), "jpeg")
		for b.Loop() {
			m := model.Media{Name: "a.jpg"}
			if err := s.AddPicture(context.Background(), model.Actor{}, &m, bytes.NewReader(content)); err != nil {
				b.Fatal(err)
			}
		}
	})
}

func BenchmarkPutManyNews(b *testing.B) {
	eachBench(b, func(b *testing.B, s *store.Store) {
		section := storetest.Section(b, s, "Thông báo")
		const many = 200
		for round := 0; b.Loop(); round++ {
			list := drafted(s, section, many)
			for i, n := range list {
				n.Title, n.Body = fmt.Sprint(n.Title, "/", round), strings.Repeat(sentence+"\n\n", 10)+fmt.Sprint("mã", i)
			}
			must(b, s.PutManyNews(context.Background(), storetest.Actor(), list))
		}
		b.ReportMetric(float64(many*b.N)/b.Elapsed().Seconds(), "items/s")
	})
}
