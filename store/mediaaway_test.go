package store_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"congso/store"
	"congso/store/model"
	"congso/store/storetest"
)

// TestBucketAway: whatever is wrong with the store of files, reading and keeping say that they cannot be had now, records are as they were,
// and all is well as soon as the store is.
func TestBucketAway(t *testing.T) {
	large := bytes.Repeat([]byte("0123456789abcdef"), 1<<20)
	for name, fault := range map[string]struct {
		do, undo func(b *storetest.BucketServer, o *store.Options)
		says     string
	}{
		"refused": {
			do:   func(b *storetest.BucketServer, _ *store.Options) { b.Stop() },
			undo: func(b *storetest.BucketServer, _ *store.Options) { b.Start() },
		},
		"stalled": {
			do:   func(b *storetest.BucketServer, _ *store.Options) { b.Stall() },
			undo: func(b *storetest.BucketServer, _ *store.Options) { b.Resume() },
			says: "no answer within",
		},
		"no bucket": {
			do: func(b *storetest.BucketServer, _ *store.Options) {
				must(t, os.Rename(filepath.Join(b.Folder, "media"), filepath.Join(b.Folder, "khac")))
			},
			undo: func(b *storetest.BucketServer, _ *store.Options) {
				must(t, os.Rename(filepath.Join(b.Folder, "khac"), filepath.Join(b.Folder, "media")))
			},
			says: "NoSuchBucket",
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			server := storetest.NewBucketServer(t)
			o := store.Options{Dir: t.TempDir(), Media: server.Media("media", "")}
			s, _ := openAt(t, o)
			ctx, m := context.Background(), attach(t, s, large)
			reading, err := s.OpenMedia(ctx, m, "", true)
			must(t, err)
			half := make([]byte, 1<<20)
			if _, err := io.ReadFull(reading, half); err != nil {
				t.Fatal(err)
			}

			fault.do(server, &o)
			for range 4 { // the last one finds the gate shut
				f, err := s.OpenMedia(ctx, m, "", false)
				away(t, "open", err, fault.says)
				if err == nil {
					must(t, f.Close())
				}
			}
			another := model.Media{Name: "b.txt"}
			away(t, "keep", s.AddAttachment(ctx, storetest.Actor(), &another, strings.NewReader("mới")), "")
			if _, err := s.MediaByID(ctx, m.ID+1); !errors.Is(err, model.ErrNotFound) {
				t.Errorf("recorded: %v", err)
			}
			away(t, "state", s.MediaFault(ctx), "")
			again, err := store.Open(ctx, store.Options{Dir: t.TempDir(), Media: o.Media, Renderer: storetest.Renderer()})
			if err != nil {
				t.Errorf("a start meanwhile: %v", err)
			} else {
				must(t, again.Close())
			}
			left, err := filepath.Glob(filepath.Join(o.Dir, "media", "tmp", "*"))
			if err != nil || len(left) > 0 {
				t.Errorf("left behind: %q, %v", left, err)
			}

			fault.undo(server, &o)
			if _, err := io.Copy(io.Discard, reading); err != nil && !errors.Is(err, model.ErrFilesAway) {
				t.Logf("what was being read: %v", err) // it may have broken off for good
			}
			must(t, reading.Close())
			soonWell(t, func() error {
				f, err := s.OpenMedia(ctx, m, "", true)
				if err != nil {
					return err
				}
				got, err := io.ReadAll(f)
				if !bytes.Equal(got, large) {
					err = errors.Join(err, errors.New("other bytes"))
				}
				return errors.Join(err, f.Close())
			})
			must(t, s.AddAttachment(ctx, storetest.Actor(), &another, strings.NewReader("mới")))
			checkContent(t, s, another.Hash, "mới")
			soonWell(t, func() error { return s.MediaFault(ctx) })
		})
	}
}

// away holds that err says that the files cannot be had now.
func away(t *testing.T, what string, err error, says string) {
	t.Helper()
	if !errors.Is(err, model.ErrFilesAway) || !errors.Is(err, model.ErrUnavailable) || errors.Is(err, model.ErrNotFound) || !strings.Contains(err.Error(), says) {
		t.Errorf("%s: %v", what, err)
	}
}

// soonWell waits until try fails no more.
func soonWell(t *testing.T, try func() error) {
	t.Helper()
	err := try()
	for end := time.Now().Add(time.Minute); err != nil && time.Now().Before(end); err = try() {
		time.Sleep(50 * time.Millisecond)
	}
	if err != nil {
		t.Error(err)
	}
}

// TestBucketRefusesTheKey: a key that is wrong is told as what it is, and is nobody's missing file.
func TestBucketRefusesTheKey(t *testing.T) {
	o := store.Options{Dir: t.TempDir(), Media: buckets.Media(t)}
	s, _ := openAt(t, o)
	m := attach(t, s, []byte("có"))
	o.Media.Secret = "sai"
	wrong := storetest.Open(t, o)
	f, err := wrong.OpenMedia(context.Background(), m, "", true)
	away(t, "open", err, "SignatureDoesNotMatch")
	if err == nil {
		must(t, f.Close())
	}
	away(t, "state", wrong.MediaFault(context.Background()), "SignatureDoesNotMatch")
	if strings.Contains(err.Error()+wrong.MediaPlace(), o.Media.Secret) {
		t.Errorf("%v at %s", err, wrong.MediaPlace())
	}
}

// TestReaderGoesAway: who no longer reads ends what is fetched.
func TestReaderGoesAway(t *testing.T) {
	server := storetest.NewBucketServer(t)
	s, _ := openAt(t, store.Options{Dir: t.TempDir(), Media: server.Media("media", "")})
	m := attach(t, s, bytes.Repeat([]byte("x"), 8<<20))
	ctx, leave := context.WithCancel(context.Background())
	f, err := s.OpenMedia(ctx, m, "", true)
	must(t, err)
	server.Stall()
	defer server.Resume()
	read := make(chan error, 1)
	go func() {
		_, err := io.Copy(io.Discard, f)
		read <- err
	}()
	leave()
	if err := <-read; !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
	if err := f.Close(); err != nil {
		t.Error(err)
	}
	server.Resume()
	soonWell(t, func() error { return s.MediaFault(context.Background()) })
}

// TestSlowBucketHoldsUpNobody: while a bucket lets those wait who put files there or remove them, others write.
func TestSlowBucketHoldsUpNobody(t *testing.T) {
	server := storetest.NewBucketServer(t)
	o := store.Options{Dir: t.TempDir(), Database: storetest.Postgres(t), Media: server.Media("media", "")}
	s, clock := openAt(t, o)
	ctx, by := context.Background(), storetest.Actor()
	removed, other := attach(t, s, []byte("bỏ")), attach(t, s, []byte("khác"))
	must(t, s.ArchiveMedia(ctx, by, removed.ID))
	clock.Add(time.Minute)
	server.Stall()
	defer server.Resume()
	purged := make(chan error, 1)
	go func() {
		_, err := s.PurgeMedia(ctx, by, 0)
		purged <- err
	}()
	soonWell(t, func() error { // its record goes before its file
		if _, err := s.MediaByID(ctx, removed.ID); !errors.Is(err, model.ErrNotFound) {
			return errors.New("it is not being removed")
		}
		return nil
	})
	time.Sleep(300 * time.Millisecond) // until the bucket is asked
	other.Caption = "vẫn lưu được"
	must(t, s.PutMedia(ctx, by, &other))
	select {
	case err := <-purged:
		t.Errorf("the change waited until the bucket was given up: %v", err)
	default:
		away(t, "remove", <-purged, "no answer within")
	}
}
