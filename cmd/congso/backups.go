package main

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"time"

	"congso/store"
	"congso/store/model"
)

// Times of scheduled backups.
const (
	backupLook  = 10 * time.Second // how often it is asked whether one is due; a clock may be set at any time
	backupAgain = time.Hour        // after a failed one
	backupAhead = 10 * time.Minute // by which the clock of another copy that made one may be ahead
)

// keepBackups makes a backup at each time of day that is set, until ctx ends. One whose time passed while nothing was served is made up
// for soon after the start; a failed one is tried again after an hour.
func (p *portal) keepBackups(ctx context.Context) {
	plan, err := p.config.backups()
	if err != nil {
		p.log.Error("no scheduled backups", "error", err)
		return
	}
	if err := p.noteSchedule(ctx, plan); err != nil && ctx.Err() == nil {
		p.log.Error("schedule of backups not noted", "error", err)
	}
	if len(plan.at) == 0 {
		return
	}
	if err := mayWrite(plan.dir); err != nil {
		p.log.Error("the next scheduled backup will fail: its folder cannot be written by this account; a service of systemd needs ReadWritePaths= too", "folder", plan.dir, "error", err)
	}
	ticker := time.NewTicker(backupLook)
	defer ticker.Stop()
	for ctx.Err() == nil {
		state, err := p.store.BackupState(ctx)
		if err != nil && ctx.Err() == nil {
			p.log.Error("state of backups", "error", err)
		}
		if now := time.Now(); err == nil && !plan.due(state, now).After(now) {
			p.backUpOnce(ctx, plan)
		}
		select {
		case <-ticker.C:
		case <-ctx.Done():
		}
	}
}

// backUpOnce makes a scheduled backup unless another copy of the program makes it, or has made it meanwhile.
func (p *portal) backUpOnce(ctx context.Context, plan backups) {
	_, err := p.store.Leased(ctx, "backup", func(ctx context.Context) error {
		state, err := p.store.BackupState(ctx)
		if now := time.Now(); err == nil && !plan.due(state, now).After(now) {
			p.backUp(ctx, plan, now)
		}
		return err
	})
	if err != nil && ctx.Err() == nil {
		p.log.Error("backup not begun", "error", err)
	}
}

// mayWrite tries whether a file can be made in the folder of backups, which is made if it is not there.
func mayWrite(folder string) error {
	if err := os.Mkdir(folder, 0o700); err != nil && !errors.Is(err, os.ErrExist) {
		return err
	}
	file, err := os.CreateTemp(folder, ".congso-*")
	if err != nil {
		return err
	}
	return errors.Join(file.Close(), os.Remove(file.Name()))
}

// backUp makes one scheduled backup, and removes old ones once it is there.
func (p *portal) backUp(ctx context.Context, plan backups, now time.Time) {
	file := filepath.Join(plan.dir, store.BackupName(now))
	m, state, err := makeBackup(ctx, p.store, store.BackupOptions{File: file, Content: p.config.Content, Gentle: true})
	if ctx.Err() != nil {
		return // the portal stops: it is made up for after the next start
	}
	if err != nil {
		p.log.Error("backup failed", "file", file, "error", err)
		return
	}
	p.log.Info("backup", "file", file, "bytes", state.Bytes, "ms", state.Took.Milliseconds(), "missing", len(m.Missing), "audit_entry", m.AuditEntry, "audit_hash", m.AuditHash)
	removed, err := store.PruneBackups(plan.dir, plan.keep)
	if err != nil {
		p.log.Error("old backups not removed", "error", err)
	}
	if len(removed) > 0 {
		p.log.Info("old backups removed", "count", len(removed))
	}
}

// noteSchedule writes down how long may pass between two backups, from which others tell that one is late. Of several copies of the program
// some may make none.
func (p *portal) noteSchedule(ctx context.Context, plan backups) error {
	every := plan.longest()
	seen, _ := p.store.Copies()
	for _, other := range seen.Others {
		every = max(every, other.Backups)
	}
	return p.store.PutBackupState(ctx, func(b *model.BackupState) {
		if b.Every != every {
			b.Every, b.Since = every, time.Now().Truncate(time.Second)
		}
	})
}

const day = 24 * time.Hour // Vietnam has no summer time

// longest is the longest time between two of the times of day, 0 when there are none.
func (b backups) longest() (longest time.Duration) {
	at := slices.Sorted(slices.Values(b.at))
	for i, t := range at {
		next := at[0] + day
		if i+1 < len(at) {
			next = at[i+1]
		}
		longest = max(longest, next-t)
	}
	return longest
}

// before is the last of the times of day that was not after now.
func (b backups) before(now time.Time) (last time.Time) {
	now = now.In(model.Zone())
	midnight := time.Date(now.Year(), now.Month(), now.Day(), 0, 0, 0, 0, now.Location())
	for _, at := range b.at {
		t := midnight.Add(at)
		if t.After(now) {
			t = t.Add(-day)
		}
		if t.After(last) {
			last = t
		}
	}
	return last
}

// due is when the next backup is to begin, now or before for one that is due.
func (b backups) due(state model.BackupState, now time.Time) time.Time {
	last, ahead := b.before(now), now.Add(backupAhead)
	switch {
	case state.At.After(ahead) || state.Tried.After(ahead): // the clock was set back: what they say is of no use
		return last
	case state.Error != "" && !state.Tried.Before(last):
		return state.Tried.Add(backupAgain)
	case state.At.Before(last):
		return last
	}
	return last.Add(day) // any time after now: the times of day are looked at again
}
