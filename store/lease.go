package store

import (
	"context"
	"errors"
	"fmt"
	"time"

	"congso/store/model"
)

// leaseTerm is how long nobody does the work of a copy that was killed.
const leaseTerm = 30 * time.Second

// Leased does what one copy of the program at a time is to do for all, unless another one is doing it; did reports whether it was done here. The
// context that do gets ends when the lease cannot be kept, after which another copy may begin. When a copy is killed, another may
// begin half a minute later. With SQLite, where the data folder's lock keeps other copies away, it is just done.
func (s *Store) Leased(ctx context.Context, name string, do func(ctx context.Context) error) (did bool, err error) {
	if !s.postgres {
		return true, do(ctx)
	}
	held, err := s.lease(ctx, name, s.holder, leaseTerm)
	if err != nil || !held {
		return false, err
	}
	work, stop := context.WithCancel(ctx)
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		s.keepLease(work, stop, name)
	}()
	defer func() { // after a panic too
		stop()
		<-ended
		err = errors.Join(err, s.giveUpLease(context.WithoutCancel(ctx), name))
	}()
	return true, do(work)
}

// LeasedOnce is Leased for what is to be done once for all copies, as mark says: the day, say, whose work it is. done reports whether it is
// done by now, be it by another copy. With SQLite it is done whenever it is asked for.
func (s *Store) LeasedOnce(ctx context.Context, name, mark string, do func(ctx context.Context) error) (done bool, err error) {
	if !s.postgres {
		err := do(ctx)
		return err == nil, err
	}
	did, err := s.Leased(ctx, name, func(ctx context.Context) error {
		before, err := queryOne(ctx, s.write, value[string], `SELECT done FROM lease WHERE name = $1`, name)
		if err != nil || before == mark {
			return err
		}
		if err := do(ctx); err != nil {
			return err
		}
		return s.markDone(ctx, name, mark)
	})
	return did && err == nil, err
}

// markDone notes what was done last under a lease of this copy.
func (s *Store) markDone(ctx context.Context, name, mark string) error {
	if err := exec(ctx, s.write, `UPDATE lease SET done = $1 WHERE name = $2 AND holder = $3`, mark, name, s.holder); err != nil {
		return fmt.Errorf("lease of %s: %w", name, err)
	}
	return nil
}

// keepLease renews a lease until ctx ends; it calls stop once the lease is another's, or soon may be.
func (s *Store) keepLease(ctx context.Context, stop func(), name string) {
	ticker := time.NewTicker(leaseTerm / 3)
	defer ticker.Stop()
	for kept := time.Now(); ; {
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
		}
		asked := time.Now()
		held, err := s.lease(ctx, name, s.holder, leaseTerm)
		switch {
		case held:
			kept = asked
		case err == nil || time.Since(kept) > leaseTerm*2/3:
			s.log.Warn("another copy may go on with this work", "work", name, "error", err)
			stop()
			return
		}
	}
}

// giveUpLease lets others have the work at once.
func (s *Store) giveUpLease(ctx context.Context, name string) error {
	if err := exec(ctx, s.write, `UPDATE lease SET expires_at = 0 WHERE name = $1 AND holder = $2`, name, s.holder); err != nil {
		return fmt.Errorf("lease of %s: %w", name, err)
	}
	return nil
}

// lease takes or keeps the work of that name for the holder. held is false while another has it; one that would have it for longer than
// two terms got it from a clock that was ahead, and loses it.
func (s *Store) lease(ctx context.Context, name, holder string, term time.Duration) (held bool, err error) {
	if s.Outdated() != nil { // whatever there is to do, a newer program does
		return false, nil
	}
	now := s.now()
	_, err = queryOne(ctx, s.write, value[string], `INSERT INTO lease (name, holder, expires_at) VALUES ($1, $2, $3)
		ON CONFLICT (name) DO UPDATE SET holder = excluded.holder, expires_at = excluded.expires_at
		WHERE lease.holder = excluded.holder OR lease.expires_at <= $4 OR lease.expires_at > $5 RETURNING holder`,
		name, holder, unix(now.Add(term)), unix(now), unix(now.Add(term+clockSkew))) // none is given for so long: the clock was set back
	if errors.Is(err, model.ErrNotFound) {
		return false, nil
	}
	if err != nil {
		return false, fmt.Errorf("lease of %s: %w", name, err)
	}
	return true, nil
}
