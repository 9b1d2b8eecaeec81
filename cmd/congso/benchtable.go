package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"regexp"
	"strings"
	"time"
)

// benchReport is what a run prints as JSON.
type benchReport struct {
	Program string         `json:"program"`
	Pinned  bool           `json:"pinned"` // servers on one core, what asks on another
	Portals []benchPortals `json:"portals"`
	Rows    []benchFigures `json:"rows"`
	Costs   []benchCosts   `json:"costs"`
	LeftOut []string       `json:"left_out"` // for want of time
}

// benchPortals tells of a portal.
type benchPortals struct {
	Items    int   `json:"items"`
	Postgres bool  `json:"postgres"`
	Disk     int64 `json:"disk_bytes"`     // of its folder
	Resident int64 `json:"resident_bytes"` // after all was measured, 0 where the system does not tell
}

// benchRun is one line that is measured.
type benchRun struct {
	row     benchRow
	way     string
	writers bool
}

// name is what tells the line from others.
func (r benchRun) name() string {
	if r.writers {
		return r.way + "+w " + r.row.name
	}
	return r.way + " " + r.row.name
}

// benchRuns are the lines of a portal, in their order.
func benchRuns(rows []benchRow) (runs []benchRun) {
	for _, row := range rows {
		if len(row.paths) == 1 {
			runs = append(runs, benchRun{row, benchServed, false})
		}
	}
	for _, row := range rows {
		if row.encodings == "" && row.name != "static" {
			runs = append(runs, benchRun{row, benchCold, false})
		}
	}
	for _, way := range []string{benchServed, benchCold} {
		for _, row := range rows {
			switch row.name {
			case "home", "section", "item", "search, common":
				runs = append(runs, benchRun{row, way, true})
			}
		}
	}
	return runs
}

func (b *bench) runTable(ctx context.Context, out io.Writer) error {
	report := benchReport{Program: programName(), Pinned: b.core >= 0, LeftOut: []string{}}
	table := out
	if b.plan.asJSON {
		table = io.Discard
	}
	for _, items := range b.plan.items {
		if err := b.portal(ctx, items, &report, table); err != nil {
			return err
		}
	}
	if len(report.LeftOut) > 0 {
		fmt.Fprintf(table, "\nLeft out for want of time (--within): %s\n", strings.Join(report.LeftOut, "; "))
	}
	if !b.plan.asJSON {
		return nil
	}
	encoder := json.NewEncoder(out)
	encoder.SetIndent("", "  ")
	return encoder.Encode(report)
}

// portal measures all lines of one portal.
func (b *bench) portal(ctx context.Context, items int, report *benchReport, table io.Writer) (err error) {
	place, besidePlace := b.places(items)
	portal, err := b.startPortal(place)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, portal.stop()) }()
	var beside *benchServer
	if besidePlace != nil {
		if beside, err = b.startPortal(*besidePlace); err != nil {
			return err
		}
		defer func() { err = errors.Join(err, beside.stop()) }()
	}
	css, part, err := benchFound(portal.place[benchServed])
	if err != nil {
		return err
	}
	disk, err := folderBytes(place.folder)
	if err != nil {
		return err
	}
	if beside == nil {
		fmt.Fprintf(table, "\n%d items, %d MB on disk\n%s\n", items, disk>>20, benchHeading)
	} else {
		fmt.Fprintf(table, "\n%d items in PostgreSQL, beside as many on SQLite\n%s  of SQLite  of its cpu\n", items, benchHeading)
	}
	rows := benchRows(items, css, part)
	for _, run := range benchRuns(rows) {
		if !strings.Contains(run.name(), b.plan.only) {
			continue
		}
		if err := b.line(ctx, portal, beside, items, run, report, table); err != nil {
			return fmt.Errorf("%d items, %s, %s: %w", items, run.row.name, run.way, err)
		}
	}
	if b.plan.only == "" {
		if err := b.costsOf(ctx, portal, items, rows[0], report, table); err != nil {
			return err
		}
	}
	usage, err := portal.tell("usage")
	report.Portals = append(report.Portals, benchPortals{items, place.database != "", disk, usage.Resident})
	fmt.Fprintf(table, "memory of the server: %d MB\n", usage.Resident>>20)
	return err
}

// line measures one line and prints it, unless there is no time left for it.
func (b *bench) line(ctx context.Context, portal, beside *benchServer, items int, run benchRun, report *benchReport, table io.Writer) error {
	if !b.timeFor(ctx, b.plan.during*3/2) {
		report.LeftOut = append(report.LeftOut, fmt.Sprintf("%d items, %s, %s", items, run.row.name, run.way))
		return nil
	}
	if run.writers {
		if _, err := portal.tell("writers 1 250ms"); err != nil {
			return err
		}
	}
	f, err := b.measure(portal, beside, run.row, run.way)
	if run.writers {
		_, end := portal.tell("writers 0 1s")
		err = errors.Join(err, end)
	}
	if err != nil {
		return err
	}
	f.Items, f.Writers = items, run.writers
	f.Growth = report.growth(f)
	report.Rows = append(report.Rows, f)
	fmt.Fprintln(table, f)
	return b.log.Truncate(0)
}

// timeFor reports whether so much of the time is left.
func (b *bench) timeFor(ctx context.Context, d time.Duration) bool {
	until, bounded := ctx.Deadline()
	return ctx.Err() == nil && (!bounded || time.Until(until) > d)
}

// growth compares the row with the same of the smallest portal; 0 when this is it.
func (r *benchReport) growth(f benchFigures) float64 {
	var least *benchFigures
	for i, o := range r.Rows {
		if o.Row == f.Row && o.Way == f.Way && o.Writers == f.Writers && (least == nil || o.Items < least.Items) {
			least = &r.Rows[i]
		}
	}
	if least == nil || least.Items >= f.Items || least.CPU == 0 {
		return 0
	}
	return f.CPU / least.CPU
}

const benchHeading = "way      page                 bytes    req/s     p50     p99  one: p50     p99      cpu  of bare  of its cpu  growth"

func (f benchFigures) String() string {
	way := f.Way
	if f.Writers {
		way += "+w"
	}
	growth := "–"
	if f.Growth > 0 {
		growth = fmt.Sprintf("%.2f", f.Growth)
	}
	line := fmt.Sprintf("%-8s %-19s %6d %8.0f %7.2f %7.2f  %8.2f %7.2f %8.1f %8.3f %11.3f %7s", way, f.Row, f.Bytes, f.PerSecond, f.P50, f.P99, f.AloneP50, f.AloneP99,
		f.CPU, f.Ratio, f.RatioCPU, growth)
	if f.SQLite > 0 {
		line += fmt.Sprintf(" %10.3f %11.3f", f.RatioSQLite, f.RatioSQLiteCPU)
	}
	return line
}

var (
	benchStyle = regexp.MustCompile(`href="(/static/[^"]+\.css[^"]*)"`)
	benchPart  = regexp.MustCompile(`<loc>https?://[^/]+(/sitemap/1\.xml)</loc>`)
)

// benchFound are the addresses of the style sheet and of the first part of the sitemap that holds records, "" when it is in one.
func benchFound(host string) (css, part string, err error) {
	home, err := sample(host, benchRow{paths: one("/"), must: "/static/"})
	if err != nil {
		return "", "", err
	}
	sitemap, err := sample(host, benchRow{paths: one("/sitemap.xml"), must: "<loc>"})
	if err != nil {
		return "", "", err
	}
	if found := benchStyle.FindSubmatch(home[0].Body); found != nil {
		css = string(found[1])
	}
	if found := benchPart.FindSubmatch(sitemap[0].Body); found != nil {
		part = string(found[1])
	}
	if css == "" {
		err = errors.New("the home page has no style sheet")
	}
	return css, part, err
}

// folderBytes is what the files of a folder take.
func folderBytes(folder string) (total int64, err error) {
	err = fs.WalkDir(os.DirFS(folder), ".", func(name string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		info, err := entry.Info()
		if errors.Is(err, fs.ErrNotExist) {
			return nil // a file for a moment
		}
		total += info.Size()
		return err
	})
	return total, err
}
