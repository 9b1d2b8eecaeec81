package store

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"slices"

	"congso/store/model"
)

// jsonLastNumber leaves room for as many records again as there are numbers for.
const jsonLastNumber = 1 << 62

// jsonBatch is how many lines an import writes in one transaction.
const jsonBatch = 5000

// jsonLoad fills an empty database with the lines of an export.
type jsonLoad struct {
	*jsonImport
	store *Store // the database
	work  *work

	ctx    context.Context
	tables map[string]*movedTable
	tx     *sql.Tx
	insert map[string]*sql.Stmt // in tx

	name     string // of the file whose line is being taken
	number   int    // of that line, from 1
	rendered model.Rendered
}

// run takes all files. A line that cannot be taken is a fault; the error is what keeps the rest from being looked at too.
func (l *jsonLoad) run(ctx context.Context) (err error) {
	l.ctx = ctx
	e, closeEnd, err := openEnd(ctx, Options{Dir: l.stage}, true)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, closeEnd()) }()
	tables, err := e.movedTables(ctx, jsonTableNames())
	if err != nil {
		return err
	}
	l.tables = map[string]*movedTable{}
	for i := range tables {
		l.tables[tables[i].name] = &tables[i]
	}
	for _, query := range append(jsonWritten(), `DELETE FROM hit_total`) {
		if err := exec(ctx, e.conn, query); err != nil {
			return err
		}
	}
	l.done.Records = map[string]int64{}
	for _, t := range jsonTables() {
		if err := l.file(e.conn.(*sql.Conn), &t); err != nil {
			return fmt.Errorf("%s: %w", t.name+linesEnding, err)
		}
	}
	return l.within(e.conn.(*sql.Conn), func() error { return l.complete() })
}

// within runs do in a transaction of its own.
func (l *jsonLoad) within(conn *sql.Conn, do func() error) (err error) {
	if l.tx, err = conn.BeginTx(l.ctx, nil); err != nil {
		return err
	}
	defer func() { err = errors.Join(err, rollback(l.tx)) }()
	l.insert = map[string]*sql.Stmt{}
	if err := do(); err != nil {
		return err
	}
	return l.tx.Commit()
}

// file takes the lines of a file. One that the export does not name has none.
func (l *jsonLoad) file(conn *sql.Conn, t *jsonTable) (err error) {
	lines, named := l.done.Portal.Records[t.name]
	if !named {
		return nil
	}
	l.work.begin(readingLines+t.name, lines)
	file, err := l.openRegular(t.name + linesEnding)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, file.Close()) }()
	sum := sha256.New()
	reader := newLineReader(io.TeeReader(file, sum))
	for more := true; more; {
		err := l.within(conn, func() (err error) {
			more, err = l.lines(t, reader)
			return err
		})
		if err != nil {
			return err
		}
	}
	is := hex.EncodeToString(sum.Sum(nil))
	unchanged := func(f ArchivedFile) bool { return f.Name == t.name+linesEnding && f.SHA256 == is }
	if !l.wanted.Changed && !slices.ContainsFunc(l.done.Portal.Files, unchanged) {
		return fmt.Errorf("it is not what was exported: %w", errJSONChanged)
	}
	return nil
}

// lines takes the next lines and reports whether there are more.
func (l *jsonLoad) lines(t *jsonTable, from *lineReader) (more bool, err error) {
	for range jsonBatch {
		line, err := from.next()
		if errors.Is(err, io.EOF) {
			return false, nil
		}
		if err != nil {
			return false, fmt.Errorf("line %d: %w", from.number, err)
		}
		l.number, l.name = from.number, t.name
		fault, err := l.line(t, line)
		if err != nil {
			return false, fmt.Errorf("line %d: %w", from.number, err)
		}
		if fault != nil {
			l.fault(JSONFault{File: t.name + linesEnding, Line: from.number, Text: fault.Error()})
		} else {
			l.done.Records[t.name]++
		}
		if err := l.work.add(1); err != nil {
			return false, err
		}
	}
	return true, nil
}

// line takes one, all of it or nothing.
func (l *jsonLoad) line(t *jsonTable, line []byte) (fault, err error) {
	if _, err := l.tx.ExecContext(l.ctx, `SAVEPOINT line`); err != nil {
		return nil, err
	}
	if fault = l.item(t, line, nil, nil, 0); fault != nil {
		var own *jsonBroken
		if errors.As(fault, &own) {
			return nil, own.error
		}
		if _, err := l.tx.ExecContext(l.ctx, `ROLLBACK TO line`); err != nil {
			return nil, err
		}
	}
	_, err = l.tx.ExecContext(l.ctx, `RELEASE line`)
	return fault, err
}

// jsonBroken is an error that is no fault of the line.
type jsonBroken struct{ error }

func (b *jsonBroken) Unwrap() error { return b.error }

// item writes a row and the rows of its parts, and looks at the whole. above is the row that a part belongs to, in whose list it has that place.
func (l *jsonLoad) item(t *jsonTable, text []byte, upper *jsonTable, above jsonRow, place int) error {
	row, parts, err := t.decode(text)
	if err == nil {
		err = l.fits(t, row)
	}
	if err != nil {
		return err
	}
	if upper != nil {
		if _, has := row["position"]; !has {
			row["position"] = int64(place)
		}
		row[t.owner] = above["id"]
		if upper.owner != "" {
			row[t.owner] = above[upper.owner]
		}
		for column, from := range t.above {
			row[column] = above[from]
		}
	}
	for column, v := range t.fixed {
		row[column] = v
	}
	if t.prepare != nil {
		if err := t.prepare(l, row); err != nil {
			return err
		}
	}
	if err := l.put(t, row); err != nil {
		return err
	}
	for i := range t.parts {
		for n, text := range parts[t.parts[i].name] {
			if err := l.item(&t.parts[i], text, t, row, n); err != nil {
				return fmt.Errorf("%s[%d]: %w", t.parts[i].name, n, err)
			}
		}
	}
	if t.check == nil {
		return nil
	}
	return t.check(l, row)
}

// fits holds that PostgreSQL takes the numbers of a row too: SQLite's columns have 64 bits, whatever they are called.
func (l *jsonLoad) fits(t *jsonTable, row jsonRow) error {
	for _, f := range t.fields {
		if f.as != jsonWhole || f.in() == "id" || f.in() == "record_id" {
			continue
		}
		n := row.whole(f.in())
		for _, c := range l.tables[t.table].columns {
			if c.name == f.in() && c.bits == 32 && int64(int32(n)) != n {
				return fmt.Errorf("%s: %d is out of range", f.name, n)
			}
		}
	}
	return nil
}

// put writes a row. Columns that it has not got are empty, 0 or false.
func (l *jsonLoad) put(t *jsonTable, row jsonRow) (err error) {
	m := l.tables[t.table]
	insert := l.insert[t.table]
	if insert == nil {
		insert, err = l.tx.PrepareContext(l.ctx, `INSERT INTO `+quoted([]string{t.table})+` (`+quoted(m.names())+`) VALUES (`+placeholders(1, len(m.columns))+`)`)
		if err != nil {
			return &jsonBroken{err}
		}
		l.insert[t.table] = insert
	}
	args := make([]any, len(m.columns))
	for i, c := range m.columns {
		v, has := row[c.name]
		if !has {
			v = map[columnKind]any{integers: int64(0), booleans: false, texts: ""}[c.kind]
		}
		args[i] = v
	}
	done, err := insert.ExecContext(l.ctx, args...)
	if err != nil && (noSpace(err) || isDamage(err)) {
		return &jsonBroken{err}
	}
	if err != nil || len(m.refs) == 0 {
		return err
	}
	return l.noteWritten(t.table, done)
}

// complete looks at what all lines are together.
func (l *jsonLoad) complete() error {
	err := exec(l.ctx, l.tx, `INSERT INTO hit_total (id, views) SELECT 1, 0 WHERE NOT EXISTS (SELECT 1 FROM hit_total)`)
	if err == nil {
		err = putSetting(l.ctx, l.tx, staleSearch, "0")
	}
	if err == nil {
		err = l.goOnNumbering()
	}
	if err == nil {
		err = l.useFrame()
	}
	if err == nil {
		err = l.dangling()
	}
	if err == nil {
		err = l.circles()
	}
	if _, named := l.done.Portal.Records["revisions"]; err == nil && !named {
		err = l.firstRevisions()
	}
	return err
}

// goOnNumbering lets numbers go on where they were: one that a record had which is gone belongs to its history.
func (l *jsonLoad) goOnNumbering() error {
	for _, name := range sortedKeys(l.done.Portal.Numbers) {
		last, m := l.done.Portal.Numbers[name], l.tables[name]
		if m == nil || !m.counted || last < 0 || last > jsonLastNumber {
			l.fault(JSONFault{File: portalName, Text: fmt.Sprintf("last_numbers: %d is none of %q", last, name)})
			continue
		}
		reached, err := queryOne(l.ctx, l.tx, value[int64], `SELECT COALESCE((SELECT seq FROM sqlite_sequence WHERE name = $1), 0)`, name)
		if err == nil && reached < last {
			err = exec(l.ctx, l.tx, `DELETE FROM sqlite_sequence WHERE name = $1`, name)
		}
		if err == nil && reached < last {
			err = exec(l.ctx, l.tx, `INSERT INTO sqlite_sequence (name, seq) VALUES ($1, $2)`, name, last)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// useFrame notes which files the head of every page uses, and looks at the menu as a whole.
func (l *jsonLoad) useFrame() error {
	said, err := site(l.ctx, l.tx)
	if err != nil {
		return err
	}
	if said.Logo.ID != 0 || said.Banner.Media.ID != 0 {
		if err := l.store.useMedia(l.ctx, l.tx, model.KindSetting, 0, []int64{said.Logo.ID, said.Banner.Media.ID}, nil); err != nil {
			return err
		}
	}
	items, err := menu(l.ctx, l.tx)
	if err != nil {
		return err
	}
	if err := model.ValidateMenu(items); err != nil {
		l.fault(JSONFault{File: "menu" + linesEnding, Text: err.Error()})
	}
	return nil
}
