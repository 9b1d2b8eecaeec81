package main

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"congso/store"
	"congso/store/model"
	"congso/store/storetest"
)

// runs runs a command that must end well, and returns what it prints.
func runs(t testing.TB, environ []string, args ...string) string {
	t.Helper()
	command := newCommand(environ)
	command.SetArgs(args)
	var out lockedBuffer
	command.SetOut(&out)
	command.SetErr(&out)
	if err := command.ExecuteContext(context.Background()); err != nil {
		t.Fatalf("%s: %v\n%s", strings.Join(args, " "), err, &out)
	}
	return out.String()
}

// portalState is all that a data folder holds but for what goes on beside the records: rows and files. Nobody may have it open.
func portalState(t testing.TB, folder string) map[string]any {
	t.Helper()
	rows := storetest.Rows(t, filepath.Join(folder, "congso.db"))
	for table := range rows {
		if table == "setting" || strings.HasPrefix(table, "hit_") { // what is known of backups, and counters
			delete(rows, table)
		}
	}
	return map[string]any{"rows": rows, "files": storetest.Files(t, folder, "congso.db", "lock", "before-restore", "media/tmp")}
}

// TestBackupCommand: a backup made beside a server, restored on another machine, gives the same portal.
func TestBackupCommand(t *testing.T) {
	t.Parallel()
	folder, target := demoData(t), t.TempDir()
	writeFile(t, filepath.Join(folder, "bai-viet", "vi", "rieng.md"), "+++\ntitle = \"Bài viết riêng\"\ndate = 2026-01-02\n+++\n\nNội dung.\n")
	articles := []string{"--data", folder, "--content", filepath.Join(folder, "bai-viet")}
	r := startHere(t, nil, append([]string{"serve"}, articles...)...)
	mustContain(t, "the article", r.page(t, "/bai-viet/rieng"), "Bài viết riêng")
	indexed := func() bool { return strings.Contains(r.page(t, "/tim-kiem?q=riêng"), `"/bai-viet/rieng`) } // which changes the records
	if !eventually(patience, indexed) {
		t.Fatal("the article is not found")
	}
	out := runs(t, nil, append([]string{"backup", target, "--keep", "2"}, articles...)...)
	made, err := store.Backups(target)
	if err != nil || len(made) != 1 {
		t.Fatalf("%v, %v\n%s", made, err, out)
	}
	mustContain(t, "what backup prints", out, made[0], "Audit trail: entry ")
	mustLack(t, "what it prints off a terminal", out, "\r", "%", "Packing")
	err = fail(t, nil, "restore", made[0], "--data", folder)
	mustContain(t, "restore beside the server", err.Error(), "in use by another congso: stop that one first")
	r.finish(t)

	out = runs(t, nil, "restore", "--check", made[0])
	mustContain(t, "what --check prints", out, "is whole", "Sở Nội vụ tỉnh Tân Giang", "These are sample data", "news ")
	next := filepath.Join(t.TempDir(), "moi")
	out = runs(t, nil, "restore", made[0], "--data", next)
	mustContain(t, "what restore prints", out, "Restored", "Now start the server")
	mustLack(t, "what restore into an empty folder prints", out, "before-restore")
	if diff := cmp.Diff(portalState(t, folder), portalState(t, next)); diff != "" {
		t.Errorf("-backed up +restored:\n%.2000s", diff)
	}
	r = startHere(t, nil, "serve", "--data", next, "--content", filepath.Join(next, "bai-viet"))
	mustContain(t, "the article", r.page(t, "/bai-viet/rieng"), "Bài viết riêng")
	mustContain(t, "home", r.page(t, "/"), demoLabel, "Sở Nội vụ tỉnh Tân Giang")
	r.finish(t)
}

// TestBackupKeeps: --keep removes the oldest once the new one is whole, and nothing when it fails.
func TestBackupKeeps(t *testing.T) {
	t.Parallel()
	folder, target := demoData(t), t.TempDir()
	old := []string{"congso-20230101-000000.tar", "congso-20230102-000000.tar"}
	for _, name := range old {
		writeFile(t, filepath.Join(target, name), "old")
	}
	writeFile(t, filepath.Join(folder, "empty", "x"), "")
	if err := os.Remove(filepath.Join(folder, "empty", "x")); err != nil {
		t.Fatal(err)
	}
	fail(t, nil, "backup", target, "--keep", "1", "--data", filepath.Join(folder, "empty"))
	if names := namesIn(t, target); cmp.Diff(old, names) != "" {
		t.Errorf("after a failed one: %v", names)
	}
	out := runs(t, []string{"CONGSO_DATA=" + folder, "CONGSO_BACKUP_DIR=" + target}, "backup", "--keep", "2")
	mustContain(t, "what it prints", out, "Removed "+filepath.Join(target, old[0]))
	if names := namesIn(t, target); len(names) != 2 || names[0] != old[1] {
		t.Errorf("kept %v", names)
	}
	state := backupState(t, folder)
	if state.Error != "" || state.At.IsZero() || filepath.Dir(state.File) != target || state.Bytes < 100_000 {
		t.Errorf("state %+v", state)
	}
}

func namesIn(t testing.TB, folder string) (names []string) {
	t.Helper()
	entries, err := os.ReadDir(folder)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		if !strings.HasPrefix(e.Name(), ".") {
			names = append(names, e.Name())
		}
	}
	return names
}

func backupState(t testing.TB, folder string) model.BackupState {
	t.Helper()
	s := openStore(t, folder, "")
	defer s.Close()
	state, err := s.BackupState(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	return state
}

func TestBackupCommandRefuses(t *testing.T) {
	t.Parallel()
	folder := demoData(t)
	file := filepath.Join(t.TempDir(), "a.tar")
	runs(t, nil, "backup", file, "--data", folder)
	data := []byte(readFile(t, file))
	data[len(data)/2] ^= 1
	broken := filepath.Join(t.TempDir(), "b.tar")
	writeFile(t, broken, string(data))
	for name, c := range map[string]struct {
		args []string
		want string
	}{
		"no place":                   {[]string{"backup", "--data", folder}, "--backup-dir"},
		"--keep of a file":           {[]string{"backup", file, "--keep", "2", "--data", folder}, "--keep"},
		"no records":                 {[]string{"backup", file, "--data", t.TempDir()}, "no records"},
		"restore of nothing":         {[]string{"restore", file + "x", "--data", folder}, "a.tarx"},
		"restore of a broken one":    {[]string{"restore", broken, "--data", folder}, "take another archive"},
		"check of a broken one":      {[]string{"restore", "--check", broken}, "damaged archive: the content of"},
		"scheduled without a folder": {[]string{"serve", "--data", folder, "--backup-at", "02:00"}, "--backup-dir"},
	} {
		t.Run(name, func(t *testing.T) { mustContain(t, "the error", fail(t, nil, c.args...).Error(), c.want) })
	}
}

// TestBackupCommandPostgres: a portal on PostgreSQL is backed up at its times and beside its server, and restored; doctor looks at its backups.
func TestBackupCommandPostgres(t *testing.T) {
	t.Parallel()
	database, folder, target := storetest.Postgres(t), filepath.Join(t.TempDir(), "data"), filepath.Join(t.TempDir(), "sao-luu")
	s := openStore(t, folder, database)
	section := storetest.Section(t, s, "Tin hoạt động")
	storetest.News(t, s, section, "Tin thứ nhất")
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	on := []string{"--data", folder, "--database", database}
	if d, _ := diagnose(t, folder, "--database", database); len(d.of("backup")) != 1 || !strings.Contains(d.of("backup")[0].Message, "never been a backup") {
		t.Errorf("doctor before: %+v", d.Findings)
	}
	r := startHere(t, nil, append([]string{"serve", "--backup-dir", target, "--backup-at", "00:00,12:00"}, on...)...)
	var made []string
	if !eventually(patience, func() bool { made, _ = store.Backups(target); return len(made) == 1 }) {
		t.Fatalf("no scheduled backup: %s", r.log)
	}
	file := filepath.Join(target, "tay.tar")
	mustContain(t, "backup prints", runs(t, nil, append([]string{"backup", file}, on...)...), file+": ", "Audit trail: entry ")
	mustContain(t, "restore beside the server", fail(t, nil, append([]string{"restore", file}, on...)...).Error(), "in use by another congso")
	elsewhere := filepath.Join(t.TempDir(), "khac")
	mustContain(t, "restore beside the server, elsewhere", fail(t, nil, "restore", file, "--data", elsewhere, "--database", database).Error(), "being served")
	r.finish(t)

	s = openStore(t, folder, database)
	storetest.News(t, s, section, "Tin thứ hai")
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	out := runs(t, nil, append([]string{"restore", file}, on...)...)
	mustContain(t, "restore prints", out, "Restored "+file, "_before_restore_", "news      1")
	kept := regexp.MustCompile(`kept in schema (\S+?)[,;]`).FindStringSubmatch(out)
	if kept == nil {
		t.Fatal(out)
	}
	t.Cleanup(func() { execSQL(t, folder, database, "DROP SCHEMA "+kept[1]+" CASCADE") })
	r = startHere(t, nil, append([]string{"serve"}, on...)...)
	mustContain(t, "news", r.page(t, "/tin-tuc"), "Tin thứ nhất")
	mustLack(t, "news", r.page(t, "/tin-tuc"), "Tin thứ hai")
	mustContain(t, "search", r.page(t, "/tim-kiem?q=tin+thu+nhat"), "/tin-tuc/tin-thu-nhat")
	r.finish(t)
	mustContain(t, "rollback", fail(t, nil, append([]string{"rollback"}, on...)...).Error(), "congso restore FILE")
}

// TestScheduledBackup: a time that has passed is made up for after the start; old backups go; what was done is known and logged.
func TestScheduledBackup(t *testing.T) {
	t.Parallel()
	folder, target := demoData(t), filepath.Join(t.TempDir(), "sao-luu")
	for _, name := range []string{"congso-20230101-000000.tar", "congso-20230102-000000.tar"} {
		writeFile(t, filepath.Join(target, name), "old")
	}
	schedule := []string{"serve", "--data", folder, "--backup-dir", target, "--backup-at", "00:00,12:00", "--backup-keep", "2"}
	r := startHere(t, nil, schedule...)
	if !eventually(patience, func() bool { return strings.Contains(r.log.String(), "old backups removed") }) {
		t.Fatalf("no backup\n%s", r.log)
	}
	mustContain(t, "readiness", r.page(t, "/readyz"), `"warnings":[]`)
	r.finish(t)
	names := namesIn(t, target)
	if len(names) != 2 || names[0] != "congso-20230102-000000.tar" {
		t.Errorf("kept %v", names)
	}
	m, err := store.CheckBackup(context.Background(), filepath.Join(target, names[1]), nil)
	if err != nil {
		t.Fatal(err)
	}
	mustContain(t, "the log", r.log.String(), m.AuditHash, names[1])
	if state := backupState(t, folder); filepath.Base(state.File) != names[1] || state.Every != 12*time.Hour || state.Error != "" {
		t.Errorf("state %+v", state)
	}
	r = startHere(t, nil, schedule...) // it is not due again
	r.finish(t)
	if again := namesIn(t, target); cmp.Diff(names, again) != "" {
		t.Errorf("after another start: %v", again)
	}
}

// TestScheduledBackupFails: a failure is logged and told, and the portal goes on.
func TestScheduledBackupFails(t *testing.T) {
	t.Parallel()
	folder, file := demoData(t), filepath.Join(t.TempDir(), "no-folder")
	writeFile(t, file, "")
	r := startHere(t, nil, "serve", "--data", folder, "--backup-dir", filepath.Join(file, "x"), "--backup-at", "00:00")
	if !eventually(patience, func() bool { return strings.Contains(r.log.String(), "backup failed") }) {
		t.Fatalf("no failure\n%s", r.log)
	}
	told := func() bool { return strings.Contains(r.page(t, "/readyz"), "backup: the last one") }
	if !eventually(patience, told) {
		t.Error("readiness does not tell")
	}
	r.finish(t)
	if state := backupState(t, folder); !strings.Contains(state.Error, "no-folder") || !state.At.IsZero() {
		t.Errorf("state %+v", state)
	}
}

func TestBackupDue(t *testing.T) {
	clock := func(text string) time.Time {
		at, err := time.ParseInLocation("02 15:04", text, model.Zone())
		if err != nil {
			t.Fatal(err)
		}
		return at.AddDate(2026, 5, 0)
	}
	plan := backups{at: []time.Duration{22 * time.Hour, 2*time.Hour + 30*time.Minute}}
	if got := plan.longest(); got != 19*time.Hour+30*time.Minute {
		t.Errorf("longest %v", got)
	}
	if one := (backups{at: []time.Duration{time.Hour}}); one.longest() != day || (backups{}).longest() != 0 {
		t.Errorf("of one time of day: %v", one.longest())
	}
	for _, c := range []struct {
		name      string
		now       string
		at, tried string // "" for never
		failed    bool
		want      bool
	}{
		{"never made", "10 03:00", "", "", false, true},
		{"just made", "10 02:31", "10 02:30", "10 02:30", false, false},
		{"between two", "10 21:59", "10 02:30", "10 02:30", false, false},
		{"time has come", "10 22:00", "10 02:30", "10 02:30", false, true},
		{"after midnight, the evening's is there", "11 01:00", "10 22:00", "10 22:00", false, false},
		{"after midnight, the evening's is not", "11 01:00", "10 02:30", "10 02:30", false, true},
		{"the machine was off for days", "20 12:00", "10 02:30", "10 02:30", false, true},
		{"failed just now", "10 02:40", "09 22:00", "10 02:31", true, false},
		{"failed an hour ago", "10 03:31", "09 22:00", "10 02:31", true, true},
		{"failed before the last time", "10 22:00", "09 22:00", "10 21:30", true, true},
		{"another copy whose clock is ahead has just made it", "10 02:29", "10 02:30", "10 02:30", false, false},
		{"and has it still", "10 02:30", "10 02:30", "10 02:30", false, false},
		{"the clock was set back a day", "09 12:00", "10 02:30", "10 02:30", false, true},
	} {
		state := model.BackupState{}
		if c.at != "" {
			state.At = clock(c.at)
		}
		if c.tried != "" {
			state.Tried = clock(c.tried)
		}
		if c.failed {
			state.Error = "x"
		}
		if now := clock(c.now); !plan.due(state, now).After(now) != c.want {
			t.Errorf("%s: due %v", c.name, !c.want)
		}
	}
}

func TestBarLine(t *testing.T) {
	for _, c := range []struct {
		what        string
		done, total int64
		want        string
	}{
		{"Packing the files", 0, 2 << 30, "Packing the files      [                              ]   0 %  0 bytes of 2.0 GB"},
		{"Packing the files", 1 << 30, 2 << 30, "Packing the files      [===============               ]  50 %  1.0 GB of 2.0 GB"},
		{"Packing the files", 3000, 3000, "Packing the files      [==============================] 100 %  2.9 KB of 2.9 KB"},
		{"Packing the files", 0, 1, "Packing the files …"},
		{"Copying the records", 1500, 3000, "Copying the records    [===============               ]  50 %  1500 of 3000"},
	} {
		if got := barLine(c.what, c.done, c.total); got != c.want {
			t.Errorf("%q, want %q", got, c.want)
		}
	}
	var out bytes.Buffer
	b := &bar{out: &out}
	b.tell("Reading", 1, 2)
	b.tell("Reading", 1, 2) // too soon to draw again
	b.clear()
	if parts := strings.Split(out.String(), "\r"); len(parts) != 4 || strings.TrimSpace(parts[2]) != "" || len(parts[2]) != len(parts[1]) {
		t.Errorf("%q", parts)
	}
}

// moments are those at which commands are killed: so many, spread over how long the command takes. That is found out anew whenever one comes to
// its end before it is killed, as when the first was slowed down by other work; what ends is no moment.
type moments struct {
	want, had, tries int
	whole            time.Duration
}

// more reports whether there is a moment left. Too few of them are a failure of the test.
func (m *moments) more(t *testing.T) bool {
	t.Helper()
	if m.had < m.want && m.tries == 2*m.want+10 {
		t.Errorf("only %d of %d tries were killed before their end", m.had, m.tries)
		return false
	}
	return m.had < m.want
}

// kill runs a command of the built program and kills it at the next moment. It reports whether it was still running.
func (m *moments) kill(t *testing.T, args ...string) bool {
	t.Helper()
	m.tries++
	began := time.Now()
	r := launch(t, nil, args...)
	select {
	case <-r.ended:
		if r.err != nil {
			t.Fatalf("%v\n%s%s", r.err, r.out, r.log)
		}
		m.whole = time.Since(began)
		return false
	case <-time.After(m.whole * time.Duration(m.had+1) / time.Duration(m.want+1)):
	}
	r.signal(t, os.Kill)
	<-r.ended
	m.had++
	return true
}

// took is how long a command of the built program takes.
func took(t *testing.T, args ...string) time.Duration {
	t.Helper()
	began := time.Now()
	r := launch(t, nil, args...)
	if err := r.wait(t); err != nil {
		t.Fatalf("%v\n%s%s", err, r.out, r.log)
	}
	return time.Since(began)
}

func TestKilledBackup(t *testing.T) {
	t.Parallel()
	killBackups(t, demoData(t), 4)
}

func TestKilledRestore(t *testing.T) {
	t.Parallel()
	killRestores(t, demoData(t), 4)
}

// killBackups kills a backup at so many moments from its begin to its end. An archive under its name is whole, the records are as they
// were, and the next backup leaves nothing of the dead ones.
func killBackups(t *testing.T, folder string, often int) {
	target := t.TempDir()
	program(t) // is built first
	m := moments{want: often, whole: took(t, "backup", target, "--data", folder)}
	want := portalState(t, folder)
	for m.more(t) {
		m.kill(t, "backup", target, "--data", folder)
		made, err := store.Backups(target)
		if err != nil || len(made) == 0 {
			t.Fatal(made, err)
		}
		if _, err := store.CheckBackup(context.Background(), made[len(made)-1], nil); err != nil {
			t.Errorf("moment %d: %v", m.had, err)
		}
	}
	if diff := cmp.Diff(want, portalState(t, folder)); diff != "" {
		t.Errorf("-before +after:\n%.2000s", diff)
	}
	checkIntegrity(t, folder)
	time.Sleep(time.Second) // names are by the second
	took(t, "backup", target, "--data", folder)
	for _, name := range namesIn(t, target) {
		if !strings.HasSuffix(name, ".tar") {
			t.Errorf("left: %s", name)
		}
	}
	t.Logf("%d of %d killed before their end, which takes %v", m.had, m.tries, m.whole)
}

// killRestores kills a restore at so many moments from its begin to its end. Whoever comes next finds all of the old records or all of
// the archive's.
func killRestores(t *testing.T, folder string, often int) {
	file := filepath.Join(t.TempDir(), "a.tar")
	runs(t, nil, "backup", file, "--data", folder)
	wantNew := portalState(t, folder)
	s := openStore(t, folder, "")
	storetest.Section(t, s, "Chuyên mục mới")
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	wantOld := portalState(t, folder)
	if cmp.Equal(wantOld, wantNew) {
		t.Fatal("the archive is no other state")
	}
	spare := filepath.Join(t.TempDir(), "thu")
	if err := os.CopyFS(spare, os.DirFS(folder)); err != nil {
		t.Fatal(err)
	}
	program(t) // is built first
	m := moments{want: often, whole: took(t, "restore", file, "--data", spare)}
	outcomes := map[string]int{}
	for m.more(t) {
		dir := filepath.Join(t.TempDir(), "lan")
		if err := os.CopyFS(dir, os.DirFS(folder)); err != nil {
			t.Fatal(err)
		}
		cut := m.kill(t, "restore", file, "--data", dir)
		took(t, "user", "list", "--data", dir) // whoever takes the lock next
		switch got := portalState(t, dir); {
		case cmp.Equal(got, wantOld) && cut:
			outcomes["old"]++
		case cmp.Equal(got, wantNew):
			outcomes["new"]++
		default:
			t.Errorf("moment %d: neither old nor new: %.2000s", m.had, cmp.Diff(wantOld, got))
		}
		for _, name := range namesIn(t, dir) {
			if strings.HasPrefix(name, "restor") {
				t.Errorf("moment %d: left %s", m.had, name)
			}
		}
		checkIntegrity(t, dir)
		if err := os.RemoveAll(dir); err != nil {
			t.Fatal(err)
		}
	}
	t.Logf("%d of %d killed in the %v that it takes: %v", m.had, m.tries, m.whole, outcomes)
}

// TestBackupFolderOfNoUse: that no scheduled backup can be written is told at the start, not in the night.
func TestBackupFolderOfNoUse(t *testing.T) {
	file := filepath.Join(t.TempDir(), "a-file")
	writeFile(t, file, "")
	at := time.Now().In(model.Zone()).Add(time.Hour).Format("15:04") // none is due for an hour but the one of yesterday
	for place, told := range map[string]bool{file: true, filepath.Join(t.TempDir(), "new"): false} {
		r := startHere(t, nil, "serve", "--data", t.TempDir(), "--backup-dir", place, "--backup-at", at)
		if !eventually(patience, func() bool { return strings.Contains(r.log.String(), `"msg":"backup`) }) {
			t.Fatalf("no backup is tried: %s", r.log)
		}
		if got := strings.Contains(r.log.String(), "the next scheduled backup will fail"); got != told {
			t.Errorf("%s: told %v, want %v\n%s", place, got, told, r.log)
		}
		r.finish(t)
	}
}
