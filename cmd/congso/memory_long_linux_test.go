//go:build long

package main

import (
	"net/http"
	"testing"
	"time"

	"congso/cmd/congso/congsotest"
)

// TestLongIdleMemory holds what the portal keeps in memory, with the demo's records and after each kind of page was read, to 60 MB once a
// minute has passed without a request.
func TestLongIdleMemory(t *testing.T) {
	r := congsotest.Start(t, nil, "serve", "--data", congsotest.DemoData(t))
	for _, path := range []string{"/", "/tin-tuc", "/hoi-nghi", "/danh-ba", "/bai-viet", "/tim-kiem?q=duong", "/thong-ke", "/rss.xml", "/sitemap.xml"} {
		response, err := http.Get(r.URL + path)
		if err != nil {
			t.Fatal(err)
		}
		response.Body.Close()
		if response.StatusCode != http.StatusOK {
			t.Errorf("%s answers %s", path, response.Status)
		}
	}
	time.Sleep(time.Minute)
	resident, peak := congsotest.Memory(t, r.Process.Process.Pid)
	t.Logf("resident %d kB, at most %d kB", resident, peak)
	if resident == 0 || resident*1024 >= 60_000_000 {
		t.Errorf("%d kB are resident, 60 MB are the most", resident)
	}
}
