package main

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os/exec"
	"runtime"
	"strings"
	"time"

	"congso/cmd/congso/load"
)

// benchServer is a process that answers requests while it is measured. It is told what to do by lines on its standard input, answers each
// with a line of JSON, and ends when the input does.
type benchServer struct {
	command *exec.Cmd
	in      io.WriteCloser
	out     *json.Decoder
	place   map[string]string // name of a listener → address
}

// benchUsage is what a server has taken of the machine, and what it has counted.
type benchUsage struct {
	CPU        time.Duration `json:"cpu_ns"`
	Resident   int64         `json:"resident_bytes"` // 0 where the system does not tell
	Goroutines int           `json:"goroutines"`
	Views      int64         `json:"views"`
	Written    int64         `json:"written"` // by the writers
	Error      string        `json:"error,omitempty"`
}

// startBench starts this program as a server with these arguments, on the first core where there are two.
func startBench(program string, log io.Writer, core int, args ...string) (s *benchServer, err error) {
	command := exec.Command(program, append([]string{"bench"}, args...)...)
	command.Env = []string{}
	command.Stderr = log
	s = &benchServer{command: command}
	if s.in, err = command.StdinPipe(); err != nil {
		return nil, err
	}
	out, err := command.StdoutPipe()
	if err != nil {
		return nil, err
	}
	s.out = json.NewDecoder(out)
	if core < 0 {
		err = command.Start()
	} else {
		err = load.StartOn(core, command)
	}
	return s, err
}

// began waits until the server listens.
func (s *benchServer) began() error {
	if err := s.out.Decode(&s.place); err != nil {
		return errors.Join(fmt.Errorf("%s: it did not begin: %w", strings.Join(s.command.Args[1:], " "), err), s.stop())
	}
	return nil
}

// tell sends a line and returns what the server has taken until now.
func (s *benchServer) tell(line string) (u benchUsage, err error) {
	if _, err = io.WriteString(s.in, line+"\n"); err == nil {
		err = s.out.Decode(&u)
	}
	if err == nil && u.Error != "" {
		err = errors.New(u.Error)
	}
	return u, err
}

// stop ends the server.
func (s *benchServer) stop() error {
	return errors.Join(s.in.Close(), s.command.Wait())
}

// benchObey answers the lines of in until it ends or ctx does; do is what a line other than "usage" asks for.
func benchObey(ctx context.Context, in io.Reader, out io.Writer, counted func(*benchUsage), do func(words []string) error) error {
	lines := make(chan string)
	go func() {
		defer close(lines)
		for scan := bufio.NewScanner(in); scan.Scan(); {
			lines <- scan.Text()
		}
	}()
	answers := json.NewEncoder(out)
	for {
		select {
		case <-ctx.Done():
			return nil
		case line, ok := <-lines:
			if !ok {
				return nil
			}
			if err := answers.Encode(benchAnswer(line, counted, do)); err != nil {
				return err
			}
		}
	}
}

func benchAnswer(line string, counted func(*benchUsage), do func(words []string) error) (u benchUsage) {
	var err error
	if words := strings.Fields(line); len(words) > 0 && words[0] != "usage" {
		err = do(words)
	}
	if u.CPU, err = errorOr(err, load.CPU); err != nil {
		u.Error = err.Error()
	}
	if resident, ok := residentBytes(); ok {
		u.Resident = resident
	}
	u.Goroutines = runtime.NumGoroutine()
	counted(&u)
	return u
}

// errorOr calls next unless there is an error already.
func errorOr[T any](err error, next func() (T, error)) (T, error) {
	if err != nil {
		var none T
		return none, err
	}
	return next()
}

// benchReply is an answer of the portal's that the bare server gives too.
type benchReply struct {
	Header []load.Field
	Body   []byte
}

// benchBare answers with the replies that it reads from in, from the list's place as path: with the portal's header under /whole/0 and with
// no more than type and length under /body/0. It is the least that a server of Go's can do with these bytes.
func benchBare(ctx context.Context, in io.Reader, out io.Writer) (err error) {
	input := bufio.NewReader(in)
	line, err := input.ReadBytes('\n')
	if err != nil {
		return err
	}
	var replies []benchReply
	if err := json.Unmarshal(line, &replies); err != nil {
		return err
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	server := &http.Server{Handler: benchReplies(replies), ReadHeaderTimeout: 10 * time.Second}
	failed := make(chan error, 1)
	go func() { failed <- server.Serve(listener) }()
	if err := json.NewEncoder(out).Encode(map[string]string{"bare": listener.Addr().String()}); err != nil {
		return err
	}
	err = benchObey(ctx, input, out, func(*benchUsage) {}, func([]string) error { return nil })
	err = errors.Join(err, server.Close())
	if end := <-failed; !errors.Is(end, http.ErrServerClosed) {
		err = errors.Join(err, end)
	}
	return err
}

// benchReplies is the handler of the bare server.
func benchReplies(replies []benchReply) http.Handler {
	type reply struct {
		header http.Header
		body   []byte
	}
	known := map[string]reply{}
	for i, r := range replies {
		whole, least := http.Header{}, http.Header{}
		for _, f := range r.Header {
			name := http.CanonicalHeaderKey(f.Name)
			if name != "Date" && name != "Transfer-Encoding" && name != "Connection" { // the server's own
				whole[name] = append(whole[name], f.Value)
			}
		}
		least["Content-Type"] = whole["Content-Type"]
		least["Content-Length"] = []string{fmt.Sprint(len(r.Body))}
		known[fmt.Sprint("/whole/", i)], known[fmt.Sprint("/body/", i)] = reply{whole, r.Body}, reply{least, r.Body}
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		a, ok := known[r.URL.Path]
		if !ok {
			http.NotFound(w, r)
			return
		}
		header := w.Header()
		for name, values := range a.header {
			header[name] = values
		}
		if _, err := w.Write(a.body); err != nil {
			return // the reader has gone
		}
	})
}
