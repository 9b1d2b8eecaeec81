package store_test

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"log/slog"
	"net/url"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/fstest"
	"time"

	"congso/store"
	"congso/store/model"
	"congso/store/storetest"
)

// withQuery is an address with more parameters.
func withQuery(t *testing.T, address string, pairs ...string) string {
	t.Helper()
	u, err := url.Parse(address)
	must(t, err)
	q := u.Query()
	for i := 0; i < len(pairs); i += 2 {
		q.Set(pairs[i], pairs[i+1])
	}
	u.RawQuery = q.Encode()
	return u.String()
}

// shownTitles are the titles of the news that readers see, newest first.
func shownTitles(s *store.Store) (list []string, err error) {
	err = s.Snapshot(context.Background(), func(r *store.Reader) error {
		items, err := r.NewestNews(context.Background(), model.Viewer{}, store.NewsFilter{}, 20)
		list = nil
		for _, n := range items {
			list = append(list, n.Title)
		}
		return err
	})
	return list, err
}

// TestPoolsApart: while all connections for reading are taken, whoever writes finds one, and the other way round. The server is told who we are
// and what to bear.
func TestPoolsApart(t *testing.T) {
	ctx := context.Background()
	address := withQuery(t, storetest.Postgres(t), "pool_max_conns", "3", "application_name", t.Name(), "lock_timeout", "1234")
	s := storetest.Open(t, store.Options{Dir: t.TempDir(), Database: address})
	section := storetest.Section(t, s, "Tin")
	release := make(chan struct{})
	var readers sync.WaitGroup
	begun := make(chan struct{}, 2)
	for range 2 {
		readers.Go(func() {
			err := s.Snapshot(ctx, func(r *store.Reader) error {
				_, err := r.Menu(ctx)
				begun <- struct{}{}
				<-release
				return err
			})
			if err != nil {
				t.Error(err)
			}
		})
	}
	<-begun
	<-begun
	storetest.News(t, s, section, "Ghi được")
	close(release)
	readers.Wait()
	must(t, s.Tx(ctx, func(tx *sql.Tx) error {
		got, err := shownTitles(s)
		if err != nil || len(got) != 1 {
			t.Errorf("beside a writer: %q, error %v", got, err)
		}
		var settings string
		if err := tx.QueryRow(`SELECT current_setting('statement_timeout') || ' ' || current_setting('lock_timeout') || ' ' || current_setting('idle_in_transaction_session_timeout')`).Scan(&settings); err != nil {
			return err
		}
		if settings != "10s 1234ms 10s" {
			t.Errorf("settings of a session: %s", settings)
		}
		var open int
		if err := tx.QueryRow(`SELECT count(*) FROM pg_stat_activity WHERE application_name = $1`, t.Name()).Scan(&open); err != nil || open != 4 { // with the one that holds the lock of who serves
			t.Errorf("%d connections, want 4, error %v", open, err)
		}
		return nil
	}))
}

// TestAnsweredAfterRestart: however the server was restarted, the first who read and the first who write afterwards are served, though every
// connection of the pools is broken, and none of them has been idle for long enough to be looked at before it is used.
func TestAnsweredAfterRestart(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	server := storetest.NewCluster(t, storetest.ClusterOptions{})
	s := storetest.Open(t, store.Options{Dir: t.TempDir(), Database: server.Address()})
	section := storetest.Section(t, s, "Tin")
	want := 0
	for _, how := range []string{storetest.StopFast, storetest.StopImmediate} {
		fillPools(t, s)
		server.Stop(how)
		if _, err := shownTitles(s); !errors.Is(err, model.ErrUnavailable) {
			t.Errorf("%s: while it is away a page gets %v", how, err)
		}
		if err := s.Tx(ctx, func(*sql.Tx) error { return nil }); !errors.Is(err, model.ErrUnavailable) {
			t.Errorf("%s: while it is away a writer gets %v", how, err)
		}
		server.Start()
		fillPools(t, s)
		server.Stop(how)
		server.Start()
		storetest.News(t, s, section, "Tin sau khi khởi động lại "+how)
		want++
		if got, err := shownTitles(s); err != nil || len(got) != want {
			t.Errorf("%s: %q, error %v", how, got, err)
		}
		if err := s.Ping(ctx); err != nil {
			t.Errorf("%s: %v", how, err)
		}
	}
}

// fillPools has the store open every connection that it may.
func fillPools(t *testing.T, s *store.Store) {
	t.Helper()
	ctx := context.Background()
	var all, done sync.WaitGroup
	all.Add(12)
	for i := range 12 {
		done.Go(func() {
			wait := func() error { all.Done(); all.Wait(); return nil }
			var err error
			if i < 4 {
				err = s.Tx(ctx, func(*sql.Tx) error { return wait() })
			} else {
				err = s.Snapshot(ctx, func(*store.Reader) error { return wait() })
			}
			if err != nil {
				t.Error(err)
				all.Done()
			}
		})
	}
	done.Wait()
}

// TestFailover: an address with both servers leads to the one that takes writes, be it the standby that has been promoted.
func TestFailover(t *testing.T) {
	t.Parallel()
	primary := storetest.NewCluster(t, storetest.ClusterOptions{Loopback: true})
	standby := primary.Standby()
	for name, address := range map[string]string{
		"as libpq is told": standby.AddressWith(primary),
		"told nothing":     strings.Replace(standby.AddressWith(primary), "&target_session_attrs=read-write", "", 1),
	} {
		s := storetest.Open(t, store.Options{Dir: t.TempDir(), Database: address})
		storetest.Section(t, s, "Trước khi hỏng, "+name)
	}
	s := storetest.Open(t, store.Options{Dir: t.TempDir(), Database: primary.AddressWith(standby)})
	section := storetest.Section(t, s, "Tin")
	storetest.News(t, s, section, "Trước")
	awaitReplay(t, primary, standby)
	primary.Stop(storetest.StopImmediate)
	if _, err := shownTitles(s); !errors.Is(err, model.ErrUnavailable) {
		t.Errorf("before the promotion a page gets %v", err)
	}
	standby.Promote()
	storetest.News(t, s, section, "Sau")
	if got, err := shownTitles(s); err != nil || len(got) != 2 || got[0] != "Sau" {
		t.Errorf("after the promotion: %q, error %v", got, err)
	}
}

// awaitReplay waits until the standby has all that the primary has.
func awaitReplay(t *testing.T, primary, standby *storetest.Cluster) {
	t.Helper()
	lsn := asked(t, primary.Address(), `SELECT pg_current_wal_lsn()::text`)
	for end := time.Now().Add(time.Minute); asked(t, standby.Address(), fmt.Sprintf(`SELECT (pg_last_wal_replay_lsn() >= '%s')::text`, lsn)) != "true"; time.Sleep(5 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatal("the standby does not follow")
		}
	}
}

// asked is the answer of a server to a question of one text.
func asked(t *testing.T, address, query string) (answer string) {
	t.Helper()
	db, err := sql.Open("pgx", address)
	must(t, err)
	defer db.Close()
	must(t, db.QueryRow(query).Scan(&answer))
	return answer
}

// TestCommitThatWaits: what a standby was to have and has not is not acknowledged, though the server gives in and calls it done.
func TestCommitThatWaits(t *testing.T) {
	t.Parallel()
	server := storetest.NewCluster(t, storetest.ClusterOptions{})
	s := storetest.Open(t, store.Options{Dir: t.TempDir(), Database: server.Address()})
	server.Exec("ALTER SYSTEM SET synchronous_standby_names = 'nobody'")
	server.Exec("SELECT pg_reload_conf()")
	eventually(t, "it waits for standbys", func() bool { return asked(t, server.Address(), "SHOW synchronous_standby_names") == "nobody" })
	if err := s.PutSection(context.Background(), storetest.Actor(), &model.Section{Name: "Tin", Slug: "tin"}); !errors.Is(err, model.ErrUnavailable) {
		t.Errorf("a commit that no standby has: %v", err)
	}
}

// logKept is a log that keeps its messages.
type logKept struct {
	mu    sync.Mutex
	lines []string
}

func (l *logKept) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.lines = append(l.lines, string(p))
	return len(p), nil
}

func (l *logKept) count(part string) (n int) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, line := range l.lines {
		if strings.Contains(line, part) {
			n++
		}
	}
	return n
}

// nextStep are the migrations that come with the program and one more.
func nextStep(t *testing.T, o store.Options, sql string) store.Options {
	t.Helper()
	steps := embeddedSteps(t, "postgres")
	steps["99999_next.sql"] = &fstest.MapFile{Data: []byte("-- +goose Up\n" + sql + "\n-- +goose Down\nSELECT 1;\n")}
	return store.WithMigrations(o, steps)
}

// TestOneMigrates: of several that open a database at once, empty or of an older schema, exactly one runs each step, and the others wait for it
// and then find it done.
func TestOneMigrates(t *testing.T) {
	database := storetest.Postgres(t)
	log := &logKept{}
	var steps atomic.Int64
	together := func(prepare func(o store.Options) store.Options) {
		t.Helper()
		steps.Store(0)
		var all sync.WaitGroup
		for range 3 {
			o := prepare(store.Options{Dir: t.TempDir(), Database: database, Renderer: storetest.Renderer(), Log: slog.New(slog.NewTextHandler(log, nil)),
				Progress: func(what string, _, _ int64) {
					if strings.HasPrefix(what, "Migration") {
						steps.Add(1)
					}
				}})
			all.Go(func() {
				s, err := store.Open(context.Background(), o)
				if err != nil {
					t.Error(err)
					return
				}
				if err := s.Ping(context.Background()); err != nil {
					t.Errorf("it serves what is not migrated: %v", err)
				}
				if err := s.Close(); err != nil {
					t.Error(err)
				}
			})
		}
		all.Wait()
	}
	together(func(o store.Options) store.Options { return o })
	if want := int64(len(embeddedSteps(t, "postgres"))); steps.Load() != want {
		t.Errorf("%d steps, want %d", steps.Load(), want)
	}
	together(func(o store.Options) store.Options {
		return nextStep(t, o, "CREATE TABLE next (n INT); INSERT INTO next VALUES (1); SELECT pg_sleep(0.5);")
	})
	if steps.Load() != 1 {
		t.Errorf("%d steps, want 1", steps.Load())
	}
	if n := log.count("waiting for it"); n < 2 {
		t.Errorf("%d have said that they wait, want 2 at least", n)
	}
}

// TestMigrationWaitEnds: who waits for a copy that does not come to an end says so.
func TestMigrationWaitEnds(t *testing.T) {
	database := storetest.Postgres(t)
	began, release := make(chan struct{}), make(chan struct{})
	var first sync.WaitGroup
	first.Go(func() {
		var once sync.Once
		s, err := store.Open(context.Background(), store.Options{Dir: t.TempDir(), Database: database, Renderer: storetest.Renderer(), Progress: func(string, int64, int64) {
			once.Do(func() { close(began); <-release })
		}})
		if err != nil {
			t.Error(err)
			return
		}
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	<-began
	_, err := store.Open(context.Background(), store.Options{Dir: t.TempDir(), Database: database, Renderer: storetest.Renderer(), Wait: 300 * time.Millisecond})
	if err == nil || !strings.Contains(err.Error(), "another copy of the program has been at work on the database's schema for more than 300ms") {
		t.Errorf("the one that waits: %v", err)
	}
	close(release)
	first.Wait()
}

// TestOutdated: while a newer program migrates, those before it go on; once it serves, they show what there is, write nothing, leave to it what is
// to be done, and are not ready.
func TestOutdated(t *testing.T) {
	ctx := context.Background()
	clock := storetest.NewClock()
	o := store.Options{Dir: t.TempDir(), Database: storetest.Postgres(t), Now: clock.Now}
	old := storetest.Open(t, o)
	must(t, old.NoteProgram(ctx, "v1"))
	section := storetest.Section(t, old, "Tin")
	expiring := func(title string, after time.Duration) {
		storetest.News(t, old, section, title, func(n *model.News) { n.ExpireAt = storetest.Start().Add(after) })
	}
	sweeps := func(who string, s *store.Store, want int) {
		t.Helper()
		if done, err := s.Sweep(ctx, who); err != nil || done != want {
			t.Errorf("the %s one sweeps %d, error %v, want %d", who, done, err, want)
		}
	}
	expiring("Một", time.Hour)
	next := nextStep(t, store.Options{Dir: t.TempDir(), Database: o.Database, Now: clock.Now}, "CREATE TABLE extra (n BIGINT);")
	newer := storetest.Open(t, next)
	must(t, old.FollowSchema(ctx))
	must(t, old.Ping(ctx))
	expiring("Hai", 2*time.Hour)
	clock.Add(time.Hour)
	sweeps("old", old, 1)
	must(t, newer.NoteProgram(ctx, "v2"))
	if err := old.FollowSchema(ctx); !errors.Is(err, store.ErrOutdated) {
		t.Errorf("once the newer one serves: %v", err)
	}
	if err := old.Ping(ctx); !errors.Is(err, store.ErrOutdated) {
		t.Errorf("the old one is ready: %v", err)
	}
	if err := old.Tx(ctx, func(*sql.Tx) error { return nil }); !errors.Is(err, model.ErrUnavailable) {
		t.Errorf("the old one writes: %v", err)
	}
	for name, s := range map[string]*store.Store{"old": old, "new": newer} {
		if got, err := shownTitles(s); err != nil || len(got) != 1 {
			t.Errorf("the %s one shows %q, error %v", name, got, err)
		}
	}
	clock.Add(time.Hour)
	sweeps("old", old, 0)
	sweeps("new", newer, 1)
	must(t, newer.FollowSchema(ctx))
}
