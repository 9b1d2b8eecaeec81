package faults

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"congso/cmd/congso/congsotest"
	"congso/store"
	"congso/store/model"
	"congso/store/storetest"
)

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
	folder, target := congsotest.DemoData(t), t.TempDir()
	congsotest.WriteFile(t, filepath.Join(folder, "bai-viet", "vi", "rieng.md"), "+++\ntitle = \"Bài viết riêng\"\ndate = 2026-01-02\n+++\n\nNội dung.\n")
	articles := []string{"--data", folder, "--content", filepath.Join(folder, "bai-viet")}
	r := congsotest.Start(t, nil, append([]string{"serve"}, articles...)...)
	congsotest.MustContain(t, "the article", r.Page(t, "/bai-viet/rieng"), "Bài viết riêng")
	indexed := func() bool { return strings.Contains(r.Page(t, "/tim-kiem?q=riêng"), `"/bai-viet/rieng`) } // which changes the records
	if !congsotest.Eventually(congsotest.Patience, indexed) {
		t.Fatal("the article is not found")
	}
	out := congsotest.Runs(t, nil, append([]string{"backup", target, "--keep", "2"}, articles...)...)
	made, err := store.Backups(target)
	if err != nil || len(made) != 1 {
		t.Fatalf("%v, %v\n%s", made, err, out)
	}
	congsotest.MustContain(t, "what backup prints", out, made[0], "Audit trail: entry ")
	congsotest.MustLack(t, "what it prints off a terminal", out, "\r", "%", "Packing")
	err = congsotest.Fail(t, nil, "restore", made[0], "--data", folder)
	congsotest.MustContain(t, "restore beside the server", err.Error(), "in use by another congso: stop that one first")
	r.Finish(t)

	out = congsotest.Runs(t, nil, "restore", "--check", made[0])
	congsotest.MustContain(t, "what --check prints", out, "is whole", "Sở Nội vụ tỉnh Tân Giang", "These are sample data", "news ")
	next := filepath.Join(t.TempDir(), "moi")
	out = congsotest.Runs(t, nil, "restore", made[0], "--data", next)
	congsotest.MustContain(t, "what restore prints", out, "Restored", "Now start the server")
	congsotest.MustLack(t, "what restore into an empty folder prints", out, "before-restore")
	if diff := cmp.Diff(portalState(t, folder), portalState(t, next)); diff != "" {
		t.Errorf("-backed up +restored:\n%.2000s", diff)
	}
	r = congsotest.Start(t, nil, "serve", "--data", next, "--content", filepath.Join(next, "bai-viet"))
	congsotest.MustContain(t, "the article", r.Page(t, "/bai-viet/rieng"), "Bài viết riêng")
	congsotest.MustContain(t, "home", r.Page(t, "/"), congsotest.DemoLabel, "Sở Nội vụ tỉnh Tân Giang")
	r.Finish(t)
}

// TestBackupKeeps: --keep removes the oldest once the new one is whole, and nothing when it fails.
func TestBackupKeeps(t *testing.T) {
	t.Parallel()
	folder, target := congsotest.DemoData(t), t.TempDir()
	old := []string{"congso-20230101-000000.tar", "congso-20230102-000000.tar"}
	for _, name := range old {
		congsotest.WriteFile(t, filepath.Join(target, name), "old")
	}
	congsotest.WriteFile(t, filepath.Join(folder, "empty", "x"), "")
	if err := os.Remove(filepath.Join(folder, "empty", "x")); err != nil {
		t.Fatal(err)
	}
	congsotest.Fail(t, nil, "backup", target, "--keep", "1", "--data", filepath.Join(folder, "empty"))
	if names := congsotest.NamesIn(t, target); cmp.Diff(old, names) != "" {
		t.Errorf("after a failed one: %v", names)
	}
	out := congsotest.Runs(t, []string{"CONGSO_DATA=" + folder, "CONGSO_BACKUP_DIR=" + target}, "backup", "--keep", "2")
	congsotest.MustContain(t, "what it prints", out, "Removed "+filepath.Join(target, old[0]))
	if names := congsotest.NamesIn(t, target); len(names) != 2 || names[0] != old[1] {
		t.Errorf("kept %v", names)
	}
	state := backupState(t, folder)
	if state.Error != "" || state.At.IsZero() || filepath.Dir(state.File) != target || state.Bytes < 100_000 {
		t.Errorf("state %+v", state)
	}
}

func backupState(t testing.TB, folder string) model.BackupState {
	t.Helper()
	s := congsotest.OpenStore(t, folder, "")
	defer s.Close()
	state, err := s.BackupState(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	return state
}

func TestBackupCommandRefuses(t *testing.T) {
	t.Parallel()
	folder := congsotest.DemoData(t)
	file := filepath.Join(t.TempDir(), "a.tar")
	congsotest.Runs(t, nil, "backup", file, "--data", folder)
	data := []byte(congsotest.ReadFile(t, file))
	data[len(data)/2] ^= 1
	broken := filepath.Join(t.TempDir(), "b.tar")
	congsotest.WriteFile(t, broken, string(data))
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
		t.Run(name, func(t *testing.T) {
			congsotest.MustContain(t, "the error", congsotest.Fail(t, nil, c.args...).Error(), c.want)
		})
	}
}

// TestBackupCommandPostgres: a portal on PostgreSQL is backed up at its times and beside its server, and restored; doctor looks at its backups.
func TestBackupCommandPostgres(t *testing.T) {
	t.Parallel()
	database, folder, target := storetest.Postgres(t), filepath.Join(t.TempDir(), "data"), filepath.Join(t.TempDir(), "sao-luu")
	s := congsotest.OpenStore(t, folder, database)
	section := storetest.Section(t, s, "Tin hoạt động")
	storetest.News(t, s, section, "Tin thứ nhất")
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	on := []string{"--data", folder, "--database", database}
	if told := congsotest.Diagnose(t, folder, "--database", database).Of("backup"); len(told) != 1 || !strings.Contains(told[0].Message, "never been a backup") {
		t.Errorf("doctor before: %+v", told)
	}
	r := congsotest.Start(t, nil, append([]string{"serve", "--backup-dir", target, "--backup-at", "00:00,12:00"}, on...)...)
	var made []string
	if !congsotest.Eventually(congsotest.Patience, func() bool { made, _ = store.Backups(target); return len(made) == 1 }) {
		t.Fatalf("no scheduled backup: %s", r.Log)
	}
	file := filepath.Join(target, "tay.tar")
	congsotest.MustContain(t, "backup prints", congsotest.Runs(t, nil, append([]string{"backup", file}, on...)...), file+": ", "Audit trail: entry ")
	congsotest.MustContain(t, "restore beside the server", congsotest.Fail(t, nil, append([]string{"restore", file}, on...)...).Error(), "in use by another congso")
	elsewhere := filepath.Join(t.TempDir(), "khac")
	congsotest.MustContain(t, "restore beside the server, elsewhere", congsotest.Fail(t, nil, "restore", file, "--data", elsewhere, "--database", database).Error(), "being served")
	r.Finish(t)

	s = congsotest.OpenStore(t, folder, database)
	storetest.News(t, s, section, "Tin thứ hai")
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	out := congsotest.Runs(t, nil, append([]string{"restore", file}, on...)...)
	congsotest.MustContain(t, "restore prints", out, "Restored "+file, "_before_restore_", "news      1")
	kept := regexp.MustCompile(`kept in schema (\S+?)[,;]`).FindStringSubmatch(out)
	if kept == nil {
		t.Fatal(out)
	}
	t.Cleanup(func() { congsotest.ExecSQL(t, folder, database, "DROP SCHEMA "+kept[1]+" CASCADE") })
	r = congsotest.Start(t, nil, append([]string{"serve"}, on...)...)
	congsotest.MustContain(t, "news", r.Page(t, "/tin-tuc"), "Tin thứ nhất")
	congsotest.MustLack(t, "news", r.Page(t, "/tin-tuc"), "Tin thứ hai")
	congsotest.MustContain(t, "search", r.Page(t, "/tim-kiem?q=tin+thu+nhat"), "/tin-tuc/tin-thu-nhat")
	r.Finish(t)
	congsotest.MustContain(t, "rollback", congsotest.Fail(t, nil, append([]string{"rollback"}, on...)...).Error(), "congso restore FILE")
}

// TestScheduledBackup: a time that has passed is made up for after the start; old backups go; what was done is known and logged.
func TestScheduledBackup(t *testing.T) {
	t.Parallel()
	folder, target := congsotest.DemoData(t), filepath.Join(t.TempDir(), "sao-luu")
	for _, name := range []string{"congso-20230101-000000.tar", "congso-20230102-000000.tar"} {
		congsotest.WriteFile(t, filepath.Join(target, name), "old")
	}
	schedule := []string{"serve", "--data", folder, "--backup-dir", target, "--backup-at", "00:00,12:00", "--backup-keep", "2"}
	r := congsotest.Start(t, nil, schedule...)
	if !congsotest.Eventually(congsotest.Patience, func() bool { return strings.Contains(r.Log.String(), "old backups removed") }) {
		t.Fatalf("no backup\n%s", r.Log)
	}
	congsotest.MustContain(t, "readiness", r.Page(t, "/readyz"), `"warnings":[]`)
	r.Finish(t)
	names := congsotest.NamesIn(t, target)
	if len(names) != 2 || names[0] != "congso-20230102-000000.tar" {
		t.Errorf("kept %v", names)
	}
	m, err := store.CheckBackup(context.Background(), filepath.Join(target, names[1]), nil)
	if err != nil {
		t.Fatal(err)
	}
	congsotest.MustContain(t, "the log", r.Log.String(), m.AuditHash, names[1])
	if state := backupState(t, folder); filepath.Base(state.File) != names[1] || state.Every != 12*time.Hour || state.Error != "" {
		t.Errorf("state %+v", state)
	}
	r = congsotest.Start(t, nil, schedule...) // it is not due again
	r.Finish(t)
	if again := congsotest.NamesIn(t, target); cmp.Diff(names, again) != "" {
		t.Errorf("after another start: %v", again)
	}
}

// TestScheduledBackupFails: a failure is logged and told, and the portal goes on.
func TestScheduledBackupFails(t *testing.T) {
	t.Parallel()
	folder, file := congsotest.DemoData(t), filepath.Join(t.TempDir(), "no-folder")
	congsotest.WriteFile(t, file, "")
	r := congsotest.Start(t, nil, "serve", "--data", folder, "--backup-dir", filepath.Join(file, "x"), "--backup-at", "00:00")
	if !congsotest.Eventually(congsotest.Patience, func() bool { return strings.Contains(r.Log.String(), "backup failed") }) {
		t.Fatalf("no failure\n%s", r.Log)
	}
	told := func() bool { return strings.Contains(r.Page(t, "/readyz"), "backup: the last one") }
	if !congsotest.Eventually(congsotest.Patience, told) {
		t.Error("readiness does not tell")
	}
	r.Finish(t)
	if state := backupState(t, folder); !strings.Contains(state.Error, "no-folder") || !state.At.IsZero() {
		t.Errorf("state %+v", state)
	}
}

func TestKilledBackup(t *testing.T) {
	t.Parallel()
	killBackups(t, congsotest.DemoData(t), 4)
}

func TestKilledRestore(t *testing.T) {
	t.Parallel()
	killRestores(t, congsotest.DemoData(t), 4)
}

// killBackups kills a backup at so many moments from its begin to its end. An archive under its name is whole, the records are as they
// were, and the next backup leaves nothing of the dead ones.
func killBackups(t *testing.T, folder string, often int) {
	target := t.TempDir()
	congsotest.Program(t) // is built first
	m := congsotest.Moments{Want: often, Whole: congsotest.Took(t, "backup", target, "--data", folder)}
	want := portalState(t, folder)
	for m.More(t) {
		m.Kill(t, "backup", target, "--data", folder)
		made, err := store.Backups(target)
		if err != nil || len(made) == 0 {
			t.Fatal(made, err)
		}
		if _, err := store.CheckBackup(context.Background(), made[len(made)-1], nil); err != nil {
			t.Errorf("moment %d: %v", m.Had, err)
		}
	}
	if diff := cmp.Diff(want, portalState(t, folder)); diff != "" {
		t.Errorf("-before +after:\n%.2000s", diff)
	}
	congsotest.CheckIntegrity(t, folder)
	time.Sleep(time.Second) // names are by the second
	congsotest.Took(t, "backup", target, "--data", folder)
	for _, name := range congsotest.NamesIn(t, target) {
		if !strings.HasSuffix(name, ".tar") {
			t.Errorf("left: %s", name)
		}
	}
	t.Logf("%d of %d killed before their end, which takes %v", m.Had, m.Tries, m.Whole)
}

// killRestores kills a restore at so many moments from its begin to its end. Whoever comes next finds all of the old records or all of
// the archive's.
func killRestores(t *testing.T, folder string, often int) {
	file := filepath.Join(t.TempDir(), "a.tar")
	congsotest.Runs(t, nil, "backup", file, "--data", folder)
	wantNew := portalState(t, folder)
	s := congsotest.OpenStore(t, folder, "")
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
	congsotest.Program(t) // is built first
	m := congsotest.Moments{Want: often, Whole: congsotest.Took(t, "restore", file, "--data", spare)}
	outcomes := map[string]int{}
	for m.More(t) {
		dir := filepath.Join(t.TempDir(), "lan")
		if err := os.CopyFS(dir, os.DirFS(folder)); err != nil {
			t.Fatal(err)
		}
		cut := m.Kill(t, "restore", file, "--data", dir)
		congsotest.Took(t, "user", "list", "--data", dir) // whoever takes the lock next
		switch got := portalState(t, dir); {
		case cmp.Equal(got, wantOld) && cut:
			outcomes["old"]++
		case cmp.Equal(got, wantNew):
			outcomes["new"]++
		default:
			t.Errorf("moment %d: neither old nor new: %.2000s", m.Had, cmp.Diff(wantOld, got))
		}
		congsotest.CheckRestored(t, fmt.Sprint("moment ", m.Had), dir)
		if err := os.RemoveAll(dir); err != nil {
			t.Fatal(err)
		}
	}
	t.Logf("%d of %d killed in the %v that it takes: %v", m.Had, m.Tries, m.Whole, outcomes)
}

// TestBackupFolderOfNoUse: that no scheduled backup can be written is told at the start, not in the night.
func TestBackupFolderOfNoUse(t *testing.T) {
	file := filepath.Join(t.TempDir(), "a-file")
	congsotest.WriteFile(t, file, "")
	at := time.Now().In(model.Zone()).Add(time.Hour).Format("15:04") // none is due for an hour but the one of yesterday
	for place, told := range map[string]bool{file: true, filepath.Join(t.TempDir(), "new"): false} {
		r := congsotest.Start(t, nil, "serve", "--data", t.TempDir(), "--backup-dir", place, "--backup-at", at)
		if !congsotest.Eventually(congsotest.Patience, func() bool { return strings.Contains(r.Log.String(), `"msg":"backup`) }) {
			t.Fatalf("no backup is tried: %s", r.Log)
		}
		if got := strings.Contains(r.Log.String(), "the next scheduled backup will fail"); got != told {
			t.Errorf("%s: told %v, want %v\n%s", place, got, told, r.Log)
		}
		r.Finish(t)
	}
}
