package main

import (
	"cmp"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/spf13/cobra"

	"congso/content"
	"congso/store"
)

// migrateCommand brings the database up to this program's schema, as the start of the server does.
func migrateCommand(from sources) *cobra.Command {
	var status, rehearse bool
	var scratch string
	command := &cobra.Command{
		Use:   "migrate",
		Short: "bring the database up to this program's schema, as the next start would",
		Long: `Bring the database up to this program's schema, as the next start of the server would, without serving. The server must be stopped.
A copy is migrated, checked, and put in the place of the database, which stays in snapshots/ of the data folder, where the
last three are kept ("congso rollback" goes back to one). Whatever fails before that leaves the database as it was.

--status and --rehearse change nothing and work beside a running server. A rehearsal does all of it on a copy, which it removes again.

In PostgreSQL each step is a transaction, no snapshot is left (make a backup before), and a rehearsal copies the records into a
schema beside, ending in _rehearsal.`,
		Args: cobra.NoArgs,
	}
	read := from.bind(command.Flags())
	command.Flags().BoolVar(&status, "status", false, "only tell the schemas of database and program, what is to be done, and which snapshots there are")
	command.Flags().BoolVar(&rehearse, "rehearse", false, "only try it on a copy, and tell how long it takes")
	command.Flags().StringVar(&scratch, "dir", "", "folder for the copy of a rehearsal; the data folder unless set")
	command.MarkFlagsMutuallyExclusive("status", "rehearse")
	command.RunE = func(command *cobra.Command, _ []string) error {
		config, err := read()
		if err != nil {
			return err
		}
		m, err := openMigrating(command, config)
		if err != nil {
			return err
		}
		switch {
		case status:
			return m.status()
		case rehearse:
			return m.rehearse(scratch)
		}
		return m.run()
	}
	return command
}

// migrating is a database that may be upgraded.
type migrating struct {
	command *cobra.Command
	options store.Options
	schema  store.Schema
	out     io.Writer
}

func openMigrating(command *cobra.Command, config Config) (m migrating, err error) {
	if err := config.Validate(); err != nil {
		return m, err
	}
	if err := actAsOwner(config.Data); err != nil {
		return m, err
	}
	if config.Database == "" {
		if _, err := os.Stat(filepath.Join(config.Data, "congso.db")); err != nil {
			return m, noRecords(config.Data, err)
		}
	}
	m = migrating{command: command, out: command.OutOrStdout()}
	m.options = store.Options{
		Dir: config.Data, Database: config.Database, Media: config.media(), Renderer: content.Renderer(), Log: slog.New(slog.DiscardHandler), Program: programName(),
	}
	m.schema, err = store.ReadSchema(command.Context(), m.options)
	return m, err
}

func (m migrating) status() error {
	fmt.Fprintf(m.out, "Database: schema %d, last served by congso %s\n", m.schema.Current, cmp.Or(m.schema.Program, "of a version that did not say so"))
	fmt.Fprintf(m.out, "Program:  schema %d, congso %s\n", m.schema.Target, programName())
	switch {
	case m.schema.Current > m.schema.Target:
		fmt.Fprintln(m.out, "This program is too old for the database.")
	case len(m.schema.Pending) == 0:
		fmt.Fprintln(m.out, "Nothing to migrate.")
	default:
		fmt.Fprintf(m.out, "To migrate at the next start: %s\n", strings.Join(m.schema.Pending, ", "))
	}
	if m.options.Database != "" {
		return nil
	}
	list, err := store.Snapshots(m.options.Dir)
	if err != nil {
		return err
	}
	return printSnapshots(m.out, list)
}

func printSnapshots(out io.Writer, list []store.Snapshot) error {
	if len(list) == 0 {
		fmt.Fprintln(out, "No snapshots.")
		return nil
	}
	table := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	fmt.Fprintln(table, "SNAPSHOT\tSCHEMA\tTAKEN\tSIZE\tPROGRAM")
	for _, s := range list {
		fmt.Fprintf(table, "%s\t%d\t%s\t%s\t%s\n", s.Name, s.Schema, s.Taken.Format("2006-01-02 15:04:05"), inBytes(s.Bytes), cmp.Or(s.Program, "not known"))
	}
	return table.Flush()
}

func (m migrating) rehearse(folder string) error {
	if m.options.Database != "" && folder != "" {
		return errors.New("--dir is for SQLite: on PostgreSQL the copy is a schema of the same database")
	}
	began := time.Now()
	tell, clear := newBar(m.command.ErrOrStderr())
	m.options.Progress = tell
	steps, err := m.try(folder)
	clear()
	if err != nil {
		return err
	}
	if len(steps) == 0 {
		fmt.Fprintf(m.out, "The database has schema %d already: nothing to rehearse.\n", m.schema.Current)
		return nil
	}
	fmt.Fprintf(m.out, "The rehearsal went well in %.1f s: %s. The copy is removed, the database is as it was.\n", time.Since(began).Seconds(), strings.Join(steps, ", "))
	return nil
}

// try does the migrations on a copy of the records.
func (m migrating) try(folder string) ([]string, error) {
	if m.options.Database != "" {
		return store.RehearsePostgres(m.command.Context(), m.options)
	}
	return store.Rehearse(m.command.Context(), m.options, folder)
}

func (m migrating) run() (err error) {
	lock, err := lockFolder(m.options.Dir)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, lock.Unlock()) }()
	began := time.Now()
	tell, clear := newBar(m.command.ErrOrStderr())
	m.options.Progress = tell
	s, err := store.Open(m.command.Context(), m.options)
	clear()
	if err != nil {
		return err
	}
	if err := s.Close(); err != nil {
		return err
	}
	if len(m.schema.Pending) == 0 {
		fmt.Fprintf(m.out, "The database has schema %d already: nothing to do.\n", m.schema.Current)
		return nil
	}
	fmt.Fprintf(m.out, "Upgraded the database from schema %d to %d in %.1f s.\n", m.schema.Current, m.schema.Target, time.Since(began).Seconds())
	return m.tellSnapshot()
}

func (m migrating) tellSnapshot() error {
	if m.options.Database != "" {
		return nil
	}
	list, err := store.Snapshots(m.options.Dir)
	if err == nil && len(list) > 0 {
		fmt.Fprintf(m.out, "As it was before, it is kept in %s.\n", filepath.Join(m.options.Dir, "snapshots", list[0].Name))
	}
	return err
}
