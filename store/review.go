package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"

	"congso/store/model"
)

// saving says how a record is written: by which action, and which working copy goes into it. The zero saving is a plain write.
type saving struct {
	action model.Action
	copy   int   // version of the working copy that ends with it, 0 for none
	author int64 // who wrote the text that replaces a published one, 0 for the record's owner
}

// name is what the audit trail calls it, "" for create or update.
func (how saving) name() string {
	if how.action == model.ActionEdit {
		return ""
	}
	return string(how.action)
}

// consume ends the working copy that goes into the record.
func (s *Store) consume(ctx context.Context, tx *sql.Tx, kind model.Kind, id int64, how saving) error {
	if how.copy == 0 {
		return nil
	}
	return s.removeCopy(ctx, tx, kind, id, how.copy)
}

// PutNewsFrom writes the item as PutNews does and ends the working copy that it was made from, in one transaction. copyVersion is that
// copy's version, 0 when there is none; the action is ActionEdit for a plain save, ActionSend, or ActionPublish, which is the only one
// for a published item. Status, owner, note and, with a copy, the base revision are taken from the store, the rest from n: a publish time
// left empty stays what it was, or is now.
// The errors are those of PutNews; model.Overtaken when the working copy has another version; model.ErrConflict when the row has moved on
// from the copy's base, in which case the copy stays; model.Invalid for "status" when the action does not lead on from the status.
func (s *Store) PutNewsFrom(ctx context.Context, by model.Actor, n *model.News, copyVersion int, action model.Action) error {
	how := saving{action: action, copy: copyVersion}
	next := *n
	err := s.settle(ctx, by, model.KindNews, n.ID, &next.Lifecycle, &how)
	if err != nil {
		return fmt.Errorf("%s news %d: %w", action, n.ID, err)
	}
	if err := s.saveNews(ctx, by, &next, how); err != nil {
		return err
	}
	*n = next
	return nil
}

// PutMeetingFrom does for a meeting what PutNewsFrom does for a news item.
func (s *Store) PutMeetingFrom(ctx context.Context, by model.Actor, m *model.Meeting, copyVersion int, action model.Action) error {
	how := saving{action: action, copy: copyVersion}
	next := *m
	err := s.settle(ctx, by, model.KindMeeting, m.ID, &next.Lifecycle, &how)
	if err != nil {
		return fmt.Errorf("%s meeting %d: %w", action, m.ID, err)
	}
	if err := s.saveMeeting(ctx, by, &next, how); err != nil {
		return err
	}
	*m = next
	return nil
}

// settle completes the lifecycle that a form sends: its way through review is the store's, not the form's. What is read here holds in the
// transaction too, since every change of the row makes a new revision and every change of the copy a new version.
func (s *Store) settle(ctx context.Context, by model.Actor, kind model.Kind, id int64, l *model.Lifecycle, how *saving) error {
	before := model.Lifecycle{Status: model.StatusDraft, Owner: by.UserID}
	var w model.WorkingCopy
	var err error
	if id != 0 {
		if before, err = lifecycleOf(ctx, s.read, kind, id); err != nil {
			return err
		}
		if w, err = copyOrNone(ctx, s.read, kind, id); err != nil {
			return err
		}
	}
	if w.Version != how.copy {
		return model.Overtaken{Theirs: w}
	}
	if w.Version != 0 {
		l.Revision = w.Base
	}
	if id != 0 && l.Revision != before.Revision {
		return model.ErrConflict
	}
	if before.Status == model.StatusPublished {
		how.author = by.UserID
		if w.Version != 0 {
			how.author = w.Owner
		}
	}
	return s.settleStatus(l, before, w, how.action)
}

// settleStatus moves l from the status before it, or from that of the copy of what is published.
func (s *Store) settleStatus(l *model.Lifecycle, before model.Lifecycle, w model.WorkingCopy, action model.Action) error {
	l.Status, l.Note, l.Owner = before.Status, before.Note, before.Owner
	if before.Status == model.StatusPublished {
		if l.PublishAt.IsZero() {
			l.PublishAt = before.PublishAt
		}
		if action != model.ActionPublish {
			return model.Invalid{"status": "Bài đã đăng chỉ được thay bằng cách đăng bản sửa."}
		}
		l.Status = model.StatusDraft
		if w.Version != 0 {
			l.Status = w.Status
		}
	}
	switch action {
	case model.ActionEdit, model.ActionSend, model.ActionPublish:
	default:
		return model.Invalid{"status": "Không lưu nội dung cùng với việc này."}
	}
	next, err := l.Moved(action, "", s.Now())
	*l = next
	return err
}

// lifecycleOf returns the lifecycle of a news item or meeting, or model.ErrNotFound.
func lifecycleOf(ctx context.Context, q querier, kind model.Kind, id int64) (model.Lifecycle, error) {
	if kind != model.KindNews && kind != model.KindMeeting {
		return model.Lifecycle{}, fmt.Errorf("%q has no workflow: %w", kind, model.ErrNotFound)
	}
	scan := func(row scanner) (model.Lifecycle, error) {
		var l model.Lifecycle
		err := row.Scan(&l.Status, &l.Note, &l.Visibility, moment{&l.PublishAt}, moment{&l.ExpireAt}, &l.Revision, moment{&l.CreatedAt},
			moment{&l.UpdatedAt}, &l.Owner)
		return l, err
	}
	return queryOne(ctx, q, scan, `SELECT status, status_note, visibility, publish_at, expire_at, revision, created_at, updated_at,
		COALESCE(owner_id, 0) FROM `+string(kind)+` WHERE id = $1`, id)
}

// statusBeforeArchive is what the record was when it was last not archived; a draft when no revision says so.
func statusBeforeArchive(ctx context.Context, q querier, kind model.Kind, id int64) (model.Status, error) {
	for number := 1 << 30; ; {
		scan := func(row scanner) (string, error) {
			var data string
			err := row.Scan(&number, &data)
			return data, err
		}
		data, err := queryOne(ctx, q, scan, `SELECT number, data FROM revision WHERE kind = $1 AND record_id = $2 AND number < $3
			ORDER BY number DESC LIMIT 1`, kind, id, number)
		if errors.Is(err, model.ErrNotFound) {
			return model.StatusDraft, nil
		}
		if err != nil {
			return "", err
		}
		var was struct{ Status model.Status }
		if err := json.Unmarshal([]byte(data), &was); err != nil {
			return "", fmt.Errorf("revision %d: %w", number, err)
		}
		if was.Status != model.StatusArchived && was.Status != "" {
			return was.Status, nil
		}
	}
}
