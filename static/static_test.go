package static_test

import (
	"bytes"
	"compress/gzip"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/andybalholm/brotli"

	"congso/static"
)

// names are all files, as the folders beside this test have them.
func names(t *testing.T) []string {
	t.Helper()
	var names []string
	for _, pattern := range []string{"css/*", "js/*", "img/*"} {
		found, err := filepath.Glob(pattern)
		if err != nil || len(found) == 0 {
			t.Fatal(pattern, err)
		}
		names = append(names, found...)
	}
	return names
}

func TestAddresses(t *testing.T) {
	for _, name := range names(t) {
		address := static.URL(name)
		f, current, err := static.Open(address)
		if err != nil || f.Name != name || !current || f.URL() != address || !strings.HasPrefix(address, static.Prefix) || f.Type == "" {
			t.Errorf("%s: %+v, current %t, %v", name, f, current, err)
			continue
		}
		if data, err := os.ReadFile(name); err != nil || len(data) == 0 || !bytes.Equal(f.Data, data) {
			t.Errorf("%s: %d bytes, want %d, %v", name, len(f.Data), len(data), err)
		}
		if old, current, err := static.Open(static.Prefix + "000000000000/" + name); err != nil || current || old != f {
			t.Errorf("%s under an outdated address: current %t, %v", name, current, err)
		}
	}
}

// TestCoded holds too that the committed files are of the present sources.
func TestCoded(t *testing.T) {
	unpackers := map[string]func(io.Reader) (io.Reader, error){
		"br":   func(r io.Reader) (io.Reader, error) { return brotli.NewReader(r), nil },
		"gzip": func(r io.Reader) (io.Reader, error) { return gzip.NewReader(r) },
	}
	for _, name := range names(t) {
		f, _, err := static.Open(static.URL(name))
		if err != nil {
			t.Fatal(err)
		}
		for _, coding := range static.Codings() {
			packed := f.Coded(coding)
			if packed == nil {
				if len(f.Data) > 500 {
					t.Errorf("%s is not kept in %s; go generate ./static makes the files of br", name, coding)
				}
				continue
			}
			reader, err := unpackers[coding](bytes.NewReader(packed))
			if err != nil {
				t.Fatal(err)
			}
			if data, err := io.ReadAll(reader); err != nil || !bytes.Equal(data, f.Data) {
				t.Errorf("%s in %s is stale, run: go generate ./static: %v", name, coding, err)
			}
			if len(packed) >= len(f.Data) {
				t.Errorf("%s in %s: %d bytes of %d", name, coding, len(packed), len(f.Data))
			}
		}
		if f.Coded("zstd") != nil || f.Coded("") != nil {
			t.Errorf("%s in a coding that there is none of", name)
		}
	}
}

// TestPackedOnly holds that nothing is left of sources that are gone.
func TestPackedOnly(t *testing.T) {
	found, err := filepath.Glob("brotli/*/*")
	if err != nil || len(found) != len(names(t)) {
		t.Errorf("%d packed files of %d, %v; run: go generate ./static", len(found), len(names(t)), err)
	}
}

func TestNoFile(t *testing.T) {
	for _, address := range []string{"", "/static/", "/static/x", "/static/x/", "/static/x/css", "/static/x/css/", "/static/x/no.css", "/static/x/../static.go", "/static/x//css/site.css", "/static/x/css/./site.css",
		"/static/x/brotli/css/site.css.br"} {
		if f, _, err := static.Open(address); !errors.Is(err, fs.ErrNotExist) || f != nil {
			t.Errorf("%q: %v, %v", address, f, err)
		}
	}
}
