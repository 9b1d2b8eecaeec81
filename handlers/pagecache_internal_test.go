package handlers

import (
	"fmt"
	"net/http"
	"testing"
	"time"
)

// TestPageCacheIsBounded: pages, their packed forms and their keys take no more than they may; those asked for last stay; what nobody asks
// for goes after a minute.
func TestPageCacheIsBounded(t *testing.T) {
	const most = 100_000
	var figures pageFigures
	c := newPageCache(time.Second, most, func() uint64 { return 0 }, func() bool { return true }, &figures)
	now := time.Unix(1_800_000_000, 0)
	put := func(key string, size int) *page {
		got := c.find([]byte(key), now)
		p := &page{status: http.StatusOK, keep: true, made: now, plain: make([]byte, size)}
		if got.lead {
			c.land(got, p, now, false)
		}
		return p
	}
	has := func(key string) bool { return c.entries[key] != nil }
	for i := range 200 {
		put(fmt.Sprint("trang ", i), 4000)
		if now = now.Add(time.Second); i%5 == 0 {
			put("hay đọc", 4000)
		}
		if n := figures.bytes.Load(); n > most || n < 0 {
			t.Fatalf("%d bytes after %d pages", n, i)
		}
	}
	if !has("hay đọc") || !has("trang 199") || has("trang 0") || figures.evictions.Load() < 170 {
		t.Errorf("kept %d pages, %d had to go", len(c.entries), figures.evictions.Load())
	}
	before := figures.bytes.Load()
	p := put("nén", 1000)
	c.grown("nén", p, 500, now)
	c.grown("nén", &page{}, 500, now) // of a page that is no longer there
	if n := figures.bytes.Load() - before; n < 1500 || n > 1500+entryBytes+100 {
		t.Errorf("a page of 1000 bytes and its packed form of 500 take %d", n)
	}
	if put("lớn", most/2); has("lớn") {
		t.Error("a page of half of all was kept")
	}
	now = now.Add(2 * time.Minute)
	if put("sau", 10); len(c.entries) != 1 {
		t.Errorf("%d pages after two minutes", len(c.entries))
	}
}

// TestNobodyJoinsAnOldFlightInTheDark: while nothing is heard of the changes of other copies, whoever asks does not wait for a page whose making
// began more than three seconds ago: what it shows may have been taken down since.
func TestNobodyJoinsAnOldFlightInTheDark(t *testing.T) {
	known := true
	var figures pageFigures
	c := newPageCache(time.Second, 100_000, func() uint64 { return 0 }, func() bool { return known }, &figures)
	began := time.Unix(1_800_000_000, 0)
	key := []byte("trang")
	if !c.find(key, began).lead {
		t.Fatal("the first to ask does not make the page")
	}
	for _, step := range []struct {
		after time.Duration
		known bool
		leads bool
	}{{2 * time.Second, false, false}, {4 * time.Second, true, false}, {4 * time.Second, false, true}, {5 * time.Second, false, false}} {
		known = step.known
		if got := c.find(key, began.Add(step.after)); got.lead != step.leads {
			t.Errorf("after %v, changes known %v: leads %v, want %v", step.after, step.known, got.lead, step.leads)
		}
	}
}
