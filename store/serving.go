package store

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgconn/ctxwatch"
)

// Everybody who has records in PostgreSQL open to serve or change them holds a lock on them that others may share, so that a move or a restore,
// which needs the records for itself alone, sees them. It is an advisory lock of the session: it ends with its connection, however
// that ends. A pool that hands sessions from one client to the next, such as pgbouncer's of transactions, does not keep it.
const (
	servingClass = 0x736f6e67 // the first of its two numbers, which is not that of schemaLock: a copy migrates while others serve
	servingAgain = time.Second
	goneWithin   = 2 * time.Second
)

// ErrServed: other programs serve the records, which are wanted alone.
var ErrServed = errors.New("the records are being served: stop all portals and other congso commands on this database first")

// ErrTaken: a move or a restore has the records for itself.
var ErrTaken = errors.New("the records are being moved or restored by another congso command: wait for its end")

// serving is a lock on the records in PostgreSQL, with the connection that holds it.
type serving struct {
	conn *pgx.Conn
	end  context.CancelFunc
	over chan struct{} // closed once nothing holds it any more; nil where nobody looks after it
}

// shareRecords takes the lock that others may share, and takes it again whenever its connection is lost, until it is released.
func (s *Store) shareRecords(ctx context.Context) (*serving, error) {
	conn, err := lockRecords(ctx, s.address, `SELECT pg_try_advisory_lock_shared($1, hashtext(COALESCE(current_schema(), '')))`, ErrTaken)
	if err != nil {
		return nil, err
	}
	ctx, end := context.WithCancel(context.WithoutCancel(ctx))
	l := &serving{conn, end, make(chan struct{})}
	go l.keep(ctx, s.address, s.log)
	return l, nil
}

// takeRecords takes the lock alone. The error is ErrServed when anybody has it.
func takeRecords(ctx context.Context, address string) (*serving, error) {
	conn, err := lockRecords(ctx, address, `SELECT pg_try_advisory_lock($1, hashtext(COALESCE(current_schema(), '')))`, ErrServed)
	if err != nil {
		return nil, err
	}
	return &serving{conn: conn, end: func() {}}, nil
}

// lockRecords opens a connection of its own and asks for a lock on it. The error is taken when somebody else has it, and keeps it:
// PostgreSQL sees the end of a connection, and gives up its lock, a moment after the program that had it is gone.
func lockRecords(ctx context.Context, address, ask string, taken error) (*pgx.Conn, error) {
	a, err := readAddress(address)
	if err != nil {
		return nil, fmt.Errorf("database: %w", err)
	}
	config := a.lasting()
	config.BuildContextWatcherHandler = func(c *pgconn.PgConn) ctxwatch.Handler { return &pgconn.DeadlineContextWatcherHandler{Conn: c.Conn()} }
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	conn, err := pgx.ConnectConfig(ctx, config)
	if err != nil {
		return nil, fmt.Errorf("database: %w", plainly(unavailable(err)))
	}
	got := false
	for until := time.Now().Add(goneWithin); ; time.Sleep(goneWithin / 20) {
		if err = conn.QueryRow(ctx, ask, servingClass).Scan(&got); err != nil || got || time.Now().After(until) {
			break
		}
	}
	if err == nil && !got {
		err = taken
	}
	if err != nil {
		return nil, errors.Join(unavailable(err), conn.Close(ctx))
	}
	return conn, nil
}

// keep waits for the connection to break, and asks for the lock on another one then, each second.
func (l *serving) keep(ctx context.Context, address string, log *slog.Logger) {
	defer close(l.over)
	for told := false; ; {
		if l.conn != nil {
			l.wait(ctx, log)
		}
		if ctx.Err() != nil {
			return
		}
		conn, err := lockRecords(ctx, address, `SELECT pg_try_advisory_lock_shared($1, hashtext(COALESCE(current_schema(), '')))`, ErrTaken)
		if l.conn = conn; err == nil {
			told = false
			continue
		}
		if errors.Is(err, ErrTaken) && !told {
			log.Error("another congso command has taken the records: stop this portal, what it writes may be lost", "error", err)
			told = true
		}
		select {
		case <-ctx.Done():
		case <-time.After(servingAgain):
		}
	}
}

// wait returns once the connection is gone, or ctx ends. Nobody notifies it of anything; it is how to wait without asking.
func (l *serving) wait(ctx context.Context, log *slog.Logger) {
	for ctx.Err() == nil && !l.conn.IsClosed() {
		if _, err := l.conn.WaitForNotification(ctx); err != nil {
			break
		}
	}
	closing, cancel := context.WithTimeout(context.WithoutCancel(ctx), time.Second)
	defer cancel()
	if err := l.conn.Close(closing); err != nil {
		log.Debug("connection of the lock on the records", "error", err)
	}
}

// release gives the lock up.
func (l *serving) release() error {
	if l == nil {
		return nil
	}
	l.end()
	if l.over != nil {
		<-l.over
		return nil
	}
	ctx, cancel := context.WithTimeout(context.Background(), time.Second)
	defer cancel()
	return l.conn.Close(ctx)
}
