package handlers_test

import (
	"bufio"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"strconv"
	"syscall"
	"testing"
	"time"

	"congso/handlers"
	"congso/store"
)

// BenchmarkHot is an item's page out of memory, asked for over one loopback connection, beside a bare net/http server that writes the same
// bytes: with its length and type alone, and with the same header. Each is asked in turn, so that they share the machine's moods; times are
// of the processor, the asker's share, which is the same for all, included.
func BenchmarkHot(b *testing.B) {
	p := newPortal(b, store.Options{Dir: b.TempDir()}, seed)
	target := "/tin-tuc/" + p.news.Slug
	page := p.get(target)
	variant := func(change func(*handlers.Options)) http.Handler {
		o := p.options
		o.PageAge, o.Metrics = time.Hour, handlers.NewMetrics()
		o.Log = slog.New(slog.NewJSONHandler(io.Discard, nil))
		change(&o)
		return handlers.New(o)
	}
	servers := []struct {
		name    string
		handler http.Handler
		agent   string
	}{
		{"bare", bare(page, "Content-Type"), browser},
		{"bare-same-header", bare(page), browser},
		{"page", variant(func(*handlers.Options) {}), browser},
		{"page-uncounted", variant(func(*handlers.Options) {}), "curl/8.5.0"},
		{"page-unlogged", variant(func(o *handlers.Options) { o.Log = slog.New(slog.DiscardHandler) }), browser},
	}
	connections := make([]*rawConnection, len(servers))
	for i, s := range servers {
		connections[i] = openRaw(b, s.handler, target, s.agent)
	}
	took := make([]time.Duration, len(servers))
	for b.Loop() {
		for i, c := range connections {
			took[i] += c.ask(b, 100)
		}
	}
	for i, s := range servers {
		b.ReportMetric(float64(took[i].Nanoseconds())/float64(b.N)/100, "ns/"+s.name)
		b.ReportMetric(float64(took[0])/float64(took[i]), "of-bare/"+s.name)
	}
	b.ReportMetric(0, "ns/op") // all together: says nothing
}

// bare writes a page's bytes, with those fields of its header or, when none are named, with all.
func bare(page answer, fields ...string) http.Handler {
	if len(fields) == 0 {
		for key := range page.header {
			fields = append(fields, key)
		}
	}
	body := []byte(page.body)
	return http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		for _, key := range fields {
			w.Header()[key] = page.header[key]
		}
		w.Header().Set("Content-Length", strconv.Itoa(len(body)))
		_, _ = w.Write(body)
	})
}

// rawConnection asks for one page again and again and reads no more of the answers than it must.
type rawConnection struct {
	net.Conn
	reader  *bufio.Reader
	request []byte
	answer  int // bytes of an answer
}

func openRaw(b *testing.B, handler http.Handler, target, agent string) *rawConnection {
	b.Helper()
	server := httptest.NewUnstartedServer(handler)
	server.Config = handlers.Server(handler, slog.New(slog.DiscardHandler))
	if _, portal := handler.(*handlers.Front); portal {
		server.Listener = handlers.Listener(server.Listener)
	}
	server.Start()
	b.Cleanup(server.Close)
	connection, err := net.Dial("tcp", server.Listener.Addr().String())
	must(b, err)
	b.Cleanup(func() { _ = connection.Close() }) // before the server, which waits for it
	c := &rawConnection{Conn: connection, reader: bufio.NewReaderSize(connection, 64<<10)}
	c.request = []byte("GET " + target + " HTTP/1.1\r\nHost: " + host + "\r\nUser-Agent: " + agent + "\r\n\r\n")
	_, err = c.Write(c.request)
	must(b, err)
	response, err := http.ReadResponse(c.reader, nil)
	must(b, err)
	body, err := io.ReadAll(response.Body)
	must(b, err)
	if response.StatusCode != http.StatusOK {
		b.Fatalf("status %d", response.StatusCode)
	}
	_, err = c.Write(c.request) // the first was made, not remembered
	must(b, err)
	for line := ""; line != "\r\n"; {
		line, err = c.reader.ReadString('\n')
		must(b, err)
		c.answer += len(line)
	}
	_, err = c.reader.Discard(len(body))
	must(b, err)
	c.answer += len(body)
	return c
}

func (c *rawConnection) ask(b *testing.B, times int) time.Duration {
	began := processorTime(b)
	for range times {
		if _, err := c.Write(c.request); err != nil {
			b.Fatal(err)
		}
		if _, err := c.reader.Discard(c.answer); err != nil {
			b.Fatal(err)
		}
	}
	return processorTime(b) - began
}

// processorTime is what this process has used.
func processorTime(b *testing.B) time.Duration {
	var use syscall.Rusage
	must(b, syscall.Getrusage(syscall.RUSAGE_SELF, &use))
	return time.Duration(use.Utime.Nano() + use.Stime.Nano())
}
