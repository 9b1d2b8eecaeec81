package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"

	"congso/store/model"
)

// Revisions returns the history of a record, newest first, or model.ErrNotFound when it has none.
func (s *Store) Revisions(ctx context.Context, kind model.Kind, id int64) ([]model.Revision, error) {
	scan := func(row scanner) (model.Revision, error) {
		var r model.Revision
		err := row.Scan(&r.Number, &r.Name, &r.Action, &r.By.UserID, &r.By.Name, &r.ByName, moment{&r.At})
		return r, err
	}
	list, err := queryAll(ctx, s.read, scan, `SELECT r.number, r.name, r.action, COALESCE(r.user_id, 0), r.actor, COALESCE(u.full_name, r.actor), r.at
		FROM revision r LEFT JOIN users u ON u.id = r.user_id WHERE r.kind = $1 AND r.record_id = $2 ORDER BY r.number DESC`, kind, id)
	if err == nil && len(list) == 0 {
		err = model.ErrNotFound
	}
	if err != nil {
		return nil, fmt.Errorf("revisions of %s %d: %w", kind, id, err)
	}
	return list, nil
}

// RevisionNews returns the item as it was at that revision, or model.ErrNotFound. Its HTML is empty; its section, files and tags are those
// of then and may be gone. What an older program wrote otherwise than this one is left empty. To restore it, its texts are put into a
// working copy of the item as it is now.
func (s *Store) RevisionNews(ctx context.Context, id int64, number int) (model.News, error) {
	n, err := revisionOf[model.News](ctx, s.read, model.KindNews, id, number)
	n.ID, n.Revision = id, number
	inZone(&n.Lifecycle)
	return n, err
}

// RevisionMeeting returns the meeting as it was at that revision, by the rules of RevisionNews.
func (s *Store) RevisionMeeting(ctx context.Context, id int64, number int) (model.Meeting, error) {
	m, err := revisionOf[model.Meeting](ctx, s.read, model.KindMeeting, id, number)
	m.ID, m.Revision = id, number
	inZone(&m.Lifecycle)
	m.Start, m.End = fromUnix(unix(m.Start)), fromUnix(unix(m.End))
	return m, err
}

// inZone gives the times that JSON carried the zone of all others.
func inZone(l *model.Lifecycle) {
	l.PublishAt, l.ExpireAt = fromUnix(unix(l.PublishAt)), fromUnix(unix(l.ExpireAt))
	l.CreatedAt, l.UpdatedAt = fromUnix(unix(l.CreatedAt)), fromUnix(unix(l.UpdatedAt))
}

func revisionOf[T any](ctx context.Context, q querier, kind model.Kind, id int64, number int) (T, error) {
	var record T
	data, err := queryOne(ctx, q, value[string], `SELECT data FROM revision WHERE kind = $1 AND record_id = $2 AND number = $3`, kind, id, number)
	if err == nil {
		err = json.Unmarshal([]byte(data), &record)
	}
	var otherType *json.UnmarshalTypeError
	if errors.As(err, &otherType) { // the rest has been read all the same
		err = nil
	}
	if err != nil {
		return record, fmt.Errorf("revision %d of %s %d: %w", number, kind, id, err)
	}
	return record, nil
}

// NameRevision gives a revision a name by which people find it again, or takes it off (""). The audit trail says "name". The error is
// model.Invalid for a name that is too long, model.ErrNotFound when there is no such revision.
func (s *Store) NameRevision(ctx context.Context, by model.Actor, kind model.Kind, id int64, number int, name string) error {
	name = model.Clean(name)
	if len([]rune(name)) > model.MaxVersionName {
		return fmt.Errorf("name revision: %w", model.Invalid{"name": fmt.Sprintf("Tên phiên bản dài quá %d ký tự.", model.MaxVersionName)})
	}
	err := s.change(ctx, func(tx *sql.Tx) error {
		_, err := queryOne(ctx, tx, value[int], `UPDATE revision SET name = $1 WHERE kind = $2 AND record_id = $3 AND number = $4 RETURNING number`,
			name, kind, id, number)
		if err != nil {
			return err
		}
		return s.audit(ctx, tx, by, "name", kind, id, []string{"revision"})
	})
	if err != nil {
		return fmt.Errorf("name revision %d of %s %d: %w", number, kind, id, err)
	}
	return nil
}
