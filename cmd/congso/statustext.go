package main

import (
	"fmt"
	"strings"
	"time"

	"congso/store/model"
)

// text is the status for people.
func (s status) text(now time.Time) string {
	var b strings.Builder
	row := func(name, format string, values ...any) {
		fmt.Fprintf(&b, "%-12s %s\n", name, fmt.Sprintf(format, values...))
	}
	s.serving(now, row)
	if t := s.Traffic; t != nil {
		row("Requests", "%.1f/s, %.1f/s failed, %d in flight", t.Requests, t.Errors, t.InFlight)
		row("Times", "half within %s, 99 %% within %s (%s)", short(t.P50), short(t.P99), map[string]string{"second": "within the last second", "start": "since the start"}[t.Over])
		row("Memory", "%s", bytesText(s.Memory))
	}
	if s.Online != nil && s.Today != nil && s.Views != nil {
		row("Readers", "%d online, %s views today, %s in all", *s.Online, grouped(*s.Today), grouped(*s.Views))
	}
	if r := s.Records; r != nil {
		row("News", "%s", byStatus(r.News))
		row("Meetings", "%s", byStatus(r.Meetings))
		row("Logins", "%d under way", r.Sessions)
		row("Audit trail", "%s entries", grouped(r.Audit))
		row("Database", "%s, write-ahead log %s", bytesText(r.Database), bytesText(r.WAL))
		row("Media", "%s files, %s as uploaded", grouped(r.Files), bytesText(r.Media))
		row("Disk", "%s free", bytesText(r.Free))
	}
	if s.Backup != nil {
		row("Backup", "%s", s.Backup.text(now))
	}
	if s.Certificate != nil {
		row("Certificate", "%s", endText(*s.Certificate, now))
	}
	for _, c := range s.Copies {
		row("Copy", "%s, version %s, articles %s, heard of %s ago", c.Name, c.Program, c.Content[:min(len(c.Content), 8)], span(time.Duration(c.Silent*float64(time.Second))))
	}
	for _, warning := range s.Warnings {
		row("Warning", "%s", warning)
	}
	if s.Hint != "" {
		row("Hint", "%s", s.Hint)
	}
	return b.String()
}

func (s status) serving(now time.Time, row func(name, format string, values ...any)) {
	if !s.Serving {
		row("Portal", "NOT SERVING: %s", s.Problem)
		return
	}
	if s.Since == nil {
		row("Portal", "serving")
		return
	}
	row("Portal", "serving since %s (%s), version %s", local(*s.Since), span(now.Sub(*s.Since)), strings.TrimSpace(s.Version+" "+s.Commit[:min(len(s.Commit), 12)]))
}

// grouped is a number with commas between thousands, as English has it.
func grouped(n int64) string { return strings.ReplaceAll(model.Group(n), ".", ",") }

// byStatus are counts by status, those that are 0 left out.
func byStatus(counts map[string]int64) string {
	var parts []string
	for _, status := range statuses() {
		if n := counts[string(status)]; n > 0 {
			parts = append(parts, grouped(n)+" "+map[model.Status]string{model.StatusDraft: "drafts", model.StatusReview: "in review", model.StatusReturned: "returned",
				model.StatusPublished: "published", model.StatusArchived: "archived"}[status])
		}
	}
	if len(parts) == 0 {
		return "none"
	}
	return strings.Join(parts, ", ")
}

func (b backupStatus) text(now time.Time) string {
	text := "none yet"
	if b.At != nil {
		text = fmt.Sprintf("%s (%s ago), %s", local(*b.At), span(now.Sub(*b.At)), bytesText(b.Bytes))
	}
	if b.Failed {
		text += "; THE LAST ONE FAILED"
	}
	if b.Late {
		text += "; LATE"
	}
	return text
}

func endText(end, now time.Time) string {
	if left := end.Sub(now); left > 0 {
		return fmt.Sprintf("ends %s, in %s", local(end), span(left))
	}
	return "ENDED " + local(end)
}

func local(t time.Time) string { return t.In(model.Zone()).Format("2006-01-02 15:04") }

// span is a time in its two largest units.
func span(d time.Duration) string {
	d = d.Round(time.Second)
	switch {
	case d < time.Minute:
		return fmt.Sprintf("%d s", d/time.Second)
	case d < time.Hour:
		return fmt.Sprintf("%d min", d/time.Minute)
	case d < 48*time.Hour:
		return fmt.Sprintf("%d h %d min", d/time.Hour, d%time.Hour/time.Minute)
	}
	return fmt.Sprintf("%d days", d/(24*time.Hour))
}

// short is a time of an answer.
func short(seconds float64) string {
	if seconds < 1 {
		return fmt.Sprintf("%g ms", seconds*1000)
	}
	return fmt.Sprintf("%g s", seconds)
}

// bytesText is a size in the unit that people read it in.
func bytesText(n int64) string {
	size, unit := float64(n), "bytes"
	for _, next := range []string{"KB", "MB", "GB", "TB"} {
		if size < 1024 {
			break
		}
		size, unit = size/1024, next
	}
	if unit == "bytes" || size >= 100 {
		return fmt.Sprintf("%.0f %s", size, unit)
	}
	return fmt.Sprintf("%.1f %s", size, unit)
}
