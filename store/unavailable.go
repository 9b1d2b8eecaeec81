package store

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"io"
	"net"
	"slices"

	"github.com/jackc/pgx/v5/pgconn"
	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"

	"congso/store/model"
)

// unavailable makes err model.ErrUnavailable when it says that the database cannot be asked now, not that it was asked wrongly, and
// model.ErrDiskFull when that is for want of space.
func unavailable(err error) error {
	switch {
	case err == nil || errors.Is(err, model.ErrUnavailable):
		return err
	case isDamage(err):
		return asDamage(err)
	case noSpace(err):
		return fmt.Errorf("%w: %w", model.ErrDiskFull, err)
	case cannotAsk(err):
		return fmt.Errorf("%w: %w", model.ErrUnavailable, err)
	}
	return err
}

func cannotAsk(err error) bool {
	var (
		postgres *pgconn.PgError
		connect  *pgconn.ConnectError
		file     *sqlite.Error
		network  net.Error
	)
	switch {
	case errors.As(err, &postgres):
		// Connection, a transaction that stood in another's way, resources, operator intervention, system error; waiting for a lock, or idle in a transaction, for too long; a server that takes
		// no writes: https://www.postgresql.org/docs/current/errcodes-appendix.html
		return len(postgres.Code) == 5 && (slices.Contains([]string{"08", "40", "53", "57", "58"}, postgres.Code[:2]) || slices.Contains([]string{"55P03", "25P03", "25006"}, postgres.Code))
	case errors.As(err, &file):
		busy := []int{sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED, sqlite3.SQLITE_NOMEM, sqlite3.SQLITE_IOERR, sqlite3.SQLITE_CORRUPT,
			sqlite3.SQLITE_FULL, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_PROTOCOL, sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_READONLY}
		return slices.Contains(busy, file.Code()&0xff)
	}
	return errors.Is(err, context.DeadlineExceeded) || errors.As(err, &connect) || errors.As(err, &network) || errors.Is(err, driver.ErrBadConn) || errors.Is(err, sql.ErrConnDone) ||
		errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) ||
		pgconn.SafeToRetry(err) || // nothing was sent: the connection was found broken in the middle of a transaction, which is gone with it
		err.Error() == "sql: database is closed" // database/sql has no name for it
}
