//go:build long

package store_test

import (
	"archive/tar"
	"bufio"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"congso/store"
)

// TestLongHugeArchive: an archive of more entries, or a manifest of more names, than any portal has is refused before it fills the memory.
func TestLongHugeArchive(t *testing.T) {
	file := filepath.Join(t.TempDir(), "a.tar")
	out, err := os.Create(file)
	must(t, err)
	buffered := bufio.NewWriterSize(out, 1<<20)
	w := tar.NewWriter(buffered)
	for i := range 1<<20 + 1 {
		must(t, w.WriteHeader(&tar.Header{Name: fmt.Sprint("bai-viet/", i), Mode: 0o600, Format: tar.FormatGNU}))
	}
	must(t, errors.Join(w.Close(), buffered.Flush(), out.Close()))
	refusedFor(t, file, "entries")

	dir, s, _ := filled(t)
	backedUp(t, dir, s, file)
	archive, err := os.ReadFile(file)
	must(t, err)
	must(t, os.WriteFile(file, sealed(t, readEntries(t, archive), func(m *store.Manifest) { m.Missing = make([]string, 9<<20) }), 0o600))
	refusedFor(t, file, "names too much")
}

func refusedFor(t *testing.T, file, why string) {
	t.Helper()
	_, err := store.CheckBackup(context.Background(), file, nil)
	if !errors.Is(err, store.ErrBadArchive) || !strings.Contains(err.Error(), why) {
		t.Errorf("%s: %v", why, err)
	}
}
