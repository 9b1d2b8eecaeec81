package handlers

import (
	"bytes"
	"context"
	"errors"
	"net"
	"net/http"
	"strings"
)

// net/http copies, sorts and cleans the fields of a header for each answer, which for a page from memory takes about as long as all else
// that is done for it. Those of a kept page are the same each time: they are written once, as lines, and put behind the status line when
// net/http sends its own. This is for plain HTTP/1 alone; a connection under TLS, and HTTP/2, gets fields as ever.

// Listener has connections for Server that take ready lines.
func Listener(l net.Listener) net.Listener { return spliceListener{l} }

type spliceListener struct{ net.Listener }

// Accept waits for the next connection.
func (l spliceListener) Accept() (net.Conn, error) {
	c, err := l.Listener.Accept()
	if tcp, ok := c.(*net.TCPConn); ok && err == nil {
		return &spliceConn{TCPConn: tcp}, nil
	}
	return c, err
}

// spliceConn puts lines behind the status line of the next answer. Only the goroutine that answers the connection's requests, one after
// another, may use lines.
type spliceConn struct {
	*net.TCPConn
	lines []byte // shared, nil for none
	own   []byte // lines of this answer alone
	body  []byte // of the answer that the lines are for, to go out with them; nil for none
	sent  int    // bytes of the body that have gone out, and are still to come from net/http
	parts [5][]byte
	whole net.Buffers // of parts
}

var errSplice = errors.New("an answer does not begin with a status line")

// Write sends p. Rather than leave lines out that were to stand in the answer, it fails.
func (c *spliceConn) Write(p []byte) (int, error) {
	if c.sent > 0 {
		n := min(len(p), c.sent)
		if c.sent -= n; n < len(p) {
			more, err := c.TCPConn.Write(p[n:])
			return n + more, err
		}
		return n, nil
	}
	if len(c.lines) == 0 {
		return c.TCPConn.Write(p)
	}
	end := bytes.IndexByte(p, '\n') + 1
	if end == 0 || !bytes.HasPrefix(p, []byte("HTTP/1.")) {
		return 0, errSplice
	}
	body := c.ahead(p)
	c.parts = [5][]byte{p[:end], c.lines, c.own, p[end:], body}
	c.lines, c.body = nil, nil // a connection that waits for its next request keeps no page
	c.whole = c.parts[:]
	if _, err := c.whole.WriteTo(c.TCPConn); err != nil {
		return 0, err
	}
	c.sent = len(body)
	return len(p), nil
}

// ahead is what of the body p, an answer's beginning, does not hold yet: net/http sends what fits into its buffer, and then the rest.
func (c *spliceConn) ahead(p []byte) []byte {
	header := bytes.Index(p, []byte("\r\n\r\n")) + 4
	if header < 4 || !bytes.HasPrefix(c.body, p[header:]) {
		return nil
	}
	return c.body[len(p)-header:]
}

type connKey struct{}

// rememberConn lets handlers find the connection.
func rememberConn(ctx context.Context, c net.Conn) context.Context {
	if s, ok := c.(*spliceConn); ok {
		return context.WithValue(ctx, connKey{}, s)
	}
	return ctx
}

// spliced is the connection that r came on, nil when it takes no lines.
func spliced(r *http.Request) *spliceConn {
	if r.ProtoMajor != 1 {
		return nil
	}
	c, _ := r.Context().Value(connKey{}).(*spliceConn)
	return c
}

// headerLines are fields as lines. Values hold no line's end: net/http too makes a space of one.
func headerLines(fields []field) []byte {
	size := 0
	for _, f := range fields {
		for _, value := range f.values {
			size += len(f.key) + len(value) + len(": \r\n")
		}
	}
	lines := make([]byte, 0, size)
	for _, f := range fields {
		for _, value := range f.values {
			if strings.ContainsAny(value, "\r\n") {
				value = strings.NewReplacer("\r", " ", "\n", " ").Replace(value)
			}
			lines = append(append(append(append(lines, f.key...), ": "...), value...), "\r\n"...)
		}
	}
	return lines
}
