package static_test

import (
	"bytes"
	"compress/gzip"
	"errors"
	"io"
	"io/fs"
	"strings"
	"testing"

	"congso/static"
)

func TestAddresses(t *testing.T) {
	for _, name := range []string{"css/site.css", "js/site.js", "img/icon.svg"} {
		address := static.URL(name)
		got, data, current, err := static.Open(address)
		if err != nil || got != name || !current || len(data) == 0 || !strings.HasPrefix(address, static.Prefix) {
			t.Errorf("%s: %q, %d bytes, current %t, %v", address, got, len(data), current, err)
		}
		if _, old, current, err := static.Open(static.Prefix + "000000000000/" + name); err != nil || current || !bytes.Equal(old, data) {
			t.Errorf("%s under an outdated address: current %t, %v", name, current, err)
		}
		if packed := static.Gzip(name); packed != nil {
			checkPacked(t, name, packed, data)
		}
	}
	if static.Gzip("css/site.css") == nil {
		t.Error("the style sheet is not packed")
	}
}

func checkPacked(t *testing.T, name string, packed, data []byte) {
	t.Helper()
	reader, err := gzip.NewReader(bytes.NewReader(packed))
	if err != nil {
		t.Fatal(err)
	}
	unpacked, err := io.ReadAll(reader)
	if err != nil || !bytes.Equal(unpacked, data) || len(packed) >= len(data) {
		t.Errorf("%s packed: %d bytes of %d, %v", name, len(packed), len(unpacked), err)
	}
}

func TestNoFile(t *testing.T) {
	for _, address := range []string{"", "/static/", "/static/x", "/static/x/", "/static/x/css", "/static/x/css/", "/static/x/no.css", "/static/x/../static.go", "/static/x//css/site.css", "/static/x/css/./site.css"} {
		if _, data, _, err := static.Open(address); !errors.Is(err, fs.ErrNotExist) || data != nil {
			t.Errorf("%q: %d bytes, %v", address, len(data), err)
		}
	}
}
