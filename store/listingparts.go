package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"math"

	"congso/store/model"
)

// The sizes of a list's parts, in entries. listing_part_large is the index of what may be too large.
const (
	partMost  = 512           // in a part of level 1
	partGood  = 256           // in each of those that a larger one is split into
	spanMost  = 64 * partMost // in a part of level 2
	spanGood  = 32 * partMost
	splitMost = 100 // parts split in one round
)

// listPart is a part of a list, from its first place to the next part's.
type listPart struct {
	list  int64
	level int
	place
	n int
}

func scanPart(row scanner) (p listPart, err error) {
	err = row.Scan(&p.list, &p.level, &p.at, &p.id, &p.n)
	return p, err
}

const partColumns = `SELECT list, level, at, id, n FROM listing_part`

// noEnd is the place after every entry.
func noEnd() place { return place{math.MaxInt64, math.MaxInt64} }

// spans returns the list's parts of level 2, the newest first: some 50 for a million entries.
func (l listing) spans(ctx context.Context) ([]listPart, error) {
	return queryAll(ctx, l.q, scanPart, partColumns+` WHERE list = $1 AND level = 2 ORDER BY at DESC, id DESC`, l.number)
}

// parts returns the parts of level 1 from start to before end, the newest first.
func (l listing) parts(ctx context.Context, start, end place) ([]listPart, error) {
	return queryAll(ctx, l.q, scanPart, partColumns+` WHERE list = $1 AND level = 1 AND (at, id) >= ($2, $3) AND (at, id) < ($4, $5) ORDER BY at DESC, id DESC`,
		l.number, start.at, start.id, end.at, end.id)
}

// keptEntry returns the place of the entry with that many before it among all that are kept, or model.ErrNotFound.
func (l listing) keptEntry(ctx context.Context, index int) (place, error) {
	start, end := place{math.MinInt64, 0}, noEnd()
	if index > nearTop {
		spans, err := l.spans(ctx)
		if err != nil {
			return place{}, err
		}
		start, end, index = holding(spans, end, index)
		parts, err := l.parts(ctx, start, end)
		if err != nil {
			return place{}, err
		}
		start, end, index = holding(parts, end, index)
	}
	return queryOne(ctx, l.q, scanPlace, `SELECT at, id FROM listing WHERE list = $1 AND (at, id) >= ($2, $3) AND (at, id) < ($4, $5)
		ORDER BY at DESC, id DESC LIMIT 1 OFFSET $6`, l.number, start.at, start.id, end.at, end.id, index)
}

// holding returns the bounds of the part that holds the entry of that index, and its index there. The parts, newest first, end before end.
func holding(parts []listPart, end place, index int) (place, place, int) {
	for _, p := range parts {
		if index < p.n {
			return p.place, end, index
		}
		index -= p.n
		end = p.place
	}
	return end, end, index
}

// keptBefore returns how many kept entries stand before that second.
func (l listing) keptBefore(ctx context.Context, second int64) (entries int, err error) {
	if second == math.MinInt64 {
		return 0, nil
	}
	spans, err := l.spans(ctx)
	if err != nil {
		return 0, err
	}
	span, entries := beginning(spans, second)
	parts, err := l.parts(ctx, span, place{second, math.MinInt64})
	if err != nil {
		return 0, err
	}
	part, more := beginning(parts, second)
	rest, err := queryOne(ctx, l.q, value[int], `SELECT COUNT(*) FROM listing WHERE list = $1 AND (at, id) >= ($2, $3) AND at < $4`, l.number, part.at, part.id, second)
	return entries + more + rest, err
}

// beginning returns where the last part that begins before that second does, and how many entries stand in those before it.
func beginning(parts []listPart, second int64) (start place, entries int) {
	start = place{second, math.MinInt64}
	for _, p := range parts {
		switch {
		case p.at >= second:
		case start.at == second:
			start = p.place
		default:
			entries += p.n
		}
	}
	return start, entries
}

// SplitLists splits the parts of lists that have grown too large, and returns how many. Until then pages of such lists take longer to
// find, nothing else.
func (s *Store) SplitLists(ctx context.Context) (split int, err error) {
	for {
		large, err := largeParts(ctx, s.read)
		if err != nil || len(large) == 0 {
			return split, err
		}
		for _, p := range large {
			if err := s.change(ctx, func(tx *sql.Tx) error { return splitPart(ctx, tx, p) }); err != nil {
				return split, fmt.Errorf("split list %d: %w", p.list, err)
			}
		}
		split += len(large)
	}
}

// largeParts returns parts that are too large, those of level 1 first.
func largeParts(ctx context.Context, q querier) ([]listPart, error) {
	return queryAll(ctx, q, scanPart, partColumns+` WHERE n > 512 AND (level = 1 AND n > $1 OR level = 2 AND n > $2) ORDER BY level, list LIMIT $3`,
		partMost, spanMost, splitMost)
}

// splitPart splits the part unless somebody else has.
func splitPart(ctx context.Context, tx *sql.Tx, p listPart) error {
	most := map[int]int{1: partMost, 2: spanMost}[p.level]
	now, err := queryOne(ctx, tx, scanPart, partColumns+` WHERE list = $1 AND level = $2 AND at = $3 AND id = $4`, p.list, p.level, p.at, p.id)
	if errors.Is(err, model.ErrNotFound) || err == nil && now.n <= most {
		return nil
	}
	if err != nil {
		return err
	}
	end, err := queryOne(ctx, tx, scanPlace, `SELECT at, id FROM listing_part WHERE list = $1 AND level = $2 AND (at, id) > ($3, $4) ORDER BY at, id LIMIT 1`,
		p.list, p.level, p.at, p.id)
	if errors.Is(err, model.ErrNotFound) {
		end, err = noEnd(), nil
	}
	if err != nil {
		return err
	}
	if p.level == 1 {
		return splitEntries(ctx, tx, p, end)
	}
	return splitSpan(ctx, tx, p, end)
}

// splitEntries makes parts of partGood entries each of a part of level 1 that reaches to end.
func splitEntries(ctx context.Context, tx *sql.Tx, p listPart, end place) error {
	n, err := queryOne(ctx, tx, value[int], `SELECT COUNT(*) FROM listing WHERE list = $1 AND (at, id) >= ($2, $3) AND (at, id) < ($4, $5)`,
		p.list, p.at, p.id, end.at, end.id)
	if err != nil {
		return err
	}
	err = exec(ctx, tx, `INSERT INTO listing_part (list, level, at, id, n)
		SELECT e.list, 1, e.at, e.id, CASE WHEN $1 - e.nth < $2 THEN $1 - e.nth ELSE $2 END FROM (
			SELECT list, at, id, ROW_NUMBER() OVER (ORDER BY at, id) - 1 AS nth FROM listing
			WHERE list = $3 AND (at, id) >= ($4, $5) AND (at, id) < ($6, $7)) AS e
		WHERE e.nth > 0 AND e.nth % $2 = 0`, n, partGood, p.list, p.at, p.id, end.at, end.id)
	if err != nil {
		return err
	}
	return setPart(ctx, tx, p, min(n, partGood))
}

// splitSpan makes parts of some spanGood entries each of a part of level 2 that reaches to end.
func splitSpan(ctx context.Context, tx *sql.Tx, p listPart, end place) error {
	l := listing{q: tx, number: p.list}
	parts, err := l.parts(ctx, p.place, end)
	if err != nil || len(parts) == 0 {
		return err
	}
	n, lowest := 0, len(parts)-1
	for _, part := range parts[:lowest] { // the newest first: each new part begins where enough are in it
		if n += part.n; n < spanGood {
			continue
		}
		if err := exec(ctx, tx, `INSERT INTO listing_part (list, level, at, id, n) VALUES ($1, 2, $2, $3, $4)`, p.list, part.at, part.id, n); err != nil {
			return err
		}
		n = 0
	}
	return setPart(ctx, tx, p, n+parts[lowest].n)
}

func setPart(ctx context.Context, tx *sql.Tx, p listPart, n int) error {
	return exec(ctx, tx, `UPDATE listing_part SET n = $1 WHERE list = $2 AND level = $3 AND at = $4 AND id = $5`, n, p.list, p.level, p.at, p.id)
}
