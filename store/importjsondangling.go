package store

import (
	"database/sql"
	"errors"
	"fmt"

	"congso/store/model"
)

// jsonWritten makes the table, for the time of an import, of which line wrote which rows that may refer to others.
func jsonWritten() []string {
	return []string{
		`CREATE TEMP TABLE json_written (file TEXT NOT NULL, number INTEGER NOT NULL, place TEXT NOT NULL, row INTEGER NOT NULL, PRIMARY KEY (place, row)) WITHOUT ROWID`,
		`CREATE INDEX temp.json_written_line ON json_written (file, number)`,
	}
}

// noteWritten notes that the line that is being taken has written a row.
func (l *jsonLoad) noteWritten(table string, done sql.Result) error {
	row, err := done.LastInsertId()
	if err == nil {
		err = exec(l.ctx, l.tx, `INSERT INTO json_written (file, number, place, row) VALUES ($1, $2, $3, $4)
			ON CONFLICT (place, row) DO UPDATE SET file = excluded.file, number = excluded.number`, l.name, l.number, table, row)
	}
	if err != nil {
		return &jsonBroken{err}
	}
	return nil
}

// jsonDangling is a reference that leads nowhere.
type jsonDangling struct {
	table, to string
	row       int64
	column    string
	needed    bool // there must be one
	file      string
	number    int // of the line that wrote it, 0 when none did
}

// danglingLines are the references that lead nowhere, each with its line.
func (l *jsonLoad) danglingLines() ([]jsonDangling, error) {
	return queryAll(l.ctx, l.tx, func(row scanner) (d jsonDangling, err error) {
		err = row.Scan(&d.table, &d.row, &d.to, &d.column, &d.needed, &d.file, &d.number)
		return d, err
	}, `SELECT c."table", c.rowid, c.parent, f."from", i."notnull", COALESCE(w.file, ''), COALESCE(w.number, 0)
		FROM pragma_foreign_key_check() c JOIN pragma_foreign_key_list(c."table") f ON f.id = c.fkid AND f.seq = 0
		JOIN pragma_table_info(c."table") i ON i.name = f."from" LEFT JOIN json_written w ON w.place = c."table" AND w.row = c.rowid ORDER BY 6, 7 LIMIT 10000`)
}

// dangling holds that every reference leads to a record. Where faults are left out, a reference that need not be there is emptied, and a line that
// cannot do without it is left out too, and so on with what refers to that.
func (l *jsonLoad) dangling() error {
	for {
		list, err := l.danglingLines()
		if err != nil || len(list) == 0 {
			return err
		}
		for _, d := range list {
			what := map[bool]string{true: "", false: "; it is left empty"}[d.needed || !l.wanted.LeaveOut]
			l.fault(JSONFault{File: d.file + linesEnding, Line: d.number, Text: fmt.Sprintf("%s refers to a record of %s that is not there%s", d.column, d.to, what)})
			if !l.wanted.LeaveOut {
				continue
			}
			if err := l.mend(d); err != nil {
				return err
			}
		}
		if !l.wanted.LeaveOut {
			return nil
		}
		if err := l.forgetUses(); err != nil {
			return err
		}
	}
}

// mend empties the reference, or takes out the line that has it.
func (l *jsonLoad) mend(d jsonDangling) error {
	place := quoted([]string{d.table})
	if !d.needed {
		return exec(l.ctx, l.tx, `UPDATE `+place+` SET `+quoted([]string{d.column})+` = NULL WHERE rowid = $1`, d.row)
	}
	if d.number == 0 { // made by the import itself
		return exec(l.ctx, l.tx, `DELETE FROM `+place+` WHERE rowid = $1`, d.row)
	}
	rows, err := queryAll(l.ctx, l.tx, func(row scanner) (w jsonDangling, err error) {
		err = row.Scan(&w.table, &w.row)
		return w, err
	}, `SELECT place, row FROM json_written WHERE file = $1 AND number = $2`, d.file, d.number)
	if err != nil {
		return err
	}
	for _, w := range rows {
		if err := exec(l.ctx, l.tx, `DELETE FROM `+quoted([]string{w.table})+` WHERE rowid = $1`, w.row); err != nil {
			return err
		}
	}
	if len(rows) > 0 { // not for each of several references of one line
		l.done.Records[d.file]--
	}
	return exec(l.ctx, l.tx, `DELETE FROM json_written WHERE file = $1 AND number = $2`, d.file, d.number)
}

// forgetUses takes out the uses of files by records that were left out.
func (l *jsonLoad) forgetUses() error {
	for _, table := range []string{"news", "meeting", "person"} {
		err := exec(l.ctx, l.tx, `DELETE FROM media_use WHERE kind IN ('`+table+`', 'copy_`+table+`') AND record_id NOT IN (SELECT id FROM `+table+`)`)
		if err != nil {
			return err
		}
	}
	return nil
}

// circles holds that nothing stands above itself. Where faults are left out, the first of a circle loses what it refers to.
func (l *jsonLoad) circles() error {
	for _, c := range []struct{ table, column string }{{"section", "parent_id"}, {"unit", "parent_id"}, {"unit", "successor_id"}, {"menu_item", "parent_id"}} {
		for {
			d, err := l.circle(c.table, c.column)
			if errors.Is(err, model.ErrNotFound) {
				break
			}
			if err != nil {
				return err
			}
			l.fault(JSONFault{File: d.file + linesEnding, Line: d.number, Text: c.column + " leads back to the record itself"})
			if !l.wanted.LeaveOut {
				break
			}
			if err := l.mend(d); err != nil {
				return err
			}
		}
	}
	return nil
}

// circle is a reference of a column by which a record leads back to itself, or ErrNotFound.
func (l *jsonLoad) circle(table, column string) (d jsonDangling, err error) {
	id, err := queryOne(l.ctx, l.tx, value[int64], `WITH RECURSIVE below (id) AS (SELECT id FROM `+table+` WHERE `+column+` IS NULL
			OR `+column+` NOT IN (SELECT id FROM `+table+`) UNION SELECT t.id FROM below b JOIN `+table+` t ON t.`+column+` = b.id)
		SELECT id FROM `+table+` WHERE id NOT IN (SELECT id FROM below) LIMIT 1`)
	for seen := map[int64]bool{}; err == nil && !seen[id]; {
		seen[id] = true
		id, err = queryOne(l.ctx, l.tx, value[int64], `SELECT `+column+` FROM `+table+` WHERE id = $1`, id)
	}
	if err != nil {
		return d, err
	}
	d = jsonDangling{table: table, row: id, column: column}
	return queryOne(l.ctx, l.tx, func(row scanner) (jsonDangling, error) { return d, row.Scan(&d.file, &d.number) },
		`SELECT file, number FROM json_written WHERE place = $1 AND row = $2`, table, id)
}
