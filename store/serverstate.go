package store

import (
	"context"
	"errors"
	"fmt"
	"time"
)

// ServerState is what there is to say of a PostgreSQL server.
type ServerState struct {
	Version     int    // as the server numbers it: 150004 is 15.4
	Encoding    string // of the database
	Connections int    // that all programs have open
	Most        int    // that ours may have, all copies together, with those of others
	Unsafe      []string
	Slack       []TableSlack
	Invalid     []string // indexes that nobody may use
	Standbys    []Standby
}

// TableSlack is a table that is not cleaned up.
type TableSlack struct {
	Name       string
	Live, Dead int64     // rows
	Cleaned    time.Time // zero for never
}

// Standby is a server that follows this one. Behind is 0 too when the role may not know (it is for members of pg_monitor).
type Standby struct {
	Name   string
	Behind time.Duration
}

// What is worth telling of a table: so many dead rows, and so many of a hundred.
const (
	deadRows  = 100_000
	deadShare = 30
)

// Server looks at the PostgreSQL server and at how it keeps this database.
func (s *Store) Server(ctx context.Context) (state ServerState, err error) {
	_, err = queryOne(ctx, s.read, func(row scanner) (struct{}, error) {
		return struct{}{}, row.Scan(&state.Version, &state.Encoding, &state.Connections, &state.Most)
	}, `SELECT CAST(current_setting('server_version_num') AS INT), (SELECT pg_encoding_to_char(encoding) FROM pg_database WHERE datname = current_database()),
		(SELECT CAST(sum(numbackends) AS INT) FROM pg_stat_database), CAST(current_setting('max_connections') AS INT) - CAST(current_setting('superuser_reserved_connections') AS INT)`)
	if err == nil {
		state.Unsafe, err = queryAll(ctx, s.read, value[string], `SELECT name || ' = ' || setting FROM pg_settings
			WHERE name IN ('fsync', 'full_page_writes', 'synchronous_commit') AND setting = 'off' ORDER BY name`)
	}
	if err == nil {
		state.Slack, err = queryAll(ctx, s.read, func(row scanner) (t TableSlack, err error) {
			var cleaned int64
			err = row.Scan(&t.Name, &t.Live, &t.Dead, &cleaned)
			t.Cleaned = fromUnix(cleaned)
			return t, err
		}, `SELECT relname, n_live_tup, n_dead_tup, COALESCE(CAST(extract(epoch FROM greatest(last_vacuum, last_autovacuum)) AS BIGINT), 0) FROM pg_stat_user_tables
			WHERE schemaname = current_schema() AND n_dead_tup > $1 AND n_dead_tup * 100 > (n_live_tup + n_dead_tup) * $2 ORDER BY n_dead_tup DESC`, deadRows, deadShare)
	}
	if err == nil {
		state.Invalid, err = queryAll(ctx, s.read, value[string], `SELECT c.relname FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid
			WHERE c.relnamespace = CAST(current_schema() AS regnamespace) AND NOT (i.indisvalid AND i.indisready) ORDER BY c.relname`)
	}
	if err == nil {
		state.Standbys, err = queryAll(ctx, s.read, func(row scanner) (b Standby, err error) {
			var ms int64
			err = row.Scan(&b.Name, &ms)
			b.Behind = time.Duration(ms) * time.Millisecond
			return b, err
		}, `SELECT COALESCE(application_name, ''), CAST(COALESCE(extract(epoch FROM replay_lag), 0) * 1000 AS BIGINT) FROM pg_stat_replication ORDER BY 1`)
	}
	if err != nil {
		return state, fmt.Errorf("PostgreSQL server: %w", err)
	}
	return state, nil
}

// replicaAgain is the time between two looks of somebody who waits.
const replicaAgain = 200 * time.Millisecond

// LookAtReplica reports why the server at that address is no replica to serve readers from; nil when it is one. For one that is behind it waits
// ReplicaBehind.
func (s *Store) LookAtReplica(ctx context.Context, address string) error {
	r, err := s.newReplica(address)
	if err != nil {
		return err
	}
	for err == nil && r.known.Load() == nil {
		if err = s.lookAt(ctx, r); err == nil {
			time.Sleep(replicaAgain)
		}
	}
	return errors.Join(err, r.pool.Close())
}
