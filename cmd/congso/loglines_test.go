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
)

// jsonLog is a log that writes each line at once.
func jsonLog(w io.Writer) *slog.Logger { return slog.New(slog.NewJSONHandler(w, nil)) }

// request is a line of a request, as the server logs it, with more.
func request(at time.Time, level slog.Level, path string, ms float64, more ...slog.Attr) slog.Record {
	r := slog.NewRecord(at, level, "request", 0)
	r.AddAttrs(slog.String("id", "ABC234"), slog.String("path", path), slog.Int("status", 200), slog.Int64("bytes", 1<<40), slog.Float64("ms", ms))
	r.AddAttrs(more...)
	return r
}

// TestRequestLinesAsSlog: a line of a request is, byte for byte, the one that slog itself would write.
func TestRequestLinesAsSlog(t *testing.T) {
	at := time.Date(2026, time.June, 15, 9, 0, 0, 120_000_000, time.FixedZone("", 7*3600))
	for name, r := range map[string]slog.Record{
		"usual":      request(at, slog.LevelInfo, "/tin-tuc/mot-hai", 0.123),
		"no time":    request(at, slog.LevelInfo, "/", 0),
		"short":      request(at, slog.LevelInfo, "/", 1e-7),
		"whole":      request(at.UTC(), slog.LevelInfo, "/", 15),
		"accents":    request(at, slog.LevelInfo, "/tìm", 1.5),
		"to escape":  request(at, slog.LevelInfo, "/\"\\\n\x7f<&>", 1.5),
		"no UTF-8":   request(at, slog.LevelInfo, "/\xff", 1.5),
		"failed":     request(at, slog.LevelError, "/", 1, slog.Any("error", errors.New("hỏng"))),
		"other kind": request(at, slog.LevelInfo, "/", 1, slog.Duration("d", time.Second), slog.Bool("b", true), slog.Group("g", slog.Int("n", 1))),
	} {
		var want, got bytes.Buffer
		lines := &lineBuffer{out: &got}
		for range 2 {
			if err := errors.Join(slog.NewJSONHandler(&want, nil).Handle(context.Background(), r), newLineLog(lines).Handle(context.Background(), r)); err != nil {
				t.Fatal(err)
			}
		}
		if err := lines.Flush(); err != nil {
			t.Fatal(err)
		}
		if got.String() != want.String() {
			t.Errorf("%s:\n%s\nslog writes\n%s", name, got.String(), want.String())
		}
	}
}

// TestLinesWait: lines of requests wait for a second, until they are many, or for anything else that is told, which stands after them.
func TestLinesWait(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		out := &lockedBuffer{}
		lines := &lineBuffer{out: out}
		handler := newLineLog(lines)
		log := slog.New(handler)
		ask := func(path string) {
			if err := handler.Handle(context.Background(), request(time.Now(), slog.LevelInfo, path, 1)); err != nil {
				t.Error(err)
			}
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
		log.Warn("chú ý")
		holds("after a warning", "/1", "/2", "/3", "chú ý")
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
			b.ReportAllocs()
			for b.Loop() {
				if err := handler.Handle(context.Background(), request(time.Now(), slog.LevelInfo, "/tin-tuc/mot-hai-ba", 0.123)); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
