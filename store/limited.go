package store

import (
	"context"
	"database/sql/driver"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/stdlib"
)

// patience is how long one statement may take on PostgreSQL, and how long a connection may take to come about: a server that has stalled,
// or a network that swallows everything, must not hold pages for ever.
const patience = 5 * time.Second

// keptArguments is how many arguments a statement may have that is kept prepared: lists of rows and ids come in every length, and each length takes its
// own memory of the server, in each connection, some 300 bytes an argument.
const keptArguments = 64

// limitedConnector makes connections whose every call ends within a time, whatever its context says. On those that only read, a call that
// fails with its connection is driver.ErrBadConn: whoever reads may ask again on another.
type limitedConnector struct {
	driver.Connector
	trace    func(query string) // nil for nobody
	within   time.Duration
	readOnly bool
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
	return limitedConn{postgres, c.trace, c.within, c.readOnly}, nil
}

type limitedConn struct {
	*stdlib.Conn
	trace    func(query string)
	within   time.Duration
	readOnly bool
}

// again is err, or driver.ErrBadConn for one that another connection may be spared.
func (c limitedConn) again(ctx context.Context, err error) error {
	if c.readOnly && lost(ctx, err, c.Conn.Conn()) {
		return driver.ErrBadConn
	}
	return err
}

func (c limitedConn) tell(query string) {
	if c.trace != nil {
		c.trace(query)
	}
}

// unprepared puts before arguments that are too many what tells the driver to run their statement without preparing it.
func unprepared(args []driver.NamedValue) []driver.NamedValue {
	if len(args) <= keptArguments {
		return args
	}
	return append([]driver.NamedValue{{Value: pgx.QueryExecModeExec}}, args...)
}

// ExecContext runs a statement.
func (c limitedConn) ExecContext(ctx context.Context, query string, args []driver.NamedValue) (driver.Result, error) {
	return c.exec(ctx, query, unprepared(args))
}

func (c limitedConn) exec(ctx context.Context, query string, args []driver.NamedValue) (driver.Result, error) {
	c.tell(query)
	ctx, cancel := context.WithTimeout(ctx, c.within)
	defer cancel()
	result, err := c.Conn.ExecContext(ctx, query, args)
	return result, c.again(ctx, err)
}

// QueryContext runs a query; its rows end with patience too.
func (c limitedConn) QueryContext(ctx context.Context, query string, args []driver.NamedValue) (driver.Rows, error) {
	return c.query(ctx, query, unprepared(args))
}

func (c limitedConn) query(ctx context.Context, query string, args []driver.NamedValue) (driver.Rows, error) {
	c.tell(query)
	ctx, cancel := context.WithTimeout(ctx, c.within)
	rows, err := c.Conn.QueryContext(ctx, query, args)
	if err != nil {
		err = c.again(ctx, err)
		cancel()
		return nil, err
	}
	return limitedRows{rows, cancel}, nil
}

// PrepareContext prepares a statement.
func (c limitedConn) PrepareContext(ctx context.Context, query string) (driver.Stmt, error) {
	ctx, cancel := context.WithTimeout(ctx, c.within)
	defer cancel()
	statement, err := c.Conn.PrepareContext(ctx, query)
	if err != nil {
		return nil, c.again(ctx, err)
	}
	return limitedStmt{statement, c, query}, nil
}

// ResetSession asks a connection that was idle whether it still stands.
func (c limitedConn) ResetSession(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, c.within)
	defer cancel()
	return c.Conn.ResetSession(ctx)
}

// BeginTx begins a transaction; driver.ErrBadConn when the connection ended, since nothing has begun then. The driver commits with the context
// with which it began, so that one gets a limit for each step apart.
func (c limitedConn) BeginTx(ctx context.Context, opts driver.TxOptions) (driver.Tx, error) {
	ctx, cancel := context.WithCancel(ctx)
	tx := limitedTx{cancel: cancel, within: c.within}
	err := tx.step(func() (err error) {
		tx.Tx, err = c.Conn.BeginTx(ctx, opts)
		return err
	})
	if err != nil {
		if lost(ctx, err, c.Conn.Conn()) {
			err = driver.ErrBadConn
		}
		cancel()
		return nil, err
	}
	return tx, nil
}

// limitedStmt is a prepared statement; the driver finds it again by its text.
type limitedStmt struct {
	driver.Stmt
	conn  limitedConn
	query string
}

// ExecContext runs the statement.
func (s limitedStmt) ExecContext(ctx context.Context, args []driver.NamedValue) (driver.Result, error) {
	return s.conn.exec(ctx, s.query, args)
}

// QueryContext runs the query.
func (s limitedStmt) QueryContext(ctx context.Context, args []driver.NamedValue) (driver.Rows, error) {
	return s.conn.query(ctx, s.query, args)
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
	within time.Duration
}

// step runs one step of the transaction, which fails when it takes too long. A commit that waits for a standby is told to be done once it is
// cancelled, though the standby has not got it: nobody may take it for done.
func (t limitedTx) step(do func() error) error {
	timer := time.AfterFunc(t.within, t.cancel)
	err := do()
	if !timer.Stop() { // whatever the driver says of it, such as that the context was cancelled
		err = errors.Join(context.DeadlineExceeded, err)
	}
	return err
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
