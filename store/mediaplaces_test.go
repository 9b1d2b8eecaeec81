package store_test

import (
	"bytes"
	"context"
	"crypto/rand"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"congso/store"
	"congso/store/model"
	"congso/store/storetest"
)

// attach keeps an attachment of that content.
func attach(t testing.TB, s *store.Store, content []byte) model.Media {
	t.Helper()
	m := model.Media{Name: "tep.txt"}
	must(t, s.AddAttachment(context.Background(), storetest.Actor(), &m, bytes.NewReader(content)))
	return m
}

// TestFilesInEveryPlace: a picture has its sizes, and a file is read whole, in parts and from its end, wherever it is.
func TestFilesInEveryPlace(t *testing.T) {
	content := []byte(strings.Repeat("Quyết định số 17. ", 200_000)) // 4 MB
	eachPlace(t, func(t *testing.T, s *store.Store, _ *storetest.Clock) {
		var p model.Media
		p.Name = "a.jpg"
		addPicture(t, s, &p, encoded(t, photo(700, 30), "jpeg"))
		for variant, width := range map[string]int{"": 700, "320": 320, "640": 640} {
			if config, _ := kept(t, s, p.Hash, variant); config.Width != width {
				t.Errorf("size %q is %d wide", variant, config.Width)
			}
		}
		m := attach(t, s, content)
		for _, whole := range []bool{true, false} {
			f, err := s.OpenMedia(context.Background(), m, "", whole)
			must(t, err)
			for _, part := range []struct{ from, length int64 }{{0, 10}, {10, 5}, {int64(len(content)) - 7, 7}, {1 << 20, 2 << 20}, {3, 300_000}, {0, int64(len(content))}} {
				if at, err := f.Seek(part.from-int64(len(content)), io.SeekEnd); err != nil || at != part.from {
					t.Errorf("seek to %d: %d, %v", part.from, at, err)
				}
				got := make([]byte, part.length)
				if n, err := io.ReadFull(f, got); err != nil || !bytes.Equal(got, content[part.from:part.from+part.length]) {
					t.Errorf("from %d: %d of %d bytes, %v", part.from, n, part.length, err)
				}
			}
			if n, err := f.Read(make([]byte, 1)); n != 0 || err != io.EOF {
				t.Errorf("after the end: %d, %v", n, err)
			}
			must(t, f.Close())
		}
		if total, err := s.CheckMedia(context.Background(), true, func(f store.MediaFault) { t.Errorf("%+v", f) }); err != nil || total.Files != 4 || total.Records != 2 {
			t.Errorf("%+v, %v", total, err)
		}
		must(t, s.MediaFault(context.Background()))
	})
}

// inPlace is the path of a file of the library in a folder.
func inPlace(folder, hash, ending string) string { return filepath.Join(folder, hash[:2], hash+ending) }

// TestFaultsInABucket: what is missing, damaged or nobody's is named, and only what is old is nobody's.
func TestFaultsInABucket(t *testing.T) {
	server := storetest.NewBucketServer(t)
	s, _ := openAt(t, store.Options{Dir: t.TempDir(), Media: server.Media("media", "so/noi-vu")})
	folder := filepath.Join(server.Folder, "media", "so", "noi-vu")
	gone, shorter, other := attach(t, s, []byte("mất")), attach(t, s, []byte("cụt")), attach(t, s, []byte("khác"))
	must(t, os.Remove(inPlace(folder, gone.Hash, "")))
	must(t, os.WriteFile(inPlace(folder, shorter.Hash, ""), []byte("c"), 0o600))
	must(t, os.WriteFile(inPlace(folder, other.Hash, ""), []byte("KHÁC"), 0o600))
	nobodys := strings.Repeat("ab", 32)
	for name, age := range map[string]time.Duration{nobodys: 2 * time.Hour, strings.Repeat("ac", 32): 0} {
		path := inPlace(folder, name, ".jpg")
		must(t, os.MkdirAll(filepath.Dir(path), 0o700))
		must(t, os.WriteFile(path, []byte("x"), 0o600))
		must(t, os.Chtimes(path, time.Time{}, time.Now().Add(-age)))
	}
	must(t, os.WriteFile(filepath.Join(folder, "ghi-chu.txt"), []byte("của ai"), 0o600))
	found := map[string]string{}
	total, err := s.CheckMedia(context.Background(), true, func(f store.MediaFault) { found[filepath.Base(f.Path)] = f.Sort })
	want := map[string]string{gone.Hash: store.MediaMissing, shorter.Hash: store.MediaDamaged, other.Hash: store.MediaDamaged, nobodys + ".jpg": store.MediaOrphan, "ghi-chu.txt": store.MediaOrphan}
	if err != nil || total.Records != 3 || len(found) != len(want) {
		t.Errorf("%+v, %v, %v", found, total, err)
	}
	for name, sort := range want {
		if found[name] != sort {
			t.Errorf("%s is %q, want %q", name, found[name], sort)
		}
	}
	missing, err := s.MissingFiles(context.Background(), gone, shorter)
	if err != nil || len(missing[gone.ID]) != 1 || len(missing) != 1 {
		t.Errorf("missing %v, %v", missing, err)
	}
}

// TestTwoCopiesOneBucket: what one copy of the portal takes in, the other has at once.
func TestTwoCopiesOneBucket(t *testing.T) {
	o := store.Options{Dir: t.TempDir(), Database: storetest.Postgres(t), Media: buckets.Media(t)}
	one, _ := openAt(t, o)
	o.Dir = t.TempDir()
	other, _ := openAt(t, o)
	m := attach(t, one, []byte("chung"))
	seen, err := other.MediaByID(context.Background(), m.ID)
	must(t, err)
	checkContent(t, other, seen.Hash, "chung")
}

// TestUploadAgainstPurge: while one copy of the portal removes a file for good, another takes the same file in again. Whoever comes first,
// a record has its file, and no file stays without a record.
func TestUploadAgainstPurge(t *testing.T) {
	places := map[string]func(t *testing.T) store.Media{
		"folder": func(t *testing.T) store.Media { return store.Media{Place: t.TempDir()} },
		"bucket": func(t *testing.T) store.Media { return buckets.Media(t) },
	}
	for name, place := range places {
		t.Run(name, func(t *testing.T) {
			o := store.Options{Dir: t.TempDir(), Database: storetest.Postgres(t), Media: place(t)}
			one, _ := openAt(t, o)
			o.Dir = t.TempDir()
			other, clock := openAt(t, o)
			clock.Add(time.Minute)
			ctx, by := context.Background(), storetest.Actor()
			kept, removed := 0, 0
			for round := range 25 {
				content := []byte("tệp " + rand.Text())
				m := attach(t, one, content)
				must(t, other.ArchiveMedia(ctx, by, m.ID))
				clock.Add(time.Minute)
				var both sync.WaitGroup
				var added model.Media
				both.Go(func() {
					n, err := other.PurgeMedia(ctx, by, 0)
					if err != nil {
						t.Errorf("round %d: purge: %v", round, err)
					}
					removed += n
				})
				both.Go(func() {
					time.Sleep(time.Duration(round%5) * time.Millisecond) // now before, now after the row has gone
					added = attach(t, one, content)
				})
				both.Wait()
				if _, err := one.MediaByID(ctx, added.ID); err != nil {
					t.Errorf("round %d: what was taken in is gone: %v", round, err)
				}
				kept++
				checkContent(t, one, added.Hash, string(content))
			}
			total, err := one.CheckMedia(ctx, true, func(f store.MediaFault) { t.Errorf("%+v", f) })
			if err != nil || total.Records != kept || total.Files != kept {
				t.Errorf("%d kept, %d removed: %+v, %v", kept, removed, total, err)
			}
		})
	}
}

// TestNamedFolder: a folder that is not there is not made, since its disk may not be mounted, and one without files is told of.
func TestNamedFolder(t *testing.T) {
	o := store.Options{Dir: t.TempDir(), Media: store.Media{Place: filepath.Join(t.TempDir(), "nfs")}, Renderer: storetest.Renderer()}
	if s, err := store.Open(context.Background(), o); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("%v, %v", s, err)
	}
	if _, err := os.Stat(o.Media.Place); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("it was made: %v", err)
	}
}

func TestMediaPlaceSaysWhatIsWrong(t *testing.T) {
	for place, want := range map[string]string{
		"":                             "",
		"/srv/tep":                     "",
		"tep":                          "neither a folder's path",
		"s3://kho?endpoint=http://a:1": "",
		"s3://kho/so/noi-vu?endpoint=https://a.vn&region=vn-1&path-style=false": "",
		"s3://kho":                                     "no endpoint",
		"s3://?endpoint=http://a":                      "it must be s3://",
		"s3://k:s@kho?endpoint=http://a":               "keys are settings",
		"s3://kho?endpoint=a:9000":                     "no address of a service",
		"s3://kho?endpoint=http://a/b":                 "no address of a service",
		"s3://kho?endpoint=http://a&path-style=co":     "neither true nor false",
		"s3://kho?endpoint=http://a&key=x":             `nothing is known of "key"`,
		"s3://kho?endpoint=http://a&endpoint=http://b": "said twice",
	} {
		err := store.Media{Place: place, Key: "k", Secret: "s"}.Check()
		if want == "" && err != nil || want != "" && (err == nil || !strings.Contains(err.Error(), want)) {
			t.Errorf("%s: %v, want %q", place, err, want)
		}
	}
	if err := (store.Media{Place: "s3://kho?endpoint=http://a", Key: "k"}).Check(); err == nil || !strings.Contains(err.Error(), "secret") {
		t.Errorf("without a secret: %v", err)
	}
}

// TestSweepUploads: what a crash has left of an upload goes after a day, and nothing else.
func TestSweepUploads(t *testing.T) {
	for name, media := range map[string]store.Media{"folder": {Place: t.TempDir()}, "bucket": buckets.Media(t)} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			s, _ := openAt(t, store.Options{Dir: dir, Media: media})
			must(t, s.SweepUploads())
			attach(t, s, []byte("chữ")) // makes the folder of what is on its way in
			spools, err := filepath.Glob(filepath.Join(dir, "*", "tmp"))
			if media.Bucket() {
				must(t, err)
			} else {
				spools = []string{filepath.Join(media.Place, "tmp")}
			}
			if len(spools) != 1 {
				t.Fatalf("uploads are in %q", spools)
			}
			for name, age := range map[string]time.Duration{"cu": 25 * time.Hour, "moi": 23 * time.Hour} {
				path := filepath.Join(spools[0], name)
				must(t, os.WriteFile(path, []byte("nửa"), 0o600))
				must(t, os.Chtimes(path, time.Time{}, time.Now().Add(-age)))
			}
			must(t, s.SweepUploads())
			if left := storetest.Files(t, spools[0]); len(left) != 1 || left["moi"] == "" {
				t.Errorf("left: %v", left)
			}
		})
	}
}
