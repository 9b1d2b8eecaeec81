package store_test

import (
	"bytes"
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"congso/store"
	"congso/store/model"
	"congso/store/storetest"
)

// TestCopyMedia: all files come over with their content, again only what is new; what is not itself stays and is named. And back.
func TestCopyMedia(t *testing.T) {
	server := storetest.NewBucketServer(t)
	o := store.Options{Dir: t.TempDir()}
	s, _ := openAt(t, o)
	ctx := context.Background()
	picture := model.Media{Name: "a.jpg"}
	addPicture(t, s, &picture, encoded(t, photo(700, 30), "jpeg"))
	for i := range 20 {
		attach(t, s, fmt.Append(nil, "tệp số ", i))
	}
	broken := attach(t, s, []byte("sẽ hỏng"))
	folder, bucket := filepath.Join(o.Dir, "media"), filepath.Join(server.Folder, "media", "so")
	must(t, os.WriteFile(inPlace(folder, broken.Hash, ""), []byte("đã hỏng!!"), 0o600))
	must(t, os.WriteFile(filepath.Join(folder, "ghi-chu.txt"), nil, 0o600))
	to := server.Media("media", "so")

	done, err := store.CopyMedia(ctx, o.Media, to, o.Dir, nil)
	if err != nil || done.Files != 24 || done.Copied != 23 || len(done.Damaged) != 1 || !strings.Contains(done.Damaged[0], broken.Hash) {
		t.Fatalf("%+v, %v", done, err)
	}
	want := storetest.Files(t, folder, "tmp", "ghi-chu", broken.Hash[:2]+"/"+broken.Hash)
	if got := storetest.Files(t, bucket); !maps.Equal(want, got) {
		t.Errorf("%d files, want %d", len(got), len(want))
	}
	added := attach(t, s, []byte("mới thêm"))
	must(t, os.Truncate(inPlace(bucket, picture.Hash, "-320.jpg"), 3))
	if done, err := store.CopyMedia(ctx, o.Media, to, o.Dir, nil); err != nil || done.Copied != 2 || done.Files != 25 {
		t.Errorf("again: %+v, %v", done, err)
	}
	o.Media, o.Beside = to, true
	there := storetest.Open(t, o)
	checkContent(t, there, added.Hash, "mới thêm")

	back := store.Media{Place: t.TempDir()}
	if done, err := store.CopyMedia(ctx, to, back, o.Dir, nil); err != nil || done.Copied != 24 || len(done.Damaged) > 0 {
		t.Errorf("back: %+v, %v", done, err)
	}
	want = storetest.Files(t, folder, "tmp", "ghi-chu", broken.Hash[:2]+"/"+broken.Hash)
	if got := storetest.Files(t, back.Place, "tmp"); !maps.Equal(want, got) {
		t.Errorf("back: %d files, want %d", len(got), len(want))
	}
	if _, err := store.CopyMedia(ctx, to, to, o.Dir, nil); err == nil || !strings.Contains(err.Error(), "already") {
		t.Errorf("onto itself: %v", err)
	}
	server.Stop()
	if done, err := store.CopyMedia(ctx, store.Media{}, to, o.Dir, nil); !errors.Is(err, model.ErrFilesAway) || done.Copied > 0 {
		t.Errorf("while the bucket is away: %+v, %v", done, err)
	}
}

// TestCleanMedia: what no record knows is removed once it is old, and nothing else.
func TestCleanMedia(t *testing.T) {
	server := storetest.NewBucketServer(t)
	for name, place := range map[string]struct {
		media  store.Media
		folder string
	}{
		"bucket": {server.Media("media", ""), filepath.Join(server.Folder, "media")},
		"folder": {store.Media{}, ""},
	} {
		t.Run(name, func(t *testing.T) {
			o := store.Options{Dir: t.TempDir(), Media: place.media}
			if place.folder == "" {
				place.folder = filepath.Join(o.Dir, "media")
			}
			s, _ := openAt(t, o)
			used := attach(t, s, []byte("dùng"))
			old, fresh := strings.Repeat("ab", 32), strings.Repeat("cd", 32)
			for path, age := range map[string]time.Duration{
				inPlace(place.folder, used.Hash, ""): 2 * time.Hour, inPlace(place.folder, old, ".jpg"): 2 * time.Hour, inPlace(place.folder, old, "-320.jpg"): 2 * time.Hour,
				inPlace(place.folder, fresh, ""): 0, filepath.Join(place.folder, "ab", "khac"): 2 * time.Hour,
			} {
				must(t, os.MkdirAll(filepath.Dir(path), 0o700))
				if filepath.Base(path) != used.Hash {
					must(t, os.WriteFile(path, []byte("x"), 0o600))
				}
				must(t, os.Chtimes(path, time.Time{}, time.Now().Add(-age)))
			}
			var removed []string
			must(t, s.CleanMedia(context.Background(), func(hash string) { removed = append(removed, hash) }))
			if !slices.Equal(removed, []string{old}) {
				t.Errorf("removed %q", removed)
			}
			left := slices.Sorted(maps.Keys(storetest.Files(t, place.folder)))
			want := []string{"ab/khac", "cd/" + fresh, used.Hash[:2] + "/" + used.Hash}
			slices.Sort(want)
			if !slices.Equal(left, want) {
				t.Errorf("left %q", left)
			}
		})
	}
}

// TestCleanMediaOfAnother: records that name no file, such as those of a portal that is only being set up, empty nobody's library.
func TestCleanMediaOfAnother(t *testing.T) {
	o := store.Options{Dir: t.TempDir()}
	s, _ := openAt(t, o)
	path := inPlace(filepath.Join(o.Dir, "media"), strings.Repeat("ab", 32), "")
	must(t, os.MkdirAll(filepath.Dir(path), 0o700))
	must(t, os.WriteFile(path, []byte("x"), 0o600))
	must(t, os.Chtimes(path, time.Time{}, time.Now().Add(-2*time.Hour)))
	err := s.CleanMedia(context.Background(), func(hash string) { t.Errorf("removed %s", hash) })
	if err == nil || !strings.Contains(err.Error(), "know no file") {
		t.Errorf("got %v", err)
	}
	if _, err := os.Stat(path); err != nil {
		t.Error(err)
	}
}

// TestBackupOfABucket: an archive holds the files of a bucket, and a restore puts them into another, on top of what is there.
func TestBackupOfABucket(t *testing.T) {
	server := storetest.NewBucketServer(t)
	o := store.Options{Dir: t.TempDir(), Media: server.Media("media", "cu")}
	s, _ := openAt(t, o)
	picture := model.Media{Name: "a.jpg"}
	addPicture(t, s, &picture, encoded(t, photo(700, 30), "jpeg"))
	file, gone := attach(t, s, bytes.Repeat([]byte("dài "), 1<<20)), attach(t, s, []byte("mất"))
	must(t, os.Remove(inPlace(filepath.Join(server.Folder, "media", "cu"), gone.Hash, "")))
	archive := filepath.Join(t.TempDir(), "a.tar")
	m, err := s.Backup(context.Background(), store.BackupOptions{File: archive})
	if err != nil || len(m.Missing) != 1 || !strings.Contains(m.Missing[0], gone.Hash) {
		t.Fatalf("missing %q, %v", m.Missing, err)
	}

	server.MakeBucket("khac")
	o.Dir, o.Media = t.TempDir(), server.Media("khac", "moi")
	if _, err := store.Restore(context.Background(), o.Dir, archive, noon(), nil); err != nil {
		t.Fatal(err)
	}
	if done, err := store.MoveRestored(context.Background(), o.Dir, o.Media, nil); err != nil || done.Copied != 4 {
		t.Errorf("%+v, %v", done, err)
	}
	restored, _ := openAt(t, o)
	checkContent(t, restored, file.Hash, strings.Repeat("dài ", 1<<20))
	kept(t, restored, picture.Hash, "320")
	left, err := filepath.Glob(filepath.Join(o.Dir, "media", "[0-9a-f][0-9a-f]"))
	if err != nil || len(left) > 0 {
		t.Errorf("left in the data folder: %q, %v", left, err)
	}
	total, err := restored.CheckMedia(context.Background(), true, func(f store.MediaFault) {
		if f.Sort != store.MediaMissing || f.Media.Hash != gone.Hash {
			t.Errorf("%+v", f)
		}
	})
	if err != nil || total.Files != 4 {
		t.Errorf("%+v, %v", total, err)
	}
}

// TestMoveRestored: what is where it belongs already, by another path, stays; so does what was damaged in the archive, which keeps nothing else
// back; and no files are as good as some.
func TestMoveRestored(t *testing.T) {
	ctx, o := context.Background(), store.Options{Dir: t.TempDir()}
	if done, err := store.MoveRestored(ctx, o.Dir, store.Media{Place: t.TempDir()}, nil); err != nil || done.Files > 0 {
		t.Errorf("without a folder: %+v, %v", done, err)
	}
	s, _ := openAt(t, o)
	m, broken := attach(t, s, []byte("còn")), attach(t, s, []byte("sẽ hỏng"))
	link := filepath.Join(t.TempDir(), "lien-ket")
	must(t, os.Symlink(o.Dir, link))
	if done, err := store.MoveRestored(ctx, o.Dir, store.Media{Place: filepath.Join(link, "media")}, nil); err != nil || done.Files > 0 {
		t.Errorf("by a link: %+v, %v", done, err)
	}
	checkContent(t, s, m.Hash, "còn")
	must(t, os.WriteFile(inPlace(filepath.Join(o.Dir, "media"), broken.Hash, ""), []byte("đã hỏng!!"), 0o600))
	to := store.Media{Place: t.TempDir()}
	done, err := store.MoveRestored(ctx, o.Dir, to, nil)
	if err != nil || done.Copied != 1 || len(done.Damaged) != 1 || !strings.Contains(done.Damaged[0], broken.Hash) {
		t.Errorf("with a damaged one: %+v, %v", done, err)
	}
	for _, path := range []string{inPlace(to.Place, m.Hash, ""), inPlace(filepath.Join(o.Dir, "media"), broken.Hash, "")} {
		if _, err := os.Stat(path); err != nil {
			t.Error(err)
		}
	}
}

// TestUploadAgainstClean: while files that no record knows are removed by a command beside the portal, the portal takes the same file in. Its
// record has its file afterwards.
func TestUploadAgainstClean(t *testing.T) {
	storetest.EachOptions(t, func(t *testing.T, o store.Options) {
		s, _ := openAt(t, o)
		o.Beside = true
		beside := storetest.Open(t, o)
		folder := filepath.Join(o.Dir, "media")
		attach(t, s, []byte("có rồi"))
		for round := range 60 {
			content := []byte("tệp " + rand.Text())
			sum := sha256.Sum256(content)
			hash := hex.EncodeToString(sum[:])
			orphans := []string{hash}
			for i := range 10 { // which come before, so that it is seen some time before it is removed
				orphans = append(orphans, fmt.Sprintf("%s%062x", hash[:2], i))
			}
			for _, name := range orphans {
				path := inPlace(folder, name, "")
				must(t, os.MkdirAll(filepath.Dir(path), 0o700))
				must(t, os.WriteFile(path, content, 0o600))
				must(t, os.Chtimes(path, time.Time{}, time.Now().Add(-2*time.Hour)))
			}
			var both sync.WaitGroup
			both.Go(func() {
				if err := beside.CleanMedia(context.Background(), func(string) {}); err != nil {
					t.Errorf("round %d: clean: %v", round, err)
				}
			})
			both.Go(func() {
				time.Sleep(time.Duration(round%20) * time.Millisecond)
				attach(t, s, content)
			})
			both.Wait()
			if _, err := os.Stat(inPlace(folder, hash, "")); err != nil {
				t.Errorf("round %d: a record has lost its file: %v", round, err)
			}
		}
	})
}
