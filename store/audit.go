package store

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"strings"

	"congso/store/model"
)

// ErrAuditBroken: the audit trail is not what the program wrote: an entry was changed, taken out or put in.
var ErrAuditBroken = errors.New("the audit trail was tampered with")

// auditBatch is how many entries are read at once.
const auditBatch = 1000

// change is tx for a record. Changes come one after the other on PostgreSQL too, so that slugs, tags and the audit chain need no retries.
func (s *Store) change(ctx context.Context, change func(tx *sql.Tx) error) error {
	return s.changeAfter(ctx, func(*sql.Tx) error { return nil }, change)
}

// changeAfter is change whose transaction begins with prepare, which may take its time: nobody else's change waits for that.
func (s *Store) changeAfter(ctx context.Context, prepare, change func(tx *sql.Tx) error) error {
	made, count := false, int64(0)
	err := s.tx(ctx, func(tx *sql.Tx) error {
		if err := prepare(tx); err != nil {
			return err
		}
		if _, err := lockAudit(ctx, tx); err != nil {
			return err
		}
		err := change(tx)
		if err == nil && s.postgres {
			count, err = countChange(ctx, tx)
		}
		made = err == nil
		return err
	})
	if made { // also when the commit is said to have failed, which need not be so
		s.changes.Add(1)
	}
	if err == nil && s.postgres {
		s.others.own(count)
	}
	return err
}

// Changes is a number that grows with each change of records through this store, once that is in the database: what was read from the number
// that it is now on lacks none of them. With changes through other copies of the program it grows when a HitBuffer of this store is flushed
// next, see ChangesKnown.
func (s *Store) Changes() uint64 { return s.changes.Load() }

// lockAudit returns the hash of the newest audit entry, "" before the first, and keeps others from adding one until tx ends.
func lockAudit(ctx context.Context, tx *sql.Tx) (head string, err error) {
	return queryOne(ctx, tx, value[string], `INSERT INTO setting (name, value) VALUES ('audit_head', '')
		ON CONFLICT (name) DO UPDATE SET value = setting.value RETURNING value`)
}

// audit appends an entry in the transaction of the change itself. fields are names, never values.
func (s *Store) audit(ctx context.Context, tx *sql.Tx, by model.Actor, action string, kind model.Kind, id int64, fields []string) error {
	head, err := lockAudit(ctx, tx)
	if err != nil {
		return fmt.Errorf("audit: %w", err)
	}
	entry := model.Audit{At: s.now(), Actor: by, Action: action, Kind: kind, RecordID: id, Fields: fields, Previous: head}
	if entry.Hash, err = auditHash(entry); err != nil {
		return fmt.Errorf("audit: %w", err)
	}
	err = exec(ctx, tx, `INSERT INTO audit (at, user_id, actor, action, kind, record_id, fields, previous, hash)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
		unix(entry.At), by.UserID, by.Name, action, kind, id, strings.Join(fields, ","), entry.Previous, entry.Hash)
	if err == nil {
		err = exec(ctx, tx, `UPDATE setting SET value = $1 WHERE name = 'audit_head'`, entry.Hash)
	}
	if err != nil {
		return fmt.Errorf("audit: %w", err)
	}
	return nil
}

// auditHash is the SHA-256 of the hash before the entry and of the entry's values in a fixed order, as JSON.
func auditHash(a model.Audit) (string, error) {
	text, err := json.Marshal([]any{
		a.Previous, unix(a.At), a.Actor.UserID, a.Actor.Name, a.Action, a.Kind, a.RecordID, strings.Join(a.Fields, ","),
	})
	if err != nil {
		return "", err
	}
	sum := sha256.Sum256(text)
	return hex.EncodeToString(sum[:]), nil
}

const auditColumns = `id, at, user_id, actor, action, kind, record_id, fields, previous, hash`

func scanAudit(row scanner) (model.Audit, error) {
	var a model.Audit
	var fields string
	err := row.Scan(&a.ID, moment{&a.At}, &a.Actor.UserID, &a.Actor.Name, &a.Action, &a.Kind, &a.RecordID, &fields, &a.Previous, &a.Hash)
	if fields != "" {
		a.Fields = strings.Split(fields, ",")
	}
	return a, err
}

// VerifyAudit walks the whole audit trail and returns how many entries hold (see CheckAudit).
func (s *Store) VerifyAudit(ctx context.Context) (count int, err error) {
	check, err := s.CheckAudit(ctx, 0, 0)
	return check.Count, err
}

// CheckAudit walks the audit trail from the entry after the one with that id (0 for the first), limit entries at most (0 for all), and
// says how far it holds. The error is ErrAuditBroken, with the entry that does not fit, when the trail was changed; model.ErrNotFound when
// there is no entry to begin after. Entries may be added meanwhile.
func (s *Store) CheckAudit(ctx context.Context, after int64, limit int) (model.AuditCheck, error) {
	w, err := s.beginWalk(ctx, after)
	if err != nil {
		return w.AuditCheck, fmt.Errorf("audit: %w", err)
	}
	for ask := auditBatch; ; {
		if limit > 0 {
			ask = min(auditBatch, limit-w.Count)
		}
		if ask == 0 {
			w.More = !w.headSeen
			return w.AuditCheck, nil
		}
		batch, err := s.auditAfter(ctx, w.reached, ask)
		if err != nil {
			return w.AuditCheck, fmt.Errorf("audit: %w", err)
		}
		for _, entry := range batch {
			if err := s.step(ctx, &w, entry); err != nil {
				return w.AuditCheck, err
			}
		}
		if len(batch) < ask {
			return w.AuditCheck, w.end()
		}
	}
}

// auditAfter are the entries after the one with that id, limit at most, oldest first.
func (s *Store) auditAfter(ctx context.Context, id int64, limit int) ([]model.Audit, error) {
	return queryAll(ctx, s.read, scanAudit, `SELECT `+auditColumns+` FROM audit WHERE id > $1 ORDER BY id LIMIT $2`, id, limit)
}

// auditWalk is a walk under way.
type auditWalk struct {
	model.AuditCheck
	reached  int64  // id of the last entry that was looked at
	newest   string // hash of the newest entry when the walk began
	headSeen bool
}

func (s *Store) beginWalk(ctx context.Context, after int64) (w auditWalk, err error) {
	w.newest, err = queryOne(ctx, s.read, value[string], `SELECT value FROM setting WHERE name = 'audit_head'`)
	if err != nil && !errors.Is(err, model.ErrNotFound) {
		return w, err
	}
	if after > 0 {
		if w.Head, err = queryOne(ctx, s.read, value[string], `SELECT hash FROM audit WHERE id = $1`, after); err != nil {
			return w, err
		}
		w.Last, w.reached = after, after
	} else {
		w.reached = math.MinInt64 // an entry put in before the first is found too
	}
	w.headSeen = w.Head == w.newest
	return w, nil
}

// step holds that the entry follows the one before it, or that those between were removed by PruneAudit.
func (s *Store) step(ctx context.Context, w *auditWalk, entry model.Audit) error {
	hash, err := auditHash(entry)
	if err != nil {
		return fmt.Errorf("audit: %w", err)
	}
	follows := entry.Previous == w.Head
	if !follows && entry.Hash == hash {
		if follows, err = s.anchored(ctx, entry); err != nil {
			return fmt.Errorf("audit: %w", err)
		}
	}
	if !follows || entry.Hash != hash {
		w.Broken = entry.ID
		return fmt.Errorf("audit entry %d: %w", entry.ID, ErrAuditBroken)
	}
	w.Count, w.Last, w.reached, w.Head, w.headSeen = w.Count+1, entry.ID, entry.ID, hash, w.headSeen || hash == w.newest
	return nil
}

// end holds that the walk met the newest entry: else those at the end were taken out.
func (w *auditWalk) end() error {
	if !w.headSeen {
		return fmt.Errorf("audit after entry %d: %w", w.Last, ErrAuditBroken)
	}
	return nil
}
