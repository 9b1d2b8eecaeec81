//go:build long

package faults

import "testing"

// TestLongKilledWhileWriting kills a portal at 50 moments while editors write.
func TestLongKilledWhileWriting(t *testing.T) { killWhileWriting(t, 50) }
