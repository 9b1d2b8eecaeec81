// Package prometheus writes figures in Prometheus' text format, version 0.0.4
// (https://prometheus.io/docs/instrumenting/exposition_formats/).
package prometheus

import (
	"bufio"
	"fmt"
	"io"
	"math"
	"strconv"
	"strings"
)

// ContentType is that of the format.
const ContentType = "text/plain; version=0.0.4; charset=utf-8"

// Writer writes families of samples, one after the other. Its zero value cannot be used.
type Writer struct{ out *bufio.Writer }

// NewWriter returns a writer that holds text back until Flush.
func NewWriter(out io.Writer) *Writer { return &Writer{bufio.NewWriter(out)} }

// Flush hands on what is held back, and returns the first error of all writing.
func (w *Writer) Flush() error { return w.out.Flush() }

// Family begins a family: a name, its kind ("counter", "gauge" or "histogram") and what it is. Its samples follow.
func (w *Writer) Family(name, kind, help string) {
	help = strings.NewReplacer(`\`, `\\`, "\n", `\n`).Replace(help)
	fmt.Fprintf(w.out, "# HELP %s %s\n# TYPE %s %s\n", name, help, name, kind)
}

// Sample writes a value of the family under labels, which are names and values in turn.
func (w *Writer) Sample(name string, value float64, labels ...string) {
	text := strconv.FormatFloat(value, 'g', -1, 64)
	if value == math.Trunc(value) && math.Abs(value) < 1<<53 {
		text = strconv.FormatInt(int64(value), 10)
	}
	fmt.Fprintf(w.out, "%s%s %s\n", name, labelled(labels), text)
}

// Gauge writes a family of one sample, which may rise and fall.
func (w *Writer) Gauge(name, help string, value float64) {
	w.Family(name, "gauge", help)
	w.Sample(name, value)
}

// Counter writes a family of one sample, which only rises while the program runs.
func (w *Writer) Counter(name, help string, value int64) {
	w.Family(name, "counter", help)
	w.Sample(name, float64(value))
}

func labelled(labels []string) string {
	if len(labels) < 2 {
		return ""
	}
	escape := strings.NewReplacer(`\`, `\\`, `"`, `\"`, "\n", `\n`)
	pairs := make([]string, 0, len(labels)/2)
	for i := 0; i+1 < len(labels); i += 2 {
		pairs = append(pairs, labels[i]+`="`+escape.Replace(labels[i+1])+`"`)
	}
	return "{" + strings.Join(pairs, ",") + "}"
}
