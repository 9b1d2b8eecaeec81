package storetest

import (
	"errors"
	"os"
	"path/filepath"
	"sync"
	"testing"

	"congso/store"
)

// Master is a filled data folder and database of each kind, made when first asked for, of which tests take copies: to copy records takes a
// tenth of the time that it takes to make them.
type Master[T any] struct {
	// Fill opens the store that o names, fills it, closes it, and returns what tests want to know of its records, which nobody may change.
	Fill func(t testing.TB, o store.Options) T

	sqlite, postgres master[T]
}

// master is that of one kind.
type master[T any] struct {
	once             sync.Once
	folder           string
	server, database string // "" on SQLite
	whole            bool
	known            T
}

// Each runs the test on a copy of its own of the master of each kind, as subtests "sqlite" and "postgres".
func (m *Master[T]) Each(t *testing.T, run func(t *testing.T, o store.Options, known T)) {
	t.Helper()
	t.Run("sqlite", func(t *testing.T) {
		m.sqlite.once.Do(func() { m.sqlite.make(t, m.Fill) })
		run(t, store.Options{Dir: m.sqlite.copy(t)}, m.sqlite.known)
	})
	t.Run("postgres", func(t *testing.T) {
		server := postgresServer(t)
		m.postgres.once.Do(func() {
			m.postgres.server, m.postgres.database = server, newName(t)
			onServer(t, server, "CREATE DATABASE "+m.postgres.database)
			m.postgres.make(t, m.Fill)
		})
		folder, database := m.postgres.copy(t), newName(t)
		onServer(t, server, "CREATE DATABASE "+database+" TEMPLATE "+m.postgres.database+" STRATEGY file_copy")
		t.Cleanup(func() { onServer(t, server, "DROP DATABASE "+database+" WITH (FORCE)") })
		run(t, store.Options{Dir: folder, Database: addressOf(t, server, database)}, m.postgres.known)
	})
}

func (m *master[T]) make(t testing.TB, fill func(testing.TB, store.Options) T) {
	t.Helper()
	var err error
	if m.folder, err = os.MkdirTemp("", "congso-master-"); err != nil {
		t.Fatal(err)
	}
	o := store.Options{Dir: m.folder}
	if m.database != "" {
		o.Database = addressOf(t, m.server, m.database)
	}
	m.known = fill(t, o)
	m.whole = !t.Failed()
}

// copy is a copy of the master's folder.
func (m *master[T]) copy(t testing.TB) string {
	t.Helper()
	if !m.whole {
		t.Fatal("the records to copy could not be made: see the first test that asked for them")
	}
	folder := filepath.Join(t.TempDir(), "data")
	if err := os.CopyFS(folder, os.DirFS(m.folder)); err != nil {
		t.Fatal(err)
	}
	return folder
}

// Remove takes the masters away. It is for a package's TestMain: whoever made the first copy may have ended long before the last.
func (m *Master[T]) Remove() error {
	var faults []error
	for _, one := range []*master[T]{&m.sqlite, &m.postgres} {
		if one.folder != "" {
			faults = append(faults, os.RemoveAll(one.folder))
		}
		if one.database != "" {
			faults = append(faults, execute(one.server, "DROP DATABASE "+one.database+" WITH (FORCE)"))
		}
	}
	return errors.Join(faults...)
}
