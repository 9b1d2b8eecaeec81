package main

import (
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"slices"
	"strconv"
	"strings"
	"time"

	"congso/content"
	"congso/store"
	"congso/store/model"
)

// importShown is how many warnings stand in the report as text; the file of --report has all.
const importShown = 200

// importReport tells what has become of each item: as text on out, and in a file as CSV.
type importReport struct {
	out      io.Writer
	file     *os.File // nil for none
	csv      *csv.Writer
	counts   map[store.Outcome]int
	faults   int
	warnings int
	dry      int    // items shown
	clear    func() // takes the progress bar off the line
}

// newImportReport makes the file, unless its name is "": with the mark by which spreadsheets know UTF-8.
func newImportReport(out io.Writer, name string) (*importReport, error) {
	r := &importReport{out: out, counts: map[store.Outcome]int{}, csv: csv.NewWriter(io.Discard), clear: func() {}}
	if name == "" {
		return r, nil
	}
	var err error
	if r.file, err = os.Create(name); err != nil {
		return nil, fmt.Errorf("--report: %w", err)
	}
	if _, err = r.file.WriteString("\ufeff"); err != nil {
		return nil, fmt.Errorf("--report: %w", errors.Join(err, r.file.Close()))
	}
	r.csv = csv.NewWriter(r.file)
	r.row("place", "kind", "title", "message", "old address", "new address")
	return r, nil
}

func (r *importReport) close() error {
	r.csv.Flush()
	if r.file == nil {
		return nil
	}
	return errors.Join(r.csv.Error(), r.file.Close())
}

// row writes a line of the file; an error of it stays with the writer until close. No cell can be taken for a formula.
func (r *importReport) row(cells ...string) {
	for i, cell := range cells {
		if cell != "" && strings.ContainsRune("=+-@\t\r", rune(cell[0])) {
			cells[i] = "'" + cell
		}
	}
	_ = r.csv.Write(cells)
}

// line is a line, or some, of the report as text.
func (r *importReport) line(format string, args ...any) {
	r.clear()
	fmt.Fprintf(r.out, format+"\n", args...)
}

// fault tells why an item was left out.
func (r *importReport) fault(item content.OldItem, err error) {
	r.faults++
	message := faultMessage(err)
	r.line("FAULT    %s\n         %s", placeOf(item), oneLine(message))
	r.row(item.Where, "fault", item.Title, message, firstAddress(item), "")
}

// faultMessage is for people what an item's rules say, else the error.
func faultMessage(err error) string {
	invalid := model.Invalid{}
	if !errors.As(err, &invalid) {
		return err.Error()
	}
	var messages []string
	for _, field := range slices.Sorted(maps.Keys(invalid)) {
		messages = append(messages, invalid[field])
	}
	return strings.Join(messages, " ")
}

// placeOf is where an item stands in its file, with its title when it has one: where a file ends too early there is none.
func placeOf(item content.OldItem) string {
	if item.Title == "" {
		return oneLine(item.Where)
	}
	return oneLine(item.Where) + ": " + oneLine(item.Title)
}

func firstAddress(item content.OldItem) string {
	return strings.Join(item.Addresses[:min(len(item.Addresses), 1)], "")
}

// told tells what has become of an item, with its warnings unless it was there already.
func (r *importReport) told(outcome store.Outcome, item content.OldItem, now string) {
	r.counts[outcome]++
	switch outcome {
	case store.OutcomeNew:
		r.notes(item)
	case store.OutcomeChanged:
		r.line("CHANGED  %s\n         the old portal has another text now; the one here was left as it is", placeOf(item))
	}
	r.row(item.Where, string(outcome), item.Title, "", firstAddress(item), now)
}

func (r *importReport) notes(item content.OldItem) {
	for _, note := range item.Notes {
		if r.warnings++; r.warnings <= importShown {
			r.line("warning  %s\n         %s", placeOf(item), oneLine(note))
		}
		r.row(item.Where, "warning", item.Title, note, firstAddress(item), "")
	}
}

// shown is a line of the table of what would come.
func (r *importReport) shown(item content.OldItem) {
	const form = "%-50s %-24s %-10s %-10s %6s %8s %s"
	if r.dry++; r.dry == 1 {
		r.line(form, "TITLE", "SECTION", "STATE", "DATE", "PHOTOS", "WARNINGS", "OLD ADDRESS")
	}
	date := "-"
	if !item.PublishAt.IsZero() {
		date = item.PublishAt.In(model.Zone()).Format("02/01/2006")
	}
	r.warnings += len(item.Notes)
	r.line(form, shortened(item.Title, 50), shortened(strings.Join(item.Section, "/"), 24), stateOf(item), date,
		strconv.Itoa(photosOf(item)), strconv.Itoa(len(item.Notes)), oneLine(firstAddress(item)))
	r.row(item.Where, "would come", item.Title, strings.Join(item.Notes, " "), firstAddress(item), "")
}

// stateOf is what becomes of an item: what nobody outside may see is told apart from what they may, and what awaits its hour from both.
func stateOf(item content.OldItem) string {
	switch {
	case item.Status == model.StatusPublished && item.Visibility == model.Internal:
		return "internal"
	case item.Status == model.StatusPublished && item.PublishAt.After(time.Now()):
		return "scheduled"
	}
	return string(item.Status)
}

// photosOf counts the photos that lie beside the export, the cover among them.
func photosOf(item content.OldItem) (n int) {
	for _, p := range append(slices.Clone(item.Pictures), item.Cover) {
		if p.Name != "" && !p.Missing() {
			n++
		}
	}
	return n
}

func shortened(text string, most int) string {
	runes := []rune(oneLine(text))
	if len(runes) <= most {
		return string(runes)
	}
	return string(runes[:most-1]) + "…"
}

// end is the report's last lines.
func (r *importReport) end(run importRun, export oldExport) {
	if r.warnings > importShown && !run.dry {
		r.line("and %d warnings more, which the file of --report has", r.warnings-importShown)
	}
	for _, line := range export.leftOut() {
		r.line("%s", line)
	}
	if run.dry {
		if r.warnings > 0 && r.file == nil {
			r.line("With --report FILE.csv, the warnings stand in FILE.csv in words, item by item.")
		}
		r.line("%s: %d items would come, %d are known, %d changed since, %d cannot come. Nothing was changed.", export.name,
			r.dry, r.counts[store.OutcomeKnown], r.counts[store.OutcomeChanged], r.faults)
		return
	}
	r.line("%s: %d items new, %d known, %d changed since and left as they are, %d left out by faults; %d photos, %d files, %d warnings.", export.name,
		r.counts[store.OutcomeNew], r.counts[store.OutcomeKnown], r.counts[store.OutcomeChanged], r.faults, run.photos, run.files, r.warnings)
}
