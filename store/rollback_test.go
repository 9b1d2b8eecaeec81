package store_test

import (
	"context"
	"database/sql"
	"errors"
	"strings"
	"testing"

	"congso/store"
	"congso/store/storetest"
)

// settings counts the settings of that name, with "" all of them.
func settings(t *testing.T, s *store.Store, name string) (n int) {
	t.Helper()
	err := s.Tx(t.Context(), func(tx *sql.Tx) error {
		return tx.QueryRowContext(t.Context(), `SELECT count(*) FROM setting WHERE name = $1 OR $1 = ''`, name).Scan(&n)
	})
	if err != nil {
		t.Fatal(err)
	}
	return n
}

// insertSetting goes on when ctx is cancelled, as the store's own statements do.
func insertSetting(ctx context.Context, tx *sql.Tx, name string) error {
	_, err := tx.ExecContext(context.WithoutCancel(ctx), `INSERT INTO setting (name, value) VALUES ($1, '')`, name)
	return err
}

func TestTxReturnsTheErrorOfItsCallbackAndRollsBack(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		failed := errors.New("callback failed")
		err := s.Tx(t.Context(), func(tx *sql.Tx) error { return errors.Join(insertSetting(t.Context(), tx, "a"), failed) })
		if !errors.Is(err, failed) {
			t.Errorf("tx returned %v, want the callback's error", err)
		}
		err = s.Tx(t.Context(), func(tx *sql.Tx) error {
			if err := insertSetting(t.Context(), tx, "b"); err != nil {
				return err
			}
			return insertSetting(t.Context(), tx, "b")
		})
		if err == nil || !strings.Contains(strings.ToLower(err.Error()), "unique") {
			t.Errorf("tx returned %v, want the broken constraint", err)
		}
		if n := settings(t, s, ""); n != 0 {
			t.Errorf("rolled back changes left %d settings", n)
		}
	})
}

func TestTxGivesTheWriterBackAfterAPanicAndACancelledContext(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		func() {
			defer func() {
				if recover() == nil {
					t.Error("the panic did not come through")
				}
			}()
			_ = s.Tx(t.Context(), func(tx *sql.Tx) error {
				if err := insertSetting(t.Context(), tx, "a"); err != nil {
					t.Error(err)
				}
				panic("callback")
			})
		}()
		ctx, cancel := context.WithCancel(t.Context())
		err := s.Tx(ctx, func(tx *sql.Tx) error {
			cancel()
			return insertSetting(ctx, tx, "b")
		})
		if err == nil {
			t.Error("a transaction whose context was cancelled reported success")
		}
		if err := s.Tx(t.Context(), func(tx *sql.Tx) error { return insertSetting(t.Context(), tx, "c") }); err != nil {
			t.Errorf("the next transaction: %v", err)
		}
		if settings(t, s, "") != 1 || settings(t, s, "c") != 1 {
			t.Error("the settings are not c alone")
		}
	})
}
