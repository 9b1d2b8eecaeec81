package main

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
	"time"

	"congso/cmd/congso/load"
)

// benchRounds is how often the portal and the bare server take turns in a row; the figures are those of the middle round.
const benchRounds = 5

// benchFigures are a row's figures: of the portal, and of the bare server that wrote the same bytes in turn with it.
type benchFigures struct {
	Items     int     `json:"items"`
	Row       string  `json:"row"`
	Way       string  `json:"way"`
	Writers   bool    `json:"writers"`
	Bytes     int     `json:"bytes"` // of a body, on average
	PerSecond float64 `json:"per_second"`
	P50       float64 `json:"p50_ms"` // with all connections asking
	P99       float64 `json:"p99_ms"`
	AloneP50  float64 `json:"alone_p50_ms"` // with one
	AloneP99  float64 `json:"alone_p99_ms"`
	CPU       float64 `json:"cpu_us"` // of the server, a request
	Bare      float64 `json:"bare_per_second"`
	BareCPU   float64 `json:"bare_cpu_us"`
	Ratio     float64 `json:"ratio"`            // requests per second, of those of the bare server
	RatioCPU  float64 `json:"ratio_cpu"`        // the bare server's time of the processor for a request, of the portal's
	Growth    float64 `json:"growth,omitempty"` // of the time of the processor, to the same row of the smallest portal

	SQLite         float64 `json:"sqlite_per_second,omitempty"` // of the portal with as many items there, in turn with this one
	SQLiteCPU      float64 `json:"sqlite_cpu_us,omitempty"`
	RatioSQLite    float64 `json:"ratio_sqlite,omitempty"`     // requests per second, of those there
	RatioSQLiteCPU float64 `json:"ratio_sqlite_cpu,omitempty"` // time of the processor for a request there, of that of this one
}

// benchContestant is one of those that take turns.
type benchContestant struct {
	server   *benchServer
	requests []load.Request
	crowd    *load.Crowd

	perSecond, cpu []float64 // of each round
	all            load.Result
}

// join opens the contestant's connections.
func (c *benchContestant) join(connections int) (err error) {
	host := hostOf(c.requests[0].Bytes)
	c.crowd, err = load.Gather(host, connections)
	return err
}

// hostOf is the address that a request goes to.
func hostOf(request []byte) string {
	_, rest, _ := strings.Cut(string(request), "\r\nHost: ")
	host, _, _ := strings.Cut(rest, "\r\n")
	return host
}

// round lets everybody ask for so long.
func (c *benchContestant) round(connections int, during time.Duration) error {
	before, err := c.server.tell("usage")
	if err != nil {
		return err
	}
	r, err := c.crowd.Ask(c.requests, connections, during)
	if err != nil {
		return err
	}
	after, err := c.server.tell("usage")
	if err != nil {
		return err
	}
	c.all.Merge(r)
	c.perSecond = append(c.perSecond, r.PerSecond())
	c.cpu = append(c.cpu, float64(after.CPU-before.CPU)/float64(time.Microsecond)/float64(max(r.Answers, 1)))
	return nil
}

// takeTurns lets the contestants take turns until the time is over.
func takeTurns(contestants []*benchContestant, connections int, during time.Duration) (err error) {
	for _, c := range contestants {
		if err := c.join(connections); err != nil {
			return err
		}
		defer func() { err = errors.Join(err, c.crowd.Close()) }()
	}
	for range benchRounds {
		for _, c := range contestants {
			if err := c.round(connections, during/time.Duration(benchRounds*len(contestants))); err != nil {
				return err
			}
		}
	}
	return nil
}

// middle is the median.
func middle(values []float64) float64 {
	sorted := slices.Sorted(slices.Values(values))
	if len(sorted) == 0 {
		return 0
	}
	return sorted[len(sorted)/2]
}

// ratios are those of a to b, round by round.
func ratios(a, b []float64) []float64 {
	all := make([]float64, len(a))
	for i := range a {
		all[i] = a[i] / max(b[i], 1e-9)
	}
	return all
}

// bench is a run under way.
type bench struct {
	plan     benchPlan
	program  string
	core     int // of the servers, -1 where they are kept on none
	log      *os.File
	folder   string
	progress io.Writer

	databases map[int]string // by items, the addresses of the schemas
	run       uint64         // tells the schemas that are thrown away from those of other runs
}

// start starts a server of the run.
func (b *bench) start(args ...string) (*benchServer, error) {
	return startBench(b.program, b.log, b.core, args...)
}

// sample asks for the paths once, some of many, and returns the answers, held to what must stand in them.
func sample(host string, row benchRow) (replies []benchReply, err error) {
	c, err := load.Dial(host)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, c.Close()) }()
	if err := c.Within(time.Minute); err != nil {
		return nil, err
	}
	for _, path := range row.paths[:min(len(row.paths), benchSamples)] {
		a, err := c.Ask(benchRequest(host, path, benchAgents[0], row.accepts()), true)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", path, err)
		}
		if a.Status != 200 || row.accepts() == benchIdentity && !strings.Contains(string(a.Body), row.must) {
			return nil, fmt.Errorf("%s: answer %d of %d bytes lacks %q", path, a.Status, a.Length, row.must)
		}
		replies = append(replies, benchReply{a.Header, a.Body})
	}
	return replies, nil
}

func (r benchRow) accepts() string { return cmp.Or(r.encodings, benchIdentity) }

// sizes are the least and the most that an answer may have: counters and what is written meanwhile change it a little.
func sizes(replies []benchReply) (least, most, mean int) {
	least = len(replies[0].Body)
	for _, r := range replies {
		least, most, mean = min(least, len(r.Body)), max(most, len(r.Body)), mean+len(r.Body)
	}
	return least*3/4 - 300, most*5/4 + 300, mean / len(replies)
}

// startBare starts the bare server with these replies.
func (b *bench) startBare(replies []benchReply) (*benchServer, error) {
	s, err := b.start("bare")
	if err != nil {
		return nil, err
	}
	text, err := json.Marshal(replies)
	if err == nil {
		_, err = s.in.Write(append(text, '\n'))
	}
	if err != nil {
		return nil, errors.Join(err, s.stop())
	}
	return s, s.began()
}

// bareRequests are the requests for the bare server's replies, with the portal's header or the least.
func bareRequests(bare *benchServer, row benchRow, kind string, replies int, least, most int) []load.Request {
	var paths []string
	for i := range replies {
		paths = append(paths, fmt.Sprintf("/%s/%d", kind, i))
	}
	return benchRequests(bare.place["bare"], paths, row.accepts(), least, most)
}

// measure lets the portal, in one of its ways, take turns with the bare server, and with the portal on SQLite unless that is nil.
func (b *bench) measure(portal, beside *benchServer, row benchRow, way string) (f benchFigures, err error) {
	replies, err := sample(portal.place[way], row)
	if err != nil {
		return f, err
	}
	if way == benchCold {
		row.paths = unshared(row.paths)
	}
	least, most, mean := sizes(replies)
	bare, err := b.startBare(replies)
	if err != nil {
		return f, err
	}
	defer func() { err = errors.Join(err, bare.stop()) }()
	ours := &benchContestant{server: portal, requests: benchRequests(portal.place[way], row.paths, row.accepts(), least, most)}
	theirs := &benchContestant{server: bare, requests: bareRequests(bare, row, "whole", len(replies), least, most)}
	all := []*benchContestant{ours, theirs}
	if beside != nil {
		all = append(all, &benchContestant{server: beside, requests: benchRequests(beside.place[way], row.paths, row.accepts(), least, most)})
	}
	alone, err := b.alone(ours)
	if err != nil {
		return f, err
	}
	if err := takeTurns(all, min(cmp.Or(row.connections, b.plan.asking), b.plan.asking), b.plan.during); err != nil {
		return f, err
	}
	f = benchFigures{Row: row.name, Way: way, Bytes: mean, Ratio: middle(ratios(ours.perSecond, theirs.perSecond)), RatioCPU: middle(ratios(theirs.cpu, ours.cpu)),
		PerSecond: middle(ours.perSecond), CPU: middle(ours.cpu), Bare: middle(theirs.perSecond), BareCPU: middle(theirs.cpu),
		P50: milliseconds(ours.all.Times.At(0.5)), P99: milliseconds(ours.all.Times.At(0.99)),
		AloneP50: milliseconds(alone.Times.At(0.5)), AloneP99: milliseconds(alone.Times.At(0.99))}
	for _, lite := range all[2:] {
		f.SQLite, f.SQLiteCPU = middle(lite.perSecond), middle(lite.cpu)
		f.RatioSQLite, f.RatioSQLiteCPU = middle(ratios(ours.perSecond, lite.perSecond)), middle(ratios(lite.cpu, ours.cpu))
	}
	return f, nil
}

// alone lets one connection ask for a fifth of a row's time.
func (b *bench) alone(c *benchContestant) (r load.Result, err error) {
	if err := c.join(1); err != nil {
		return r, err
	}
	defer func() { err = errors.Join(err, c.crowd.Close()) }()
	return c.crowd.Ask(c.requests, 1, b.plan.during/5)
}

func milliseconds(d time.Duration) float64 { return float64(d) / float64(time.Millisecond) }
