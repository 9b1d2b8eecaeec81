package store

import (
	"context"
	"database/sql"
	"sync"
	"sync/atomic"
	"time"
)

// changesFor is how long after a look at the database's count of changes it is certain enough that there was no other.
const changesFor = 3 * time.Second

// others is what a store knows of the other copies of the program on its PostgreSQL database, and of the changes that they make.
type others struct {
	seen atomic.Pointer[Copies] // nil before anything is known of them

	mu    sync.Mutex
	count int64     // of changes in the database, as far as Changes has them
	asked time.Time // when the database was last asked for it, by this machine's own clock
}

// countChange counts a change in its own transaction, for the other copies.
func countChange(ctx context.Context, tx *sql.Tx) (count int64, err error) {
	return queryOne(ctx, tx, value[int64], `UPDATE change_count SET n = n + 1 WHERE id = 1 RETURNING n`)
}

// own notes that the change with that count was made through this store: it is in Changes already.
func (o *others) own(count int64) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if count == o.count+1 {
		o.count = count
	}
}

// noteCount takes up the database's count of changes as it was when it was asked then.
func (s *Store) noteCount(count int64, asked time.Time) {
	if !s.postgres {
		return
	}
	o := &s.others
	o.mu.Lock()
	defer o.mu.Unlock()
	if count != o.count {
		s.newest.forget()
		s.changes.Add(1)
		o.count = count
	}
	if asked.After(o.asked) {
		o.asked = asked
	}
}

// ChangesKnown reports whether Changes has all changes that other copies of the program have made, but for those of the last three seconds. It
// does as long as a HitBuffer can be flushed each second, and where no other copy is known.
func (s *Store) ChangesKnown() bool {
	seen := s.others.seen.Load()
	if seen == nil || len(seen.Others) == 0 {
		return true
	}
	s.others.mu.Lock()
	defer s.others.mu.Unlock()
	return time.Since(s.others.asked) < changesFor
}
