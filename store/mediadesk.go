package store

import (
	"context"
	"fmt"
	"strings"

	"congso/store/model"
)

// mediaUnused asks that no record and no working copy uses the file.
const mediaUnused = `NOT EXISTS (SELECT 1 FROM media_use u WHERE u.media_id = media.id)`

func mediaConditions(f model.MediaFilter) *conditions {
	c := &conditions{}
	for _, word := range strings.Fields(model.Fold(f.Text)) {
		c.contains("media.text_fold", word)
	}
	switch f.Kind {
	case "":
	case model.MediaPhotos:
		c.add("media.width > 0")
	case model.MediaFiles:
		c.add("media.width = 0")
	default:
		c.never()
	}
	if f.MissingAlt {
		c.add("media.width > 0 AND media.alt = ''")
	}
	if f.Unused {
		c.add(mediaUnused)
	}
	if f.UploadedBy != 0 {
		c.add("media.uploaded_by = ?", f.UploadedBy)
	}
	if f.Archived {
		c.add("media.archived_at <> 0")
	} else {
		c.add("media.archived_at = 0")
	}
	return c
}

// MediaPage returns one page (from 1, of size items) of the files that f takes, newest first, and how many there are in all.
// A page beyond the last is empty.
func (s *Store) MediaPage(ctx context.Context, f model.MediaFilter, page, size int) (items []model.MediaItem, total int, err error) {
	c := mediaConditions(f)
	if total, err = queryOne(ctx, s.read, value[int], `SELECT COUNT(*) FROM media`+c.where(), c.args...); err != nil {
		return nil, 0, fmt.Errorf("media, page %d: %w", page, err)
	}
	where := c.where()
	limit, ok := c.limit(page, size, total)
	if !ok {
		return nil, total, nil
	}
	items, err = queryAll(ctx, s.read, scanMediaItem, `SELECT `+mediaColumns+`, COALESCE(users.full_name, ''),
		(SELECT COUNT(*) FROM media_use u WHERE u.media_id = media.id)
		FROM media LEFT JOIN users ON users.id = media.uploaded_by`+where+` ORDER BY media.id DESC`+limit, c.args...)
	if err != nil {
		return nil, 0, fmt.Errorf("media, page %d: %w", page, err)
	}
	return items, total, nil
}

func scanMediaItem(row scanner) (model.MediaItem, error) {
	var item model.MediaItem
	err := row.Scan(append(mediaDest(&item.Media), &item.By, &item.Uses)...)
	return item, err
}

// MediaUses returns where the file is used, records before working copies. It does not ask who may see them.
func (s *Store) MediaUses(ctx context.Context, id int64) ([]model.MediaUse, error) {
	m, err := s.MediaByID(ctx, id)
	if err != nil {
		return nil, err
	}
	uses, err := mediaUses(ctx, s.read, m)
	if err != nil {
		return nil, fmt.Errorf("uses of media %d: %w", id, err)
	}
	return uses, nil
}

func mediaUses(ctx context.Context, q querier, m model.Media) ([]model.MediaUse, error) {
	return queryAll(ctx, q, scanMediaUse, `SELECT u.kind, u.record_id, COALESCE(n.title, m.title, p.name, CASE u.kind WHEN 'setting' THEN 'Thông tin đơn vị' ELSE '' END),
		COALESCE(n.slug, m.slug, p.slug, ''), COALESCE(n.status, m.status, '')
		FROM media_use u LEFT JOIN news n ON u.kind IN ('news', 'copy_news') AND n.id = u.record_id
		LEFT JOIN meeting m ON u.kind IN ('meeting', 'copy_meeting') AND m.id = u.record_id
		LEFT JOIN person p ON u.kind = 'person' AND p.id = u.record_id
		WHERE u.media_id = $1 ORDER BY CASE WHEN u.kind LIKE 'copy%' THEN 1 ELSE 0 END, u.kind, u.record_id`, m.ID)
}

func scanMediaUse(row scanner) (model.MediaUse, error) {
	var u model.MediaUse
	var kind string
	err := row.Scan(&kind, &u.RecordID, &u.Title, &u.Slug, &u.Status)
	kind, u.Copy = strings.CutPrefix(kind, string(copyUse("")))
	u.Kind = model.Kind(kind)
	return u, err
}
