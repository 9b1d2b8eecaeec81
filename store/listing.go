package store

import (
	"context"
	"errors"
	"math"
	"sort"

	"congso/store/model"
)

// The sorts of lists that the database keeps (see migration 13).
const (
	listNews        = 10
	listSection     = 12
	listTag         = 14
	listFeatured    = 18
	listMeetings    = 20
	listMeetingKind = 22
)

const (
	nearTop = 512  // entries that are as well skipped as looked up
	maxDue  = 1000 // records out of their time beyond which a list is walked
)

// place is where a record stands in a list: at its time, and by its ID among those of the same second.
type place struct{ at, id int64 }

// below reports whether p comes after q in a list, which begins with the newest.
func (p place) below(q place) bool { return p.at < q.at || p.at == q.at && p.id < q.id }

func scanPlace(row scanner) (p place, err error) {
	err = row.Scan(&p.at, &p.id)
	return p, err
}

// listing is a list of published records as one viewer has it at one moment, newest first: what the database keeps, but for the entries
// whose time is still to come or over.
type listing struct {
	q           querier
	kind        model.Kind
	number      int64
	viewer      model.Viewer
	now         int64
	from, until int64 // holds the entries from the one second until before the other
	started     bool  // asked for from a place on, which bounds it
}

// newListing is the whole list of that sort, of the record of (0 for none).
func newListing(q querier, v model.Viewer, now int64, sort, of int64) listing {
	l := listing{q: q, kind: model.KindNews, number: of*100 + sort, viewer: v, now: now, from: math.MinInt64, until: math.MaxInt64}
	if sort >= listMeetings {
		l.kind = model.KindMeeting
	}
	if v.Internal {
		l.number++
	}
	return l
}

// whole reports whether the list has no bounds in time.
func (l listing) whole() bool { return l.from == math.MinInt64 && l.until == math.MaxInt64 }

// alias is what the list's records are called in queries.
func (l listing) alias() string { return string(l.kind)[:1] }

// tables are the list's entries l with their records. CROSS JOIN keeps SQLite from beginning with the records.
func (l listing) tables() string {
	return ` FROM listing l CROSS JOIN ` + string(l.kind) + ` ` + l.alias()
}

// shown asks for the entries that the viewer may see now. That a record stands in the list is not enough: the list could be wrong.
func (l listing) shown() *conditions { return l.shownAfter(&conditions{}) }

// shownAfter is shown with arguments that follow those of other conditions in the query.
func (l listing) shownAfter(other *conditions) *conditions {
	c := &conditions{args: other.args}
	c.add("l.list = ?", l.number)
	c.add(l.alias() + ".id = l.id")
	c.showing(l.alias(), l.viewer, l.now)
	l.bound(c)
	return c
}

// shownFrom is shown for the entries from p on. No other bound stands beside p: SQLite would take that one and walk down from it.
func (l listing) shownFrom(p place) *conditions {
	if p.at == math.MaxInt64 {
		return l.shown()
	}
	l.until, l.started = math.MaxInt64, true
	c := l.shown()
	c.add("(l.at, l.id) <= (?, ?)", p.at, p.id)
	return c
}

// bound asks for entries within the list's bounds.
func (l listing) bound(c *conditions) {
	if l.from != math.MinInt64 {
		c.add("l.at >= ?", l.from)
	}
	until := l.until
	if l.kind == model.KindNews && !l.started { // which stand at the time from which they are shown
		until = min(until, l.now+1)
	}
	if until != math.MaxInt64 {
		c.add("l.at < ?", until)
	}
}

// The order of a list, and the other way round.
const (
	newestFirst = ` ORDER BY l.at DESC, l.id DESC`
	oldestFirst = ` ORDER BY l.at, l.id`
)

// countedList is a list whose entries are counted.
type countedList struct {
	listing
	total  int     // entries that the viewer may see now
	top    int     // entries kept above the list's bounds
	due    []place // entries that are kept and not to be seen now, first in the list first
	walked bool    // too many are due: everything is counted anew
}

// count counts the list by what the database keeps, in time that does not grow with it.
func (l listing) count(ctx context.Context) (c countedList, err error) {
	c.listing = l
	kept, out, err := l.kept(ctx)
	if err != nil {
		return c, err
	}
	if out > maxDue {
		c.walked = true
		where := l.shown()
		c.total, err = queryOne(ctx, l.q, value[int], `SELECT COUNT(*)`+l.tables()+where.where(), where.args...)
		return c, err
	}
	if out > 0 {
		if c.due, err = l.outOfTime(ctx); err != nil {
			return c, err
		}
	}
	if !l.whole() {
		kept, c.top, err = l.within(ctx, kept)
	}
	c.total = max(0, kept-len(c.due))
	return c, err
}

// kept returns how many entries are kept of the whole list, and how many records, maxDue+1 at most, are published of whatever list and yet
// not to be seen now. The order is that of the indexes, which PostgreSQL would leave for the table where it takes many to be so.
func (l listing) kept(ctx context.Context) (entries, out int, err error) {
	table := ` FROM ` + string(l.kind) + ` WHERE status = 'published' AND `
	var expired int
	_, err = queryOne(ctx, l.q, func(row scanner) (struct{}, error) {
		return struct{}{}, row.Scan(&entries, &out, &expired)
	}, `SELECT (SELECT CAST(COALESCE(SUM(n), 0) AS BIGINT) FROM listing_part WHERE list = $1 AND level = 2),
		(SELECT COUNT(*) FROM (SELECT id`+table+`publish_at > $2 ORDER BY status, publish_at LIMIT $3) AS a),
		(SELECT COUNT(*) FROM (SELECT id`+table+`expire_at > 0 AND expire_at <= $2 ORDER BY status, expire_at LIMIT $3) AS b)`, l.number, l.now, maxDue+1)
	return entries, out + expired, err
}

// outOfTime returns the places of the list's entries that are not to be seen now, first in the list first.
func (l listing) outOfTime(ctx context.Context) ([]place, error) {
	at := map[model.Kind]string{model.KindNews: "publish_at", model.KindMeeting: "start_at"}[l.kind]
	c := &conditions{}
	ahead := l.ofList(c, at, "publish_at", "publish_at > ?", l.now)
	over := l.ofList(c, at, "expire_at", "publish_at <= ? AND expire_at > 0 AND expire_at <= ?", l.now, l.now)
	due, err := queryAll(ctx, l.q, scanPlace, ahead+` UNION ALL `+over, c.args...)
	sort.Slice(due, func(i, j int) bool { return due[j].below(due[i]) })
	return due, err
}

// ofList is the query for the entries, within the list's bounds, of the published records that meet the term, with their times in the column
// at; there are not more than maxDue. The order is that of an index, as in kept.
func (l listing) ofList(all *conditions, at, order, term string, args ...any) string {
	c := &conditions{args: all.args}
	c.add("status = 'published' AND "+term, args...)
	records := `(SELECT id, ` + at + ` AS at FROM ` + string(l.kind) + c.where() + ` ORDER BY status, ` + order + ` LIMIT ` + c.arg(maxDue) + `) AS x`
	c.terms = nil
	c.add("EXISTS (SELECT 1 FROM listing l WHERE l.list = ? AND l.at = x.at AND l.id = x.id"+oneRow+")", l.number)
	if !l.whole() {
		c.add("x.at >= ? AND x.at < ?", l.from, l.until)
	}
	all.args = c.args
	return `SELECT x.at, x.id FROM ` + records + c.where()
}

// within returns how many of the kept entries stand within the list's bounds, and how many above them.
func (l listing) within(ctx context.Context, kept int) (inside, above int, err error) {
	from, err := l.keptBefore(ctx, l.from)
	if err != nil {
		return 0, 0, err
	}
	until, err := l.keptBefore(ctx, l.until)
	return until - from, kept - until, err
}

// page returns where the page (from 1, of size entries) begins. ok is false when it holds nothing; no page number overflows.
func (c countedList) page(ctx context.Context, page, size int) (start place, ok bool, err error) {
	if page < 1 || size < 1 || c.total == 0 || page-1 > (c.total-1)/size {
		return place{}, false, nil
	}
	if page == 1 {
		return place{math.MaxInt64, math.MaxInt64}, true, nil
	}
	start, err = c.entry(ctx, (page-1)*size)
	if errors.Is(err, model.ErrNotFound) { // what is kept says there is one: it is wrong, and the doctor will say so
		c.walked = true
		start, err = c.entry(ctx, (page-1)*size)
	}
	if errors.Is(err, model.ErrNotFound) {
		return place{}, false, nil
	}
	return start, err == nil, err
}

// entry returns the place of the entry with that many before it among those that the viewer may see now, or model.ErrNotFound.
func (c countedList) entry(ctx context.Context, before int) (place, error) {
	if c.walked {
		where := c.shown()
		query := `SELECT l.at, l.id` + c.tables() + where.where() + newestFirst + ` LIMIT 1 OFFSET ` + where.arg(before)
		return queryOne(ctx, c.q, scanPlace, query, where.args...)
	}
	for index := before; ; { // it stands lower by as many as are due above it
		p, err := c.keptEntry(ctx, c.top+index)
		if err != nil {
			return place{}, err
		}
		above := sort.Search(len(c.due), func(i int) bool { return c.due[i].below(p) })
		if before+above == index {
			return p, nil
		}
		index = before + above
	}
}
