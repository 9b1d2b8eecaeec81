//go:build long

package copies

import (
	"testing"
	"time"
)

// TestLongCopiesKilled kills one of three copies every five seconds for a minute, under load.
func TestLongCopiesKilled(t *testing.T) {
	fire{kills: 12, every: 5 * time.Second}.test(t)
}

// TestLongCopiesCount counts under load, without a fault: as many views as pages.
func TestLongCopiesCount(t *testing.T) {
	fire{every: 20 * time.Second}.test(t)
}
