package store

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5/stdlib"
)

// openPostgres opens a pool for reading and one for writing: however many read, what is saved finds a connection.
func (s *Store) openPostgres(ctx context.Context, address string) error {
	a, err := readAddress(address)
	if err != nil {
		return fmt.Errorf("database: %w", err)
	}
	s.address = address
	s.write = a.pool(limitedConnector{stdlib.GetConnector(*a.primary()), s.trace, patience, false}, a.writers())
	s.read = a.pool(limitedConnector{stdlib.GetConnector(*a.reading()), s.trace, patience, true}, a.readers())
	s.from = s.read
	if err := s.write.PingContext(ctx); err != nil {
		return errors.Join(fmt.Errorf("database: %w", plainly(err)), s.read.Close(), s.write.Close())
	}
	return nil
}

// unlimited opens a connection of its own whose statements may take as long as they need, for migrations. It is never opened again: what
// belongs to it, such as a lock, ends with it.
func (s *Store) unlimited() (*sql.DB, error) {
	a, err := readAddress(s.address)
	if err != nil {
		return nil, fmt.Errorf("database: %w", err)
	}
	db := sql.OpenDB(&onceConnector{Connector: stdlib.GetConnector(*a.lasting())})
	db.SetMaxOpenConns(1)
	return db, nil
}

// onceConnector connects once.
type onceConnector struct {
	driver.Connector
	used bool // database/sql opens one connection at a time when there may be only one
}

var errConnectionLost = errors.New("the connection to the database was lost")

// Connect opens the connection.
func (c *onceConnector) Connect(ctx context.Context) (driver.Conn, error) {
	if c.used {
		return nil, errConnectionLost
	}
	conn, err := c.Connector.Connect(ctx)
	c.used = err == nil
	return conn, err
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

// writer begins a writing transaction on a connection that is to be given back. On PostgreSQL waiting for a free one ends.
func (s *Store) writer(ctx context.Context) (conn *sql.Conn, tx *sql.Tx, err error) {
	conn, err = s.standing(ctx, s.write, func(conn *sql.Conn) (err error) {
		tx, err = conn.BeginTx(ctx, nil)
		return err
	})
	return conn, tx, err
}

// standing returns a connection of the pool on which begin has gone well. After a restart of the server all connections of a pool are broken,
// and each is found out when it is used: nothing has begun on them yet, so that the next one is tried.
func (s *Store) standing(ctx context.Context, pool *sql.DB, begin func(conn *sql.Conn) error) (*sql.Conn, error) {
	for broken := 0; ; broken++ {
		waiting, cancel := bounded(ctx, pool)
		conn, err := pool.Conn(waiting)
		cancel()
		if err != nil {
			return nil, err
		}
		if err = begin(conn); err == nil {
			return conn, nil
		}
		again := errors.Is(err, driver.ErrBadConn) && broken < pool.Stats().MaxOpenConnections
		if err = errors.Join(err, giveBack(conn)); !again {
			return nil, err
		}
	}
}
