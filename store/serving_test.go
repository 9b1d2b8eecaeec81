package store_test

import (
	"context"
	"database/sql"
	"errors"
	"testing"
	"time"

	_ "github.com/jackc/pgx/v5/stdlib" // the driver "pgx"

	"congso/store"
	"congso/store/storetest"
)

// TestServing: any number of portals serve the records, and nobody takes them meanwhile, be it that a connection was lost.
func TestServing(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	o := store.Options{Dir: t.TempDir(), Database: storetest.Postgres(t), Renderer: storetest.Renderer()}
	open := func(o store.Options) *store.Store {
		t.Helper()
		s, err := store.Open(ctx, o)
		must(t, err)
		return s
	}
	first := open(o)
	second := open(o)
	if _, err := store.TakeRecords(ctx, o.Database); !errors.Is(err, store.ErrServed) {
		t.Errorf("taken from two: %v", err)
	}
	must(t, first.Close())

	db, err := sql.Open("pgx", o.Database)
	must(t, err)
	defer db.Close()
	const held = ` FROM pg_locks WHERE locktype = 'advisory' AND objid::bigint = (hashtext(current_schema())::bigint & 4294967295) AND objsubid = 2`
	var lost int64
	must(t, db.QueryRow(`SELECT pid`+held).Scan(&lost))
	_, err = db.Exec(`SELECT pg_terminate_backend($1)`, lost)
	must(t, err)
	again := func() bool {
		n := 0
		must(t, db.QueryRow(`SELECT count(*)`+held+` AND pid <> $1`, lost).Scan(&n))
		return n == 1
	}
	for end := time.Now().Add(30 * time.Second); !again(); time.Sleep(20 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatal("the lock is not taken again")
		}
	}
	if _, err := store.TakeRecords(ctx, o.Database); !errors.Is(err, store.ErrServed) {
		t.Errorf("taken from one: %v", err)
	}

	beside := o
	beside.Beside = true
	third := open(beside)
	defer func() { must(t, third.Close()) }()
	closed := make(chan error)
	go func() { time.Sleep(300 * time.Millisecond); closed <- second.Close() }() // as the server would see the end of one that is gone
	release, err := store.TakeRecords(ctx, o.Database)
	must(t, err)
	must(t, <-closed)
	if _, err := store.Open(ctx, o); !errors.Is(err, store.ErrTaken) {
		t.Errorf("opened while they are taken: %v", err)
	}
	must(t, release())
	fourth := open(o)
	must(t, fourth.Close())
}
