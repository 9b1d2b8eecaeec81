package store

import (
	"context"
	"crypto/rand"
	"fmt"
	"sync"
	"time"

	"congso/store/model"
)

// Times of the flusher.
const (
	flushEvery = time.Second
	lastFlush  = 5 * time.Second     // how long the flush at the end may take
	keepFlush  = 30 * 24 * time.Hour // how long a buffer that is silent may come back with a batch that it is not sure of
	keepLate   = time.Hour           // visitors of a day are kept so long after it, for what comes late
)

// HitBuffer counts views in memory and moves them into the database. It is safe for concurrent use.
type HitBuffer struct {
	store   *Store
	name    string // under which its flushes are numbered
	failing bool   // Run's last flush failed

	flushing sync.Mutex // held by the one flush under way
	number   int64      // of the batch that is on its way, or was last
	unsure   *hitBatch  // the batch of that number, nil once it is known to be in the database

	salting   sync.Mutex
	salts     hitSalts
	saltAgain time.Time // not before it are salts asked for again

	mu      sync.Mutex
	pending *hitBatch  // not yet on its way
	figures hitFigures // as of the last flush
}

// NewHitBuffer returns a buffer whose figures are all zero until its first flush.
func NewHitBuffer(s *Store) *HitBuffer {
	return &HitBuffer{store: s, name: rand.Text(), pending: newHitBatch()}
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

// Flush moves what is pending into the database in one transaction, and reads the figures anew. When it fails, everything stays pending; a
// batch that the database may have taken without being able to say so is tried again under its number, which counts it once.
func (b *HitBuffer) Flush(ctx context.Context) error {
	b.flushing.Lock()
	defer b.flushing.Unlock()
	if b.unsure != nil {
		if err := b.send(ctx); err != nil {
			return fmt.Errorf("flush hits: %w", err)
		}
	}
	b.number++
	b.unsure = b.take()
	if err := b.send(ctx); err != nil {
		return fmt.Errorf("flush hits: %w", err)
	}
	return nil
}

// send counts the batch that is on its way.
func (b *HitBuffer) send(ctx context.Context) error {
	site, err := b.store.Site(ctx)
	if err != nil {
		return err
	}
	figures, err := b.store.countHits(ctx, numberedBatch{b.unsure, b.name, b.number}, b.store.Now())
	if err != nil {
		return err
	}
	b.unsure = nil
	figures.opening = site.Opening
	b.mu.Lock()
	defer b.mu.Unlock()
	b.figures = figures
	return nil
}

// take puts the pending hits on their way.
func (b *HitBuffer) take() *hitBatch {
	b.mu.Lock()
	defer b.mu.Unlock()
	batch := b.pending
	b.pending = newHitBatch()
	return batch
}

// Run flushes at once, each second until ctx ends, and a last time then. A failure is logged when it begins and when it is over, and tried
// again each second. The end of ctx cuts no flush short; each of its statements has a time limit of its own.
func (b *HitBuffer) Run(ctx context.Context) {
	ticker := time.NewTicker(flushEvery)
	defer ticker.Stop()
	for ctx.Err() == nil {
		b.flushLogged(context.WithoutCancel(ctx))
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
	case err != nil && !b.failing:
		b.failing = true
		b.store.log.Error("hits are not in the database yet", "error", err)
	case err == nil && b.failing:
		b.failing = false
		b.store.log.Info("hits are in the database again")
	}
}
