package main

import (
	"fmt"
	"net/http"
	"regexp"
	"strings"
	"testing"

	"congso/cmd/congso/congsotest"
	"congso/store/storetest"
)

var (
	metricLine = regexp.MustCompile(`^([a-z_]+)(\{[a-z_]+="(?:\\.|[^"\\])*"(?:,[a-z_]+="(?:\\.|[^"\\])*")*\})? ([-+0-9.eE]+|NaN|\+Inf)$`)
	typeLine   = regexp.MustCompile(`^# TYPE ([a-z_]+) (counter|gauge|histogram|summary)$`)
)

func TestMetrics(t *testing.T) {
	t.Parallel()
	congsotest.EachDatabase(t, func(t *testing.T, folder, database string, args []string) {
		s := congsotest.OpenStore(t, folder, database)
		section := storetest.Section(t, s, "Tin")
		news := storetest.News(t, s, section, "Tin một")
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
		r := startHere(t, nil, append([]string{"serve", "--metrics-listen", "127.0.0.1:0"}, args...)...)
		address := r.Watcher(t)
		for range 3 {
			r.Page(t, "/tin-tuc/"+news.Slug)
		}
		for i := range 200 {
			r.Get(t, fmt.Sprintf("/khong-co-%d/x", i))
		}
		r.Get(t, "/tin-tuc/khong-co-tin-nay")
		if a := r.Get(t, "/metrics"); a.Status != http.StatusNotFound || strings.Contains(a.Body, "congso_") {
			t.Errorf("/metrics for the public: %d", a.Status)
		}
		views := func() bool {
			_, text := congsotest.Scrape(t, address, "/metrics")
			return strings.Contains(text, "\ncongso_views_total 3\n")
		}
		if !congsotest.Eventually(congsotest.Patience, views) {
			t.Error("the views are not in the figures")
		}
		status, text := congsotest.Scrape(t, address, "/metrics")
		if status != http.StatusOK {
			t.Fatalf("status %d", status)
		}
		checkMetrics(t, text)
		congsotest.MustContain(t, "figures", text, `congso_requests_total{route="/tin-tuc/:slug",status="2xx"} 3`, `congso_requests_total{route="/tin-tuc/:slug",status="4xx"} 1`,
			`congso_requests_total{route="",status="4xx"} 201`, `congso_request_seconds_count{kind="page"} 4`, `congso_request_seconds_bucket{kind="page",le="+Inf"} 4`,
			`congso_news{status="published"} 1`, `congso_news{status="draft"} 0`, "congso_views_today 3\n", "congso_readers_online 1\n", "congso_audit_entries 2\n", "congso_database_up 1\n",
			"congso_requests_in_flight 0\n", "congso_views_pending 0\n", "congso_hits_journal_bytes ", "congso_hits_journal_broken 0\n",
			"congso_hits_damaged_bytes_total 0\n", "congso_hits_coarse_total 0\n", "congso_sweeps_total ", "congso_free_bytes ", "congso_wal_bytes ", "congso_backup_late 0\n", "process_resident_memory_bytes ", "go_goroutines ", "congso_info{version=")
		congsotest.MustLack(t, "figures", text, "khong-co", news.Slug, "127.0.0.1", "congso_certificate", "congso_backup_time")
		for path, want := range map[string]int{"/": 404, "/tin-tuc": 404, "/debug/pprof/": 404, "/readyz": 200} {
			if status, body := congsotest.Scrape(t, address, path); status != want {
				t.Errorf("%s for watchers: %d %s", path, status, body)
			}
		}
		r.Finish(t)
	})
}

// checkMetrics holds that every line is one of Prometheus' text format and every name has its type, once.
func checkMetrics(t *testing.T, text string) {
	t.Helper()
	types, seen := map[string]string{}, map[string]bool{}
	for line := range strings.Lines(text) {
		line = strings.TrimSuffix(line, "\n")
		if m := typeLine.FindStringSubmatch(line); m != nil {
			if types[m[1]] != "" {
				t.Errorf("two types of %s", m[1])
			}
			types[m[1]] = m[2]
			continue
		}
		if strings.HasPrefix(line, "# HELP ") {
			continue
		}
		m := metricLine.FindStringSubmatch(line)
		if m == nil {
			t.Errorf("no figure: %q", line)
			continue
		}
		if seen[m[1]+m[2]] {
			t.Errorf("%s%s is there twice", m[1], m[2])
		}
		seen[m[1]+m[2]] = true
		family := m[1]
		for _, part := range []string{"_bucket", "_sum", "_count"} {
			if base := strings.TrimSuffix(m[1], part); types[base] == "histogram" || types[base] == "summary" {
				family = base
			}
		}
		if types[family] == "" {
			t.Errorf("%s has no type", m[1])
		}
	}
	if len(seen) < 80 {
		t.Errorf("only %d figures", len(seen))
	}
}

// TestMetricsListen: figures are for this machine alone, and a port that is taken stops the start.
func TestMetricsListen(t *testing.T) {
	for address, want := range map[string]string{"0.0.0.0:9100": "not on loopback", ":9100": "not on loopback", "192.168.1.2:9100": "not on loopback", "9100": "no address"} {
		err := fail(t, nil, "serve", "--data", t.TempDir(), "--listen", "127.0.0.1:0", "--metrics-listen", address)
		congsotest.MustContain(t, address, err.Error(), "--metrics-listen", want)
	}
	r := startHere(t, nil, "serve", "--data", t.TempDir(), "--metrics-listen", "127.0.0.1:0")
	err := fail(t, nil, "serve", "--data", t.TempDir(), "--listen", "127.0.0.1:0", "--metrics-listen", r.Watcher(t))
	congsotest.MustContain(t, "a taken port", err.Error(), "--metrics-listen", r.Watcher(t))
}
