package store

import (
	"context"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net"
	"strings"
	"syscall"

	"github.com/jackc/pgx/v5/pgconn"
)

// connectFault is why no connection to PostgreSQL came about, in words of whoever looks after the machines. What the driver says of it, a
// line for each try and each layer, is left to Unwrap.
type connectFault struct {
	says  string
	cause error
}

func (f connectFault) Error() string { return f.says }
func (f connectFault) Unwrap() error { return f.cause }

// plainly says in plain words why no connection came about; any other error stays as it is.
func plainly(err error) error {
	var connect *pgconn.ConnectError
	if !errors.As(err, &connect) {
		return err
	}
	var told []string
	for _, try := range triesOf(connect.Unwrap()) {
		told = append(told, "PostgreSQL at "+try.place+": "+try.says(connect.Config))
	}
	if len(told) == 0 {
		return err
	}
	return connectFault{strings.Join(told, "; "), err}
}

// connectTry is what became of the way to one server.
type connectTry struct {
	place string
	cause error
}

// triesOf are the tries that an error of the driver tells of, one for each server: without sslmode it tries with TLS and without.
func triesOf(err error) (tries []connectTry) {
	each := []error{err}
	if joined, ok := err.(interface{ Unwrap() []error }); ok {
		each = joined.Unwrap()
	}
	for _, cause := range each {
		place := triedAt(cause)
		last := len(tries) - 1
		switch {
		case place == "":
		case last < 0 || tries[last].place != place:
			tries = append(tries, connectTry{place, cause})
		case !errors.As(tries[last].cause, new(*pgconn.PgError)): // what the server said tells more than that it has no TLS
			tries[last].cause = cause
		}
	}
	return tries
}

// triedAt is the server that the error of a try names as "10.0.0.11:5432 (db1.example.vn): …", or whose name could not be resolved.
func triedAt(cause error) string {
	var unknown *net.DNSError
	place, _, ok := strings.Cut(cause.Error(), "): ")
	if !ok && errors.As(cause, &unknown) {
		return unknown.Name
	}
	address, name, _ := strings.Cut(place, " (")
	switch {
	case !ok:
		return ""
	case strings.Contains(address, name):
		return address
	}
	return name + " (" + address + ")"
}

// says is what went wrong, and what to do about it.
func (t connectTry) says(config *pgconn.Config) string {
	var (
		server  *pgconn.PgError
		name    *net.DNSError
		network net.Error
	)
	switch err := t.cause; {
	case errors.As(err, &server):
		return serverSays(server, config)
	case errors.As(err, &name):
		return fmt.Sprintf("no machine of the name %s is known here: look for a mistake in the name, and whether this machine can resolve names", name.Name)
	case errors.Is(err, syscall.ECONNREFUSED):
		return "nothing listens there: see that PostgreSQL runs, that it listens to this network (listen_addresses), and that the port is right"
	case errors.Is(err, fs.ErrNotExist):
		return "there is no such socket: see that PostgreSQL runs on this machine, and where its sockets are (unix_socket_directories)"
	case errors.Is(err, pgconn.ErrStandbyConnection):
		return "it is a standby, which takes no writes: name the primary, or promote it if the primary is gone for good"
	case errors.Is(err, context.DeadlineExceeded) || errors.As(err, &network) && network.Timeout():
		return "no answer in time: see that the machine is on, and that no firewall is in the way"
	case errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, syscall.ECONNRESET):
		return "it has broken off the connection: it may be stopping or starting; look into its log"
	}
	return tlsSays(t.cause)
}

// tlsSays is what is wrong with the way, when it is TLS.
func tlsSays(err error) string {
	var (
		authority x509.UnknownAuthorityError
		host      x509.HostnameError
		invalid   x509.CertificateInvalidError
	)
	switch {
	case errors.As(err, &authority):
		return "its certificate is signed by an authority that is not known here: name the authority's file with sslrootcert"
	case errors.As(err, &host):
		return fmt.Sprintf("its certificate is not for the name %s: use a name that it is for, or make one for this name", host.Host)
	case errors.As(err, &invalid):
		return "its certificate cannot be used: " + invalid.Error()
	case strings.Contains(err.Error(), "server refused TLS connection"):
		return "it offers no TLS, which sslmode asks for: turn it on there (ssl = on)"
	}
	_, last, _ := strings.Cut(err.Error(), "): ")
	return last
}

// serverSays is why the server that answered let nobody in. The codes are those of
// https://www.postgresql.org/docs/current/errcodes-appendix.html.
func serverSays(e *pgconn.PgError, config *pgconn.Config) string {
	switch e.Code {
	case "28P01":
		return fmt.Sprintf("the password of the account %s is wrong or missing: see the address, or the passfile that it names", config.User)
	case "28000":
		if strings.Contains(e.Message, "pg_hba.conf") {
			return fmt.Sprintf("it lets nobody in from this machine as %s (%s): add a line to its pg_hba.conf, and reload it", config.User, e.Message)
		}
		return e.Message + ": make the account with createuser, or look for a mistake in its name"
	case "3D000":
		return fmt.Sprintf("it has no database %s: make it with createdb, or look for a mistake in its name", config.Database)
	case "42501":
		return e.Message + ": the account must be allowed to connect to the database (GRANT CONNECT)"
	case "42704", "22023":
		return e.Message + ": look for a mistake in what follows the question mark of the address"
	case "53300":
		return e.Message + ": all of its connections are in use; raise max_connections, or lower pool_max_conns in the address"
	case "57P03":
		return e.Message + ": try again in a moment"
	}
	return e.Message
}
