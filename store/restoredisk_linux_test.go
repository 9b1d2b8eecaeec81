package store_test

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"congso/store"
	"congso/store/storetest"
)

// TestRestoreOwnDisk: media on a disk of their own get their files when records go into PostgreSQL; articles on one cannot be swapped, which is said
// before anything has changed.
func TestRestoreOwnDisk(t *testing.T) {
	for _, name := range []string{"media", "bai-viet"} {
		t.Run(name, func(t *testing.T) {
			ctx, database := context.Background(), storetest.Postgres(t)
			from, s, clock := filledIn(t, database)
			file := filepath.Join(t.TempDir(), "a.tar")
			backedUp(t, from, s, file)
			storetest.Section(t, s, "Mục mới")
			must(t, s.Close())
			dir := t.TempDir()
			must(t, os.Mkdir(filepath.Join(dir, name), 0o700))
			mountSmall(t, filepath.Join(dir, name), "size=4m")
			done, err := store.RestorePostgres(ctx, moving(dir, database), file, clock.Now())
			if name == "media" {
				must(t, err)
				kept := strings.TrimPrefix(done.Kept, "schema ")
				t.Cleanup(func() { onSchema(t, database, "DROP SCHEMA "+kept+" CASCADE") })
				whole(t, store.Options{Dir: dir, Database: database})
				return
			}
			refused := func(err error) {
				t.Helper()
				if err == nil || !strings.Contains(err.Error(), "disk of its own") {
					t.Errorf("it is swapped: %v", err)
				}
				if going, err := store.Restoring(dir); err != nil || going {
					t.Errorf("a swap has begun: %v", err)
				}
			}
			refused(err)
			s, _ = openAt(t, store.Options{Dir: from, Database: database})
			if n := s.ID(t, `SELECT COUNT(*) FROM section`); n != 2 {
				t.Errorf("%d sections", n)
			}
			must(t, s.Close())
			_, err = store.Restore(ctx, dir, file, clock.Now(), nil)
			refused(err)
		})
	}
}
