package store

import (
	"context"
	"fmt"
	"slices"
	"strings"
)

// How many lines are read from the database at once.
const (
	jsonLines = 2000
	jsonItems = 100 // with their parts, or whole records in them
)

// writeTable writes the file of a table.
func (e *jsonExport) writeTable(ctx context.Context, t *jsonTable) (err error) {
	w, err := e.lines(t.name + linesEnding)
	if err != nil {
		return err
	}
	defer func() {
		if closed := e.close(w); err == nil {
			err = closed
		}
		e.portal.Records[t.name] = w.lines
	}()
	total, err := queryOne(ctx, e.from.conn, value[int64], `SELECT COUNT(*) FROM `+quoted([]string{t.table})+` WHERE `+t.condition())
	if err != nil {
		return err
	}
	e.work.begin(writingLines+t.name, total)
	for after, more := []any(nil), true; more && err == nil; {
		after, more, err = e.writePage(ctx, t, w, after)
	}
	return err
}

// writePage writes the next lines of a file, after the row with that key, and returns the key of the last and whether there was any.
func (e *jsonExport) writePage(ctx context.Context, t *jsonTable, w *linesWriter, after []any) (last []any, more bool, err error) {
	rows, err := e.page(ctx, t, after)
	if err != nil || len(rows) == 0 {
		return nil, false, err
	}
	end := rows[len(rows)-1]
	parts, err := e.partsOf(ctx, t, rows[0].whole("id"), end.whole("id"))
	if err != nil {
		return nil, false, err
	}
	var line []byte
	for _, row := range rows {
		if line, err = e.encode(line[:0], t, row, parts); err == nil {
			err = w.line(line)
		}
		if err != nil {
			return nil, false, err
		}
	}
	m := e.tables[t.table]
	for _, k := range m.key {
		last = append(last, end[m.columns[k].name])
	}
	return last, true, e.work.add(int64(len(rows)))
}

func (t *jsonTable) condition() string {
	if t.where == "" {
		return "1 = 1"
	}
	return t.where
}

// page is the next rows of a file, in the order of its key.
func (e *jsonExport) page(ctx context.Context, t *jsonTable, after []any) ([]jsonRow, error) {
	m, limit := e.tables[t.table], jsonLines
	if len(t.parts) > 0 || slices.ContainsFunc(t.fields, func(f jsonField) bool { return f.as == jsonNested }) {
		limit = jsonItems
	}
	query := ` WHERE ` + t.condition()
	if after != nil {
		query += ` AND (` + e.from.keyOf(m) + `) > (` + placeholders(1, len(after)) + `)`
	}
	return e.rows(ctx, t, query+fmt.Sprintf(` ORDER BY %s LIMIT %d`, e.from.keyOf(m), limit), after...)
}

// partsOf are the rows of the parts of the records with numbers from first to last, by part and record.
func (e *jsonExport) partsOf(ctx context.Context, t *jsonTable, first, last int64) (map[string]map[string][]jsonRow, error) {
	all := map[string]map[string][]jsonRow{}
	for i := range t.parts {
		p := &t.parts[i]
		if p.secret && !e.options.Secrets {
			continue
		}
		args := []any{first, last}
		query := ` WHERE ` + quoted([]string{p.owner}) + ` BETWEEN $1 AND $2`
		for _, column := range sortedKeys(p.fixed) {
			if p.fixed[column] != nil {
				args = append(args, p.fixed[column])
				query += fmt.Sprintf(` AND %s = $%d`, quoted([]string{column}), len(args))
			}
		}
		rows, err := e.rows(ctx, p, query+` ORDER BY `+quoted(p.order), args...)
		if err != nil {
			return nil, err
		}
		of := map[string][]jsonRow{}
		for _, row := range rows {
			of[p.belongs(row)] = append(of[p.belongs(row)], row)
		}
		all[p.table] = of
		below, err := e.partsOf(ctx, p, first, last)
		if err != nil {
			return nil, err
		}
		for name, rows := range below {
			all[name] = rows
		}
	}
	return all, nil
}

// belongs tells which row above a part's row belongs to; owned tells the same of the row above.
func (t *jsonTable) belongs(row jsonRow) string {
	text := fmt.Sprint(row[t.owner])
	for _, column := range sortedKeys(t.above) {
		text += fmt.Sprint(" ", row[column])
	}
	return text
}

func (t *jsonTable) owned(part *jsonTable, row jsonRow) string {
	owner := row["id"]
	if t.owner != "" {
		owner = row[t.owner]
	}
	text := fmt.Sprint(owner)
	for _, column := range sortedKeys(part.above) {
		text += fmt.Sprint(" ", row[part.above[column]])
	}
	return text
}

// rows reads what a query finds in the table: the columns of its fields, its key and its owner, and the labels under the names of their fields.
func (e *jsonExport) rows(ctx context.Context, t *jsonTable, query string, args ...any) ([]jsonRow, error) {
	m := e.tables[t.table]
	columns := t.columnsRead(m)
	selected := make([]string, len(columns))
	for i, c := range columns {
		selected[i] = quoted([]string{c.name})
	}
	labels := t.labels()
	for _, f := range labels {
		table, column, _ := strings.Cut(f.from, ".")
		selected = append(selected, fmt.Sprintf(`(SELECT x.%s FROM %s x WHERE x.id = %s.%s)`, quoted([]string{column}), quoted([]string{table}), quoted([]string{t.table}), quoted([]string{f.column})))
	}
	return queryAll(ctx, e.from.conn, func(from scanner) (jsonRow, error) {
		values, into := make([]any, len(selected)), make([]any, len(selected))
		for i := range values {
			into[i] = &values[i]
		}
		if err := from.Scan(into...); err != nil {
			return nil, err
		}
		row := jsonRow{}
		for i, v := range values {
			if i >= len(columns) {
				row[labels[i-len(columns)].name+jsonLabelled] = v
				continue
			}
			known, err := columns[i].value(v)
			if err != nil {
				return nil, fmt.Errorf("table %s, row %v, column %s: %w", t.table, values[:min(len(values), 3)], columns[i].name, err)
			}
			row[columns[i].name] = known
		}
		return row, nil
	}, `SELECT `+strings.Join(selected, ", ")+` FROM `+quoted([]string{t.table})+query, args...)
}

// jsonLabelled ends the name of a label in a row, so that it is no column's.
const jsonLabelled = " (label)"

func (t *jsonTable) labels() (list []jsonField) {
	for _, f := range t.fields {
		if f.as == jsonLabel {
			list = append(list, f)
		}
	}
	return list
}

// columnsRead are the columns of a table that its lines, or their order, are made from.
func (t *jsonTable) columnsRead(m *movedTable) (list []movedColumn) {
	wanted := map[string]bool{t.owner: true}
	for _, f := range t.fields {
		wanted[f.in()] = true
	}
	for column := range t.above {
		wanted[column] = true
	}
	for i, c := range m.columns {
		if wanted[c.name] || slices.Contains(m.key, i) {
			list = append(list, c)
		}
	}
	return list
}

// jsonTableNames are the tables that an export reads, parts among them.
func jsonTableNames() (names []string) {
	var add func(list []jsonTable)
	add = func(list []jsonTable) {
		for _, t := range list {
			names = append(names, t.table)
			add(t.parts)
		}
	}
	add(jsonTables())
	slices.Sort(names)
	return slices.Compact(names)
}
