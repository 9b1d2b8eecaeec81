package ui

import (
	"strconv"

	"congso/store/model"
	"congso/views/i18n"
)

// Chart is a bar chart of views, in the units of its own coordinates.
type Chart struct {
	Left, Width, Height int
	Span                Span
	Bars                []Bar
	Lines               []GridLine
	Sum, Max            int64
}

// Span is how much time a bar stands for.
type Span int

// The spans of bars.
const (
	ByDay Span = iota
	ByWeek
	ByMonth
)

// Most bars of a chart by day and by week.
const (
	maxDayBars  = 120
	maxWeekBars = 120
)

// Bar is one day, week or month of a chart. Day is its first day.
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

// NewChart draws days, oldest first and none left out: a bar for each, or for each week or month where there are too many.
func NewChart(days []model.DayHits) Chart {
	const maxBarWidth, left, top, bottom = 48, 56, 12, 236
	c := Chart{Left: left, Span: spanOf(len(days)), Height: bottom + 22}
	for _, d := range days {
		c.Sum += d.Views
		if last := len(c.Bars) - 1; last >= 0 && c.Span != ByDay && c.Span.start(c.Bars[last].Day) == c.Span.start(d.Day) {
			c.Bars[last].Views += d.Views
			continue
		}
		c.Bars = append(c.Bars, Bar{Day: d.Day, Views: d.Views})
	}
	for _, b := range c.Bars {
		c.Max = max(c.Max, b.Views)
	}
	step := max(10, 900/max(len(c.Bars), 1)) // few bars stand wider apart, so that the letters stay small
	c.Width = left + step*len(c.Bars)
	scale := niceCeiling(c.Max)
	for i := range c.Bars {
		b := &c.Bars[i]
		b.Height = int(b.Views * (bottom - top) / scale)
		b.X, b.Y, b.Width = left+1+i*step, bottom-b.Height, min(step*4/5, maxBarWidth)
	}
	for i := int64(0); i <= 4; i++ {
		c.Lines = append(c.Lines, GridLine{Y: bottom - int(i*(bottom-top)/4), Value: scale * i / 4})
	}
	return c
}

func spanOf(days int) Span {
	switch {
	case days <= maxDayBars:
		return ByDay
	case days <= 7*maxWeekBars:
		return ByWeek
	}
	return ByMonth
}

// start is the first day of the span that d lies in: weeks begin on Mondays.
func (s Span) start(d model.Day) model.Day {
	t := d.Time()
	switch s {
	case ByWeek:
		return model.DayOf(t.AddDate(0, 0, -(int(t.Weekday())+6)%7))
	case ByMonth:
		return model.DayOf(t.AddDate(0, 0, 1-t.Day()))
	}
	return d
}

// name is what the bar stands for, in lang.
func (c Chart) name(lang string, b Bar) string {
	day := b.Day.Short()
	if lang == i18n.EN {
		day = model.EnglishDate(b.Day.Time())
	}
	switch c.Span {
	case ByWeek:
		return i18n.T(lang, "chart.week", day)
	case ByMonth:
		return i18n.T(lang, "chart.month", b.Day.Short()[3:])
	}
	return day
}

// mark is the short date below the bar.
func (c Chart) mark(b Bar) string {
	if c.Span == ByMonth {
		return b.Day.Short()[3:]
	}
	return b.Day.Short()[:5]
}

// group is n with its thousands as lang has them.
func group(lang string, n int64) string {
	if lang == i18n.EN {
		return model.GroupEnglish(n)
	}
	return model.Group(n)
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
