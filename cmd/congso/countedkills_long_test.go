//go:build long

package main

import "testing"

// TestLongPagesCountOverKills kills a portal twenty times while readers are at it.
func TestLongPagesCountOverKills(t *testing.T) { countOverKills(t, 20) }
