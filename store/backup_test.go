package store_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"congso/store"
	"congso/store/model"
	"congso/store/storetest"
)

// filled is a data folder with records of each kind, a picture in all sizes, an attachment and articles, and the store on it.
func filled(t *testing.T) (dir string, s *store.Store, clock *storetest.Clock) {
	t.Helper()
	return filledIn(t, "")
}

// filledIn is filled with the records in that database.
func filledIn(t *testing.T, database string) (dir string, s *store.Store, clock *storetest.Clock) {
	t.Helper()
	dir = filepath.Join(t.TempDir(), "data")
	s, clock = openAt(t, store.Options{Dir: dir, Database: database})
	section := storetest.Section(t, s, "Tin hoạt động")
	picture := model.Media{Name: "anh.jpg"}
	must(t, s.AddPicture(context.Background(), storetest.Actor(), &picture, bytes.NewReader(encoded(t, photo(700, 300), "jpeg"))))
	text := model.Media{Name: "van-ban.txt"}
	must(t, s.AddMedia(context.Background(), storetest.Actor(), &text, strings.NewReader("Nội dung văn bản.")))
	for i := range 20 {
		storetest.News(t, s, section, fmt.Sprint("Tin số ", i), func(n *model.News) { n.Body = strings.Repeat(sentence, i) })
	}
	storetest.Meeting(t, s, "Hội nghị giao ban")
	storetest.Person(t, s, "Nguyễn Văn An", []model.Post{{UnitID: storetest.Unit(t, s, "Văn phòng").ID, Title: "Chánh Văn phòng", Rank: 5}})
	storetest.User(t, s, "bientap", model.RoleEditor)
	must(t, s.PutSite(context.Background(), storetest.Actor(), &model.Site{Name: "Sở Thử nghiệm"}))
	for name, text := range map[string]string{"vi/bài có dấu.md": "chữ", "vi/con/b.md": "x", "en/a.md": ""} {
		place := filepath.Join(dir, "bai-viet", filepath.FromSlash(name))
		must(t, os.MkdirAll(filepath.Dir(place), 0o700))
		must(t, os.WriteFile(place, []byte(text), 0o600))
	}
	return dir, s, clock
}

// backedUp makes a backup with the articles of filled.
func backedUp(t *testing.T, dir string, s *store.Store, file string) store.Manifest {
	t.Helper()
	m, err := s.Backup(context.Background(), store.BackupOptions{File: file, Content: filepath.Join(dir, "bai-viet"), Program: "v1.2.3", Commit: "abc"})
	must(t, err)
	return m
}

// state is all that a data folder holds: rows and files. Nothing may have it open.
func state(t *testing.T, dir string) map[string]any {
	t.Helper()
	all := map[string]any{"files": storetest.Files(t, dir, "congso.db", "lock", "before-restore", "media/tmp")}
	if _, err := os.Stat(filepath.Join(dir, "congso.db")); err == nil {
		all["rows"] = storetest.Rows(t, filepath.Join(dir, "congso.db"))
	}
	return all
}

// TestBackup: an archive restored elsewhere gives the same rows in all tables and the same files, and says what it holds.
func TestBackup(t *testing.T) {
	dir, s, clock := filled(t)
	must(t, os.MkdirAll(filepath.Join(dir, "media", "tmp"), 0o700))
	must(t, os.WriteFile(filepath.Join(dir, "media", "tmp", "dang-gui"), []byte("half"), 0o600))
	stray := filepath.Join(dir, "media", "00", strings.Repeat("0", 64))
	must(t, os.MkdirAll(filepath.Dir(stray), 0o700))
	must(t, os.WriteFile(stray, []byte("nobody's"), 0o600))
	file := filepath.Join(t.TempDir(), "sao-luu", "a.tar")
	m := backedUp(t, dir, s, file)
	if runtime.GOOS != "windows" {
		if info, err := os.Stat(file); err != nil || info.Mode().Perm() != 0o600 {
			t.Errorf("%v, %v", info.Mode(), err)
		}
	}
	checked, err := store.CheckBackup(context.Background(), file, nil)
	must(t, err)
	if diff := cmp.Diff(m, checked); diff != "" {
		t.Errorf("the manifest that was written, and read:\n%s", diff)
	}
	audit, err := s.CheckAudit(context.Background(), 0, 0)
	must(t, err)
	want := store.Manifest{Format: 1, Program: "v1.2.3", Commit: "abc", Schema: m.Schema, At: clock.Now(), Site: "Sở Thử nghiệm", Content: "bai-viet",
		AuditEntry: audit.Last, AuditHash: audit.Head, Database: m.Database, Files: m.Files, Self: m.Self,
		Records: map[string]int64{"section": 1, "news": 20, "meeting": 1, "unit": 1, "person": 1, "media": 2, "users": 1, "audit": int64(audit.Count)}}
	if diff := cmp.Diff(want, m); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}

	must(t, s.Close())
	must(t, os.Remove(stray)) // is in no archive
	next := filepath.Join(t.TempDir(), "moi")
	must(t, os.Mkdir(next, 0o700))
	done, err := store.Restore(context.Background(), next, file, clock.Now(), nil)
	must(t, err)
	if done.Kept != "" {
		t.Errorf("kept %s of an empty folder", done.Kept)
	}
	if diff := cmp.Diff(state(t, dir), state(t, next)); diff != "" {
		t.Errorf("-backed up +restored:\n%s", diff)
	}
	again, _ := openAt(t, store.Options{Dir: next})
	if _, err := again.VerifyAudit(context.Background()); err != nil {
		t.Error(err)
	}
}

// TestRestoreKeeps: what was there is kept whole, however often it is restored.
func TestRestoreKeeps(t *testing.T) {
	dir, s, clock := filled(t)
	file := filepath.Join(t.TempDir(), "a.tar")
	backedUp(t, dir, s, file)
	must(t, s.Close())
	want := state(t, dir)
	s, _ = openAt(t, store.Options{Dir: dir})
	storetest.Section(t, s, "Chuyên mục mới")
	must(t, os.WriteFile(filepath.Join(dir, "bai-viet", "vi", "moi.md"), []byte("mới"), 0o600))
	must(t, s.Close())
	newer := state(t, dir)
	for range 2 { // twice in the same second too
		done, err := store.Restore(context.Background(), dir, file, clock.Now(), nil)
		must(t, err)
		if diff := cmp.Diff(want, state(t, dir)); diff != "" {
			t.Errorf("-backed up +restored:\n%s", diff)
		}
		if diff := cmp.Diff(newer, state(t, done.Kept)); diff != "" {
			t.Errorf("-before +kept:\n%s", diff)
		}
		newer = want
	}
}

// TestBackupMissing: a file that was missing before is named, and its absence is no reason to refuse the archive.
func TestBackupMissing(t *testing.T) {
	dir, s, clock := filled(t)
	pictures, err := filepath.Glob(filepath.Join(dir, "media", "*", "*-320.jpg"))
	if err != nil || len(pictures) != 1 {
		t.Fatal(pictures, err)
	}
	must(t, os.Remove(pictures[0]))
	texts, err := s.MediaByID(context.Background(), 2)
	must(t, err)
	damaged := filepath.Join(dir, "media", texts.Hash[:2], texts.Hash)
	must(t, os.WriteFile(damaged, []byte("something else"), 0o600))
	file := filepath.Join(t.TempDir(), "a.tar")
	m := backedUp(t, dir, s, file)
	want := map[string]bool{"media/" + texts.Hash[:2] + "/" + texts.Hash + " (is not what it was)": true,
		"media/" + filepath.Base(filepath.Dir(pictures[0])) + "/" + filepath.Base(pictures[0]): true}
	got := map[string]bool{}
	for _, name := range m.Missing {
		got[name] = true
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
	if _, err := store.Restore(context.Background(), t.TempDir(), file, clock.Now(), nil); err != nil {
		t.Error(err)
	}
}

// TestBackupPurged: a file that is removed for good while the archive is written is neither in it nor named by its records.
func TestBackupPurged(t *testing.T) {
	dir, s, clock := filled(t)
	must(t, s.ArchiveMedia(context.Background(), storetest.Actor(), 2))
	gone, err := s.MediaByID(context.Background(), 2)
	must(t, err)
	clock.Add(48 * time.Hour)
	purged := false
	file := filepath.Join(t.TempDir(), "a.tar")
	m, err := s.Backup(context.Background(), store.BackupOptions{File: file, Content: filepath.Join(dir, "bai-viet"), Progress: func(what string, _, _ int64) {
		if what == "Packing the database" && !purged {
			purged = true
			n, err := s.PurgeMedia(context.Background(), storetest.Actor(), time.Hour)
			if n != 1 || err != nil {
				t.Errorf("%d purged, %v", n, err)
			}
		}
	}})
	must(t, err)
	if len(m.Missing) != 0 || m.Records["media"] != 1 || !purged {
		t.Errorf("%+v", m)
	}
	for _, f := range m.Files {
		if strings.Contains(f.Name, gone.Hash) {
			t.Errorf("%s is in the archive", f.Name)
		}
	}
	if _, err := store.CheckBackup(context.Background(), file, nil); err != nil {
		t.Error(err)
	}
}

// TestBackupStopped: a backup that is stopped leaves what was there before, and nothing else.
func TestBackupStopped(t *testing.T) {
	dir, s, _ := filled(t)
	folder := t.TempDir()
	file := filepath.Join(folder, "a.tar")
	must(t, os.WriteFile(file, []byte("the last good one"), 0o600))
	for _, at := range []string{"Copying the database", "Checking the database", "Packing the database", "Packing the files"} {
		ctx, cancel := context.WithCancel(context.Background())
		_, err := s.Backup(ctx, store.BackupOptions{File: file, Content: filepath.Join(dir, "bai-viet"), Progress: func(what string, _, _ int64) {
			if what == at {
				cancel()
			}
		}})
		if !errors.Is(err, context.Canceled) {
			t.Errorf("%s: %v", at, err)
		}
		if data, err := os.ReadFile(file); string(data) != "the last good one" || err != nil {
			t.Errorf("%s: %q, %v", at, data, err)
		}
		if left := storetest.Files(t, folder, "a.tar", ".congso-backup.lock"); len(left) > 0 {
			t.Errorf("%s: left %v", at, left)
		}
		cancel()
	}
	backedUp(t, dir, s, file)
	if _, err := store.CheckBackup(context.Background(), file, nil); err != nil {
		t.Error(err)
	}
}

func TestBackupRefuses(t *testing.T) {
	dir, s, _ := filled(t)
	folder := t.TempDir()
	for name, c := range map[string]struct {
		options store.BackupOptions
		want    string
	}{
		"articles in the media":     {store.BackupOptions{File: filepath.Join(folder, "a.tar"), Content: filepath.Join(dir, "media", "x")}, "no place for articles"},
		"articles are all":          {store.BackupOptions{File: filepath.Join(folder, "a.tar"), Content: dir}, "no place for articles"},
		"a folder that is a file":   {store.BackupOptions{File: filepath.Join(dir, "congso.db", "a.tar")}, "congso.db"},
		"a name that is a folder's": {store.BackupOptions{File: folder}, folder},
	} {
		if _, err := s.Backup(context.Background(), c.options); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if left := storetest.Files(t, folder, ".congso-backup.lock"); len(left) > 0 {
		t.Errorf("left %v", left)
	}
}

// TestPruneBackups: the oldest go; a file with any other name stays, and so does a folder.
func TestPruneBackups(t *testing.T) {
	dir, s, _ := filled(t)
	folder := t.TempDir()
	others := []string{"congso-20230101-000000.tar.gz", "congso-20230101.tar", "congso-20231301-000000.tar", "a.tar", "congso-20230101-000000.tar.part.gz"}
	ours := []string{"congso-20230101-000000.tar", "congso-20230102-000000.tar", "congso-20230103-235959.tar"}
	stale := []string{"congso-20230104-000000.tar.part", "congso-20230104-000000.tar.part.db"}
	for _, name := range append(append(others, ours...), stale...) {
		must(t, os.WriteFile(filepath.Join(folder, name), nil, 0o600))
	}
	must(t, os.Mkdir(filepath.Join(folder, "congso-20220101-000000.tar"), 0o700))
	backedUp(t, dir, s, filepath.Join(folder, store.BackupName(noon())))
	removed, err := store.PruneBackups(folder, 2)
	must(t, err)
	if diff := cmp.Diff([]string{filepath.Join(folder, ours[0]), filepath.Join(folder, ours[1])}, removed); diff != "" {
		t.Error(diff)
	}
	entries, err := os.ReadDir(folder)
	must(t, err)
	left := map[string]bool{}
	for _, e := range entries {
		left[e.Name()] = true
	}
	want := map[string]bool{".congso-backup.lock": true, "congso-20220101-000000.tar": true, ours[2]: true, "congso-20230705-120000.tar": true}
	for _, name := range others {
		want[name] = true
	}
	if diff := cmp.Diff(want, left); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}

func TestBackupState(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		ctx, at := context.Background(), storetest.Start()
		got, err := s.BackupState(ctx)
		if err != nil || got != (model.BackupState{}) || got.Late(at) {
			t.Errorf("before the first: %+v, %v", got, err)
		}
		must(t, s.PutBackupState(ctx, func(b *model.BackupState) { b.Every, b.Since = 24*time.Hour, at }))
		must(t, s.PutBackupState(ctx, func(b *model.BackupState) { b.Tried, b.Error = at, "đầy đĩa" }))
		got, err = s.BackupState(ctx)
		must(t, err)
		want := model.BackupState{Every: 24 * time.Hour, Since: at, Tried: at, Error: "đầy đĩa"}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Error(diff)
		}
		for _, c := range []struct {
			good  time.Time
			after time.Duration
			want  bool
		}{{time.Time{}, 48 * time.Hour, false}, {time.Time{}, 49 * time.Hour, true}, {at.Add(10 * time.Hour), 49 * time.Hour, false}, {at.Add(10 * time.Hour), 59 * time.Hour, true}, {at.AddDate(0, 0, -9), 47 * time.Hour, false}} {
			got.At = c.good
			if got.Late(at.Add(c.after)) != c.want {
				t.Errorf("%v after %v: not %v", c.good, c.after, c.want)
			}
		}
	})
}

// TestBackupWhileWriting: while four write, each snapshot holds all that was acknowledged before it was asked for, and is whole.
func TestBackupWhileWriting(t *testing.T) {
	_, s, clock := filled(t)
	section := storetest.Section(t, s, "Nhiều chữ")
	for i := range 10 { // so that the snapshot takes several steps
		storetest.News(t, s, section, fmt.Sprint("Tin dài ", i), func(n *model.News) { n.Body = strings.Repeat(sentence, 1000) })
	}
	var acknowledged sync.Map // names of sections
	stop := make(chan struct{})
	var writers sync.WaitGroup
	for w := range 4 {
		writers.Go(func() {
			for i := 0; ; i++ {
				select {
				case <-stop:
					return
				default:
				}
				name := fmt.Sprintf("Chuyên mục %d của %d", i, w)
				if err := s.PutSection(context.Background(), storetest.Actor(), &model.Section{Name: name, Slug: model.Slug(name)}); err != nil {
					t.Error(err)
					return
				}
				acknowledged.Store(name, true)
			}
		})
	}
	for round := range 3 {
		var want []string
		acknowledged.Range(func(name, _ any) bool { want = append(want, name.(string)); return true })
		file := filepath.Join(t.TempDir(), fmt.Sprint(round, ".tar"))
		steps := 0
		m, err := s.Backup(context.Background(), store.BackupOptions{File: file, Gentle: true, Progress: func(what string, _, _ int64) {
			if what == "Copying the database" {
				steps++
			}
		}})
		must(t, err)
		next := filepath.Join(t.TempDir(), "moi")
		must(t, os.Mkdir(next, 0o700))
		_, err = store.Restore(context.Background(), next, file, clock.Now(), nil)
		must(t, err)
		restored, _ := openAt(t, store.Options{Dir: next})
		sections, err := restored.Sections(context.Background())
		must(t, err)
		there := map[string]bool{}
		for _, c := range sections {
			there[c.Name] = true
		}
		for _, name := range want {
			if !there[name] {
				t.Errorf("round %d: %s was acknowledged and is not there", round, name)
			}
		}
		check, err := restored.CheckAudit(context.Background(), 0, 0)
		if err != nil || check.Last != m.AuditEntry || check.Head != m.AuditHash || int64(len(sections)) != m.Records["section"] {
			t.Errorf("round %d: %+v, %v; %+v", round, check, err, m)
		}
		if steps < 4 || round > 0 && len(want) == 0 {
			t.Errorf("round %d: %d steps, %d acknowledged", round, steps, len(want))
		}
		t.Logf("round %d: %d acknowledged before, %d there, %d steps", round, len(want), len(sections), steps)
	}
	close(stop)
	writers.Wait()
}
