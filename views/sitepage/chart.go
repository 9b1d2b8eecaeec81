package sitepage

import (
	"strconv"

	"congso/store/model"
)

// Chart is a bar chart of views by day, in the units of its own coordinates.
type Chart struct {
	Left, Width, Height int
	Bars                []Bar
	Lines               []GridLine
	Sum, Max            int64
}

// Bar is one day of a chart.
type Bar struct {
	X, Y, Width, Height int
	Day                 model.Day
	Views               int64
}

// GridLine is a line of a chart's scale.
type GridLine struct {
	Y     int
	Value int64
}

// NewChart draws days, oldest first.
func NewChart(days []model.DayHits) Chart {
	const step, barWidth, left, top, bottom = 10, 8, 56, 12, 236
	c := Chart{Left: left, Width: left + step*len(days), Height: bottom + 22}
	for _, d := range days {
		c.Sum += d.Views
		c.Max = max(c.Max, d.Views)
	}
	scale := niceCeiling(c.Max)
	for i, d := range days {
		height := int(d.Views * (bottom - top) / scale)
		c.Bars = append(c.Bars, Bar{X: left + 1 + i*step, Y: bottom - height, Width: barWidth, Height: height, Day: d.Day, Views: d.Views})
	}
	for i := int64(0); i <= 4; i++ {
		c.Lines = append(c.Lines, GridLine{Y: bottom - int(i*(bottom-top)/4), Value: scale * i / 4})
	}
	return c
}

// ViewBox is the attribute of that name.
func (c Chart) ViewBox() string { return "0 0 " + strconv.Itoa(c.Width) + " " + strconv.Itoa(c.Height) }

// Labelled are the bars that carry a date below them: about eight.
func (c Chart) Labelled() []Bar {
	var list []Bar
	every := max(1, len(c.Bars)/8)
	for i := 0; i+4 < len(c.Bars) || i == 0 && len(c.Bars) > 0; i += every {
		list = append(list, c.Bars[i])
	}
	return list
}

// niceCeiling is the least of 4, 8, 20, 40, 80, 200, … that is not below n: its quarters are whole numbers.
func niceCeiling(n int64) int64 {
	for unit := int64(4); ; unit *= 10 {
		for _, factor := range []int64{1, 2, 5} {
			if unit*factor >= n {
				return unit * factor
			}
		}
	}
}
