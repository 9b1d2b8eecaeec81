package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/url"
	"os"
	"runtime"
	"runtime/metrics"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"congso/handlers"
	"congso/handlers/prometheus"
	"congso/store"
	"congso/store/model"
)

// Times of the listener for figures.
const (
	figuresFor    = 5 * time.Second // how long figures of the records are good: counting walks over tables
	figuresWithin = 5 * time.Second // how long counting may take
)

// work is what has been done in the background since the start.
type work struct {
	sweeps, swept atomic.Int64 // looks at what time has brought about, and records that were changed
}

// watching is the listener that shows figures of a running portal to this machine alone.
type watching struct {
	portal   *portal
	hits     *store.HitBuffer
	answers  *handlers.Metrics
	began    time.Time
	listener net.Listener

	mu      sync.Mutex
	figures store.Figures
	counted time.Time
}

// openWatching listens where the configuration asks for it, nil when it doesn't: then nothing is counted.
func (p *portal) openWatching() (*watching, error) {
	address, err := p.config.metricsListen()
	if err != nil || address == "" {
		return nil, err
	}
	listener, err := net.Listen("tcp", address)
	if err != nil {
		return nil, fmt.Errorf("listen for --metrics-listen: %w", err)
	}
	return &watching{portal: p, listener: listener, answers: handlers.NewMetrics(), began: time.Now()}, nil
}

// close ends the listener, if serve has not done so.
func (w *watching) close() error {
	if w == nil {
		return nil
	}
	if err := w.listener.Close(); !errors.Is(err, net.ErrClosed) {
		return err
	}
	return nil
}

// counts has the handlers count their answers.
func (w *watching) counts(options *handlers.Options, hits *store.HitBuffer) {
	if w != nil {
		w.hits, options.Metrics = hits, w.answers
	}
}

// serve answers /metrics, and /readyz as pages does, until ctx ends.
func (w *watching) serve(ctx context.Context, pages http.Handler, public *url.URL) {
	if w == nil {
		return
	}
	mux := http.NewServeMux()
	mux.HandleFunc("GET /metrics", func(answer http.ResponseWriter, r *http.Request) {
		answer.Header().Set("Content-Type", prometheus.ContentType)
		if err := w.write(r.Context(), answer); err != nil {
			w.portal.log.Warn("figures not sent", "error", err)
		}
	})
	mux.HandleFunc("GET /readyz", func(answer http.ResponseWriter, r *http.Request) {
		if public != nil {
			r.Host = public.Host // the only one that pages answer to
		}
		pages.ServeHTTP(answer, r)
	})
	server := &http.Server{
		Handler: mux, ReadHeaderTimeout: 5 * time.Second, ReadTimeout: 10 * time.Second, WriteTimeout: 30 * time.Second, IdleTimeout: time.Minute,
		MaxHeaderBytes: 16 << 10, ErrorLog: slog.NewLogLogger(w.portal.log.Handler(), slog.LevelWarn),
	}
	stop := context.AfterFunc(ctx, func() {
		if err := server.Close(); err != nil {
			w.portal.log.Warn("listener for watchers not closed", "error", err)
		}
	})
	defer stop()
	w.portal.log.Info("listening for watchers", "address", w.listener.Addr().String())
	if err := server.Serve(w.listener); err != nil && !errors.Is(err, http.ErrServerClosed) {
		w.portal.log.Error("figures are not shown any more", "error", err)
	}
}

// write writes all figures in Prometheus' text format.
func (w *watching) write(ctx context.Context, to io.Writer) error {
	out := prometheus.NewWriter(to)
	w.answers.Write(out)
	b := thisBuild()
	out.Family("congso_info", "gauge", "What runs.")
	out.Sample("congso_info", 1, "version", b.Version, "commit", b.Commit, "go", b.Go, "sqlite", b.SQLite)
	out.Gauge("congso_start_time_seconds", "When the program started, in Unix seconds.", float64(w.began.Unix()))
	counters := w.hits.Counters()
	out.Gauge("congso_readers_online", "Readers who looked at a page within the last five minutes.", float64(counters.Online))
	out.Gauge("congso_views_today", "Views since midnight in Vietnam.", float64(counters.Today))
	out.Counter("congso_views_total", "Views since counting began, with the balance taken over.", counters.Total)
	writeJournal(out, w.hits.Journal())
	out.Counter("congso_sweeps_total", "Looks at what time has brought about: what expires, what comes out.", w.portal.done.sweeps.Load())
	out.Counter("congso_swept_records_total", "Records that these changed.", w.portal.done.swept.Load())
	w.writeRecords(ctx, out)
	w.writeReplica(out)
	writeCopies(out, w.portal.store)
	w.writeBackup(ctx, out)
	w.writeScan(ctx, out)
	w.writeCertificate(out)
	writeProcess(out)
	return out.Flush()
}

// writeJournal writes how the journal of views stands.
func writeJournal(out *prometheus.Writer, journal store.JournalState) {
	out.Gauge("congso_views_pending", "Views that are not in the database yet.", float64(journal.Pending))
	out.Gauge("congso_hits_journal_bytes", "Size of the journal of views.", float64(journal.Bytes))
	out.Gauge("congso_hits_journal_broken", "1 while new views are kept in memory since the journal cannot be written.", oneIf(journal.Broken != nil))
	out.Counter("congso_hits_damaged_bytes_total", "Bytes of the journal that could not be read as views.", journal.Damaged)
	out.Counter("congso_hits_coarse_total", "Views that count, but not for their page or visitor.", journal.Coarse)
}

// writeCertificate writes when the certificate ends; nothing without one.
func (w *watching) writeCertificate(out *prometheus.Writer) {
	end, err := certificateExpiry(w.portal.config)
	switch {
	case err == nil:
		out.Gauge("congso_certificate_end_seconds", "When the certificate ends, in Unix seconds.", float64(end.Unix()))
	case !errors.Is(err, errNoCertificate):
		w.portal.log.Error("certificate not read", "error", err)
	}
}

// writeRecords writes what the records are; when they cannot be read, that alone.
func (w *watching) writeRecords(ctx context.Context, out *prometheus.Writer) {
	f, err := w.current(ctx)
	if err != nil {
		w.portal.log.Error("figures of the records not read", "error", err)
	}
	out.Gauge("congso_database_up", "1 when the records can be counted, 0 when not.", oneIf(err == nil))
	if err != nil {
		return
	}
	for _, each := range []struct {
		name, help string
		counts     map[model.Status]int64
	}{{"congso_news", "News items, by status.", f.News}, {"congso_meetings", "Meetings, by status.", f.Meetings}} {
		out.Family(each.name, "gauge", each.help)
		for _, status := range statuses() {
			out.Sample(each.name, float64(each.counts[status]), "status", string(status))
		}
	}
	for _, each := range []struct {
		name, help string
		value      int64
	}{
		{"congso_sessions", "Logins that have not ended.", f.Sessions},
		{"congso_users", "Accounts that may log in.", f.Users},
		{"congso_audit_entries", "Entries of the audit trail.", f.Audit},
		{"congso_media_files", "Files in the library.", f.Media},
		{"congso_media_bytes", "Their bytes as uploaded, without the smaller sizes of pictures.", f.MediaBytes},
		{"congso_database_bytes", "Size of the database.", f.DatabaseBytes},
		{"congso_wal_bytes", "Size of SQLite's write-ahead log.", f.WALBytes},
		{"congso_free_bytes", "Bytes that may still be written on the data folder's disk.", f.FreeBytes},
	} {
		out.Gauge(each.name, each.help, float64(each.value))
	}
}

// writeBackup writes how old the last backup is; nothing before the first try.
func (w *watching) writeBackup(ctx context.Context, out *prometheus.Writer) {
	ctx, cancel := context.WithTimeout(ctx, figuresWithin)
	defer cancel()
	b, err := w.portal.store.BackupState(ctx)
	if err != nil {
		w.portal.log.Error("state of the backups not read", "error", err)
		return
	}
	if !b.At.IsZero() {
		out.Gauge("congso_backup_time_seconds", "When the last good backup was made, in Unix seconds.", float64(b.At.Unix()))
		out.Gauge("congso_backup_bytes", "Size of its archive.", float64(b.Bytes))
	}
	if !b.Tried.IsZero() {
		out.Gauge("congso_backup_failed", "1 when the last backup failed.", oneIf(b.Error != ""))
	}
	out.Gauge("congso_backup_late", "1 when two scheduled backups in a row are wanting.", oneIf(b.Late(w.portal.store.Now())))
}

// writeScan writes what the search for planted links has found; nothing before the first.
func (w *watching) writeScan(ctx context.Context, out *prometheus.Writer) {
	ctx, cancel := context.WithTimeout(ctx, figuresWithin)
	defer cancel()
	state, err := w.portal.store.ScanState(ctx)
	var open int
	if err == nil {
		open, err = w.portal.store.OpenFindings(ctx, store.FindingFilter{})
	}
	if err != nil {
		w.portal.log.Error("state of the scans not read", "error", err)
		return
	}
	out.Gauge("congso_scan_findings", "Planted links, words and files that were found and that nobody has decided about.", float64(open))
	if !state.At.IsZero() {
		out.Gauge("congso_scan_time_seconds", "When the last whole scan ended, in Unix seconds.", float64(state.At.Unix()))
	}
	out.Gauge("congso_scan_failed", "1 when the last whole scan could not be made.", oneIf(state.Error != ""))
}

// writeProcess writes what the program takes of the machine.
func writeProcess(out *prometheus.Writer) {
	out.Gauge("go_goroutines", "Goroutines.", float64(runtime.NumGoroutine()))
	samples := []metrics.Sample{{Name: "/memory/classes/total:bytes"}, {Name: "/memory/classes/heap/objects:bytes"}}
	metrics.Read(samples)
	out.Gauge("go_memory_bytes", "Memory that the Go runtime has from the system.", float64(samples[0].Value.Uint64()))
	out.Gauge("go_heap_bytes", "Memory of objects on the heap.", float64(samples[1].Value.Uint64()))
	if resident, ok := residentBytes(); ok {
		out.Gauge("process_resident_memory_bytes", "Memory of the process that is in use and not swapped out.", float64(resident))
	}
}

// residentBytes is the memory of this process that stands in RAM, as Linux says (proc(5)); false elsewhere.
func residentBytes() (int64, bool) {
	text, err := os.ReadFile("/proc/self/statm")
	fields := strings.Fields(string(text))
	if err != nil || len(fields) < 2 {
		return 0, false
	}
	pages, err := strconv.ParseInt(fields[1], 10, 64)
	return pages * int64(os.Getpagesize()), err == nil
}

// current are figures of the records that are not older than figuresFor.
func (w *watching) current(ctx context.Context) (store.Figures, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if time.Since(w.counted) < figuresFor {
		return w.figures, nil
	}
	ctx, cancel := context.WithTimeout(ctx, figuresWithin)
	defer cancel()
	f, err := w.portal.store.Figures(ctx)
	if err == nil {
		w.figures, w.counted = f, time.Now()
	}
	return f, err
}

// statuses are those of records, in the order of their way.
func statuses() []model.Status {
	return []model.Status{model.StatusDraft, model.StatusReview, model.StatusReturned, model.StatusPublished, model.StatusArchived}
}

func oneIf(holds bool) float64 {
	if holds {
		return 1
	}
	return 0
}
