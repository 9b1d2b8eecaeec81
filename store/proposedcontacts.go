package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"congso/store/model"
)

// ProposedContacts says what has become of rows that were proposed.
type ProposedContacts struct {
	ID      int64 // under which KeptImport has them, 0 when there is nothing to look at
	New     int
	Waiting int // that were proposed before and wait
	There   int // that would change nothing in the directory
}

// ProposeContacts keeps rows for owner to look at, as KeepImport does and for as long, after those that wait there already. Rows that wait there or
// would change nothing in the directory are not proposed again. With dry it only counts.
func (s *Store) ProposeContacts(ctx context.Context, owner int64, name string, rows []model.ContactRow, dry bool) (p ProposedContacts, err error) {
	plan, err := s.PlanImport(ctx, rows, true)
	if err != nil {
		return p, err
	}
	var fresh []model.ContactRow
	for _, r := range plan.Rows {
		if r.Outcome == model.ImportSame {
			p.There++
			continue
		}
		fresh = append(fresh, r.Row)
	}
	if dry {
		_, _, p.New, p.Waiting, err = s.addWaiting(ctx, s.read, owner, name, fresh)
	} else {
		err = s.tx(ctx, func(tx *sql.Tx) error { return s.proposeContacts(ctx, tx, owner, name, fresh, &p) })
	}
	if err != nil {
		return p, fmt.Errorf("propose contacts: %w", err)
	}
	return p, nil
}

func (s *Store) proposeContacts(ctx context.Context, tx *sql.Tx, owner int64, name string, fresh []model.ContactRow, p *ProposedContacts) error {
	kept, all, added, waiting, err := s.addWaiting(ctx, tx, owner, name, fresh)
	p.ID, p.New, p.Waiting = kept.id, added, waiting
	if err != nil || added == 0 {
		return err
	}
	data, err := json.Marshal(all)
	if err != nil {
		return err
	}
	if kept.id != 0 {
		return exec(ctx, tx, `UPDATE contact_import SET name = $1, data = $2, created_at = $3 WHERE id = $4`, kept.name, string(data), unix(s.now()), kept.id)
	}
	if err := exec(ctx, tx, `DELETE FROM contact_import WHERE owner_id = $1`, owner); err != nil {
		return err
	}
	p.ID, err = queryOne(ctx, tx, value[int64], `INSERT INTO contact_import (owner_id, name, data, created_at) VALUES ($1, $2, $3, $4)
		RETURNING id`, owner, kept.name, string(data), unix(s.now()))
	return err
}

// waitingImport is what an owner has kept.
type waitingImport struct {
	id   int64
	name string
}

// addWaiting is the kept import with the rows that are not in it, numbered on, and how many of them were and were not.
func (s *Store) addWaiting(ctx context.Context, q querier, owner int64, name string, fresh []model.ContactRow) (kept waitingImport, all []model.ContactRow, added, waiting int, err error) {
	kept.name = model.Clean(name)
	kept.id, err = queryOne(ctx, q, value[int64], `SELECT id FROM contact_import WHERE owner_id = $1 AND created_at >= $2`, owner, unix(s.now().Add(-keepImports)))
	if err == nil {
		kept.name, all, err = s.keptRows(ctx, q, kept.id)
	}
	if err != nil && !errors.Is(err, model.ErrNotFound) {
		return kept, nil, 0, 0, err
	}
	known := map[string]bool{}
	for _, row := range all {
		known[rowKey(row)] = true
	}
	for _, row := range fresh {
		if known[rowKey(row)] {
			waiting++
			continue
		}
		added++
		row.Line = len(all) + 1
		all = append(all, row)
	}
	return kept, all, added, waiting, nil
}

func (s *Store) keptRows(ctx context.Context, q querier, id int64) (name string, rows []model.ContactRow, err error) {
	scan := func(row scanner) (data string, err error) {
		err = row.Scan(&name, &data)
		return data, err
	}
	data, err := queryOne(ctx, q, scan, `SELECT name, data FROM contact_import WHERE id = $1`, id)
	if err == nil {
		err = json.Unmarshal([]byte(data), &rows)
	}
	return name, rows, err
}

// rowKey is what a row says, without its place in the file and what was said of it there.
func rowKey(row model.ContactRow) string {
	var cells []string
	for _, c := range model.ContactColumns() {
		cells = append(cells, *c.Cell(&row))
	}
	return strings.Join(cells, "\n")
}
