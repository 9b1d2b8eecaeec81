package storetest

import (
	"bytes"
	"cmp"
	"io"
	"net"
	"net/url"
	"strings"
	"sync"
	"testing"

	"congso/store"
)

// Proxy stands between a store and its PostgreSQL server, on 127.0.0.1, and can behave as networks do.
type Proxy struct {
	mu      sync.Mutex
	stalled bool
	commits int // whose answers are still to be lost
	resumed *sync.Cond
}

// NewProxy returns a proxy and options that lead through it to the database that o names. It skips the test when o names none that can be
// reached through one.
func NewProxy(t testing.TB, o store.Options) (*Proxy, store.Options) {
	t.Helper()
	network, server, through := throughProxy(t, o.Database)
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	p := &Proxy{}
	p.resumed = sync.NewCond(&p.mu)
	t.Cleanup(func() {
		p.Resume()
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
			go p.serve(client, network, server)
		}
	}()
	through.Host = listener.Addr().String()
	o.Database = through.String()
	return p, o
}

// throughProxy splits a database's address into where its server listens and what a proxy's address is to be made from.
func throughProxy(t testing.TB, database string) (network, server string, through *url.URL) {
	t.Helper()
	u, err := url.Parse(database)
	if err != nil || !strings.HasPrefix(u.Scheme, "postgres") {
		t.Skip("no PostgreSQL database")
	}
	query := u.Query()
	host, port := cmp.Or(query.Get("host"), u.Hostname()), cmp.Or(query.Get("port"), u.Port(), "5432")
	if host == "" {
		t.Skip("the address names no host")
	}
	query.Del("host")
	query.Del("port")
	query.Set("sslmode", "disable")
	u.RawQuery = query.Encode()
	if strings.HasPrefix(host, "/") {
		return "unix", host + "/.s.PGSQL." + port, u
	}
	return "tcp", net.JoinHostPort(host, port), u
}

// Stall lets everything that is sent from now on go nowhere; connections stay open, and new ones are accepted.
func (p *Proxy) Stall() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.stalled = true
}

// Resume ends Stall.
func (p *Proxy) Resume() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.stalled = false
	p.resumed.Broadcast()
}

// LoseCommit lets the server do the next commit, and cuts the connection before its answer comes through.
func (p *Proxy) LoseCommit() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.commits++
}

// loses reports whether the answer to what a client sends is to be lost.
func (p *Proxy) loses(sent []byte) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.commits == 0 || !bytes.Contains(sent, []byte("commit\x00")) {
		return false
	}
	p.commits--
	return true
}

func (p *Proxy) waitWhileStalled() {
	p.mu.Lock()
	defer p.mu.Unlock()
	for p.stalled {
		p.resumed.Wait()
	}
}

func (p *Proxy) serve(client net.Conn, network, address string) {
	defer client.Close()
	server, err := net.Dial(network, address)
	if err != nil {
		return // the client sees the connection end
	}
	defer server.Close()
	var lost sync.Mutex // held while an answer is lost
	var both sync.WaitGroup
	copyAll := func(to, from net.Conn, pass func(chunk []byte) error) {
		defer to.Close()
		defer from.Close()
		chunk := make([]byte, 64<<10)
		for {
			n, err := from.Read(chunk)
			p.waitWhileStalled()
			if err != nil || pass(chunk[:n]) != nil {
				return
			}
		}
	}
	cut := false
	both.Go(func() {
		copyAll(server, client, func(chunk []byte) error {
			if p.loses(chunk) {
				lost.Lock()
				cut = true
				lost.Unlock()
			}
			_, err := server.Write(chunk)
			return err
		})
	})
	both.Go(func() {
		copyAll(client, server, func(chunk []byte) error {
			lost.Lock()
			defer lost.Unlock()
			if cut {
				return io.EOF
			}
			_, err := client.Write(chunk)
			return err
		})
	})
	both.Wait()
}
