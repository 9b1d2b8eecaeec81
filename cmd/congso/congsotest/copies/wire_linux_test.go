package copies

import (
	"io"
	"net"
	"net/url"
	"sync"
	"testing"
)

// wire leads to a PostgreSQL server, until it is cut.
type wire struct {
	server string // the server's socket

	mu    sync.Mutex
	isCut bool
	ends  map[net.Conn]bool // of all that is connected
}

// newWire returns a wire that begins at an address, and how a database that is reached by a socket is reached through it.
func newWire(t testing.TB, address, database string) (w *wire, through string) {
	t.Helper()
	u, err := url.Parse(database)
	if err != nil {
		t.Fatal(err)
	}
	query := u.Query()
	w = &wire{server: query.Get("host") + "/.s.PGSQL.5432", ends: map[net.Conn]bool{}}
	listener, err := net.Listen("tcp", address)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := listener.Close(); err != nil {
			t.Error(err)
		}
		w.cut()
	})
	go w.accept(listener)
	query.Del("host")
	query.Set("sslmode", "disable")
	u.Host, u.RawQuery = address, query.Encode()
	return w, u.String()
}

func (w *wire) accept(listener net.Listener) {
	for {
		client, err := listener.Accept()
		if err != nil {
			return // closed
		}
		go w.connect(client)
	}
}

func (w *wire) connect(client net.Conn) {
	defer client.Close()
	server, err := net.Dial("unix", w.server)
	if err != nil {
		return // the client sees its connection end
	}
	defer server.Close()
	if !w.hold(client, server) {
		return
	}
	var both sync.WaitGroup
	for to, from := range map[net.Conn]net.Conn{client: server, server: client} {
		both.Go(func() {
			_, _ = io.Copy(to, from) // however it ends, both are closed
			to.Close()
			from.Close()
		})
	}
	both.Wait()
	w.release(client, server)
}

// hold notes what a cut is to close, and reports false when the wire is cut already.
func (w *wire) hold(ends ...net.Conn) bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.isCut {
		return false
	}
	for _, end := range ends {
		w.ends[end] = true
	}
	return true
}

func (w *wire) release(ends ...net.Conn) {
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, end := range ends {
		delete(w.ends, end)
	}
}

// cut ends all connections, and each that is made until mend.
func (w *wire) cut() {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.isCut = true
	for end := range w.ends {
		end.Close()
	}
}

func (w *wire) mend() {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.isCut = false
}
