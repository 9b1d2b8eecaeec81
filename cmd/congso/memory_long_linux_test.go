//go:build long

package main

import (
	"errors"
	"fmt"
	"net/http"
	"os"
	"strings"
	"syscall"
	"testing"
	"time"
)

// TestLongIdleMemory holds what the portal keeps in memory, with the demo's records and after each kind of page was read, to 60 MB once a
// minute has passed without a request.
func TestLongIdleMemory(t *testing.T) {
	r := startProcess(t, nil, "serve", "--data", demoData(t))
	for _, path := range []string{"/", "/tin-tuc", "/hoi-nghi", "/danh-ba", "/bai-viet", "/tim-kiem?q=duong", "/thong-ke", "/rss.xml", "/sitemap.xml"} {
		response, err := http.Get(r.url + path)
		if err != nil {
			t.Fatal(err)
		}
		response.Body.Close()
		if response.StatusCode != http.StatusOK {
			t.Errorf("%s answers %s", path, response.Status)
		}
	}
	time.Sleep(time.Minute)
	resident, peak := memory(t, r.process.Process.Pid)
	t.Logf("resident %d kB, at most %d kB", resident, peak)
	if resident == 0 || resident*1024 >= 60_000_000 {
		t.Errorf("%d kB are resident, 60 MB are the most", resident)
	}
}

// memory is what a process has resident now and had at most, in kB of 1,024 bytes (proc(5)): 0 for one that has ended.
func memory(t *testing.T, pid int) (resident, peak int) {
	t.Helper()
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	if errors.Is(err, os.ErrNotExist) || errors.Is(err, syscall.ESRCH) {
		return 0, 0
	}
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(string(text)) {
		for name, into := range map[string]*int{"VmRSS:": &resident, "VmHWM:": &peak} {
			if rest, ok := strings.CutPrefix(line, name); ok {
				if _, err := fmt.Sscanf(rest, "%d kB", into); err != nil {
					t.Fatal(err)
				}
			}
		}
	}
	return resident, peak
}
