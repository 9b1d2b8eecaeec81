package store

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"

	"modernc.org/sqlite"
)

// keptStatements is how many compiled statements each connection to SQLite keeps. A page's queries are of a few dozen shapes; lists of ids
// of every length would make more, of which those used longest ago go. Each takes some 10 KB.
const keptStatements = 64

// openKept opens a pool of connections to SQLite that keep their compiled statements: compiling one takes longer than running it.
func openKept(name string, trace func(query string)) (*sql.DB, error) {
	connector, err := sqlite.NewConnector(name)
	if err != nil {
		return nil, err
	}
	return sql.OpenDB(keptConnector{connector, trace}), nil
}

type keptConnector struct {
	driver.Connector
	trace func(query string) // nil for nobody
}

// Connect opens a connection.
func (c keptConnector) Connect(ctx context.Context) (driver.Conn, error) {
	conn, err := c.Connector.Connect(ctx)
	if err != nil {
		return nil, err
	}
	full, ok := conn.(sqliteConn)
	if !ok {
		return nil, errors.Join(fmt.Errorf("database: unknown connection %T", conn), conn.Close())
	}
	return &keptConn{sqliteConn: full, trace: c.trace, kept: map[string]*keptStmt{}}, nil
}

// sqliteConn is what database/sql asks of a connection that this program makes use of.
type sqliteConn interface {
	driver.Conn
	driver.ConnBeginTx
	driver.ConnPrepareContext
	driver.Pinger
	driver.SessionResetter
	driver.Validator
}

// sqliteStmt is a compiled statement. It compiles itself again when the schema has changed.
type sqliteStmt interface {
	driver.Stmt
	driver.StmtExecContext
	driver.StmtQueryContext
}

// keptConn is one connection with its statements; database/sql makes one call at a time on it.
type keptConn struct {
	sqliteConn
	trace func(query string)
	kept  map[string]*keptStmt // those that nobody uses now
	calls uint64
}

type keptStmt struct {
	sqliteStmt
	query string
	used  uint64 // the connection's calls by then
}

// take returns the statement for query, which is the caller's until it is put back.
func (c *keptConn) take(ctx context.Context, query string) (*keptStmt, error) {
	if c.trace != nil {
		c.trace(query)
	}
	c.calls++
	if stmt, ok := c.kept[query]; ok {
		delete(c.kept, query)
		return stmt, nil
	}
	prepared, err := c.PrepareContext(ctx, query)
	if err != nil {
		return nil, err
	}
	stmt, ok := prepared.(sqliteStmt)
	if !ok {
		return nil, errors.Join(fmt.Errorf("database: unknown statement %T", prepared), prepared.Close())
	}
	return &keptStmt{sqliteStmt: stmt, query: query}, nil
}

// put keeps the statement for the next who wants it. One that failed is not kept, nor a second of the same text.
func (c *keptConn) put(stmt *keptStmt, failed error) error {
	if _, another := c.kept[stmt.query]; another || failed != nil {
		return stmt.Close()
	}
	stmt.used = c.calls
	c.kept[stmt.query] = stmt
	if len(c.kept) <= keptStatements {
		return nil
	}
	oldest := stmt
	for _, other := range c.kept {
		if other.used < oldest.used {
			oldest = other
		}
	}
	delete(c.kept, oldest.query)
	return oldest.Close()
}

// ExecContext runs a statement.
func (c *keptConn) ExecContext(ctx context.Context, query string, args []driver.NamedValue) (driver.Result, error) {
	stmt, err := c.take(ctx, query)
	if err != nil {
		return nil, err
	}
	result, err := stmt.ExecContext(ctx, args)
	if put := c.put(stmt, err); put != nil && err == nil {
		err = put
	}
	return result, err
}

// QueryContext runs a query.
func (c *keptConn) QueryContext(ctx context.Context, query string, args []driver.NamedValue) (driver.Rows, error) {
	stmt, err := c.take(ctx, query)
	if err != nil {
		return nil, err
	}
	rows, err := stmt.QueryContext(ctx, args)
	if err != nil {
		return nil, errors.Join(err, c.put(stmt, err))
	}
	return keptRows{rows, c, stmt}, nil
}

// Close ends the statements, then the connection.
func (c *keptConn) Close() error {
	var failed error
	for _, stmt := range c.kept {
		failed = errors.Join(failed, stmt.Close())
	}
	c.kept = nil
	return errors.Join(failed, c.sqliteConn.Close())
}

// keptRows give their statement back when they are read.
type keptRows struct {
	driver.Rows
	conn *keptConn
	stmt *keptStmt
}

// Close ends the query.
func (r keptRows) Close() error {
	err := r.Rows.Close()
	return errors.Join(err, r.conn.put(r.stmt, err))
}
