package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"time"

	"congso/cmd/congso/load"
)

// Mixed load: of twenty that use the portal one writes.
const (
	benchWritersOf = 20
	benchPause     = "250ms"
)

// benchSteady is what a run under mixed load came to.
type benchSteady struct {
	Program  string        `json:"program"`
	Items    int           `json:"items"`
	Minutes  []benchMinute `json:"minutes"` // or, of a run of less than four, quarters of it
	Memory   []benchMemory `json:"memory"`  // six times each minute
	LastP99  float64       `json:"last_p99_of_second"`
	Answers  int           `json:"answers"`
	Views    int           `json:"views"`         // answers with pages
	Counted  int64         `json:"views_counted"` // by the portal
	Written  int64         `json:"written"`
	Busiest  int64         `json:"most_resident_bytes"`
	AtTheEnd benchUsage    `json:"at_the_end"`
}

type benchMinute struct {
	PerSecond float64 `json:"per_second"`
	P50       float64 `json:"p50_ms"`
	P99       float64 `json:"p99_ms"`
}

type benchMemory struct {
	Resident   int64 `json:"resident_bytes"`
	Goroutines int   `json:"goroutines"`
}

// benchMix is how many of each hundred requests are of a kind.
var benchMix = map[string]int{
	"item, random": 52, "item": 16, "home": 10, "section": 7, "section, deep": 1, "directory": 1, "meeting": 3, "article": 3, "feed": 1, "JSON": 1, "static": 2,
	"search, rare": 1, "search, common": 1, "search, unaccented": 1,
}

// benchUnseen are the kinds whose answers are no views.
var benchUnseen = map[string]bool{"feed": true, "JSON": true, "static": true}

// mixedRequests are the requests of a mixed load in a random order, half of them for compressed answers.
func mixedRequests(host string, rows []benchRow) ([]load.Request, error) {
	random := rand.New(rand.NewPCG(3, 1))
	var requests []load.Request
	for _, row := range rows {
		share := benchMix[row.name]
		if share == 0 {
			continue
		}
		if _, err := sample(host, row); err != nil {
			return nil, err
		}
		for i := range share * benchSamples / 4 {
			encodings := []string{benchIdentity, benchBrowser}[i%2]
			request := benchRequest(host, row.paths[i%len(row.paths)], benchAgents[random.IntN(len(benchAgents))], encodings)
			requests = append(requests, load.Request{Bytes: request, Status: 200, Least: 100, Most: 10 << 20, Marked: !benchUnseen[row.name]})
		}
	}
	random.Shuffle(len(requests), func(i, j int) { requests[i], requests[j] = requests[j], requests[i] })
	return requests, nil
}

// runMixed measures the largest portal of the plan under mixed load.
func (b *bench) runMixed(ctx context.Context, out io.Writer) (err error) {
	items := b.plan.items[len(b.plan.items)-1]
	place, _ := b.places(items)
	portal, err := b.startPortal(place)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, portal.stop()) }()
	host := portal.place[benchServed]
	css, _, err := benchFound(host)
	if err != nil {
		return err
	}
	requests, err := mixedRequests(host, benchRows(items, css, ""))
	if err != nil {
		return err
	}
	r := &benchSteady{Program: programName(), Items: items}
	if err := b.steady(ctx, portal, requests, r, out); err != nil {
		return err
	}
	if b.plan.asJSON {
		return json.NewEncoder(out).Encode(r)
	}
	fmt.Fprintf(out, "p99 of the last minute, to that of the second: %.2f\nviews %d, counted %d; %d texts written; at most %d MB of memory, at the end %d MB, %d goroutines\n",
		r.LastP99, r.Views, r.Counted, r.Written, r.Busiest>>20, r.AtTheEnd.Resident>>20, r.AtTheEnd.Goroutines)
	return nil
}

// steady lets readers and writers work for the planned time.
func (b *bench) steady(ctx context.Context, portal *benchServer, requests []load.Request, r *benchSteady, out io.Writer) (err error) {
	writers := max(1, b.plan.asking/benchWritersOf)
	crowd, err := load.Gather(hostOf(requests[0].Bytes), b.plan.asking-writers+1)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, crowd.Close()) }()
	before, err := portal.tell(benchSettle)
	if err != nil {
		return err
	}
	if _, err := portal.tell(fmt.Sprint("writers ", writers, " ", benchPause)); err != nil {
		return err
	}
	minute := min(time.Minute, b.plan.mixed/4)
	for range max(1, b.plan.mixed/minute) {
		if err := b.minute(ctx, portal, crowd, requests, minute, r, out); err != nil {
			return err
		}
	}
	if _, err := portal.tell("writers 0 1s"); err != nil {
		return err
	}
	if r.AtTheEnd, err = portal.tell(benchSettle); err != nil {
		return err
	}
	r.Counted, r.Written = r.AtTheEnd.Views-before.Views, r.AtTheEnd.Written
	r.LastP99 = r.Minutes[len(r.Minutes)-1].P99 / max(r.Minutes[min(1, len(r.Minutes)-1)].P99, 1e-9)
	return nil
}

// minute is a minute of mixed load, or less in a short run: six parts, with a look at the memory after each.
func (b *bench) minute(ctx context.Context, portal *benchServer, crowd *load.Crowd, requests []load.Request, minute time.Duration, r *benchSteady, out io.Writer) error {
	var all load.Result
	for range 6 {
		if err := ctx.Err(); err != nil {
			return err
		}
		rand.New(rand.NewPCG(4, uint64(r.Answers))).Shuffle(len(requests), func(i, j int) { requests[i], requests[j] = requests[j], requests[i] })
		part, err := crowd.Ask(requests, b.plan.asking, minute/6)
		if err != nil {
			return err
		}
		all.Merge(part)
		r.Answers, r.Views = r.Answers+part.Answers, r.Views+part.Marked
		u, err := portal.tell("usage")
		if err != nil {
			return err
		}
		r.Memory, r.Busiest = append(r.Memory, benchMemory{u.Resident, u.Goroutines}), max(r.Busiest, u.Resident)
	}
	m := benchMinute{all.PerSecond(), milliseconds(all.Times.At(0.5)), milliseconds(all.Times.At(0.99))}
	r.Minutes = append(r.Minutes, m)
	if !b.plan.asJSON {
		last := r.Memory[len(r.Memory)-1]
		fmt.Fprintf(out, "%6.0f answers a second, p50 %.2f ms, p99 %.2f ms, %d MB, %d goroutines\n", m.PerSecond, m.P50, m.P99, last.Resident>>20, last.Goroutines)
	}
	return b.log.Truncate(0)
}
