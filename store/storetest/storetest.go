// Package storetest opens migrated temporary stores for tests, on SQLite and on PostgreSQL, with a clock that stands still.
//
// The address of a PostgreSQL server comes from CONGSO_TEST_POSTGRES; each store gets a schema of its own there, dropped at the end of
// the test, or a database when it is a copy. Without it the PostgreSQL part of a test is skipped, or fails when CONGSO_TEST_REQUIRE is "all".
package storetest

import (
	"context"
	"crypto/rand"
	"database/sql"
	"encoding/hex"
	"errors"
	"fmt"
	"net/url"
	"os"
	"sync"
	"testing"
	"time"

	"congso/store"
	"congso/store/model"
)

// Start is when every test begins: 09:00 on 15 June 2026 in Vietnam, a Monday.
func Start() time.Time { return time.Date(2026, time.June, 15, 9, 0, 0, 0, model.Zone()) }

// Clock stands still until it is set. It is safe for concurrent use.
type Clock struct {
	mu  sync.Mutex
	now time.Time
}

// NewClock returns a clock that stands at Start.
func NewClock() *Clock { return &Clock{now: Start()} }

// Now is what the clock shows.
func (c *Clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

// Set moves the clock to t.
func (c *Clock) Set(t time.Time) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = t
}

// Add moves the clock on by d.
func (c *Clock) Add(d time.Duration) { c.Set(c.Now().Add(d)) }

// Open opens a store that is closed at the end of the test. Where o has none, it gets a clock that stands at Start and the Renderer.
func Open(t testing.TB, o store.Options) *store.Store {
	t.Helper()
	if o.Now == nil {
		o.Now = NewClock().Now
	}
	if o.Renderer.Render == nil {
		o.Renderer = Renderer()
	}
	s, err := store.Open(context.Background(), o)
	if err != nil {
		t.Fatalf("open the store: %v", err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Errorf("close the store: %v", err)
		}
	})
	return s
}

// Each runs the test on an empty store of each kind, as subtests "sqlite" and "postgres".
func Each(t *testing.T, run func(t *testing.T, s *store.Store)) {
	t.Helper()
	EachClock(t, func(t *testing.T, s *store.Store, _ *Clock) { run(t, s) })
}

// EachClock is Each for tests that set the clock.
func EachClock(t *testing.T, run func(t *testing.T, s *store.Store, clock *Clock)) {
	t.Helper()
	EachOptions(t, func(t *testing.T, o store.Options) {
		clock := NewClock()
		o.Now = clock.Now
		run(t, Open(t, o), clock)
	})
}

// EachOptions is Each for tests that open the store themselves, be it twice: the options name an empty database and data folder.
func EachOptions(t *testing.T, run func(t *testing.T, o store.Options)) {
	t.Helper()
	t.Run("sqlite", func(t *testing.T) { run(t, store.Options{Dir: t.TempDir()}) })
	t.Run("postgres", func(t *testing.T) { run(t, store.Options{Dir: t.TempDir(), Database: Postgres(t)}) })
}

// Postgres returns the address of an empty schema on the PostgreSQL server of the tests, dropped at the end of the test. Without a
// server it skips the test, or fails it when CONGSO_TEST_REQUIRE is "all".
func Postgres(t testing.TB) string {
	t.Helper()
	server, schema := postgresServer(t), newName(t)
	onServer(t, server, "CREATE SCHEMA "+schema)
	t.Cleanup(func() { onServer(t, server, "DROP SCHEMA "+schema+" CASCADE") })
	address := parsed(t, server)
	query := address.Query()
	query.Set("search_path", schema)
	address.RawQuery = query.Encode()
	return address.String()
}

// postgresServer is the address of the PostgreSQL server of the tests; see Postgres.
func postgresServer(t testing.TB) string {
	t.Helper()
	server := os.Getenv("CONGSO_TEST_POSTGRES")
	if server == "" {
		const message = "PostgreSQL is not running: install postgresql and set CONGSO_TEST_POSTGRES=postgres://…"
		if os.Getenv("CONGSO_TEST_REQUIRE") == "all" {
			t.Fatal(message)
		}
		t.Skip(message)
	}
	return server
}

func parsed(t testing.TB, server string) *url.URL {
	t.Helper()
	address, err := url.Parse(server)
	if err != nil {
		t.Fatalf("CONGSO_TEST_POSTGRES: %v", err)
	}
	return address
}

// addressOf is the address of a database on the server.
func addressOf(t testing.TB, server, database string) string {
	t.Helper()
	address := parsed(t, server)
	address.Path = "/" + database
	return address.String()
}

// newName is a name for a schema or database that no other has.
func newName(t testing.TB) string {
	t.Helper()
	random := make([]byte, 8)
	if _, err := rand.Read(random); err != nil {
		t.Fatal(err)
	}
	return "test_" + hex.EncodeToString(random)
}

func onServer(t testing.TB, server, statement string) {
	t.Helper()
	if err := execute(server, statement); err != nil {
		t.Error(err)
	}
}

func execute(server, statement string) error {
	db, err := sql.Open("pgx", server)
	if err == nil {
		_, err = db.Exec(statement)
		err = errors.Join(err, db.Close())
	}
	if err != nil {
		return fmt.Errorf("PostgreSQL: %s: %w", statement, err)
	}
	return nil
}
