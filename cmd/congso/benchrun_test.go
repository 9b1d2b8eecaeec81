package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"math/rand/v2"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"congso/cmd/congso/congsotest"
	"congso/store"
	"congso/store/model"
	"congso/store/storetest"
)

// runBench runs the built program's bench on a portal in folder and reads its JSON.
func runBench(t *testing.T, folder string, into any, args ...string) {
	t.Helper()
	var out, told strings.Builder
	run := exec.Command(congsotest.Program(t), append([]string{"bench", "--json", "--dir", folder, "--connections", "4"}, args...)...)
	run.Stdout, run.Stderr = &out, &told
	if err := run.Run(); err != nil {
		t.Fatalf("%v: %s", err, told.String())
	}
	if err := json.Unmarshal([]byte(out.String()), into); err != nil {
		t.Fatalf("%v in %s", err, out.String())
	}
}

// TestBench measures a small portal, each line for a moment, and then the same under mixed load.
func TestBench(t *testing.T) {
	folder := filepath.Join(t.TempDir(), "bench")
	var report benchReport
	runBench(t, folder, &report, "--items", "120", "--for", "40ms")
	lines := map[string]bool{}
	for _, f := range report.Rows {
		name := f.Row + " " + f.Way
		if f.Writers {
			name += " writing"
		}
		if lines[name] {
			t.Errorf("%s is measured twice", name)
		}
		lines[name] = true
		if f.Items != 120 || f.Bytes < 1000 || f.PerSecond <= 0 || f.P50 <= 0 || f.P99 < f.P50 || f.AloneP99 < f.AloneP50 || f.AloneP50 <= 0 || f.CPU <= 0 ||
			f.Bare <= 0 || f.BareCPU <= 0 || f.Ratio <= 0 || f.RatioCPU <= 0 || f.Growth != 0 {
			t.Errorf("%s: %+v", name, f)
		}
	}
	for _, run := range benchRuns(benchRows(120, "/static/site.css", "")) {
		name := run.row.name + " " + run.way
		if run.writers {
			name += " writing"
		}
		if !lines[name] {
			t.Errorf("%s is not measured", name)
		}
		delete(lines, name)
	}
	if len(lines) > 0 || len(report.LeftOut) > 0 {
		t.Errorf("unknown lines %v, left out %v", lines, report.LeftOut)
	}
	if len(report.Costs) != 1 || len(report.Portals) != 1 || report.Portals[0].Disk < 1<<20 {
		t.Fatalf("costs %+v, portals %+v", report.Costs, report.Portals)
	}
	if c := report.Costs[0]; c.Items != 120 || c.Whole <= 0 || c.Body <= 0 || c.PutOff <= 0 || c.CPU <= c.PutOff || c.Slices < costLeast || !c.Counting.within() || !c.Logging.within() {
		t.Errorf("costs %+v", c)
	}
	var steady benchSteady
	runBench(t, folder, &steady, "--items", "120", "--mixed", "1s")
	if len(steady.Minutes) != 4 || len(steady.Memory) != 24 || steady.Answers <= steady.Views || steady.Views == 0 || steady.Written == 0 {
		t.Errorf("mixed load: %d minutes, %d looks at the memory, %d answers, %d views, %d written", len(steady.Minutes), len(steady.Memory), steady.Answers,
			steady.Views, steady.Written)
	}
	if steady.Counted != int64(steady.Views) {
		t.Errorf("%d views were counted of %d", steady.Counted, steady.Views)
	}
}

// TestBenchPostgres measures a portal on PostgreSQL beside one on SQLite, in a schema that is gone afterwards, or kept with its folder; a schema
// of that name with anything else in it is left alone.
func TestBenchPostgres(t *testing.T) {
	ctx, address, items := context.Background(), storetest.Postgres(t), 50+rand.IntN(200) // another test may be at work on the same server
	schema, folder := fmt.Sprint("congso_bench_", items), filepath.Join(t.TempDir(), "bench")
	t.Cleanup(func() { fatalOn(t, store.DropSchema(ctx, address, schema, benchSchemaMark)) })
	for _, args := range [][]string{nil, {"--dir", folder}} {
		report, err := benchOnPostgres(t, address, items, args...)
		if err != nil || len(report.Rows) != 1 || len(report.Portals) != 1 || len(report.Costs) != 0 || !report.Portals[0].Postgres {
			t.Fatalf("%v: %+v, %v", args, report, err)
		}
		if f := report.Rows[0]; f.Row != "home" || f.SQLite <= 0 || f.SQLiteCPU <= 0 || f.RatioSQLite <= 0 || f.RatioSQLiteCPU <= 0 || f.Ratio <= 0 {
			t.Errorf("%v: %+v", args, f)
		}
	}
	own, err := store.OwnSchema(ctx, address, schema, benchSchemaMark)
	fatalOn(t, err)
	s, err := store.Open(ctx, store.Options{Dir: filepath.Join(folder, fmt.Sprint("postgres-items-", items)), Database: own, Beside: true})
	fatalOn(t, err)
	if _, total, err := s.NewsPage(ctx, model.Viewer{}, store.NewsFilter{}, 1, 1); err != nil || total != items {
		t.Errorf("%d items are kept: %v", total, err)
	}
	fatalOn(t, errors.Join(s.Close(), store.DropSchema(ctx, address, schema, benchSchemaMark)))
	_, err = store.OwnSchema(ctx, address, schema, "records")
	fatalOn(t, err)
	if _, err = benchOnPostgres(t, address, items, "--dir", filepath.Join(t.TempDir(), "other")); err == nil || !strings.Contains(err.Error(), "was not made by this program") {
		t.Errorf("a schema of somebody else's: %v", err)
	}
	fatalOn(t, store.DropSchema(ctx, address, schema, "records"))
}

// benchOnPostgres runs the built program's bench for one line.
func benchOnPostgres(t *testing.T, address string, items int, args ...string) (report benchReport, err error) {
	t.Helper()
	var out, told strings.Builder
	args = append([]string{"bench", "--json", "--connections", "4", "--items", fmt.Sprint(items), "--for", "30ms", "--only", "served home", "--database", address}, args...)
	command := exec.Command(congsotest.Program(t), args...)
	command.Stdout, command.Stderr = &out, &told
	if err := command.Run(); err != nil {
		return report, fmt.Errorf("%w: %s", err, told.String())
	}
	return report, json.Unmarshal([]byte(out.String()), &report)
}

func fatalOn(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// within reports whether the whole run tells what its parts may tell together.
func (s benchShare) within() bool { return s.Low <= s.High && s.Low < 1 && s.Share < 1 && s.Share != 0 }

// TestBenchShares: what else the machine does in some slices changes no share, and the parts of a run show how far it is to be believed.
func TestBenchShares(t *testing.T) {
	whole, without := make([]float64, 80), make([]float64, 80)
	for i := range whole {
		whole[i], without[i] = 20, 19
		if i%2 == 0 {
			whole[i] += float64(i)
		}
		if i%3 == 0 {
			without[i] += 100
		}
	}
	for i := 60; i < 80; i++ { // the last part
		without[i] -= 1
	}
	got := shareOf(plus(whole, 5), plus(without, 5))
	if want := (benchShare{Share: 0.04, Low: 0.04, High: 0.08}); !cmp.Equal(got, want, cmp.Comparer(func(a, b float64) bool { return math.Abs(a-b) < 1e-9 })) {
		t.Errorf("got %+v, want %+v", got, want)
	}
}

// TestBenchGrowth: a line is compared with the same of the smallest portal.
func TestBenchGrowth(t *testing.T) {
	r := benchReport{Rows: []benchFigures{
		{Items: 1000, Row: "home", Way: benchCold, CPU: 200}, {Items: 500, Row: "home", Way: benchCold, CPU: 100}, {Items: 100, Row: "item", Way: benchCold, CPU: 1},
	}}
	for want, f := range map[float64]benchFigures{
		1.5: {Items: 9000, Row: "home", Way: benchCold, CPU: 150}, 0: {Items: 500, Row: "home", Way: benchCold, CPU: 150},
		7: {Items: 1000, Row: "item", Way: benchCold, CPU: 7},
	} {
		if got := r.growth(f); got != want {
			t.Errorf("%+v: growth %v, want %v", f, got, want)
		}
	}
	if got := r.growth(benchFigures{Items: 9000, Row: "home", Way: benchServed, CPU: 1}); got != 0 {
		t.Errorf("another way: %v", got)
	}
}

// TestBenchWithin: what there is no time for is left out and told.
func TestBenchWithin(t *testing.T) {
	ctx, cancel := context.WithTimeout(context.Background(), time.Second)
	defer cancel()
	b, report := &bench{plan: benchPlan{during: time.Minute}}, &benchReport{}
	if err := b.line(ctx, nil, nil, 7, benchRun{row: benchRow{name: "home"}, way: benchCold}, report, io.Discard); err != nil {
		t.Fatal(err)
	}
	if err := b.costsOf(ctx, nil, 7, benchRow{}, report, io.Discard); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{"7 items, home, cold", "7 items, counting and log"}, report.LeftOut); diff != "" {
		t.Errorf("left out (-want +got):\n%s", diff)
	}
}

// TestBenchItems: the same number makes the same item, in whatever order, and what is measured is there in a portal of any size.
func TestBenchItems(t *testing.T) {
	sections := make([]model.Section, benchSections)
	for i := range sections {
		sections[i].ID = int64(i + 1)
	}
	fill := func() *benchFiller {
		return &benchFiller{text: newBenchText(), items: 1000, sections: sections, pictures: make([]model.Media, 2)}
	}
	one, other := fill(), fill()
	first, long := 0, 0
	for i := range 1000 {
		n := one.item(i)
		if i%100 == 57 {
			if diff := cmp.Diff(n, other.item(i)); diff != "" {
				t.Fatalf("item %d:\n%s", i, diff)
			}
		}
		if err := n.Validate(); err != nil || !strings.Contains(n.Body, benchCode(i)) || n.Slug != benchSlug(i) {
			t.Fatalf("item %d: %v, slug %s", i, err, n.Slug)
		}
		if n.Section.ID == 1 {
			first++
		}
		if len(n.Body) >= 9000 {
			long++
		}
	}
	if first < 600 || long != 1000/benchLong+1 {
		t.Errorf("%d items in the first section, %d long ones", first, long)
	}
	if a, b := one.item(3).Title, one.item(4).Title; a == b {
		t.Errorf("two items of the title %q", a)
	}
	for _, items := range []int{1, 99, 1000, 1_000_000} {
		deep := deepOf(items)
		inFirst := 0
		for i := range min(items, 100_000) {
			if benchSection(i) == 0 {
				inFirst++
			}
		}
		if items <= 100_000 && deep > 1 && (deep-1)*newsPage >= inFirst || deep > deepPage || deep < 1 {
			t.Errorf("%d items: page %d of a section of %d", items, deep, inFirst)
		}
	}
}

// TestBenchFolder: no folder with anything else in it is filled.
func TestBenchFolder(t *testing.T) {
	folder := t.TempDir()
	if err := benchFolder(filepath.Join(folder, "new")); err != nil {
		t.Error(err)
	}
	if err := benchFolder(filepath.Join(folder, "new")); err != nil {
		t.Errorf("a second time: %v", err)
	}
	if err := benchFolder(folder); err == nil {
		t.Error("a folder with something else is taken")
	}
	congsotest.WriteFile(t, filepath.Join(folder, "new", benchMark), "0")
	if err := benchFolder(filepath.Join(folder, "new")); err == nil {
		t.Error("a folder of another version is taken")
	}
}

// TestBenchFillsOn: what an interrupted run has left is completed, and nothing is there twice.
func TestBenchFillsOn(t *testing.T) {
	ctx, folder := context.Background(), filepath.Join(t.TempDir(), "portal")
	short, cancel := context.WithCancel(ctx)
	cancel()
	if err := fillBench(short, benchPlace{folder: folder}, 30, io.Discard); err == nil {
		t.Fatal("filled after its end")
	}
	for range 2 {
		if err := fillBench(ctx, benchPlace{folder: folder}, 30, io.Discard); err != nil {
			t.Fatal(err)
		}
	}
	s, err := store.Open(ctx, store.Options{Dir: folder, Renderer: model.Renderer{}, Beside: true})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	_, total, err := s.NewsPage(ctx, model.Viewer{}, store.NewsFilter{}, 1, 1)
	if err != nil || total != 30 {
		t.Errorf("%d items: %v", total, err)
	}
	if _, err := s.VerifyAudit(ctx); err != nil {
		t.Error(err)
	}
	for _, refused := range []string{"0", "", "x", "5,-1", "10000000"} {
		if sizes, err := benchSizes(refused); err == nil {
			t.Errorf("--items %q: %v", refused, sizes)
		}
	}
}
