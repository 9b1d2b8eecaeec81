package store

import (
	"cmp"
	"context"
	"database/sql"
	"errors"
	"fmt"

	"congso/store/model"
)

// querier is what *sql.DB and *sql.Tx have in common.
type querier interface {
	ExecContext(ctx context.Context, query string, args ...any) (sql.Result, error)
	QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error)
	QueryRowContext(ctx context.Context, query string, args ...any) *sql.Row
}

// scanner is what *sql.Rows and *sql.Row have in common.
type scanner interface{ Scan(dest ...any) error }

// tx runs change in one writing transaction: all of it holds, or none. It returns the error of change, or of the commit; one that says
// that the database cannot be written to now is also model.ErrUnavailable, and model.ErrDiskFull when that is for want of space. Into a database
// that is known to be damaged it writes nothing.
func (s *Store) tx(ctx context.Context, change func(tx *sql.Tx) error) (err error) {
	if err := cmp.Or(s.Damage(), s.Outdated()); err != nil {
		return err
	}
	defer func() { s.NoteDamage(err) }()
	conn, tx, err := s.writer(ctx)
	if err != nil {
		return noConnection(err)
	}
	defer func() { err = errors.Join(err, giveBack(conn)) }()
	open := true
	defer func() { // after a panic too: there is only one writing connection
		if open {
			err = errors.Join(err, rollback(tx))
		}
	}()
	if err := change(tx); err != nil {
		return unavailable(err)
	}
	open = false
	return unavailable(s.newest.commit(tx.Commit))
}

// noConnection is the error of having got no connection, whatever is the reason.
func noConnection(err error) error {
	if errors.Is(err, model.ErrUnavailable) {
		return err
	}
	return fmt.Errorf("%w: %w", model.ErrUnavailable, err)
}

// rollback ends tx. That a cancelled context has ended it already is no error.
func rollback(tx *sql.Tx) error {
	if err := tx.Rollback(); err != nil && !errors.Is(err, sql.ErrTxDone) {
		return err
	}
	return nil
}

// giveBack returns conn to its pool. That it is broken and gone already is no error.
func giveBack(conn *sql.Conn) error {
	if err := conn.Close(); err != nil && !errors.Is(err, sql.ErrConnDone) {
		return err
	}
	return nil
}

// exec runs a short statement that returns nothing.
func exec(ctx context.Context, q querier, query string, args ...any) error {
	ctx, cancel := bounded(ctx, q)
	defer cancel()
	_, err := q.ExecContext(ctx, query, args...)
	return unavailable(err)
}

// insertRows runs query once for each of count rows with the arguments of its index.
func insertRows(ctx context.Context, q querier, query string, count int, args func(i int) []any) error {
	for i := range count {
		if err := exec(ctx, q, query, args(i)...); err != nil {
			return err
		}
	}
	return nil
}

// queryAll returns the rows of query, each read by scan.
func queryAll[T any](ctx context.Context, q querier, scan func(scanner) (T, error), query string, args ...any) ([]T, error) {
	ctx, cancel := bounded(ctx, q)
	defer cancel()
	rows, err := q.QueryContext(ctx, query, args...)
	if err != nil {
		return nil, unavailable(err)
	}
	defer rows.Close()
	var list []T
	for rows.Next() {
		item, err := scan(rows)
		if err != nil {
			return nil, err
		}
		list = append(list, item)
	}
	return list, unavailable(rows.Err())
}

// queryOne returns the only row of query, read by scan, or model.ErrNotFound.
func queryOne[T any](ctx context.Context, q querier, scan func(scanner) (T, error), query string, args ...any) (T, error) {
	ctx, cancel := bounded(ctx, q)
	defer cancel()
	item, err := scan(q.QueryRowContext(ctx, query, args...))
	if errors.Is(err, sql.ErrNoRows) {
		return item, model.ErrNotFound
	}
	return item, unavailable(err)
}

// value reads a row of a single column.
func value[T any](row scanner) (T, error) {
	var v T
	err := row.Scan(&v)
	return v, err
}
