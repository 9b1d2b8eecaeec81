package main

import (
	"math"
	"slices"
	"strconv"
	"strings"
	"time"
)

// take makes a status of two readings of the figures, so long apart.
func (s *status) take(before, after figures, apart time.Duration) {
	s.Version, s.Commit = after.label("congso_info", "version"), after.label("congso_info", "commit")
	s.Since = after.moment("congso_start_time_seconds")
	s.Memory = int64(after["process_resident_memory_bytes"])
	if s.Memory == 0 {
		s.Memory = int64(after["go_memory_bytes"])
	}
	s.Traffic = trafficOf(before, after, apart)
	s.Online, s.Today, s.Views = after.number("congso_readers_online"), after.number("congso_views_today"), after.number("congso_views_total")
	if after["congso_database_up"] == 1 {
		s.Records = after.records()
	}
	if after.number("congso_backup_late") != nil {
		s.Backup = &backupStatus{At: after.moment("congso_backup_time_seconds"), Bytes: int64(after["congso_backup_bytes"]),
			Failed: after["congso_backup_failed"] == 1, Late: after["congso_backup_late"] == 1}
	}
	s.Certificate = after.moment("congso_certificate_end_seconds")
	after.labelled("congso_copy", func(labels string, silent float64) {
		s.Copies = append(s.Copies, copyStatus{labelOf(labels, "name"), labelOf(labels, "program"), labelOf(labels, "content"), silent})
	})
	slices.SortFunc(s.Copies, func(a, b copyStatus) int { return strings.Compare(a.Name, b.Name) })
}

// number is a figure that may not be there.
func (f figures) number(name string) *int64 {
	value, ok := f[name]
	if !ok {
		return nil
	}
	n := int64(value)
	return &n
}

// moment is a time in Unix seconds that may not be there.
func (f figures) moment(name string) *time.Time {
	seconds := f.number(name)
	if seconds == nil {
		return nil
	}
	t := time.Unix(*seconds, 0)
	return &t
}

// labelled calls each for the samples of a family, with their labels as they are written.
func (f figures) labelled(family string, each func(labels string, value float64)) {
	for name, value := range f {
		if labels, ok := strings.CutPrefix(name, family+"{"); ok {
			each(strings.TrimSuffix(labels, "}"), value)
		}
	}
}

// label is a label's value of a family's only sample.
func (f figures) label(family, name string) (value string) {
	f.labelled(family, func(labels string, _ float64) { value = labelOf(labels, name) })
	return value
}

// labelOf is a label's value among labels. Those that are read have no quotes or commas in them.
func labelOf(labels, name string) string {
	for part := range strings.SplitSeq(labels, ",") {
		if value, ok := strings.CutPrefix(part, name+"="); ok {
			return strings.Trim(value, `"`)
		}
	}
	return ""
}

func (f figures) records() *amounts {
	r := &amounts{News: map[string]int64{}, Meetings: map[string]int64{}, Sessions: int64(f["congso_sessions"]), Audit: int64(f["congso_audit_entries"]),
		Files: int64(f["congso_media_files"]), Media: int64(f["congso_media_bytes"]), Database: int64(f["congso_database_bytes"]),
		WAL: int64(f["congso_wal_bytes"]), Free: int64(f["congso_free_bytes"])}
	f.labelled("congso_news", func(labels string, value float64) { r.News[labelOf(labels, "status")] = int64(value) })
	f.labelled("congso_meetings", func(labels string, value float64) { r.Meetings[labelOf(labels, "status")] = int64(value) })
	return r
}

func trafficOf(before, after figures, apart time.Duration) *traffic {
	t := &traffic{InFlight: int64(after["congso_requests_in_flight"]), Over: "second"}
	after.labelled("congso_requests_total", func(labels string, value float64) {
		more := value - before["congso_requests_total{"+labels+"}"]
		if labelOf(labels, "route") == "/readyz" { // mostly our own
			return
		}
		t.Requests += more / apart.Seconds()
		if labelOf(labels, "status") == "5xx" {
			t.Errors += more / apart.Seconds()
		}
	})
	times := bucketsOf(before, after)
	if times.count() == 0 {
		t.Over, times = "start", bucketsOf(nil, after)
	}
	t.P50, t.P99 = times.quantile(0.50), times.quantile(0.99)
	return t
}

// bucket is how many requests took up to so many seconds.
type bucket struct{ upTo, count float64 }

type buckets []bucket // rising; the last one holds all

// bucketsOf are the times of pages, desks, files and data between two readings.
func bucketsOf(before, after figures) buckets {
	sums := map[float64]float64{}
	after.labelled("congso_request_seconds_bucket", func(labels string, value float64) {
		upTo, err := strconv.ParseFloat(labelOf(labels, "le"), 64)
		if kind := labelOf(labels, "kind"); err != nil || kind == "health" {
			return
		}
		sums[upTo] += value - before["congso_request_seconds_bucket{"+labels+"}"]
	})
	var all buckets
	for upTo, count := range sums {
		all = append(all, bucket{upTo, count})
	}
	slices.SortFunc(all, func(a, b bucket) int {
		if a.upTo < b.upTo {
			return -1
		}
		return 1
	})
	return all
}

func (b buckets) count() float64 {
	if len(b) == 0 {
		return 0
	}
	return b[len(b)-1].count
}

// quantile is the upper bound of the class in which that part of the times ends, in seconds; 0 without any. What is longer than all bounds
// is told as the largest of them.
func (b buckets) quantile(part float64) float64 {
	largest := 0.0
	for _, each := range b {
		if math.IsInf(each.upTo, 1) {
			break
		}
		largest = each.upTo
		if b.count() > 0 && each.count >= part*b.count() {
			return each.upTo
		}
	}
	if b.count() == 0 {
		return 0
	}
	return largest
}
