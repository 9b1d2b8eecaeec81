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
