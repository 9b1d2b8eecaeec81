package web_test

import (
	"testing"

	"congso/handlers/web"
)

func TestCoding(t *testing.T) {
	for _, c := range []struct {
		accept []string
		want   string
	}{
		{nil, ""},
		{[]string{""}, ""},
		{[]string{"gzip"}, "gzip"},
		{[]string{"GZIP"}, "gzip"},
		{[]string{"x-gzip"}, "gzip"},
		{[]string{"gzip, deflate, br, zstd"}, "br"},
		{[]string{"gzip, deflate, br;q=0.9"}, "gzip"},
		{[]string{"gzip;q=0.5, br;q=0.50"}, "br"},
		{[]string{"gzip;q=0.501, br;q=0.5"}, "gzip"},
		{[]string{"gzip;q=0"}, ""},
		{[]string{"gzip; q=0.000, *"}, "br"},
		{[]string{"br;q=0,gzip;q=0,*;q=1"}, ""},
		{[]string{"*"}, "br"},
		{[]string{"*;q=0"}, ""},
		{[]string{"*;q=0, gzip"}, "gzip"},
		{[]string{"deflate", "gzip ; Q=0.1"}, "gzip"},
		{[]string{"identity, gzip;q=0.5"}, ""},
		{[]string{"identity;q=0.5, gzip;q=0.5"}, "gzip"},
		{[]string{"identity;q=0, gzip"}, "gzip"},
		{[]string{"identity;q=0"}, ""},
		{[]string{"gzip;q=0, gzip;q=0.2"}, "gzip"},
		{[]string{"gzip;level=9"}, ""},
		{[]string{"gzip;q=2"}, ""},
		{[]string{"gzip;q=-1"}, ""},
		{[]string{"gzip;q=.5"}, ""},
		{[]string{"gzip;q=1.5"}, "gzip"},
		{[]string{"gzip;q=0.1234"}, ""},
		{[]string{"gzip;q=0.x"}, ""},
		{[]string{"brotli, gzippy"}, ""},
		{[]string{",,;;q=1, gzip,"}, "gzip"},
	} {
		if got := web.Coding(c.accept, "br", "gzip"); got != c.want {
			t.Errorf("%q: %q, want %q", c.accept, got, c.want)
		}
	}
	accept := []string{"gzip, deflate, br;q=0.8, zstd"}
	if n := testing.AllocsPerRun(100, func() { web.Coding(accept, "zstd", "gzip") }); n > 0 {
		t.Errorf("%.0f allocations", n)
	}
}
