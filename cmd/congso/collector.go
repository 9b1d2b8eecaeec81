package main

import (
	"context"
	"runtime"
	"runtime/debug"
	"runtime/metrics"
	"sync"
	"time"
)

// Go's collector runs whenever as much was allocated as is in use, which is little here: tens of times in a second while pages are made, and
// each time it shrinks the stacks that the next page needs large again. So garbage may pile up to garbageRoom; beside that much in use it is as
// ever.
const (
	garbageRoom  = 32 << 20 // bytes
	mostPercent  = 200      // of what is in use: with more, an idle portal takes more than 60 MB
	usualPercent = 100
)

// garbagePercent is the collector's target (GOGC) beside so many bytes in use.
func garbagePercent(live uint64) int {
	return int(min(max(usualPercent, garbageRoom*100/max(live, 1)), mostPercent))
}

// easeCollector has the collector run less often until stop is called, unless GOGC says otherwise. GOMEMLIMIT holds all the same.
func easeCollector() (stop func()) {
	if was := debug.SetGCPercent(mostPercent); was != usualPercent {
		debug.SetGCPercent(was)
		return func() {}
	}
	w := &collectorWatch{percent: mostPercent}
	w.follow()
	return w.stop
}

// collectorWatch sets the collector's target anew after each collection.
type collectorWatch struct {
	mu      sync.Mutex
	percent int
	stopped bool
}

// follow is called once, and then again after each collection, which finds in nobody's use what the call before left for it.
func (w *collectorWatch) follow() {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.stopped {
		return
	}
	live := []metrics.Sample{{Name: "/gc/heap/live:bytes"}}
	metrics.Read(live)
	if next := garbagePercent(live[0].Value.Uint64()); next < w.percent*9/10 || next > w.percent*11/10 { // to set it halts everything for a moment
		debug.SetGCPercent(next)
		w.percent = next
	}
	runtime.AddCleanup(new([64]byte), (*collectorWatch).follow, w)
}

func (w *collectorWatch) stop() {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.stopped = true
	debug.SetGCPercent(usualPercent)
}

// idleAfter is how long the collector must not have run for the portal to count as idle: while pages are made it runs many times a second.
const idleAfter = 20 * time.Second

// giveMemoryBack gives the system what an idle portal keeps of the memory that it has used, until ctx ends.
func (p *portal) giveMemoryBack(ctx context.Context) {
	var w idleWatch
	for range ticks(ctx, idleAfter) {
		w.look(func() {
			if err := p.store.Shrink(ctx); err != nil && ctx.Err() == nil {
				p.log.Warn("the database's memory not given back", "error", err)
			}
		})
	}
}

// idleWatch knows how often the collector had run at the look before, and after it last gave memory back.
type idleWatch struct{ seen, given uint64 }

// look calls release, gives memory back and reports so, when the collector has not run since the look before. It does so once until it runs again.
func (w *idleWatch) look(release func()) (gave bool) {
	if runs := collections(); runs != w.seen || runs == w.given {
		w.seen = runs
		return false
	}
	release()
	runtime.GC()         // what lies in pools goes with the second run
	debug.FreeOSMemory() // which is one
	w.given = collections()
	w.seen = w.given
	return true
}

func collections() uint64 {
	runs := []metrics.Sample{{Name: "/gc/cycles/total:gc-cycles"}}
	metrics.Read(runs)
	return runs[0].Value.Uint64()
}
