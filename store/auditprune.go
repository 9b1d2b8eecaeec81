package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"math"
	"time"

	"congso/store/model"
)

// Times and sizes of pruning.
const (
	pruneLease = 10 * time.Minute // after which another copy of the program takes over
	pruneBatch = 2000             // entries in one transaction: others write between two of them
)

// PruneAudit removes the entries at the beginning of the audit trail that are older than keep, and leaves an anchor for each batch: an entry of
// model.ActionPrune, in the same transaction, that names the last removed entry and its hash. The trail is removed up to its first entry
// that is to be kept, whatever the clock said when later ones were written. A trail that does not hold is left as it is: the error is
// ErrAuditBroken. Of several copies of the program one at a time does this; holder names the copy. It returns how many entries it removed.
func (s *Store) PruneAudit(ctx context.Context, holder string, keep time.Duration) (removed int64, err error) {
	if keep <= 0 {
		return 0, nil
	}
	before := s.now().Add(-keep)
	for {
		held, err := s.lease(ctx, "prune", holder, pruneLease)
		if err != nil || !held {
			return removed, err
		}
		old, err := s.oldAudit(ctx, before)
		if err != nil {
			return removed, fmt.Errorf("prune audit: %w", err)
		}
		if len(old) == 0 {
			return removed, nil
		}
		if err := s.pruneAudit(ctx, old); err != nil {
			return removed, fmt.Errorf("prune audit: %w", err)
		}
		removed += int64(len(old))
	}
}

// oldAudit are the entries from the first on that are older, a batch at most. They are none when all are anchors of former prunings: taking
// those away would only put another one in their place.
func (s *Store) oldAudit(ctx context.Context, before time.Time) ([]model.Audit, error) {
	walk, err := s.beginWalk(ctx, 0)
	if err != nil {
		return nil, err
	}
	entries, err := s.auditAfter(ctx, walk.reached, pruneBatch)
	if err != nil {
		return nil, err
	}
	old, worth := 0, false
	for _, entry := range entries {
		if !entry.At.Before(before) {
			break
		}
		if err := s.step(ctx, &walk, entry); err != nil {
			return nil, err
		}
		_, anchor := entry.Pruned()
		old, worth = old+1, worth || !anchor
	}
	if old == len(entries) && old < pruneBatch { // the whole trail
		if err := walk.end(); err != nil {
			return nil, err
		}
	}
	if !worth {
		return nil, nil
	}
	return entries[:old], nil
}

// pruneAudit removes the entries, the first ones of the trail, and appends their anchor.
func (s *Store) pruneAudit(ctx context.Context, old []model.Audit) error {
	last := old[len(old)-1]
	all, err := prunedBefore(ctx, s.read)
	if err != nil {
		return err
	}
	return s.change(ctx, func(tx *sql.Tx) error {
		result, err := tx.ExecContext(ctx, `DELETE FROM audit WHERE id <= $1`, last.ID)
		if err != nil {
			return err
		}
		n, err := result.RowsAffected()
		if err != nil {
			return err
		}
		if n != int64(len(old)) {
			return fmt.Errorf("%d entries up to %d instead of %d: %w", n, last.ID, len(old), model.ErrConflict)
		}
		e := model.AuditPrune{Last: last.ID, Hash: last.Hash, Count: n, All: all + n}.Entry()
		return s.audit(ctx, tx, sweeper(), e.Action, e.Kind, e.RecordID, e.Fields)
	})
}

// prunedBefore is how many entries were removed so far.
func prunedBefore(ctx context.Context, q querier) (int64, error) {
	anchor, err := newestAnchor(ctx, q, math.MinInt64)
	if errors.Is(err, model.ErrNotFound) {
		return 0, nil
	}
	return anchor.All, err
}

// newestAnchor is what the newest anchor among the entries from that id on says; model.ErrNotFound when there is none that can be believed.
func newestAnchor(ctx context.Context, q querier, from int64) (model.AuditPrune, error) {
	entry, err := queryOne(ctx, q, scanAudit, `SELECT `+auditColumns+` FROM audit WHERE action = $1 AND kind = $2 AND id >= $3 ORDER BY id DESC LIMIT 1`,
		model.ActionPrune, model.KindAudit, from)
	if err != nil {
		return model.AuditPrune{}, err
	}
	hash, err := auditHash(entry)
	if err != nil {
		return model.AuditPrune{}, err
	}
	p, ok := entry.Pruned()
	if !ok || hash != entry.Hash {
		return model.AuditPrune{}, model.ErrNotFound
	}
	return p, nil
}

// anchored reports whether the entry is the first of all and follows those that PruneAudit removed: the newest anchor names the hash before
// it. The anchor is an entry of the chain itself, which a walk to the end holds too. An entry that was removed since it was read is as good.
func (s *Store) anchored(ctx context.Context, entry model.Audit) (bool, error) {
	anchor, err := newestAnchor(ctx, s.read, entry.ID)
	if err != nil && !errors.Is(err, model.ErrNotFound) {
		return false, err
	}
	first, err := queryOne(ctx, s.read, value[int64], `SELECT COALESCE(MIN(id), 0) FROM audit`) // after the anchor: had there been another pruning, the entry would be gone
	if err != nil {
		return false, err
	}
	if first > entry.ID {
		if anchor, err = newestAnchor(ctx, s.read, first); errors.Is(err, model.ErrNotFound) {
			return false, nil
		}
		return err == nil && anchor.Last >= entry.ID, err
	}
	return first == entry.ID && anchor.Hash == entry.Previous && anchor.Last != 0 && anchor.Last < entry.ID, nil
}

// AuditHead is the newest entry of the audit trail, the zero entry before the first. Its hash stands for all entries up to it: a copy of it
// that is kept elsewhere shows later whether they were changed.
func (s *Store) AuditHead(ctx context.Context) (model.Audit, error) {
	return s.auditEnd(ctx, "DESC")
}

// AuditTail is the oldest entry that is still there, the zero entry before the first. When it names a hash before it, older ones were removed.
func (s *Store) AuditTail(ctx context.Context) (model.Audit, error) {
	return s.auditEnd(ctx, "ASC")
}

func (s *Store) auditEnd(ctx context.Context, order string) (model.Audit, error) {
	entry, err := queryOne(ctx, s.read, scanAudit, `SELECT `+auditColumns+` FROM audit ORDER BY id `+order+` LIMIT 1`)
	if errors.Is(err, model.ErrNotFound) {
		return model.Audit{}, nil
	}
	if err != nil {
		return model.Audit{}, fmt.Errorf("audit: %w", err)
	}
	return entry, nil
}
