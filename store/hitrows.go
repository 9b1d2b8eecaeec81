package store

import (
	"context"
	"database/sql"
	"strconv"
	"strings"
)

// rowsAtOnce is how many rows one statement takes; both databases know 32,766 arguments and more.
const rowsAtOnce = 500

// putRows runs "head VALUES (…), … tail" over rows of width arguments each, given one after the other, some hundred rows a statement.
func putRows(ctx context.Context, tx *sql.Tx, head, tail string, width int, args []any) error {
	for len(args) > 0 {
		n := min(len(args), rowsAtOnce*width)
		if _, err := tx.ExecContext(ctx, head+" VALUES "+marks(n/width, width)+tail, args[:n]...); err != nil {
			return err
		}
		args = args[n:]
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

// eachSome calls ask with the values, some hundred at once.
func eachSome(values []any, ask func(some []any) error) error {
	for len(values) > 0 {
		n := min(len(values), rowsAtOnce)
		if err := ask(values[:n]); err != nil {
			return err
		}
		values = values[n:]
	}
	return nil
}
