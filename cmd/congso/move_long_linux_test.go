//go:build long

package main

import (
	"path/filepath"
	"syscall"
	"testing"

	"congso/store/storetest"
)

// TestLongKilledMove and TestLongKilledPostgresBackup kill moves, backups and restores at 20 moments.
func TestLongKilledMove(t *testing.T)           { killMoves(t, scaled(t, 1000, 0), 10) }
func TestLongKilledPostgresBackup(t *testing.T) { killPostgresBackups(t, 10) }

// moveMemory is what a move, a backup and a restore of any size may have resident, in bytes.
const moveMemory = 400 << 20

// TestLongMove moves 100,000 news items to PostgreSQL, backs them up there, restores them and moves them back, and says how long each takes and
// what memory; that has an end.
func TestLongMove(t *testing.T) {
	folder, database, back, file := scaled(t, 100_000, 0), storetest.Postgres(t), filepath.Join(t.TempDir(), "lai"), filepath.Join(t.TempDir(), "a.tar")
	program(t) // is built first
	on := []string{"--data", folder, "--database", database}
	for _, args := range [][]string{
		{"move", "--from", "sqlite:" + folder, "--to", database},
		{"move", "--check", "--from", "sqlite:" + folder, "--to", database},
		append([]string{"backup", file}, on...),
		append([]string{"restore", file}, on...),
		{"move", "--from", database, "--to", "sqlite:" + back},
	} {
		r := launch(t, nil, args...)
		r.waitLong(t)
		usage := r.process.ProcessState.SysUsage().(*syscall.Rusage)
		peak := usage.Maxrss << 10
		t.Logf("%s %s: %v of a processor, %d MB resident at most\n%s", args[0], args[1], r.process.ProcessState.UserTime()+r.process.ProcessState.SystemTime(), peak>>20, r.out)
		if peak > moveMemory {
			t.Errorf("%d MB are the most", moveMemory>>20)
		}
	}
	if !compared(t, folder, database) || !compared(t, back, database) {
		t.Error("the records are not the same")
	}
	schemasKept(t, folder, database)
}
