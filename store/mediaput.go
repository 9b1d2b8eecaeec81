package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"time"

	"congso/store/model"
)

// PutMedia changes the words of the file with m.ID to those of m, and sets m to what was stored.
// The error is model.Invalid when a rule is broken, model.ErrNotFound for an unknown ID.
func (s *Store) PutMedia(ctx context.Context, by model.Actor, m *model.Media) error {
	err := s.change(ctx, func(tx *sql.Tx) error {
		before, err := mediaByID(ctx, tx, m.ID)
		if err != nil {
			return err
		}
		after := before
		after.Alt, after.Caption, after.Credit = m.Alt, m.Caption, m.Credit
		if err := after.Validate(); err != nil {
			return err
		}
		*m = after
		return s.putWords(ctx, tx, by, before, after)
	})
	if err != nil {
		return fmt.Errorf("media %d: %w", m.ID, err)
	}
	return nil
}

func (s *Store) putWords(ctx context.Context, tx *sql.Tx, by model.Actor, before, after model.Media) error {
	if before == after {
		return nil
	}
	err := exec(ctx, tx, `UPDATE media SET alt = $1, caption = $2, credit = $3, text_fold = $4 WHERE id = $5`,
		after.Alt, after.Caption, after.Credit, mediaWords(after), after.ID)
	if err != nil {
		return err
	}
	return s.record(ctx, tx, by, edit{kind: model.KindMedia, id: after.ID, before: before, after: after})
}

func mediaByID(ctx context.Context, q querier, id int64) (model.Media, error) {
	return queryOne(ctx, q, scanMedia, `SELECT `+mediaColumns+` FROM media WHERE id = $1`, id)
}

// ArchiveMedia puts a file away that nothing uses: the desk no longer offers it, and PurgeMedia may remove it later. The error is
// model.ErrInUse while a record or a working copy uses it, model.ErrNotFound for an unknown ID. One that is archived stays as it is.
func (s *Store) ArchiveMedia(ctx context.Context, by model.Actor, id int64) error {
	err := s.change(ctx, func(tx *sql.Tx) error {
		m, err := mediaByID(ctx, tx, id)
		if err != nil || !m.Archived.IsZero() {
			return err
		}
		uses, err := mediaUses(ctx, tx, m)
		if err == nil && len(uses) > 0 {
			err = model.ErrInUse
		}
		if err != nil {
			return err
		}
		return s.setArchived(ctx, tx, by, "archive", &m, s.now())
	})
	if err != nil {
		return fmt.Errorf("archive media %d: %w", id, err)
	}
	return nil
}

// RestoreMedia offers an archived file again; model.ErrNotFound when it is gone for good.
func (s *Store) RestoreMedia(ctx context.Context, by model.Actor, id int64) error {
	err := s.change(ctx, func(tx *sql.Tx) error {
		m, err := mediaByID(ctx, tx, id)
		if err != nil || m.Archived.IsZero() {
			return err
		}
		return s.setArchived(ctx, tx, by, "restore", &m, time.Time{})
	})
	if err != nil {
		return fmt.Errorf("restore media %d: %w", id, err)
	}
	return nil
}

// setArchived writes when m was put away, the zero time for not.
func (s *Store) setArchived(ctx context.Context, tx *sql.Tx, by model.Actor, action string, m *model.Media, at time.Time) error {
	if err := exec(ctx, tx, `UPDATE media SET archived_at = $1 WHERE id = $2`, unix(at), m.ID); err != nil {
		return err
	}
	m.Archived = fromUnix(unix(at))
	return s.audit(ctx, tx, by, action, model.KindMedia, m.ID, []string{"archived"})
}

// PurgeMedia removes for good, row and files, what was archived at least the given time ago and is named by no record, no working copy
// and no revision. It returns how many files it took out of the library.
func (s *Store) PurgeMedia(ctx context.Context, by model.Actor, after time.Duration) (n int, err error) {
	list, err := queryAll(ctx, s.read, scanMedia, `SELECT `+mediaColumns+` FROM media WHERE `+purgeable, unix(s.now().Add(-after)))
	if err != nil {
		return 0, fmt.Errorf("purge media: %w", err)
	}
	for _, m := range list {
		gone, err := s.purge(ctx, by, m, after)
		if err != nil {
			return n, fmt.Errorf("purge media %d: %w", m.ID, err)
		}
		if gone {
			n++
		}
	}
	return n, nil
}

// purgeable asks that the file may be removed for good; $1 is the second until which it must have been archived.
const purgeable = `media.archived_at <> 0 AND media.archived_at <= $1 AND ` + mediaUnused + `
	AND NOT EXISTS (SELECT 1 FROM media_revision r WHERE r.media_id = media.id)`

// purge removes m unless somebody has found a use for it meanwhile. The row goes first: a file without a row is rubbish, a row without
// its file a hole in the site.
func (s *Store) purge(ctx context.Context, by model.Actor, m model.Media, after time.Duration) (gone bool, err error) {
	err = s.placed(ctx, m.Hash, func(querier) error { return nil }, func(tx *sql.Tx) error {
		_, err := queryOne(ctx, tx, value[int64], `DELETE FROM media WHERE `+purgeable+` AND id = $2 RETURNING id`, unix(s.now().Add(-after)), m.ID)
		if errors.Is(err, model.ErrNotFound) {
			return nil
		}
		if err != nil {
			return err
		}
		gone = true
		return s.audit(ctx, tx, by, "delete", model.KindMedia, m.ID, []string{"hash", "name"})
	})
	if err != nil || !gone {
		return false, err
	}
	return true, s.dropUnrecorded(ctx, m.Hash) // who has uploaded it again meanwhile keeps it
}

// SweepUploads removes what is left of files whose upload a crash ended a day ago or longer. With media in a bucket each copy of the program has its own.
func (s *Store) SweepUploads() error {
	if err := s.sweepUploads(); err != nil {
		return fmt.Errorf("sweep uploads: %w", err)
	}
	return nil
}

func (s *Store) sweepUploads() error {
	entries, err := fs.ReadDir(s.spools.FS(), spoolFolder)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	for _, entry := range entries {
		info, err := entry.Info()
		if errors.Is(err, fs.ErrNotExist) {
			continue // it has arrived
		}
		if err != nil {
			return err
		}
		if time.Since(info.ModTime()) < 24*time.Hour {
			continue
		}
		if err := s.spools.Remove(spoolFolder + "/" + entry.Name()); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
	}
	return err
}
