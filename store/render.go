package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"congso/store/model"
)

// renderBatch is how many rows are rendered between two looks for more.
const renderBatch = 20

// staleRow is a record whose HTML another version of the renderer made.
type staleRow struct {
	id       int64
	revision int
	markdown string
}

func scanStale(row scanner) (staleRow, error) {
	var r staleRow
	err := row.Scan(&r.id, &r.revision, &r.markdown)
	return r, err
}

// RerenderStale renders again, with its search entry, each record whose HTML another version of the renderer made, and returns how many;
// items that no desk's search finds yet it makes findable.
// It makes no new revision and may run beside everything else. A record that cannot be rendered keeps its HTML; the error names it and
// the rest is done all the same.
func (s *Store) RerenderStale(ctx context.Context) (n int, err error) {
	news, newsErr := s.rerender(ctx, model.KindNews, `SELECT id, revision, body FROM news`, s.rerenderNews)
	meetings, meetingsErr := s.rerender(ctx, model.KindMeeting, `SELECT id, revision, summary FROM meeting`, s.rerenderMeeting)
	return news + meetings, errors.Join(newsErr, meetingsErr, s.foldNews(ctx))
}

// rerender goes through the stale rows of a kind by their ids; write puts one rendered row into the database.
func (s *Store) rerender(ctx context.Context, kind model.Kind, query string,
	write func(context.Context, *sql.Tx, int64, model.Rendered) error) (n int, failed error) {
	for last := int64(0); ; {
		if err := ctx.Err(); err != nil {
			return n, errors.Join(failed, err)
		}
		batch, err := queryAll(ctx, s.read, scanStale, query+` WHERE html_version <> $1 AND id > $2 ORDER BY id LIMIT $3`,
			s.renderer.Version, last, renderBatch)
		if err != nil {
			return n, errors.Join(failed, fmt.Errorf("stale %s: %w", kind, err))
		}
		if len(batch) == 0 {
			return n, failed
		}
		for _, row := range batch {
			last = row.id
			done, err := s.rerenderRow(ctx, kind, row, write)
			if err != nil {
				failed = errors.Join(failed, fmt.Errorf("%s %d: render: %w", kind, row.id, err))
			}
			if done {
				n++
			}
		}
	}
}

// rerenderRow renders outside of the transaction, and leaves a row alone that has moved on meanwhile: whoever wrote it rendered it.
func (s *Store) rerenderRow(ctx context.Context, kind model.Kind, row staleRow,
	write func(context.Context, *sql.Tx, int64, model.Rendered) error) (done bool, err error) {
	rendered, err := s.renderer.Render(row.markdown)
	if err != nil {
		return false, err
	}
	err = s.change(ctx, func(tx *sql.Tx) error {
		_, err := queryOne(ctx, tx, value[int64], `UPDATE `+string(kind)+` SET html = $1, html_version = $2 WHERE id = $3 AND revision = $4 RETURNING id`,
			rendered.HTML, s.renderer.Version, row.id, row.revision)
		if errors.Is(err, model.ErrNotFound) {
			return nil
		}
		if err != nil {
			return err
		}
		done = true
		return write(ctx, tx, row.id, rendered)
	})
	return done && err == nil, err
}

func (s *Store) rerenderNews(ctx context.Context, tx *sql.Tx, id int64, rendered model.Rendered) error {
	n, err := wholeNews(ctx, tx, id)
	if err != nil {
		return err
	}
	if err := s.useNewsMedia(ctx, tx, n, rendered); err != nil {
		return err
	}
	return s.indexRecord(ctx, tx, n.Slug, newsDoc(n, rendered.Text), n.Status == model.StatusPublished)
}

func (s *Store) rerenderMeeting(ctx context.Context, tx *sql.Tx, id int64, rendered model.Rendered) error {
	m, err := wholeMeeting(ctx, tx, id)
	if err != nil {
		return err
	}
	if err := s.useMeetingMedia(ctx, tx, m, rendered); err != nil {
		return err
	}
	return s.indexRecord(ctx, tx, m.Slug, meetingDoc(m, rendered.Text), m.Status == model.StatusPublished)
}
