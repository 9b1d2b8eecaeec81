package store

import (
	"context"
	"database/sql/driver"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5/stdlib"
)

// patience is how long one statement may take on PostgreSQL, and how long a connection may take to come about: a server that has stalled,
// or a network that swallows everything, must not hold pages for ever.
const patience = 5 * time.Second

// limitedConnector makes connections whose every call ends within patience, whatever its context says.
type limitedConnector struct {
	driver.Connector
	trace func(query string) // nil for nobody
}

// Connect opens a connection.
func (c limitedConnector) Connect(ctx context.Context) (driver.Conn, error) {
	conn, err := c.Connector.Connect(ctx)
	if err != nil {
		return nil, err
	}
	postgres, ok := conn.(*stdlib.Conn)
	if !ok {
		return nil, fmt.Errorf("database: unknown connection %T", conn)
	}
	return limitedConn{postgres, c.trace}, nil
}

type limitedConn struct {
	*stdlib.Conn
	trace func(query string)
}

func (c limitedConn) tell(query string) {
	if c.trace != nil {
		c.trace(query)
	}
}

// ExecContext runs a statement.
func (c limitedConn) ExecContext(ctx context.Context, query string, args []driver.NamedValue) (driver.Result, error) {
	c.tell(query)
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	return c.Conn.ExecContext(ctx, query, args)
}

// QueryContext runs a query; its rows end with patience too.
func (c limitedConn) QueryContext(ctx context.Context, query string, args []driver.NamedValue) (driver.Rows, error) {
	c.tell(query)
	ctx, cancel := context.WithTimeout(ctx, patience)
	rows, err := c.Conn.QueryContext(ctx, query, args)
	if err != nil {
		cancel()
		return nil, err
	}
	return limitedRows{rows, cancel}, nil
}

// ResetSession asks a connection that was idle whether it still stands.
func (c limitedConn) ResetSession(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	return c.Conn.ResetSession(ctx)
}

// BeginTx begins a transaction. The driver commits with the context with which it began, so that one gets a limit for each step apart.
func (c limitedConn) BeginTx(ctx context.Context, opts driver.TxOptions) (driver.Tx, error) {
	ctx, cancel := context.WithCancel(ctx)
	tx := limitedTx{cancel: cancel}
	err := tx.step(func() (err error) {
		tx.Tx, err = c.Conn.BeginTx(ctx, opts)
		return err
	})
	if err != nil {
		cancel()
		return nil, err
	}
	return tx, nil
}

type limitedRows struct {
	driver.Rows
	cancel context.CancelFunc
}

// Close ends the query.
func (r limitedRows) Close() error {
	defer r.cancel()
	return r.Rows.Close()
}

type limitedTx struct {
	driver.Tx
	cancel context.CancelFunc
}

// step runs one step of the transaction, which fails when it takes too long.
func (t limitedTx) step(do func() error) error {
	timer := time.AfterFunc(patience, t.cancel)
	defer timer.Stop()
	return do()
}

// Commit makes the transaction hold.
func (t limitedTx) Commit() error {
	defer t.cancel()
	return t.step(t.Tx.Commit)
}

// Rollback undoes the transaction.
func (t limitedTx) Rollback() error {
	defer t.cancel()
	return t.step(t.Tx.Rollback)
}
