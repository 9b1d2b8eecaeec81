package store_test

import (
	"bytes"
	"context"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"congso/store"
	"congso/store/model"
	"congso/store/storetest"
)

// TestMediaFolderGone: a start without the folder says so when records know files, makes it anew, and takes files again.
func TestMediaFolderGone(t *testing.T) {
	dir := t.TempDir()
	s, _ := openAt(t, store.Options{Dir: dir})
	m := storetest.Picture(t, s, 7)
	if missing, err := s.MissingFiles(context.Background(), m); err != nil || len(missing) > 0 {
		t.Errorf("missing %v, %v", missing, err)
	}
	if err := os.RemoveAll(filepath.Join(dir, "media")); err != nil {
		t.Fatal(err)
	}
	var log bytes.Buffer
	again := storetest.Open(t, store.Options{Dir: dir, Log: slog.New(slog.NewTextHandler(&log, nil))})
	if !strings.Contains(log.String(), "media folder was not there") || !strings.Contains(log.String(), "files=1") {
		t.Errorf("the log says %q", log.String())
	}
	if missing, err := again.MissingFiles(context.Background(), m); err != nil || len(missing[m.ID]) != 1 || !strings.Contains(missing[m.ID][0], m.Hash) {
		t.Errorf("missing %v, %v", missing, err)
	}
	storetest.Picture(t, again, 7)
	if missing, err := again.MissingFiles(context.Background(), m); err != nil || len(missing) > 0 {
		t.Errorf("missing after the upload %v, %v", missing, err)
	}
}

func TestMediaFolderNew(t *testing.T) {
	var log bytes.Buffer
	storetest.Open(t, store.Options{Dir: t.TempDir(), Log: slog.New(slog.NewTextHandler(&log, nil))})
	if log.Len() > 0 {
		t.Errorf("a first start says %q", log.String())
	}
}

// TestExamineWritesNothing: what is opened for looking cannot be changed, makes nothing, and needs no media folder.
func TestExamineWritesNothing(t *testing.T) {
	storetest.EachOptions(t, func(t *testing.T, o store.Options) {
		s := storetest.Open(t, o)
		section := storetest.Section(t, s, "Thông báo")
		if err := os.RemoveAll(filepath.Join(o.Dir, "media")); err != nil {
			t.Fatal(err)
		}
		o.Renderer, o.Now = storetest.Renderer(), storetest.NewClock().Now
		looked, err := store.Examine(context.Background(), o)
		if err != nil {
			t.Fatal(err)
		}
		defer looked.Close()
		if err := looked.PutSection(context.Background(), storetest.Actor(), &model.Section{Name: "Khác", Slug: "khac"}); err == nil {
			t.Error("a section was written")
		}
		sections, err := looked.Sections(context.Background())
		if err != nil || !slices.Equal([]string{section.Name}, []string{sections[0].Name}) || len(sections) != 1 {
			t.Errorf("%+v, %v", sections, err)
		}
		if has, known, err := looked.Schema(context.Background()); err != nil || has != known || known < 10 {
			t.Errorf("schema %d of %d, %v", has, known, err)
		}
		if _, err := os.Stat(filepath.Join(o.Dir, "media")); !os.IsNotExist(err) {
			t.Errorf("a media folder was made: %v", err)
		}
	})
	if _, err := store.Examine(context.Background(), store.Options{Dir: filepath.Join(t.TempDir(), "x")}); err == nil {
		t.Error("records were found where none are")
	}
}
