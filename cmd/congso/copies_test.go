package main

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

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

// TestTwoCopies: two portals on one database know of each other, say that their articles differ, and search finds those of one of them, whichever
// is asked and whatever starts again.
func TestTwoCopies(t *testing.T) {
	t.Parallel()
	database := storetest.Postgres(t)
	folders := []string{t.TempDir(), t.TempDir()}
	content := []string{articlesOf(t, "Bài ngọc lan"), articlesOf(t, "Bài hoa sen")}
	var watchers [2]string
	start := func(i int) *running {
		t.Helper()
		r := startHere(t, nil, "serve", "--data", folders[i], "--database", database, "--content", content[i], "--metrics-listen", "127.0.0.1:0")
		watchers[i] = r.watcher(t)
		return r
	}
	await := func(what string, ok func() bool) {
		t.Helper()
		if !eventually(patience, ok) {
			t.Errorf("not so: %s", what)
		}
	}
	found := func(r *running, word, rest string) bool {
		return strings.Contains(r.page(t, "/tim-kiem?q="+word), rest)
	}
	figures := func(i int, part string) func() bool {
		return func() bool { _, text := scrape(t, watchers[i], "/metrics"); return strings.Contains(text, part) }
	}
	first := start(0)
	await("the first one's articles are found", func() bool { return found(first, "lan", "ngọc") })
	second := start(1)
	await("the first has heard of the second", figures(0, "congso_copies 2\n"))
	mustContain(t, "the first", first.page(t, "/readyz"), `"ready":true`, "copies: 1 of 1 others have other articles")
	mustContain(t, "the second", second.page(t, "/readyz"), `"ready":true`, "copies: 1 of 1 others have other articles", "search finds the articles of another copy")
	mustLack(t, "the second", second.page(t, "/readyz"), "another version")
	if !found(second, "lan", "ngọc") || found(second, "sen", "hoa") {
		t.Error("the second one does not find what the first one has indexed")
	}
	for name, args := range map[string][]string{"figures": {"--metrics-listen", watchers[0]}, "records": nil} {
		s, err := statusJSON(t, append([]string{"--data", folders[0], "--database", database, "--listen", strings.TrimPrefix(first.url, "http://")}, args...)...)
		if err != nil || len(s.Copies) != 2 || !slices.ContainsFunc(s.Copies, func(c copyStatus) bool {
			return strings.HasSuffix(c.Name, ":"+folders[1]) && c.Program != "" && len(c.Content) == 32
		}) {
			t.Errorf("status by %s: %+v, error %v", name, s.Copies, err)
		}
	}
	d, code := diagnose(t, folders[0], "--quick", "--database", database)
	if !slices.ContainsFunc(d.Findings, func(f finding) bool { return f.Code == "copy-articles" }) || code == 0 {
		t.Errorf("the doctor says %+v", d.Findings)
	}
	second.finish(t)
	await("the first has heard of the second's stop", figures(0, "congso_copies 1\n"))
	first.finish(t)
	again := start(1)
	await("the second one's articles are found once it is alone", func() bool { return found(again, "sen", "hoa") && !found(again, "lan", "ngọc") })
	mustLack(t, "the second, alone", again.page(t, "/readyz"), "copies:")
}
