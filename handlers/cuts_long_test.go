//go:build long

package handlers_test

import "testing"

// TestLongConnectionsEndAnywhere ends them before each statement.
func TestLongConnectionsEndAnywhere(t *testing.T) { endConnections(t, 1) }
