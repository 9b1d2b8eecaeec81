package handlers_test

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/labstack/echo/v4"

	"congso/handlers"
)

// listening serves the portal on loopback; how makes of the listener what is served on.
func (p *portal) listening(t *testing.T, how func(net.Listener) net.Listener) (address string) {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	must(t, err)
	server := handlers.Server(p.server, slog.New(slog.DiscardHandler))
	go func() { _ = server.Serve(how(listener)) }() // closed below
	t.Cleanup(func() { must(t, server.Close()) })
	return listener.Addr().String()
}

var (
	answerHead = regexp.MustCompile(`(?s)HTTP/1\.[01] \d{3} .*?\r\n\r\n`)
	ownOfEach  = regexp.MustCompile(`Date: [^\r]*|X-Request-Id: [A-Z2-7]{12}|[A-Z2-7]{12}`)
)

// conversation writes all of sent to a new connection and returns what comes until the server closes it, the fields of each answer sorted.
func conversation(t *testing.T, address, sent string, slowly bool) string {
	t.Helper()
	connection, err := net.Dial("tcp", address)
	must(t, err)
	defer connection.Close()
	must(t, connection.SetDeadline(time.Now().Add(time.Minute)))
	if slowly {
		must(t, connection.(*net.TCPConn).SetReadBuffer(256<<10))
	}
	go connection.Write([]byte(sent)) // the server may answer and close before it has read everything
	if slowly {
		time.Sleep(50 * time.Millisecond) // what the server sends fills all buffers and waits
	}
	got, err := io.ReadAll(connection)
	must(t, err)
	got = answerHead.ReplaceAllFunc(got, func(head []byte) []byte {
		lines := bytes.Split(bytes.TrimSuffix(head, []byte("\r\n\r\n")), []byte("\r\n"))
		slices.SortFunc(lines[1:], bytes.Compare)
		return append(bytes.Join(lines, []byte("\r\n")), "\r\n\r\n"...)
	})
	return string(ownOfEach.ReplaceAll(got, []byte("#")))
}

// TestSplicedConversations: whatever comes over a connection, in whatever order and however much at once, each byte of the answers but
// their ids and dates is the one that net/http sends by itself.
func TestSplicedConversations(t *testing.T) {
	p := onePortal(t)
	var failing atomic.Bool
	p.server.GET("/luc", func(c echo.Context) error {
		if failing.Load() {
			return errors.New("hỏng")
		}
		return c.String(http.StatusOK, strings.Repeat("có lúc ", 900))
	})
	p.server.GET("/lon", func(c echo.Context) error {
		return c.Blob(http.StatusOK, "text/plain", bytes.Repeat([]byte("0123456789"), 300_000))
	})
	p.server.GET("/rong", func(c echo.Context) error { return c.NoContent(http.StatusOK) })
	p.server.GET("/be", func(c echo.Context) error { return c.HTMLBlob(http.StatusOK, []byte("bé")) })
	for _, size := range []int{1500, 2047, 2048, 2049, 2600, 2800, 3000, 3300, 4095, 4096, 4097, 8192} { // about the sizes of net/http's buffers
		p.server.GET(fmt.Sprint("/co/", size), func(c echo.Context) error {
			return c.Blob(http.StatusOK, "text/plain", bytes.Repeat([]byte("x"), size))
		})
	}
	p.get("/luc")
	p.clock.Add(2 * time.Second)
	failing.Store(true)
	if a := p.get("/luc"); a.header.Get("Cache-Status") == "" {
		t.Fatal("a failing page is not shown from before")
	}
	tag := p.get("/tin-tuc").header.Get("ETag")
	ask := func(line, fields string) string {
		return line + "\r\nHost: " + host + "\r\nUser-Agent: " + browser + "\r\n" + fields + "\r\n"
	}
	get := func(target string) string { return ask("GET "+target+" HTTP/1.1", "") }
	sizes := ""
	for _, size := range []int{1500, 2047, 2048, 2049, 2600, 2800, 3000, 3300, 4095, 4096, 4097, 8192} {
		target := fmt.Sprint("/co/", size)
		sizes += get(target) + ask("HEAD "+target+" HTTP/1.1", "") + get(target)
	}
	gzip, br := "Accept-Encoding: gzip\r\n", "Accept-Encoding: br\r\n"
	conversations := map[string]string{
		"pages":                 get("/tin-tuc") + get("/") + get("/tin-tuc/"+p.news.Slug) + get("/rss.xml"),
		"sizes":                 sizes,
		"one page in all forms": get("/tin-tuc") + ask("GET /tin-tuc HTTP/1.1", gzip) + ask("GET /tin-tuc HTTP/1.1", br) + ask("HEAD /tin-tuc HTTP/1.1", gzip) + ask("GET /tin-tuc HTTP/1.1", "If-None-Match: "+tag+"\r\n") + get("/tin-tuc"),
		"large and small":       get("/lon") + get("/be") + get("/rong") + get("/lon") + ask("HEAD /lon HTTP/1.1", "") + get("/be"),
		"no page between pages": get("/tin-tuc") + get("/khong-co") + get("/tin-tuc") + get("/robots.txt") + ask("GET /robots.txt HTTP/1.1", "Range: bytes=0-3\r\n") + get("/tin-tuc") + ask("OPTIONS /tin-tuc HTTP/1.1", "") + get("//evil.example/") + get("/tin-tuc/"),
		"part of a page":        ask("GET /tin-tuc HTTP/1.1", "Range: bytes=0-9\r\n") + get("/tin-tuc"),
		"a page of before":      get("/luc") + get("/be") + get("/luc") + ask("HEAD /luc HTTP/1.1", "") + get("/luc"),
		"close":                 get("/tin-tuc") + ask("GET /lon HTTP/1.1", "Connection: close\r\n") + get("/tin-tuc"),
		"1.0":                   ask("GET /tin-tuc HTTP/1.0", "") + get("/tin-tuc"),
		"1.0, kept":             ask("GET /tin-tuc HTTP/1.0", "Connection: keep-alive\r\n") + ask("GET /lon HTTP/1.0", "Connection: keep-alive\r\n") + get("/be"),
		"1.0, HEAD":             ask("HEAD /tin-tuc HTTP/1.0", "Connection: keep-alive\r\n") + get("/be"),
		"body":                  ask("GET /tin-tuc HTTP/1.1", "Content-Length: 5\r\n") + "abcde" + get("/be"),
		"body like a request":   ask("GET /tin-tuc HTTP/1.1", fmt.Sprintf("Content-Length: %d\r\n", len(get("/lon")))) + get("/lon") + get("/be"),
		"body, large":           ask("GET /tin-tuc HTTP/1.1", "Content-Length: 400000\r\n") + strings.Repeat("a", 400_000) + get("/be"),
		"body, chunked":         ask("GET /tin-tuc HTTP/1.1", "Transfer-Encoding: chunked\r\n") + "3\r\nabc\r\n0\r\n\r\n" + get("/be"),
		"body, chunked wrongly": ask("GET /tin-tuc HTTP/1.1", "Transfer-Encoding: chunked\r\n") + "zz\r\nabc\r\n0\r\n\r\n" + get("/be"),
		"body, two lengths":     ask("GET /tin-tuc HTTP/1.1", "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n") + "0\r\n\r\n" + get("/be"),
		"expects":               ask("GET /tin-tuc HTTP/1.1", "Content-Length: 5\r\nExpect: 100-continue\r\n") + "abcde" + get("/be"),
		"expects, no body":      ask("GET /tin-tuc HTTP/1.1", "Expect: 100-continue\r\n") + get("/be"),
		"expects more":          ask("GET /tin-tuc HTTP/1.1", "Expect: a miracle\r\n") + get("/be"),
		"another form":          ask("GET http://"+host+"/tin-tuc HTTP/1.1", "") + get("/%74in-tuc") + get("/tin-tuc/../tin-tuc") + get("/%2e%2e/tin-tuc") + get("/Tin-Tuc") + get("/tin-tuc?trang=2;nam=1") + get("/tin-tuc?trang=1&trang=2") + get("/tin-tuc?trang=%zz") + ask("GET * HTTP/1.1", "") + get("/tin-tuc"),
		"another host":          "GET /tin-tuc HTTP/1.1\r\nHost: evil.example\r\n\r\n" + ask("GET http://evil.example/tin-tuc HTTP/1.1", "") + "GET /tin-tuc HTTP/1.1\r\nHost: " + host + ".\r\nX-Forwarded-Host: evil.example\r\n\r\n" + get("/tin-tuc"),
		"a form":                ask("POST /hien-thi HTTP/1.1", "Content-Type: application/x-www-form-urlencoded\r\nContent-Length: 8\r\n") + "nen=dark" + get("/tin-tuc") + ask("GET /tin-tuc HTTP/1.1", "X-HTTP-Method-Override: DELETE\r\n"),
		"upgrade":               ask("GET /tin-tuc HTTP/1.1", "Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABkAAQAAP__\r\n") + get("/be"),
		"nonsense":              get("/tin-tuc") + "\x00\x01 nonsense\r\n\r\n" + get("/be"),
		"long":                  strings.Repeat(get("/tin-tuc")+get("/lon"), 2) + strings.Repeat(get("/be")+ask("HEAD /tin-tuc HTTP/1.1", br), 50),
	}
	plain, spliced := p.listening(t, func(l net.Listener) net.Listener { return l }), p.listening(t, handlers.Listener)
	last := ask("GET /robots.txt HTTP/1.1", "Connection: close\r\n")
	for range 20 { // packed with Brotli from here on
		p.get("/tin-tuc", with("Accept-Encoding", "br"))
	}
	for name, sent := range conversations {
		want := conversation(t, plain, sent+last, false)
		for _, slowly := range []bool{false, true} {
			if slowly && !strings.Contains(sent, "/lon") {
				continue // it fits into the buffers
			}
			got := conversation(t, spliced, sent+last, slowly)
			if got != want || !strings.HasPrefix(want, "HTTP/1.") {
				at := 0
				for at < min(len(got), len(want)) && got[at] == want[at] {
					at++
				}
				t.Errorf("%s, slowly %t: %d bytes, want %d; from byte %d %.300q, want %.300q", name, slowly, len(got), len(want), at, got[at:], want[at:])
			}
		}
		left, err := net.Dial("tcp", spliced)
		must(t, err)
		_, err = io.WriteString(left, get("/lon"))
		must(t, err)
		_, err = io.ReadFull(left, make([]byte, 10))
		must(t, err)
		must(t, left.Close()) // half-way
	}
}
