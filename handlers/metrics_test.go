package handlers_test

import (
	"fmt"
	"log/slog"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/labstack/echo/v4"

	"congso/handlers"
	"congso/handlers/prometheus"
	"congso/store"
	"congso/store/model"
)

// measured is the portal's server, counting its answers.
func (p *portal) measured() (*handlers.Front, func() string) {
	o := p.options
	o.Metrics = handlers.NewMetrics()
	return handlers.New(o), func() string {
		var out strings.Builder
		w := prometheus.NewWriter(&out)
		o.Metrics.Write(w)
		if err := w.Flush(); err != nil {
			return err.Error()
		}
		return out.String()
	}
}

// TestMetricsNameRoutesOnly: however many addresses are asked for, there are only as many figures as routes, and nothing asked for is in them.
func TestMetricsNameRoutesOnly(t *testing.T) {
	eachPortal(t, func(t *testing.T, p *portal) {
		var figures func() string
		p.server, figures = p.measured()
		login := p.login(t, model.RoleAdmin)
		ask := func(round int) {
			for _, target := range []string{"/tin-tuc/riengtu-%d", "/khong-%d", "/chuyen-muc/riengtu-%d/rss.xml", "/admin/riengtu-%d", "/admin/tin-tuc/9%d", "/static/riengtu-%d", "/bai-viet/a/riengtu/%d", "/en/x/%d", "//%d", "/TIN-%d"} {
				p.get(fmt.Sprintf(target, round), login)
				p.do(http.MethodPost, fmt.Sprintf(target, round))
				p.do("RIENGTU", fmt.Sprintf(target, round))
			}
		}
		p.page(t, "/tin-tuc/"+p.news.Slug)
		p.page(t, "/rss.xml")
		p.page(t, "/healthz")
		ask(0)
		before := strings.Count(figures(), "\n")
		for round := range 20 {
			ask(round + 1)
		}
		text := figures()
		if after := strings.Count(text, "\n"); after != before {
			t.Errorf("%d lines, after the first round %d", after, before)
		}
		lacks(t, "figures", strings.ToLower(text), "riengtu", p.news.Slug, outside)
		contains(t, "figures", text, `congso_requests_total{route="/tin-tuc/:slug",status="2xx"} 1`, `congso_requests_total{route="/tin-tuc/:slug",status="4xx"} 63`,
			`congso_request_seconds_count{kind="health"} 1`, `congso_request_seconds_count{kind="data"} `, "congso_requests_in_flight 0\n")
	})
}

// TestMetricsCountFailures: an answer that fails, or panics, is counted as the 5xx that the reader got.
func TestMetricsCountFailures(t *testing.T) {
	eachPortal(t, func(t *testing.T, p *portal) {
		var figures func() string
		p.server, figures = p.measured()
		p.server.GET("/hong", func(echo.Context) error { panic("chuyện lạ") })
		p.get("/hong")
		p.get("/hong")
		contains(t, "figures", figures(), `congso_requests_total{route="/hong",status="5xx"} 2`, "congso_requests_in_flight 0\n")
	})
}

// BenchmarkMetrics is an item's page from a server that counts its answers and from one that doesn't, in turn.
func BenchmarkMetrics(b *testing.B) {
	p := newPortal(b, store.Options{Dir: b.TempDir()}, seed)
	p.options.Log = slog.New(slog.DiscardHandler)
	plain := handlers.New(p.options)
	counting, _ := p.measured()
	var with, without time.Duration
	ask := func(server *handlers.Front) time.Duration {
		p.server = server
		began := time.Now()
		p.page(b, "/tin-tuc/"+p.news.Slug)
		return time.Since(began)
	}
	for b.Loop() {
		without += ask(plain)
		with += ask(counting)
	}
	b.ReportMetric(float64(with)/float64(without), "ratio")
	b.ReportMetric(float64(with)/float64(b.N)/1000, "µs/page")
	b.ReportMetric(0, "ns/op") // both together: says nothing
}
