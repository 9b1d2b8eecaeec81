package store

import (
	"context"
	"database/sql"
	"errors"
	"strconv"
	"strings"
)

// How many rows one statement takes. SQLite looks each name of an argument up among all of its statement, so that many of them are slow; over
// a network each statement is a journey.
const (
	rowsSQLite   = 16
	rowsPostgres = 500
)

// bulk writes and reads many rows with few statements in one transaction.
type bulk struct {
	*sql.Tx
	rows int // that one statement takes
}

func (s *Store) bulk(tx *sql.Tx) bulk {
	if s.postgres {
		return bulk{tx, rowsPostgres}
	}
	return bulk{tx, rowsSQLite}
}

// put runs "head VALUES (…), … tail" over rows of width arguments each, given one after the other.
func (b bulk) put(ctx context.Context, head, tail string, width int, args []any) (err error) {
	query := func(rows int) string { return head + " VALUES " + marks(rows, width) + tail }
	many := b.rows * width
	if len(args) >= 2*many {
		var statement *sql.Stmt
		if statement, err = b.PrepareContext(ctx, query(b.rows)); err != nil {
			return err
		}
		defer func() { err = errors.Join(err, statement.Close()) }()
		for ; len(args) >= many; args = args[many:] {
			if _, err := statement.ExecContext(ctx, args[:many]...); err != nil {
				return err
			}
		}
	}
	for len(args) > 0 {
		n := min(len(args), many)
		if _, err := b.ExecContext(ctx, query(n/width), args[:n]...); err != nil {
			return err
		}
		args = args[n:]
	}
	return nil
}

// each calls ask with some of the values at once, until all have been asked for.
func (b bulk) each(values []any, ask func(some []any) error) error {
	for len(values) > 0 {
		n := min(len(values), b.rows)
		if err := ask(values[:n:n]); err != nil {
			return err
		}
		values = values[n:]
	}
	return nil
}

// marks are the marks of rows of arguments: ($1, $2), ($3, $4).
func marks(rows, width int) string {
	var b strings.Builder
	for i := range rows * width {
		switch {
		case i == 0:
			b.WriteString("($")
		case i%width == 0:
			b.WriteString("), ($")
		default:
			b.WriteString(", $")
		}
		b.WriteString(strconv.Itoa(i + 1))
	}
	b.WriteString(")")
	return b.String()
}
