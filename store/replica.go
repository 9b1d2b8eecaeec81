package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"sync/atomic"
	"time"

	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/stdlib"
)

// ReplicaBehind is how far the replica may be behind the primary for readers to be served from it, be it that nobody could tell for so long:
// what another program has taken away can be seen that much longer, and not more; what another copy has, as long as ChangesKnown says.
const ReplicaBehind = 10 * time.Second

// Times of the replica.
const (
	replicaPatience = 2 * time.Second // for one statement: a primary that answers stands beside it
	replicaEvery    = time.Second     // between two looks at how far it is
)

// replica is a standby that answers readers without a login, as long as it is known to have what they may see.
//
// How far it is follows from positions in the primary's log, by this program's own clock: once the standby has replayed the position at which the
// primary was at a moment, it is as new as that moment. So a primary where nothing happens leaves nobody behind, and no two clocks are compared.
type replica struct {
	pool  *sql.DB
	log   *slog.Logger
	stop  context.CancelFunc
	ended sync.WaitGroup
	known atomic.Pointer[replicaMoment] // nil while it is not to be read
	reads atomic.Int64

	mu     sync.Mutex
	marks  []replicaMoment // oldest first: of the primary, not known to be replayed, but for the first
	reason string          // why it is not read from, "" when it is
}

// replicaMoment is a moment of the primary.
type replicaMoment struct {
	at       time.Time
	changes  uint64 // Store.Changes before the position was asked for
	position uint64 // in its log
}

var errBehind = fmt.Errorf("the replica is more than %s behind", ReplicaBehind)

// unlooked is the reason before the first look.
const unlooked = "not looked at yet"

// mostMarks is how many moments are remembered: enough for ReplicaBehind.
const mostMarks = 60

// openReplica begins to follow the replica at that address. That it cannot be reached is no error: the primary has everything.
func (s *Store) openReplica(address string) error {
	r, err := s.newReplica(address)
	if err != nil {
		return err
	}
	ctx, stop := context.WithCancel(context.Background())
	r.stop, s.replica = stop, r
	r.ended.Go(func() { s.followReplica(ctx) })
	return nil
}

// newReplica is a replica that nobody follows.
func (s *Store) newReplica(address string) (*replica, error) {
	a, err := readAddress(address)
	if err != nil {
		return nil, fmt.Errorf("replica: %w", err)
	}
	pool := a.pool(limitedConnector{stdlib.GetConnector(*a.standby()), s.trace, replicaPatience, true}, a.readers())
	return &replica{pool: pool, log: s.log, reason: unlooked}, nil
}

// close ends the following; nil has none.
func (r *replica) close() error {
	if r == nil {
		return nil
	}
	r.stop()
	r.ended.Wait()
	return r.pool.Close()
}

func (s *Store) followReplica(ctx context.Context) {
	ticker := time.NewTicker(replicaEvery)
	defer ticker.Stop()
	for {
		if err := s.lookAt(ctx, s.replica); err != nil && ctx.Err() == nil {
			s.replica.leave(err)
		}
		select {
		case <-ticker.C:
		case <-ctx.Done():
			return
		}
	}
}

// lookAt finds out how new the replica is.
func (s *Store) lookAt(ctx context.Context, r *replica) error {
	now := replicaMoment{at: time.Now(), changes: s.Changes()}
	primary, err := queryOne(ctx, s.read, scanPosition, positionOf+`pg_current_wal_insert_lsn()`+positionFrom)
	if err != nil {
		return r.untold(fmt.Errorf("primary: %w", plainly(err)))
	}
	now.position = primary.position
	replayed, err := queryOne(ctx, r.pool, scanPosition, positionOf+`pg_last_wal_replay_lsn()`+positionFrom)
	switch {
	case err != nil:
		return fmt.Errorf("replica: %w", plainly(err))
	case !replayed.standby:
		return errors.New("the replica's server is no standby")
	case primary.line != replayed.line:
		return fmt.Errorf("the replica follows another server, or the past of this one: it has %s, the primary %s", replayed.line, primary.line)
	}
	return r.note(now, replayed.position)
}

// What is asked of both servers: whether it is a standby, whose log it has, and how far. The line is read from the last checkpoint: a standby
// that follows a promoted server has it some minutes later, and is not read until then.
const (
	positionOf   = `SELECT pg_is_in_recovery(), s.system_identifier || '/' || c.timeline_id, COALESCE(CAST(`
	positionFrom = ` - '0/0' AS BIGINT), 0) FROM pg_control_system() AS s, pg_control_checkpoint() AS c`
)

type position struct {
	standby  bool
	line     string
	position uint64
}

func scanPosition(row scanner) (p position, err error) {
	err = row.Scan(&p.standby, &p.line, &p.position)
	return p, err
}

// note takes in where the primary was now, and what the replica has replayed.
func (r *replica) note(now replicaMoment, replayed uint64) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.marks = append(r.marks, now)
	for len(r.marks) > 1 && r.marks[1].position <= replayed || len(r.marks) > mostMarks {
		r.marks = r.marks[1:]
	}
	first := r.marks[0]
	if time.Since(first.at) > ReplicaBehind {
		return errBehind
	}
	if first.position > replayed { // it has not been looked at for long enough to tell
		return nil
	}
	r.known.Store(&first)
	if r.reason != "" {
		r.log.Info("readers without a login are served from the replica")
		r.reason = ""
	}
	return nil
}

// untold is why, the error of a primary that does not say where it is, or nil while the replica is known to be new enough all the same.
func (r *replica) untold(why error) error {
	if m := r.known.Load(); m != nil && time.Since(m.at) <= ReplicaBehind {
		return nil
	}
	return why
}

// leave has readers go to the primary until the next look says otherwise.
func (r *replica) leave(why error) {
	r.known.Store(nil)
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.reason == "" || r.reason == unlooked {
		r.log.Warn("readers are served from the primary: the replica cannot be read from", "error", why)
	}
	r.reason = why.Error()
}

// serves reports whether the replica has all changes up to that number, and those of other copies but for the last ReplicaBehind.
func (r *replica) serves(changes uint64) bool {
	if r == nil {
		return false
	}
	m := r.known.Load()
	return m != nil && m.changes == changes && time.Since(m.at) <= ReplicaBehind
}

// PublicSnapshot is Snapshot for what readers without a login are shown. It is one of the replica, if there is one that has all changes made through
// this store and is not more than ReplicaBehind behind those made elsewhere. Where that fails, read is run again, on the primary.
func (s *Store) PublicSnapshot(ctx context.Context, read func(r *Reader) error) error {
	if s.ChangesKnown() && s.replica.serves(s.Changes()) {
		err := s.snapshot(ctx, s.replica.pool, read)
		if !s.replica.failed(err) {
			s.replica.reads.Add(1)
			return err
		}
	}
	return s.Snapshot(ctx, read)
}

// failed reports whether err says that the replica could not answer, though the primary may. A query that was in the way of what the standby
// has to replay is no sign that the next one will be.
func (r *replica) failed(err error) bool {
	var conflict *pgconn.PgError
	if errors.As(err, &conflict) && conflict.Code == "40001" {
		return true
	}
	if err == nil || !cannotAsk(err) {
		return false
	}
	r.leave(err)
	return true
}

// ReplicaState is how the replica stands.
type ReplicaState struct {
	Reason string        // why readers are served from the primary, "" when they are not
	Behind time.Duration // how old what it shows may be; when Reason is "", at most ReplicaBehind
	Reads  int64         // pages and other answers that were read from it
}

// Replica says how the replica stands; ok is false without one.
func (s *Store) Replica() (state ReplicaState, ok bool) {
	r := s.replica
	if r == nil {
		return state, false
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	state = ReplicaState{Reason: r.reason, Reads: r.reads.Load()}
	if len(r.marks) > 0 {
		state.Behind = time.Since(r.marks[0].at)
	}
	if state.Reason == "" && state.Behind > ReplicaBehind { // the next look will say so
		state.Reason = errBehind.Error()
	}
	return state, true
}
