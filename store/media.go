package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"

	"congso/store/model"
)

// mediaColumns are what scanMedia reads; the table stands in the query under its own name, and may be the right side of a LEFT JOIN.
const mediaColumns = `COALESCE(media.id, 0), COALESCE(media.hash, ''), COALESCE(media.name, ''), COALESCE(media.mime, ''),
	COALESCE(media.bytes, 0), COALESCE(media.width, 0), COALESCE(media.height, 0),
	COALESCE(media.alt, ''), COALESCE(media.caption, ''), COALESCE(media.credit, ''), COALESCE(media.created_at, 0)`

// scanMedia reads a row of mediaColumns and nothing else.
func scanMedia(row scanner) (model.Media, error) {
	var m model.Media
	var created int64
	err := row.Scan(mediaFields(&m, &created)...)
	m.CreatedAt = fromUnix(created)
	return m, err
}

// mediaFields are where a row of mediaColumns goes, for queries that read other columns beside them; created is still to be put into m.
func mediaFields(m *model.Media, created *int64) []any {
	return []any{&m.ID, &m.Hash, &m.Name, &m.MIME, &m.Bytes, &m.Width, &m.Height, &m.Alt, &m.Caption, &m.Credit, created}
}

// MediaByID returns the file's record, or model.ErrNotFound.
func (s *Store) MediaByID(ctx context.Context, id int64) (model.Media, error) {
	m, err := queryOne(ctx, s.read, scanMedia, `SELECT `+mediaColumns+` FROM media WHERE id = $1`, id)
	if err != nil {
		return model.Media{}, fmt.Errorf("media %d: %w", id, err)
	}
	return m, nil
}

// mediaByHash returns the records of those of the hashes that are known, in no particular order.
func (s *Store) mediaByHash(ctx context.Context, q querier, hashes []string) ([]model.Media, error) {
	if len(hashes) == 0 {
		return nil, nil
	}
	args := make([]any, len(hashes))
	for i, hash := range hashes {
		args[i] = hash
	}
	list, err := queryAll(ctx, q, scanMedia, `SELECT `+mediaColumns+` FROM media WHERE hash IN (`+placeholders(1, len(args))+`)`, args...)
	if err != nil {
		return nil, fmt.Errorf("media by hash: %w", err)
	}
	return list, nil
}

// placeholders is "$from, …" for n values.
func placeholders(from, n int) string {
	list := make([]string, n)
	for i := range list {
		list[i] = fmt.Sprintf("$%d", from+i)
	}
	return strings.Join(list, ", ")
}

// insertMedia writes the record of a file that is in its place and sets m.ID; when the file is known already, m becomes its record.
func (s *Store) insertMedia(ctx context.Context, by model.Actor, m *model.Media) error {
	m.CreatedAt = fromUnix(s.now().Unix())
	return s.change(ctx, func(tx *sql.Tx) error {
		id, err := queryOne(ctx, tx, value[int64], `
			INSERT INTO media (hash, name, mime, bytes, width, height, alt, caption, credit, uploaded_by, created_at)
			VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) ON CONFLICT (hash) DO NOTHING RETURNING id`,
			m.Hash, m.Name, m.MIME, m.Bytes, m.Width, m.Height, m.Alt, m.Caption, m.Credit,
			sql.NullInt64{Int64: by.UserID, Valid: by.UserID != 0}, m.CreatedAt.Unix())
		if errors.Is(err, model.ErrNotFound) {
			*m, err = queryOne(ctx, tx, scanMedia, `SELECT `+mediaColumns+` FROM media WHERE hash = $1`, m.Hash)
			return err
		}
		if err != nil {
			return err
		}
		m.ID = id
		return s.audit(ctx, tx, by, "create", model.KindMedia, id, []string{"hash", "name"})
	})
}
