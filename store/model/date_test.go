package model

import (
	"testing"
	"time"
)

func TestDayTable(t *testing.T) {
	for _, row := range tableRows(t, "dates.tsv") {
		iso, short, full := row[0], row[1], row[2]
		for _, typed := range []string{iso, short} {
			if day, err := ParseDay(typed); err != nil || day != Day(iso) {
				t.Errorf("ParseDay(%q) = %q, %v", typed, day, err)
			}
		}
		if got := Day(iso).Short(); got != short {
			t.Errorf("Day(%q).Short() = %q, want %q", iso, got, short)
		}
		if got := Day(iso).Full(); got != full {
			t.Errorf("Day(%q).Full() = %q, want %q", iso, got, full)
		}
		last := Day(iso).Time().Add(24*time.Hour - time.Second)
		if ShortDate(last) != short || FullDate(last) != full {
			t.Errorf("%v is shown as %q and %q", last, ShortDate(last), FullDate(last))
		}
	}
}

func TestParseDay(t *testing.T) {
	for _, c := range []struct {
		in   string
		want Day
		ok   bool
	}{
		{"", "", true},
		{"  ", "", true},
		{"5/7/2023", "2023-07-05", true},
		{" 05/7/2023 ", "2023-07-05", true},
		{"29/02/2024", "2024-02-29", true},
		{"29/02/2023", "", false},
		{"31/4/2023", "", false},
		{"2023-13-01", "", false},
		{"12/31/2023", "", false},
		{"0/1/2023", "", false},
		{"5/7/23", "", false},
		{"05/07/0023", "", false},
		{"2023-7-5", "", false},
		{"2023-07-05T00:00", "", false},
		{"hôm nay", "", false},
	} {
		got, err := ParseDay(c.in)
		if got != c.want || (err == nil) != c.ok {
			t.Errorf("ParseDay(%q) = %q, %v", c.in, got, err)
		}
	}
}

func TestDayOf(t *testing.T) {
	for _, c := range []struct {
		at   time.Time
		want Day
	}{
		{time.Time{}, ""},
		{time.Date(2023, 7, 4, 16, 59, 59, 0, time.UTC), "2023-07-04"},
		{time.Date(2023, 7, 4, 17, 0, 0, 0, time.UTC), "2023-07-05"},
		{time.Unix(0, 0), "1970-01-01"},
	} {
		if got := DayOf(c.at); got != c.want {
			t.Errorf("DayOf(%v) = %q, want %q", c.at, got, c.want)
		}
	}
}

// Vietnam changed its offset several times in the 20th century; a day must survive each change.
func TestDayRoundTrip(t *testing.T) {
	for at := time.Date(1900, 1, 1, 0, 0, 0, 0, time.UTC); at.Year() < 2101; at = at.AddDate(0, 0, 1) {
		day := Day(at.Format(time.DateOnly))
		if got := DayOf(day.Time()); got != day {
			t.Errorf("DayOf(%q.Time()) = %q", day, got)
		}
		if got, err := ParseDay(day.Short()); err != nil || got != day {
			t.Errorf("ParseDay(%q) = %q, %v", day.Short(), got, err)
		}
	}
}

func TestUnknownDay(t *testing.T) {
	for _, day := range []Day{"", "2023-02-30", "x"} {
		if !day.Time().IsZero() || day.Short() != "" || day.Full() != "" {
			t.Errorf("Day(%q) is shown as %v, %q, %q", day, day.Time(), day.Short(), day.Full())
		}
	}
	var zero time.Time
	if got := ShortDate(zero) + FullDate(zero) + DateTime(zero) + EnglishDate(zero); got != "" {
		t.Errorf("the zero time is shown as %q", got)
	}
}

func TestDateTimeAndEnglish(t *testing.T) {
	for _, c := range []struct {
		at                time.Time
		datetime, english string
	}{
		{time.Date(2023, 7, 5, 7, 5, 0, 0, time.UTC), "14:05 ngày 05/07/2023", "5 July 2023"},
		{time.Date(2023, 12, 31, 17, 0, 0, 0, time.UTC), "00:00 ngày 01/01/2024", "1 January 2024"},
	} {
		if got := DateTime(c.at); got != c.datetime {
			t.Errorf("DateTime(%v) = %q, want %q", c.at, got, c.datetime)
		}
		if got := EnglishDate(c.at); got != c.english {
			t.Errorf("EnglishDate(%v) = %q, want %q", c.at, got, c.english)
		}
	}
}

func TestZone(t *testing.T) {
	if got := Zone().String(); got != "Asia/Ho_Chi_Minh" {
		t.Errorf("Zone() is %s", got)
	}
	if _, offset := time.Date(2026, 7, 1, 0, 0, 0, 0, Zone()).Zone(); offset != 7*60*60 {
		t.Errorf("the offset is %d s", offset)
	}
}
