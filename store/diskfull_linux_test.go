package store_test

import (
	"bytes"
	"context"
	"errors"
	"os"
	"path/filepath"
	"syscall"
	"testing"

	"congso/store"
	"congso/store/model"
)

// smallDisk is a data folder whose media stand on a disk of 1 MB.
func smallDisk(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	media := filepath.Join(dir, "media")
	if err := os.Mkdir(media, 0o700); err != nil {
		t.Fatal(err)
	}
	mountSmall(t, media, "size=1m")
	return dir
}

// mountSmall makes the folder a disk of its own until the end of the test, in memory, with those options. Without the right to
// do so it skips the test, or fails it when CONGSO_TEST_REQUIRE is "all".
func mountSmall(t *testing.T, folder, options string) string {
	t.Helper()
	if err := syscall.Mount("tmpfs", folder, "tmpfs", 0, options); err != nil {
		const message = "no right to mount a small disk"
		if os.Getenv("CONGSO_TEST_REQUIRE") == "all" {
			t.Fatal(message, err)
		}
		t.Skip(message, err)
	}
	t.Cleanup(func() {
		if err := syscall.Unmount(folder, 0); err != nil {
			t.Error(err)
		}
	})
	return folder
}

// TestFullDisk: the error says so, nothing is recorded or left behind, and what fits is taken afterwards.
func TestFullDisk(t *testing.T) {
	dir := smallDisk(t)
	t.Run("", func(t *testing.T) { // closes the store before the disk goes
		s, _ := openAt(t, store.Options{Dir: dir})
		large := append([]byte("PK\x03\x04"), make([]byte, 2<<20)...)
		for name, content := range map[string][]byte{"a.zip": large, "a.png": encoded(t, photo(900, 900), "png")} {
			m := model.Media{Name: name}
			err := s.AddMedia(context.Background(), model.Actor{}, &m, bytes.NewReader(content))
			if !errors.Is(err, model.ErrDiskFull) || !errors.Is(err, model.ErrUnavailable) {
				t.Errorf("%s: %v", name, err)
			}
			if _, err := s.MediaByID(context.Background(), 1); !errors.Is(err, model.ErrNotFound) {
				t.Errorf("%s: recorded: %v", name, err)
			}
			nothingKept(t, s, store.Options{Dir: dir})
		}
		m := model.Media{Name: "a.txt"}
		if err := s.AddMedia(context.Background(), model.Actor{}, &m, bytes.NewReader([]byte("vừa"))); err != nil || m.ID == 0 {
			t.Errorf("what fits: %+v, %v", m, err)
		}
	})
}
