package main

import (
	"encoding/json"
	"fmt"
	"math"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"congso/cmd/congso/congsotest"
	"congso/store/storetest"
)

// statusJSON runs the command and reads what it prints.
func statusJSON(t *testing.T, args ...string) (s status, err error) {
	t.Helper()
	out, err := run("", append([]string{"status", "--json"}, args...)...)
	if failed := json.Unmarshal([]byte(out), &s); failed != nil {
		t.Fatalf("%q: %v", out, failed)
	}
	return s, err
}

func TestStatus(t *testing.T) {
	t.Parallel()
	congsotest.EachDatabase(t, func(t *testing.T, folder, database string, args []string) {
		s := congsotest.OpenStore(t, folder, database)
		storetest.News(t, s, storetest.Section(t, s, "Tin"), "Tin một")
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
		listen, watcher := congsotest.FreeAddress(t), congsotest.FreeAddress(t)
		args = append(args, "--listen", listen, "--url", "http://so.example.vn")
		watched := append(args[:len(args):len(args)], "--metrics-listen", watcher)
		silent, err := statusJSON(t, watched...)
		if err == nil || silent.Serving || !strings.Contains(silent.Problem, "no answer: nothing listens at "+watcher+"; start it") || silent.Records == nil || silent.Records.News["published"] != 1 || silent.Traffic != nil {
			t.Errorf("before the start: %+v, error %v", silent, err)
		}
		r := startHere(t, nil, append([]string{"serve"}, watched...)...)
		r.Watcher(t)
		r.URL = "http://" + listen
		for range 3 {
			r.Get(t, "/tin-tuc", func(q *http.Request) { q.Host = "so.example.vn" })
		}
		seen := func() bool { got, err := statusJSON(t, watched...); return err == nil && *got.Views == 3 }
		if !congsotest.Eventually(congsotest.Patience, seen) {
			t.Error("three views are not in the status")
		}
		full, err := statusJSON(t, watched...)
		if err != nil || !full.Serving || full.Since == nil || time.Since(*full.Since) > time.Minute || full.Version == "" || full.Memory < 1<<20 || *full.Online != 1 || *full.Today != 3 ||
			full.Traffic.Over != "start" || full.Traffic.P50 <= 0 || full.Traffic.P99 < full.Traffic.P50 || full.Hint != "" || full.Backup == nil || full.Backup.At != nil || full.Certificate != nil {
			t.Errorf("with figures: %+v %+v, error %v", full, full.Traffic, err)
		}
		plain, err := statusJSON(t, args...)
		if err != nil || !plain.Serving || plain.Traffic != nil || !strings.Contains(plain.Hint, "--metrics-listen") || *plain.Views != 3 || plain.Memory != 0 {
			t.Errorf("without figures: %+v, error %v", plain, err)
		}
		for name, got := range map[string]*amounts{"with figures": full.Records, "without": plain.Records} {
			if got == nil || got.News["published"] != 1 || got.News["draft"] != 0 || got.Audit != 2 || got.Database <= 0 || got.Free <= 0 || (got.WAL > 0) != (database == "") {
				t.Errorf("records %s: %+v", name, got)
			}
		}
		text, err := run("", append([]string{"status"}, watched...)...)
		if err != nil {
			t.Error(err)
		}
		congsotest.MustContain(t, "text", text, "Portal       serving since ", "Requests     0.0/s, 0.0/s failed, 0 in flight", "half within ", "(since the start)", "Memory ", "1 online, 3 views today, 3 in all",
			"News         1 published", "Meetings     none", "Audit trail  2 entries", "Backup       none yet", " free\n")
		r.Finish(t)
		text, err = run("", append([]string{"status"}, watched...)...)
		if err == nil || err.Error() != "the portal does not serve" {
			t.Errorf("after the end: error %v", err)
		}
		congsotest.MustContain(t, "after the end", text, "NOT SERVING: no answer", "News         1 published")
	})
}

// TestStatusOfSomethingElse: what answers there is not taken for the portal.
func TestStatusOfSomethingElse(t *testing.T) {
	other := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, "hi") }))
	defer other.Close()
	got, err := statusJSON(t, "--data", t.TempDir(), "--listen", other.Listener.Addr().String())
	if err == nil || got.Serving || !strings.Contains(got.Problem, "something else answers") || len(got.Warnings) != 1 || !strings.Contains(got.Warnings[0], "no records") {
		t.Errorf("%+v, error %v", got, err)
	}
}

// TestStatusWatch: it is painted again and again, also while the portal does not serve, and Ctrl-C is a good end.
func TestStatusWatch(t *testing.T) {
	t.Parallel()
	r := congsotest.Launch(t, nil, "status", "--watch", "--data", t.TempDir(), "--listen", congsotest.FreeAddress(t))
	if !congsotest.Eventually(congsotest.Patience, func() bool { return strings.Count(r.Out.String(), "\x1b[H\x1b[2J") >= 2 }) {
		t.Fatalf("painted: %q", r.Out)
	}
	congsotest.MustContain(t, "the picture", r.Out.String(), "NOT SERVING", "Hint ")
	r.Finish(t)
}

// TestStatusTraffic: what happened between two readings, by figures as they are written.
func TestStatusTraffic(t *testing.T) {
	reading := func(ok, failed, fast, slow, endless string) figures {
		return parseFigures(`# TYPE congso_requests_total counter
congso_requests_total{route="/tin-tuc",status="2xx"} ` + ok + `
congso_requests_total{route="/tin-tuc",status="5xx"} ` + failed + `
congso_requests_total{route="/readyz",status="2xx"} 99` + ok + `
congso_requests_in_flight 2
congso_request_seconds_bucket{kind="page",le="0.001"} ` + fast + `
congso_request_seconds_bucket{kind="page",le="0.5"} ` + slow + `
congso_request_seconds_bucket{kind="page",le="+Inf"} ` + endless + `
congso_request_seconds_bucket{kind="health",le="0.001"} 99` + fast + `
congso_request_seconds_bucket{kind="health",le="+Inf"} 99` + fast + `
congso_request_seconds_sum{kind="page"} 1.5
no figure
`)
	}
	for name, c := range map[string]struct {
		before, after figures
		want          traffic
	}{
		"busy":      {reading("10", "1", "8", "11", "11"), reading("30", "3", "28", "33", "33"), traffic{Requests: 11, Errors: 1, InFlight: 2, P50: 0.001, P99: 0.5, Over: "second"}},
		"endless":   {reading("10", "0", "0", "0", "0"), reading("12", "0", "0", "0", "2"), traffic{Requests: 1, InFlight: 2, P50: 0.5, P99: 0.5, Over: "second"}},
		"at rest":   {reading("10", "0", "9", "10", "10"), reading("10", "0", "9", "10", "10"), traffic{InFlight: 2, P50: 0.001, P99: 0.5, Over: "start"}},
		"untouched": {reading("0", "0", "0", "0", "0"), reading("0", "0", "0", "0", "0"), traffic{InFlight: 2, Over: "start"}},
	} {
		got := *trafficOf(c.before, c.after, 2*time.Second)
		if math.Abs(got.Requests-c.want.Requests) > 1e-9 || math.Abs(got.Errors-c.want.Errors) > 1e-9 {
			t.Errorf("%s: %+v, want %+v", name, got, c.want)
		}
		got.Requests, got.Errors = c.want.Requests, c.want.Errors
		if got != c.want {
			t.Errorf("%s: %+v, want %+v", name, got, c.want)
		}
	}
}

func TestStatusText(t *testing.T) {
	now := time.Date(2026, 6, 15, 2, 0, 0, 0, time.UTC)
	at := func(d time.Duration) *time.Time { moment := now.Add(d); return &moment }
	many := int64(1_364_595)
	s := status{Serving: true, Since: at(-50 * time.Hour), Version: "v1.2.3", Commit: "0123456789abcdef", Warnings: []string{"vi/a.md:3: broken"},
		Online: new(int64), Today: new(int64), Views: &many, Backup: &backupStatus{At: at(-90 * time.Minute), Bytes: 3 << 29, Failed: true, Late: true}, Certificate: at(12 * 24 * time.Hour)}
	want := `Portal       serving since 2026-06-13 07:00 (2 days), version v1.2.3 0123456789ab
Readers      0 online, 0 views today, 1,364,595 in all
Backup       2026-06-15 07:30 (1 h 30 min ago), 1.5 GB; THE LAST ONE FAILED; LATE
Certificate  ends 2026-06-27 09:00, in 12 days
Warning      vi/a.md:3: broken
`
	if got := s.text(now); got != want {
		t.Errorf("got\n%swant\n%s", got, want)
	}
	congsotest.MustContain(t, "an ended one", status{Serving: true, Certificate: at(-time.Hour)}.text(now), "Certificate  ENDED 2026-06-15 08:00")
}
