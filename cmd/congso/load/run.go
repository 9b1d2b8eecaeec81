package load

import (
	"errors"
	"fmt"
	"sync"
	"time"
)

// Request is what is asked for again and again, and what its answer must be.
type Request struct {
	Bytes  []byte
	Status int
	Least  int // bytes of the body at least
	Most   int // and at most
	Marked bool
}

// Result is what a run came to.
type Result struct {
	Answers int // right ones
	Marked  int // of those to requests that are marked
	Took    time.Duration
	Times   Times
}

// PerSecond is how many right answers came in a second.
func (r Result) PerSecond() float64 {
	if r.Took <= 0 {
		return 0
	}
	return float64(r.Answers) / r.Took.Seconds()
}

// Merge adds another run of the same kind.
func (r *Result) Merge(o Result) {
	r.Answers += o.Answers
	r.Marked += o.Marked
	r.Took += o.Took
	r.Times.Merge(&o.Times)
}

// Crowd is connections to one server that are kept from run to run.
type Crowd struct{ connections []*Connection }

// Gather opens so many connections to address.
func Gather(address string, count int) (*Crowd, error) {
	c := &Crowd{}
	for range count {
		connection, err := Dial(address)
		if err != nil {
			return nil, errors.Join(err, c.Close())
		}
		c.connections = append(c.connections, connection)
	}
	return c, nil
}

// Close ends all connections.
func (c *Crowd) Close() error {
	var failed []error
	for _, connection := range c.connections {
		failed = append(failed, connection.Close())
	}
	return errors.Join(failed...)
}

// Ask lets the first count connections ask for so long, each one thing after the other: the requests in turn, each connection from another
// place on. The first wrong answer ends the run with an error.
func (c *Crowd) Ask(requests []Request, count int, during time.Duration) (Result, error) {
	count = min(count, len(c.connections))
	parts, failed := make([]Result, count), make([]error, count)
	var all sync.WaitGroup
	began := time.Now()
	until := began.Add(during)
	for i := range count {
		all.Go(func() { parts[i], failed[i] = c.connections[i].askUntil(requests, i*len(requests)/count, until) })
	}
	all.Wait()
	var r Result
	for i := range parts {
		r.Merge(parts[i])
	}
	r.Took = time.Since(began)
	return r, errors.Join(failed...)
}

func (c *Connection) askUntil(requests []Request, from int, until time.Time) (r Result, err error) {
	if err := c.Within(time.Until(until) + answerWithin); err != nil {
		return r, err
	}
	began := time.Now()
	for place := from; began.Before(until); place++ {
		request := &requests[place%len(requests)]
		a, err := c.Ask(request.Bytes, false)
		if err == nil {
			err = request.check(a)
		}
		if err != nil {
			return r, fmt.Errorf("%s: %w", request.line(), err)
		}
		now := time.Now()
		r.Times.Add(now.Sub(began))
		r.Answers++
		if request.Marked {
			r.Marked++
		}
		began = now
	}
	return r, nil
}

func (r *Request) check(a Answer) error {
	if a.Status != r.Status || a.Length < r.Least || a.Length > r.Most {
		return fmt.Errorf("answer %d of %d bytes, want %d of %d to %d", a.Status, a.Length, r.Status, r.Least, r.Most)
	}
	return nil
}

// line is the first line of the request.
func (r *Request) line() string {
	for i, b := range r.Bytes {
		if b == '\r' {
			return string(r.Bytes[:i])
		}
	}
	return string(r.Bytes)
}
