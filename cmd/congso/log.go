package main

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"os"
	"runtime"
	"time"

	"github.com/mattn/go-isatty"

	"congso/store/model"
)

// newLog logs in JSON, except to a terminal. flush writes what still waits.
func newLog(w io.Writer) (log *slog.Logger, flush func() error) {
	if file, ok := w.(*os.File); ok && isatty.IsTerminal(file.Fd()) {
		return slog.New(slog.NewTextHandler(w, nil)), func() error { return nil }
	}
	lines := &lineBuffer{out: w}
	return slog.New(newLineLog(lines)), lines.Flush
}

// openLog is the log that the configuration asks for: its file, or stderr. close ends it.
func openLog(config Config, stderr io.Writer) (log *slog.Logger, close func() error, err error) {
	if config.LogFile == "" {
		log, flush := newLog(stderr)
		return log, flush, nil
	}
	days, err := config.logDays()
	if err != nil {
		return nil, nil, err
	}
	file, err := openLogFile(config.LogFile, days, stderr, time.Now)
	if err != nil {
		return nil, nil, err
	}
	log, flush := newLog(file)
	return log, func() error { return errors.Join(flush(), file.Close()) }, nil
}

// logStart says what runs with which settings, those that are not the defaults; what may hold a secret or names a person is not told.
func (p *portal) logStart(ctx context.Context) {
	var set []any
	for _, s := range p.config.settings() {
		switch value := *s.value; {
		case s.name == "database" && value != "":
			set = append(set, slog.String(s.name, "postgres"))
		case s.name == "acme" && value != "":
			set = append(set, slog.String(s.name, "on"))
		case value != "" && value != s.fallback:
			set = append(set, slog.String(s.name, value))
		}
	}
	p.log.Info("starting", "go", runtime.Version(), "os", runtime.GOOS+"/"+runtime.GOARCH, slog.Group("settings", set...))
	p.logAuditHead(ctx)
}

// logStop says that all work is done.
func (p *portal) logStop(ctx context.Context) {
	p.logAuditHead(ctx)
	p.log.Info("stopped")
}

// logAuditHead writes the hash that stands for the whole audit trail into the log: a copy of the log that is kept elsewhere shows later
// whether the trail was changed since.
func (p *portal) logAuditHead(ctx context.Context) {
	head, err := p.store.AuditHead(ctx)
	if err != nil {
		p.log.Error("head of the audit trail not read", "error", err)
		return
	}
	p.log.Info("head of the audit trail", "entry", head.ID, "hash", head.Hash)
}

// auditEvery is how often the trail is looked at: whether a day has begun, or what failed is to be tried again.
const auditEvery = 10 * time.Minute

// followAudit removes old entries of the audit trail once a day, if they are not kept for ever, and logs its head, until ctx ends.
func (p *portal) followAudit(ctx context.Context, holder string) {
	ticker := time.NewTicker(auditEvery)
	defer ticker.Stop()
	var pruned model.Day
	logged := p.store.Today() // the start has told
	for ctx.Err() == nil {
		today := p.store.Today()
		if today != pruned && p.pruneAudit(ctx, holder) {
			pruned = today
		}
		if today != logged {
			p.logAuditHead(ctx)
			logged = today
		}
		select {
		case <-ticker.C:
		case <-ctx.Done():
		}
	}
}

// pruneAudit reports whether the day's pruning is done.
func (p *portal) pruneAudit(ctx context.Context, holder string) bool {
	days, err := p.config.auditDays()
	if err == nil && days > 0 {
		var n int64
		n, err = p.store.PruneAudit(ctx, holder, time.Duration(days)*24*time.Hour)
		if n > 0 {
			p.log.Info("old entries of the audit trail removed", "count", n)
			p.logAuditHead(ctx)
		}
	}
	if err != nil && ctx.Err() == nil {
		p.log.Error("old entries of the audit trail not removed", "error", err)
	}
	return err == nil
}
