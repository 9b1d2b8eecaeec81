package store

import (
	"context"
	"database/sql"
	"errors"
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

// countHits adds a batch to the counters in one transaction, unless it is in them already, and returns the figures that come of it.
func (s *Store) countHits(ctx context.Context, batch numberedBatch, now time.Time) (figures hitFigures, err error) {
	if batch.empty() {
		return readFigures(ctx, s.read, now)
	}
	err = s.tx(ctx, func(tx *sql.Tx) error {
		fresh, err := firstSent(ctx, tx, batch, now)
		if err != nil {
			return err
		}
		if err := sweepOnline(ctx, tx, now); err != nil { // before they hide that the same visitors are there now
			return err
		}
		if fresh {
			if err := addHits(ctx, tx, batch.hitBatch); err != nil {
				return err
			}
		}
		if err := sweepHits(ctx, tx, now); err != nil {
			return err
		}
		figures, err = readFigures(ctx, tx, now)
		return err
	})
	return figures, err
}

// firstSent notes the batch's number and reports whether it was not noted before. While an earlier attempt at the same batch is not over,
// its row makes this one wait.
func firstSent(ctx context.Context, tx *sql.Tx, batch numberedBatch, now time.Time) (bool, error) {
	_, err := queryOne(ctx, tx, value[int64], `INSERT INTO hit_flush (buffer, number, at) VALUES ($1, $2, $3) ON CONFLICT (buffer) DO UPDATE SET
		number = excluded.number, at = excluded.at WHERE hit_flush.number < excluded.number RETURNING number`, batch.buffer, batch.number, now.Unix())
	if errors.Is(err, model.ErrNotFound) {
		return false, nil
	}
	return err == nil, err
}

func addHits(ctx context.Context, tx *sql.Tx, batch *hitBatch) error {
	// The one row of hit_total first: copies of the portal that count at the same time come one after the other.
	if _, err := tx.ExecContext(ctx, `UPDATE hit_total SET views = views + $1 WHERE id = 1`, batch.views()); err != nil {
		return err
	}
	for _, step := range []func(context.Context, *sql.Tx, *hitBatch) error{countDays, countPages, countVisitors, countOnline} {
		if err := step(ctx, tx, batch); err != nil {
			return err
		}
	}
	return nil
}

// addDay adds figures to a day: the statement takes day, views, visits, visitors.
const addDay = `INSERT INTO hit_day (day, views, visits, visitors) VALUES ($1, $2, $3, $4) ON CONFLICT (day) DO UPDATE SET
	views = hit_day.views + excluded.views, visits = hit_day.visits + excluded.visits, visitors = hit_day.visitors + excluded.visitors`

func countDays(ctx context.Context, tx *sql.Tx, batch *hitBatch) error {
	for _, day := range batch.sortedDays() {
		if _, err := tx.ExecContext(ctx, addDay, string(day), batch.days[day], 0, 0); err != nil {
			return err
		}
	}
	return nil
}

const addPageDay = `INSERT INTO hit_page (path, day, views) VALUES ($1, $2, $3)
	ON CONFLICT (path, day) DO UPDATE SET views = hit_page.views + excluded.views`

const addPageTotal = `INSERT INTO hit_page_total (path, views) VALUES ($1, $2)
	ON CONFLICT (path) DO UPDATE SET views = hit_page_total.views + excluded.views`

func countPages(ctx context.Context, tx *sql.Tx, batch *hitBatch) error {
	for page, views := range batch.pages {
		if _, err := tx.ExecContext(ctx, addPageDay, page.path, string(page.day), views); err != nil {
			return err
		}
		if _, err := tx.ExecContext(ctx, addPageTotal, page.path, views); err != nil {
			return err
		}
	}
	return nil
}

// countVisitors adds the visits and the new visitors of each day.
func countVisitors(ctx context.Context, tx *sql.Tx, batch *hitBatch) error {
	days := map[model.Day]model.DayHits{}
	for visitor, seen := range batch.visitors {
		last, err := queryOne(ctx, tx, value[int64], `SELECT seen_at FROM hit_visitor WHERE day = $1 AND visitor = $2`, string(visitor.day), visitor.hash)
		fresh := errors.Is(err, model.ErrNotFound)
		if err != nil && !fresh {
			return err
		}
		day := days[visitor.day]
		day.Visits += seen.visits
		if fresh {
			day.Visitors++
		}
		if fresh || newVisit(last, seen.first) {
			day.Visits++
		}
		days[visitor.day] = day
		_, err = tx.ExecContext(ctx, `INSERT INTO hit_visitor (day, visitor, seen_at) VALUES ($1, $2, $3)
			ON CONFLICT (day, visitor) DO UPDATE SET seen_at = excluded.seen_at`, string(visitor.day), visitor.hash, max(last, seen.last))
		if err != nil {
			return err
		}
	}
	for day, hits := range days {
		if _, err := tx.ExecContext(ctx, addDay, string(day), 0, hits.Visits, hits.Visitors); err != nil {
			return err
		}
	}
	return nil
}

func countOnline(ctx context.Context, tx *sql.Tx, batch *hitBatch) error {
	for hash, online := range batch.online {
		_, err := tx.ExecContext(ctx, `INSERT INTO hit_online (visitor, seen_at) VALUES ($1, $2) ON CONFLICT (visitor) DO UPDATE SET
			seen_at = CASE WHEN hit_online.seen_at > excluded.seen_at THEN hit_online.seen_at ELSE excluded.seen_at END`, hash, online.seen)
		if err != nil {
			return err
		}
	}
	for _, online := range batch.online {
		if online.before == "" {
			continue
		}
		// The same visitor under yesterday's salt, who may be of this very batch.
		if _, err := tx.ExecContext(ctx, `DELETE FROM hit_online WHERE visitor = $1`, online.before); err != nil {
			return err
		}
	}
	return nil
}

// sweepHits forgets the visitors of past days, whose figures are in hit_day, and the salts of past days, as soon
// as those who were online at midnight have been hashed anew.
func sweepHits(ctx context.Context, tx *sql.Tx, now time.Time) error {
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
	f := hitFigures{day: model.DayOf(now)}
	month := string(monthOf(f.day))
	_, err := queryOne(ctx, q, func(row scanner) (struct{}, error) {
		return struct{}{}, row.Scan(&f.total, &f.today, &f.month, &f.online)
	}, `SELECT (SELECT views FROM hit_total WHERE id = 1),
		COALESCE((SELECT views FROM hit_day WHERE day = $1), 0),
		COALESCE((SELECT CAST(SUM(views) AS BIGINT) FROM hit_day WHERE day >= $2 AND day <= $3), 0),
		(SELECT COUNT(*) FROM hit_online WHERE seen_at > $4 AND seen_at <= $5)`,
		string(f.day), month+"-01", month+"-31", now.Add(-onlineFor).Unix(), now.Add(onlineFor).Unix())
	return f, err
}
