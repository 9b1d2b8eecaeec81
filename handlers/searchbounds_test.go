package handlers_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"congso/store"
	"congso/store/model"
	"congso/store/storetest"
)

// eachSearching is eachPortal with the bounds of search in force.
func eachSearching(t *testing.T, bounds store.SearchBounds, run func(t *testing.T, p *portal)) {
	t.Helper()
	seeded.Each(t, func(t *testing.T, o store.Options, known fixture) {
		o.Search = bounds
		run(t, newPortal(t, o, func(testing.TB, *store.Store, *storetest.Clock) fixture { return known }))
	})
}

// TestMeetingsSayHowFarTheyLooked: what is asked of the latest meetings alone says so, with the date of the last that its reader may know.
func TestMeetingsSayHowFarTheyLooked(t *testing.T) {
	const (
		all  = "Chỉ tìm trong những hội nghị, cuộc họp gần nhất, từ ngày %s trở lại đây. Muốn tìm cũ hơn, xin chọn năm."
		year = "Năm này có rất nhiều hội nghị, cuộc họp: chỉ tìm trong những buổi từ ngày %s trở đi."
		en   = "Only the latest meetings were searched, those since %s. To look further back, please choose a year."
	)
	eachSearching(t, store.SearchBounds{Meetings: 4}, func(t *testing.T, p *portal) {
		for _, days := range []int{-3, -2} {
			storetest.Meeting(t, p.store, fmt.Sprint("Họp cách đây ", -days), func(m *model.Meeting) { m.Start = p.store.Now().AddDate(0, 0, days) })
		}
		// Outsiders' list: one in 8 days, one that has expired, one that is not out yet, those of 2 and 3 and 10 days ago, and one of 2025.
		for _, c := range []struct{ target, note, found string }{
			{"/hoi-nghi", "", "Giao ban"},
			{"/hoi-nghi?q=giao+ban", fmt.Sprintf(all, "13/06/2026"), ""},
			{"/hoi-nghi?chu-tri=%C3%A2n", fmt.Sprintf(all, "13/06/2026"), ""},
			{"/en/hoi-nghi?q=giao+ban", fmt.Sprintf(en, "13 June 2026"), ""},
			{"/hoi-nghi?q=giao+ban&nam=2025", "", "Giao ban"},
			{"/hoi-nghi?q=h%E1%BB%8Dp&nam=2026", fmt.Sprintf(year, "13/06/2026"), "Họp cách đây 2"},
			{"/hoi-nghi?q=k%C3%BD+k%E1%BA%BFt&nam=2026", fmt.Sprintf(year, "13/06/2026"), ""},
			{"/hoi-nghi?q=k%C3%BD+k%E1%BA%BFt&nam=2026&loai=l%E1%BB%85+k%C3%BD+k%E1%BA%BFt", "", "Lễ ký kết"},
		} {
			page := p.page(t, c.target)
			main := between(t, page, "<main", "</main>")
			if c.note != "" {
				contains(t, c.target, main, c.note)
			}
			if got := strings.Count(main, `class="note"`); got != min(len(c.note), 1) {
				t.Errorf("%s: %d notes, want %q", c.target, got, c.note)
			}
			switch got := strings.Count(main, `class="row meeting"`); {
			case c.found == "" && got > 0:
				t.Errorf("%s: %d meetings, want none", c.target, got)
			case c.found != "":
				contains(t, c.target, main, c.found)
			}
		}
		for range 3 {
			p.clock.Add(-time.Hour) // before those of an hour ago came out: nothing in reach may be known
		}
		contains(t, "before they are out", p.page(t, "/hoi-nghi?q=giao+ban"), fmt.Sprintf(all, "15/06/2026"))
	})
}

// manyNews stores items with those titles, the oldest first, a minute apart.
func (p *portal) manyNews(t *testing.T, titles ...string) {
	t.Helper()
	section, err := p.store.SectionBySlug(t.Context(), "thong-bao")
	must(t, err)
	list := make([]*model.News, len(titles))
	for i, title := range titles {
		at := p.store.Now().Add(time.Duration(i-len(titles)) * time.Minute)
		list[i] = &model.News{Title: "Tin", Section: section, Summary: title, Lifecycle: model.Lifecycle{Status: model.StatusPublished, Visibility: model.Public, PublishAt: at}}
	}
	must(t, p.store.PutManyNews(t.Context(), storetest.Actor(), list))
}

// searchStatus is what the search page says of how much it found.
func (p *portal) searchStatus(t *testing.T, target string) (status, main string) {
	t.Helper()
	main = between(t, p.page(t, target), "<main", "</main>")
	return strings.Join(strings.Fields(between(t, main, `role="status">`, "</p>")), " "), main
}

// TestSearchSaysMoreThanThousand: beyond a thousand results readers are told that there are more, and paging ends at the thousandth.
func TestSearchSaysMoreThanThousand(t *testing.T) {
	eachPortal(t, func(t *testing.T, p *portal) {
		titles := make([]string, 1001)
		for i := range titles {
			titles[i] = fmt.Sprint("bờ biển quexa ", i)
		}
		p.manyNews(t, titles[:1000]...)
		if got, _ := p.searchStatus(t, "/tim-kiem?q=quexa"); got != "1.000 kết quả" {
			t.Errorf("of 1,000 results: %q", got)
		}
		p.manyNews(t, titles[1000])
		for lang, more := range map[string]string{"": "Hơn 1.000 kết quả, xin thêm từ để thu hẹp.", "/en": "More than 1,000 results; add words to narrow the search."} {
			target := lang + "/tim-kiem?q=quexa"
			if got, _ := p.searchStatus(t, target); got != more {
				t.Errorf("of 1,001 results: %q, want %q", got, more)
			}
			got, main := p.searchStatus(t, target+"&trang=100")
			if hits := strings.Count(main, "<h2>"); got != more || hits != 10 || strings.Contains(main, `rel="next"`) || !strings.Contains(main, `rel="prev"`) {
				t.Errorf("last page: %q, %d hits, pager %s", got, hits, main)
			}
			if a := p.get(target + "&trang=101"); a.status != 404 {
				t.Errorf("page 101: status %d, want 404", a.status)
			}
		}
	})
}

// TestSearchSaysThatItWasCut: where only the newest records were looked at, the page says so beside what it found there, and counts no more.
func TestSearchSaysThatItWasCut(t *testing.T) {
	const (
		vi = "Các từ này rất hay gặp nên chỉ tìm được trong những mục mới nhất. Xin thêm một từ ít gặp hơn, hoặc chọn chuyên mục."
		en = "These words are very common, so only the newest records were searched. Please add a rarer word, or choose a section."
	)
	eachSearching(t, store.SearchBounds{BlockItems: 20, Least: 70, Common: 4}, func(t *testing.T, p *portal) {
		titles := make([]string, 120)
		for i := range titles {
			titles[i] = []string{"ngọn quexa", "cột quexb"}[i%2]
		}
		p.manyNews(t, titles...)
		for _, newest := range []int{0, 1, 12} { // so many have both words
			for range newest {
				p.manyNews(t, "ngọn quexb quexa")
			}
			for lang, want := range map[string]string{"": vi, "/en": en} {
				if newest > 0 {
					want = map[string]string{"": "Ít nhất %d kết quả. ", "/en": "At least %d results. "}[lang] + want
					want = fmt.Sprintf(want, []int{1, 13}[newest/12])
				}
				target := lang + "/tim-kiem?q=quexa+quexb"
				got, main := p.searchStatus(t, target)
				if hits := strings.Count(main, "<h2>"); got != want || hits != min(newest+newest/12, 10) || strings.Contains(main, "search.tips") {
					t.Errorf("%s with %d of both words: %q and %d hits, want %q", target, newest, got, hits, want)
				}
				for page, status := range map[int]int{2: []int{404, 200}[newest/12], 3: 404} {
					if a := p.get(fmt.Sprint(target, "&trang=", page)); a.status != status {
						t.Errorf("%s, page %d: status %d, want %d", target, page, a.status, status)
					}
				}
			}
			if got, _ := p.searchStatus(t, "/tim-kiem?q=quexa"); !strings.HasSuffix(got, " kết quả") || strings.Contains(got, "hay gặp") {
				t.Errorf("a single word was cut: %q", got)
			}
		}
	})
}
