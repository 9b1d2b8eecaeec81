package store

import (
	"context"
	"fmt"
	"time"

	"congso/store/model"
)

// editingFor is how long somebody counts as editing after the last sign of it.
const editingFor = 90 * time.Second

// Touch says that the user has the record open now. It is not audited.
func (s *Store) Touch(ctx context.Context, kind model.Kind, id, user int64) error {
	now := s.now()
	err := exec(ctx, s.write, `INSERT INTO editing (kind, record_id, user_id, since, seen_at) VALUES ($1, $2, $3, $4, $4)
		ON CONFLICT (kind, record_id, user_id) DO UPDATE SET seen_at = excluded.seen_at,
			since = CASE WHEN editing.seen_at < $5 OR editing.seen_at > $6 THEN excluded.since ELSE editing.since END`,
		kind, id, user, unix(now), unix(now.Add(-editingFor)), unix(now.Add(clockSkew)))
	if err != nil {
		return fmt.Errorf("editing %s %d: %w", kind, id, unavailable(err))
	}
	return nil
}

// Leave says that the user has handed the record on. It is not audited.
func (s *Store) Leave(ctx context.Context, kind model.Kind, id, user int64) error {
	if err := exec(ctx, s.write, `DELETE FROM editing WHERE kind = $1 AND record_id = $2 AND user_id = $3`, kind, id, user); err != nil {
		return fmt.Errorf("leave %s %d: %w", kind, id, unavailable(err))
	}
	return nil
}

// Editors returns who but the user has had the record open within the last 90 seconds, the longest first.
func (s *Store) Editors(ctx context.Context, kind model.Kind, id, except int64) ([]model.Editor, error) {
	scan := func(row scanner) (model.Editor, error) {
		var e model.Editor
		err := row.Scan(&e.UserID, &e.Name, moment{&e.Since})
		return e, err
	}
	list, err := queryAll(ctx, s.read, scan, `SELECT e.user_id, u.full_name, e.since FROM editing e JOIN users u ON u.id = e.user_id
		WHERE e.kind = $1 AND e.record_id = $2 AND e.user_id <> $3 AND e.seen_at >= $4 AND e.seen_at <= $5 ORDER BY e.since, e.user_id`,
		kind, id, except, unix(s.now().Add(-editingFor)), unix(s.now().Add(clockSkew)))
	if err != nil {
		return nil, fmt.Errorf("editors of %s %d: %w", kind, id, err)
	}
	return list, nil
}

// EditorsNow returns, by record, who has had records of the kind open within the last 90 seconds, the longest first.
func (s *Store) EditorsNow(ctx context.Context, kind model.Kind) (map[int64][]model.Editor, error) {
	editors := map[int64][]model.Editor{}
	scan := func(row scanner) (int64, error) {
		var id int64
		var e model.Editor
		err := row.Scan(&id, &e.UserID, &e.Name, moment{&e.Since})
		editors[id] = append(editors[id], e)
		return id, err
	}
	_, err := queryAll(ctx, s.read, scan, `SELECT e.record_id, e.user_id, u.full_name, e.since FROM editing e JOIN users u ON u.id = e.user_id
		WHERE e.kind = $1 AND e.seen_at >= $2 AND e.seen_at <= $3 ORDER BY e.since, e.user_id`,
		kind, unix(s.now().Add(-editingFor)), unix(s.now().Add(clockSkew)))
	if err != nil {
		return nil, fmt.Errorf("editors of %s: %w", kind, err)
	}
	return editors, nil
}
