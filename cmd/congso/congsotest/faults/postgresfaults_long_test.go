//go:build long

package faults

import "testing"

// TestLongServersChange restarts PostgreSQL 20 times under a running portal, and has a standby take its place.
func TestLongServersChange(t *testing.T) { changeServers(t, 20) }
