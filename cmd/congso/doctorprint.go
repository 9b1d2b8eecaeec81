package main

import (
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"
)

// printFindings prints for people: the gravest first, what is well in one line each at the end.
func printFindings(out io.Writer, data string, _ time.Time, findings []finding) error {
	var b strings.Builder
	counts := map[level]int{}
	for _, l := range slices.Backward(levels()) {
		for _, f := range findings {
			if f.Level != l {
				continue
			}
			counts[l]++
			writeFinding(&b, f)
		}
	}
	fmt.Fprintf(&b, "%s: problems %d, warnings %d, notes %d, well %d\n",
		data, counts[levelProblem], counts[levelWarning], counts[levelNote], counts[levelOK])
	_, err := io.WriteString(out, b.String())
	return err
}

func writeFinding(b *strings.Builder, f finding) {
	if f.Level == levelOK {
		fmt.Fprintf(b, "ok       %s: %s\n", f.Code, f.Message)
		return
	}
	fmt.Fprintf(b, "%-8s %s", strings.ToUpper(string(f.Level)), f.Code)
	if f.Place != "" {
		fmt.Fprintf(b, ": %s", oneLine(f.Place))
	}
	fmt.Fprintf(b, "\n         %s\n", oneLine(f.Message))
	if f.Cure != "" {
		fmt.Fprintf(b, "         → %s\n", oneLine(f.Cure))
	}
}

// oneLine keeps what others wrote, such as titles, from looking like findings of their own, and a terminal from obeying it.
func oneLine(text string) string {
	return strings.Map(func(r rune) rune {
		if r < ' ' || r == 0x7f {
			return ' '
		}
		return r
	}, text)
}

// printFindingsJSON prints for programs.
func printFindingsJSON(out io.Writer, data string, at time.Time, findings []finding) error {
	e := json.NewEncoder(out)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	return e.Encode(struct {
		Version  int       `json:"version"` // of this form
		At       int64     `json:"at"`      // Unix seconds
		Data     string    `json:"data"`
		Worst    level     `json:"worst"`
		Findings []finding `json:"findings"`
	}{1, at.Unix(), data, worst(findings), append([]finding{}, findings...)})
}

// fileSize is a number of bytes as the command line shows it.
func fileSize(bytes int64) string {
	for _, unit := range []struct {
		name string
		size int64
	}{{"GB", 1 << 30}, {"MB", 1 << 20}, {"KB", 1 << 10}} {
		if bytes >= unit.size {
			return fmt.Sprintf("%.1f %s", float64(bytes)/float64(unit.size), unit.name)
		}
	}
	return fmt.Sprintf("%d bytes", bytes)
}
