//go:build long

package transfer

import (
	"path/filepath"
	"regexp"
	"testing"
	"time"

	"congso/cmd/congso/congsotest"
)

// TestLongKilledImportJSON kills an import of the demo at 20 moments.
func TestLongKilledImportJSON(t *testing.T) { killJSONImports(t, congsotest.DemoData(t), 20) }

// jsonMemory is what an export or import of any size may have resident, in bytes.
const jsonMemory = 200 << 20

// TestLongExportJSON exports 30,000 news items and imports them, and says how long each takes and what memory; that has an end.
func TestLongExportJSON(t *testing.T) {
	folder, to, next := congsotest.Scaled(t, 30_000, 0), filepath.Join(t.TempDir(), "xuat"), filepath.Join(t.TempDir(), "moi")
	congsotest.Program(t) // is built first
	var counts []string
	for _, args := range [][]string{{"export", "json", to, "--data", folder}, {"import", "json", to, "--data", next}} {
		began := time.Now()
		r := congsotest.Launch(t, nil, args...)
		peak := congsotest.PeakOf(t, r, 15*time.Minute)
		t.Logf("%s: %v, %d MB resident at most\n%s", args[0], time.Since(began).Round(time.Second), peak>>20, r.Out)
		if peak > jsonMemory {
			t.Errorf("%s: %d MB are the most", args[0], jsonMemory>>20)
		}
		counts = append(counts, regexp.MustCompile(`([0-9]+) records`).FindString(r.Out.String()))
	}
	if counts[0] == "" || counts[0] != counts[1] {
		t.Errorf("exported %s, imported %s", counts[0], counts[1])
	}
}
