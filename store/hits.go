package store

import (
	"maps"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"congso/store/model"
)

// Rules of counting.
const (
	visitGap     = 30 * time.Minute // a visitor who was away so long comes for another visit
	onlineFor    = 5 * time.Minute
	maxPathBytes = 500 // longer paths count as views, but have no count of their own
)

// Visitor is somebody who looks at pages, as HitBuffer.Visitor hashes them; no address can be got back from it. The zero Visitor is
// nobody known: their views count, and nothing else.
type Visitor struct {
	day          model.Day // under whose salt hash was made
	hash         string    // "" on a day that is over, see hitSalts
	online       string
	onlineBefore string // the online hash of the day before, "" but for the first minutes of a day
}

// hitPage is a page on a day.
type hitPage struct {
	path string
	day  model.Day
}

// hitVisitor is a visitor of a day.
type hitVisitor struct {
	day  model.Day
	hash string
}

// hitSeen is when a visitor was seen, in Unix seconds, and how many visits began after the first view.
type hitSeen struct{ first, last, visits int64 }

// hitBatch is what happened between two moments. It is not safe for concurrent use.
type hitBatch struct {
	days     map[model.Day]int64
	pages    map[hitPage]int64
	visitors map[hitVisitor]hitSeen
	online   map[string]hitOnline
}

// numberedBatch is a batch with what tells it from every other one, so that it is counted once however often it is sent.
type numberedBatch struct {
	*hitBatch
	buffer string
	number int64 // larger than those of the buffer's batches before
}

// hitOnline is when an online visitor was last seen, and the hash that this one replaces.
type hitOnline struct {
	seen   int64
	before string
}

func newHitBatch() *hitBatch {
	return &hitBatch{map[model.Day]int64{}, map[hitPage]int64{}, map[hitVisitor]hitSeen{}, map[string]hitOnline{}}
}

func (b *hitBatch) empty() bool { return len(b.days) == 0 }

// add notes one view.
func (b *hitBatch) add(visitor Visitor, path string, at time.Time) {
	day := model.DayOf(at)
	b.days[day]++
	if len(path) <= maxPathBytes && utf8.ValidString(path) && !strings.Contains(path, "\x00") { // else PostgreSQL would refuse the whole batch
		b.pages[hitPage{path, day}]++
	}
	now := at.Unix()
	if visitor.hash != "" {
		b.see(hitVisitor{visitor.day, visitor.hash}, hitSeen{first: now, last: now})
	}
	if visitor.online != "" {
		b.seeOnline(visitor.online, hitOnline{now, visitor.onlineBefore})
	}
}

// see adds later views of a visitor to those already noted.
func (b *hitBatch) see(visitor hitVisitor, later hitSeen) {
	seen, known := b.visitors[visitor]
	if !known {
		b.visitors[visitor] = later
		return
	}
	if newVisit(seen.last, later.first) {
		seen.visits++
	}
	seen.last = max(seen.last, later.last)
	b.visitors[visitor] = seen
}

func (b *hitBatch) seeOnline(hash string, later hitOnline) {
	known := b.online[hash]
	later.seen = max(later.seen, known.seen)
	if later.before == "" {
		later.before = known.before
	}
	b.online[hash] = later
}

func newVisit(before, now int64) bool { return now-before >= int64(visitGap/time.Second) }

// views are all views of the batch.
func (b *hitBatch) views() (total int64) {
	for _, views := range b.days {
		total += views
	}
	return total
}

// sortedDays are the days of the batch, oldest first.
func (b *hitBatch) sortedDays() []model.Day { return slices.Sorted(maps.Keys(b.days)) }

// monthOf is the month of a day, as 2006-01.
func monthOf(day model.Day) model.Day { return day[:min(len(day), len("2006-01"))] }
