package storetest

import (
	"bytes"
	"cmp"
	"net"
	"net/url"
	"strings"
	"sync"
	"testing"

	"congso/store"
)

// Proxy stands between a store and its PostgreSQL server, on 127.0.0.1, and can behave as networks do.
type Proxy struct {
	relay   *relay
	mu      sync.Mutex
	commits int // whose answers are still to be lost
}

// NewProxy returns a proxy and options that lead through it to the database that o names. It skips the test when o names none that can be
// reached through one.
func NewProxy(t testing.TB, o store.Options) (*Proxy, store.Options) {
	t.Helper()
	network, server, through := throughProxy(t, o.Database)
	p := &Proxy{}
	p.relay = newRelay(t, network, server, p.loses)
	through.Host = p.relay.address()
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
func (p *Proxy) Stall() { p.relay.stall(true) }

// Resume ends Stall.
func (p *Proxy) Resume() { p.relay.stall(false) }

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
