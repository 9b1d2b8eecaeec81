//go:build long

package transfer

import (
	"path/filepath"
	"testing"
	"time"

	"congso/cmd/congso/congsotest"
	"congso/store/storetest"
)

// TestLongKilledMove and TestLongKilledPostgresBackup kill moves, backups and restores at 20 moments.
func TestLongKilledMove(t *testing.T)           { killMoves(t, congsotest.Scaled(t, 1000, 0), 10) }
func TestLongKilledPostgresBackup(t *testing.T) { killPostgresBackups(t, 10) }

// moveMemory is what a move and a backup of any size may have resident, in bytes.
const moveMemory = 200 << 20

// TestLongMove moves 100,000 news items to PostgreSQL and back, and backs them up there, and says how long each takes and what memory; that
// has an end.
func TestLongMove(t *testing.T) {
	folder, database, back := congsotest.Scaled(t, 100_000, 0), storetest.Postgres(t), filepath.Join(t.TempDir(), "lai")
	congsotest.Program(t) // is built first
	run := func(args ...string) {
		t.Helper()
		began := time.Now()
		r := congsotest.Launch(t, nil, args...)
		peak := congsotest.PeakOf(t, r, 15*time.Minute)
		state := r.Process.ProcessState
		t.Logf("%s: %v, %v of a processor, %d MB resident at most\n%s", args[0], time.Since(began).Round(time.Second), state.UserTime()+state.SystemTime(), peak>>20, r.Out)
		if peak > moveMemory {
			t.Errorf("%d MB are the most", moveMemory>>20)
		}
	}
	run("move", "--from", "sqlite:"+folder, "--to", database)
	run("move", "--from", database, "--to", "sqlite:"+back)
	if !compared(t, folder, database) || !compared(t, back, database) {
		t.Error("the records are not the same")
	}
	run("backup", filepath.Join(t.TempDir(), "a.tar"), "--data", folder, "--database", database) // which puts its time among the records
}
