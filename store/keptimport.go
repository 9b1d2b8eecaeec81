package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"time"

	"congso/store/model"
)

// keepImports is how long a file of contacts waits for its import after the preview: it holds personal numbers.
const keepImports = 24 * time.Hour

// KeepImport keeps the rows of a file of contacts for owner between preview and import, in place of the one kept before, for a day.
func (s *Store) KeepImport(ctx context.Context, owner int64, name string, rows []model.ContactRow) (id int64, err error) {
	data, err := json.Marshal(rows)
	if err == nil {
		err = s.tx(ctx, func(tx *sql.Tx) error {
			if err := exec(ctx, tx, `DELETE FROM contact_import WHERE owner_id = $1 OR created_at < $2`, owner, unix(s.now().Add(-keepImports))); err != nil {
				return err
			}
			id, err = queryOne(ctx, tx, value[int64], `INSERT INTO contact_import (owner_id, name, data, created_at) VALUES ($1, $2, $3, $4)
				RETURNING id`, owner, model.Clean(name), string(data), unix(s.now()))
			return err
		})
	}
	if err != nil {
		return 0, fmt.Errorf("keep an import: %w", err)
	}
	return id, nil
}

// KeptImport returns the file's name and rows that owner's KeepImport kept under id, or model.ErrNotFound.
func (s *Store) KeptImport(ctx context.Context, owner, id int64) (name string, rows []model.ContactRow, err error) {
	scan := func(row scanner) (data string, err error) {
		err = row.Scan(&name, &data)
		return data, err
	}
	data, err := queryOne(ctx, s.read, scan, `SELECT name, data FROM contact_import WHERE id = $1 AND owner_id = $2 AND created_at >= $3`,
		id, owner, unix(s.now().Add(-keepImports)))
	if err == nil {
		err = json.Unmarshal([]byte(data), &rows)
	}
	if err != nil {
		return "", nil, fmt.Errorf("kept import %d: %w", id, err)
	}
	return name, rows, nil
}

// DropImport forgets what owner's KeepImport kept.
func (s *Store) DropImport(ctx context.Context, owner int64) error {
	if err := exec(ctx, s.write, `DELETE FROM contact_import WHERE owner_id = $1`, owner); err != nil {
		return fmt.Errorf("drop an import: %w", err)
	}
	return nil
}
