package main

import (
	"runtime"
	"runtime/debug"
	"runtime/metrics"
	"testing"
	"time"

	"congso/cmd/congso/congsotest"
)

func TestGarbagePercent(t *testing.T) {
	for live, want := range map[uint64]int{0: 200, 1 << 20: 200, 16 << 20: 200, 20 << 20: 160, 32 << 20: 100, 1 << 30: 100} {
		if got := garbagePercent(live); got != want {
			t.Errorf("%d MB in use: %d %%, want %d", live>>20, got, want)
		}
	}
}

// TestCollectorFollowsWhatIsInUse: beside much in use the collector runs as often as ever, and so it does when it is left alone again.
func TestCollectorFollowsWhatIsInUse(t *testing.T) {
	before := debug.SetGCPercent(100)
	defer debug.SetGCPercent(before)
	stop := easeCollector()
	large := make([]byte, 64<<20)
	if !becomes(t, 100) {
		t.Error("beside 64 MB in use garbage may still pile up")
	}
	runtime.KeepAlive(large)
	stop()
	for range 5 { // which now find little in use
		runtime.GC()
		if got := percentNow(); got != 100 {
			t.Errorf("afterwards it is at %d %%", got)
		}
	}
	defer debug.SetGCPercent(debug.SetGCPercent(50))
	easeCollector()()
	if got := percentNow(); got != 50 {
		t.Errorf("it is at %d %%, though GOGC said 50", got)
	}
}

// TestIdleWatch: what is no longer used goes back to the system when the collector has not run between two looks, once until it runs again.
func TestIdleWatch(t *testing.T) {
	var w idleWatch
	released := 0
	look := func() bool { return w.look(func() { released++ }) }
	idle := func() bool { look(); return look() } // another test's work may come between
	large := make([]byte, 64<<20)
	clear(large)
	before := heldBytes()
	runtime.KeepAlive(large)
	if !congsotest.Eventually(congsotest.Patience, idle) {
		t.Fatal("it is never idle")
	}
	if released == 0 {
		t.Error("nothing was released before")
	}
	if after := heldBytes(); before-after < 48<<20 {
		t.Errorf("%d MB were held, %d MB are", before>>20, after>>20)
	}
	released = 0
	if look() {
		t.Error("it is given back again, though the collector has not run")
	}
	runtime.GC()
	if look() {
		t.Error("it counts as idle, though the collector has run")
	}
	if released > 0 {
		t.Errorf("%d times more was released", released)
	}
}

// heldBytes is how much memory the system has given for the heap, and was not given back.
func heldBytes() int64 {
	held := []metrics.Sample{{Name: "/memory/classes/heap/objects:bytes"}, {Name: "/memory/classes/heap/free:bytes"}, {Name: "/memory/classes/heap/unused:bytes"}}
	metrics.Read(held)
	return int64(held[0].Value.Uint64() + held[1].Value.Uint64() + held[2].Value.Uint64())
}

func percentNow() int {
	now := []metrics.Sample{{Name: "/gc/gogc:percent"}}
	metrics.Read(now)
	return int(now[0].Value.Uint64())
}

// becomes reports whether the collector's target becomes so much while it runs.
func becomes(t *testing.T, percent int) bool {
	t.Helper()
	for deadline := time.Now().Add(20 * time.Second); time.Now().Before(deadline); time.Sleep(10 * time.Millisecond) {
		runtime.GC()
		if percentNow() == percent {
			return true
		}
	}
	return false
}
