package store

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"sort"
	"strconv"
	"strings"
	"time"

	"congso/store/model"
)

// MeetingFilter says which meetings a list holds; the zero filter takes all.
type MeetingFilter struct {
	Year  int    // of the start, in Vietnam; 0 for all
	Kind  string // as the record has it
	Chair string // part of a chair's name, accents or not
	Text  string // words of the whole record, accents or not
}

// MeetingList is a page of a list of meetings.
type MeetingList struct {
	Items []model.Meeting
	Total int       // in all pages
	Since time.Time // the earliest start that was looked at when there are older meetings that were not, else zero
}

// oneRow ends a query that EXISTS asks: with it PostgreSQL looks for one row each time, and does not make a join with all rows of it.
const oneRow = ` LIMIT 1 OFFSET 0`

// yearsAtOnce is how many years are asked for in one query.
const yearsAtOnce = 200

// list is the list of the filter's kind and year, or model.ErrNotFound when there was never such a meeting.
func (f MeetingFilter) list(ctx context.Context, q querier, v model.Viewer, now int64) (l listing, err error) {
	l = newListing(q, v, now, listMeetings, 0)
	if kind := model.Clean(f.Kind); kind != "" {
		id, err := queryOne(ctx, q, value[int64], `SELECT id FROM meeting_kind WHERE name = $1`, kind)
		if err != nil {
			return l, err
		}
		l = newListing(q, v, now, listMeetingKind, id)
	}
	switch {
	case f.Year < 0 || f.Year > 9999:
		return l, model.ErrNotFound
	case f.Year != 0:
		l.from, l.until = yearStart(f.Year), yearStart(f.Year+1)
	}
	return l, nil
}

// search is what of the filter no list answers; ok is false when there is none.
func (f MeetingFilter) search(c *conditions) (ok bool) {
	if chair := model.Fold(model.Clean(f.Chair)); chair != "" {
		inner := conditions{args: c.args, terms: []string{"r.meeting_id = m.id", "r.role = 'chair'"}}
		inner.contains("r.name_fold", chair)
		c.args = inner.args
		c.terms = append(c.terms, `EXISTS (SELECT 1 FROM meeting_participant r`+inner.where()+oneRow+`)`)
		ok = true
	}
	words := indexWords(model.Clean(f.Text))
	for _, word := range words[:min(len(words), 12)] {
		c.contains("m.text_fold", word.folded)
		ok = true
	}
	return ok
}

// MeetingsPage returns one page (from 1, of size meetings) of the meetings that v may see now, latest start first. A page beyond the last
// is empty. Every page costs the same, however many there are: Chair and Text are looked for among the latest SearchBounds.Meetings of the
// year and kind.
func (r *Reader) MeetingsPage(ctx context.Context, v model.Viewer, f MeetingFilter, page, size int) (list MeetingList, err error) {
	l, err := f.list(ctx, r.from, v, unix(r.now()))
	if errors.Is(err, model.ErrNotFound) {
		return MeetingList{}, nil
	}
	if err == nil {
		list, err = l.meetingsPage(ctx, f, r.bounds.Meetings, page, size)
	}
	if err != nil {
		return MeetingList{}, fmt.Errorf("meetings, page %d: %w", page, err)
	}
	return list, nil
}

func (l listing) meetingsPage(ctx context.Context, f MeetingFilter, most, page, size int) (list MeetingList, err error) {
	if tables, c := l.latest(most); f.search(c) {
		return l.meetingsFound(ctx, tables, c, most, page, size)
	}
	counted, err := l.count(ctx)
	if err != nil {
		return list, err
	}
	start, ok, err := counted.page(ctx, page, size)
	list.Total = counted.total
	if err != nil || !ok {
		return list, err
	}
	c := l.shownFrom(start)
	list.Items, err = l.meetings(ctx, c, newestFirst, size)
	return list, err
}

// latest are the list's first entries, at most so many, with their records, and the conditions for those that are shown.
func (l listing) latest(most int) (tables string, c *conditions) {
	first := &conditions{}
	first.add("l.list = ?", l.number)
	l.bound(first)
	tables = ` FROM (SELECT l.at, l.id FROM listing l` + first.where() + newestFirst + ` LIMIT ` + first.arg(most) + `) AS l CROSS JOIN meeting m`
	c = &conditions{args: first.args, terms: []string{"m.id = l.id"}}
	c.showing("m", l.viewer, l.now)
	return tables, c
}

// since is the start of the last meeting to be seen of the list's first entries, at most so many, when there are more; else zero.
func (l listing) since(ctx context.Context, most int) (time.Time, error) {
	c := &conditions{}
	c.add("l.list = ?", l.number)
	l.bound(c)
	last, err := queryAll(ctx, l.q, value[int64], `SELECT l.at FROM listing l`+c.where()+newestFirst+` LIMIT 2 OFFSET `+c.arg(most-1), c.args...)
	if err != nil || len(last) < 2 {
		return time.Time{}, err
	}
	l.from = last[0]
	shown := l.shown()
	seen, err := queryAll(ctx, l.q, value[int64], `SELECT l.at`+l.tables()+shown.where()+oldestFirst+` LIMIT 1`, shown.args...)
	return fromUnix(append(seen, l.now)[0]), err
}

// meetingsFound returns a page of what meets the conditions of a search in tables, which are the list's first entries, at most so many.
func (l listing) meetingsFound(ctx context.Context, tables string, c *conditions, most, page, size int) (list MeetingList, err error) {
	if list.Since, err = l.since(ctx, most); err != nil {
		return list, err
	}
	found, err := queryAll(ctx, l.q, scanPlace, `SELECT l.at, l.id`+tables+c.where(), c.args...)
	list.Total = len(found)
	if err != nil || page < 1 || size < 1 || len(found) == 0 || page-1 > (len(found)-1)/size {
		return list, err
	}
	sort.Slice(found, func(i, j int) bool { return found[j].below(found[i]) })
	first := (page - 1) * size
	ids := make([]int64, min(size, len(found)-first))
	for i := range ids {
		ids[i] = found[first+i].id
	}
	var of conditions
	of.terms = append(of.terms, "m.id IN "+of.in(ids))
	list.Items, err = meetingList(ctx, l.q, ` FROM meeting m`+of.where(), of.args...)
	slices.SortFunc(list.Items, latestFirst)
	return list, err
}

func latestFirst(a, b model.Meeting) int {
	return cmp.Or(b.Start.Compare(a.Start), cmp.Compare(b.ID, a.ID))
}

// meetings returns the first meetings of the list that meet the conditions, at most so many.
func (l listing) meetings(ctx context.Context, c *conditions, order string, most int) ([]model.Meeting, error) {
	return meetingList(ctx, l.q, l.tables()+c.where()+order+` LIMIT `+c.arg(max(most, 0)), c.args...)
}

// MeetingYears returns the years, in Vietnam, in which meetings began that v may see now, newest first.
func (r *Reader) MeetingYears(ctx context.Context, v model.Viewer) ([]int, error) {
	l := newListing(r.from, v, unix(r.now()), listMeetings, 0)
	first, last, err := l.reach(ctx)
	if errors.Is(err, model.ErrNotFound) {
		return nil, nil
	}
	var years []int
	for last := fromUnix(last).Year(); err == nil && last >= fromUnix(first).Year(); last -= yearsAtOnce {
		var some []int
		some, err = l.yearsWithAny(ctx, max(last-yearsAtOnce+1, fromUnix(first).Year()), last)
		years = append(years, some...)
	}
	if err != nil {
		return nil, fmt.Errorf("years of meetings: %w", err)
	}
	return years, nil
}

// reach returns the times of the list's last and first entry, or model.ErrNotFound.
func (l listing) reach(ctx context.Context) (first, last int64, err error) {
	_, err = queryOne(ctx, l.q, func(row scanner) (struct{}, error) {
		return struct{}{}, row.Scan(&first, &last)
	}, `SELECT (SELECT o.at FROM listing o WHERE o.list = $1 ORDER BY o.at, o.id LIMIT 1), l.at FROM listing l WHERE l.list = $1`+newestFirst+` LIMIT 1`, l.number)
	return first, last, err
}

// yearsWithAny returns those of the years that have an entry to be seen, newest first: a look into the index for each.
func (l listing) yearsWithAny(ctx context.Context, first, last int) ([]int, error) {
	var rows []string
	for year := last; year >= first; year-- { // numbers of our own: in the text they have a type
		rows = append(rows, fmt.Sprintf("(%d, %d, %d)", year, yearStart(year), yearStart(year+1)))
	}
	c := l.shown()
	c.add("l.at >= y.since AND l.at < y.until")
	years, err := queryAll(ctx, l.q, value[int], `WITH y (year, since, until) AS (VALUES `+strings.Join(rows, ", ")+`)
		SELECT y.year FROM y WHERE EXISTS (SELECT 1`+l.tables()+c.where()+newestFirst+oneRow+`)`, c.args...)
	slices.SortFunc(years, func(a, b int) int { return b - a })
	return years, err
}

// MeetingKinds returns the kinds of the meetings that v may see now, in alphabetical order.
func (r *Reader) MeetingKinds(ctx context.Context, v model.Viewer) ([]string, error) {
	l := newListing(r.from, v, unix(r.now()), listMeetingKind, 0)
	c := &conditions{}
	c.terms = append(c.terms, "l.list = k.id * 100 + "+strconv.FormatInt(l.number, 10), "m.id = l.id")
	c.showing("m", v, l.now)
	kinds, err := queryAll(ctx, r.from, value[string], `SELECT k.name FROM meeting_kind k WHERE EXISTS (SELECT 1`+l.tables()+c.where()+newestFirst+oneRow+`)`, c.args...)
	if err != nil {
		return nil, fmt.Errorf("kinds of meetings: %w", err)
	}
	sort.Slice(kinds, func(i, j int) bool { return model.TextKey(kinds[i]) < model.TextKey(kinds[j]) })
	return kinds, nil
}

// MeetingsToCome returns the meetings that are running or still to begin, soonest first, at most limit.
func (r *Reader) MeetingsToCome(ctx context.Context, v model.Viewer, limit int) ([]model.Meeting, error) {
	now := unix(r.now())
	l := newListing(r.from, v, now, listMeetings, 0)
	l.from = now
	list, err := l.meetings(ctx, l.shown(), oldestFirst, limit)
	if err != nil {
		return nil, fmt.Errorf("meetings to come: %w", err)
	}
	running := &conditions{}
	running.add("m.end_at > 0 AND m.end_at >= ? AND m.start_at < ?", now, now)
	running.showing("m", v, now)
	begun, err := meetingList(ctx, r.from, ` FROM meeting m`+running.where(), running.args...)
	if err != nil {
		return nil, fmt.Errorf("meetings under way: %w", err)
	}
	slices.SortFunc(begun, func(a, b model.Meeting) int { return latestFirst(b, a) })
	list = append(begun, list...)
	return list[:min(len(list), max(limit, 0))], nil
}

// MeetingsHeld returns the meetings that have begun, newest first, at most limit.
func (r *Reader) MeetingsHeld(ctx context.Context, v model.Viewer, limit int) ([]model.Meeting, error) {
	l := newListing(r.from, v, unix(r.now()), listMeetings, 0)
	l.until = l.now
	c := l.shown()
	c.add("m.end_at < ?", l.now)
	list, err := l.meetings(ctx, c, newestFirst, limit)
	if err != nil {
		return nil, fmt.Errorf("meetings held: %w", err)
	}
	return list, nil
}
