package load_test

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"congso/cmd/congso/load"
)

// answering is a server with an answer of each kind, and its host.
func answering(t *testing.T) string {
	t.Helper()
	mux := http.NewServeMux()
	mux.HandleFunc("/short", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("X-Kind", "short")
		answer(t, w, "một")
	})
	mux.HandleFunc("/chunks", func(w http.ResponseWriter, _ *http.Request) {
		for i := range 40 {
			answer(t, w, strings.Repeat(fmt.Sprint(i%10), 5000))
			w.(http.Flusher).Flush()
		}
	})
	mux.HandleFunc("/none", func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusNotModified) })
	server := httptest.NewServer(mux)
	t.Cleanup(server.Close)
	return strings.TrimPrefix(server.URL, "http://")
}

func answer(t *testing.T, w io.Writer, text string) {
	if _, err := io.WriteString(w, text); err != nil {
		t.Error(err)
	}
}

func request(host, path string) []byte {
	return []byte("GET " + path + " HTTP/1.1\r\nHost: " + host + "\r\n\r\n")
}

func TestAsk(t *testing.T) {
	host := answering(t)
	c, err := load.Dial(host)
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	chunks := ""
	for i := range 40 {
		chunks += strings.Repeat(fmt.Sprint(i%10), 5000)
	}
	for _, want := range []struct {
		path   string
		status int
		body   string
	}{{"/short", 200, "một"}, {"/chunks", 200, chunks}, {"/none", 304, ""}, {"/unknown", 404, "404 page not found\n"}, {"/short", 200, "một"}} {
		for _, whole := range []bool{true, false} {
			a, err := c.Ask(request(host, want.path), whole)
			if err != nil {
				t.Fatalf("%s: %v", want.path, err)
			}
			body := want.body
			if !whole {
				body = ""
			}
			if a.Status != want.status || a.Length != len(want.body) || string(a.Body) != body || (len(a.Header) > 0) != whole {
				t.Errorf("%s, whole %v: got %d, %d bytes, %d lines of header", want.path, whole, a.Status, a.Length, len(a.Header))
			}
		}
	}
}

// TestAnswersThatDoNotHold: what is no answer, or not one that a kept connection can have, is an error and no figure.
func TestAnswersThatDoNotHold(t *testing.T) {
	for name, raw := range map[string]string{
		"no HTTP":          "hello\r\n\r\n",
		"no status":        "HTTP/1.1 2x0 OK\r\nContent-Length: 0\r\n\r\n",
		"no length":        "HTTP/1.1 200 OK\r\nConnection: close\r\n\r\nbody",
		"cut off":          "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nbody",
		"too much":         "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nbody",
		"a length of none": "HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n",
		"broken chunk":     "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
		"chunk too long":   "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nbody\r\n0\r\n\r\n",
	} {
		t.Run(name, func(t *testing.T) {
			server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
				conn, _, err := http.NewResponseController(w).Hijack()
				if err != nil {
					t.Error(err)
					return
				}
				answer(t, conn, raw)
				if err := conn.Close(); err != nil {
					t.Error(err)
				}
			}))
			defer server.Close()
			host := strings.TrimPrefix(server.URL, "http://")
			c, err := load.Dial(host)
			if err != nil {
				t.Fatal(err)
			}
			defer c.Close()
			if a, err := c.Ask(request(host, "/"), false); err == nil {
				t.Errorf("got %d of %d bytes", a.Status, a.Length)
			}
		})
	}
}

func TestCrowd(t *testing.T) {
	host := answering(t)
	crowd, err := load.Gather(host, 8)
	if err != nil {
		t.Fatal(err)
	}
	defer crowd.Close()
	right := []load.Request{
		{Bytes: request(host, "/short"), Status: 200, Least: 4, Most: 6, Marked: true}, {Bytes: request(host, "/chunks"), Status: 200, Least: 200_000, Most: 200_000},
	}
	r, err := crowd.Ask(right, 8, 100*time.Millisecond)
	if err != nil {
		t.Fatal(err)
	}
	if r.Answers < 8 || r.Times.Count() != r.Answers || r.Marked < r.Answers/4 || r.Marked > r.Answers*3/4 || r.PerSecond() <= 0 {
		t.Errorf("%d answers, %d times, %d marked, %.0f a second", r.Answers, r.Times.Count(), r.Marked, r.PerSecond())
	}
	for _, wrong := range []load.Request{
		{Bytes: request(host, "/short"), Status: 200, Least: 7, Most: 9}, {Bytes: request(host, "/short"), Status: 200, Most: 4},
		{Bytes: request(host, "/unknown"), Status: 200, Most: 1000},
	} {
		if _, err := crowd.Ask([]load.Request{wrong}, 2, 20*time.Millisecond); err == nil || !strings.Contains(err.Error(), "GET /") {
			t.Errorf("a wrong answer: %v", err)
		}
	}
}

// TestTimes holds that the share of times is told within a step.
func TestTimes(t *testing.T) {
	var times load.Times
	if got := times.At(0.99); got != 0 || times.Count() != 0 {
		t.Errorf("no times: %v", got)
	}
	for i := range 100_000 {
		times.Add(time.Duration(i+1) * time.Microsecond)
	}
	for share, want := range map[float64]time.Duration{0: time.Microsecond, 0.5: 50 * time.Millisecond, 0.99: 99 * time.Millisecond, 1: 100 * time.Millisecond} {
		if got := times.At(share); got < want || float64(got) > float64(want)*1.02+1000 {
			t.Errorf("%.2f: got %v, want %v", share, got, want)
		}
	}
	var one, both load.Times
	one.Add(time.Hour)
	both.Merge(&times)
	both.Merge(&one)
	if got := both.At(1); got < time.Hour || got > time.Hour*102/100 || both.Count() != 100_001 {
		t.Errorf("the longest of %d is %v", both.Count(), got)
	}
}
