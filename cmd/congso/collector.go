package main

import (
	"runtime"
	"runtime/debug"
	"runtime/metrics"
	"sync"
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
