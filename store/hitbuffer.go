package store

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"maps"
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

	salting   sync.Mutex
	salts     hitSalts
	saltAgain time.Time // not before it are salts asked for again

	mu      sync.Mutex
	pending *hitBatch        // not yet on its way
	moving  *hitBatch        // on its way into the database; empty when nothing is
	figures hitFigures       // as of the last flush
	flushes int64            // how many have succeeded
	recent  map[string]int64 // online hashes and when they were last seen here
}

// NewHitBuffer returns a buffer whose figures are all zero until its first flush.
func NewHitBuffer(s *Store) *HitBuffer {
	return &HitBuffer{store: s, pending: newHitBatch(), moving: newHitBatch(), recent: map[string]int64{}}
}

// Add counts one view of a page. It never waits for the database.
func (b *HitBuffer) Add(visitor Visitor, path string, at time.Time) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.pending.add(visitor, path, at)
	if visitor.online != "" {
		b.seeRecent(visitor, at.Unix())
	}
}

// seeRecent counts a visitor who was not online as arrived.
func (b *HitBuffer) seeRecent(visitor Visitor, now int64) {
	oldest := now - int64(onlineFor/time.Second)
	if b.recent[visitor.online] <= oldest && (visitor.onlineBefore == "" || b.recent[visitor.onlineBefore] <= oldest) {
		b.pending.arrived++
	}
	delete(b.recent, visitor.onlineBefore)
	b.recent[visitor.online] = now
}

// Counters are the figures of the last flush and what came since. Today and Month begin anew at midnight in Vietnam.
func (b *HitBuffer) Counters() model.Counters {
	day := b.store.Today()
	b.mu.Lock()
	defer b.mu.Unlock()
	c := b.figures.counters(day)
	for _, batch := range []*hitBatch{b.pending, b.moving} {
		today, month, total := batch.views(day)
		c.Today += today
		c.Month += month
		c.Total += total
		c.Online += batch.arrived
	}
	return c
}

// PageViews is how often a page was seen, since counting began until now.
func (b *HitBuffer) PageViews(ctx context.Context, path string) (int64, error) {
	for {
		pending, flushes := b.pendingViews(path)
		kept, err := queryOne(ctx, b.store.read, value[int64], `SELECT views FROM hit_page_total WHERE path = $1`, path)
		if err != nil && !errors.Is(err, model.ErrNotFound) {
			return 0, fmt.Errorf("views of %q: %w", path, err)
		}
		if _, now := b.pendingViews(path); now == flushes { // else what was pending may be in the database by now
			return kept + pending, nil
		}
	}
}

func (b *HitBuffer) pendingViews(path string) (views, flushes int64) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.pending.pageViews(path) + b.moving.pageViews(path), b.flushes
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
	slog.Warn("opening balance of the counter cannot be read", "error", err)
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.figures.opening
}

// take puts the pending hits on their way.
func (b *HitBuffer) take() *hitBatch {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.moving, b.pending = b.pending, newHitBatch()
	return b.moving
}

// done ends the way of batch: it is in the figures now, or it is pending again.
func (b *HitBuffer) done(batch *hitBatch, figures hitFigures, failed error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.moving = newHitBatch()
	if failed != nil {
		batch.merge(b.pending)
		b.pending = batch
		return
	}
	b.figures = figures
	b.flushes++
	oldest := b.store.now().Add(-onlineFor).Unix()
	maps.DeleteFunc(b.recent, func(_ string, seen int64) bool { return seen <= oldest })
}

// Run flushes at once, each second until ctx ends, and a last time then. Failures are logged, and tried again.
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
	if err := b.Flush(ctx); err != nil && !errors.Is(err, context.Canceled) {
		slog.Error("hits are not in the database yet", "error", err)
	}
}
