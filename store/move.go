package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"congso/store/model"
)

// workflowRecord is a news item or meeting as moves need it.
type workflowRecord struct {
	model.Lifecycle
	kind     model.Kind
	id       int64
	slug     string
	whole    any
	markdown string
	doc      func(text string) model.SearchDoc
}

// wholeRecord returns the news item or meeting, or model.ErrNotFound.
func wholeRecord(ctx context.Context, q querier, kind model.Kind, id int64) (workflowRecord, error) {
	switch kind {
	case model.KindNews:
		n, err := wholeNews(ctx, q, id)
		return workflowRecord{n.Lifecycle, kind, id, n.Slug, n, n.Body, func(text string) model.SearchDoc { return newsDoc(n, text) }}, err
	case model.KindMeeting:
		m, err := wholeMeeting(ctx, q, id)
		return workflowRecord{m.Lifecycle, kind, id, m.Slug, m, m.Summary, func(text string) model.SearchDoc { return meetingDoc(m, text) }}, err
	}
	return workflowRecord{}, fmt.Errorf("%q has no workflow: %w", kind, model.ErrNotFound)
}

// Move takes a news item or meeting through its workflow without touching its text: send, withdraw, return (with a note), publish (now,
// or at the publish time that it has), archive, restore (to what it was before it was archived; an expiry that has passed is taken off).
// Row, revision, audit entry and search entry are written in one transaction; a working copy beside it stays and follows to the new
// revision. It returns the lifecycle as it is now. The error is model.ErrConflict when the row is at another revision, model.Invalid for
// the field "status", "note" or "expire_at" (see model.Lifecycle.Moved), model.ErrNotFound for an unknown record.
func (s *Store) Move(ctx context.Context, by model.Actor, kind model.Kind, id int64, revision int, action model.Action, note string) (model.Lifecycle, error) {
	l, err := s.move(ctx, by, kind, id, revision, action, note)
	if err != nil {
		return l, fmt.Errorf("%s %s %d: %w", action, kind, id, err)
	}
	return l, nil
}

func (s *Store) move(ctx context.Context, by model.Actor, kind model.Kind, id int64, revision int, action model.Action, note string) (l model.Lifecycle, err error) {
	before, err := wholeRecord(ctx, s.read, kind, id)
	if err != nil {
		return l, err
	}
	if before.Revision != revision {
		return before.Lifecycle, model.ErrConflict
	}
	next, err := s.nextLifecycle(ctx, before, action, note)
	if err != nil {
		return before.Lifecycle, err
	}
	var rendered model.Rendered
	if next.Status == model.StatusPublished { // only then is its text to be found
		if rendered, err = s.renderer.Render(before.markdown); err != nil {
			return before.Lifecycle, fmt.Errorf("render: %w", err)
		}
	}
	err = s.change(ctx, func(tx *sql.Tx) (err error) {
		l, err = s.moveRow(ctx, tx, by, before, next, action, rendered.Text)
		return err
	})
	return l, err
}

// nextLifecycle is the record's lifecycle after the action.
func (s *Store) nextLifecycle(ctx context.Context, before workflowRecord, action model.Action, note string) (model.Lifecycle, error) {
	if action == model.ActionEdit {
		return before.Lifecycle, model.Invalid{"status": "Việc này không đổi trạng thái."}
	}
	next, err := before.Moved(action, note, s.Now())
	if err != nil || action != model.ActionRestore {
		return next, err
	}
	if !next.ExpireAt.IsZero() && !next.ExpireAt.After(s.now()) {
		next.ExpireAt = time.Time{}
	}
	next.Status, err = statusBeforeArchive(ctx, s.read, before.kind, before.id)
	return next, err
}

// moveRow writes what a move changes. text is the record's text without marks, needed only for what is published then.
func (s *Store) moveRow(ctx context.Context, tx *sql.Tx, by model.Actor, before workflowRecord, next model.Lifecycle, action model.Action, text string) (model.Lifecycle, error) {
	now := s.now()
	_, err := queryOne(ctx, tx, value[int], `UPDATE `+string(before.kind)+` SET status = $1, status_note = $2, publish_at = $3, expire_at = $4,
		updated_at = $5, coming = $6, revision = revision + 1 WHERE id = $7 AND revision = $8 RETURNING revision`,
		next.Status, next.Note, unix(next.PublishAt), unix(next.ExpireAt), unix(now), coming(next, now), before.id, before.Revision)
	if errors.Is(err, model.ErrNotFound) {
		err = model.ErrConflict
	}
	if err != nil {
		return before.Lifecycle, err
	}
	err = exec(ctx, tx, `UPDATE working_copy SET base_revision = base_revision + 1 WHERE kind = $1 AND record_id = $2 AND base_revision = $3`,
		before.kind, before.id, before.Revision)
	if err != nil {
		return before.Lifecycle, err
	}
	after, err := wholeRecord(ctx, tx, before.kind, before.id)
	if err != nil {
		return before.Lifecycle, err
	}
	if err := s.indexRecord(ctx, tx, before.slug, after.doc(text), after.Status == model.StatusPublished); err != nil {
		return before.Lifecycle, err
	}
	return after.Lifecycle, s.record(ctx, tx, by, edit{kind: before.kind, id: before.id, revision: after.Revision, before: before.whole,
		after: after.whole, action: string(action), author: after.Owner})
}
