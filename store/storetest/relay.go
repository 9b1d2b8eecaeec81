package storetest

import (
	"errors"
	"net"
	"sync"
	"testing"
)

// relay hands connections on to a server, or keeps what comes to itself.
type relay struct {
	listener net.Listener
	server   string

	mu      sync.Mutex
	stalled bool
	resumed *sync.Cond
	count   int
}

func newRelay(t testing.TB, server string) *relay {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	r := &relay{listener: listener, server: server}
	r.resumed = sync.NewCond(&r.mu)
	t.Cleanup(func() {
		r.stall(false)
		if err := listener.Close(); err != nil {
			t.Error(err)
		}
	})
	go func() {
		for {
			client, err := listener.Accept()
			if err != nil {
				return // closed
			}
			go r.serve(client)
		}
	}()
	return r
}

func (r *relay) stall(stalled bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.stalled = stalled
	r.resumed.Broadcast()
}

func (r *relay) connections() int {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.count
}

// serve joins a connection with one to the server; one that the server refuses ends.
func (r *relay) serve(client net.Conn) {
	defer client.Close()
	server, err := net.Dial("tcp", r.server)
	if err != nil {
		return
	}
	defer server.Close()
	r.mu.Lock()
	r.count++
	r.mu.Unlock()
	done := make(chan error, 2)
	go func() { done <- r.pump(server, client) }()
	go func() { done <- r.pump(client, server) }()
	<-done // whoever ends it ends it for both
}

// pump copies, piece by piece, while nothing is stalled.
func (r *relay) pump(to, from net.Conn) error {
	piece := make([]byte, 64<<10)
	for {
		n, err := from.Read(piece)
		r.mu.Lock()
		for r.stalled {
			r.resumed.Wait()
		}
		r.mu.Unlock()
		_, failed := to.Write(piece[:n])
		if err := errors.Join(err, failed); err != nil {
			return err
		}
	}
}
