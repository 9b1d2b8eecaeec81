package store

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"

	"congso/store/model"
)

// ImportMedia is AddMedia for a file that is opened by open, once or twice. When its very bytes were taken before and what was made of them is
// still offered, m becomes that record and nothing is decoded.
func (s *Store) ImportMedia(ctx context.Context, by model.Actor, m *model.Media, open func() (io.ReadCloser, error)) error {
	if err := s.importMedia(ctx, by, m, open); err != nil {
		return fmt.Errorf("import media %q: %w", m.Name, err)
	}
	return nil
}

func (s *Store) importMedia(ctx context.Context, by model.Actor, m *model.Media, open func() (io.ReadCloser, error)) error {
	hash, err := s.originHash(open)
	if err != nil {
		return err
	}
	known, err := queryOne(ctx, s.read, scanMedia, `SELECT `+mediaColumns+` FROM origin_file o JOIN media ON media.id = o.media_id
		WHERE o.hash = $1 AND media.archived_at = 0`, hash)
	if err == nil {
		*m = known
	}
	if !errors.Is(err, model.ErrNotFound) {
		return err
	}
	if err := s.takeOpened(ctx, by, m, open); err != nil {
		return err
	}
	return exec(ctx, s.write, `INSERT INTO origin_file (hash, media_id) VALUES ($1, $2)
		ON CONFLICT (hash) DO UPDATE SET media_id = excluded.media_id`, hash, m.ID)
}

// originHash is the SHA-256 of a file's bytes, as far as files may be long.
func (s *Store) originHash(open func() (io.ReadCloser, error)) (hash string, err error) {
	data, err := open()
	if err != nil {
		return "", err
	}
	defer func() { err = errors.Join(err, data.Close()) }()
	sum := sha256.New()
	limit := max(s.limits.AttachmentBytes, s.limits.PhotoBytes)
	n, err := io.Copy(sum, io.LimitReader(data, limit+1))
	if err == nil {
		err = checkSize(n, limit)
	}
	return hex.EncodeToString(sum.Sum(nil)), err
}

func (s *Store) takeOpened(ctx context.Context, by model.Actor, m *model.Media, open func() (io.ReadCloser, error)) (err error) {
	data, err := open()
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, data.Close()) }()
	return s.AddMedia(ctx, by, m, data)
}
