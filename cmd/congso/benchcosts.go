package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"math"
	"slices"
	"time"

	"congso/cmd/congso/load"
)

// benchSettle is the order to do at once what a portal puts off: to move views into the database and to write the log.
const benchSettle = "settle"

// How counting and log are measured: in many slices that are too short for the machine's moods, in the order 1 2 3, 3 2 1, so that a machine
// that becomes slower or faster does so for all alike. What is put off is done after some of them, and is added for each view. What else the
// machine does makes a slice dearer and never cheaper, so the slice a quarter from the cheapest stands for all.
const (
	costSlice   = 25 * time.Millisecond
	costLeast   = 4  // slices of each way
	costSettled = 12 // slices: about as many views as come in a second of service
	costTimes   = 4  // of the time of a line
	costParts   = 4  // of a run, each of which tells by itself
)

// benchCosts are what the hot item page costs with and without counting and log.
type benchCosts struct {
	Items    int        `json:"items"`
	Whole    float64    `json:"ratio"`      // of the bare server's answers with the same header
	Body     float64    `json:"ratio_body"` // of those of one that writes the body with type and length alone
	CPU      float64    `json:"cpu_us"`     // of an answer as served, with what is put off
	PutOff   float64    `json:"put_off_us"` // of that, to move its view into the database
	Counting benchShare `json:"counting"`
	Logging  benchShare `json:"logging"`
	Slices   int        `json:"slices"`      // of each way
	Asking   float64    `json:"client_busy"` // of the core that asks; near 1 the ratios flatter
}

// benchShare is a share of the server's time of the processor for an answer: of the whole run, and the least and the most of its parts.
type benchShare struct {
	Share float64 `json:"share"`
	Low   float64 `json:"low"`
	High  float64 `json:"high"`
}

func (s benchShare) String() string {
	return fmt.Sprintf("%.1f %% (%.1f to %.1f)", 100*s.Share, 100*s.Low, 100*s.High)
}

// shareOf is the share of whole that is not in without, slice by slice.
func shareOf(whole, without []float64) benchShare {
	share := func(from, to int) float64 { return 1 - quarter(without[from:to])/quarter(whole[from:to]) }
	n := len(whole)
	all := benchShare{Share: share(0, n), Low: math.Inf(1), High: math.Inf(-1)}
	for i := range costParts {
		part := share(i*n/costParts, (i+1)*n/costParts)
		all.Low, all.High = min(all.Low, part), max(all.High, part)
	}
	return all
}

// quarter is the value a quarter from the least.
func quarter(values []float64) float64 {
	return slices.Sorted(slices.Values(values))[len(values)/4]
}

// costsOf measures the costs and prints them, unless there is no time left.
func (b *bench) costsOf(ctx context.Context, portal *benchServer, items int, row benchRow, report *benchReport, table io.Writer) error {
	if !b.timeFor(ctx, b.plan.during*(costTimes+2)) {
		report.LeftOut = append(report.LeftOut, fmt.Sprintf("%d items, counting and log", items))
		return nil
	}
	costs, err := b.costs(portal, row)
	if err != nil {
		return fmt.Errorf("%d items, counting and log: %w", items, err)
	}
	costs.Items = items
	report.Costs = append(report.Costs, costs)
	fmt.Fprintln(table, costs)
	return b.log.Truncate(0)
}

// costs lets the hot item page take turns with the bare server, and then with itself without counting and without the log.
func (b *bench) costs(portal *benchServer, row benchRow) (costs benchCosts, err error) {
	replies, err := sample(portal.place[benchServed], row)
	if err != nil {
		return costs, err
	}
	least, most, _ := sizes(replies)
	var ways []*benchContestant
	for _, way := range []string{benchServed, benchUncounted, benchUnlogged} {
		ways = append(ways, &benchContestant{server: portal, requests: benchRequests(portal.place[way], row.paths, row.accepts(), least, most)})
	}
	if err := b.besideBare(ways[0], row, replies, &costs); err != nil {
		return costs, err
	}
	return costs, b.parts(portal, ways, &costs)
}

// besideBare lets the page as it is served take turns with the bare server in both of its ways.
func (b *bench) besideBare(served *benchContestant, row benchRow, replies []benchReply, costs *benchCosts) (err error) {
	bare, err := b.startBare(replies)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, bare.stop()) }()
	all := []*benchContestant{served}
	least, most, _ := sizes(replies)
	for _, kind := range []string{"whole", "body"} {
		all = append(all, &benchContestant{server: bare, requests: bareRequests(bare, row, kind, len(replies), least, most)})
	}
	before, err := load.CPU()
	if err != nil {
		return err
	}
	began := time.Now()
	if err := takeTurns(all, b.plan.asking, b.plan.during); err != nil {
		return err
	}
	after, err := load.CPU()
	costs.Whole, costs.Body = middle(ratios(served.perSecond, all[1].perSecond)), middle(ratios(served.perSecond, all[2].perSecond))
	costs.Asking = float64(after-before) / float64(time.Since(began))
	return err
}

// parts measures what counting and log are of the page as it is served. The ways are: as it is served, without counting, without the log.
func (b *bench) parts(portal *benchServer, ways []*benchContestant, costs *benchCosts) error {
	for _, c := range ways {
		c.cpu = nil
	}
	putOff, err := takeSlices(portal, ways, b.plan.asking, b.plan.during*costTimes)
	if err != nil {
		return err
	}
	served, uncounted, unlogged := plus(ways[0].cpu, putOff), ways[1].cpu, plus(ways[2].cpu, putOff)
	costs.CPU, costs.PutOff, costs.Slices = quarter(served), putOff, len(served)
	costs.Counting, costs.Logging = shareOf(served, uncounted), shareOf(served, unlogged)
	return nil
}

// plus is each value with so much more.
func plus(values []float64, more float64) (sums []float64) {
	for _, v := range values {
		sums = append(sums, v+more)
	}
	return sums
}

// takeSlices lets the ways take turns until the time is over, and returns what it takes to move a view into the database, in microseconds.
func takeSlices(portal *benchServer, ways []*benchContestant, connections int, during time.Duration) (putOff float64, err error) {
	for _, c := range ways {
		if err := c.join(connections); err != nil {
			return 0, err
		}
		defer func() { err = errors.Join(err, c.crowd.Close()) }()
	}
	count := max(costLeast, int(during/(costSlice*time.Duration(len(ways)))))
	order := slices.Clone(ways)
	var settled benchUsage
	for i := range count {
		if i%costSettled == 0 {
			if err := settle(portal, &settled); err != nil {
				return 0, err
			}
		}
		for _, c := range order {
			if err := c.round(connections, during/time.Duration(count*len(ways))); err != nil {
				return 0, err
			}
		}
		slices.Reverse(order)
	}
	err = settle(portal, &settled)
	return float64(settled.CPU) / float64(time.Microsecond) / float64(max(settled.Views, 1)), err
}

// settle adds to total what it takes to settle, and how many views that moves.
func settle(portal *benchServer, total *benchUsage) error {
	before, err := portal.tell("usage")
	if err != nil {
		return err
	}
	after, err := portal.tell(benchSettle)
	total.CPU += after.CPU - before.CPU
	total.Views += after.Views - before.Views
	return err
}

func (c benchCosts) String() string {
	return fmt.Sprintf("the item as served: %.2f of the bare server with the same header, %.2f of one with the body alone; what asks was busy %.0f %%\n"+
		"counting costs %s, log costs %s of its %.1f µs of the processor, as %d slices of each tell (and parts of the run)",
		c.Whole, c.Body, 100*c.Asking, c.Counting, c.Logging, c.CPU, c.Slices)
}
