//go:build long

package faults

import "testing"

// TestLongKilledMigrating: 50 moments, and a database whose upgrade takes long enough to be met in each of its steps.
func TestLongKilledMigrating(t *testing.T) { killedMigrating(t, 12_000, 50) }
