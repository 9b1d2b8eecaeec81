package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"congso/cmd/congso/congsotest"
	"congso/content"
	"congso/store"
	"congso/store/model"
	"congso/store/storetest"
)

// filesOf are the names in a folder with what the files hold.
func filesOf(t *testing.T, folder string) map[string]string {
	t.Helper()
	entries, err := os.ReadDir(folder)
	if err != nil {
		t.Fatal(err)
	}
	all := map[string]string{}
	for _, e := range entries {
		all[e.Name()] = congsotest.ReadFile(t, filepath.Join(folder, e.Name()))
	}
	return all
}

func TestLogFile(t *testing.T) {
	folder, clock := t.TempDir(), storetest.NewClock()
	clock.Set(time.Now().Truncate(time.Second))
	path := filepath.Join(folder, "congso.log")
	day := func(days int) string { return string(model.DayOf(clock.Now().AddDate(0, 0, days))) }
	for _, name := range []string{"congso-" + day(-4) + ".log", "congso-" + day(-3) + ".log", "congso-" + day(-40) + ".2.log", "congso-" + day(-40) + ".txt",
		"congso-" + day(-40) + "-mine.log", "other-" + day(-40) + ".log", "congso-99.log"} {
		congsotest.WriteFile(t, filepath.Join(folder, name), "old")
	}
	congsotest.WriteFile(t, path, "before\n")
	if err := os.Chmod(path, 0o644); err != nil {
		t.Fatal(err)
	}
	var spare congsotest.Buffer
	l, err := openLogFile(path, 3, &spare, clock.Now)
	if err != nil {
		t.Fatal(err)
	}
	l.most = 20
	write := func(line string) {
		t.Helper()
		if n, err := l.Write([]byte(line + "\n")); err != nil || n != len(line)+1 {
			t.Fatalf("%s: %d bytes, error %v", line, n, err)
		}
	}
	write("one")
	write("one and a long one")
	write("two")
	today := day(0)
	clock.Add(24 * time.Hour)
	write("tomorrow")
	clock.Add(-24 * time.Hour) // set back
	write("again")
	if err := l.Close(); err != nil {
		t.Fatal(err)
	}
	if runtime.GOOS != "windows" {
		if info, err := os.Stat(path); err != nil || info.Mode().Perm() != 0o600 {
			t.Errorf("mode %v, error %v", info.Mode(), err)
		}
	}
	got, want := filesOf(t, folder), map[string]string{
		"congso.log": "again\n", "congso-" + today + ".log": "before\none\n", "congso-" + today + ".2.log": "one and a long one\n", "congso-" + today + ".3.log": "two\n",
		"congso-" + day(1) + ".log": "tomorrow\n", "congso-" + day(-40) + ".txt": "old", "congso-" + day(-40) + "-mine.log": "old", "other-" + day(-40) + ".log": "old", "congso-99.log": "old",
	}
	for name, text := range want {
		if got[name] != text {
			t.Errorf("%s holds %q, want %q", name, got[name], text)
		}
		delete(got, name)
	}
	for name := range got { // the day -3 went when the clock was a day ahead
		t.Errorf("%s is still there", name)
	}
	if s := spare.String(); s != "" {
		t.Errorf("spare: %q", s)
	}
}

// TestLogFileFails: what cannot be written to the file is told all the same, and the file goes on when it can.
func TestLogFileFails(t *testing.T) {
	folder := filepath.Join(t.TempDir(), "log")
	if _, err := openLogFile(filepath.Join(folder, "a.log"), 3, &congsotest.Buffer{}, time.Now); err == nil || !strings.Contains(err.Error(), "log file: ") {
		t.Errorf("in a folder that is not there: %v", err)
	}
	if err := os.Mkdir(folder, 0o700); err != nil {
		t.Fatal(err)
	}
	var spare congsotest.Buffer
	clock := storetest.NewClock()
	clock.Set(time.Now())
	l, err := openLogFile(filepath.Join(folder, "a.log"), 3, &spare, clock.Now)
	if err != nil {
		t.Fatal(err)
	}
	log := jsonLog(l)
	log.Info("one")
	if err := l.Close(); err != nil {
		t.Fatal(err)
	}
	if err := os.RemoveAll(folder); err != nil {
		t.Fatal(err)
	}
	log.Info("two")
	congsotest.MustContain(t, "spare", spare.String(), "log file: ", `"msg":"two"`)
	if err := os.Mkdir(folder, 0o700); err != nil {
		t.Fatal(err)
	}
	log.Info("three")
	if err := l.Close(); err != nil {
		t.Fatal(err)
	}
	congsotest.MustContain(t, "the file", congsotest.ReadFile(t, filepath.Join(folder, "a.log")), `"msg":"three"`)
	congsotest.MustLack(t, "spare", spare.String(), "three")
}

// TestServeLog: a start and a stop are told, with the settings but no secret, and with the head of the audit trail.
func TestServeLog(t *testing.T) {
	t.Parallel()
	congsotest.EachDatabase(t, func(t *testing.T, folder, database string, args []string) {
		path := filepath.Join(t.TempDir(), "congso.log")
		s := congsotest.OpenStore(t, folder, database)
		storetest.Section(t, s, "Tin")
		head, err := s.AuditHead(t.Context())
		if err != nil || s.Close() != nil {
			t.Fatal(err)
		}
		r := startHere(t, nil, append([]string{"serve", "--log-file", path, "--session-idle", "1h"}, args...)...)
		r.Page(t, "/tin-tuc?q=riengtu")
		r.Finish(t)
		if text := r.Log.String(); text != "" {
			t.Errorf("stderr: %s", text)
		}
		text := congsotest.ReadFile(t, path)
		var messages []string
		for line := range strings.Lines(text) {
			var entry struct {
				Msg, Hash, Path string
				Settings        map[string]string
			}
			if err := json.Unmarshal([]byte(line), &entry); err != nil {
				t.Fatalf("%s: %v", line, err)
			}
			switch entry.Msg {
			case "starting":
				if entry.Settings["data"] != folder || entry.Settings["session-idle"] != "1h" || entry.Settings["max-photo"] != "" || database != "" && entry.Settings["database"] != "postgres" {
					t.Errorf("settings %v", entry.Settings)
				}
			case "head of the audit trail":
				if entry.Hash != head.Hash {
					t.Errorf("head %s, want %s", entry.Hash, head.Hash)
				}
			}
			messages = append(messages, entry.Msg)
		}
		all := strings.Join(messages, ", ")
		for _, part := range []string{"starting, head of the audit trail, listening, request, stopping, head of the audit trail, stopped"} {
			if !strings.Contains(all, part) {
				t.Errorf("log %s, want %s", all, part)
			}
		}
		congsotest.MustLack(t, "log", text, "riengtu", "127.0.0.1:5", "postgres@")
	})
}

// TestServePrunesAudit: a start with --audit-days removes what is older, and says so in the log.
func TestServePrunesAudit(t *testing.T) {
	t.Parallel()
	congsotest.EachDatabase(t, func(t *testing.T, folder, database string, args []string) {
		s, err := store.Open(t.Context(), store.Options{Dir: folder, Database: database, Renderer: content.Renderer(), Now: func() time.Time { return time.Now().AddDate(0, 0, -50) }})
		if err != nil {
			t.Fatal(err)
		}
		for _, name := range []string{"Một", "Hai", "Ba"} {
			storetest.Section(t, s, name)
		}
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
		r := startHere(t, nil, append([]string{"serve", "--audit-days", "30"}, args...)...)
		if !congsotest.Eventually(congsotest.Patience, func() bool { return strings.Contains(r.Log.String(), `"count":3`) }) {
			t.Fatalf("log %s", r.Log)
		}
		r.Finish(t)
		congsotest.MustContain(t, "log", r.Log.String(), `old entries of the audit trail removed","count":3`)
		text, err := run("", append([]string{"audit", "verify"}, args...)...)
		if err != nil {
			t.Error(err)
		}
		congsotest.MustContain(t, "audit verify", text, "1 entries hold.", "The trail begins with entry 4 of ", "--audit-days")
	})
}
