package store

import (
	"context"
	"errors"
	"fmt"
	"io"
)

// DifferenceError: two databases that should hold the same records do not.
type DifferenceError struct {
	Table string
	Key   string // of the first row that differs, "" when only the number of the next row does
	Text  string // how
}

// Error says where they differ, and how.
func (e *DifferenceError) Error() string {
	return fmt.Sprintf("the databases differ: table %s, row %s: %s", e.Table, e.Key, e.Text)
}

// compare holds that both ends, each in a snapshot, have the same rows in all tables: by their number, and by a hash of all values of each row.
// The error is DifferenceError when they have not.
func (t *transfer) compare(ctx context.Context) error {
	for i := range t.tables {
		m := &t.tables[i]
		from, err := t.sum(ctx, t.from, m)
		if err != nil {
			return err
		}
		to, err := t.sum(ctx, t.to, m)
		if err != nil {
			return err
		}
		if from != to {
			return t.firstDifference(ctx, m)
		}
		if err := t.sameCount(ctx, m); err != nil {
			return err
		}
	}
	return nil
}

// sum reads all of a table.
func (t *transfer) sum(ctx context.Context, e end, m *movedTable) (sum tableSum, err error) {
	reader, err := e.read(ctx, m, false, nil)
	if err != nil {
		return sum, err
	}
	defer func() { err = errors.Join(err, reader.rows.Close()) }()
	hash := rowHash{}
	for {
		row, err := reader.next()
		if errors.Is(err, io.EOF) {
			return sum, t.work.add(sum.Rows % batchRows)
		}
		if err != nil {
			return sum, err
		}
		if sum.add(hash.of(row)); sum.Rows%batchRows == 0 {
			if err := t.work.add(batchRows); err != nil {
				return sum, err
			}
		}
	}
}

// sameCount holds that the next rows of a table will have the same numbers.
func (t *transfer) sameCount(ctx context.Context, m *movedTable) error {
	if !m.counted {
		return nil
	}
	from, err := t.from.counted(ctx, m)
	if err != nil {
		return err
	}
	to, err := t.to.counted(ctx, m)
	if err == nil && from != to {
		err = &DifferenceError{m.name, "to come", fmt.Sprintf("numbers go on after %d in one, after %d in the other", from, to)}
	}
	return err
}

// firstDifference walks both tables by their keys until they differ.
func (t *transfer) firstDifference(ctx context.Context, m *movedTable) (err error) {
	from, err := t.from.read(ctx, m, true, nil)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, from.rows.Close()) }()
	to, err := t.to.read(ctx, m, true, nil)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, to.rows.Close()) }()
	for {
		f, fromErr := nextOrNone(from)
		g, toErr := nextOrNone(to)
		switch {
		case fromErr != nil || toErr != nil:
			return errors.Join(fromErr, toErr)
		case f == nil && g == nil:
			return fmt.Errorf("table %s changes while it is compared", m.name)
		case g == nil || f != nil && compareKeys(m.keyIn(f), m.keyIn(g)) < 0:
			return &DifferenceError{m.name, keyText(m.keyIn(f)), "it is missing in the target"}
		case f == nil || compareKeys(m.keyIn(f), m.keyIn(g)) > 0:
			return &DifferenceError{m.name, keyText(m.keyIn(g)), "it is in the target alone"}
		}
		if column := m.differs(f, g); column != "" {
			return &DifferenceError{m.name, keyText(m.keyIn(f)), "column " + column + " is not the same"}
		}
	}
}

// nextOrNone is the next row, nil after the last.
func nextOrNone(r *rowReader) ([]any, error) {
	row, err := r.next()
	if errors.Is(err, io.EOF) {
		return nil, nil
	}
	return row, err
}

// differs is the first column in which two rows differ, "" when they are the same.
func (t *movedTable) differs(a, b []any) string {
	hash := rowHash{}
	for i, c := range t.columns {
		if hash.of(a[i:i+1]) != hash.of(b[i:i+1]) {
			return c.name
		}
	}
	return ""
}

// CompareRecords holds that the SQLite database in o.Dir and the PostgreSQL database o.Database have the same records, and returns how many rows
// in how many tables. The error is DifferenceError when they have not. It changes nothing; whoever writes into one of them meanwhile makes a difference.
func CompareRecords(ctx context.Context, o Options) (tables int, rows int64, err error) {
	folder := o
	folder.Database = ""
	for _, end := range []Options{folder, o} {
		if err := haveSchema(ctx, end); err != nil {
			return 0, 0, fmt.Errorf("compare: %w", err)
		}
	}
	from, closeFrom, err := openEnd(ctx, folder, false)
	if err != nil {
		return 0, 0, fmt.Errorf("compare: %w", err)
	}
	defer func() { err = errors.Join(err, closeFrom()) }()
	to, closeTo, err := openEnd(ctx, o, false)
	if err != nil {
		return 0, 0, fmt.Errorf("compare: %w", err)
	}
	defer func() { err = errors.Join(err, closeTo()) }()
	calm := context.WithoutCancel(ctx)
	t, err := openTransfer(calm, from, to)
	if err != nil {
		return 0, 0, fmt.Errorf("compare: %w", err)
	}
	t.work = &work{ctx: ctx, progress: o.Progress}
	err = from.snapshot(calm, func() error {
		return to.snapshot(calm, func() error {
			if rows, err = t.count(calm, from); err != nil {
				return err
			}
			t.work.begin(comparingRecords, 2*rows)
			return t.compare(calm)
		})
	})
	if err != nil {
		return 0, 0, fmt.Errorf("compare: %w", err)
	}
	return len(t.tables), rows, nil
}
