//go:build long

package copies

import (
	"os"
	"testing"
	"time"

	"congso/cmd/congso/congsotest"
	"congso/store"
	"congso/store/storetest"
)

// TestLongAnotherCopyTakesOver kills the copy that keeps the articles' index with -9: the other one keeps it soon after the lease has run out.
func TestLongAnotherCopyTakesOver(t *testing.T) {
	database := storetest.Postgres(t)
	s := congsotest.OpenStore(t, t.TempDir(), database)
	defer func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	}()
	holder := func() string {
		id, until, err := s.Lease(t.Context(), "articles")
		if err != nil || time.Now().After(until) {
			return ""
		}
		return id
	}
	first := congsotest.Start(t, nil, "serve", "--data", t.TempDir(), "--database", database)
	if !congsotest.Eventually(congsotest.Patience, func() bool { return holder() != "" }) {
		t.Fatal("nobody keeps the articles")
	}
	killed := holder()
	congsotest.Start(t, nil, "serve", "--data", t.TempDir(), "--database", database)
	first.Signal(t, os.Kill)
	if !congsotest.Eventually(2*time.Minute, func() bool { now := holder(); return now != "" && now != killed }) {
		t.Error("nobody has taken over")
	}
	gone := func() bool {
		all, _, err := s.AllCopies(t.Context())
		lives := func(c store.Copy) bool { return c.Lives() }
		return err == nil && len(all) == 2 && lives(all[0]) != lives(all[1])
	}
	if !congsotest.Eventually(congsotest.Patience, gone) {
		t.Error("the copy that was killed is not known as gone")
	}
}
