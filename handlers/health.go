package handlers

import (
	"context"
	"fmt"
	"net/http"
	"time"

	"github.com/labstack/echo/v4"

	"congso/handlers/web"
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
		report := struct {
			Ready    bool     `json:"ready"`
			Content  string   `json:"content"`
			Warnings []string `json:"warnings"`
		}{true, o.Content.Version(), []string{}}
		faults := o.Content.Warnings()
		for _, fault := range faults[:min(len(faults), shownFaults)] {
			report.Warnings = append(report.Warnings, fault.String())
		}
		if more := len(faults) - shownFaults; more > 0 {
			report.Warnings = append(report.Warnings, fmt.Sprintf("and %d more", more))
		}
		if err := o.Store.Ping(ctx); err != nil {
			o.Log.Error("not ready", "error", err)
			report.Ready = false
			return c.JSON(http.StatusServiceUnavailable, report)
		}
		return c.JSON(http.StatusOK, report)
	})
}
