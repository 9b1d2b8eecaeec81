package handlers

import (
	"cmp"
	"maps"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/labstack/echo/v4"

	"congso/handlers/prometheus"
)

// Metrics counts answers, for Prometheus. It names routes as they are mounted, never what somebody asked for, and knows nothing of readers.
type Metrics struct {
	inFlight atomic.Int64
	bytes    atomic.Int64
	pages    pageFigures
	seconds  map[string]*prometheus.Histogram // by kind of answer

	mu       sync.RWMutex
	requests map[answered]*atomic.Int64
}

// answered is what requests are counted by.
type answered struct {
	route string // as mounted, "" for none
	class int    // of the status: 2 for 200 to 299
}

// Kinds of answers by which their time is measured.
const (
	kindPage   = "page"
	kindAdmin  = "admin"
	kindFile   = "file"
	kindData   = "data"
	kindHealth = "health"
	kindNone   = "none" // no route: not found, moved, refused
)

// NewMetrics returns figures that are all zero.
func NewMetrics() *Metrics {
	m := &Metrics{requests: map[answered]*atomic.Int64{}, seconds: map[string]*prometheus.Histogram{}}
	const ms = time.Millisecond
	for _, kind := range []string{kindPage, kindAdmin, kindFile, kindData, kindHealth, kindNone} {
		m.seconds[kind] = prometheus.NewHistogram(ms/5, ms/2, ms, 2*ms, 5*ms, 10*ms, 20*ms, 50*ms, 100*ms, 200*ms, 500*ms, 1000*ms, 2000*ms, 5000*ms, 10_000*ms)
	}
	return m
}

// measure counts each answer. It must stand outside of what makes the answer to an error.
func (m *Metrics) measure(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		start := time.Now()
		m.inFlight.Add(1)
		defer m.inFlight.Add(-1)
		err := next(c)
		m.note(c.Path(), c.Response().Status, c.Response().Size, time.Since(start))
		return err
	}
}

// note counts an answer by the route that gave it.
func (m *Metrics) note(route string, status int, bytes int64, took time.Duration) {
	m.counter(answered{route, status / 100}).Add(1)
	m.bytes.Add(bytes)
	m.seconds[kindOf(route)].Observe(took)
}

func (m *Metrics) counter(a answered) *atomic.Int64 {
	m.mu.RLock()
	counter := m.requests[a]
	m.mu.RUnlock()
	if counter != nil {
		return counter
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.requests[a] == nil {
		m.requests[a] = &atomic.Int64{}
	}
	return m.requests[a]
}

// kindOf is the kind of what is mounted at a route.
func kindOf(route string) string {
	switch {
	case route == "":
		return kindNone
	case route == "/healthz" || route == "/readyz":
		return kindHealth
	case route == "/admin" || strings.HasPrefix(route, "/admin/"):
		return kindAdmin
	case strings.HasPrefix(route, "/static/") || strings.HasPrefix(route, "/media/"):
		return kindFile
	case strings.HasPrefix(route, "/api/") || strings.HasSuffix(route, ".xml"):
		return kindData
	}
	return kindPage
}

// Write writes the figures.
func (m *Metrics) Write(w *prometheus.Writer) {
	w.Family("congso_requests_total", "counter", "Requests answered, by route as it is mounted and class of the status.")
	for _, a := range m.seen() {
		w.Sample("congso_requests_total", float64(m.counter(a).Load()), "route", a.route, "status", strconv.Itoa(a.class)+"xx")
	}
	w.Family("congso_request_seconds", "histogram", "Time from a request to the end of its answer, by kind of what is asked for.")
	for _, kind := range slices.Sorted(maps.Keys(m.seconds)) {
		w.Histogram("congso_request_seconds", m.seconds[kind], "kind", kind)
	}
	w.Gauge("congso_requests_in_flight", "Requests that are being answered.", float64(m.inFlight.Load()))
	w.Counter("congso_response_bytes_total", "Bytes of all answers, before compression and without headers.", m.bytes.Load())
	m.pages.write(w)
}

// seen is by what requests have been counted so far, in order.
func (m *Metrics) seen() []answered {
	m.mu.RLock()
	defer m.mu.RUnlock()
	return slices.SortedFunc(maps.Keys(m.requests), func(a, b answered) int {
		return cmp.Or(cmp.Compare(a.route, b.route), cmp.Compare(a.class, b.class))
	})
}
