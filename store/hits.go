package store

import (
	"encoding/hex"
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
	maxPathBytes = 500     // longer paths count as views, but have no count of their own
	maxApart     = 300_000 // pages and visitors that a batch tells apart; more of them count as views alone
)

// hashBytes is the length of a visitor's hash.
const hashBytes = 16

// visitorHash is a salted hash; the zero one is that of nobody.
type visitorHash [hashBytes]byte

// text is the hash as the database has it.
func (h visitorHash) text() string { return hex.EncodeToString(h[:]) }

// Visitor is somebody who looks at pages, as HitBuffer.Visitor hashes them; no address can be got back from it. The zero Visitor is
// nobody known: their views count, and nothing else.
type Visitor struct {
	since        int64       // when the day began under whose salt hash was made, in Unix seconds
	hash         visitorHash // zero on a day that is over, see hitSalts
	online       visitorHash
	onlineBefore visitorHash // the online hash of the day before, zero but for the first minutes of a day
}

// hitVisitor is a visitor of a day.
type hitVisitor struct {
	since int64
	hash  visitorHash
}

// hitSeen is when a visitor was seen, in Unix seconds, and how many visits began after the first view.
type hitSeen struct{ first, last, visits int64 }

// hitOnline is when an online visitor was last seen, and the hash that this one replaces.
type hitOnline struct {
	seen   int64
	before visitorHash
}

// hitDay is a day of a batch.
type hitDay struct {
	views int64
	pages map[string]*int64
}

// hitBatch is what happened between two moments. It is not safe for concurrent use.
type hitBatch struct {
	views    int64
	coarse   int64 // views of them whose page or visitor was one too many
	pages    int   // told apart
	days     map[model.Day]*hitDay
	visitors map[hitVisitor]*hitSeen
	online   map[visitorHash]*hitOnline
	known    map[Visitor]hitNoted // so that a view of somebody who was here before costs one look-up, not two

	today      *hitDay // that of the last view
	begin, end int64   // of today, in Unix seconds
}

// hitNoted is where a visitor's views are noted; nil for what the visitor has no hash for.
type hitNoted struct {
	seen   *hitSeen
	online *hitOnline
}

func newHitBatch() *hitBatch {
	return &hitBatch{days: map[model.Day]*hitDay{}, visitors: map[hitVisitor]*hitSeen{}, online: map[visitorHash]*hitOnline{}, known: map[Visitor]hitNoted{}}
}

// ownCount is the path, or "" for one that has no count of its own; PostgreSQL would refuse the whole batch with it.
func ownCount(path string) string {
	if len(path) > maxPathBytes || !utf8.ValidString(path) || strings.IndexByte(path, 0) >= 0 {
		return ""
	}
	return path
}

// add notes one view.
func (b *hitBatch) add(h *hit) {
	b.views++
	if b.today == nil || h.at < b.begin || h.at >= b.end {
		b.turnTo(h.at)
	}
	b.today.views++
	apart := b.pages+len(b.visitors)+len(b.online) < maxApart
	if !b.see(h, apart) {
		b.coarse++
	}
}

// turnTo makes the day of a moment that of the views to come.
func (b *hitBatch) turnTo(at int64) {
	day := model.DayOf(time.Unix(at, 0))
	b.begin = day.Time().Unix()
	b.end = day.Time().AddDate(0, 0, 1).Unix()
	if b.days[day] == nil {
		b.days[day] = &hitDay{pages: map[string]*int64{}}
	}
	b.today = b.days[day]
}

// see notes page and visitor of a view; new ones only if more may be told apart. It reports whether that went for both.
func (b *hitBatch) see(h *hit, apart bool) bool {
	whole := true
	if views := b.today.pages[string(h.path)]; views != nil {
		*views++
	} else if whole = apart; apart && len(h.path) > 0 {
		one := int64(1)
		b.today.pages[string(h.path)] = &one
		b.pages++
	}
	noted, known := b.known[h.visitor]
	if !known {
		if noted, known = b.meet(h, apart); !known {
			whole = false
		} else {
			b.known[h.visitor] = noted
		}
	}
	noted.add(h.at)
	return whole
}

// meet is where the views of h's visitor are noted, made if more may be told apart; whole is false when that does not go for all.
func (b *hitBatch) meet(h *hit, apart bool) (noted hitNoted, whole bool) {
	v := &h.visitor
	if v.hash != (visitorHash{}) {
		key := hitVisitor{v.since, v.hash}
		if noted.seen = b.visitors[key]; noted.seen == nil && apart {
			noted.seen = &hitSeen{first: h.at, last: h.at}
			b.visitors[key] = noted.seen
		}
	}
	if v.online != (visitorHash{}) {
		if noted.online = b.online[v.online]; noted.online == nil && apart {
			noted.online = &hitOnline{}
			b.online[v.online] = noted.online
		}
	}
	if noted.online != nil && v.onlineBefore != (visitorHash{}) {
		noted.online.before = v.onlineBefore
	}
	return noted, (noted.seen != nil || v.hash == (visitorHash{})) && (noted.online != nil || v.online == (visitorHash{}))
}

// add notes a view at a moment.
func (n hitNoted) add(at int64) {
	if n.seen != nil {
		if newVisit(n.seen.last, at) {
			n.seen.visits++
		}
		n.seen.last = max(n.seen.last, at)
	}
	if n.online != nil {
		n.online.seen = max(n.online.seen, at)
	}
}

func newVisit(before, now int64) bool { return now-before >= int64(visitGap/time.Second) }

// sortedDays are the days of the batch, oldest first.
func (b *hitBatch) sortedDays() []model.Day { return slices.Sorted(maps.Keys(b.days)) }

// monthOf is the month of a day, as 2006-01.
func monthOf(day model.Day) model.Day { return day[:min(len(day), len("2006-01"))] }
