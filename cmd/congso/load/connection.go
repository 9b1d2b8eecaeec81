// Package load asks a server from many connections at once and measures how it answers. It is lean, so that the machine's time goes to the
// server: requests are bytes made beforehand, and no more of an answer is looked at than its status and where it ends.
package load

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"net"
	"strconv"
	"time"
)

// Answer is what a request got. Header and Body are filled in only when the whole answer was asked for.
type Answer struct {
	Status int
	Length int // bytes of the body, as they came
	Header []Field
	Body   []byte
}

// Field is a line of an answer's header.
type Field struct{ Name, Value string }

// Connection is an HTTP/1.1 connection that is kept. It is not safe for concurrent use.
type Connection struct {
	conn net.Conn
	in   *bufio.Reader
}

// answerWithin is how long an answer may take at most.
const answerWithin = 30 * time.Second

// Dial opens a connection to an address of host and port.
func Dial(address string) (*Connection, error) {
	conn, err := net.DialTimeout("tcp", address, answerWithin)
	if err != nil {
		return nil, err
	}
	return &Connection{conn, bufio.NewReaderSize(conn, 64<<10)}, nil
}

// Close ends the connection.
func (c *Connection) Close() error { return c.conn.Close() }

// Within bounds all that is asked from now on.
func (c *Connection) Within(d time.Duration) error { return c.conn.SetDeadline(time.Now().Add(d)) }

// Errors of answers after which a connection cannot be kept.
var (
	errNoLength = errors.New("the answer has neither a length nor chunks")
	errMore     = errors.New("there is more than the answer")
)

// Ask sends a GET request and reads its answer. Unless whole, it allocates nothing.
func (c *Connection) Ask(request []byte, whole bool) (a Answer, err error) {
	if _, err := c.conn.Write(request); err != nil {
		return a, err
	}
	length, chunked, err := c.readHead(&a, whole)
	switch {
	case err != nil:
	case a.Status == 304 || a.Status == 204:
	case chunked:
		err = c.readChunks(&a, whole)
	case length >= 0:
		err = c.readBody(&a, length, whole)
	default:
		err = errNoLength
	}
	if err == nil && c.in.Buffered() > 0 {
		err = errMore
	}
	return a, err
}

// readHead reads the status line and the header; length is -1 when there is none.
func (c *Connection) readHead(a *Answer, whole bool) (length int, chunked bool, err error) {
	line, err := c.line()
	if err != nil {
		return 0, false, err
	}
	if len(line) < len("HTTP/1.1 200") || !bytes.HasPrefix(line, []byte("HTTP/1.1 ")) {
		return 0, false, fmt.Errorf("no HTTP/1.1 answer: %q", line)
	}
	if a.Status, err = number(line[9:12]); err != nil {
		return 0, false, fmt.Errorf("status %q: %w", line, err)
	}
	for length = -1; ; {
		if line, err = c.line(); err != nil || len(line) == 0 {
			return length, chunked, err
		}
		name, value, _ := bytes.Cut(line, []byte(": "))
		switch {
		case bytes.EqualFold(name, []byte("Content-Length")):
			if length, err = number(value); err != nil {
				return 0, false, fmt.Errorf("%q: %w", line, err)
			}
		case bytes.EqualFold(name, []byte("Transfer-Encoding")):
			chunked = bytes.EqualFold(value, []byte("chunked"))
		}
		if whole {
			a.Header = append(a.Header, Field{string(name), string(value)})
		}
	}
}

// line is the next line without its end, good until the next read.
func (c *Connection) line() ([]byte, error) {
	line, err := c.in.ReadSlice('\n')
	if err != nil {
		return nil, err
	}
	return bytes.TrimSuffix(line[:len(line)-1], []byte("\r")), nil
}

// number reads a decimal number without allocating.
func number(digits []byte) (n int, err error) {
	for _, d := range digits {
		if d < '0' || d > '9' || n > 1<<40 {
			return 0, strconv.ErrSyntax
		}
		n = n*10 + int(d-'0')
	}
	if len(digits) == 0 {
		return 0, strconv.ErrSyntax
	}
	return n, nil
}

func (c *Connection) readBody(a *Answer, length int, whole bool) error {
	a.Length += length
	if !whole {
		_, err := c.in.Discard(length)
		return err
	}
	part := make([]byte, length)
	_, err := io.ReadFull(c.in, part)
	a.Body = append(a.Body, part...)
	return err
}

// readChunks reads a body in chunks (RFC 9112, section 7.1), without trailers.
func (c *Connection) readChunks(a *Answer, whole bool) error {
	for {
		line, err := c.line()
		if err != nil {
			return err
		}
		size, err := strconv.ParseUint(string(line), 16, 31)
		if err != nil {
			return fmt.Errorf("chunk: %w", err)
		}
		if err := c.readBody(a, int(size), whole); err != nil {
			return err
		}
		if line, err = c.line(); err != nil {
			return err
		}
		if len(line) > 0 {
			return fmt.Errorf("chunk ends with %q", line)
		}
		if size == 0 {
			return nil
		}
	}
}
