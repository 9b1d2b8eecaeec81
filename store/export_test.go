package store

import (
	"context"
	"database/sql"
)

// Tx lets the tests of both databases, which stand outside the package, run a transaction of their own.
func (s *Store) Tx(ctx context.Context, change func(tx *sql.Tx) error) error {
	return s.tx(ctx, change)
}
