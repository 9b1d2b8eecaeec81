package main

import (
	"testing"
	"time"

	"congso/store/model"
)

func TestBackupDue(t *testing.T) {
	clock := func(text string) time.Time {
		at, err := time.ParseInLocation("02 15:04", text, model.Zone())
		if err != nil {
			t.Fatal(err)
		}
		return at.AddDate(2026, 5, 0)
	}
	plan := backups{at: []time.Duration{22 * time.Hour, 2*time.Hour + 30*time.Minute}}
	if got := plan.longest(); got != 19*time.Hour+30*time.Minute {
		t.Errorf("longest %v", got)
	}
	if one := (backups{at: []time.Duration{time.Hour}}); one.longest() != day || (backups{}).longest() != 0 {
		t.Errorf("of one time of day: %v", one.longest())
	}
	for _, c := range []struct {
		name      string
		now       string
		at, tried string // "" for never
		failed    bool
		want      bool
	}{
		{"never made", "10 03:00", "", "", false, true},
		{"just made", "10 02:31", "10 02:30", "10 02:30", false, false},
		{"between two", "10 21:59", "10 02:30", "10 02:30", false, false},
		{"time has come", "10 22:00", "10 02:30", "10 02:30", false, true},
		{"after midnight, the evening's is there", "11 01:00", "10 22:00", "10 22:00", false, false},
		{"after midnight, the evening's is not", "11 01:00", "10 02:30", "10 02:30", false, true},
		{"the machine was off for days", "20 12:00", "10 02:30", "10 02:30", false, true},
		{"failed just now", "10 02:40", "09 22:00", "10 02:31", true, false},
		{"failed an hour ago", "10 03:31", "09 22:00", "10 02:31", true, true},
		{"failed before the last time", "10 22:00", "09 22:00", "10 21:30", true, true},
		{"another copy whose clock is ahead has just made it", "10 02:29", "10 02:30", "10 02:30", false, false},
		{"and has it still", "10 02:30", "10 02:30", "10 02:30", false, false},
		{"the clock was set back a day", "09 12:00", "10 02:30", "10 02:30", false, true},
	} {
		state := model.BackupState{}
		if c.at != "" {
			state.At = clock(c.at)
		}
		if c.tried != "" {
			state.Tried = clock(c.tried)
		}
		if c.failed {
			state.Error = "x"
		}
		if now := clock(c.now); !plan.due(state, now).After(now) != c.want {
			t.Errorf("%s: due %v", c.name, !c.want)
		}
	}
}
