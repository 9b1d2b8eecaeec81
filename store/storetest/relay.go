package storetest

import (
	"io"
	"net"
	"sync"
	"testing"
)

// relay hands connections on to a server, or keeps what comes to itself.
type relay struct {
	listener        net.Listener
	network, server string
	loses           func(sent []byte) bool // whether the answer to what a client sends is to be lost, and the connection with it; nil for never

	mu      sync.Mutex
	stalled bool
	resumed *sync.Cond
	count   int
}

func newRelay(t testing.TB, network, server string, loses func(sent []byte) bool) *relay {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	r := &relay{listener: listener, network: network, server: server, loses: loses}
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

func (r *relay) address() string { return r.listener.Addr().String() }

// stall lets everything that is sent from now on wait, or go on; connections stay open, and new ones are accepted.
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

// serve joins a connection with one to the server; one that the server refuses ends. Whoever ends it ends it for both.
func (r *relay) serve(client net.Conn) {
	defer client.Close()
	server, err := net.Dial(r.network, r.server)
	if err != nil {
		return
	}
	defer server.Close()
	r.mu.Lock()
	r.count++
	r.mu.Unlock()
	var lost sync.Mutex // held while an answer is lost
	cut := false
	var both sync.WaitGroup
	both.Go(func() {
		r.pump(server, client, func(piece []byte) error {
			if r.loses != nil && r.loses(piece) {
				lost.Lock()
				cut = true
				lost.Unlock()
			}
			_, err := server.Write(piece)
			return err
		})
	})
	both.Go(func() {
		r.pump(client, server, func(piece []byte) error {
			lost.Lock()
			defer lost.Unlock()
			if cut {
				return io.EOF
			}
			_, err := client.Write(piece)
			return err
		})
	})
	both.Wait()
}

// pump passes what comes on, piece by piece, while nothing is stalled.
func (r *relay) pump(to, from net.Conn, pass func(piece []byte) error) {
	defer to.Close()
	defer from.Close()
	piece := make([]byte, 64<<10)
	for {
		n, err := from.Read(piece)
		r.waitWhileStalled()
		if n > 0 && pass(piece[:n]) != nil || err != nil {
			return
		}
	}
}

func (r *relay) waitWhileStalled() {
	r.mu.Lock()
	defer r.mu.Unlock()
	for r.stalled {
		r.resumed.Wait()
	}
}
