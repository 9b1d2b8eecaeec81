package store_test

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"testing"

	"congso/store"
	"congso/store/storetest"
)

// TestALostDatabaseIsNotBegunAnew: an empty portal in the place of the department's would hide what has happened.
func TestALostDatabaseIsNotBegunAnew(t *testing.T) {
	for name, c := range map[string]struct {
		sign string // a folder that is there, "" for none
		lose func(path string) error
		want error
	}{
		"nothing there":        {"", os.Remove, nil},
		"an empty file":        {"", func(path string) error { return os.Truncate(path, 0) }, nil},
		"media":                {"media/0a", os.Remove, store.ErrLost},
		"media, an empty file": {"media/0a", func(path string) error { return os.Truncate(path, 0) }, store.ErrLost},
		"uploads alone":        {"media/tmp", os.Remove, nil},
		"a snapshot":           {"snapshots/00009-20260615-080000", os.Remove, store.ErrLost},
		"all there":            {"media/0a", func(string) error { return nil }, nil},
	} {
		t.Run(name, func(t *testing.T) {
			o := store.Options{Dir: t.TempDir(), Renderer: storetest.Renderer()}
			open := func() error {
				s, err := store.Open(context.Background(), o)
				if err != nil {
					return err
				}
				return s.Close()
			}
			if err := open(); err != nil {
				t.Fatal(err)
			}
			if err := os.MkdirAll(filepath.Join(o.Dir, filepath.FromSlash(c.sign)), 0o700); err != nil {
				t.Fatal(err)
			}
			database := filepath.Join(o.Dir, "congso.db")
			if err := c.lose(database); err != nil {
				t.Fatal(err)
			}
			if err := open(); !errors.Is(err, c.want) {
				t.Errorf("error %v, want %v", err, c.want)
			}
			if info, err := os.Stat(database); c.want != nil && err == nil && info.Size() > 0 {
				t.Error("a new database was made")
			}
		})
	}
}
