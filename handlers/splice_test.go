package handlers_test

import (
	"bufio"
	"fmt"
	"io"
	"log/slog"
	"maps"
	"net"
	"net/http"
	"slices"
	"strings"
	"testing"

	"congso/handlers"
)

// TestSplicedAnswers: over a real connection, one request after another or all at once, an answer from memory has the same header and the
// same bytes as the one that net/http makes of fields.
func TestSplicedAnswers(t *testing.T) {
	p := onePortal(t)
	p.counted("/dem")
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	must(t, err)
	server := handlers.Server(p.server, slog.New(slog.DiscardHandler))
	go func() { _ = server.Serve(handlers.Listener(listener)) }() // closed below
	t.Cleanup(func() { must(t, server.Close()) })
	tag := p.get("/tin-tuc").header.Get("ETag")
	asks := []struct{ method, target, fields string }{
		{"GET", "/tin-tuc", ""}, {"GET", "/tin-tuc", "Accept-Encoding: gzip\r\n"}, {"HEAD", "/tin-tuc", ""}, {"GET", "/tin-tuc", "If-None-Match: " + tag + "\r\n"},
		{"GET", "/khong-co", ""}, {"GET", "/rss.xml", ""}, {"GET", "/robots.txt", ""}, {"POST", "/tin-tuc", "Content-Length: 0\r\n"}, {"GET", "/dem", ""}, {"GET", "/healthz", ""},
		{"GET", "/tin-tuc", "Connection: close\r\n"},
	}
	for _, together := range []bool{true, false} {
		connection, err := net.Dial("tcp", listener.Addr().String())
		must(t, err)
		reader := bufio.NewReader(connection)
		var requests []string
		for _, a := range asks {
			requests = append(requests, fmt.Sprintf("%s %s HTTP/1.1\r\nHost: %s\r\nUser-Agent: %s\r\n%s\r\n", a.method, a.target, host, browser, a.fields))
		}
		if together {
			_, err := io.WriteString(connection, strings.Join(requests, ""))
			must(t, err)
		}
		for i, a := range asks {
			if !together {
				_, err := io.WriteString(connection, requests[i])
				must(t, err)
			}
			got, err := http.ReadResponse(reader, &http.Request{Method: a.method})
			must(t, err)
			body := readAll(t, got.Body)
			want := p.do(a.method, a.target, func(r *http.Request) {
				if key, value, ok := strings.Cut(strings.TrimSpace(a.fields), ": "); ok && key != "Connection" {
					r.Header.Set(key, value)
				}
			})
			if got.StatusCode != want.status || a.target != "/khong-co" && a.method == "GET" && body != want.body {
				t.Errorf("%v: %d, %d bytes; want %d, %d", a, got.StatusCode, len(body), want.status, len(want.body))
			}
			for _, h := range []http.Header{got.Header, want.header} {
				for _, key := range []string{"X-Request-Id", "Date", "Connection"} {
					h.Del(key)
				}
			}
			if a.target != "/khong-co" { // its text, which has the request's id, is the same length all the same
				if !maps.EqualFunc(got.Header, want.header, slices.Equal) && a.method != "POST" && a.target != "/healthz" {
					t.Errorf("%v:\n%v\nwant\n%v", a, got.Header, want.header)
				}
			}
		}
		if rest, err := io.ReadAll(reader); err != nil || len(rest) > 0 {
			t.Errorf("after the last answer: %q, %v", rest, err)
		}
		must(t, connection.Close())
	}
}
