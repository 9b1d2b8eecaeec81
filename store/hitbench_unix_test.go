//go:build unix

package store_test

import (
	"fmt"
	"math/rand/v2"
	"os"
	"strconv"
	"syscall"
	"testing"

	"congso/store"
)

// BenchmarkHits is what a view costs: Add alone, and with the flush that moves it into the database, by how many pages
// are seen, and by how many visitors.
func BenchmarkHits(b *testing.B) {
	eachBench(b, func(b *testing.B, s *store.Store) {
		visitors := make([]store.Visitor, 5000)
		hits := store.OpenHits(s)
		b.Cleanup(func() { must(b, hits.Close()) })
		for i := range visitors {
			visitors[i] = visitor(b, hits, fmt.Sprint(i))
		}
		at := s.Now()
		b.Run("add", func(b *testing.B) {
			b.ReportAllocs()
			for i := 0; b.Loop(); i++ {
				hits.Add(visitors[i%len(visitors)], "/tin-tuc/ket-qua-thi-tuyen-vien-chuc-nam-2023", at)
				if i%200_000 == 199_999 { // the journal takes 700,000
					b.StopTimer()
					flush(b, hits)
					b.StartTimer()
				}
			}
		})
		flush(b, hits)
		paths := make([]string, 100_000)
		for i := range paths {
			paths[i] = fmt.Sprint("/tin-tuc/ket-qua-thi-tuyen-", i)
		}
		for _, of := range []struct{ pages, visitors int }{{1, 50}, {100, 50}, {100, 5000}, {1000, 5000}, {100_000, 5000}} {
			b.Run(fmt.Sprintf("flush 20000 of %d pages by %d", of.pages, of.visitors), func(b *testing.B) {
				seen, before := 0, processorTime(b)
				for b.Loop() {
					for range 20_000 {
						hits.Add(visitors[seen%of.visitors], paths[seen%of.pages], at)
						seen++
					}
					flush(b, hits)
				}
				b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(seen), "ns/hit")
				b.ReportMetric(float64(processorTime(b)-before)/float64(seen), "cpu-ns/hit") // of this process: PostgreSQL's is its own
			})
		}
	})
}

// processorTime is what this process has had of the processors, in nanoseconds: other than the clock's, it is the same on a busy machine.
func processorTime(b *testing.B) int64 {
	b.Helper()
	var used syscall.Rusage
	must(b, syscall.Getrusage(syscall.RUSAGE_SELF, &used))
	return used.Utime.Nano() + used.Stime.Nano()
}

// BenchmarkFlushByScale is a flush of a second in which each view is another visitor's, every other of whom was there before on that day, among
// as many visitors of the day as CONGSO_TEST_VISITORS says.
func BenchmarkFlushByScale(b *testing.B) {
	known := 20_000
	if text := os.Getenv("CONGSO_TEST_VISITORS"); text != "" {
		var err error
		known, err = strconv.Atoi(text)
		must(b, err)
	}
	eachBench(b, func(b *testing.B, s *store.Store) {
		hits := store.OpenHits(s)
		b.Cleanup(func() { must(b, hits.Close()) })
		at, next := s.Now(), 0
		add := func(number int) {
			hits.Add(visitor(b, hits, fmt.Sprint(number)), fmt.Sprint("/tin-tuc/ket-qua-thi-tuyen-", number%300), at)
		}
		for ; next < known; next++ {
			if add(next); next%10_000 == 9999 {
				flush(b, hits)
			}
		}
		flush(b, hits)
		for _, views := range []int{500, 2000, 6000} {
			b.Run(fmt.Sprintf("%d views among %d", views, known), func(b *testing.B) {
				before := processorTime(b)
				for b.Loop() {
					b.StopTimer()
					for i := range views {
						if i%2 == 0 {
							add(next)
							next++
						} else {
							add(rand.IntN(next))
						}
					}
					b.StartTimer()
					flush(b, hits)
				}
				b.ReportMetric(float64(views*b.N)/b.Elapsed().Seconds(), "views/s")
				b.ReportMetric(float64(processorTime(b)-before)/float64(views*b.N), "cpu-ns/view")
			})
		}
	})
}
