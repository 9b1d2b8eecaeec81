package main

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"congso/cmd/congso/congsotest"
	"congso/content"
	"congso/store"
	"congso/store/model"
	"congso/store/storetest"
)

// attached is a file in the library of a portal that is closed again.
func attached(t *testing.T, o store.Options) model.Media {
	t.Helper()
	s, err := store.Open(context.Background(), o)
	if err != nil {
		t.Fatal(err)
	}
	m := model.Media{Name: "a.txt"}
	if err := s.AddAttachment(context.Background(), storetest.Actor(), &m, strings.NewReader("chữ")); err != nil {
		t.Fatal(err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	return m
}

// TestMediaInABucket goes the way of a department that moves its files into a bucket: copy, look, back up, restore into another, clean.
func TestMediaInABucket(t *testing.T) {
	t.Parallel()
	server := storetest.NewBucketServer(t)
	folder := filepath.Join(t.TempDir(), "data")
	media := server.Media("media", "cong")
	from := sources{environ: []string{"CONGSO_DATA=" + folder, "CONGSO_MEDIA_KEY=" + media.Key, "CONGSO_MEDIA_SECRET=" + media.Secret}}
	m := attached(t, store.Options{Dir: folder, Renderer: content.Renderer()})
	run := func(want string, args ...string) {
		t.Helper()
		out, err := ran(from, args...)
		if err != nil {
			t.Errorf("%q: %v", args, err)
		}
		congsotest.MustContain(t, strings.Join(args, " "), out, want)
		congsotest.MustLack(t, strings.Join(args, " "), out, media.Secret)
	}
	run("1 files, of which 1 were copied now", "media", "copy", "--to", media.Place)
	run("1 files, of which 0 were copied now", "media", "copy", "--to", media.Place)
	if _, err := ran(from, "media", "copy"); err == nil || !strings.Contains(err.Error(), "--to") {
		t.Errorf("nowhere: %v", err)
	}
	if _, err := ran(from, "media", "copy", "--to", "s3://kho"); err == nil || !strings.Contains(err.Error(), "--to cannot be used: it has no endpoint") {
		t.Errorf("to nowhere: %v", err)
	}

	from.environ = append(from.environ, "CONGSO_MEDIA="+media.Place)
	place := []string{"--media", media.Place, "--media-key", media.Key, "--media-secret", media.Secret}
	object := filepath.Join(server.Folder, "media", "cong", m.Hash[:2], m.Hash)
	d, _ := diagnose(t, folder, append(place, "--full")...)
	if found := d.of("media"); len(found) != 1 || !strings.Contains(found[0].Message, "1 files of 1 records") {
		t.Errorf("the doctor: %+v", found)
	}
	archive := filepath.Join(t.TempDir(), "a.tar")
	run("1 files, in", "backup", archive)
	if err := os.Rename(object, object+"x"); err != nil { // a name that no file of the library has
		t.Fatal(err)
	}
	d, _ = diagnose(t, folder, place...)
	if len(d.of("media-missing")) != 1 || len(d.of("media-orphan")) > 0 {
		t.Errorf("the doctor: %+v, %+v", d.of("media-missing"), d.of("media-orphan"))
	}
	run("0 removed", "media", "clean")
	run("Restored", "restore", archive)
	if _, err := os.Stat(object); err != nil {
		t.Errorf("not restored: %v", err)
	}
	server.Stop()
	d, code := diagnose(t, folder, append(place, "--quick")...)
	if found := d.of("media-away"); len(found) != 1 || code != exitProblem || strings.Contains(found[0].Message, media.Secret) {
		t.Errorf("the doctor: %+v, %d", found, code)
	}
}

// TestRollbackWithoutBucket: a bucket that is away is told, and keeps nobody with a program that does not work.
func TestRollbackWithoutBucket(t *testing.T) {
	server := storetest.NewBucketServer(t)
	folder, media := t.TempDir(), server.Media("media", "")
	attached(t, store.Options{Dir: folder, Media: media, Renderer: content.Renderer()})
	kept := store.Snapshot{Name: "truoc"}
	if err := os.MkdirAll(filepath.Join(folder, "snapshots", kept.Name), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.Rename(filepath.Join(folder, "congso.db"), filepath.Join(folder, "snapshots", kept.Name, "congso.db")); err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	r := rollback{dir: folder, media: media, out: &out}
	if err := r.tellMissing(context.Background(), kept); err != nil || out.String() != "" {
		t.Errorf("%q, %v", out.String(), err)
	}
	server.Stop()
	if err := r.tellMissing(context.Background(), kept); err != nil {
		t.Error(err)
	}
	congsotest.MustContain(t, "while it is away", out.String(), "is not known now")
}
