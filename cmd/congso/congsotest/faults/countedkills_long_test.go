//go:build long

package faults

import "testing"

// TestLongPagesCountOverKills kills a portal twenty times while readers are at it.
func TestLongPagesCountOverKills(t *testing.T) { countOverKills(t, 20) }
