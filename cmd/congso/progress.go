package main

import (
	"fmt"
	"io"
	"os"
	"strconv"
	"strings"
	"time"

	"github.com/mattn/go-isatty"

	"congso/store"
)

// Of a progress bar: its width in characters, and how often it is drawn.
const (
	barWidth = 30
	barEvery = 100 * time.Millisecond
)

// bar shows how far long work has come, on one line of a terminal.
type bar struct {
	out   io.Writer
	what  string
	drawn time.Time
	width int // of the line on the screen
}

// newBar returns what is told of the progress, and what clears the line at the end; nothing is shown where w is no terminal.
func newBar(w io.Writer) (tell store.Progress, clear func()) {
	file, ok := w.(*os.File)
	if !ok || !isatty.IsTerminal(file.Fd()) {
		return nil, func() {}
	}
	b := &bar{out: w}
	return b.tell, b.clear
}

func (b *bar) tell(what string, done, total int64) {
	now := time.Now()
	if what == b.what && done < total && now.Sub(b.drawn) < barEvery {
		return
	}
	b.what, b.drawn = what, now
	b.draw(barLine(what, done, total))
}

// barLine is "Packing the files  [=====     ]  50 %  1.0 GB of 2.0 GB", or "… 50 of 100" of what is counted in records. What has no size has
// no figures.
func barLine(what string, done, total int64) string {
	if total <= 1 {
		return what + " …"
	}
	size := inBytes
	if store.CountsRecords(what) || what == copyingPages {
		size = func(n int64) string { return strconv.FormatInt(n, 10) }
	}
	part := min(1, float64(done)/float64(total))
	full := int(part * barWidth)
	return fmt.Sprintf("%-22s [%s%s] %3.0f %%  %s of %s", what, strings.Repeat("=", full), strings.Repeat(" ", barWidth-full), part*100, size(done), size(total))
}

// draw replaces what stands on the line.
func (b *bar) draw(line string) {
	width := len([]rune(line))
	fmt.Fprint(b.out, "\r", line, strings.Repeat(" ", max(0, b.width-width)))
	b.width = width
}

func (b *bar) clear() {
	if b.width > 0 {
		fmt.Fprint(b.out, "\r", strings.Repeat(" ", b.width), "\r")
	}
}

// inBytes is a size for people.
func inBytes(n int64) string {
	size, unit := float64(n), "bytes"
	for _, next := range []string{"KB", "MB", "GB", "TB"} {
		if size < 1024 {
			break
		}
		size, unit = size/1024, next
	}
	if unit == "bytes" {
		return fmt.Sprintf("%d bytes", n)
	}
	return fmt.Sprintf("%.1f %s", size, unit)
}
