package store

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"congso/store/model"
)

// Times of the flusher.
const (
	flushEvery = time.Second
	lastFlush  = 5 * time.Second // how long the flush at the end may take
	keepLate   = time.Hour       // visitors of a day are kept so long after it, for what comes late
)

// HitBuffer counts views in memory and moves them into the database. It is safe for concurrent use.
type HitBuffer struct {
	store    *Store
	flushing sync.Mutex // held by the one flush under way
	failing  bool       // Run's last flush failed

	salting   sync.Mutex
	salts     hitSalts
	saltAgain time.Time // not before it are salts asked for again

	mu      sync.Mutex
	pending *hitBatch  // not yet on its way
	figures hitFigures // as of the last flush
}

// NewHitBuffer returns a buffer whose figures are all zero until its first flush.
func NewHitBuffer(s *Store) *HitBuffer {
	return &HitBuffer{store: s, pending: newHitBatch()}
}

// Add counts one view of a page. It never waits for the database.
func (b *HitBuffer) Add(visitor Visitor, path string, at time.Time) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.pending.add(visitor, path, at)
}

// Counters are the figures of the last flush: what is shown is on disk, so that no crash makes a figure fall. Today and Month begin anew at
// midnight in Vietnam.
func (b *HitBuffer) Counters() model.Counters {
	day := b.store.Today()
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.figures.counters(day)
}

// Flush moves what is pending into the database in one transaction, and reads the figures anew. When it fails, everything stays pending.
func (b *HitBuffer) Flush(ctx context.Context) error {
	b.flushing.Lock()
	defer b.flushing.Unlock()
	batch := b.take()
	opening := b.opening(ctx)
	figures, err := b.store.countHits(ctx, batch, b.store.Now())
	figures.opening = opening
	b.done(batch, figures, err)
	if err != nil {
		return fmt.Errorf("flush hits: %w", err)
	}
	return nil
}

// opening is the opening balance, or the last known one when it cannot be read.
func (b *HitBuffer) opening(ctx context.Context) int64 {
	site, err := b.store.Site(ctx)
	if err == nil {
		return site.Opening
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.figures.opening
}

// take puts the pending hits on their way.
func (b *HitBuffer) take() *hitBatch {
	b.mu.Lock()
	defer b.mu.Unlock()
	batch := b.pending
	b.pending = newHitBatch()
	return batch
}

// done ends the way of batch: it is in the figures now, or it is pending again.
func (b *HitBuffer) done(batch *hitBatch, figures hitFigures, failed error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if failed != nil {
		batch.merge(b.pending)
		b.pending = batch
		return
	}
	b.figures = figures
}

// Run flushes at once, each second until ctx ends, and a last time then. A failure is logged when it begins and when it is over, and tried
// again each second.
func (b *HitBuffer) Run(ctx context.Context) {
	ticker := time.NewTicker(flushEvery)
	defer ticker.Stop()
	for ctx.Err() == nil {
		b.flushLogged(ctx)
		select {
		case <-ticker.C:
		case <-ctx.Done():
		}
	}
	last, cancel := context.WithTimeout(context.WithoutCancel(ctx), lastFlush)
	defer cancel()
	b.flushLogged(last)
}

func (b *HitBuffer) flushLogged(ctx context.Context) {
	err := b.Flush(ctx)
	switch {
	case errors.Is(err, context.Canceled):
	case err != nil && !b.failing:
		b.failing = true
		b.store.log.Error("hits are not in the database yet", "error", err)
	case err == nil && b.failing:
		b.failing = false
		b.store.log.Info("hits are in the database again")
	}
}
