package store

import (
	"context"
	"fmt"
	"time"
)

// Times of the copies of the program that serve one database.
const (
	copyLives = 15 * time.Second // a copy that was not heard of for so long serves no more
	copyKept  = 24 * time.Hour   // how long it is known after that
)

// clockMayDiffer is how far a copy's clock may be off the database's before it is told.
const clockMayDiffer = 2 * time.Second

// Copy is one start of the program that serves the records of a PostgreSQL database, as it said of itself.
type Copy struct {
	ID      string // of the start
	Name    string // of machine and data folder
	Program string // version and commit
	Schema  int64  // that the program knows
	Content string // version of its articles
	Since   time.Time
	Backups time.Duration // the longest time between two backups that it is to make; 0 for none

	Silent time.Duration // since it was heard of last, by the database's clock
	Ahead  time.Duration // how far its clock is ahead of the database's, at least; below 0 when it is behind
}

// Lives reports whether the copy was heard of lately.
func (c Copy) Lives() bool { return c.Silent < copyLives }

// ClockOff reports whether the copy's clock is so far off the database's that it should be set.
func (c Copy) ClockOff() bool { return c.Ahead.Abs() > clockMayDiffer }

// Clock says how the copy's clock stands to the database's.
func (c Copy) Clock() string {
	how := "ahead of"
	if c.Ahead < 0 {
		how = "behind"
	}
	return fmt.Sprintf("%.1f s %s the database's clock", c.Ahead.Abs().Seconds(), how)
}

// Copies are the copies of the program as one of them sees them.
type Copies struct {
	Own     Copy
	Others  []Copy // that live
	Schema  int64  // that the database has
	Indexed string // version of the articles that search finds
}

// ProgramSchema is the number of the newest migration that this program knows.
func ProgramSchema() (int64, error) { return newestSchema() }

// AnnounceCopy tells the other copies on the same PostgreSQL database of this one, as c has it up to Backups, and
// reads what there is to know of them: see Copies and ChangesKnown. A copy should do so every few seconds. With SQLite there is no other, and
// nothing is done.
func (s *Store) AnnounceCopy(ctx context.Context, c Copy) error {
	if !s.postgres {
		return nil
	}
	c.ID = s.holder
	seen, at, err := s.meet(ctx, &c)
	if err == nil {
		err = exec(ctx, s.write, `INSERT INTO copy (id, name, program, schema_version, content, began_at, backup_every, seen_at, clock_ahead)
			VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
			ON CONFLICT (id) DO UPDATE SET content = excluded.content, seen_at = excluded.seen_at, clock_ahead = excluded.clock_ahead`,
			c.ID, c.Name, c.Program, c.Schema, c.Content, unix(c.Since), int64(c.Backups/time.Second), unix(at), c.Ahead.Milliseconds())
	}
	if err == nil {
		err = s.forgetCopies(ctx, c, at)
	}
	if err == nil {
		seen.Others, err = s.copiesAt(ctx, at)
	}
	if err != nil {
		return fmt.Errorf("copies of the program: %w", err)
	}
	seen.Own, seen.Others = c, filter(seen.Others, func(o Copy) bool { return o.ID != c.ID && o.Lives() })
	s.others.seen.Store(&seen)
	return nil
}

// forgetCopies forgets copies that were not heard of for long, and at first the starts of c before this one, which were killed, with what they were
// doing for all. Who has c's name later is another machine, cloned from the same one say, and lives.
func (s *Store) forgetCopies(ctx context.Context, c Copy, at time.Time) error {
	_, later := s.Copies()
	killed, err := queryAll(ctx, s.write, value[string], `DELETE FROM copy WHERE $1 AND name = $2 AND id <> $3 OR seen_at < $4 RETURNING id`,
		!later, c.Name, c.ID, unix(at.Add(-copyKept)))
	for _, id := range killed {
		if err == nil {
			err = exec(ctx, s.write, `UPDATE lease SET expires_at = 0 WHERE holder = $1`, id)
		}
	}
	return err
}

// meet reads the database's clock, by which copies are seen, sets how far c's is ahead of it, and begins what is seen.
func (s *Store) meet(ctx context.Context, c *Copy) (seen Copies, at time.Time, err error) {
	began, asked := time.Now(), s.now()
	var clock int64
	_, err = queryOne(ctx, s.write, func(row scanner) (struct{}, error) {
		return struct{}{}, row.Scan(&clock, &seen.Schema, &seen.Indexed)
	}, `SELECT CAST(EXTRACT(EPOCH FROM clock_timestamp()) * 1000 AS BIGINT), COALESCE((SELECT MAX(version_id) FROM goose_db_version WHERE is_applied = TRUE), 0),
		COALESCE((SELECT done FROM lease WHERE name = $1), '')`, articleLease)
	took := time.Since(began)
	at = time.UnixMilli(clock)
	c.Ahead = surelyAhead(asked.Add(took/2).Sub(at), took/2)
	return seen, at, err
}

// surelyAhead is how far a clock is ahead at least when it was read as being ahead with that uncertainty.
func surelyAhead(ahead, unsure time.Duration) time.Duration {
	switch {
	case ahead > unsure:
		return ahead - unsure
	case ahead < -unsure:
		return ahead + unsure
	}
	return 0
}

// copiesAt are all copies that are known, by name, as they are at that time of the database's clock.
func (s *Store) copiesAt(ctx context.Context, at time.Time) ([]Copy, error) {
	return queryAll(ctx, s.write, func(row scanner) (c Copy, err error) {
		var every, seen, ahead int64
		err = row.Scan(&c.ID, &c.Name, &c.Program, &c.Schema, &c.Content, moment{&c.Since}, &every, &seen, &ahead)
		c.Backups = time.Duration(every) * time.Second
		c.Silent, c.Ahead = max(0, at.Sub(time.Unix(seen, 0))), time.Duration(ahead)*time.Millisecond
		return c, err
	}, `SELECT id, name, program, schema_version, content, began_at, backup_every, seen_at, clock_ahead FROM copy ORDER BY name, began_at`)
}

// AllCopies returns the copies of the program on a PostgreSQL database that were heard of within a day, by name; none with SQLite. ahead is how
// far this machine's own clock is ahead of the database's.
func (s *Store) AllCopies(ctx context.Context) (all []Copy, ahead time.Duration, err error) {
	if !s.postgres {
		return nil, 0, nil
	}
	var own Copy
	_, at, err := s.meet(ctx, &own)
	if err == nil {
		all, err = s.copiesAt(ctx, at)
	}
	if err != nil {
		return nil, 0, fmt.Errorf("copies of the program: %w", err)
	}
	return all, own.Ahead, nil
}

// Copies are the copies as AnnounceCopy saw them last; ok is false before that, and with SQLite.
func (s *Store) Copies() (seen Copies, ok bool) {
	if last := s.others.seen.Load(); last != nil {
		return *last, true
	}
	return Copies{}, false
}

// LeaveCopies tells the others that this copy serves no more.
func (s *Store) LeaveCopies(ctx context.Context) error {
	if !s.postgres {
		return nil
	}
	if err := exec(ctx, s.write, `DELETE FROM copy WHERE id = $1`, s.holder); err != nil {
		return fmt.Errorf("copies of the program: %w", err)
	}
	return nil
}

// articleLease is the work of keeping search in step with the articles. What is done under it is the version of the articles.
const articleLease = "articles"

// KeepArticles does keep, which is to keep search in step with this copy's articles for as long as its context holds, in one copy of the
// program at a time; in the others it returns at once, and should be called again after some seconds. Copies whose articles differ do not
// take turns with the index, but all find the articles of one.
func (s *Store) KeepArticles(ctx context.Context, keep func(ctx context.Context) error) error {
	_, err := s.Leased(ctx, articleLease, keep)
	return err
}

// NoteArticles says which version of the articles search finds now. It is for whoever keeps the articles.
func (s *Store) NoteArticles(ctx context.Context, version string) error {
	if !s.postgres {
		return nil
	}
	return s.markDone(ctx, articleLease, version)
}
