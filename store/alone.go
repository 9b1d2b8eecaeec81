package store

import (
	"cmp"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"
)

// schemaLock is the first half of the key of the advisory lock under which a PostgreSQL database gets its schema and its first rows; the second is
// that of the schema's name, since a database may hold several portals.
const schemaLock = 0x636f6e67

// Times of waiting for that lock.
const (
	lockWait  = 15 * time.Minute // while another copy migrates
	lockAgain = 200 * time.Millisecond
)

// alone runs do on PostgreSQL while no other copy of the program does, and gives it the connection that holds the lock, on which statements
// may take as long as they need. Session locks need a server, or a pooler in session mode, at the other end.
func (s *Store) alone(ctx context.Context, o Options, do func(db *sql.DB) error) (err error) {
	db, err := s.unlimited()
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	if err := s.lockSchema(ctx, db, cmp.Or(o.Wait, lockWait)); err != nil {
		return err
	}
	err = do(db)
	if unlocked := exec(ctx, db, `SELECT pg_advisory_unlock($1, hashtext(COALESCE(current_schema(), '')))`, schemaLock); err == nil {
		err = unlocked // the end of the connection ends the lock in any case
	}
	return err
}

// lockSchema takes the lock, or says after that time that another copy has held it all the while.
func (s *Store) lockSchema(ctx context.Context, db *sql.DB, most time.Duration) error {
	for began := time.Now(); ; {
		got, err := queryOne(ctx, db, value[bool], `SELECT pg_try_advisory_lock($1, hashtext(COALESCE(current_schema(), '')))`, schemaLock)
		if err != nil {
			return fmt.Errorf("lock of the schema: %w", err)
		}
		waited := time.Since(began)
		switch {
		case got:
			return nil
		case waited > most:
			return fmt.Errorf("another copy of the program has been at work on the database's schema for more than %s: look into its log; if it is gone, end its connection (pg_stat_activity, application_name congso)", most)
		case waited < lockAgain:
			s.log.Info("another copy of the program is at work on the database's schema: waiting for it", "at_most", most)
		}
		select {
		case <-time.After(lockAgain):
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}
