package store_test

import (
	"os"
	"path/filepath"
	"testing"

	"congso/store"
)

// TestWritesAheadLog: what is written goes into SQLite's log first, without which a kill in the middle of a transaction leaves half of it.
// Kills at random moments seldom meet one. https://www.sqlite.org/fileformat2.html says what the bytes of the header are.
func TestWritesAheadLog(t *testing.T) {
	dir := t.TempDir()
	openAt(t, store.Options{Dir: dir})
	header, err := os.ReadFile(filepath.Join(dir, "congso.db"))
	must(t, err)
	if header[18] != 2 || header[19] != 2 {
		t.Errorf("versions of the file format for writing and reading: %d, %d, want 2 for both", header[18], header[19])
	}
}
