package store_test

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"os/exec"
	"runtime"
	"testing"
	"time"

	"congso/store"
	"congso/store/model"
	"congso/store/storetest"
)

// What a child process is told in its environment, see TestHitsChild.
const (
	childFolder   = "CONGSO_TEST_HITS_FOLDER"
	childDatabase = "CONGSO_TEST_HITS_DATABASE"
)

const (
	childVisitors = 300
	childPages    = 1000
)

// TestHitsChild is the program that tests of kills start: it counts views until it is killed, one after the other, and writes a byte for each that
// is counted. It flushes all the while.
func TestHitsChild(t *testing.T) {
	if os.Getenv(childFolder) == "" {
		return // no child
	}
	s, _ := openAt(t, store.Options{Dir: os.Getenv(childFolder), Database: os.Getenv(childDatabase)})
	b := store.OpenHits(s)
	visitors := make([]store.Visitor, childVisitors)
	for i := range visitors {
		visitors[i] = visitor(t, b, fmt.Sprint(i))
	}
	go func() {
		for {
			flush(t, b)
			time.Sleep(10 * time.Millisecond)
		}
	}()
	for i := rand.IntN(childPages); ; i++ {
		b.Add(visitors[i%childVisitors], fmt.Sprint("/tin-tuc/tin-", i%childPages), noon())
		if _, err := os.Stdout.Write([]byte{'.'}); err != nil {
			t.Fatal(err)
		}
		if i%20 == 0 {
			time.Sleep(time.Millisecond) // so that it lives to see some flushes
		}
	}
}

// countAndKill starts a program that counts views, kills it once it has told of so many, and returns how many it told of in all.
func countAndKill(t *testing.T, o store.Options, views int) (told int) {
	t.Helper()
	if runtime.GOOS == "windows" {
		t.Skip("no kill -9 there")
	}
	child := exec.Command(os.Args[0], "-test.run=^TestHitsChild$")
	child.Env = append(os.Environ(), childFolder+"="+o.Dir, childDatabase+"="+o.Database)
	out, err := child.StdoutPipe()
	must(t, err)
	must(t, child.Start())
	stop := time.AfterFunc(5*time.Minute, func() { _ = child.Process.Kill() })
	defer stop.Stop()
	reader := bufio.NewReaderSize(out, 1<<10)
	alive := true
	for {
		sign, err := reader.ReadByte()
		if err == io.EOF {
			break
		}
		must(t, err)
		if sign != '.' {
			rest, _ := io.ReadAll(reader)
			t.Fatalf("the program says %q", append([]byte{sign}, rest...))
		}
		if told++; told >= views && alive {
			must(t, child.Process.Kill())
			alive = false
		}
	}
	if err := child.Wait(); err == nil || alive {
		t.Fatalf("it ended by itself after %d views: %v", told, err)
	}
	return told
}

// countWithKills counts views in so many programs, each killed at some moment, and holds that exactly those count that were told of, and at
// most the one of each that was under way. It returns how many there are.
func countWithKills(t *testing.T, o store.Options, kills, views int) (total int64) {
	t.Helper()
	told := 0
	for range kills {
		told += countAndKill(t, o, views/kills/2+rand.IntN(views/kills))
	}
	s, _ := openAt(t, o)
	b := openHits(t, s)
	flush(t, b)
	got := b.Counters()
	if got.Total < int64(told) || got.Total > int64(told+kills) {
		t.Errorf("%d views counted, %d to %d were told of", got.Total, told, told+kills)
	}
	want := model.Counters{Online: childVisitors, Today: got.Total, Month: got.Total, Total: got.Total}
	if got != want {
		t.Errorf("got %+v, want %+v", got, want)
	}
	if got, want := today(t, s), (model.DayHits{Day: "2023-07-05", Views: got.Total, Visits: childVisitors, Visitors: childVisitors}); got != want {
		t.Errorf("got %+v, want %+v", got, want)
	}
	ctx := context.Background()
	pages, err := s.TopPages(ctx, store.StatsFilter{From: "2023-07-05", To: "2023-07-05"}, childPages+1)
	must(t, err)
	sum, sums := int64(0), int64(0)
	for _, p := range pages {
		sum += p.Views
		sums += pageViews(t, s, p.Path)
	}
	if sum != got.Total || sums != got.Total || len(pages) > childPages {
		t.Errorf("%d pages have %d views of the day and %d in all, want %d", len(pages), sum, sums, got.Total)
	}
	if left := segments(t, o.Dir); len(left) > 0 {
		t.Errorf("left behind: %v", left)
	}
	return got.Total
}

// TestHitsOutliveKills: five programs count and are killed, whatever they were at.
func TestHitsOutliveKills(t *testing.T) {
	storetest.EachOptions(t, func(t *testing.T, o store.Options) {
		t.Logf("%d views", countWithKills(t, o, 5, 20_000))
	})
}
