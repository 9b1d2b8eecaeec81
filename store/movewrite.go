package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/stdlib"
)

// What a move writes in one transaction at most, but for tables whose rows refer to each other.
const (
	batchRows  = 5000
	batchBytes = 16 << 20
)

// transfer copies the records of one database into another, which is empty or holds what an earlier one has brought.
type transfer struct {
	from, to end
	tables   []movedTable
	work     *work // told of rows
	// note writes down, in the transaction that brings rows, that all tables before the one of that index are there, and of that one all rows up
	// to the key.
	note func(ctx context.Context, table int, after []any) error
}

// openTransfer looks at the tables of both ends, which must be in no transaction.
func openTransfer(ctx context.Context, from, to end) (*transfer, error) {
	sqlite, postgres := from, to
	if from.postgres {
		sqlite, postgres = to, from
	}
	names, err := sqlite.sqliteTables(ctx)
	if err != nil {
		return nil, err
	}
	here, err := sqlite.movedTables(ctx, names)
	if err != nil {
		return nil, err
	}
	there, err := postgres.movedTables(ctx, names)
	if err != nil {
		return nil, err
	}
	tables, err := sameTables(here, there)
	return &transfer{from: from, to: to, tables: tables, note: func(context.Context, int, []any) error { return nil }}, err
}

// snapshot lets do read the records as they are at one moment.
func (e end) snapshot(ctx context.Context, do func() error) (err error) {
	begin := `BEGIN`
	if e.postgres {
		begin = `BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY`
	}
	return e.within(ctx, begin, do)
}

// within runs do in a transaction.
func (e end) within(ctx context.Context, begin string, do func() error) (err error) {
	if _, err := e.conn.ExecContext(ctx, begin); err != nil {
		return unavailable(err)
	}
	if err = do(); err == nil {
		if _, err = e.conn.ExecContext(ctx, `COMMIT`); err == nil {
			return nil
		}
	}
	if _, undone := e.conn.ExecContext(ctx, `ROLLBACK`); undone != nil && !errors.Is(undone, sql.ErrConnDone) {
		err = errors.Join(err, undone)
	}
	return unavailable(err)
}

// begin is how a transaction that writes begins.
func (e end) begin() string {
	if e.postgres {
		return `BEGIN`
	}
	return `BEGIN IMMEDIATE`
}

// count is how many rows all tables have at one end.
func (t *transfer) count(ctx context.Context, e end) (rows int64, err error) {
	for i := range t.tables {
		n, err := queryOne(ctx, e.conn, value[int64], `SELECT COUNT(*) FROM "`+t.tables[i].name+`" WHERE `+t.tables[i].moved())
		if err != nil {
			return 0, fmt.Errorf("table %s: %w", t.tables[i].name, err)
		}
		rows += n
	}
	return rows, nil
}

// run copies all tables from the one of that index on, of it the rows after the key. The source is in a snapshot.
func (t *transfer) run(ctx context.Context, table int, after []any) error {
	for ; table < len(t.tables); table, after = table+1, nil {
		if err := t.copyTable(ctx, table, after); err != nil {
			return err
		}
	}
	return nil
}

func (t *transfer) copyTable(ctx context.Context, table int, after []any) (err error) {
	m := &t.tables[table]
	reader, err := t.from.read(ctx, m, true, after)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, reader.rows.Close()) }()
	b := batch{reader: reader, whole: m.whole(), last: after}
	for !b.done {
		b.rows, b.bytes = 0, 0
		err := t.to.within(ctx, t.to.begin(), func() error {
			if err := t.to.write(ctx, m, b.next); err != nil {
				return fmt.Errorf("table %s, after row %s: %w", m.name, keyText(b.last), err)
			}
			if !b.done {
				return t.note(ctx, table, b.last)
			}
			if err := t.carryCount(ctx, m); err != nil {
				return fmt.Errorf("table %s: %w", m.name, err)
			}
			return t.note(ctx, table+1, nil)
		})
		if err != nil {
			return err
		}
		if err := t.work.add(b.rows); err != nil {
			return err
		}
	}
	return nil
}

// batch hands rows on until it has enough of them.
type batch struct {
	reader *rowReader
	whole  bool // it never has enough
	done   bool // there are no more
	rows   int64
	bytes  int
	last   []any // key
}

// next is the next row of the batch, or io.EOF.
func (b *batch) next() ([]any, error) {
	if !b.whole && (b.rows == batchRows || b.bytes >= batchBytes) {
		return nil, io.EOF
	}
	row, err := b.reader.next()
	if err != nil {
		b.done = errors.Is(err, io.EOF)
		return nil, err
	}
	b.rows, b.bytes, b.last = b.rows+1, b.bytes+rowBytes(row), b.reader.table.keyIn(row)
	return row, nil
}

// write puts rows into a table until next returns io.EOF.
func (e end) write(ctx context.Context, t *movedTable, next func() ([]any, error)) error {
	if e.postgres {
		return e.copyIn(ctx, t, next)
	}
	insert, err := e.conn.(*sql.Conn).PrepareContext(ctx, `INSERT INTO "`+t.name+`" (`+quoted(t.names())+`) VALUES (`+placeholders(1, len(t.columns))+`)`)
	if err != nil {
		return err
	}
	defer insert.Close()
	for {
		row, err := next()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err == nil {
			_, err = insert.ExecContext(ctx, row...)
		}
		if err != nil {
			return unavailable(err)
		}
	}
}

// copyIn is write by PostgreSQL's COPY.
func (e end) copyIn(ctx context.Context, t *movedTable, next func() ([]any, error)) error {
	return e.conn.(*sql.Conn).Raw(func(driver any) error {
		_, err := driver.(*stdlib.Conn).Conn().CopyFrom(ctx, pgx.Identifier{t.name}, t.names(), pgx.CopyFromFunc(func() ([]any, error) {
			row, err := next()
			if errors.Is(err, io.EOF) {
				return nil, nil // which is how pgx wants to be told
			}
			return row, err
		}))
		return unavailable(err)
	})
}

// carryCount lets the target go on numbering the table's rows where the source is.
func (t *transfer) carryCount(ctx context.Context, m *movedTable) error {
	if !m.counted {
		return nil
	}
	n, err := t.from.counted(ctx, m)
	if err != nil {
		return err
	}
	if t.to.postgres {
		_, err = t.to.conn.ExecContext(ctx, `SELECT setval(pg_get_serial_sequence(quote_ident($1), 'id'), GREATEST(CAST($2 AS BIGINT), 1), CAST($2 AS BIGINT) > 0)`, m.name, n)
		return unavailable(err)
	}
	if err := exec(ctx, t.to.conn, `DELETE FROM sqlite_sequence WHERE name = $1`, m.name); err != nil {
		return err
	}
	return exec(ctx, t.to.conn, `INSERT INTO sqlite_sequence (name, seq) VALUES ($1, $2)`, m.name, n)
}

// counted is the last number that the database has given to a row of the table.
func (e end) counted(ctx context.Context, m *movedTable) (int64, error) {
	if !e.postgres {
		return queryOne(ctx, e.conn, value[int64], `SELECT COALESCE((SELECT seq FROM sqlite_sequence WHERE name = $1), 0)`, m.name)
	}
	sequence, err := queryOne(ctx, e.conn, value[string], `SELECT pg_get_serial_sequence(quote_ident($1), 'id')`, m.name)
	if err != nil {
		return 0, err
	}
	return queryOne(ctx, e.conn, value[int64], `SELECT CASE WHEN is_called THEN last_value ELSE last_value - 1 END FROM `+sequence)
}
