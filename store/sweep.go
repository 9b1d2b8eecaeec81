package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"congso/store/model"
)

// Times and sizes of the sweep.
const (
	sweepLease = 30 * time.Second // after which another copy of the program takes over
	sweepBatch = 500              // records of a kind at once; the rest follow in the next round
)

// What is due, by indexes that hold little else.
const (
	toShow = ` WHERE coming = TRUE AND publish_at <= $1 ORDER BY publish_at LIMIT $2`
	toEnd  = ` WHERE status = 'published' AND expire_at > 0 AND expire_at <= $1 ORDER BY expire_at LIMIT $2`
)

// sweeper is who makes the changes that time makes.
func sweeper() model.Actor { return model.Actor{Name: "congso"} }

// due is what time has brought about and no row says yet.
type due struct {
	kind      model.Kind
	out, over []int64 // come to be seen, expired
}

// Sweep makes of times that have come what the rows and the audit trail are to say: what has expired is archived, with revision, audit
// and search entry; that what was published ahead of its time is now to be seen is written into the audit trail, once. It forgets who was
// editing long ago and splits lists' parts that have grown. Of several copies of the program one at a time does this; holder names the copy. When nothing is due it only reads.
// It returns how many records it changed; one that fails does not keep the others back.
func (s *Store) Sweep(ctx context.Context, holder string) (done int, err error) {
	now := unix(s.now())
	all, err := s.allDue(ctx, now)
	if err != nil {
		return 0, fmt.Errorf("sweep: %w", err)
	}
	left, err := s.anyoneLeft(ctx)
	if err != nil {
		return 0, err
	}
	large, err := largeParts(ctx, s.read)
	if err != nil || len(all) == 0 && !left && len(large) == 0 {
		return 0, err
	}
	held, err := s.lease(ctx, "sweep", holder, sweepLease)
	if err != nil || !held {
		return 0, err
	}
	_, failed := s.SplitLists(ctx)
	failed = errors.Join(failed, s.forgetEditors(ctx))
	for _, d := range all {
		n, err := s.sweepKind(ctx, d)
		done, failed = done+n, errors.Join(failed, err)
	}
	return done, failed
}

func (s *Store) allDue(ctx context.Context, now int64) ([]due, error) {
	var all []due
	for _, kind := range []model.Kind{model.KindNews, model.KindMeeting} {
		d := due{kind: kind}
		var err error
		d.out, err = queryAll(ctx, s.read, value[int64], `SELECT id FROM `+string(kind)+toShow, now, sweepBatch)
		if err != nil {
			return nil, err
		}
		d.over, err = queryAll(ctx, s.read, value[int64], `SELECT id FROM `+string(kind)+toEnd, now, sweepBatch)
		if err != nil {
			return nil, err
		}
		if len(d.out)+len(d.over) > 0 {
			all = append(all, d)
		}
	}
	return all, nil
}

// sweepKind does each record in a transaction of its own.
func (s *Store) sweepKind(ctx context.Context, d due) (done int, failed error) {
	for _, step := range []struct {
		ids []int64
		do  func(ctx context.Context, tx *sql.Tx, kind model.Kind, id int64) (bool, error)
	}{{d.out, s.comeOut}, {d.over, s.expire}} {
		for _, id := range step.ids {
			changed := false
			err := s.change(ctx, func(tx *sql.Tx) (err error) {
				changed, err = step.do(ctx, tx, d.kind, id)
				return err
			})
			switch {
			case err != nil:
				failed = errors.Join(failed, fmt.Errorf("sweep %s %d: %w", d.kind, id, err))
			case changed:
				done++
			}
		}
	}
	return done, failed
}

// comeOut writes down that readers see the record from now on. Its row says all they need already.
func (s *Store) comeOut(ctx context.Context, tx *sql.Tx, kind model.Kind, id int64) (bool, error) {
	_, err := queryOne(ctx, tx, value[int64], `UPDATE `+string(kind)+` SET coming = FALSE WHERE id = $1 AND coming = TRUE AND publish_at <= $2 RETURNING id`,
		id, unix(s.now()))
	if errors.Is(err, model.ErrNotFound) {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	return true, s.audit(ctx, tx, sweeper(), string(model.ActionPublish), kind, id, []string{"publish_at"})
}

// expire archives the record, unless it was changed since it was found.
func (s *Store) expire(ctx context.Context, tx *sql.Tx, kind model.Kind, id int64) (bool, error) {
	r, err := wholeRecord(ctx, tx, kind, id)
	if err != nil {
		return false, err
	}
	if r.Status != model.StatusPublished || r.ExpireAt.IsZero() || r.ExpireAt.After(s.now()) {
		return false, nil
	}
	next, err := r.Moved(model.ActionArchive, "", s.Now())
	if err == nil {
		_, err = s.moveRow(ctx, tx, sweeper(), r, next, model.ActionArchive, "")
	}
	return err == nil, err
}

// anyoneLeft reports whether somebody is no longer editing.
func (s *Store) anyoneLeft(ctx context.Context) (bool, error) {
	n, err := queryOne(ctx, s.read, value[int], `SELECT COUNT(*) FROM editing WHERE seen_at < $1 OR seen_at > $2`, unix(s.now().Add(-editingFor)), unix(s.now().Add(clockSkew)))
	if err != nil {
		return false, fmt.Errorf("sweep: %w", err)
	}
	return n > 0, nil
}

func (s *Store) forgetEditors(ctx context.Context) error {
	if err := exec(ctx, s.write, `DELETE FROM editing WHERE seen_at < $1 OR seen_at > $2`, unix(s.now().Add(-editingFor)), unix(s.now().Add(clockSkew))); err != nil {
		return fmt.Errorf("sweep: %w", err)
	}
	return nil
}
