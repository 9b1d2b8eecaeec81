// Package store keeps the portal's records: SQL, transactions, migrations, search, counters and media files.
//
// One text of SQL serves SQLite and PostgreSQL; only the connection, the table definitions and the search differ.
// Every public query takes a model.Viewer and returns only what that viewer may see now.
package store

import (
	"cmp"
	"context"
	"crypto/rand"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"congso/store/model"
)

// Options say where a store keeps its records. Dir and Renderer must be set.
type Options struct {
	Dir      string           // data folder, made when absent: database, media
	Media    Media            // where the media are, in Dir when it says nothing
	Database string           // "" for Dir/congso.db, or a postgres:// address
	Replica  string           // "" for none, or the address of a standby of Database, for readers without a login
	Renderer model.Renderer   // renders every Markdown text that is saved
	Now      func() time.Time // the clock, time.Now when nil
	Log      *slog.Logger     // slog.Default() when nil
	Beside   bool             // another process holds the data folder: an older schema is an error, not migrated
	Program  string           // this program's version and commit, for the errors that name it
	Wait     time.Duration    // on PostgreSQL, for another copy that is at work on the schema; 15 minutes when 0
	Progress Progress         // told how far an upgrade has come; nobody when nil

	SessionIdle time.Duration // a session ends after so long without a request; 8 hours when 0
	SessionMax  time.Duration // and after so long in any case; 7 days when 0
	Limits      Limits        // of uploaded files
	Search      SearchBounds  // of the work of a search

	Trace func(query string) // told each query and statement before it runs, for measurements; nobody when nil

	steps fs.FS // migrations in place of those that come with the program, for tests
	taken bool  // whoever opens them has the records for itself alone
}

// Limits of uploaded files. What is 0 is set to what DefaultLimits says.
type Limits struct {
	Pixels          int64 // of a picture
	PhotoBytes      int64 // of a picture's file
	AttachmentBytes int64 // of any other file
}

// DefaultLimits are 50 megapixels and 25 MB a picture, and 100 MB any other file.
func DefaultLimits() Limits {
	return Limits{Pixels: 50_000_000, PhotoBytes: 25 << 20, AttachmentBytes: 100 << 20}
}

// orDefault puts the default where nothing is set.
func (l Limits) orDefault() Limits {
	d := DefaultLimits()
	return Limits{
		Pixels:          cmp.Or(l.Pixels, d.Pixels),
		PhotoBytes:      cmp.Or(l.PhotoBytes, d.PhotoBytes),
		AttachmentBytes: cmp.Or(l.AttachmentBytes, d.AttachmentBytes),
	}
}

// Store is an open portal database with its media folder. It is safe for concurrent use.
type Store struct {
	Reader           // of whatever is committed when each query begins
	write    *sql.DB // SQLite: one connection; PostgreSQL: a pool of its own, so that readers keep nobody from writing
	read     *sql.DB
	readOnly bool       // SQLite: the file may only be read
	address  string     // of PostgreSQL
	serving  *serving   // of PostgreSQL, nil beside a server
	dir      string     // data folder
	media    mediaPlace // nil for Examine without a media folder
	spools   *os.Root   // has spoolFolder; nil as media
	watched  mediaWatch
	renderer model.Renderer
	drawing  sync.Mutex    // held while a picture is decoded and scaled
	hashing  chan struct{} // a place in it is held while a password is hashed
	idle     time.Duration // of sessions
	longest  time.Duration // of sessions
	limits   Limits
	placing  sync.Mutex // SQLite: held with the file placingName; see placed
	replica  *replica   // nil without one
	damage   damage
	changes  atomic.Uint64
	others   others // copies of the program on the same database
	holder   string // of this store's leases, and the ID of its copy
	trace    func(query string)

	schema   int64                  // the newest that this program knows
	program  atomic.Pointer[string] // that NoteProgram was told
	outdated atomic.Bool            // a newer program serves the records
}

// Open opens the records that o names, makes what is absent and migrates an older schema. The caller must hold the data folder's lock,
// unless it opens it beside whoever does.
func Open(ctx context.Context, o Options) (*Store, error) {
	if restoring, err := Restoring(o.Dir); err != nil || restoring {
		return nil, fmt.Errorf("data folder %s: %w", o.Dir, cmp.Or(err, ErrRestoring))
	}
	s := newStore(o)
	lost, err := s.openMedia(o)
	if err == nil {
		err = s.openRecords(ctx, o)
	}
	if err == nil && lost {
		err = s.tellLostMedia(ctx)
	}
	if err == nil && o.Replica != "" {
		err = s.openReplica(o.Replica)
	}
	if err != nil {
		return nil, errors.Join(asDamage(err), s.Close())
	}
	return s, nil
}

// newStore is a store that is not open yet.
func newStore(o Options) *Store {
	s := &Store{
		Reader:   Reader{now: o.Now, log: cmp.Or(o.Log, slog.Default()), postgres: isPostgres(o.Database), bounds: o.Search.orDefault(), newest: &newestKept{}, commits: unknown},
		renderer: o.Renderer, address: o.Database,
		hashing: make(chan struct{}, hashesAtOnce), idle: cmp.Or(o.SessionIdle, 8*time.Hour), longest: cmp.Or(o.SessionMax, 7*24*time.Hour),
		limits: o.Limits.orDefault(), trace: o.Trace, holder: rand.Text(), dir: o.Dir,
	}
	if s.now == nil {
		s.now = time.Now
	}
	return s
}

func (s *Store) openRecords(ctx context.Context, o Options) (err error) {
	if s.postgres {
		err = s.openPostgres(ctx, o.Database)
		if err == nil && !o.Beside && !o.taken {
			s.serving, err = s.shareRecords(ctx)
		}
	} else {
		if !o.Beside {
			err = errors.Join(settleUpgrade(ctx, o.Dir), notLost(o.Dir))
		}
		if err == nil {
			err = s.openSQLite(ctx, filepath.Join(o.Dir, databaseName), o.Beside)
		}
	}
	switch {
	case err != nil:
		return err
	case s.postgres && !o.Beside:
		return s.alone(ctx, o, func(db *sql.DB) error { return s.bringUp(ctx, o, db) })
	}
	return s.bringUp(ctx, o, nil)
}

// bringUp makes the records what this program expects. db is for PostgreSQL's migrations.
func (s *Store) bringUp(ctx context.Context, o Options, db *sql.DB) error {
	err := s.migrate(ctx, o, db)
	if err == nil {
		err = s.unfinished(ctx)
	}
	if err == nil && !s.readOnly && !o.Beside {
		err = s.reindex(ctx, o.Progress)
	}
	if err == nil && !s.readOnly {
		err = s.foldMedia(ctx)
	}
	if err == nil && !s.readOnly && !o.Beside {
		_, err = s.SplitLists(ctx)
	}
	return err
}

// Limits are those of uploaded files.
func (s *Store) Limits() Limits { return s.limits }

func isPostgres(database string) bool {
	return strings.HasPrefix(database, "postgres://") || strings.HasPrefix(database, "postgresql://")
}

// Close ends all connections. Calls under way may fail.
func (s *Store) Close() error {
	failed := errors.Join(s.replica.close(), s.serving.release())
	for _, db := range []*sql.DB{s.read, s.write} {
		if db != nil {
			if err := db.Close(); err != nil && failed == nil {
				failed = err
			}
		}
	}
	if err := s.closeMedia(); err != nil && failed == nil {
		failed = err
	}
	return failed
}

// Ping reports whether the database answers with a row of its records, and no newer program has taken them over.
func (s *Store) Ping(ctx context.Context) error {
	if err := cmp.Or(s.Damage(), s.Outdated()); err != nil {
		return err
	}
	var views int64
	if err := s.read.QueryRowContext(ctx, `SELECT views FROM hit_total WHERE id = 1`).Scan(&views); err != nil {
		return fmt.Errorf("%w: %w", model.ErrUnavailable, err)
	}
	return nil
}
