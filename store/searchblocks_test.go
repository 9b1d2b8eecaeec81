package store_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"congso/store"
	"congso/store/model"
	"congso/store/storetest"
)

// randomArticles are articles of few words, so that each word is in many, on few days in no order.
func randomArticles(seed uint64, count int) []model.Article {
	random := rand.New(rand.NewPCG(seed, 7))
	words := strings.Fields("đường dương đương duong bộ bổ hộ khẩu nâng cấp một cửa sở 3.600 hiếm" + fmt.Sprint(seed))
	text := func(n int) string {
		var b strings.Builder
		for range random.IntN(n + 1) {
			b.WriteString(words[min(random.IntN(len(words)), random.IntN(len(words)))] + " ")
		}
		return b.String()
	}
	list := make([]model.Article, count)
	for i := range list {
		list[i] = article(fmt.Sprintf("bai-%03d", i), "Bài "+text(2), text(3), text(8), model.DayOf(noon().AddDate(0, 0, -random.IntN(50))))
	}
	return list
}

// everyPage are the hits of all pages of a query, as they come.
func everyPage(t *testing.T, s *store.Store, text string, size int) (all []string) {
	t.Helper()
	for page := 1; ; page++ {
		result, err := s.Search(context.Background(), model.Viewer{}, model.SearchQuery{Text: text, Page: page}, size)
		if err != nil {
			t.Fatal(err)
		}
		for _, hit := range result.Hits {
			all = append(all, hit.Ref)
		}
		if len(result.Hits) < size {
			if len(all) != result.Total || result.More || result.Cut {
				t.Errorf("%q: %d hits on all pages, but %d in all, more %v, cut %v", text, len(all), result.Total, result.More, result.Cut)
			}
			return all
		}
	}
}

// TestSearchBlocksChangeNothing compares an index of many small blocks, whose records come, change and go in any order, with one that is made
// anew in a single block: every page of every query must be the same.
func TestSearchBlocksChangeNothing(t *testing.T) {
	queries := []string{"đường", "duong", "dương bộ", "hộ khẩu", `"nâng cấp"`, `"một cửa" sở`, `"nang cap" hộ`, "3600", "hiếm3", "hiem1", "bài", "bai duong bo", `"sở một"`}
	each(t, func(t *testing.T, s *store.Store, _ *storetest.Clock) {
		s.SearchIn(7, 10_000, 1)
		var list []model.Article
		for round := range uint64(4) {
			list = randomArticles(round, 60+20*int(round%3))
			if round%2 == 1 { // some stay as they were, some go
				list = append(list[:40:40], randomArticles(round-1, 60)[45:]...)
			}
			index(t, s, list...)
			var blocked [][]string
			for _, text := range queries {
				blocked = append(blocked, everyPage(t, s, text, 3))
			}
			index(t, s)
			s.SearchIn(10_000, 10_000, 1)
			index(t, s, list...)
			found := 0
			for i, text := range queries {
				whole := everyPage(t, s, text, 3)
				found += len(whole)
				if !slices.Equal(blocked[i], whole) {
					t.Errorf("round %d, %q:\n got %v\nwant %v", round, text, blocked[i], whole)
				}
			}
			if found < 200 {
				t.Errorf("round %d: only %d hits to compare", round, found)
			}
			index(t, s)
			s.SearchIn(7, 10_000, 1)
			index(t, s, list...)
		}
	})
}

// TestSearchIsCut: words that are common each and never together are looked for in the newest blocks alone, a rare word beside them and a
// title in all of them.
func TestSearchIsCut(t *testing.T) {
	each(t, func(t *testing.T, s *store.Store, _ *storetest.Clock) {
		s.SearchIn(10, 20, 4)
		var list []model.Article
		for i := range 60 { // the oldest first
			text := []string{"con đường dài", "cây cầu mới"}[i%2]
			title := "Bài"
			switch i {
			case 1:
				title = "Đường cầu"
			case 2:
				text = "con đường qua cầu"
			case 3:
				text = "đường qua cầu hiếm"
			case 57:
				text = "con dương bên cầu"
			}
			list = append(list, article(fmt.Sprintf("bai-%02d", i), title, "", text, model.DayOf(noon().AddDate(0, 0, i))))
		}
		for _, a := range list { // one after the other, as they are published
			list := list[:slices.IndexFunc(list, func(b model.Article) bool { return a.Path == b.Path })+1]
			index(t, s, list...)
		}
		for text, want := range map[string]struct {
			refs string
			cut  bool
		}{
			"đường cầu":      {"bai-01 bai-57", true}, // the old title is not lost behind a newer text; the text of 2 and 3 is too old
			`"cầu đường"`:    {"", true},
			"đường cầu hiếm": {"bai-03", false},
			"hiếm":           {"bai-03", false},
			"dài":            {strings.Join(every(list, "dài"), " "), false},
		} {
			result, err := s.Search(context.Background(), model.Viewer{}, model.SearchQuery{Text: text}, 100)
			var got []string
			for _, hit := range result.Hits {
				got = append(got, hit.Ref)
			}
			if err != nil || strings.Join(got, " ") != want.refs || result.Cut != want.cut || result.More != want.cut || result.Total != len(got) {
				t.Errorf("%q: got %v of %d, cut %v, more %v, %v, want %s, cut %v", text, got, result.Total, result.Cut, result.More, err, want.refs, want.cut)
			}
		}
	})
}

// every are the articles with that word, newest first.
func every(list []model.Article, word string) (refs []string) {
	for _, a := range slices.Backward(list) {
		if strings.Contains(a.Text, word) {
			refs = append(refs, a.Path)
		}
	}
	return refs
}

// TestSearchFindsNewestBesideAhead: old records of which one had a date to come when it was indexed are not searched before the newest ones.
func TestSearchFindsNewestBesideAhead(t *testing.T) {
	each(t, func(t *testing.T, s *store.Store, _ *storetest.Clock) {
		s.SearchIn(10, 5, 4)
		var list []model.Article
		for i := range 60 { // the oldest first
			days := i - 100
			if i == 3 {
				days = 30
			}
			list = append(list, article(fmt.Sprintf("bai-%02d", i), "Bài", "", []string{"con đường dài", "cây cầu mới"}[i%2], model.DayOf(noon().AddDate(0, 0, days))))
		}
		list = append(list, article("moi", "Bài", "", "con đường qua cầu", model.DayOf(noon().AddDate(0, 0, -1))))
		for i := range list { // one after the other, as they are published
			index(t, s, list[:i+1]...)
		}
		result, err := s.Search(context.Background(), model.Viewer{}, model.SearchQuery{Text: "đường cầu"}, 100)
		if err != nil || len(result.Hits) != 1 || result.Hits[0].Ref != "moi" || !result.Cut {
			t.Errorf("got %+v, %v, want the newest, cut", result, err)
		}
	})
}

// TestPhraseIsCutOnPostgreSQL: PostgreSQL looks for a phrase in the newest records with its words, and finds older ones by their titles.
func TestPhraseIsCutOnPostgreSQL(t *testing.T) {
	s := storetest.Open(t, store.Options{Dir: t.TempDir(), Database: storetest.Postgres(t), Search: store.SearchBounds{Phrases: 3}})
	var list []model.Article
	for i := range 8 { // the oldest first
		title, text := "Bài", "cầu qua đường"
		switch i {
		case 0:
			title = "Đường cầu"
		case 1, 6:
			text = "con đường cầu"
		}
		list = append(list, article(fmt.Sprint("bai-", i), title, "", text, model.DayOf(noon().AddDate(0, 0, i))))
	}
	index(t, s, list...)
	for text, want := range map[string]string{
		`"đường cầu"`: "bai-0 bai-6 cut", `"cầu qua"`: "bai-7 bai-5 bai-4 cut", `"con đường"`: "bai-6 bai-1", "đường": "bai-0 bai-7 bai-6 bai-5 bai-4 bai-3 bai-2 bai-1",
	} {
		result, err := s.Search(t.Context(), model.Viewer{}, model.SearchQuery{Text: text}, 100)
		var got []string
		for _, hit := range result.Hits {
			got = append(got, hit.Ref)
		}
		if result.Cut {
			got = append(got, "cut")
		}
		if err != nil || strings.Join(got, " ") != want {
			t.Errorf("%s: got %v, %v, want %s", text, got, err, want)
		}
	}
}
