//go:build long

package transfer

import (
	"path/filepath"
	"testing"
	"time"

	"congso/cmd/congso/congsotest"
)

// TestLongImport takes over 10,000 posts with 20,000 photos: all of them, within 200 MB of memory.
func TestLongImport(t *testing.T) {
	old := makeOldPortal(t, t.TempDir(), 10_000, 400)
	folder := filepath.Join(t.TempDir(), "data")
	congsotest.Furnish(t, folder)
	congsotest.Program(t) // is built first
	began := time.Now()
	r := congsotest.LaunchAsIs(t, nil, "import", "wxr", old.file, "--data", folder)
	peak := congsotest.PeakOf(t, r, 50*time.Minute)
	state := r.Process.ProcessState
	t.Logf("%s in %s, %d MB resident at most, processor %s and %s", r.Out, time.Since(began).Round(time.Second), peak/1e6, state.UserTime(), state.SystemTime())
	congsotest.MustContain(t, "the report", r.Out.String(), "10000 items new", "20000 photos, 0 files, 0 warnings")
	if peak >= 200_000_000 {
		t.Error("200 MB are the most")
	}
	s := congsotest.OpenStore(t, folder, "")
	defer s.Close()
	checkImported(t, s, old)
	began = time.Now()
	congsotest.MustContain(t, "the second run", congsotest.Runs(t, nil, "import", "wxr", old.file, "--data", folder), "0 items new, 10000 known, 0 changed")
	t.Logf("the second run took %s", time.Since(began).Round(time.Second))
}

// TestLongKilledImport kills an import at 20 random moments, on each database, and goes on.
func TestLongKilledImport(t *testing.T) { killImports(t, 1_000, 64, 20) }
