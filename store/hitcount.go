package store

import (
	"context"
	"database/sql"
	"fmt"
	"maps"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"

	"congso/store/model"
)

// hitFigures are the figures of the database at one moment.
type hitFigures struct {
	day     model.Day // whose figures today and month are
	today   int64
	month   int64
	total   int64 // views, without the opening balance
	online  int64
	opening int64
	changes int64     // of records by all copies of the program, with PostgreSQL
	asked   time.Time // when the database was asked, by this machine's own clock
}

// counters are the figures as they count on the given day.
func (f hitFigures) counters(day model.Day) model.Counters {
	c := model.Counters{Online: f.online, Total: f.opening + f.total}
	if f.day == day {
		c.Today = f.today
	}
	if monthOf(f.day) == monthOf(day) {
		c.Month = f.month
	}
	return c
}

// hitMove is a piece of a journal on its way into the database.
type hitMove struct {
	batch    *hitBatch
	writer   string
	number   int64 // of the segment
	from, to int64 // positions in it
	sweep    bool  // what is old is to be forgotten as well
}

// movedError says that the database has a segment up to a position beyond the one that it was to be moved from.
type movedError struct{ position int64 }

func (e movedError) Error() string { return fmt.Sprintf("it was moved up to %d already", e.position) }

// countHits adds a piece of a journal to the counters in one transaction that also notes its end. The error is movedError, and nothing is added,
// when the database has more of the segment than what is before the piece.
func (s *Store) countHits(ctx context.Context, move hitMove, now time.Time) error {
	return s.tx(ctx, func(tx *sql.Tx) error {
		if err := holdPosition(ctx, tx, move, now); err != nil {
			return err
		}
		if err := addHits(ctx, s.bulk(tx), move.batch, now); err != nil {
			return err
		}
		if move.sweep {
			if err := forgetHits(ctx, tx, now); err != nil {
				return err
			}
		}
		return exec(ctx, tx, `UPDATE hit_flush SET number = $1, position = $2 WHERE buffer = $3`, move.number, move.to, move.writer)
	})
}

// holdPosition holds the writer's position until the end of the transaction: while an earlier attempt at the same piece is not over, its row
// makes this one wait.
func holdPosition(ctx context.Context, tx *sql.Tx, move hitMove, now time.Time) error {
	var number, position int64
	_, err := queryOne(ctx, tx, func(row scanner) (struct{}, error) {
		return struct{}{}, row.Scan(&number, &position)
	}, `INSERT INTO hit_flush (buffer, number, position, at) VALUES ($1, $2, 0, $3) ON CONFLICT (buffer) DO UPDATE SET at = excluded.at
		RETURNING number, position`, move.writer, move.number, now.Unix())
	switch {
	case err != nil:
		return err
	case number > move.number:
		return movedError{math.MaxInt64}
	case number == move.number && position > move.from:
		return movedError{position}
	}
	return nil
}

func addHits(ctx context.Context, tx bulk, batch *hitBatch, now time.Time) error {
	// The one row of hit_total first: copies of the portal that count at the same time come one after the other.
	if _, err := tx.ExecContext(ctx, `UPDATE hit_total SET views = views + $1 WHERE id = 1`, batch.views); err != nil {
		return err
	}
	if err := sweepOnline(ctx, tx.Tx, now); err != nil { // before they hide that the same visitors are there now
		return err
	}
	if err := countPages(ctx, tx, batch); err != nil {
		return err
	}
	if err := countVisitors(ctx, tx, batch, now); err != nil {
		return err
	}
	return countOnline(ctx, tx, batch)
}

// addDay adds figures to a day: the statement takes day, views, visits, visitors.
const addDay = `INSERT INTO hit_day (day, views, visits, visitors) VALUES ($1, $2, $3, $4) ON CONFLICT (day) DO UPDATE SET
	views = hit_day.views + excluded.views, visits = hit_day.visits + excluded.visits, visitors = hit_day.visitors + excluded.visitors`

// countPages adds the views of each day and its pages.
func countPages(ctx context.Context, tx bulk, batch *hitBatch) error {
	for _, day := range batch.sortedDays() {
		if _, err := tx.ExecContext(ctx, addDay, string(day), batch.days[day].views, 0, 0); err != nil {
			return err
		}
		if err := addPages(ctx, tx, day, batch.days[day].pages); err != nil {
			return err
		}
	}
	return nil
}

// countVisitors adds the visits and the new visitors of each day. Who came on a day whose visitors have been forgotten, as another copy of the
// program does an hour after it, may have been counted then, and is not counted again.
func countVisitors(ctx context.Context, tx bulk, batch *hitBatch, now time.Time) error {
	days := map[int64][]visitorSeen{}
	for visitor, seen := range batch.visitors {
		days[visitor.since] = append(days[visitor.since], visitorSeen{visitor.hash.text(), seen})
	}
	for _, since := range slices.Sorted(maps.Keys(days)) {
		day := model.DayOf(time.Unix(since, 0))
		gone, err := visitorsForgotten(ctx, tx, day, now)
		if err == nil && !gone {
			err = countVisitorsOf(ctx, tx, day, days[since])
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// visitorsForgotten reports whether forgetHits has forgotten visitors of the day.
func visitorsForgotten(ctx context.Context, tx bulk, day model.Day, now time.Time) (bool, error) {
	if day >= model.DayOf(now.Add(-keepLate)) {
		return false, nil
	}
	n, err := queryOne(ctx, tx, value[int], `SELECT COUNT(*) FROM hit_day WHERE day = $1 AND visitors > 0 AND NOT EXISTS (SELECT 1 FROM hit_visitor WHERE day = $1)`, string(day))
	return n > 0, err
}

// visitorSeen is a visitor as the database has it, and when it was seen.
type visitorSeen struct {
	hash string
	*hitSeen
}

func countVisitorsOf(ctx context.Context, tx bulk, day model.Day, visitors []visitorSeen) error {
	slices.SortFunc(visitors, func(a, b visitorSeen) int { return strings.Compare(a.hash, b.hash) })
	hashes := make([]any, len(visitors))
	for i, v := range visitors {
		hashes[i] = v.hash
	}
	before, err := seenBefore(ctx, tx, day, hashes)
	if err != nil {
		return err
	}
	var visits int64
	rows := make([]any, 0, 3*len(visitors))
	for i, seen := range visitors {
		visits += seen.visits
		last, known := before[seen.hash]
		if !known || newVisit(last, seen.first) {
			visits++
		}
		rows = append(rows, string(day), hashes[i], max(last, seen.last))
	}
	err = tx.put(ctx, `INSERT INTO hit_visitor (day, visitor, seen_at)`, ` ON CONFLICT (day, visitor) DO UPDATE SET seen_at = excluded.seen_at`, 3, rows)
	if err == nil {
		_, err = tx.ExecContext(ctx, addDay, string(day), 0, visits, len(visitors)-len(before))
	}
	return err
}

// seenBefore is when the visitors were last seen on the day, without those who were not.
func seenBefore(ctx context.Context, tx bulk, day model.Day, hashes []any) (map[string]int64, error) {
	before := map[string]int64{}
	err := tx.each(hashes, func(some []any) error {
		_, err := queryAll(ctx, tx, func(row scanner) (struct{}, error) {
			var hash string
			var at sql.NullInt64
			err := row.Scan(&hash, &at)
			if at.Valid {
				before[hash] = at.Int64
			}
			return struct{}{}, err
		}, seenQuery(len(some)), append(some, string(day))...)
		return err
	})
	return before, err
}

// seenQuery asks for so many visitors, one by one: asked for them all at once, PostgreSQL walks through all visitors of a day that its statistics
// do not know yet, which is every day after midnight.
func seenQuery(visitors int) string {
	return `WITH asked (visitor) AS (VALUES ` + marks(visitors, 1) + `)
		SELECT visitor, (SELECT v.seen_at FROM hit_visitor v WHERE v.day = $` + strconv.Itoa(visitors+1) + ` AND v.visitor = asked.visitor) FROM asked`
}

func countOnline(ctx context.Context, tx bulk, batch *hitBatch) error {
	rows, gone := make([]any, 0, 2*len(batch.online)), []any{}
	for hash, online := range batch.online {
		rows = append(rows, hash.text(), online.seen)
		if online.before != (visitorHash{}) {
			gone = append(gone, online.before.text())
		}
	}
	err := tx.put(ctx, `INSERT INTO hit_online (visitor, seen_at)`, ` ON CONFLICT (visitor) DO UPDATE SET
		seen_at = CASE WHEN hit_online.seen_at > excluded.seen_at THEN hit_online.seen_at ELSE excluded.seen_at END`, 2, rows)
	if err != nil {
		return err
	}
	// The same visitors under yesterday's salt, who may be of this very batch.
	return tx.each(gone, func(some []any) error {
		_, err := tx.ExecContext(ctx, `DELETE FROM hit_online WHERE visitor IN `+marks(1, len(some)), some...)
		return err
	})
}

// forgetHits forgets the visitors of past days, whose figures are in hit_day, and the salts of past days, as soon
// as those who were online at midnight have been hashed anew.
func forgetHits(ctx context.Context, tx *sql.Tx, now time.Time) error {
	if _, err := tx.ExecContext(ctx, `DELETE FROM hit_visitor WHERE day < $1`, string(model.DayOf(now.Add(-keepLate)))); err != nil {
		return err
	}
	if _, err := tx.ExecContext(ctx, `DELETE FROM hit_flush WHERE at < $1`, now.Add(-keepFlush).Unix()); err != nil {
		return err
	}
	_, err := tx.ExecContext(ctx, `DELETE FROM hit_salt WHERE day < $1`, string(model.DayOf(now.Add(-saltOverlap))))
	return err
}

// sweepOnline forgets who is no longer online, and whom a clock that has been set back since saw in what is the future now.
func sweepOnline(ctx context.Context, tx *sql.Tx, now time.Time) error {
	return exec(ctx, tx, `DELETE FROM hit_online WHERE seen_at <= $1 OR seen_at > $2`, now.Add(-onlineFor).Unix(), now.Add(onlineFor).Unix())
}

// readFigures reads the figures as of now, but for the opening balance.
func readFigures(ctx context.Context, q querier, now time.Time) (hitFigures, error) {
	f := hitFigures{day: model.DayOf(now), asked: time.Now()}
	month := string(monthOf(f.day))
	_, err := queryOne(ctx, q, func(row scanner) (struct{}, error) {
		return struct{}{}, row.Scan(&f.total, &f.today, &f.month, &f.online, &f.changes)
	}, `SELECT (SELECT views FROM hit_total WHERE id = 1),
		COALESCE((SELECT views FROM hit_day WHERE day = $1), 0),
		COALESCE((SELECT CAST(SUM(views) AS BIGINT) FROM hit_day WHERE day >= $2 AND day <= $3), 0),
		(SELECT COUNT(*) FROM hit_online WHERE seen_at > $4 AND seen_at <= $5),
		(SELECT n FROM change_count WHERE id = 1)`,
		string(f.day), month+"-01", month+"-31", now.Add(-onlineFor).Unix(), now.Add(onlineFor).Unix())
	return f, err
}
