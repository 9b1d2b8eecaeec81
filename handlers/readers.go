package handlers

import (
	"net/http"
	"strings"
	"sync"
	"time"

	"zgo.at/isbot"

	"congso/store"
)

// readers counts views. What it finds out about a reader it keeps for the minute: people turn pages, and half a department reads from one
// address. Addresses stay in memory only, for two minutes at most while anybody reads.
type readers struct {
	o Options

	mu     sync.Mutex
	minute int64 // since 1970
	known  map[reader]verdict
}

// mostReaders is how many readers are kept at once, at about 300 bytes each.
const mostReaders = 4096

// longestAgent is the longest User-Agent that is kept, in bytes.
const longestAgent = 512

type reader struct{ address, agent string }

type verdict struct {
	program bool // by its agent or its network
	visitor store.Visitor
}

// count counts a view of the page at path, unless no person asked for it: a prefetch, a program. A view without a visitor (the salts cannot
// be read) is one all the same.
func (c *readers) count(r *http.Request, address, path string) {
	c.countAt(r, address, path, c.o.Store.Now())
}

// countAt is count for a view at that moment, by the store's clock.
func (c *readers) countAt(r *http.Request, address, path string, now time.Time) {
	if c.o.Uncounted || prefetch(r.Header) {
		return
	}
	agent := ""
	if lines := r.Header["User-Agent"]; len(lines) > 0 {
		agent = lines[0]
	}
	v := c.verdict(reader{address, agent}, now.Unix()/60)
	if !v.program {
		c.o.Hits.Add(v.visitor, path, now)
	}
}

// verdict is what is known of who. A visitor's hashes change with the day, and when the day's first minutes are over: with a minute, in any
// case.
func (c *readers) verdict(who reader, minute int64) verdict {
	c.mu.Lock()
	if c.minute != minute || len(c.known) >= mostReaders {
		c.minute, c.known = minute, map[reader]verdict{}
	}
	v, known := c.known[who]
	c.mu.Unlock()
	if known {
		return v
	}
	v.program = isbot.Is(isbot.UserAgent(who.agent)) || isbot.Is(isbot.IPRange(who.address))
	if !v.program {
		var err error
		if v.visitor, err = c.o.Hits.Visitor(who.address, who.agent); err != nil {
			c.o.Log.Warn("visitor not counted", "error", err)
			return v
		}
	}
	c.keep(who, v, minute)
	return v
}

func (c *readers) keep(who reader, v verdict, minute int64) {
	if len(who.agent) > longestAgent {
		return
	}
	who.agent = strings.Clone(who.agent) // the request's may hold all of its headers in memory
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.minute == minute {
		c.known[who] = v
	}
}

// prefetch reports whether a browser asked for the page before its reader did, or for a preview of it.
func prefetch(h http.Header) bool {
	for _, key := range [...]string{"Sec-Purpose", "Purpose", "X-Purpose", "X-Moz"} {
		if values := h[key]; len(values) > 0 && (strings.Contains(values[0], "prefetch") || values[0] == "preview") {
			return true
		}
	}
	return false
}
