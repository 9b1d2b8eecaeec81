package congsotest

import (
	"strings"
	"testing"
)

// Adapted is a block with what differs on this machine put in: pairs of what stands there, and must, and what takes its place.
func Adapted(t testing.TB, block string, pairs ...string) string {
	t.Helper()
	for i := 0; i < len(pairs); i += 2 {
		if !strings.Contains(block, pairs[i]) {
			t.Fatalf("the handbook's block lacks %q\n%s", pairs[i], block)
		}
		block = strings.ReplaceAll(block, pairs[i], pairs[i+1])
	}
	return block
}
