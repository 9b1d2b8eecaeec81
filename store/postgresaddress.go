package store

import (
	"context"
	"crypto/tls"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgconn/ctxwatch"
)

// Connections of one copy of the program, unless the address says otherwise: by pool_max_conns, of which a third writes, and by
// pool_max_conn_lifetime and pool_max_conn_idle_time. The names are those of pgx.
const (
	connections  = 12
	connLifetime = 30 * time.Minute // a server that has been left behind by a switch of its name is left in the end
	connIdle     = 5 * time.Minute
)

// postgresAddress is what the address of a PostgreSQL database says.
type postgresAddress struct {
	config         *pgx.ConnConfig
	most           int // connections
	lifetime, idle time.Duration
}

// readAddress reads an address. Whatever pgx takes may stand in it, and what it does not know goes to the server as a setting; ours are set
// only where the address says nothing. The error does not hold passwords that can be told from the rest.
func readAddress(address string) (a postgresAddress, err error) {
	a = postgresAddress{most: connections, lifetime: connLifetime, idle: connIdle}
	if oddPassword(address) {
		return a, errOddPassword
	}
	if a.config, err = pgx.ParseConfig(address); err != nil {
		if strings.Count(accountOf(address), "@") > 1 {
			return a, errOddPassword
		}
		return a, err
	}
	if err := a.takePool(); err != nil {
		return a, err
	}
	limit := max(patience/time.Duration(1+len(a.config.Fallbacks)), time.Second) // for each of several hosts
	if a.config.ConnectTimeout == 0 || a.config.ConnectTimeout > limit {
		a.config.ConnectTimeout = limit
	}
	alive := net.KeepAliveConfig{Enable: true, Idle: 15 * time.Second, Interval: 5 * time.Second, Count: 3}
	a.config.DialFunc = (&net.Dialer{KeepAliveConfig: alive}).DialContext
	// A statement whose time is over is cancelled on the server; when that does not answer within a second either, the connection is given up.
	a.config.BuildContextWatcherHandler = func(conn *pgconn.PgConn) ctxwatch.Handler {
		return &pgconn.CancelRequestContextWatcherHandler{Conn: conn, DeadlineDelay: time.Second}
	}
	a.usually(map[string]string{
		"application_name": "congso", "tcp_keepalives_idle": "30", "tcp_keepalives_interval": "10", "tcp_keepalives_count": "3", "tcp_user_timeout": "15000",
	})
	return a, nil
}

// errOddPassword holds nothing of the address: parts of the password may stand where a host is looked for.
var errOddPassword = errors.New("the password holds a character that cuts the address short: write @ as %40, / as %2F, ? as %3F, # as %23, % as %25, or put the password into a passfile")

// oddPassword reports whether an address looks as one whose password holds what ends it, or the host, for whoever reads addresses.
func oddPassword(address string) bool {
	_, rest, _ := strings.Cut(address, "://")
	rest, query, _ := strings.Cut(rest, "?")
	_, path, _ := strings.Cut(rest, "/")
	account := accountOf(address)
	first, _, at := strings.Cut(query, "@")
	switch {
	case strings.Contains(path, "@") || strings.Contains(rest, "#"):
		return true
	case at && !strings.Contains(account, "@") && !strings.Contains(first, "="): // "postgres://account:pass?word@host/…"
		return true
	}
	_, err := url.PathUnescape(account)
	return err != nil
}

// accountOf is what stands before the first slash or question mark of an address: account, password and hosts.
func accountOf(address string) string {
	_, rest, _ := strings.Cut(address, "://")
	if end := strings.IndexAny(rest, "/?"); end >= 0 {
		rest = rest[:end]
	}
	return rest
}

// takePool reads what the address says of the pools, which the server does not know.
func (a *postgresAddress) takePool() error {
	if text, ok := a.take("pool_max_conns"); ok {
		n, err := strconv.Atoi(text)
		if err != nil || n < 2 || n > 1000 {
			return fmt.Errorf("pool_max_conns=%s is no number of connections from 2 to 1000", text)
		}
		a.most = n
	}
	for name, into := range map[string]*time.Duration{"pool_max_conn_lifetime": &a.lifetime, "pool_max_conn_idle_time": &a.idle} {
		text, ok := a.take(name)
		if !ok {
			continue
		}
		d, err := time.ParseDuration(text)
		if err != nil || d < time.Second {
			return fmt.Errorf("%s=%s is no time of a second or more, such as 30m", name, text)
		}
		*into = d
	}
	return nil
}

func (a *postgresAddress) take(name string) (string, bool) {
	text, ok := a.config.RuntimeParams[name]
	delete(a.config.RuntimeParams, name)
	return text, ok
}

// usually has the server take settings for the session that the address does not give.
func (a *postgresAddress) usually(settings map[string]string) {
	for name, value := range settings {
		if _, given := a.config.RuntimeParams[name]; !given {
			a.config.RuntimeParams[name] = value
		}
	}
}

// writers is how many connections write at once, readers how many read.
func (a postgresAddress) writers() int { return max(a.most/3, 1) }
func (a postgresAddress) readers() int { return a.most - a.writers() }

// short has the server end what the program has given up already, should it not hear of that: when a copy's machine dies in the middle of a change, the
// others wait for its end.
func (a postgresAddress) short() postgresAddress {
	a.config = a.config.Copy()
	ms := func(d time.Duration) string { return strconv.FormatInt(d.Milliseconds(), 10) }
	a.usually(map[string]string{
		"statement_timeout": ms(2 * patience), "lock_timeout": ms(patience), "idle_in_transaction_session_timeout": ms(2 * patience),
	})
	return a
}

// primary leads to the server that takes writes, whichever of the hosts that is.
func (a postgresAddress) primary() *pgx.ConnConfig {
	config := a.short().config
	config.ValidateConnect = pgconn.ValidateConnectTargetSessionAttrsPrimary
	return config
}

// reading is primary for connections that write nothing: a statement that does is an error, as it is on SQLite's.
func (a postgresAddress) reading() *pgx.ConnConfig {
	config := a.primary()
	config.RuntimeParams["default_transaction_read_only"] = "on"
	return config
}

// standby leads to a server to read from, whether or not it takes writes.
func (a postgresAddress) standby() *pgx.ConnConfig {
	config := a.short().config
	config.ConnectTimeout = min(config.ConnectTimeout, replicaPatience)
	config.RuntimeParams["default_transaction_read_only"] = "on"
	return config
}

// lasting is primary for work that takes its time. It does not wait for others' locks without end, since whoever comes after it waits too.
func (a postgresAddress) lasting() *pgx.ConnConfig {
	config := a.config.Copy()
	config.ValidateConnect = pgconn.ValidateConnectTargetSessionAttrsPrimary
	for name, value := range map[string]string{"statement_timeout": "0", "idle_in_transaction_session_timeout": "0", "lock_timeout": "30000"} {
		config.RuntimeParams[name] = value
	}
	return config
}

// pool is a pool of so many connections.
func (a postgresAddress) pool(connect driver.Connector, most int) *sql.DB {
	db := sql.OpenDB(connect)
	db.SetMaxOpenConns(most)
	db.SetMaxIdleConns(most)
	db.SetConnMaxLifetime(a.lifetime)
	db.SetConnMaxIdleTime(a.idle)
	return db
}

// CheckAddress reports what is wrong with the address of a PostgreSQL database, without asking anybody.
func CheckAddress(address string) error {
	_, err := readAddress(address)
	return err
}

// OpenHosts are the hosts of a PostgreSQL address to which the way is open: over a network and without sslmode=verify-full, so that somebody
// on it may read what is sent, or answer in the host's place.
func OpenHosts(address string) (hosts []string, err error) {
	a, err := readAddress(address)
	if err != nil {
		return nil, err
	}
	add := func(host string, port uint16, t *tls.Config) {
		if network, _ := pgconn.NetworkAddress(host, port); network == "unix" || onThisMachine(host) || t != nil && !t.InsecureSkipVerify {
			return
		}
		if len(hosts) == 0 || hosts[len(hosts)-1] != host { // sslmode=prefer names each twice
			hosts = append(hosts, host)
		}
	}
	add(a.config.Host, a.config.Port, a.config.TLSConfig)
	for _, f := range a.config.Fallbacks {
		add(f.Host, f.Port, f.TLSConfig)
	}
	return hosts, nil
}

func onThisMachine(host string) bool {
	ip, err := netip.ParseAddr(host)
	return strings.EqualFold(host, "localhost") || err == nil && ip.IsLoopback()
}

// lost reports whether err, of a call on conn, came with the end of the connection, and not with that of ctx.
func lost(ctx context.Context, err error, conn *pgx.Conn) bool {
	return err != nil && ctx.Err() == nil && conn.IsClosed() && !errors.Is(err, context.DeadlineExceeded)
}
