//go:build long

package store_test

import (
	"testing"

	"congso/store"
	"congso/store/storetest"
)

// TestLongHits: a million views, and twenty kills on the way.
func TestLongHits(t *testing.T) {
	storetest.EachOptions(t, func(t *testing.T, o store.Options) {
		t.Logf("%d views", countWithKills(t, o, 20, 1_000_000))
	})
}
