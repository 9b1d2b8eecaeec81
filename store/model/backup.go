package model

import "time"

// BackupState is what is known of the backups of a portal.
type BackupState struct {
	At      time.Time     // of the last good one, zero before the first
	File    string        // its archive
	Bytes   int64         // of the archive
	Took    time.Duration // from beginning to end
	Missing int           // files that its records name and that were not there

	Tried time.Time // of the last try, good or not
	Error string    // why that failed, "" when it was good

	Every time.Duration // the longest time between two scheduled ones, 0 when none are scheduled
	Since time.Time     // of the schedule
}

// Late reports whether two scheduled backups in a row are wanting.
func (b BackupState) Late(now time.Time) bool {
	from := b.At
	if from.Before(b.Since) {
		from = b.Since
	}
	return b.Every > 0 && now.Sub(from) > 2*b.Every
}
