package main

import (
	"context"
	"errors"
	"time"

	"congso/store"
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

// schemaEvery is how often a copy looks whether a newer program has taken over.
const schemaEvery = 2 * time.Second

// followSchema says once that a newer program has taken the records over: from then on this copy is not ready.
func (p *portal) followSchema(ctx context.Context) {
	if p.config.Database == "" { // nobody else can open the folder
		return
	}
	for range ticks(ctx, schemaEvery) {
		if err := p.store.FollowSchema(ctx); errors.Is(err, store.ErrOutdated) {
			p.log.Error("a newer program serves the records: upgrade this copy", "error", err)
			return
		} // what else fails is told by those whose work it keeps from
	}
}
