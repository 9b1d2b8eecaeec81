package handlers_test

import (
	"encoding/json"
	"strings"
	"testing"

	"congso/store"
)

// TestRequestLine: a line of the log names nothing twice, since readers of JSON would take the last: its time is when it was written.
func TestRequestLine(t *testing.T) {
	p := newPortal(t, store.Options{Dir: t.TempDir()}, seed)
	p.page(t, "/tin-tuc")
	var line string
	for l := range strings.Lines(p.log.String()) {
		if strings.Contains(l, `"msg":"request"`) {
			line = l
		}
	}
	keys := map[string]int{}
	d := json.NewDecoder(strings.NewReader(line))
	if _, err := d.Token(); err != nil {
		t.Fatalf("%q: %v", line, err)
	}
	for d.More() {
		key, err := d.Token()
		if err != nil {
			t.Fatal(err)
		}
		keys[key.(string)]++
		if _, err := d.Token(); err != nil {
			t.Fatal(err)
		}
	}
	for _, key := range []string{"time", "level", "msg", "id", "method", "path", "status", "bytes", "ms"} {
		if keys[key] != 1 {
			t.Errorf("%q stands %d times in %s", key, keys[key], line)
		}
	}
}
