package store

import (
	"fmt"
	"time"

	"congso/store/model"
)

// clockSkew is how far the clocks of several copies of the program may differ. What a row says of a time further ahead than that was written
// before the clock was set back.
const clockSkew = time.Minute

// unix is the column value of t; the zero time is 0.
func unix(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return t.Unix()
}

// fromUnix is the time of a column, in Vietnam's zone; 0 is the zero time.
func fromUnix(seconds int64) time.Time {
	if seconds == 0 {
		return time.Time{}
	}
	return time.Unix(seconds, 0).In(model.Zone())
}

// moment reads a column of Unix seconds into a time.
type moment struct{ into *time.Time }

func (m moment) Scan(column any) error {
	seconds, ok := column.(int64)
	if !ok {
		return fmt.Errorf("time: %T is not a number of seconds", column)
	}
	*m.into = fromUnix(seconds)
	return nil
}

// Now is the store's clock in Vietnam's zone.
func (r *Reader) Now() time.Time { return r.now().In(model.Zone()) }

// Today is the current day in Vietnam.
func (r *Reader) Today() model.Day { return model.DayOf(r.now()) }
