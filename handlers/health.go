package handlers

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"time"

	"github.com/labstack/echo/v4"

	"congso/handlers/web"
	"congso/store"
	"congso/store/model"
)

// readyWithin is how long the database may take to answer a readiness check.
const readyWithin = 2 * time.Second

// shownFaults is how many faults of the articles a readiness report names.
const shownFaults = 20

// health mounts the checks for machines: /healthz says that the process answers, /readyz that it can serve pages.
func health(e *echo.Echo, o Options) {
	get := func(path string, h web.Handler) { e.Match([]string{http.MethodGet, http.MethodHead}, path, h) }
	get("/healthz", func(c web.Ctx) error {
		c.Response().Header().Set("Cache-Control", "no-store")
		return c.String(http.StatusOK, "ok\n")
	})
	get("/readyz", func(c web.Ctx) error {
		ctx, cancel := context.WithTimeout(c.Request().Context(), readyWithin)
		defer cancel()
		c.Response().Header().Set("Cache-Control", "no-store")
		report := readiness{Ready: true, Program: o.Program, Schema: o.Schema, Content: o.Content.Version(), Warnings: warnings(ctx, o)}
		err := o.Store.Ping(ctx)
		if err == nil {
			var backups []string
			backups, err = backupWarnings(ctx, o.Store)
			report.Warnings = append(report.Warnings, backups...)
		}
		if err == nil {
			var found []string
			found, err = scanWarnings(ctx, o.Store)
			report.Warnings = append(report.Warnings, found...)
		}
		if err != nil {
			o.Log.Error("not ready", "error", err)
			report.Ready = false
			if errors.Is(err, store.ErrOutdated) {
				report.Warnings = append(report.Warnings, store.ErrOutdated.Error())
			}
			if o.Store.NoteDamage(err) {
				report.Warnings = append(report.Warnings, model.ErrDamaged.Error())
			}
			return c.JSON(http.StatusServiceUnavailable, report)
		}
		return c.JSON(http.StatusOK, report)
	})
}

// warnings say what is wrong though pages can be served. They are never nil.
func warnings(ctx context.Context, o Options) []string {
	found := []string{}
	faults := o.Content.Warnings()
	for _, fault := range faults[:min(len(faults), shownFaults)] {
		found = append(found, fault.String())
	}
	if more := len(faults) - shownFaults; more > 0 {
		found = append(found, fmt.Sprintf("and %d more", more))
	}
	if broken := o.Hits.Journal().Broken; broken != nil {
		found = append(found, "views: a kill loses the newest, since their journal cannot be written")
	}
	if replica, ok := o.Store.Replica(); ok && replica.Reason != "" {
		found = append(found, "replica: readers are served from the primary; the log says why")
	}
	found = append(found, copyWarnings(o.Store)...)
	if away := o.Store.MediaFault(ctx); away != nil {
		found = append(found, "media: pictures and attachments can neither be read nor kept now")
	}
	return found
}

// readiness is what /readyz answers.
type readiness struct {
	Ready    bool     `json:"ready"`
	Program  string   `json:"program"` // version and commit
	Schema   int64    `json:"schema"`  // of the records, as the program knows it
	Content  string   `json:"content"` // version of the articles
	Warnings []string `json:"warnings"`
}

// copyWarnings say in what this copy of the program differs from the others that serve the same records. They name nobody: everybody may ask.
func copyWarnings(s *store.Store) (found []string) {
	seen, ok := s.Copies()
	if !ok {
		return nil
	}
	differ := func(what string, of func(store.Copy) any) {
		n := 0
		for _, other := range seen.Others {
			if of(other) != of(seen.Own) {
				n++
			}
		}
		if n > 0 {
			found = append(found, fmt.Sprintf("copies: %d of %d others %s", n, len(seen.Others), what))
		}
	}
	differ("run another version of the program", func(c store.Copy) any { return c.Program })
	differ("have other articles", func(c store.Copy) any { return c.Content })
	if len(seen.Others) > 0 && seen.Indexed != "" && seen.Indexed != seen.Own.Content {
		found = append(found, "copies: search finds the articles of another copy")
	}
	if seen.Own.ClockOff() {
		found = append(found, "clock: "+seen.Own.Clock())
	}
	return found
}

// backupWarnings say what is wrong with the backups.
func backupWarnings(ctx context.Context, s *store.Store) (found []string, err error) {
	b, err := s.BackupState(ctx)
	if b.Error != "" {
		found = append(found, "backup: the last one, at "+b.Tried.Format(time.RFC3339)+", failed")
	}
	if b.Late(s.Now()) {
		found = append(found, "backup: none for more than twice the time between two")
	}
	return found, err
}

// scanWarnings say how much the guard against planted links has found that nobody has decided about. They say not what: everybody may ask.
func scanWarnings(ctx context.Context, s *store.Store) ([]string, error) {
	open, err := s.OpenFindings(ctx, store.FindingFilter{})
	if err != nil || open == 0 {
		return nil, err
	}
	return []string{fmt.Sprintf("scan: findings open: %d", open)}, nil
}
