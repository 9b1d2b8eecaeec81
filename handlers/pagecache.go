package handlers

import (
	"container/list"
	"sync"
	"sync/atomic"
	"time"

	"congso/handlers/prometheus"
)

// Times and sizes of the page cache.
const (
	pageAge     = time.Second            // how long a page is shown unless Options say otherwise
	slowAfter   = 200 * time.Millisecond // readers wait so long for a page that is made anew
	slowFor     = 10 * time.Second       // how old the page may be that they get after that
	failingFor  = 60 * time.Second       // how old it may be when the new one fails
	failedAgain = time.Second            // how long after a failure the next attempt is made
	unknownFor  = 3 * time.Second        // readers join the making of a page that began so long ago, at most, while nothing is heard of other copies

	cacheBytes = 16 << 20 // of all pages, their packed forms and their keys
	entryBytes = 400      // about what an entry takes beside its page and its key
	largest    = 8        // no page may take more than this part of all
)

// Why a reader gets a page that is older than it should be.
const (
	staleSlow   = "slow"
	staleFailed = "failed"
)

// pageCache keeps rendered pages by what they depend on, the one asked for least recently going first. It is safe for concurrent use.
type pageCache struct {
	age     time.Duration
	most    int
	changes func() uint64 // see Options.changes
	known   func() bool   // whether changes has those of other copies of the program
	figures *pageFigures

	mu      sync.Mutex
	size    int
	entries map[string]*entry
	order   *list.List // of *entry, the one asked for last in front
}

// entry is what is known under a key.
type entry struct {
	key     string
	page    *page     // the last good one, nil before there is one
	flight  *flight   // the making of the next one, nil when none is under way
	failed  time.Time // when that failed last; zero when it did not since page was made
	touched time.Time
	size    int
	place   *list.Element
}

// flight is a page being made. page and stale are set when done is closed: what those who waited get; a nil page means that they must ask
// by themselves.
type flight struct {
	began   time.Time // by this machine's own clock
	asked   time.Time // by the store's clock
	changes uint64    // the number of changes at that time
	done    chan struct{}
	page    *page
	stale   string
}

// found is what the cache has for a request.
type found struct {
	page   *page  // good to send when flight is nil; else the last good one, if it may be shown at need
	stale  string // why page is older than it should be
	flight *flight
	entry  *entry
	lead   bool // the asker is to make the page and call land
}

// pageFigures are the cache's counters, for Metrics.
type pageFigures struct {
	hits, misses, stale, evictions, bytes atomic.Int64
}

func newPageCache(age time.Duration, most int, changes func() uint64, known func() bool, figures *pageFigures) *pageCache {
	return &pageCache{age: age, most: most, changes: changes, known: known, figures: figures, entries: map[string]*entry{}, order: list.New()}
}

// find looks a page up. Times are those of the store's clock: a page from its future has been made before it was set back, and is none.
func (c *pageCache) find(key []byte, now time.Time) found {
	c.mu.Lock()
	defer c.mu.Unlock()
	e := c.entries[string(key)]
	if e == nil {
		e = c.add(string(key))
	}
	c.touch(e, now)
	if e.page != nil && within(now, e.page.made, c.age) {
		c.figures.hits.Add(1)
		return found{page: e.page}
	}
	if c.late(e.flight, now) {
		e.flight = nil
	}
	got := found{entry: e, flight: e.flight}
	if c.standsIn(e.page, now, failingFor) {
		got.page = e.page
		if e.flight == nil && within(now, e.failed, failedAgain) {
			c.figures.stale.Add(1)
			return found{page: e.page, stale: staleFailed}
		}
	}
	c.figures.misses.Add(1)
	if e.flight == nil {
		e.flight = &flight{began: time.Now(), asked: now, changes: c.changes(), done: make(chan struct{})}
		got.flight, got.lead = e.flight, true
	}
	return got
}

// standsIn reports whether p, nil for none, may be shown in place of a page that cannot be had: it is no older than age, and no change of
// records or articles is missing in it. An item that was taken down must not come back with the database's failure, nor stay when it was taken
// down through another copy of the program of which nothing can be heard any more.
func (c *pageCache) standsIn(p *page, now time.Time, age time.Duration) bool {
	return p != nil && within(now, p.made, age) && p.changes == c.changes() && c.known()
}

// late reports whether f, nil for none, has taken so long that its page may lack a change which whoever asks now must see.
func (c *pageCache) late(f *flight, now time.Time) bool {
	if f == nil || within(now, f.asked, max(c.age, pageAge)) {
		return false
	}
	return f.changes != c.changes() || !within(now, f.asked, unknownFor) && !c.known()
}

// within reports whether then is no longer ago than age, and not to come.
func within(now, then time.Time, age time.Duration) bool {
	ago := now.Sub(then)
	return ago >= 0 && ago < age
}

func (c *pageCache) add(key string) *entry {
	e := &entry{key: key}
	e.place = c.order.PushFront(e)
	c.entries[key] = e
	c.resize(e, entryBytes+len(key))
	return e
}

// touch moves an entry to the front, once in a second.
func (c *pageCache) touch(e *entry, now time.Time) {
	if within(now, e.touched, time.Second) {
		return
	}
	e.touched = now
	if e.place != nil {
		c.order.MoveToFront(e.place)
	}
}

// wait waits for the flight of what was found, but for a page that is slow only for as long as readers bear.
func (c *pageCache) wait(got found, now time.Time) (*page, string) {
	var slow <-chan time.Time
	if c.standsIn(got.page, now, slowFor) {
		timer := time.NewTimer(slowAfter - time.Since(got.flight.began))
		defer timer.Stop()
		slow = timer.C
	}
	select {
	case <-got.flight.done:
		if got.flight.stale != "" {
			c.figures.stale.Add(1)
		}
		return got.flight.page, got.flight.stale
	case <-slow:
	}
	if !c.standsIn(got.page, now, slowFor) { // a change came meanwhile
		<-got.flight.done
		return got.flight.page, got.flight.stale
	}
	c.figures.stale.Add(1)
	return got.page, staleSlow
}

// land ends a flight: with a page that is kept, with a failure, which leaves the last good page in its place, or with an answer that is no
// page to keep. damaged says that no page may be shown any more. A flight that another has taken the place of ends for those alone who wait
// for it.
func (c *pageCache) land(got found, p *page, now time.Time, damaged bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	e := got.entry
	if e.flight != got.flight {
		if p.keep {
			got.flight.page = p
		}
		close(got.flight.done)
		return
	}
	e.flight = nil
	switch {
	case p.keep && c.age > 0 && p.size() <= c.most/largest:
		e.page, e.failed = p, time.Time{}
		got.flight.page = p
		c.resize(e, entryBytes+len(e.key)+p.size())
		c.evict(now)
	case p.keep:
		got.flight.page = p
		c.remove(e)
	case p.failed() && !damaged && c.standsIn(e.page, now, failingFor):
		e.failed = now
		got.flight.page, got.flight.stale = e.page, staleFailed
	default:
		c.remove(e)
	}
	close(got.flight.done)
}

// grown notes that a page takes so many bytes more.
func (c *pageCache) grown(key string, p *page, more int, now time.Time) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if e := c.entries[key]; e != nil && e.page == p {
		c.resize(e, e.size+more)
		c.evict(now)
	}
}

// resize notes the size of an entry that is still among the others.
func (c *pageCache) resize(e *entry, size int) {
	if e.place == nil {
		return
	}
	c.size += size - e.size
	e.size = size
	c.figures.bytes.Store(int64(c.size))
}

// evict makes room, and lets go of what nobody has asked for in so long that it can be of no use.
func (c *pageCache) evict(now time.Time) {
	for last := c.order.Back(); last != nil && last != c.order.Front(); last = c.order.Back() {
		e := last.Value.(*entry)
		if c.size <= c.most && within(now, e.touched, failingFor) {
			return
		}
		c.remove(e)
		c.figures.evictions.Add(1)
	}
}

// remove takes an entry out; whoever is making its page will find it gone.
func (c *pageCache) remove(e *entry) {
	if e.place == nil {
		return
	}
	c.resize(e, 0)
	c.order.Remove(e.place)
	e.place = nil
	delete(c.entries, e.key)
}

// write writes the figures.
func (f *pageFigures) write(w *prometheus.Writer) {
	w.Counter("congso_page_cache_hits_total", "Requests answered with a page made within the last second.", f.hits.Load())
	w.Counter("congso_page_cache_misses_total", "Requests that made a page or waited for one being made.", f.misses.Load())
	w.Counter("congso_page_cache_stale_total", "Requests answered with the last good page, since a new one failed or was slow.", f.stale.Load())
	w.Counter("congso_page_cache_evictions_total", "Pages that had to make room or that nobody asked for any more.", f.evictions.Load())
	w.Gauge("congso_page_cache_bytes", "Bytes of the pages in memory, with their packed forms.", float64(f.bytes.Load()))
}
