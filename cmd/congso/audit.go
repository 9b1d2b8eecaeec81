package main

import (
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"time"

	"github.com/spf13/cobra"

	"congso/content"
	"congso/store"
)

// auditCommand looks at the audit trail, be it beside a running server.
func auditCommand(from sources) *cobra.Command {
	parent := &cobra.Command{Use: "audit", Short: "look at the audit trail"}
	read := from.bind(parent.PersistentFlags())
	parent.AddCommand(&cobra.Command{
		Use:   "verify",
		Short: "walk the chain of hashes of the audit trail; exit 1 when an entry was changed, taken out or put in",
		Args:  cobra.NoArgs,
		RunE: func(command *cobra.Command, _ []string) error {
			config, err := read()
			if err != nil {
				return err
			}
			return verifyAudit(command, config)
		},
	})
	return parent
}

func verifyAudit(command *cobra.Command, config Config) (err error) {
	s, err := openBeside(command, config)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, s.Close()) }()
	check, err := s.CheckAudit(command.Context(), 0, 0)
	if err != nil && !errors.Is(err, store.ErrAuditBroken) {
		return err
	}
	fmt.Fprintf(command.OutOrStdout(), "%d entries hold.\n", check.Count)
	if check.Count > 0 {
		fmt.Fprintf(command.OutOrStdout(), "Last: entry %d, hash %s\n", check.Last, check.Head)
	}
	return errors.Join(err, printRemoved(command, s))
}

// printRemoved says from when on the trail is there, when older entries were removed.
func printRemoved(command *cobra.Command, s *store.Store) error {
	tail, err := s.AuditTail(command.Context())
	if err == nil && tail.Previous != "" {
		fmt.Fprintf(command.OutOrStdout(), "The trail begins with entry %d of %s; older ones were removed as --audit-days asks.\n",
			tail.ID, tail.At.Format(time.RFC3339))
	}
	return err
}

// openBeside opens records that are there already, without changing their schema and whether or not a server holds the data folder.
func openBeside(command *cobra.Command, config Config) (*store.Store, error) {
	if err := config.Validate(); err != nil {
		return nil, err
	}
	if err := actAsOwner(config.Data); err != nil {
		return nil, err
	}
	place := config.Data
	if config.Database == "" {
		place = filepath.Join(place, "congso.db")
	}
	if _, err := os.Stat(place); err != nil {
		return nil, noRecords(config.Data, err)
	}
	return store.Open(command.Context(), store.Options{
		Dir: config.Data, Database: config.Database, Media: config.media(), Beside: true, Renderer: content.Renderer(), Log: slog.New(slog.DiscardHandler),
	})
}

// noRecords says that a folder, in which Stat failed so, has no records.
func noRecords(folder string, err error) error {
	if errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("no records in %s: look for a mistake in the name of the data folder; congso serve makes a new one", folder)
	}
	return fmt.Errorf("no records: %w", err)
}
