package ui_test

import (
	"testing"

	"congso/store/model"
	"congso/views/ui"
)

func days(views ...int64) []model.DayHits {
	list := make([]model.DayHits, len(views))
	for i, v := range views {
		list[i] = model.DayHits{Day: "2026-06-15", Views: v}
	}
	return list
}

// TestChartScale holds that the scale ends at a round number not below the largest value, and that its quarters are whole.
func TestChartScale(t *testing.T) {
	for _, c := range []struct{ most, top int64 }{
		{0, 4}, {1, 4}, {4, 4}, {5, 8}, {8, 8}, {9, 20}, {20, 20}, {21, 40}, {41, 80}, {80, 80}, {81, 200}, {399, 400}, {401, 800}, {1999, 2000},
		{3_600, 4_000}, {1_000_000, 2_000_000}, {4_000_000_001, 8_000_000_000},
	} {
		chart := ui.NewChart(days(0, c.most))
		if got := chart.Lines[4].Value; got != c.top || chart.Max != c.most || chart.Sum != c.most {
			t.Errorf("most %d: the scale ends at %d, want %d", c.most, got, c.top)
		}
		for i, line := range chart.Lines {
			if line.Value != c.top*int64(i)/4 || i > 0 && line.Y >= chart.Lines[i-1].Y {
				t.Errorf("most %d: line %d is %+v", c.most, i, line)
			}
		}
	}
}

func TestChartBars(t *testing.T) {
	chart := ui.NewChart(days(0, 2, 4, 1))
	bottom, top := chart.Lines[0].Y, chart.Lines[4].Y
	for i, want := range []int{0, (bottom - top) / 2, bottom - top, (bottom - top) / 4} {
		bar := chart.Bars[i]
		if bar.Height != want || bar.Y+bar.Height != bottom {
			t.Errorf("bar %d: height %d at %d, want %d down to %d", i, bar.Height, bar.Y, want, bottom)
		}
		if bar.X < chart.Left || bar.X+bar.Width > chart.Width || i > 0 && bar.X < chart.Bars[i-1].X+chart.Bars[i-1].Width {
			t.Errorf("bar %d stands at %d, %d wide", i, bar.X, bar.Width)
		}
	}
}

func TestChartOfFewDays(t *testing.T) {
	empty := ui.NewChart(nil)
	if len(empty.Bars) != 0 || len(empty.Labelled()) != 0 || len(empty.Lines) != 5 || empty.ViewBox() != "0 0 56 258" || empty.Sum != 0 {
		t.Errorf("empty chart: %+v", empty)
	}
	for n, want := range map[int]int{1: 1, 3: 1, 5: 1, 8: 4, 90: 8} {
		chart := ui.NewChart(make([]model.DayHits, n))
		if got := len(chart.Labelled()); got != want {
			t.Errorf("%d days: %d labels, want %d", n, got, want)
		}
	}
}

// TestChartOfManyDays: weeks begin on Mondays, months on their first; no view is lost.
func TestChartOfManyDays(t *testing.T) {
	for _, c := range []struct {
		days, bars int
		second     ui.Bar // but for its place
	}{
		{120, 120, ui.Bar{Day: "2026-01-02", Views: 1}},
		{121, 18, ui.Bar{Day: "2026-01-05", Views: 7}},
		{840, 121, ui.Bar{Day: "2026-01-05", Views: 7}},
		{841, 28, ui.Bar{Day: "2026-02-01", Views: 28}},
	} {
		list := make([]model.DayHits, c.days)
		for i := range list {
			list[i] = model.DayHits{Day: model.DayOf(model.Day("2026-01-01").Time().AddDate(0, 0, i)), Views: 1}
		}
		chart := ui.NewChart(list)
		second := chart.Bars[1]
		if len(chart.Bars) != c.bars || second.Day != c.second.Day || second.Views != c.second.Views || chart.Sum != int64(c.days) {
			t.Errorf("%d days: %d bars, sum %d, the second is %+v; want %d bars, %+v", c.days, len(chart.Bars), chart.Sum, second, c.bars, c.second)
		}
	}
}
