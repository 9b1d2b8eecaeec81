package store_test

import (
	"context"
	"database/sql"
	"errors"
	"testing"

	"github.com/jackc/pgx/v5/pgconn"

	"congso/store"
	"congso/store/model"
)

// TestWhoStandsInAnothersWayMayTryAgain: what PostgreSQL rolls back for the sake of another transaction is no fault of what was asked.
func TestWhoStandsInAnothersWayMayTryAgain(t *testing.T) {
	s, _ := openAt(t, store.Options{Dir: t.TempDir()})
	for code, want := range map[string]bool{"40P01": true, "40001": true, "57P01": true, "25006": true, "23505": false, "42601": false} {
		err := s.Tx(context.Background(), func(*sql.Tx) error { return &pgconn.PgError{Code: code} })
		if got := errors.Is(err, model.ErrUnavailable); got != want {
			t.Errorf("%s: unavailable is %v, want %v", code, got, want)
		}
	}
}
