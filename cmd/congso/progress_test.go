package main

import (
	"bytes"
	"strings"
	"testing"
)

func TestBarLine(t *testing.T) {
	for _, c := range []struct {
		what        string
		done, total int64
		want        string
	}{
		{"Packing the files", 0, 2 << 30, "Packing the files      [                              ]   0 %  0 bytes of 2.0 GB"},
		{"Packing the files", 1 << 30, 2 << 30, "Packing the files      [===============               ]  50 %  1.0 GB of 2.0 GB"},
		{"Packing the files", 3000, 3000, "Packing the files      [==============================] 100 %  2.9 KB of 2.9 KB"},
		{"Packing the files", 0, 1, "Packing the files …"},
		{"Copying the records", 1500, 3000, "Copying the records    [===============               ]  50 %  1500 of 3000"},
	} {
		if got := barLine(c.what, c.done, c.total); got != c.want {
			t.Errorf("%q, want %q", got, c.want)
		}
	}
	var out bytes.Buffer
	b := &bar{out: &out}
	b.tell("Reading", 1, 2)
	b.tell("Reading", 1, 2) // too soon to draw again
	b.clear()
	if parts := strings.Split(out.String(), "\r"); len(parts) != 4 || strings.TrimSpace(parts[2]) != "" || len(parts[2]) != len(parts[1]) {
		t.Errorf("%q", parts)
	}
}
