package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/spf13/cobra"
)

// Times of a status.
const (
	between    = time.Second     // two readings of the figures, from which what happens in a second follows
	repaint    = 2 * time.Second // from one picture to the next
	probeAfter = 5 * time.Second // without an answer the portal does not serve
)

var errNotServing = errors.New("the portal does not serve")

// statusCommand shows how the running portal does, from the listener of --metrics-listen and, without one, from the records.
func statusCommand(from sources) *cobra.Command {
	command := &cobra.Command{
		Use:   "status",
		Short: "show how the running portal does; exit 1 when it does not serve",
		Args:  cobra.NoArgs,
	}
	read := from.bind(command.Flags())
	asJSON := command.Flags().Bool("json", false, "as JSON, on one line")
	watch := command.Flags().Bool("watch", false, "show it again every two seconds until Ctrl-C")
	command.RunE = func(command *cobra.Command, _ []string) error {
		config, err := read()
		if err == nil {
			err = config.Validate()
		}
		if err != nil {
			return err
		}
		if !*watch {
			return showStatus(command, config, *asJSON, false)
		}
		return watchStatus(command, config, *asJSON)
	}
	return command
}

// watchStatus shows the status until ctx ends, whether or not the portal serves.
func watchStatus(command *cobra.Command, config Config, asJSON bool) error {
	ctx := command.Context()
	for ctx.Err() == nil {
		began := time.Now()
		if err := showStatus(command, config, asJSON, !asJSON); err != nil && !errors.Is(err, errNotServing) && ctx.Err() == nil {
			return err
		}
		select {
		case <-time.After(repaint - time.Since(began)):
		case <-ctx.Done():
		}
	}
	return nil
}

// showStatus prints the status once; errNotServing when the portal does not serve.
func showStatus(command *cobra.Command, config Config, asJSON, clear bool) (err error) {
	s := readStatus(command, config)
	if err := command.Context().Err(); err != nil {
		return err
	}
	out := command.OutOrStdout()
	if asJSON {
		err = json.NewEncoder(out).Encode(s)
	} else {
		if clear {
			_, err = fmt.Fprint(out, "\x1b[H\x1b[2J") // home, and the screen cleared (ECMA-48)
		}
		if err == nil {
			_, err = io.WriteString(out, s.text(time.Now()))
		}
	}
	if err == nil && !s.Serving {
		err = errNotServing
	}
	return err
}

// status is how a portal does. What is not known is left out.
type status struct {
	Serving  bool     `json:"serving"`
	Problem  string   `json:"problem,omitempty"` // why it does not serve
	Warnings []string `json:"warnings,omitempty"`
	Hint     string   `json:"hint,omitempty"` // how to see more

	Version string     `json:"version,omitempty"`
	Commit  string     `json:"commit,omitempty"`
	Since   *time.Time `json:"since,omitempty"`
	Traffic *traffic   `json:"traffic,omitempty"`
	Memory  int64      `json:"memory_bytes,omitempty"`

	Online *int64 `json:"readers_online,omitempty"`
	Today  *int64 `json:"views_today,omitempty"`
	Views  *int64 `json:"views_total,omitempty"`

	Records *amounts `json:"records,omitempty"`

	Backup      *backupStatus `json:"backup,omitempty"`
	Certificate *time.Time    `json:"certificate_end,omitempty"`
	Copies      []copyStatus  `json:"copies,omitempty"` // of the program that serve the same records
}

// copyStatus is a copy of the program on the same PostgreSQL database.
type copyStatus struct {
	Name    string  `json:"name"`
	Program string  `json:"program"`
	Content string  `json:"content"`        // version of its articles
	Silent  float64 `json:"silent_seconds"` // since it was heard of
}

// traffic is what happens at the moment.
type traffic struct {
	Requests float64 `json:"requests_per_second"`
	Errors   float64 `json:"errors_per_second"` // answers 5xx
	InFlight int64   `json:"in_flight"`
	P50      float64 `json:"p50_seconds"` // of the times; the upper bound of the class in which it lies
	P99      float64 `json:"p99_seconds"`
	Over     string  `json:"times_over"` // "second", or "start" when nothing was asked for within it
}

// amounts are how much there is.
type amounts struct {
	News     map[string]int64 `json:"news"` // by status
	Meetings map[string]int64 `json:"meetings"`
	Sessions int64            `json:"sessions"`
	Audit    int64            `json:"audit_entries"`
	Files    int64            `json:"media_files"`
	Media    int64            `json:"media_bytes"`
	Database int64            `json:"database_bytes"`
	WAL      int64            `json:"wal_bytes"`
	Free     int64            `json:"free_bytes"`
}

// backupStatus is how old the last backup is.
type backupStatus struct {
	At     *time.Time `json:"at,omitempty"` // of the last good one
	Bytes  int64      `json:"bytes,omitempty"`
	Failed bool       `json:"failed"` // the last try
	Late   bool       `json:"late"`
}
