package store_test

import (
	"context"
	"errors"
	"log/slog"
	"testing"
	"time"

	"congso/store"
	"congso/store/model"
	"congso/store/storetest"
)

// publicTitles are the titles of the news that readers without a login see, newest first.
func publicTitles(t *testing.T, s *store.Store) (list []string) {
	t.Helper()
	must(t, s.PublicSnapshot(context.Background(), func(r *store.Reader) error {
		items, err := r.NewestNews(context.Background(), model.Viewer{}, store.NewsFilter{}, 20)
		list = nil
		for _, n := range items {
			list = append(list, n.Title)
		}
		return err
	}))
	return list
}

// eventually waits until it holds.
func eventually(t *testing.T, what string, holds func() bool) {
	t.Helper()
	for end := time.Now().Add(time.Minute); !holds(); time.Sleep(20 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatalf("never: %s", what)
		}
	}
}

// fromReplica reports whether readers are answered by the replica now.
func fromReplica(t *testing.T, s *store.Store) bool {
	t.Helper()
	before, _ := s.Replica()
	publicTitles(t, s)
	after, ok := s.Replica()
	return ok && after.Reads == before.Reads+1
}

func TestReplica(t *testing.T) {
	t.Parallel()
	primary := storetest.NewCluster(t, storetest.ClusterOptions{})
	standby := primary.Standby()
	log := &logKept{}
	s := storetest.Open(t, store.Options{Dir: t.TempDir(), Database: primary.Address(), Replica: standby.Address(), Log: slog.New(slog.NewTextHandler(log, nil))})
	section := storetest.Section(t, s, "Tin")
	storetest.News(t, s, section, "Một")
	eventually(t, "readers are answered by the replica", func() bool { return fromReplica(t, s) })
	if got := publicTitles(t, s); len(got) != 1 {
		t.Errorf("the replica shows %q", got)
	}
	if state, _ := s.Replica(); state.Reason != "" || state.Behind > store.ReplicaBehind {
		t.Errorf("the replica's state is %+v", state)
	}

	// What this copy has saved is shown at once, though the replica does not get it; what another copy has saved, within the bound.
	standby.Exec("SELECT pg_wal_replay_pause()")
	storetest.News(t, s, section, "Hai")
	if got := publicTitles(t, s); len(got) != 2 || fromReplica(t, s) {
		t.Errorf("after a change of its own: %q", got)
	}
	standby.Exec("SELECT pg_wal_replay_resume()")
	eventually(t, "the replica has the change", func() bool { return fromReplica(t, s) })
	standby.Exec("SELECT pg_wal_replay_pause()")
	other := storetest.Open(t, store.Options{Dir: t.TempDir(), Database: primary.Address()})
	storetest.News(t, other, section, "Ba")
	eventually(t, "a replica too far behind is left", func() bool { return len(publicTitles(t, s)) == 3 })
	eventually(t, "its state says that it is too far behind", func() bool { state, _ := s.Replica(); return state.Reason != "" && !fromReplica(t, s) })
	standby.Exec("SELECT pg_wal_replay_resume()")
	eventually(t, "the replica has caught up", func() bool { return fromReplica(t, s) })

	// Without the replica the primary answers, from the first page on.
	told := log.count("readers are served from the primary")
	standby.Stop(storetest.StopImmediate)
	for range 5 {
		if got := publicTitles(t, s); len(got) != 3 {
			t.Errorf("without the replica: %q", got)
		}
	}
	eventually(t, "it is known to be away", func() bool { state, _ := s.Replica(); return state.Reason != "" })
	time.Sleep(1500 * time.Millisecond) // it is looked at again
	if n := log.count("readers are served from the primary") - told; n != 1 {
		t.Errorf("the log tells %d times that the replica is away", n)
	}
	standby.Start()
	eventually(t, "the replica is back", func() bool { return fromReplica(t, s) })

	// A primary that is away leaves the replica alone for as long as it is known to be new enough.
	primary.Stop(storetest.StopImmediate)
	time.Sleep(1500 * time.Millisecond) // it is looked at meanwhile
	if state, _ := s.Replica(); state.Behind < store.ReplicaBehind-2*time.Second && !fromReplica(t, s) {
		t.Errorf("right after the primary has gone the replica is not read from: %+v", state)
	}
	eventually(t, "nobody knows how new the replica is", func() bool {
		err := s.PublicSnapshot(context.Background(), func(r *store.Reader) error { _, err := r.Menu(context.Background()); return err })
		return errors.Is(err, model.ErrUnavailable)
	})
	primary.Start()
	eventually(t, "the replica is back with the primary", func() bool {
		err := s.PublicSnapshot(context.Background(), func(r *store.Reader) error { _, err := r.Menu(context.Background()); return err })
		return err == nil && fromReplica(t, s)
	})
	standby.Promote()
	eventually(t, "a promoted replica is no replica", func() bool { state, _ := s.Replica(); return state.Reason == "the replica's server is no standby" })
	if got := publicTitles(t, s); len(got) != 3 || fromReplica(t, s) {
		t.Errorf("beside a promoted replica: %q", got)
	}
}

// TestReplicaOfAnother: a standby of another server is not read from.
func TestReplicaOfAnother(t *testing.T) {
	t.Parallel()
	standby := storetest.NewCluster(t, storetest.ClusterOptions{}).Standby()
	s := storetest.Open(t, store.Options{Dir: t.TempDir(), Database: storetest.Postgres(t), Replica: standby.Address()})
	eventually(t, "it has been looked at", func() bool { state, _ := s.Replica(); return state.Reason != "not looked at yet" })
	if state, _ := s.Replica(); len(state.Reason) < 30 || state.Reason[:30] != "the replica follows another se" || fromReplica(t, s) {
		t.Errorf("its state is %+v", state)
	}
}
