package main

import (
	"context"
	"errors"
	"time"

	"congso/store/model"
)

// programName is this program's version and commit, as the records remember who served them.
func programName() string {
	b := thisBuild()
	if b.Commit == "" {
		return b.Version
	}
	return b.Version + " (" + b.Commit[:min(len(b.Commit), 12)] + ")"
}

// checkEvery is how often the whole database is looked at while the portal runs.
const checkEvery = 24 * time.Hour

// checkRecords writes down that this program serves the records, and looks at every page of the database, at the start and once a day. What
// is damaged is told in the log and served no more.
func (p *portal) checkRecords(ctx context.Context) {
	if err := p.store.NoteProgram(ctx, programName()); err != nil && ctx.Err() == nil {
		p.log.Error("program not noted", "error", err)
	}
	ticker := time.NewTicker(checkEvery)
	defer ticker.Stop()
	for {
		if err := p.store.CheckPages(ctx); err != nil && !errors.Is(err, model.ErrDamaged) && ctx.Err() == nil { // damage is logged already
			p.log.Error("the database could not be checked", "error", err)
		}
		select {
		case <-ticker.C:
		case <-ctx.Done():
			return
		}
	}
}
