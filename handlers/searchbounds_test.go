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
