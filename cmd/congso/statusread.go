package main

import (
	"context"
	"crypto/tls"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"congso/store"
)

// maxFigures is how much of an answer is read, in bytes.
const maxFigures = 4 << 20

// readStatus asks the running portal, and the records when it shows no figures.
func readStatus(command *cobra.Command, config Config) (s status) {
	ctx := command.Context()
	address, err := config.metricsListen()
	if err != nil {
		s.Problem = err.Error()
		return s
	}
	if address == "" {
		s.Hint = "Times, memory and requests are shown when serve runs with --metrics-listen 127.0.0.1:9100 (CONGSO_METRICS_LISTEN), given here too."
		s.readReady(ctx, config, "")
	} else if s.readReady(ctx, config, address); s.Problem == "" {
		err := s.readFigures(ctx, address)
		if err == nil {
			return s
		}
		s.Hint = "No figures: " + err.Error()
	}
	if err := s.readRecords(command, config); err != nil {
		s.Warnings = append(s.Warnings, "records: "+err.Error())
	}
	return s
}

// readReady asks whether the portal serves: by its listener for watchers, or by the address that the public has.
func (s *status) readReady(ctx context.Context, config Config, watcher string) {
	request, err := readyRequest(ctx, config, watcher)
	if err != nil {
		s.Problem = err.Error()
		return
	}
	// Who answers on this machine's own address is not in question, and nothing secret is sent.
	client := http.Client{Timeout: probeAfter, Transport: &http.Transport{DisableKeepAlives: true, TLSClientConfig: &tls.Config{InsecureSkipVerify: true, ServerName: hostOnly(request.Host)}}}
	response, err := client.Do(request)
	if err != nil {
		s.Problem = unanswered(request.URL.Host, err)
		return
	}
	defer response.Body.Close()
	var report struct {
		Ready    bool     `json:"ready"`
		Warnings []string `json:"warnings"`
	}
	if err := json.NewDecoder(io.LimitReader(response.Body, maxFigures)).Decode(&report); err != nil {
		s.Problem = fmt.Sprintf("something else answers at %s: status %d, %v", request.URL.Host, response.StatusCode, err)
		return
	}
	s.Serving, s.Warnings = report.Ready, report.Warnings
	if !report.Ready {
		s.Problem = "it runs, but its database cannot be asked"
	}
}

// unanswered says why nothing answered at an address, and what to do about it.
func unanswered(address string, err error) string {
	var dial *net.OpError
	switch {
	case os.IsTimeout(err):
		return fmt.Sprintf("no answer from %s within %s: see its log, as by journalctl -u congso -n 50; it may have to be started again", address, probeAfter)
	case errors.As(err, &dial) && dial.Op == "dial":
		return fmt.Sprintf("no answer: nothing listens at %s; start it, as by systemctl start congso, or see in its log why it has ended (journalctl -u congso -n 50)", address)
	}
	return fmt.Sprintf("no answer from %s: %v", address, errors.Unwrap(err)) // without the address that http's error repeats
}

func readyRequest(ctx context.Context, config Config, watcher string) (*http.Request, error) {
	scheme, address := "http", watcher
	if watcher == "" {
		listens, err := config.listens()
		if err != nil {
			return nil, err
		}
		address = thisMachine(listens[0])
		if config.tls() {
			scheme = "https"
		}
	}
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, scheme+"://"+address+"/readyz", nil)
	if err != nil {
		return nil, err
	}
	public, err := config.public()
	if err == nil && public != nil && watcher == "" {
		request.Host = public.Host
	}
	return request, err
}

// hostOnly is a host without its port.
func hostOnly(host string) string {
	if name, _, err := net.SplitHostPort(host); err == nil {
		return name
	}
	return strings.Trim(host, "[]")
}

// thisMachine is an address under which what listens there is reached from here.
func thisMachine(listen string) string {
	host, port, err := net.SplitHostPort(listen)
	if ip := net.ParseIP(host); err == nil && (host == "" || ip != nil && ip.IsUnspecified()) {
		return net.JoinHostPort("localhost", port)
	}
	return listen
}

// readFigures reads the figures twice.
func (s *status) readFigures(ctx context.Context, address string) error {
	before, err := readFigures(ctx, address)
	if err != nil {
		return err
	}
	began := time.Now()
	select {
	case <-time.After(between):
	case <-ctx.Done():
		return ctx.Err()
	}
	after, err := readFigures(ctx, address)
	if err != nil {
		return err
	}
	s.take(before, after, time.Since(began))
	return nil
}

// figures are the values of a reading by name and labels, as they are written.
type figures map[string]float64

func readFigures(ctx context.Context, address string) (figures, error) {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://"+address+"/metrics", nil)
	if err != nil {
		return nil, err
	}
	client := http.Client{Timeout: 2 * figuresWithin, Transport: &http.Transport{DisableKeepAlives: true}}
	response, err := client.Do(request)
	if err != nil {
		return nil, err
	}
	defer response.Body.Close()
	text, err := io.ReadAll(io.LimitReader(response.Body, maxFigures))
	if err != nil {
		return nil, err
	}
	all := parseFigures(string(text))
	if _, ok := all["congso_start_time_seconds"]; !ok {
		return nil, fmt.Errorf("what listens at %s is no congso", address)
	}
	return all, nil
}

// parseFigures reads Prometheus' text format as this program writes it; a line that is none is left out.
func parseFigures(text string) figures {
	all := figures{}
	for line := range strings.Lines(text) {
		line = strings.TrimSpace(line)
		i := strings.LastIndexByte(line, ' ')
		if i < 0 || line[0] == '#' {
			continue
		}
		if value, err := strconv.ParseFloat(line[i+1:], 64); err == nil {
			all[line[:i]] = value
		}
	}
	return all
}

// readRecords reads from the records what they say, beside the server if there is one.
func (s *status) readRecords(command *cobra.Command, config Config) (err error) {
	ctx := command.Context()
	records, err := openBeside(command, config)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, records.Close()) }()
	f, err := records.Figures(ctx)
	if err != nil {
		return err
	}
	s.Records = recordsOf(f)
	hits := store.NewHitBuffer(records)
	if err := hits.Flush(ctx); err != nil { // an empty one: it only reads
		return err
	}
	counters := hits.Counters()
	s.Online, s.Today, s.Views = &counters.Online, &counters.Today, &counters.Total
	b, err := records.BackupState(ctx)
	if err != nil {
		return err
	}
	s.Backup = &backupStatus{Bytes: b.Bytes, Failed: b.Error != "", Late: b.Late(time.Now())}
	if !b.At.IsZero() {
		s.Backup.At = &b.At
	}
	copies, _, err := records.AllCopies(ctx)
	if err != nil {
		return err
	}
	for _, c := range copies {
		s.Copies = append(s.Copies, copyStatus{c.Name, c.Program, c.Content, c.Silent.Seconds()})
	}
	end, err := certificateExpiry(config)
	if err == nil {
		s.Certificate = &end
	}
	if errors.Is(err, errNoCertificate) {
		err = nil
	}
	return err
}

func recordsOf(f store.Figures) *amounts {
	r := &amounts{News: map[string]int64{}, Meetings: map[string]int64{}, Sessions: f.Sessions, Audit: f.Audit, Files: f.Media, Media: f.MediaBytes,
		Database: f.DatabaseBytes, WAL: f.WALBytes, Free: f.FreeBytes}
	for _, status := range statuses() {
		r.News[string(status)], r.Meetings[string(status)] = f.News[status], f.Meetings[status]
	}
	return r
}
