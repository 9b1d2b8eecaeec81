package store

import (
	"context"
	"database/sql"
	"fmt"
	"strings"

	"congso/store/model"
)

// mediaChunk is how many files are asked for by their ids in one query.
const mediaChunk = 500

// mediaOf returns the files with those ids; 0 and ids that are not there are left out.
func mediaOf(ctx context.Context, q querier, ids []int64) (map[int64]model.Media, error) {
	ids = distinct(ids)
	found := make(map[int64]model.Media, len(ids))
	for len(ids) > 0 {
		chunk := ids[:min(len(ids), mediaChunk)]
		ids = ids[len(chunk):]
		var c conditions
		c.terms = append(c.terms, "id IN "+c.in(chunk))
		list, err := queryAll(ctx, q, scanMedia, `SELECT `+mediaColumns+` FROM media`+c.where(), c.args...)
		if err != nil {
			return nil, fmt.Errorf("media: %w", err)
		}
		for _, m := range list {
			found[m.ID] = m
		}
	}
	return found, nil
}

// distinct returns each id but 0 once, in the order of their first places.
func distinct(ids []int64) []int64 {
	seen := map[int64]bool{0: true}
	var list []int64
	for _, id := range ids {
		if !seen[id] {
			seen[id] = true
			list = append(list, id)
		}
	}
	return list
}

// needMedia returns Invalid for the field unless all ids but 0 are files of the store.
func needMedia(ctx context.Context, q querier, field string, ids ...int64) error {
	found, err := mediaOf(ctx, q, ids)
	if err == nil && len(found) < len(distinct(ids)) {
		err = model.Invalid{field: "Tệp chưa được tải lên."}
	}
	return err
}

// useMedia writes down which files the record uses: those with the ids, and those with the hashes that the store has.
func (s *Store) useMedia(ctx context.Context, tx *sql.Tx, kind model.Kind, record int64, ids []int64, hashes []string) error {
	if err := exec(ctx, tx, `DELETE FROM media_use WHERE kind = $1 AND record_id = $2`, kind, record); err != nil {
		return fmt.Errorf("media in use: %w", err)
	}
	if len(hashes) > 0 {
		list, err := s.mediaByHash(ctx, tx, hashes)
		if err != nil {
			return err
		}
		for _, m := range list {
			ids = append(ids, m.ID)
		}
	}
	ids = distinct(ids)
	err := insertRows(ctx, tx, `INSERT INTO media_use (media_id, kind, record_id) VALUES ($1, $2, $3)`, len(ids), func(i int) []any {
		return []any{ids[i], kind, record}
	})
	if err == nil { // an older revision that is restored may name what was put away
		err = exec(ctx, tx, `UPDATE media SET archived_at = 0 WHERE archived_at <> 0
			AND id IN (SELECT media_id FROM media_use WHERE kind = $1 AND record_id = $2)`, kind, record)
	}
	if err != nil {
		return fmt.Errorf("media in use: %w", err)
	}
	return nil
}

// hashesIn are the words of text that are written like the hash of a file.
func hashesIn(text string) (hashes []string) {
	run := 0 // letters and digits that end at i
	for i := range len(text) + 1 {
		if i < len(text) && inWord(text[i]) {
			run++
			continue
		}
		if word := text[i-run : i]; validHash(word) {
			hashes = append(hashes, word)
		}
		run = 0
	}
	return hashes
}

func inWord(b byte) bool {
	return b >= 'a' && b <= 'z' || b >= '0' && b <= '9' || b >= 'A' && b <= 'Z' || b == '_'
}

// rememberMedia writes down which files a revision names: they are kept, so that it can be restored.
func rememberMedia(ctx context.Context, tx *sql.Tx, kind model.Kind, record int64, data string) error {
	for _, hash := range hashesIn(data) {
		err := exec(ctx, tx, `INSERT INTO media_revision (media_id, kind, record_id) SELECT id, $1, $2 FROM media WHERE hash = $3
			ON CONFLICT (media_id, kind, record_id) DO NOTHING`, kind, record, hash)
		if err != nil {
			return fmt.Errorf("media of a revision: %w", err)
		}
	}
	return nil
}

// MediaPublic returns the file when some record that v may see now uses it, else model.ErrNotFound. A person's photo shows while the
// person does. Who is logged in sees every file.
func (r *Reader) MediaPublic(ctx context.Context, v model.Viewer, hash string) (model.Media, error) {
	if !validHash(hash) {
		return model.Media{}, fmt.Errorf("media %q: %w", hash, model.ErrNotFound)
	}
	var c conditions
	c.add("hash = ?", hash)
	if !v.Staff {
		r.usedInSight(&c, v)
	}
	m, err := queryOne(ctx, r.from, scanMedia, `SELECT `+mediaColumns+` FROM media`+c.where(), c.args...)
	if err != nil {
		return model.Media{}, fmt.Errorf("media %s: %w", hash, err)
	}
	return m, nil
}

// usedInSight asks that a record which v may see uses the file.
func (r *Reader) usedInSight(c *conditions, v model.Viewer) {
	var uses []string
	for _, kind := range []model.Kind{model.KindNews, model.KindMeeting} {
		visible := conditions{args: c.args}
		visible.add("u.media_id = media.id AND u.kind = ?", kind)
		visible.showing("x", v, unix(r.now()))
		uses = append(uses, `EXISTS (SELECT 1 FROM media_use u JOIN `+string(kind)+` x ON x.id = u.record_id`+visible.where()+`)`)
		c.args = visible.args
	}
	// As PersonBySlug: who has posts, but none that has begun, does not show yet.
	uses = append(uses, `EXISTS (SELECT 1 FROM media_use u JOIN person p ON p.id = u.record_id
		WHERE u.media_id = media.id AND u.kind = `+c.arg(model.KindPerson)+` AND (NOT EXISTS (SELECT 1 FROM post t WHERE t.person_id = p.id)
			OR EXISTS (SELECT 1 FROM post t WHERE t.person_id = p.id AND t.from_day <= `+c.arg(r.Today())+`)))`)
	uses = append(uses, `EXISTS (SELECT 1 FROM media_use u WHERE u.media_id = media.id AND u.kind = `+c.arg(model.KindSetting)+`)`) // logo and banner
	c.terms = append(c.terms, "("+strings.Join(uses, " OR ")+")")
}

// attachmentsOf returns the files offered with a record, in their order.
func attachmentsOf(ctx context.Context, q querier, kind model.Kind, record int64) ([]model.Attachment, error) {
	scan := func(row scanner) (model.Attachment, error) {
		var a model.Attachment
		err := row.Scan(&a.Media.ID, &a.Title)
		return a, err
	}
	list, err := queryAll(ctx, q, scan, `SELECT media_id, title FROM attachment WHERE kind = $1 AND record_id = $2 ORDER BY position`, kind, record)
	if err != nil {
		return nil, fmt.Errorf("attachments: %w", err)
	}
	media, err := mediaOf(ctx, q, attachmentIDs(list))
	for i := range list {
		list[i].Media = media[list[i].Media.ID]
	}
	return list, err
}

func attachmentIDs(list []model.Attachment) []int64 {
	ids := make([]int64, len(list))
	for i, a := range list {
		ids[i] = a.Media.ID
	}
	return ids
}

func putAttachments(ctx context.Context, tx *sql.Tx, kind model.Kind, record int64, list []model.Attachment) error {
	if err := exec(ctx, tx, `DELETE FROM attachment WHERE kind = $1 AND record_id = $2`, kind, record); err != nil {
		return fmt.Errorf("attachments: %w", err)
	}
	err := insertRows(ctx, tx, `INSERT INTO attachment (kind, record_id, position, media_id, title) VALUES ($1, $2, $3, $4, $5)`,
		len(list), func(i int) []any { return []any{kind, record, i, list[i].Media.ID, list[i].Title} })
	if err != nil {
		return fmt.Errorf("attachments: %w", err)
	}
	return nil
}
