package handlers_test

import (
	"bufio"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"congso/handlers"
)

// listen answers on a port of its own, as the program does, until the end of the test.
func (p *portal) listen(t *testing.T) (address string) {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	must(t, err)
	server := handlers.Server(p.server, slog.New(slog.DiscardHandler))
	go func() { _ = server.Serve(handlers.Listener(listener)) }() // closed below
	t.Cleanup(func() { must(t, server.Close()) })
	return listener.Addr().String()
}

// TestSplicedConnections: whatever is sent on a connection, answers out of memory come whole, one to each request and in their order, and
// what no request is ends the connection.
func TestSplicedConnections(t *testing.T) {
	p := onePortal(t)
	address := p.listen(t)
	tag := p.get("/tin-tuc").header.Get("ETag")
	get := func(fields ...string) string {
		request := "GET /tin-tuc HTTP/1.1\r\nHost: " + host + "\r\n"
		for _, f := range fields {
			request += f + "\r\n"
		}
		return request + "\r\n"
	}
	last := get("Connection: close")
	old := func(fields string) string { return "GET /tin-tuc HTTP/1.0\r\nHost: " + host + "\r\n" + fields + "\r\n" }
	for name, c := range map[string]struct {
		sent   string
		status []int
	}{
		"one after the other":               {get() + get() + last, []int{200, 200, 200}},
		"of HTTP/1.0":                       {old("") + old(""), []int{200}},
		"of HTTP/1.0 that stays":            {old("Connection: keep-alive\r\n") + old(""), []int{200, 200}},
		"with a body":                       {get("Content-Length: 5") + "hello" + last, []int{200, 200}},
		"with a body that is a request":     {get(fmt.Sprint("Content-Length: ", len(last))) + last + last, []int{200, 200}},
		"with a body in chunks":             {get("Transfer-Encoding: chunked") + "5\r\nhello\r\n0\r\n\r\n" + last, []int{200, 200}},
		"with a body told of twice":         {get("Content-Length: 5", "Transfer-Encoding: chunked") + "0\r\n\r\n" + last, []int{200, 200}},
		"with a body that is too large":     {get("Content-Length: 1000000") + strings.Repeat("a", 1_000_000) + last, []int{200}},
		"that waits for leave to send":      {get("Content-Length: 5", "Expect: 100-continue"), []int{200}},
		"that wants another protocol":       {get("Connection: Upgrade", "Upgrade: websocket") + last, []int{200, 200}},
		"after none":                        {get() + "KHÔNG PHẢI\r\n\r\n" + last, []int{200, 400}},
		"after one that is not found":       {"GET /khong-co HTTP/1.1\r\nHost: " + host + "\r\n\r\n" + last, []int{404, 200}},
		"after one for another host":        {"GET /tin-tuc HTTP/1.1\r\nHost: evil.example\r\n\r\n" + last, []int{400, 200}},
		"after one that changes":            {strings.Replace(get("Content-Length: 0"), "GET", "POST", 1) + last, []int{405, 200}},
		"after one for its header":          {strings.Replace(get(), "GET", "HEAD", 1) + last, []int{200, 200}},
		"after one that has it":             {get("If-None-Match: "+tag) + last, []int{304, 200}},
		"for a whole address":               {strings.Replace(last, "/tin-tuc", base+"/tin-tuc", 1), []int{200}},
		"for another host's whole address":  {strings.Replace(last, "/tin-tuc", "http://evil.example/tin-tuc", 1), []int{400}},
		"for an address that is no address": {strings.Replace(last, "/tin-tuc", "http:tin-tuc", 1), []int{404}},
	} {
		t.Run(name, func(t *testing.T) {
			connection, err := net.Dial("tcp", address)
			must(t, err)
			defer connection.Close()
			must(t, connection.SetDeadline(time.Now().Add(time.Minute)))
			go func() { _, _ = io.WriteString(connection, c.sent) }() // the server may close before it has read everything
			reader := bufio.NewReader(connection)
			var got []int
			for n := 0; ; n++ {
				method, _, _ := strings.Cut(c.sent, " ")
				if n > 0 {
					method = http.MethodGet
				}
				r, err := http.ReadResponse(reader, &http.Request{Method: method})
				if err != nil {
					break
				}
				body, err := io.ReadAll(r.Body)
				must(t, err)
				must(t, r.Body.Close())
				got = append(got, r.StatusCode)
				if want := p.get("/tin-tuc").body; r.StatusCode == http.StatusOK && string(body) != want && method == http.MethodGet {
					t.Errorf("answer %d: %d bytes, want %d", n, len(body), len(want))
				}
				if r.Close && name == "that waits for leave to send" { // which net/http still waits for
					break
				}
			}
			if !slices.Equal(got, c.status) {
				t.Errorf("answers %v, want %v", got, c.status)
			}
		})
	}
}

// TestReadersWhoReadNothing: a reader who asks and asks and takes no answer costs the server no more than the connection's buffers.
func TestReadersWhoReadNothing(t *testing.T) {
	p := onePortal(t)
	o := p.options
	o.PageAge, o.Log = 0, slog.New(slog.DiscardHandler)
	p.server = handlers.New(o)
	address := p.listen(t)
	p.page(t, "/tin-tuc")
	const readers, each = 200, 128 << 10
	used := func() int64 {
		runtime.GC()
		var m runtime.MemStats
		runtime.ReadMemStats(&m)
		return int64(m.HeapInuse + m.StackInuse)
	}
	before := used()
	request := "GET /tin-tuc HTTP/1.1\r\nHost: " + host + "\r\n\r\n"
	for range readers {
		connection, err := net.Dial("tcp", address)
		must(t, err)
		t.Cleanup(func() { _ = connection.Close() })
		must(t, connection.SetWriteDeadline(time.Now().Add(100*time.Millisecond)))
		_, _ = io.WriteString(connection, strings.Repeat(request, 2000)) // more than the buffers of both ends take
	}
	if grown := used() - before; grown > readers*each {
		t.Errorf("%d readers cost %d bytes each", readers, grown/readers)
	}
	if a := p.get("/tin-tuc"); a.status != http.StatusOK {
		t.Errorf("others get %d", a.status)
	}
}
