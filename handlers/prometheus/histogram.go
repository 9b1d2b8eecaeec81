package prometheus

import (
	"slices"
	"strconv"
	"sync/atomic"
	"time"
)

// Histogram counts times by how long they are. It is safe for concurrent use, without a lock.
type Histogram struct {
	bounds []time.Duration // rising
	counts []atomic.Int64  // one more than bounds: for what is longer than all
	sum    atomic.Int64    // nanoseconds
}

// NewHistogram returns a histogram of times up to each of the bounds, which must rise.
func NewHistogram(bounds ...time.Duration) *Histogram {
	return &Histogram{bounds: bounds, counts: make([]atomic.Int64, len(bounds)+1)}
}

// Observe counts a time.
func (h *Histogram) Observe(d time.Duration) {
	i, _ := slices.BinarySearch(h.bounds, d)
	h.counts[i].Add(1)
	h.sum.Add(int64(d))
}

// Histogram writes the samples of h, in seconds, under labels, which are names and values in turn.
func (w *Writer) Histogram(name string, h *Histogram, labels ...string) {
	var count int64
	for i := range h.counts {
		bound := "+Inf"
		if i < len(h.bounds) {
			bound = strconv.FormatFloat(h.bounds[i].Seconds(), 'g', -1, 64)
		}
		count += h.counts[i].Load()
		w.Sample(name+"_bucket", float64(count), append(slices.Clone(labels), "le", bound)...)
	}
	w.Sample(name+"_sum", time.Duration(h.sum.Load()).Seconds(), labels...)
	w.Sample(name+"_count", float64(count), labels...)
}
