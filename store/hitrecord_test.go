package store_test

import (
	"bytes"
	"testing"
	"time"

	"congso/store"
)

// FuzzJournal: whatever stands in a file, reading ends, counts no byte twice, and finds the views that are in it.
func FuzzJournal(f *testing.F) {
	record := store.HitRecord("ABC", "/tin-tuc/tin", time.Unix(1_700_000_000, 0))
	for _, seed := range [][]byte{nil, {0xC5}, record, record[:len(record)-1], make([]byte, 4096), bytes.Repeat([]byte{0xC5, 0, 24, 0}, 64), append([]byte{0xC5, 0, 255, 255}, record...),
		store.HitRecord("khac", "/", time.Unix(0, 0)), append(bytes.Clone(record), record...)} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		found, bytesOf, damaged := store.ReadHits("ABC", data)
		if zeros := int64(bytes.Count(data, []byte{0})); bytesOf+damaged > int64(len(data)) || bytesOf+damaged+zeros < int64(len(data)) {
			t.Errorf("%d bytes are views, %d damaged, %d zero, of %d", bytesOf, damaged, zeros, len(data))
		}
		again, _, _ := store.ReadHits("ABC", append(bytes.Clone(data), record...))
		if len(data) < 65536 && len(again) != len(found)+1 || len(again) > 0 && again[len(again)-1] != "1700000000 /tin-tuc/tin" {
			t.Errorf("with a view after it: %d views, %d without", len(again), len(found))
		}
	})
}
