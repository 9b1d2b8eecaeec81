package store

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"sync"
	"time"

	"congso/store/model"
)

// Times of the flusher.
const (
	flushEvery = time.Second
	lastFlush  = 5 * time.Second      // how long the flush at the end may take
	keepFlush  = 730 * 24 * time.Hour // how long a journal that lies idle may come back and is known not to be counted twice
	keepLate   = time.Hour            // visitors of a day are kept so long after it, for what comes late
	sweepHits  = time.Minute          // between two looks at what may be forgotten
)

// HitBuffer counts views and moves them into the database. It is safe for concurrent use.
type HitBuffer struct {
	store   *Store
	writer  string // under which it counts; no two buffers have the same
	seed    uint32 // of its records
	dir     string // of the journal, "" to keep all in memory
	failing bool   // Run's last flush failed
	told    bool   // it is logged that the journal cannot be written

	flushing sync.Mutex // held by the one flush under way
	swept    time.Time

	salting   sync.Mutex
	salts     hitSalts
	coming    hitSalts  // of the day after, once that is near
	saltAgain time.Time // not before it are salts asked for again

	mu      sync.Mutex
	record  []byte        // room for the one that is being written
	queue   []*hitSegment // not wholly in the database; the last is written to unless it is closed
	number  int64         // of the segment that was begun last
	journal JournalState
	figures hitFigures // as of the last flush
}

// JournalState is how the journal of views stands.
type JournalState struct {
	Pending int64 // views that are not in the database yet, without those that earlier starts have left
	Bytes   int64 // of the journal on the disk
	Broken  error // why the newest views are kept in memory, where a kill loses them; nil while they are not
	Damaged int64 // bytes that were to be views and are none
	Coarse  int64 // views whose page or visitor had to be left out; they are in all other figures
}

// NewHitBuffer returns a buffer that keeps views in memory, where a kill loses them, until they are flushed. Its figures are all zero until
// its first flush. One that is never given a view only reads.
func NewHitBuffer(s *Store) *HitBuffer {
	writer := rand.Text()
	return &HitBuffer{store: s, writer: writer, seed: recordSeed(writer)}
}

// OpenHits returns a buffer that keeps each view in the folder hits of the data folder, whose lock the caller holds, before Add returns: it outlives
// a kill of the program, whose next start counts it, once. The disk is not waited for, so a power cut may lose what the database has not got
// yet, a second's views. Views that cannot be written there are kept in memory. Close gives the files up.
func OpenHits(s *Store) *HitBuffer {
	b := NewHitBuffer(s)
	b.dir = filepath.Join(s.dir, hitsName)
	left, err := leftSegments(b.dir, s.log)
	if err != nil {
		s.log.Error("views of an earlier start are not counted", "folder", b.dir, "error", err)
	}
	b.queue = left
	for _, g := range left {
		b.journal.Bytes += g.size
	}
	return b
}

// Add counts one view of a page. It never waits for the database.
func (b *HitBuffer) Add(visitor Visitor, path string, at time.Time) {
	path = ownCount(path)
	b.mu.Lock()
	defer b.mu.Unlock()
	b.record = appendHit(b.record[:0], &visitor, path, at.Unix(), b.seed)
	b.journal.Pending++
	g := b.last(len(b.record))
	if g.memory == nil {
		err := g.append(b.record)
		if err == nil {
			return
		}
		g = b.beginInMemory(err)
	}
	g.memory.add(&hit{at.Unix(), visitor, []byte(path)})
	g.end, g.views = 1, g.views+1
}

// last is the segment that takes the next record. The caller holds mu, as for all that begin one.
func (b *HitBuffer) last(record int) *hitSegment {
	if len(b.queue) > 0 {
		g := b.queue[len(b.queue)-1]
		if !g.closed && (g.memory != nil || !g.full(record)) {
			return g
		}
		g.closed = true
	}
	if b.dir == "" {
		return b.beginInMemory(nil)
	}
	if b.journal.Bytes+segmentBytes > journalBytes {
		return b.beginInMemory(errJournalFull)
	}
	g, err := newSegment(b.dir, b.writer, b.number+1)
	if err != nil {
		return b.beginInMemory(err)
	}
	b.journal.Bytes += g.size
	b.journal.Broken = nil
	return b.begin(g)
}

// beginInMemory begins a segment that is kept in memory, because of err.
func (b *HitBuffer) beginInMemory(err error) *hitSegment {
	if len(b.queue) > 0 {
		b.queue[len(b.queue)-1].closed = true
	}
	b.journal.Broken = err
	return b.begin(&hitSegment{writer: b.writer, number: b.number + 1, memory: newHitBatch()})
}

func (b *HitBuffer) begin(g *hitSegment) *hitSegment {
	b.number = g.number
	b.queue = append(b.queue, g)
	return g
}

// Counters are the figures of the last flush: what is shown is on disk, so that no crash makes a figure fall. Today and Month begin anew at
// midnight in Vietnam.
func (b *HitBuffer) Counters() model.Counters {
	day := b.store.Today()
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.figures.counters(day)
}

// Journal is how the journal stands.
func (b *HitBuffer) Journal() JournalState {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.journal
}

// Flush moves what is pending into the database, each segment of the journal in a transaction that also notes how far it was read, and
// reads the figures anew. When it fails, what is not in the database stays pending; what the database took without being able to say so is
// known by that note, and counted once.
func (b *HitBuffer) Flush(ctx context.Context) error {
	b.flushing.Lock()
	defer b.flushing.Unlock()
	if err := b.flush(ctx); err != nil {
		return fmt.Errorf("flush hits: %w", err)
	}
	return nil
}

func (b *HitBuffer) flush(ctx context.Context) error {
	site, err := b.store.Site(ctx)
	if err != nil {
		return err
	}
	for range b.waiting() {
		g, end := b.next()
		if g == nil {
			break
		}
		if err := b.moveSegment(ctx, g, end); err != nil {
			return err
		}
	}
	figures, err := readFigures(ctx, b.store.read, b.store.Now()) // afterwards: while a copy moves its views, others wait
	if err != nil {
		return err
	}
	b.store.noteCount(figures.changes, figures.asked)
	figures.opening = site.Opening
	b.mu.Lock()
	b.figures = figures
	b.mu.Unlock()
	return errors.Join(b.dropMoved(), b.prepareSalts(ctx))
}

// waiting is how many segments there are now.
func (b *HitBuffer) waiting() int {
	b.mu.Lock()
	defer b.mu.Unlock()
	return len(b.queue)
}

// next is the first segment with something that the database has not got, and how far it is written; nil when there is none. Nothing more
// is written to one that is kept in memory.
func (b *HitBuffer) next() (g *hitSegment, end int64) {
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, g := range b.queue {
		if g.done < g.end {
			g.closed = g.closed || g.memory != nil
			return g, g.end
		}
	}
	return nil, 0
}

// moveSegment moves a segment's views up to end into the database. One that cannot be read is given up, so that it holds up no others.
func (b *HitBuffer) moveSegment(ctx context.Context, g *hitSegment, end int64) error {
	for {
		batch, damaged, unread := g.batch(end)
		if unread != nil {
			batch, damaged = newHitBatch(), end-g.done
		}
		move := hitMove{batch: batch, writer: g.writer, number: g.number, from: g.done, to: end, sweep: g.writer == b.writer && b.toSweep()}
		err := b.store.countHits(ctx, move, b.store.Now())
		var moved movedError
		if errors.As(err, &moved) {
			g.done = min(moved.position, end) // another attempt, or an earlier start, has come so far
			if g.done < end {
				continue
			}
			err = nil
		} else if err == nil {
			if move.sweep {
				b.swept = b.store.Now()
			}
			b.note(g, batch, damaged, unread)
		}
		if err == nil {
			b.arrive(g, end, batch.views)
		}
		return err
	}
}

// toSweep reports whether it is time to forget what is old. What earlier starts have left is counted before: it may be of the day before.
func (b *HitBuffer) toSweep() bool {
	since := b.store.Now().Sub(b.swept)
	return since >= sweepHits || since < 0
}

// note says what could not be read of a segment, or not be told apart.
func (b *HitBuffer) note(g *hitSegment, batch *hitBatch, damaged int64, unread error) {
	if damaged > 0 {
		b.store.log.Warn("bytes of the journal of views are damaged: what they were is not counted", "file", g.path, "bytes", damaged, "error", unread)
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	b.journal.Damaged += damaged
	b.journal.Coarse += batch.coarse
}

// arrive notes that the database has the segment up to end, so many views more.
func (b *HitBuffer) arrive(g *hitSegment, end, views int64) {
	b.mu.Lock()
	defer b.mu.Unlock()
	g.done = end
	if views = min(views, g.views); end == g.end {
		views = g.views
	}
	g.views -= views
	b.journal.Pending -= views
}

// dropMoved takes segments away that are wholly in the database. One that cannot be removed is known by the next start.
func (b *HitBuffer) dropMoved() error {
	var failed error
	for _, g := range b.moved() {
		failed = errors.Join(failed, g.remove())
	}
	return failed
}

// moved takes the segments out of the queue that are wholly in the database and not written to any more.
func (b *HitBuffer) moved() (list []*hitSegment) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.queue = slices.DeleteFunc(b.queue, func(g *hitSegment) bool {
		if g.done < g.end || !g.closed {
			return false
		}
		list = append(list, g)
		b.journal.Bytes -= g.size
		return true
	})
	return list
}

// Close gives up the journal's files; those that are wholly in the database are removed. Views that are added afterwards stay in memory.
func (b *HitBuffer) Close() error {
	b.flushing.Lock()
	defer b.flushing.Unlock()
	b.mu.Lock()
	b.dir = ""
	for _, g := range b.queue {
		g.closed = true
	}
	left := slices.Clone(b.queue)
	b.mu.Unlock()
	failed := b.dropMoved()
	for _, g := range left {
		failed = errors.Join(failed, g.close())
	}
	if failed != nil {
		return fmt.Errorf("journal of views: %w", failed)
	}
	return nil
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
	broken := b.Journal().Broken
	switch {
	case broken != nil && !b.told:
		b.told = true
		b.store.log.Error("the journal of views cannot be written: a kill loses the newest views", "error", broken)
	case broken == nil && b.told:
		b.told = false
		b.store.log.Info("the journal of views is written again")
	}
}
