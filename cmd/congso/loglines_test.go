package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"congso/cmd/congso/congsotest"
	"congso/handlers"
)

// jsonLog is a log that writes each line at once.
func jsonLog(w io.Writer) *slog.Logger { return slog.New(slog.NewJSONHandler(w, nil)) }

// asked is a request that went well, if nothing else is said of it.
func asked(at time.Time, path string, took time.Duration) handlers.Line {
	return handlers.Line{ID: "ABC234", Method: "GET", Path: path, Status: 200, Start: at.Add(-took), Bytes: 1 << 40, Took: took}
}

// TestRequestLinesAsSlog: a line of a request is, byte for byte, the one that slog itself would write, and stands in its place.
func TestRequestLinesAsSlog(t *testing.T) {
	at := time.Date(2026, time.June, 15, 9, 0, 0, 120_000_000, time.FixedZone("", 7*3600))
	failed, gone, odd := asked(at, "/", 1), asked(at, "/", time.Hour), asked(at, "/", 1)
	failed.Status, failed.Cause = 500, errors.New("hỏng")
	gone.Status, gone.Cause = 200, errors.New("giữa chừng")
	odd.Method = "G<&>T"
	for name, line := range map[string]handlers.Line{
		"usual":     asked(at, "/tin-tuc/mot-hai", 123*time.Microsecond),
		"no time":   asked(at.Truncate(time.Second), "/", 0),
		"short":     asked(at, "/", time.Nanosecond),
		"whole":     asked(at.UTC(), "/", 15*time.Millisecond),
		"fraction":  asked(at.Add(1), "/", 15*time.Millisecond+60*time.Microsecond),
		"long":      asked(at, "/", 10*time.Hour+100*time.Microsecond),
		"accents":   asked(at, "/tìm", 1500*time.Microsecond),
		"to escape": asked(at, "/\"\\\n\x7f<&>", 1500*time.Microsecond),
		"no UTF-8":  asked(at, "/\xff", 1500*time.Microsecond),
		"too long":  asked(at, "/"+strings.Repeat("a", 1000), time.Millisecond),
		"failed":    failed,
		"gone":      gone,
		"odd":       odd,
	} {
		for kind, with := range map[string][]any{"plain": nil, "with more": {"a", 1}} {
			var want, got bytes.Buffer
			lines := &lineBuffer{out: &got}
			for range 2 {
				line.Write(context.Background(), jsonLog(&want).With(with...))
				line.Write(context.Background(), slog.New(newLineLog(lines)).With(with...))
			}
			if err := lines.Flush(); err != nil {
				t.Fatal(err)
			}
			if got.String() != want.String() {
				t.Errorf("%s, %s:\n%s\nslog writes\n%s", name, kind, got.String(), want.String())
			}
		}
	}
}

// TestLinesWait: lines of requests wait for a second, until they are many, or for anything else that is told, which stands after them.
func TestLinesWait(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		out := &congsotest.Buffer{}
		lines := &lineBuffer{out: out}
		log := slog.New(newLineLog(lines))
		ask := func(path string) {
			asked(time.Now(), path, 1).Write(context.Background(), log)
		}
		holds := func(when string, texts ...string) {
			t.Helper()
			text := out.String()
			for _, want := range texts {
				_, rest, found := strings.Cut(text, want)
				if !found {
					t.Errorf("%s: no %q, in order, in %q", when, want, out.String())
				}
				text = rest
			}
			if strings.Contains(text, "\"path\"") {
				t.Errorf("%s: more: %q", when, text)
			}
		}
		ask("/1")
		holds("at once")
		time.Sleep(999 * time.Millisecond)
		ask("/2")
		holds("before the second is over")
		time.Sleep(2 * time.Millisecond)
		synctest.Wait()
		holds("after a second", "/1", "/2")
		ask("/3")
		ask("/bốn")
		ask("/5")
		log.Warn("chú ý")
		holds("after a warning", "/1", "/2", "/3", "/bốn", "/5", "chú ý")
		log.With("a", 1).Info("tin")
		holds("after news", "chú ý", `"tin","a":1`)
		for i := range linesMost / 100 {
			ask(fmt.Sprintf("/nhieu-%d", i))
		}
		if n := strings.Count(out.String(), "nhieu"); n == 0 || n == linesMost/100 {
			t.Errorf("of %d lines %d were written", linesMost/100, n)
		}
		if err := lines.Flush(); err != nil {
			t.Fatal(err)
		}
		if n := strings.Count(out.String(), "nhieu"); n != linesMost/100 {
			t.Errorf("of %d lines %d were written in the end", linesMost/100, n)
		}
	})
}

// BenchmarkRequestLine is a line of a request, by slog's handler and by ours.
func BenchmarkRequestLine(b *testing.B) {
	for name, handler := range map[string]slog.Handler{"slog": slog.NewJSONHandler(io.Discard, nil), "lines": newLineLog(&lineBuffer{out: io.Discard})} {
		b.Run(name, func(b *testing.B) {
			log, line := slog.New(handler), asked(time.Now(), "/tin-tuc/mot-hai-ba", 123*time.Microsecond)
			b.ReportAllocs()
			for b.Loop() {
				line.Write(context.Background(), log)
			}
		})
	}
}
