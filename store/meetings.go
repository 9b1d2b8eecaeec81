package store

import (
	"context"
	"errors"
	"fmt"
	"math"
	"sort"
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

// latest is the order of the list of meetings.
const latest = ` ORDER BY m.start_at DESC, m.id DESC`

func (f MeetingFilter) conditions(v model.Viewer, now int64) *conditions {
	c := &conditions{}
	c.showing("m", v, now)
	c.held("m", f.Kind, f.Year)
	if chair := model.Fold(model.Clean(f.Chair)); chair != "" {
		var inner conditions
		inner.args = c.args
		inner.terms = []string{"r.meeting_id = m.id", "r.role = 'chair'"}
		inner.contains("r.name_fold", chair)
		c.args = inner.args
		c.terms = append(c.terms, `EXISTS (SELECT 1 FROM meeting_participant r`+inner.where()+`)`)
	}
	words := indexWords(model.Clean(f.Text))
	for _, word := range words[:min(len(words), 12)] {
		c.contains("m.text_fold", word.folded)
	}
	return c
}

// held asks that the meeting in the table's alias is of that kind and began in that year; "" and 0 for all.
func (c *conditions) held(alias, kind string, year int) {
	switch {
	case year < 0 || year > 9999:
		c.never()
	case year != 0:
		c.add(alias+".start_at >= ? AND "+alias+".start_at < ?", yearStart(year), yearStart(year+1))
	}
	if kind := model.Clean(kind); kind != "" {
		c.add(alias+".kind = ?", kind)
	}
}

// yearStart is the second at which the year begins in Vietnam.
func yearStart(year int) int64 { return time.Date(year, 1, 1, 0, 0, 0, 0, model.Zone()).Unix() }

// MeetingsPage returns one page (from 1, of size meetings) of the meetings that v may see now, latest start first, and how many there
// are in all. A page beyond the last is empty.
func (r *Reader) MeetingsPage(ctx context.Context, v model.Viewer, f MeetingFilter, page, size int) (items []model.Meeting, total int, err error) {
	c := f.conditions(v, unix(r.now()))
	where := c.where()
	if total, err = queryOne(ctx, r.from, value[int], `SELECT COUNT(*) FROM meeting m`+where, c.args...); err != nil {
		return nil, 0, fmt.Errorf("meetings, page %d: %w", page, err)
	}
	limit, ok := c.limit(page, size, total)
	if !ok {
		return nil, total, nil
	}
	if items, err = meetingList(ctx, r.from, where+latest+limit, c.args...); err != nil {
		return nil, 0, fmt.Errorf("meetings, page %d: %w", page, err)
	}
	return items, total, nil
}

// MeetingYears returns the years, in Vietnam, in which meetings began that v may see now, newest first.
func (r *Reader) MeetingYears(ctx context.Context, v model.Viewer) ([]int, error) {
	var years []int
	for before := int64(math.MaxInt64); ; { // one index look-up for each year that has any
		c := MeetingFilter{}.conditions(v, unix(r.now()))
		c.add("m.start_at < ?", before)
		start, err := queryOne(ctx, r.from, value[int64], `SELECT m.start_at FROM meeting m`+c.where()+` ORDER BY m.start_at DESC LIMIT 1`, c.args...)
		if errors.Is(err, model.ErrNotFound) {
			return years, nil
		}
		if err != nil {
			return nil, fmt.Errorf("years of meetings: %w", err)
		}
		year := fromUnix(start).Year()
		years = append(years, year)
		before = yearStart(year)
	}
}

// MeetingKinds returns the kinds of the meetings that v may see now, in alphabetical order.
func (r *Reader) MeetingKinds(ctx context.Context, v model.Viewer) ([]string, error) {
	c := MeetingFilter{}.conditions(v, unix(r.now()))
	kinds, err := queryAll(ctx, r.from, value[string], `SELECT DISTINCT m.kind FROM meeting m`+c.where(), c.args...)
	if err != nil {
		return nil, fmt.Errorf("kinds of meetings: %w", err)
	}
	sort.Slice(kinds, func(i, j int) bool { return model.TextKey(kinds[i]) < model.TextKey(kinds[j]) })
	return kinds, nil
}

// MeetingsToCome returns the meetings that are running or still to begin, soonest first, at most limit.
func (r *Reader) MeetingsToCome(ctx context.Context, v model.Viewer, limit int) ([]model.Meeting, error) {
	now := unix(r.now())
	c := MeetingFilter{}.conditions(v, now)
	c.add("(m.start_at >= ? OR m.end_at >= ?)", now, now)
	list, err := meetingList(ctx, r.from, c.where()+` ORDER BY m.start_at, m.id LIMIT `+c.arg(max(limit, 0)), c.args...)
	if err != nil {
		return nil, fmt.Errorf("meetings to come: %w", err)
	}
	return list, nil
}

// MeetingBySlug returns the whole meeting. The error is model.ErrNotFound, model.ErrGone for a meeting that v could see before it was
// archived or expired, or model.Moved for a slug that it had before.
func (r *Reader) MeetingBySlug(ctx context.Context, v model.Viewer, slug string) (model.Meeting, error) {
	id, moved, err := findSlug(ctx, r.from, model.KindMeeting, slug)
	if err != nil {
		return model.Meeting{}, fmt.Errorf("meeting %q: %w", slug, err)
	}
	m, err := wholeMeeting(ctx, r.from, id)
	if err == nil {
		err = reveal(m.Lifecycle, v, unix(r.now()))
	}
	if err == nil && moved {
		err = model.Moved{Slug: m.Slug}
	}
	if err != nil {
		return model.Meeting{}, fmt.Errorf("meeting %q: %w", slug, err)
	}
	return m, nil
}

// MeetingsHeld returns the meetings that have begun, newest first, at most limit.
func (r *Reader) MeetingsHeld(ctx context.Context, v model.Viewer, limit int) ([]model.Meeting, error) {
	now := unix(r.now())
	c := MeetingFilter{}.conditions(v, now)
	c.add("m.start_at < ?", now)
	c.add("m.end_at < ?", now)
	list, err := meetingList(ctx, r.from, c.where()+` ORDER BY m.start_at DESC, m.id DESC LIMIT `+c.arg(max(limit, 0)), c.args...)
	if err != nil {
		return nil, fmt.Errorf("meetings held: %w", err)
	}
	return list, nil
}

// MeetingsKept returns the kinds of all meetings that the desk keeps, in alphabetical order, and the years in which they begin, newest first.
func (s *Store) MeetingsKept(ctx context.Context) (kinds []string, years []int, err error) {
	if kinds, err = queryAll(ctx, s.read, value[string], `SELECT DISTINCT kind FROM meeting`); err != nil {
		return nil, nil, fmt.Errorf("kinds of meetings kept: %w", err)
	}
	sort.Slice(kinds, func(i, j int) bool { return model.TextKey(kinds[i]) < model.TextKey(kinds[j]) })
	for before := int64(math.MaxInt64); ; {
		start, err := queryOne(ctx, s.read, value[int64], `SELECT start_at FROM meeting WHERE start_at < $1 ORDER BY start_at DESC LIMIT 1`, before)
		if errors.Is(err, model.ErrNotFound) {
			return kinds, years, nil
		}
		if err != nil {
			return nil, nil, fmt.Errorf("years of meetings kept: %w", err)
		}
		years = append(years, fromUnix(start).Year())
		before = yearStart(years[len(years)-1])
	}
}
