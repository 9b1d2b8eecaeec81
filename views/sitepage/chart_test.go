package sitepage_test

import (
	"testing"

	"congso/store/model"
	"congso/views/sitepage"
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
		chart := sitepage.NewChart(days(0, c.most))
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
	chart := sitepage.NewChart(days(0, 2, 4, 1))
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
	empty := sitepage.NewChart(nil)
	if len(empty.Bars) != 0 || len(empty.Labelled()) != 0 || len(empty.Lines) != 5 || empty.ViewBox() != "0 0 56 258" || empty.Sum != 0 {
		t.Errorf("empty chart: %+v", empty)
	}
	for n, want := range map[int]int{1: 1, 3: 1, 5: 1, 8: 4, 90: 8} {
		chart := sitepage.NewChart(make([]model.DayHits, n))
		if got := len(chart.Labelled()); got != want {
			t.Errorf("%d days: %d labels, want %d", n, got, want)
		}
	}
}
