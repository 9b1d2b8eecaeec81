package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"congso/cmd/congso/congsotest"
	"congso/content"
	"congso/store"
	"congso/store/model"
	"congso/store/storetest"
)

// diagnosis is what the doctor printed as JSON.
type diagnosis struct {
	Version  int
	At       int64
	Data     string
	Worst    level
	Findings []finding
}

// diagnose runs the doctor on a folder and returns what it says, and its exit code.
func diagnose(t *testing.T, folder string, args ...string) (d diagnosis, code int) {
	t.Helper()
	var out, log congsotest.Buffer
	command := newCommand(nil)
	command.SetArgs(append([]string{"doctor", "--json", "--data", folder}, args...))
	command.SetOut(&out)
	command.SetErr(&log)
	if err := command.Execute(); err != nil && !errors.As(err, new(outcome)) {
		t.Fatal(err)
	} else if err != nil {
		code = exitCode(err)
	}
	if code == exitUnlooked {
		t.Fatalf("it did not look: %s", &log)
	}
	if err := json.Unmarshal([]byte(out.String()), &d); err != nil {
		t.Fatalf("%v\n%s%s", err, &out, &log)
	}
	if os.Getenv("CONGSO_TEST_REQUIRE") == "" { // the disk of whoever tests is theirs
		d.Findings = slices.DeleteFunc(d.Findings, func(f finding) bool { return f.Code == "disk-space" })
	}
	return d, code
}

// of are the findings with that code.
func (d diagnosis) of(code string) (list []finding) {
	for _, f := range d.Findings {
		if f.Code == code {
			list = append(list, f)
		}
	}
	return list
}

// bad are the findings from warnings up, as codes, each once.
func (d diagnosis) bad() (codes []string) {
	for _, f := range d.Findings {
		if (f.Level == levelWarning || f.Level == levelProblem) && f.Code != "disk-space" && !slices.Contains(codes, f.Code) {
			codes = append(codes, f.Code)
		}
	}
	return codes
}

// tighten gives a copied data folder the rights that the portal's own have.
func tighten(t *testing.T, folder string) string {
	t.Helper()
	for name, mode := range map[string]os.FileMode{".": 0o700, "media": 0o700, "congso.db": 0o600} {
		if err := os.Chmod(filepath.Join(folder, name), mode); err != nil {
			t.Fatal(err)
		}
	}
	return folder
}

func TestDoctorOnTheDemo(t *testing.T) {
	folder := tighten(t, congsotest.DemoData(t))
	d, _ := diagnose(t, folder, "--full")
	if bad := d.bad(); len(bad) > 0 {
		t.Errorf("a fresh demo has %q: %+v", bad, d.Findings)
	}
	if got := d.of("second-factor"); len(got) != 2 || got[0].Level != levelNote || !strings.Contains(got[0].Message, "sample data") {
		t.Errorf("second factors: %+v", got)
	}
	if d.Version != 1 || d.Data != folder || time.Since(time.Unix(d.At, 0)) > time.Hour {
		t.Errorf("%+v", d)
	}
	for _, code := range []string{"rights", "leftovers", "database-log", "schema", "database", "database-size", "clock", "audit", "sweep", "search", "media", "articles", "links"} {
		if got := d.of(code); len(got) != 1 || got[0].Level != levelOK || got[0].Message == "" {
			t.Errorf("%s: %+v", code, got)
		}
	}
	short, _ := diagnose(t, folder, "--quick")
	for _, code := range []string{"database", "audit", "media", "links"} {
		if got := short.of(code); len(got) > 0 {
			t.Errorf("--quick does %s", code)
		}
	}
}

// TestDoctorBesideServer: it looks beside a running portal, which goes on, and changes nothing.
func TestDoctorBesideServer(t *testing.T) {
	folder := tighten(t, congsotest.DemoData(t))
	r := startHere(t, nil, "serve", "--data", folder)
	before := congsotest.ReadFile(t, filepath.Join(folder, "congso.db"))
	d, _ := diagnose(t, folder)
	if bad := d.bad(); len(bad) > 0 {
		t.Errorf("%q: %+v", bad, d.Findings)
	}
	if congsotest.ReadFile(t, filepath.Join(folder, "congso.db")) != before {
		t.Error("the database has changed")
	}
	congsotest.MustContain(t, "home", r.Page(t, "/"), "Sở Nội vụ tỉnh Tân Giang")
	r.Finish(t)
}

// soundPortal is the folder of a small portal of which the doctor has nothing to say, made once.
var soundPortal = sync.OnceValues(func() (string, error) {
	folder := filepath.Join(congsotest.Shared(), "sound")
	s, err := store.Open(context.Background(), store.Options{Dir: folder, Renderer: content.Renderer()})
	if err != nil {
		return folder, err
	}
	return folder, errors.Join(fillSound(s), s.Close())
})

func fillSound(s *store.Store) error {
	ctx, by := context.Background(), storetest.Actor()
	section := model.Section{Name: "Thông báo", Slug: "thong-bao"}
	unit := model.Unit{Name: "Văn phòng", ConfirmedOn: s.Today()}
	user := model.User{Name: "quan.tri", FullName: "Nguyễn Thị Quản Trị", Role: model.RoleAdmin}
	m := model.Media{Name: "anh.png", Alt: "Một bức tường"}
	err := errors.Join(s.PutSection(ctx, by, &section), s.PutUnit(ctx, by, &unit), s.ConfirmUnit(ctx, by, unit.ID, s.Today()), s.PutUser(ctx, by, &user),
		s.SetFactorRoles(ctx, by, nil), s.AddPicture(ctx, by, &m, bytes.NewReader(congsotest.Wall())))
	n := model.News{Title: "Lịch tiếp công dân", Section: section, Body: "Xem [danh bạ](/danh-ba) và [nơi khác](https://xa.example/).\n\n" + m.Markdown(),
		Lifecycle: model.Lifecycle{Status: model.StatusPublished, Visibility: model.Public, PublishAt: s.Now().Add(-time.Hour)}}
	return errors.Join(err, s.PutNews(ctx, by, &n), s.PutBackupState(ctx, func(b *model.BackupState) { *b = goodBackup() }))
}

// goodBackup is one that has just been made; the file is one that is there.
func goodBackup() model.BackupState {
	return model.BackupState{At: time.Now().Add(-time.Hour), File: congsotest.Shared(), Bytes: 1 << 20, Tried: time.Now().Add(-time.Hour)}
}

// patient is a copy of the sound portal for one test.
type patient struct {
	*testing.T
	folder string
}

func newPatient(t *testing.T) patient {
	t.Helper()
	from, err := soundPortal()
	if err != nil {
		t.Fatal(err)
	}
	folder := filepath.Join(t.TempDir(), "data")
	if err := os.CopyFS(folder, os.DirFS(from)); err != nil {
		t.Fatal(err)
	}
	return patient{t, tighten(t, folder)}
}

func (p patient) path(name string) string { return filepath.Join(p.folder, filepath.FromSlash(name)) }

func (p patient) sql(statement string) { p.Helper(); congsotest.ExecSQL(p.T, p.folder, "", statement) }

// do changes the records through the store.
func (p patient) do(change func(s *store.Store) error) {
	p.Helper()
	s := congsotest.OpenStore(p, p.folder, "")
	if err := errors.Join(change(s), s.Close()); err != nil {
		p.Fatal(err)
	}
}

// file writes a file that is two days old.
func (p patient) file(name string, data string) {
	p.Helper()
	congsotest.WriteFile(p.T, p.path(name), data)
	old := time.Now().Add(-48 * time.Hour)
	if err := os.Chtimes(p.path(name), old, old); err != nil {
		p.Fatal(err)
	}
}

// pictures are the files of the portal's picture: the one in full, and the smaller one.
func (p patient) picture(small bool) string {
	p.Helper()
	found, err := filepath.Glob(p.path("media/??/*"))
	if err != nil || len(found) != 2 {
		p.Fatalf("pictures %q: %v", found, err)
	}
	i := slices.IndexFunc(found, func(name string) bool { return strings.Contains(name, "-320.") == small })
	return found[i]
}

func (p patient) must(err error) {
	p.Helper()
	if err != nil {
		p.Fatal(err)
	}
}

// command runs a command of the program on the folder, with the text as its standard input.
func (p patient) command(input string, args ...string) {
	p.Helper()
	command := newCommand(nil)
	command.SetArgs(append(args, "--data", p.folder))
	command.SetIn(strings.NewReader(input))
	command.SetOut(io.Discard)
	p.must(command.Execute())
}

func TestDoctorFindsNothingAmiss(t *testing.T) {
	p := newPatient(t)
	if d, _ := diagnose(t, p.folder, "--full"); len(d.bad()) > 0 || d.Worst != levelOK && len(d.of("disk-space")) == 0 {
		t.Errorf("a sound portal has %q: %+v", d.bad(), d.Findings)
	}
}

// ailment is something wrong: what makes it, what the doctor says, and what cures it as the doctor says.
type ailment struct {
	harm  func(p patient)
	args  []string
	level level
	place string // part of it
	cure  string // part of it
	heal  func(p patient)
}

func ailments() map[string]ailment {
	putAgain := func(p patient) {
		p.do(func(s *store.Store) error {
			return s.AddPicture(context.Background(), storetest.Actor(), &model.Media{Name: "anh.png"}, bytes.NewReader(congsotest.Wall()))
		})
	}
	remove := func(name string) func(p patient) {
		return func(p patient) { p.must(os.RemoveAll(p.path(name))) }
	}
	user := func(name string, role model.Role) func(p patient) {
		return func(p patient) {
			p.do(func(s *store.Store) error {
				u := model.User{Name: name, FullName: "Trần Văn " + name, Role: role}
				return errors.Join(s.PutUser(context.Background(), storetest.Actor(), &u), s.SetFactorRoles(context.Background(), storetest.Actor(), []model.Role{model.RoleEditor}))
			})
		}
	}
	return map[string]ailment{
		"backup, none": {func(p patient) { p.sql(`DELETE FROM setting WHERE name = 'backup_state'`) }, nil, levelWarning, "", "congso backup DIR", backedUp(goodBackup)},
		"backup, a failed one": {backedUp(func() model.BackupState {
			b := goodBackup()
			b.Tried, b.Error = time.Now(), "hết chỗ"
			return b
		}), nil, levelProblem, "", "congso backup DIR", backedUp(goodBackup)},
		"backup, an old one": {backedUp(func() model.BackupState {
			b := goodBackup()
			b.At = b.At.AddDate(0, 0, -8)
			return b
		}), nil, levelWarning, "congso-test-", "backup-at", backedUp(goodBackup)},
		"backup, a late one": {backedUp(func() model.BackupState {
			b := goodBackup()
			b.At, b.Every = b.At.AddDate(0, 0, -3), 24*time.Hour
			return b
		}), nil, levelProblem, "congso-test-", "start the portal", backedUp(goodBackup)},
		"backup-gone": {backedUp(func() model.BackupState {
			b := goodBackup()
			b.File = filepath.Join(congsotest.Shared(), "khong-co.tar")
			return b
		}), nil, levelWarning, "khong-co.tar", "congso backup DIR", backedUp(goodBackup)},
		"backup-incomplete": {backedUp(func() model.BackupState {
			b := goodBackup()
			b.Missing = 2
			return b
		}), nil, levelWarning, "congso-test-", "media", backedUp(goodBackup)},
		"media-missing":         {func(p patient) { p.must(os.Remove(p.picture(false))) }, nil, levelProblem, "media/", "/admin/tep/1", putAgain},
		"media-missing, a size": {func(p patient) { p.must(os.Remove(p.picture(true))) }, nil, levelProblem, "-320.", "/admin/tep/1", putAgain},
		"media-damaged":         {func(p patient) { p.must(os.Truncate(p.picture(false), 10)) }, nil, levelProblem, "media/", "/admin/tep/1", putAgain},
		"media-damaged, same size": {func(p patient) {
			data := []byte(congsotest.ReadFile(p.T, p.picture(false)))
			data[len(data)/2] ^= 1
			p.must(os.WriteFile(p.picture(false), data, 0o600))
		}, []string{"--full"}, levelProblem, "media/", "/admin/tep/1", putAgain},
		"media-orphan": {func(p patient) { p.file("media/ab/ab.jpg", "x") }, nil, levelNote, "media/ab/ab.jpg", "delete", remove("media/ab/ab.jpg")},
		"media-upload": {func(p patient) { p.file("media/tmp/NUACHUNG", "x") }, nil, levelNote, "media/tmp/NUACHUNG", "next start", func(p patient) {
			p.do((*store.Store).SweepUploads)
		}},
		"media-folder": {func(p patient) { p.must(os.Rename(p.path("media"), p.path("elsewhere"))) }, nil, levelProblem, "media", "restore it from a backup",
			func(p patient) { p.must(os.Rename(p.path("elsewhere"), p.path("media"))) }},
		"dead-link": {func(p patient) {
			p.do(func(s *store.Store) error {
				items := []model.MenuItem{{Label: "Trang cũ", Href: "/khong-co/trang-nay"}, {Label: "Tin tức", Href: "/tin-tuc"}}
				return s.PutMenu(context.Background(), storetest.Actor(), items)
			})
		}, nil, levelWarning, "Trang cũ", "/admin/dia-chi-cu/moi", func(p patient) {
			p.do(func(s *store.Store) error {
				return s.PutRedirect(context.Background(), storetest.Actor(), "/khong-co/trang-nay", "/tin-tuc")
			})
		}},
		"dead-link, in a text": {func(p patient) {
			p.do(func(s *store.Store) error {
				n, err := s.NewsForDesk(context.Background(), 1)
				n.Body = "Xem [tin cũ](/tin-tuc/khong-co-tin-nay#a) và ![Ảnh](/media/" + strings.Repeat("ab", 32) + "/9x9.jpg)"
				return errors.Join(err, s.PutNews(context.Background(), storetest.Actor(), &n))
			})
		}, nil, levelWarning, "Lịch tiếp công dân", "/admin/tin-tuc/1", func(p patient) {
			p.do(func(s *store.Store) error {
				n, err := s.NewsForDesk(context.Background(), 1)
				n.Body = "Xem [tin](/tin-tuc/" + n.Slug + "#a)."
				return errors.Join(err, s.PutNews(context.Background(), storetest.Actor(), &n))
			})
		}},
		"no-admin": {func(p patient) { p.sql(`UPDATE users SET disabled = TRUE`) }, nil, levelProblem, "", "congso user add",
			func(p patient) { p.command("mat khau dai 2026 tot\n", "user", "add", "cuu.ho", "--role", "admin") }},
		"no-account":    {func(p patient) { p.sql(`DELETE FROM users`) }, nil, levelNote, "", "congso user add", func(p patient) { p.command("mat khau dai 2026 tot\n", "user", "add", "cuu.ho") }},
		"second-factor": {user("bien.tap", model.RoleEditor), nil, levelWarning, "bien.tap", "congso user disable bien.tap", func(p patient) { p.command("", "user", "disable", "bien.tap") }},
		"idle-account": {func(p patient) {
			user("nghi.huu", model.RoleStaff)(p)
			p.sql(`UPDATE users SET created_at = created_at - 200 * 86400 WHERE name = 'nghi.huu'`)
		}, nil, levelWarning, "nghi.huu", "congso user disable nghi.huu", func(p patient) { p.command("", "user", "disable", "nghi.huu") }},
		"unconfirmed-contacts": {func(p patient) { p.sql(`UPDATE unit SET confirmed_on = ''`) }, nil, levelNote, "Văn phòng", "/admin/danh-ba", func(p patient) {
			p.do(func(s *store.Store) error {
				return s.ConfirmUnit(context.Background(), storetest.Actor(), 1, s.Today())
			})
		}},
		"audit-broken": {func(p patient) { p.sql(`UPDATE audit SET actor = 'người khác' WHERE id = 3`) }, nil, levelProblem, "after entry 2", "backup",
			func(p patient) { p.sql(`UPDATE audit SET actor = 'seed' WHERE id = 3`) }},
		"clock": {func(p patient) {
			p.sql(`INSERT INTO session (id_hash, user_id, created_at, seen_at, expires_at) SELECT 'x', 1, created_at, created_at + 86400, created_at + 90000 FROM users`)
		}, nil, levelProblem, "clock", "timedatectl", func(p patient) { p.sql(`DELETE FROM session`) }},
		"schema-older": {func(p patient) {
			p.sql(`DROP INDEX hit_page_day`)
			p.sql(`DELETE FROM goose_db_version WHERE version_id >= 9`)
		}, nil, levelWarning, "congso.db", "restart the portal", nil},
		"schema-newer": {func(p patient) { p.sql(`INSERT INTO goose_db_version (version_id, is_applied) VALUES (99999, 1)`) }, nil, levelProblem, "congso.db", "newer program", func(p patient) { p.sql(`DELETE FROM goose_db_version WHERE version_id = 99999`) }},
		"database-open": {func(p patient) {
			p.must(os.WriteFile(p.path("congso.db"), bytes.Repeat([]byte("hỏng"), 2000), 0o600))
		}, nil, levelProblem, "congso.db", "restore a backup", nil},
		"database-damaged": {func(p patient) {
			f, err := os.OpenFile(p.path("congso.db"), os.O_RDWR, 0)
			p.must(err)
			size, err := f.Seek(0, io.SeekEnd)
			p.must(err)
			_, err = f.WriteAt(bytes.Repeat([]byte{0xA5}, 8*4096), size/2/4096*4096)
			p.must(errors.Join(err, f.Close()))
		}, nil, levelProblem, "congso.db", "restore the last good backup", nil},
		"search-index": {func(p patient) { p.sql(`DELETE FROM search_doc WHERE kind = 'news'`) }, nil, levelWarning, "news lich-tiep-cong-dan", "save", func(p patient) {
			p.do(func(s *store.Store) error {
				n, err := s.NewsForDesk(context.Background(), 1)
				return errors.Join(err, s.PutNews(context.Background(), storetest.Actor(), &n))
			})
		}},
		"search-index, of what is gone": {func(p patient) { p.sql(`UPDATE news SET status = 'archived'`) }, nil, levelWarning, "news lich-tiep-cong-dan", "save", nil},
		"lists": {func(p patient) { p.sql(`DELETE FROM listing WHERE list = 10`) }, nil, levelWarning, "congso.db", "leave the portal running", func(p patient) {
			p.do(func(s *store.Store) error {
				_, err := s.MendLists(context.Background())
				return err
			})
		}},
		"sweep-late": {func(p patient) { p.sql(`UPDATE news SET publish_at = publish_at - 9000, expire_at = publish_at`) }, nil, levelWarning, "", "start the portal", sweepNow},
		"sweep-lease": {func(p patient) {
			p.sql(`INSERT INTO lease (name, holder, expires_at) SELECT 'sweep', 'x', created_at + 86400 FROM users`)
			p.sql(`UPDATE news SET publish_at = publish_at - 9000, expire_at = publish_at`)
		}, nil, levelWarning, "", "set the clock", sweepNow},
		"leftover":            {func(p patient) { p.file("restore-1.part", "x") }, nil, levelNote, "restore-1.part", "delete", remove("restore-1.part")},
		"leftover, a copy":    {func(p patient) { p.file("congso.db.migrating", "x") }, nil, levelNote, "congso.db.migrating", "start the portal", remove("congso.db.migrating")},
		"kept-state":          {func(p patient) { p.file("before-restore-1/congso.db", "x") }, nil, levelNote, "before-restore-1", "delete", remove("before-restore-1")},
		"restore-interrupted": {func(p patient) { p.file("restoring", "{}") }, nil, levelProblem, "restoring", "congso restore", remove("restoring")},
		"database-log": {func(p patient) {
			congsotest.WriteFile(p.T, p.path("congso.db-wal"), "")
			p.must(errors.Join(os.Chmod(p.path("congso.db-wal"), 0o600), os.Truncate(p.path("congso.db-wal"), 300<<20)))
		}, []string{"--quick"}, levelWarning, "congso.db-wal", "restart", func(p patient) { p.do(func(*store.Store) error { return nil }) }},
	}
}

// backedUp notes that the last backup was like that.
func backedUp(last func() model.BackupState) func(p patient) {
	return func(p patient) {
		p.do(func(s *store.Store) error {
			return s.PutBackupState(context.Background(), func(b *model.BackupState) { *b = last() })
		})
	}
}

func sweepNow(p patient) {
	p.do(func(s *store.Store) error {
		n, err := s.Sweep(context.Background(), "bác sĩ")
		if err == nil && n != 1 {
			err = fmt.Errorf("%d records swept", n)
		}
		return err
	})
}

// TestDoctorFindsAndCures breaks a sound portal in each way: the doctor says that and nothing else, and what it advises cures it.
func TestDoctorFindsAndCures(t *testing.T) {
	t.Parallel()
	for name, a := range ailments() {
		code, _, _ := strings.Cut(name, ",")
		t.Run(name, func(t *testing.T) {
			p := newPatient(t)
			a.harm(p)
			d, exit := diagnose(t, p.folder, a.args...)
			found := d.of(code)
			if len(found) == 0 {
				t.Fatalf("not found: %+v", d.Findings)
			}
			for _, f := range found {
				if f.Level != a.level || !strings.Contains(filepath.ToSlash(f.Place), a.place) || !strings.Contains(f.Cure, a.cure) || f.Message == "" {
					t.Errorf("%+v", f)
				}
			}
			if want := map[level]int{levelNote: 0, levelWarning: exitWarning, levelProblem: exitProblem}[d.Worst]; exit != want || d.Worst != worst(d.Findings) && len(d.of("disk-space")) > 0 {
				t.Errorf("exit code %d for %s", exit, d.Worst)
			}
			if a.heal == nil {
				return
			}
			a.heal(p)
			healed, _ := diagnose(t, p.folder, a.args...)
			if still := healed.of(code); len(healed.bad()) > 0 || len(still) > 0 && still[0].Level != levelOK {
				t.Errorf("after the cure: %q, %+v", healed.bad(), still)
			}
		})
	}
}

func TestDoctorRights(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("rights are lists there")
	}
	for name, open := range map[string]os.FileMode{".": 0o755, "media": 0o750, "congso.db": 0o640} {
		t.Run(name, func(t *testing.T) {
			p := newPatient(t)
			p.must(os.Chmod(p.path(name), open))
			d, _ := diagnose(t, p.folder, "--quick")
			found := d.of("rights")
			if len(found) != 1 || found[0].Level != levelWarning || found[0].Place != p.path(name) || !strings.HasPrefix(found[0].Cure, "chmod 0") {
				t.Fatalf("%+v", found)
			}
			if len(d.bad()) != 1 {
				t.Errorf("%q", d.bad())
			}
			tighten(t, p.folder)
			if d, _ := diagnose(t, p.folder, "--quick"); len(d.bad()) > 0 {
				t.Errorf("after the cure: %q", d.bad())
			}
		})
	}
	t.Run("owner", func(t *testing.T) {
		congsotest.Require(t, os.Geteuid() == 0, "only root may give files away")
		p := newPatient(t)
		p.must(os.Chown(p.path("congso.db"), 12345, 12345))
		d, _ := diagnose(t, p.folder, "--quick")
		if found := d.of("owner"); len(found) == 0 || found[0].Level != levelProblem || !strings.Contains(found[0].Message, "12345") || !strings.Contains(found[0].Cure, "chown") {
			t.Errorf("%+v", d.Findings)
		}
	})
}

func TestDoctorSpace(t *testing.T) {
	for name, c := range map[string]struct {
		space store.Room
		want  level
	}{
		"plenty":                 {store.Room{Free: 50 << 30, Total: 100 << 30}, levelOK},
		"a tenth":                {store.Room{Free: 10 << 30, Total: 100 << 30}, levelOK},
		"plenty on a large disk": {store.Room{Free: 16 << 30, Total: 250 << 30}, levelOK},
		"less than a tenth":      {store.Room{Free: 9 << 30, Total: 100 << 30}, levelWarning},
		"less than one GB":       {store.Room{Free: 1<<30 - 1, Total: 2 << 30}, levelWarning},
		"hardly anything":        {store.Room{Free: 99 << 20, Total: 200 << 20}, levelProblem},
		"a disk of no blocks":    {store.Room{}, levelProblem},
	} {
		t.Run(name, func(t *testing.T) {
			e := examination{config: Config{Data: newPatient(t).folder}, quick: true, now: time.Now, free: func(string) (store.Room, error) { return c.space, nil }}
			found := diagnosis{Findings: e.examine(context.Background())}.of("disk-space")
			if len(found) != 1 || found[0].Level != c.want || found[0].Message == "" {
				t.Errorf("%+v", found)
			}
		})
	}
}

func TestDoctorCertificate(t *testing.T) {
	for name, c := range map[string]struct {
		lasts time.Duration
		want  level
		says  string
	}{
		"long":  {90 * 24 * time.Hour, levelOK, "good until"},
		"soon":  {20 * 24 * time.Hour, levelWarning, "it ends in 19 days"},
		"ended": {-time.Hour, levelProblem, "it ended on"},
	} {
		t.Run(name, func(t *testing.T) {
			p, made := newPatient(t), congsotest.NewCertificate(t, c.lasts, "cong.example")
			p.must(os.Chmod(made.KeyFile, 0o640))
			d, _ := diagnose(t, p.folder, "--quick", "--tls-cert", made.CertFile, "--tls-key", made.KeyFile)
			found := d.of("certificate")
			if len(found) != 1 || found[0].Level != c.want || !strings.Contains(found[0].Message, c.says) || c.want != levelOK && !strings.Contains(found[0].Cure, "congso config tls") {
				t.Errorf("%+v", found)
			}
			if len(d.of("rights")) != 1 || d.of("rights")[0].Level != levelOK {
				t.Errorf("%+v", d.of("rights"))
			}
			if runtime.GOOS == "windows" {
				return
			}
			p.must(os.Chmod(made.KeyFile, 0o644))
			d, _ = diagnose(t, p.folder, "--quick", "--tls-cert", made.CertFile, "--tls-key", made.KeyFile)
			if found := d.of("rights"); len(found) != 1 || found[0].Place != made.KeyFile || !strings.HasPrefix(found[0].Cure, "chmod 0640") {
				t.Errorf("%+v", found)
			}
		})
	}
}

// TestDoctorTellsMany: of many faults of one sort a few are told one by one, the rest as a number.
func TestDoctorTellsMany(t *testing.T) {
	p := newPatient(t)
	for i := range toldOfEach + 7 {
		p.file(fmt.Sprintf("media/ab/ab%02d.jpg", i), "x")
	}
	d, _ := diagnose(t, p.folder)
	found := d.of("media-orphan")
	if len(found) != toldOfEach+1 || found[toldOfEach].Message != "and 7 more of these" {
		t.Errorf("%d: %+v", len(found), found)
	}
}

// TestDoctorForPeople: the gravest comes first, each with its cure, and titles cannot write on the terminal.
func TestDoctorForPeople(t *testing.T) {
	p := newPatient(t)
	p.must(os.Remove(p.picture(false)))
	p.sql(`UPDATE unit SET confirmed_on = '', name = 'Phòng ` + "\x1b[31m" + `đỏ'`)
	r := congsotest.Launch(t, nil, "doctor", "--data", p.folder)
	if err := r.Wait(t); err == nil || r.Process.ProcessState.ExitCode() != exitProblem {
		t.Errorf("it ended with %v", err)
	}
	text := r.Out.String()
	congsotest.MustContain(t, "what it prints", text, "PROBLEM  media-missing: media/", "→ copy it back from a backup", "NOTE     unconfirmed-contacts", "ok       audit: ", ": problems 1, warnings ")
	congsotest.MustLack(t, "what it prints", text, "\x1b")
	if strings.Index(text, "PROBLEM") > strings.Index(text, "NOTE") || strings.Index(text, "NOTE") > strings.Index(text, "ok  ") {
		t.Errorf("in this order:\n%s", text)
	}
}

func TestDoctorCannotLook(t *testing.T) {
	for name, args := range map[string][]string{"no folder": nil, "a wrong setting": {"--data", t.TempDir(), "--session-idle", "x"}} {
		r := congsotest.Launch(t, nil, append([]string{"doctor"}, args...)...)
		if err := r.Wait(t); err == nil || r.Process.ProcessState.ExitCode() != exitUnlooked {
			t.Errorf("%s: it ended with %v", name, err)
		}
		congsotest.MustContain(t, name, r.Log.String(), "congso: ", "--")
	}
	d, code := diagnose(t, filepath.Join(t.TempDir(), "khong-co"))
	if code != exitProblem || len(d.of("database-open")) != 1 {
		t.Errorf("an absent folder: %d, %+v", code, d.Findings)
	}
}

func TestDoctorOnPostgres(t *testing.T) {
	database, folder := storetest.Postgres(t), filepath.Join(t.TempDir(), "data")
	s := congsotest.OpenStore(t, folder, database)
	storetest.News(t, s, storetest.Section(t, s, "Tin"), "Một tin", func(n *model.News) { n.Body = "[Không có](/tin-tuc/khong-co)" })
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	d, _ := diagnose(t, folder, "--full", "--database", database)
	durable := func(code string) bool { return code == "postgres-durable" }                       // the tests' server need not outlive the machine
	if bad := slices.DeleteFunc(d.bad(), durable); strings.Join(bad, " ") != "backup dead-link" { // it has never been backed up
		t.Errorf("%q: %+v", bad, d.Findings)
	}
	if got := d.of("database"); len(got) != 1 || !strings.Contains(got[0].Message, "not for PostgreSQL") {
		t.Errorf("%+v", got)
	}
	congsotest.ExecSQL(t, folder, database, `DELETE FROM search_doc`)
	if d, _ := diagnose(t, folder, "--database", database); len(d.of("search-index")) != 1 {
		t.Errorf("%+v", d.Findings)
	}
}
