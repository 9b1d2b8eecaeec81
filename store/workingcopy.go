package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"congso/store/model"
)

const copyColumns = `w.kind, w.record_id, w.base_revision, w.version, w.status, w.status_note, w.data, COALESCE(w.owner_id, 0), COALESCE(o.full_name, ''),
	COALESCE(w.saved_by, 0), w.saved_name, COALESCE(b.full_name, w.saved_name), w.updated_at`

func scanCopy(row scanner) (model.WorkingCopy, error) {
	var w model.WorkingCopy
	err := row.Scan(&w.Kind, &w.RecordID, &w.Base, &w.Version, &w.Status, &w.Note, &w.Data, &w.Owner, &w.OwnerName,
		&w.By.UserID, &w.By.Name, &w.ByName, moment{&w.UpdatedAt})
	return w, err
}

// WorkingCopy returns the working copy of a news item or meeting, or model.ErrNotFound.
func (s *Store) WorkingCopy(ctx context.Context, kind model.Kind, id int64) (model.WorkingCopy, error) {
	w, err := workingCopy(ctx, s.read, kind, id)
	if err != nil {
		return model.WorkingCopy{}, fmt.Errorf("working copy of %s %d: %w", kind, id, err)
	}
	return w, nil
}

func workingCopy(ctx context.Context, q querier, kind model.Kind, id int64) (model.WorkingCopy, error) {
	return queryOne(ctx, q, scanCopy, `SELECT `+copyColumns+` FROM working_copy w LEFT JOIN users o ON o.id = w.owner_id
		LEFT JOIN users b ON b.id = w.saved_by WHERE w.kind = $1 AND w.record_id = $2`, kind, id)
}

// copyOrNone is the working copy, or one of version 0.
func copyOrNone(ctx context.Context, q querier, kind model.Kind, id int64) (model.WorkingCopy, error) {
	w, err := workingCopy(ctx, q, kind, id)
	if errors.Is(err, model.ErrNotFound) {
		return model.WorkingCopy{Kind: kind, RecordID: id}, nil
	}
	return w, err
}

// overtaken is the error for a change of another version of the working copy than the one that is there.
func overtaken(ctx context.Context, q querier, kind model.Kind, id int64) error {
	theirs, err := copyOrNone(ctx, q, kind, id)
	if err != nil {
		return err
	}
	return model.Overtaken{Theirs: theirs}
}

// SaveWorkingCopy keeps w.Data and w.Base for the record w.Kind and w.RecordID, and sets w to what was stored. w.Version is the version
// that was read, 0 to begin a copy; its status, note and owner stay, and its base never goes back. media are the ids of the files that the form uses beside those
// whose addresses stand in the data: they count as used, yet nobody gets to see them because of it. The record itself, its revisions and
// the audit trail are not touched.
// The error is model.Overtaken (a model.ErrConflict) with the copy that is there when it has another version, model.Invalid for the field
// "data" when it is too large, model.ErrNotFound when there is no such record.
func (s *Store) SaveWorkingCopy(ctx context.Context, by model.Actor, w *model.WorkingCopy, media []int64) error {
	err := w.Validate()
	if err == nil {
		next := *w
		if err = s.tx(ctx, func(tx *sql.Tx) error { return s.saveCopy(ctx, tx, by, &next, media) }); err == nil {
			*w = next
		}
	}
	if err != nil {
		return fmt.Errorf("working copy of %s %d: %w", w.Kind, w.RecordID, err)
	}
	return nil
}

func (s *Store) saveCopy(ctx context.Context, tx *sql.Tx, by model.Actor, w *model.WorkingCopy, media []int64) error {
	there, err := lifecycleOf(ctx, tx, w.Kind, w.RecordID)
	if err != nil {
		return err
	}
	if w.Base < 1 || w.Base > there.Revision {
		return model.Invalid{"base": "Không rõ bản gốc của nội dung đang soạn."}
	}
	if err := s.writeCopy(ctx, tx, by, *w); errors.Is(err, model.ErrNotFound) {
		return overtaken(ctx, tx, w.Kind, w.RecordID)
	} else if err != nil {
		return err
	}
	if err := s.useCopyMedia(ctx, tx, *w, media); err != nil {
		return err
	}
	*w, err = workingCopy(ctx, tx, w.Kind, w.RecordID)
	return err
}

// writeCopy returns ErrNotFound when the copy does not have the version.
func (s *Store) writeCopy(ctx context.Context, tx *sql.Tx, by model.Actor, w model.WorkingCopy) error {
	now := unix(s.now())
	var err error
	if w.Version == 0 {
		_, err = queryOne(ctx, tx, value[int], `INSERT INTO working_copy (kind, record_id, base_revision, status, data, owner_id, saved_by, saved_name, updated_at)
			VALUES ($1, $2, $3, 'draft', $4, $5, $5, $6, $7) ON CONFLICT (kind, record_id) DO NOTHING RETURNING version`,
			w.Kind, w.RecordID, w.Base, w.Data, orNull(by.UserID), by.Name, now)
		return err
	}
	_, err = queryOne(ctx, tx, value[int], `UPDATE working_copy SET
		base_revision = CASE WHEN base_revision < $1 THEN $1 ELSE base_revision END, data = $2, saved_by = $3, saved_name = $4, updated_at = $5,
		version = version + 1 WHERE kind = $6 AND record_id = $7 AND version = $8 RETURNING version`,
		w.Base, w.Data, orNull(by.UserID), by.Name, now, w.Kind, w.RecordID, w.Version)
	return err
}

var mediaHash = regexp.MustCompile(`/media/([0-9a-f]{64})`)

// copyUse is the kind under which media_use holds the files of a record's working copy.
func copyUse(kind model.Kind) model.Kind { return "copy_" + kind }

func (s *Store) useCopyMedia(ctx context.Context, tx *sql.Tx, w model.WorkingCopy, media []int64) error {
	known, err := mediaOf(ctx, tx, media)
	if err != nil {
		return err
	}
	media = slices.DeleteFunc(slices.Clone(media), func(id int64) bool { return known[id].ID == 0 })
	seen := map[string]bool{}
	var hashes []string
	for _, found := range mediaHash.FindAllStringSubmatch(strings.ReplaceAll(w.Data, `\/`, "/"), -1) {
		if !seen[found[1]] && len(hashes) < mediaChunk {
			seen[found[1]] = true
			hashes = append(hashes, found[1])
		}
	}
	return s.useMedia(ctx, tx, copyUse(w.Kind), w.RecordID, media, hashes)
}

// removeCopy ends a working copy of that version, or returns Overtaken.
func (s *Store) removeCopy(ctx context.Context, tx *sql.Tx, kind model.Kind, id int64, version int) error {
	_, err := queryOne(ctx, tx, value[int], `DELETE FROM working_copy WHERE kind = $1 AND record_id = $2 AND version = $3 RETURNING version`, kind, id, version)
	if errors.Is(err, model.ErrNotFound) {
		return overtaken(ctx, tx, kind, id)
	}
	if err != nil {
		return err
	}
	return s.useMedia(ctx, tx, copyUse(kind), id, nil, nil)
}

// DropWorkingCopy throws the working copy away; the audit trail says "discard". The error is model.Overtaken when it has another version.
func (s *Store) DropWorkingCopy(ctx context.Context, by model.Actor, kind model.Kind, id int64, version int) error {
	err := s.change(ctx, func(tx *sql.Tx) error {
		if err := s.removeCopy(ctx, tx, kind, id, version); err != nil {
			return err
		}
		return s.audit(ctx, tx, by, "discard", kind, id, []string{"working_copy"})
	})
	if err != nil {
		return fmt.Errorf("discard the working copy of %s %d: %w", kind, id, err)
	}
	return nil
}

// MoveWorkingCopy sends a published record's working copy for review, withdraws it or returns it with a note, and gives it its next
// version. The error is model.Overtaken when it has another version, model.Invalid for the field "status" when the action does not lead
// on from the copy's status or leads elsewhere, "note" for a return without one.
func (s *Store) MoveWorkingCopy(ctx context.Context, by model.Actor, kind model.Kind, id int64, version int, action model.Action, note string) error {
	err := s.change(ctx, func(tx *sql.Tx) error {
		w, err := copyOrNone(ctx, tx, kind, id)
		if err != nil {
			return err
		}
		if w.Version != version || version == 0 {
			return model.Overtaken{Theirs: w}
		}
		next, err := s.moveCopy(ctx, tx, w, action, note)
		if err != nil {
			return err
		}
		_, err = queryOne(ctx, tx, value[int], `UPDATE working_copy SET status = $1, status_note = $2, updated_at = $3, version = version + 1
			WHERE kind = $4 AND record_id = $5 AND version = $6 RETURNING version`, next.Status, next.Note, unix(s.now()), kind, id, version)
		if errors.Is(err, model.ErrNotFound) { // saved since it was read: a save does not wait for changes
			return overtaken(ctx, tx, kind, id)
		}
		if err != nil {
			return err
		}
		return s.audit(ctx, tx, by, string(action), kind, id, []string{"working_copy"})
	})
	if err != nil {
		return fmt.Errorf("%s the working copy of %s %d: %w", action, kind, id, err)
	}
	return nil
}

// moveCopy is the copy's way after the action. Only a published record's copy has one of its own.
func (s *Store) moveCopy(ctx context.Context, tx *sql.Tx, w model.WorkingCopy, action model.Action, note string) (model.Lifecycle, error) {
	row, err := lifecycleOf(ctx, tx, w.Kind, w.RecordID)
	if err != nil {
		return model.Lifecycle{}, err
	}
	moves := []model.Action{model.ActionSend, model.ActionWithdraw, model.ActionReturn}
	if row.Status != model.StatusPublished || !slices.Contains(moves, action) {
		return model.Lifecycle{}, model.Invalid{"status": "Không làm được việc này với nội dung đang soạn."}
	}
	return model.Lifecycle{Status: w.Status, Note: w.Note}.Moved(action, note, s.Now())
}
