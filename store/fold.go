package store

import (
	"context"
	"database/sql"
	"fmt"

	"congso/store/model"
)

// foldBatch is how many items are folded in one transaction.
const foldBatch = 200

// foldNews makes the items that an older program wrote findable at the desk. Titles without any letter or digit stay unfolded.
func (s *Store) foldNews(ctx context.Context) error {
	scan := func(row scanner) (model.News, error) {
		var n model.News
		err := row.Scan(&n.ID, &n.Title, &n.Summary)
		return n, err
	}
	for last := int64(0); ctx.Err() == nil; {
		batch, err := queryAll(ctx, s.read, scan, `SELECT id, title, summary FROM news WHERE text_fold = '' AND id > $1 ORDER BY id LIMIT $2`, last, foldBatch)
		if err != nil || len(batch) == 0 {
			return err
		}
		last = batch[len(batch)-1].ID
		err = s.change(ctx, func(tx *sql.Tx) error {
			return insertRows(ctx, tx, `UPDATE news SET text_fold = $1 WHERE id = $2 AND text_fold = ''`, len(batch), func(i int) []any {
				return []any{newsFold(batch[i].Title, batch[i].Summary), batch[i].ID}
			})
		})
		if err != nil {
			return fmt.Errorf("fold news from %d: %w", batch[0].ID, err)
		}
	}
	return ctx.Err()
}
