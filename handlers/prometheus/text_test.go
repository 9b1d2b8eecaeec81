package prometheus_test

import (
	"errors"
	"math"
	"strings"
	"testing"
	"time"

	"congso/handlers/prometheus"
)

func TestText(t *testing.T) {
	var out strings.Builder
	w := prometheus.NewWriter(&out)
	w.Gauge("a", "line one\nline \\ two", 1.5)
	w.Counter("b_total", "b", 12_345_678)
	w.Family("c", "gauge", "c")
	w.Sample("c", math.Inf(1), "x", `"\`+"\n", "y", "ố")
	w.Sample("c", 1e-7)
	h := prometheus.NewHistogram(time.Millisecond, time.Second)
	for _, d := range []time.Duration{0, time.Millisecond, time.Millisecond + 1, time.Second, time.Hour} {
		h.Observe(d)
	}
	w.Family("d", "histogram", "d")
	w.Histogram("d", h, "kind", "x")
	if err := w.Flush(); err != nil {
		t.Fatal(err)
	}
	want := `# HELP a line one\nline \\ two
# TYPE a gauge
a 1.5
# HELP b_total b
# TYPE b_total counter
b_total 12345678
# HELP c c
# TYPE c gauge
c{x="\"\\\n",y="ố"} +Inf
c 1e-07
# HELP d d
# TYPE d histogram
d_bucket{kind="x",le="0.001"} 2
d_bucket{kind="x",le="1"} 4
d_bucket{kind="x",le="+Inf"} 5
d_sum{kind="x"} 3601.002000001
d_count{kind="x"} 5
`
	if out.String() != want {
		t.Errorf("got\n%swant\n%s", &out, want)
	}
}

type broken struct{}

func (broken) Write([]byte) (int, error) { return 0, errors.New("gone") }

func TestTextTellsThatWritingFailed(t *testing.T) {
	w := prometheus.NewWriter(broken{})
	w.Gauge("a", "a", 1)
	if err := w.Flush(); err == nil {
		t.Error("no error")
	}
}
