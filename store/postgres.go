package store

import (
	"context"
	"database/sql"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgconn/ctxwatch"
	"github.com/jackc/pgx/v5/stdlib"
)

// openPostgres opens one pool for reading and writing.
func (s *Store) openPostgres(ctx context.Context, address string) error {
	config, err := postgresConfig(address)
	if err != nil {
		return fmt.Errorf("database: %w", err)
	}
	db := sql.OpenDB(limitedConnector{stdlib.GetConnector(*config), s.trace})
	db.SetMaxOpenConns(readers)
	db.SetMaxIdleConns(readers)
	s.read, s.write, s.from, s.address = db, db, db, address
	if err := db.PingContext(ctx); err != nil {
		return fmt.Errorf("database: %w", err)
	}
	return nil
}

// postgresConfig reads the address. A statement whose time is over is cancelled on the server; when that does not answer within a
// second either, the connection is given up.
func postgresConfig(address string) (*pgx.ConnConfig, error) {
	config, err := pgx.ParseConfig(address)
	if err != nil {
		return nil, err
	}
	if config.ConnectTimeout == 0 || config.ConnectTimeout > patience {
		config.ConnectTimeout = patience
	}
	config.BuildContextWatcherHandler = func(conn *pgconn.PgConn) ctxwatch.Handler {
		return &pgconn.CancelRequestContextWatcherHandler{Conn: conn, DeadlineDelay: time.Second}
	}
	return config, nil
}

// unlimited opens a connection of its own whose statements may take as long as they need, for migrations.
func (s *Store) unlimited() (*sql.DB, error) {
	config, err := postgresConfig(s.address)
	if err != nil {
		return nil, fmt.Errorf("database: %w", err)
	}
	db := sql.OpenDB(stdlib.GetConnector(*config))
	db.SetMaxOpenConns(1)
	return db, nil
}

// bounded is ctx for a short call on q: never cancelled, since the SQLite driver would start a goroutine for each, and on PostgreSQL's pool
// with an end, so that waiting for a free connection has one too.
func bounded(ctx context.Context, q querier) (context.Context, context.CancelFunc) {
	ctx = context.WithoutCancel(ctx)
	if db, ok := q.(*sql.DB); ok && db.Driver() == stdlib.GetDefaultDriver() {
		return context.WithTimeout(ctx, patience)
	}
	return ctx, func() {}
}

// writer is a connection to write on. On PostgreSQL waiting for a free one ends.
func (s *Store) writer(ctx context.Context) (*sql.Conn, error) {
	if s.postgres {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(ctx, patience)
		defer cancel()
	}
	return s.write.Conn(ctx)
}
