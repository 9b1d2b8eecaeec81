package transfer

import (
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"congso/cmd/congso/congsotest"
	"congso/store/storetest"
)

// TestMoveCommand: the demo's records go to PostgreSQL and back; what is served in between is what was served before.
func TestMoveCommand(t *testing.T) {
	t.Parallel()
	folder, database, back := congsotest.DemoData(t), storetest.Postgres(t), filepath.Join(t.TempDir(), "lai")
	here, there := []string{"--from", "sqlite:" + folder, "--to", database}, []string{"--from", database, "--to", "sqlite:" + back}
	out := congsotest.Runs(t, nil, append([]string{"move"}, here...)...)
	congsotest.MustContain(t, "what move prints", out, "Moved ", "they are the same", "Audit trail: entry ", "Media files and articles are where they were, in "+folder, "config set database=")
	congsotest.MustContain(t, "what --check prints", congsotest.Runs(t, nil, append([]string{"move", "--check"}, here...)...), "The same ", " rows in ")
	congsotest.MustContain(t, "again", congsotest.Fail(t, nil, append([]string{"move"}, here...)...).Error(), "has records already", "name an empty database")
	congsotest.Runs(t, nil, append([]string{"move"}, there...)...)
	before, after := storetest.Rows(t, filepath.Join(folder, "congso.db")), storetest.Rows(t, filepath.Join(back, "congso.db"))
	for _, table := range []string{"news", "news_tag", "meeting", "revision", "audit", "users", "person", "media", "number", "hit_page", "listing"} {
		slices.Sort(before[table])
		slices.Sort(after[table])
		if diff := cmp.Diff(before[table], after[table]); diff != "" || len(after[table]) == 0 {
			t.Errorf("table %s: -before +after:\n%.2000s", table, diff)
		}
	}

	r := congsotest.Start(t, nil, "serve", "--data", folder, "--database", database)
	congsotest.MustContain(t, "home", r.Page(t, "/"), "Sở Nội vụ tỉnh Tân Giang")
	slug := regexp.MustCompile(`href="/tin-tuc/([^"?/]+)`).FindStringSubmatch(r.Page(t, "/tin-tuc"))
	if slug == nil {
		t.Fatal("no news are listed")
	}
	congsotest.MustContain(t, "an item", r.Page(t, "/tin-tuc/"+slug[1]), "<h1")
	congsotest.MustContain(t, "beside a portal", congsotest.Fail(t, nil, append([]string{"move"}, there...)...).Error(), "being served")
	r.Finish(t)
}

// TestMoveArguments: what cannot be moved is refused before anything is made.
func TestMoveArguments(t *testing.T) {
	t.Parallel()
	empty := filepath.Join(t.TempDir(), "leer")
	for _, c := range []struct{ from, to, says string }{
		{"", "", "say --from and --to"},
		{"sqlite:a", "sqlite:b", "use congso backup and congso restore"},
		{"postgres:///a", "postgres:///b", "use congso backup and congso restore"},
		{"/var/lib/congso", "postgres:///b", "must be sqlite:DIR"},
		{"sqlite:", "postgres:///b", "needs the data folder"},
		{"sqlite:" + empty, "postgres:///b?host=" + empty, "no records"},
		{"sqlite:" + filepath.Join(empty, "congso.db"), "postgres:///b?host=" + empty, "no records"},
	} {
		if err := congsotest.Fail(t, nil, "move", "--from", c.from, "--to", c.to); !strings.Contains(err.Error(), c.says) {
			t.Errorf("--from %q --to %q: %v", c.from, c.to, err)
		}
	}
	if names := congsotest.NamesIn(t, filepath.Dir(empty)); len(names) > 0 {
		t.Errorf("made %v", names)
	}
}
