package main

import (
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"congso/cmd/congso/congsotest"
	"congso/content"
	"congso/store"
	"congso/store/storetest"
)

// articlesOf is a folder with one article of that name.
func articlesOf(t *testing.T, name string) string {
	t.Helper()
	folder := t.TempDir()
	if err := os.Mkdir(filepath.Join(folder, "vi"), 0o700); err != nil {
		t.Fatal(err)
	}
	text := "+++\ntitle = \"" + name + "\"\n+++\nNội dung\n"
	if err := os.WriteFile(filepath.Join(folder, "vi", "bai.md"), []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return folder
}

// announceOld lets the database know of two copies of another version, on machines of one name, with clocks that are behind, which stop at once.
func announceOld(t *testing.T, database string) {
	t.Helper()
	behind := func() time.Time { return time.Now().Add(-5 * time.Second) }
	announce := func(s *store.Store) error {
		return s.AnnounceCopy(t.Context(), store.Copy{Name: "may-cu", Program: "0.9", Content: "khác", Since: behind()})
	}
	for range 2 {
		s, err := store.Open(t.Context(), store.Options{Dir: t.TempDir(), Database: database, Renderer: content.Renderer(), Now: behind})
		if err == nil {
			err = announce(s)
		}
		if err != nil {
			t.Fatal(err)
		}
		defer func() { // the second is there by then
			if err := errors.Join(announce(s), s.Close()); err != nil {
				t.Error(err)
			}
		}()
	}
}

// TestTwoCopies: two portals on one database know of each other, say that their articles differ, and search finds those of one of them, whichever
// is asked and whatever starts again.
func TestTwoCopies(t *testing.T) {
	t.Parallel()
	database := storetest.Postgres(t)
	folders := []string{t.TempDir(), t.TempDir()}
	articles := []string{articlesOf(t, "Bài ngọc lan"), articlesOf(t, "Bài hoa sen")}
	var watchers [2]string
	start := func(i int) *congsotest.Running {
		t.Helper()
		r := startHere(t, nil, "serve", "--data", folders[i], "--database", database, "--content", articles[i], "--metrics-listen", "127.0.0.1:0")
		watchers[i] = r.Watcher(t)
		return r
	}
	await := func(what string, ok func() bool) {
		t.Helper()
		if !congsotest.Eventually(congsotest.Patience, ok) {
			t.Errorf("not so: %s", what)
		}
	}
	found := func(r *congsotest.Running, word, rest string) bool {
		return strings.Contains(r.Page(t, "/tim-kiem?q="+word), rest)
	}
	figures := func(i int, part string) func() bool {
		return func() bool {
			_, text := congsotest.Scrape(t, watchers[i], "/metrics")
			return strings.Contains(text, part)
		}
	}
	first := start(0)
	await("the first one's articles are found", func() bool { return found(first, "lan", "ngọc") })
	second := start(1)
	await("the first has heard of the second", figures(0, "congso_copies 2\n"))
	congsotest.MustContain(t, "the first", first.Page(t, "/readyz"), `"ready":true`, "copies: 1 of 1 others have other articles")
	congsotest.MustContain(t, "the second", second.Page(t, "/readyz"), `"ready":true`, "copies: 1 of 1 others have other articles", "search finds the articles of another copy")
	congsotest.MustLack(t, "the second", second.Page(t, "/readyz"), "another version")
	if !found(second, "lan", "ngọc") || found(second, "sen", "hoa") {
		t.Error("the second one does not find what the first one has indexed")
	}
	for name, args := range map[string][]string{"figures": {"--metrics-listen", watchers[0]}, "records": nil} {
		s, err := statusJSON(t, append([]string{"--data", folders[0], "--database", database, "--listen", strings.TrimPrefix(first.URL, "http://")}, args...)...)
		if err != nil || len(s.Copies) != 2 || !slices.ContainsFunc(s.Copies, func(c copyStatus) bool {
			return strings.HasSuffix(c.Name, ":"+folders[1]) && c.Program != "" && len(c.Content) == 32
		}) {
			t.Errorf("status by %s: %+v, error %v", name, s.Copies, err)
		}
	}
	second.Finish(t)
	await("the first has heard of the second's stop", figures(0, "congso_copies 1\n"))
	first.Finish(t)
	again := start(1)
	await("the second one's articles are found once it is alone", func() bool { return found(again, "sen", "hoa") && !found(again, "lan", "ngọc") })
	congsotest.MustLack(t, "the second, alone", again.Page(t, "/readyz"), "copies:")
	announceOld(t, database)
	d, code := diagnose(t, folders[1], "--quick", "--database", database)
	for _, want := range []string{"copy-articles", "copy-program", "copy-clock", "copy-name"} {
		if !slices.ContainsFunc(d.Findings, func(f finding) bool { return f.Code == want && f.Level == levelWarning }) || code == 0 {
			t.Errorf("the doctor does not say %s: %+v", want, d.Findings)
		}
	}
}

// TestOneCopyBacksUp: two copies start at once, each with a backup that is due. One of them makes it.
func TestOneCopyBacksUp(t *testing.T) {
	t.Parallel()
	database := storetest.Postgres(t)
	if err := congsotest.OpenStore(t, t.TempDir(), database).Close(); err != nil { // the schema is there, so that neither waits for it
		t.Fatal(err)
	}
	places := []string{t.TempDir(), t.TempDir()}
	made := func() (all []string) {
		t.Helper()
		for _, place := range places {
			some, err := store.Backups(place)
			if err != nil {
				t.Fatal(err)
			}
			all = append(all, some...)
		}
		return all
	}
	var copies []*congsotest.Running
	for _, place := range places {
		copies = append(copies, congsotest.Launch(t, nil, "serve", "--data", t.TempDir(), "--database", database, "--backup-dir", place, "--backup-at", "00:00,12:00"))
	}
	for _, r := range copies {
		r.AwaitAddress(t)
	}
	if !congsotest.Eventually(congsotest.Patience, func() bool { return len(made()) > 0 }) {
		t.Errorf("no backup is made\n%s\n%s", copies[0].Log, copies[1].Log)
	}
	for _, r := range copies {
		r.Finish(t)
	}
	if all := made(); len(all) != 1 {
		t.Errorf("backups %q, want one", all)
	}
}
