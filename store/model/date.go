package model

import (
	"fmt"
	"strings"
	"time"
)

// Day is a day of the calendar as "2006-01-02", without a time or a zone, or "" when it is not known. Days compare with <.
type Day string

const dayLayout = "2006-01-02"

const errDay = complaint("Ngày không hợp lệ. Hãy gõ ngày/tháng/năm, ví dụ 05/07/2023.")

// ParseDay reads a day as a form sends it (2023-07-05) or as a person types it (05/07/2023, 5/7/2023: the day first). Empty text is the
// unknown day and no error. It refuses days that do not exist and years of fewer than four digits; the error is in Vietnamese.
func ParseDay(s string) (Day, error) {
	s = strings.TrimSpace(s)
	if s == "" {
		return "", nil
	}
	for _, layout := range []string{dayLayout, "2/1/2006"} {
		if t, err := time.Parse(layout, s); err == nil && t.Year() >= 1000 {
			return Day(t.Format(dayLayout)), nil
		}
	}
	return "", errDay
}

// DayOf is the day in Vietnam at the moment t, or "" for the zero time.
func DayOf(t time.Time) Day {
	if t.IsZero() {
		return ""
	}
	return Day(t.In(Zone()).Format(dayLayout))
}

// valid reports whether d is a day of the calendar or the unknown day.
func (d Day) valid() bool {
	parsed, err := ParseDay(string(d))
	return err == nil && parsed == d
}

// checkDays adds a message for field unless all days are days or unknown.
func checkDays(v Invalid, field string, days ...Day) {
	for _, d := range days {
		v.check(d.valid(), field, errDay.Error())
	}
}

// Time is the moment at which d starts in Vietnam, or the zero time when d is not known or no day.
func (d Day) Time() time.Time {
	t, err := time.ParseInLocation(dayLayout, string(d), Zone())
	if err != nil {
		return time.Time{}
	}
	return t
}

// Short is d as lists show it, 05/07/2023, or "" when it is not known.
func (d Day) Short() string {
	t := d.Time()
	if t.IsZero() {
		return ""
	}
	return t.Format("02/01/2006")
}

// Full is d by the administrative rule, "ngày 05 tháng 7 năm 2023", or "" when it is not known: a zero stands before days under 10 and
// before months 1 and 2 only (Nghị định 30/2020/NĐ-CP, Phụ lục I, on the date of a document).
func (d Day) Full() string {
	t := d.Time()
	if t.IsZero() {
		return ""
	}
	month := "%d"
	if t.Month() <= time.February {
		month = "%02d"
	}
	return fmt.Sprintf("ngày %02d tháng "+month+" năm %d", t.Day(), t.Month(), t.Year())
}

// zone is not looked up: Windows and small containers carry no table of time zones, and Vietnam has had this one time since 13 June 1975.
var zone = time.FixedZone("Asia/Ho_Chi_Minh", 7*60*60)

// Zone is the time zone in which every time is shown and every day begins: seven hours before UTC.
func Zone() *time.Location { return zone }

// ShortDate is the day in Vietnam at t as lists show it, 05/07/2023, or "" for the zero time.
func ShortDate(t time.Time) string { return DayOf(t).Short() }

// FullDate is the day in Vietnam at t by the administrative rule (see Day.Full), or "" for the zero time.
func FullDate(t time.Time) string { return DayOf(t).Full() }

// DateTime is the time in Vietnam at t, "14:05 ngày 05/07/2023", or "" for the zero time.
func DateTime(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.In(Zone()).Format("15:04 ngày 02/01/2006")
}

// EnglishDate is the day in Vietnam at t, "5 July 2023", or "" for the zero time.
func EnglishDate(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.In(Zone()).Format("2 January 2006")
}

// Add is the day n days after d, or before it when n is negative; the unknown day stays unknown.
func (d Day) Add(n int) Day {
	t := d.Time()
	if t.IsZero() {
		return ""
	}
	return Day(t.AddDate(0, 0, n).Format(dayLayout))
}
